"""`validation.html` and the table for documents: predictions beside measurements."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from loadtests.validation.comparison import Compared
from reports.chart import Chart, ChartPage, Series, top_of
from reports.formatting import count, duration, number, percent, share
from reports.load.validation import SHARES, Level, Validation
from reports.load.validation_texts import validation_text
from reports.pages import environment, scripts
from reports.ticks import nice_ticks
from rulebook import Language

__all__ = ["JudgedRow", "judged_in_words", "validation_markdown", "validation_page"]

_TIMES: Final = ("mean", "p50", "p95", "p99")
_LOG_TICKS_S: Final = (
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0,
)  # fmt: skip
_MOST_LOG_TICKS: Final = 8
_SHARES: Final = ("refused", "failed")  # of all cases


class JudgedRow(NamedTuple):
    """A figure that is judged, in words, and whether it is within its tolerance."""

    is_met: bool
    words: dict[str, str]


def judged_in_words(level: Level, lang: Language) -> list[JudgedRow]:
    """The figures of a level that have tolerances."""
    return [
        JudgedRow(
            cell["each"].is_met is True,
            {
                "way": validation_text(f"short_{level.way}", lang),
                "utilisation": number(level.utilisation, lang, 2),
                "figure": validation_text(cell["each"].figure, lang),
                **{key: cell[key] for key in ("predicted", "live", "error", "tolerance")},
            },
        )
        for cell in _cells(level, lang)
        if cell["tolerance"]
    ]


def validation_page(result: Validation, lang: Language) -> str:
    """The page in `lang` (ru or en)."""
    charts = {f"cdf-{n}": _curves(level, lang) for n, level in enumerate(result.levels)}
    for way in ("registry", "portal"):
        levels = [level for level in result.levels if level.way == way]
        if levels:
            charts[f"p95-{way}"] = _over_utilisation(levels, lang)
    drawn = ChartPage(lang, charts, ticks=[[]])
    context: dict[str, Any] = {
        "result": result,
        "lang": lang,
        "t": partial(validation_text, lang=lang),
        "verdict": _verdict(result, lang),
        "ways": [
            {
                "name": way,
                "rows": [
                    {
                        "number": n,
                        "level": level,
                        "cells": _cells(level, lang),
                        "processor": _processor([level], lang),
                    }
                    for n, level in enumerate(result.levels)
                    if level.way == way
                ],
            }
            for way in ("registry", "portal")
        ],
        "outcome": partial(_outcome, lang=lang),
    }
    page = environment(lang).get_template("validation.html.j2")
    return page.render(context | scripts(drawn)) + "\n"


def validation_markdown(result: Validation) -> str:
    """The tables in English, for documents."""
    lines = [
        f"`{result.manifest['command']}`, {result.started_at[:16].replace('T', ' ')} UTC, "
        f"{result.elapsed_s:.0f} s, on {result.manifest['machine']}.",
    ]
    for way in ("registry", "portal"):
        levels = [level for level in result.levels if level.way == way]
        if not levels:
            continue
        lines += ["", f"**{_title(way, result, 'en')}**", ""]
        heads = ["utilisation", "arrivals a second", "cases", "figure", "model", "live"]
        heads += ["live against model", "tolerance", "outcome"]
        lines += [_row(heads), _row(["---"] * len(heads))]
        lines += [
            _row(
                [
                    number(level.utilisation, "en", 2),
                    count(level.rate, "en"),
                    str(level.cases),
                    each.figure,
                    _shown(each, each.predicted, "en"),
                    _shown(each, each.live, "en"),
                    _error(each, "en"),
                    _tolerance(each, "en"),
                    "" if each.tolerance is None else _outcome(level, each, lang="en"),
                ]
            )
            for level in levels
            for each in level.compared
        ]
    found = result.calibrated
    if found is not None:
        alone = ", ".join(f"{name} {ms:.2f} ms" for name, ms in found.alone_ms.items())
        speeds = ", ".join(f"{speed:.2f} with {inside:.1f}" for inside, speed in found.speeds)
        processor = _processor(result.levels, "en")
        lines += [
            "",
            f"Calibration: alone {alone}; speed {speeds} inside; "
            f"a refusal {found.refusal_ms:.2f} ms; saturation {found.saturation:.0f} a second of a "
            "processor as fast as then. Others used "
            f"{max(level.others_cpu or 0.0 for level in result.levels):.2f} processors at "
            f"most{processor and f', {processor}'}.",
        ]
    return "\n".join(lines) + "\n"


def _processor(levels: Sequence[Level], lang: Language) -> str:
    """How fast the server's processor was; nothing where it was not watched."""
    speeds = [speed for level in levels for speed in level.processor or ()]
    if not speeds:
        return ""
    least, most = (number(speed, lang, 2) for speed in (min(speeds), max(speeds)))
    told = [validation_text("processor", lang, least=least, most=most)]
    for level in levels:
        if level.set_aside and level.p95_of_all is not None:
            error = _signed(level.p95_of_all, lang) + ("%" if lang == "en" else "\u00a0%")
            words = {"utilisation": number(level.utilisation, lang, 2), "error": error}
            told.append(validation_text("set_aside", lang, count=level.set_aside, **words))
    return "; ".join(told)


def _title(way: str, result: Validation, lang: Language) -> str:
    words = {"station": result.station, "servers": result.servers, "service": result.service}
    return validation_text(f"way_{way}", lang, **words)


def _verdict(result: Validation, lang: Language) -> tuple[str, bool]:
    missed = [level for level in result.levels if not level.is_within]
    noisy = [level for level in result.levels if level.is_noisy]
    if missed:
        named = ", ".join(_named(level, lang) for level in missed)
        return validation_text("verdict_missed", lang, levels=named), True
    if noisy:
        named = ", ".join(_named(level, lang) for level in noisy)
        return validation_text("verdict_noisy", lang, levels=named), True
    return validation_text("verdict_met", lang), False


def _named(level: Level, lang: Language) -> str:
    name = validation_text(f"short_{level.way}", lang)
    return f"{name} {number(level.utilisation, lang, 2)}"


def _cells(level: Level, lang: Language) -> list[dict[str, Any]]:
    return [
        {
            "each": each,
            "predicted": _shown(each, each.predicted, lang),
            "live": _shown(each, each.live, lang),
            "error": _error(each, lang),
            "tolerance": _tolerance(each, lang),
        }
        for each in level.compared
    ]


def _shown(each: Compared, value: float, lang: Language) -> str:
    if each.figure in _SHARES:
        return share(value, lang)
    return count(value, lang) if each.figure == "throughput" else _milliseconds(value, lang)


def _milliseconds(value: float | None, lang: Language) -> str:
    """With three digits: what is compared to a per cent."""
    seconds = value or 0.0
    if seconds >= 1.0:
        return number(seconds, lang, 2) + ("\u00a0с" if lang == "ru" else "\u00a0s")
    ms = seconds * 1e3
    digits = 0 if ms >= 100 else 1 if ms >= 10 else 2
    return number(ms, lang, digits) + ("\u00a0мс" if lang == "ru" else "\u00a0ms")


def _error(each: Compared, lang: Language) -> str:
    between = ""
    if each.low is not None and each.high is not None:
        between = f" ({_signed(each.low, lang)} … {_signed(each.high, lang)})"
    unit = "%" if lang == "en" else "\u00a0%"
    shown = f"{_signed(each.error, lang)}{between}"
    return f"{shown}{_points(lang) if each.figure in _SHARES else unit}"


def _signed(share_: float, lang: Language) -> str:
    if math.isinf(share_):
        return "∞"
    return ("+" if share_ > 0 else "") + number(100 * share_, lang, 1)


def _tolerance(each: Compared, lang: Language) -> str:
    """In points where the difference is."""
    if each.tolerance is None:
        return ""
    if each.figure in _SHARES:
        return f"±{number(100 * each.tolerance, lang, 0)}{_points(lang)}"
    return f"±{percent(each.tolerance, lang)}"


def _points(lang: Language) -> str:
    return "\u00a0pp" if lang == "en" else "\u00a0п.\u00a0п."


def _outcome(level: Level, each: Compared, *, lang: Language) -> str:
    if each.is_met is False:
        return validation_text("missed_noisy" if level.is_noisy else "missed", lang)
    if level.is_noisy:
        return validation_text("noisy", lang)
    return validation_text("met_not_shown" if each.is_shown is False else "met", lang)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _curves(level: Level, lang: Language) -> Chart:
    """Cumulated shares over a logarithmic axis of time, both on one grid."""
    both = [v for v in (*level.predicted_curve, *level.live_curve) if v > 0]
    if not both:
        return Chart("log", [], [], 1.0, x=[0.0, 1.0], labels=["", ""], xticks=[])
    low, high = math.log10(min(both)), math.log10(max(both))
    grid = [low + (high - low) * n / 200 for n in range(201)]
    ticks = [t for t in _LOG_TICKS_S if low <= math.log10(t) <= high]
    every = max(1, math.ceil(len(ticks) / _MOST_LOG_TICKS))
    rows = (
        ("model", level.predicted_curve, "model"),
        ("live", level.live_curve, "line"),
    )
    return Chart(
        "log",
        [_cumulated(key, curve, style, grid, lang) for key, curve, style in rows],
        [(v, percent(v, lang)) for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
        1.05,
        x=grid,
        labels=[duration(10**x, lang) for x in grid],
        xticks=[(math.log10(t), duration(t, lang)) for t in ticks[::every]],
    )


def _cumulated(
    key: str, curve: Sequence[float], style: str, grid: Sequence[float], lang: Language
) -> Series:
    values = [sum(v <= 10**x for v in curve) for x in grid]
    shares = [None if not curve else (SHARES[n - 1] if n else 0.0) for n in values]
    words = [share(value, lang) for value in shares]
    return Series(validation_text(key, lang), style, shares, words)


def _over_utilisation(levels: list[Level], lang: Language) -> Chart:
    """The 95th percentile over utilisation, of levels that are not overloaded."""
    levels = [level for level in levels if level.utilisation < 1.0]
    p95 = [next(each for each in level.compared if each.figure == "p95") for level in levels]
    top = max([0.0, *(max(each.predicted, each.live) for each in p95)])
    ticks = nice_ticks(top, lang, show=_milliseconds)
    x = [level.utilisation for level in levels]
    rows = (("model", "predicted", "p95"), ("live", "live", "p50"))
    return Chart(
        "log",
        [
            Series(
                validation_text(key, lang),
                style,
                [getattr(each, side) for each in p95],
                [_milliseconds(getattr(each, side), lang) for each in p95],
            )
            for key, side, style in rows
        ],
        ticks,
        top_of(top, ticks),
        x=x,
        labels=[number(value, lang, 2) for value in x],
        xticks=[(value, number(value, lang, 2)) for value in x],
    )

"""Charts of a validation: what was predicted beside what was measured."""

import math
from collections.abc import Sequence
from typing import Final

from loadtests.validation.result import SHARES, Level, Validation
from reports.chart import Chart, ChartPage, Series, top_of
from reports.formatting import duration, number, percent, share
from reports.ticks import nice_ticks
from reports.validation.figures import milliseconds
from reports.validation.texts import validation_text
from rulebook import Language

__all__ = ["validation_charts"]

_LOG_TICKS_S: Final = (
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0,
)  # fmt: skip
_MOST_LOG_TICKS: Final = 8


def validation_charts(result: Validation, lang: Language) -> ChartPage:
    """The times of each level, and of each way their 95th percentile over utilisation."""
    charts = {f"cdf-{n}": _curves(level, lang) for n, level in enumerate(result.levels)}
    for way in ("registry", "portal"):
        levels = [level for level in result.levels if level.way == way]
        if levels:
            charts[f"p95-{way}"] = _over_utilisation(levels, lang)
    return ChartPage(lang, charts, ticks=[[]])


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
    ticks = nice_ticks(top, lang, show=milliseconds)
    x = [level.utilisation for level in levels]
    rows = (("model", "predicted", "p95"), ("live", "live", "p50"))
    return Chart(
        "log",
        [
            Series(
                validation_text(key, lang),
                style,
                [getattr(each, side) for each in p95],
                [milliseconds(getattr(each, side), lang) for each in p95],
            )
            for key, side, style in rows
        ],
        ticks,
        top_of(top, ticks),
        x=x,
        labels=[number(value, lang, 2) for value in x],
        xticks=[(value, number(value, lang, 2)) for value in x],
    )

"""Figures of a validation in words: what was predicted, what measured, how far apart they are."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from loadtests.validation.comparison import Compared
from loadtests.validation.result import Level, Validation, Way
from reports.formatting import count, number, percent, share
from reports.validation.texts import validation_text
from rulebook import Language

__all__ = [
    "FigureRow",
    "JudgedRow",
    "figure_rows",
    "judged_in_words",
    "milliseconds",
    "outcome_in_words",
    "processor_in_words",
    "title_of",
]

_SHARES: Final = ("refused", "failed")  # of all cases


class JudgedRow(NamedTuple):
    """A figure that is judged, in words, and whether it is within its tolerance."""

    is_met: bool
    words: dict[str, str]


class FigureRow(NamedTuple):
    """A figure of a level as tables show it; `tolerance` is empty where it has none."""

    compared: Compared
    predicted: str
    live: str
    error: str
    tolerance: str


def title_of(way: Way, result: Validation, lang: Language) -> str:
    """What is compared on one way through the system."""
    place = validation_text("in_memory" if result.in_memory else "in_a_file", lang)
    words = {"station": result.station, "servers": result.servers, "service": result.service}
    return validation_text(f"way_{way}", lang, place=place, **words)


def figure_rows(level: Level, lang: Language) -> list[FigureRow]:
    """Every figure of a level."""
    return [
        FigureRow(
            each,
            _shown(each, each.predicted, lang),
            _shown(each, each.live, lang),
            _error(each, lang),
            _tolerance(each, lang),
        )
        for each in level.compared
    ]


def judged_in_words(level: Level, lang: Language) -> list[JudgedRow]:
    """The figures of a level that have tolerances."""
    return [
        JudgedRow(
            row.compared.is_met is True,
            {
                "way": validation_text(f"short_{level.way}", lang),
                "utilisation": number(level.utilisation, lang, 2),
                "figure": validation_text(row.compared.figure, lang),
                "predicted": row.predicted,
                "live": row.live,
                "error": row.error,
                "tolerance": row.tolerance,
            },
        )
        for row in figure_rows(level, lang)
        if row.tolerance
    ]


def _shown(each: Compared, value: float, lang: Language) -> str:
    if each.figure in _SHARES:
        return share(value, lang)
    return count(value, lang) if each.figure == "throughput" else milliseconds(value, lang)


def milliseconds(value: float | None, lang: Language) -> str:
    """A duration with three digits: what is compared to a per cent."""
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


def outcome_in_words(level: Level, each: Compared, lang: Language) -> str:
    """Whether a figure is within its tolerance, as far as the machine allows to say so."""
    if each.is_met is False:
        return validation_text("missed_noisy" if level.is_noisy else "missed", lang)
    if level.is_noisy:
        return validation_text("noisy", lang)
    return validation_text("met_not_shown" if each.is_shown is False else "met", lang)


def processor_in_words(levels: Sequence[Level], lang: Language) -> str:
    """How fast the server's processor was, and how much of it an answer took; nothing where it was
    not watched."""
    speeds = [speed for level in levels for speed in level.processor or ()]
    dearness = [each for level in levels for each in level.dearness or ()]
    told = []
    for key, values in (("processor", speeds), ("dearness", dearness)):
        if values:
            least, most = (number(each, lang, 2) for each in (min(values), max(values)))
            told.append(validation_text(key, lang, least=least, most=most))
    return ", ".join(told)

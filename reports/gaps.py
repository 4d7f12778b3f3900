"""Differences of figures as people read them: with a sign, shares in percentage points."""

from reports.formatting import NBSP, Formatter, finite, percent_points, share
from reports.metrics import formatter_of
from rulebook import Language
from sim.experiments.results import Figure

__all__ = ["amount", "between", "gap", "gap_formatter"]


def gap_formatter(metric: str) -> Formatter:
    """How a difference of a metric (or of the share of an objective with a term) is shown."""
    show = share if metric.endswith(".within") else formatter_of(metric)
    return percent_points if show is share else show


def gap(value: float | None, lang: Language, show: Formatter) -> str:
    """A difference with its sign."""
    known = finite(value)
    told = show(known, lang)
    is_more = known is not None and known > 0 and any(digit in told for digit in "123456789")
    return f"+{told}" if is_more else told


def between(shown: Figure, lang: Language, show: Formatter) -> str:
    """The interval of a difference, both ends with their signs."""
    return f"{gap(shown.low, lang, show)}{NBSP}… {gap(shown.high, lang, show)}"


def amount(shown: Figure, lang: Language, show: Formatter) -> tuple[str, str]:
    """How much, and its interval, without signs: for a difference whose sign words tell."""
    value, low, high = (abs(end or 0.0) for end in (shown.value, shown.low, shown.high))
    low, high = min(low, high), max(low, high)
    return show(value, lang), f"{show(low, lang)}{NBSP}… {show(high, lang)}"

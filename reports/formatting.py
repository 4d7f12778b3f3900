"""Numbers, durations, moments and intervals as people read them, in Russian and English: the one
place that says how.
"""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from reports.phrases import Nouns
from rulebook import Language
from scenarios.durations import MICROSECONDS, WorkingDays, parse_deadline
from sim.experiments.results import Figure

__all__ = [
    "ABSENT",
    "NBSP",
    "SECONDS",
    "Formatter",
    "clock",
    "count",
    "day",
    "day_short",
    "duration",
    "exact",
    "factor",
    "figure",
    "finite",
    "interval",
    "moment",
    "number",
    "percent",
    "percent_points",
    "share",
    "span",
    "term",
    "year_moment",
]  # fmt: skip

NBSP = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"
ABSENT = "—"
# In a unit of a duration.
SECONDS: Final = {unit: us / MICROSECONDS["s"] for unit, us in MICROSECONDS.items()}

Formatter = Callable[[float | None, Language], str]

_MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
_SHORT_MONTHS = {
    "ru": "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_UNITS = {
    "ru": {"ms": "мс", "s": "с", "min": "мин", "h": "ч"},
    "en": {"ms": "ms", "s": "s", "min": "min", "h": "h"},
}
_DAYS = Nouns(("день", "дня", "дней"), ("day", "days"))
_WORKING_DAYS = Nouns(
    ("рабочий день", "рабочих дня", "рабочих дней"), ("working day", "working days")
)
_ONE_REPLICATION = {"ru": "одна репликация", "en": "one replication"}
_POINTS = {"ru": "п.\u00a0п.", "en": "pp"}


def finite(value: float | None) -> float | None:
    """The value, or None if it is not a number that JSON and people know."""
    return value if value is not None and math.isfinite(value) else None


def number(value: float, lang: Language, decimals: int = 0) -> str:
    """`value` with `decimals` decimals, groups of three parted by thin spaces (from five digits on)
    and a real minus.
    """
    text = f"{abs(value):.{decimals}f}"
    whole, _, fraction = text.partition(".")
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if value < 0 and float(text) != 0 else ""
    return sign + whole + (("," if lang == "ru" else ".") + fraction if fraction else "")


def count(value: float | None, lang: Language) -> str:
    """A mean number of cases: whole from 100 on, otherwise with at most one decimal, two below
    1."""
    value = finite(value)
    if value is None:
        return ABSENT
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    while decimals and round(value, decimals) == round(value, decimals - 1):
        decimals -= 1
    return number(value, lang, decimals)


def factor(value: float | None, lang: Language) -> str:
    """A ratio such as requests per case, with as many decimals (2 to 4) as tell it from 1."""
    value = finite(value)
    if value is None:
        return ABSENT
    apart = (d for d in (2, 3, 4) if value == 1 or f"{value:.{d}f}" != f"{1:.{d}f}")
    return number(value, lang, next(apart, 4))


def share(value: float | None, lang: Language, unlike: float | None = None) -> str:
    """A share as per cent, with as many decimals (at most 4) as tell it from 0, 1 and `unlike`."""
    value = finite(value)
    if value is None:
        return ABSENT
    return number(100 * value, lang, _share_decimals(value, unlike)) + _percent(lang)


def percent(value: float | None, lang: Language) -> str:
    """A share that somebody chose, such as a bound or a tick: as per cent, with no more decimals
    than it has.
    """
    value = finite(value)
    if value is None:
        return ABSENT
    decimals = next((d for d in range(4) if abs(round(100 * value, d) - 100 * value) < 1e-9), 4)
    return number(100 * value, lang, decimals) + _percent(lang)


def _share_decimals(value: float, unlike: float | None) -> int:
    others = {0.0, 1.0} if unlike is None else {0.0, 1.0, unlike}
    if value in others:
        return 0 if round(100 * value) == round(100 * value, 9) else 1
    for decimals in (1, 2, 3, 4):
        if all(f"{100 * value:.{decimals}f}" != f"{100 * other:.{decimals}f}" for other in others):
            return decimals
    return 4


def _percent(lang: Language) -> str:
    return f"{NBSP}%" if lang == "ru" else "%"


def percent_points(value: float | None, lang: Language) -> str:
    """A difference of shares in percentage points."""
    value = finite(value)
    if value is None:
        return ABSENT
    return number(100 * value, lang, _share_decimals(abs(value), None)) + NBSP + _POINTS[lang]


def duration(seconds: float | None, lang: Language) -> str:
    """A duration in its two largest units («2 ч 14 мин»), from milliseconds to days."""
    seconds = finite(seconds)
    if seconds is None:
        return ABSENT
    sign = MINUS if seconds < 0 else ""
    return sign + _positive_duration(abs(seconds), lang)


def _positive_duration(seconds: float, lang: Language) -> str:
    unit = _UNITS[lang]
    if 0 < seconds < 0.9995:
        return number(seconds * 1000, lang, 0 if seconds >= 0.01 else 1) + NBSP + unit["ms"]
    if seconds < 9.95:
        decimals = 0 if round(seconds, 1) == int(round(seconds, 1)) else 1
        return number(seconds, lang, decimals) + NBSP + unit["s"]
    if seconds < 59.5:
        return number(seconds, lang) + NBSP + unit["s"]
    if seconds < 3599.5:
        return _two(divmod(round(seconds), 60), unit["min"], unit["s"], lang)
    if seconds < 86370:
        return _two(divmod(round(seconds / 60), 60), unit["h"], unit["min"], lang)
    days, hours = divmod(round(seconds / SECONDS["h"]), 24)
    if days >= 30:
        days, hours = round(seconds / SECONDS["d"]), 0
    return _two((days, hours), _DAYS.after(days, lang), unit["h"], lang)


def _two(parts: tuple[int, int], large: str, small: str, lang: Language) -> str:
    text = number(parts[0], lang) + NBSP + large
    return f"{text} {number(parts[1], lang)}{NBSP}{small}" if parts[1] else text


def exact(value: float, lang: Language) -> str:
    """A given number with the decimals it has, at most six."""
    return number(value, lang, len(f"{value:.6f}".rstrip("0").partition(".")[2]))


def term(text: str, lang: Language) -> str:
    """A deadline of the scenario («5wd», «72h») in words."""
    parsed = parse_deadline(text)
    if isinstance(parsed, WorkingDays):
        return number(parsed.days, lang) + NBSP + _WORKING_DAYS.after(parsed.days, lang)
    return duration(parsed / MICROSECONDS["s"], lang)


def span(low: float | None, high: float | None, lang: Language, show: Formatter) -> str:
    """An interval from `low` to `high`; without one, why."""
    if finite(low) is None or finite(high) is None:
        return _ONE_REPLICATION[lang]
    first, last = show(low, lang), show(high, lang)
    if first == last:
        return first
    if show is duration:
        return f"{first} – {last}"
    return f"{first.removesuffix(_percent(lang))}–{last}"


def interval(shown: Figure, lang: Language, show: Formatter) -> str:
    """The 95% interval of a figure; a dash if the figure does not exist.

    No figure can be negative and no interval is shown to be, though Student's t gives such ones.
    """
    if finite(shown.value) is None:
        return ABSENT
    low = None if shown.low is None else max(shown.low, 0.0)
    return span(low, shown.high, lang, show)


def figure(shown: Figure, lang: Language, show: Formatter) -> str:
    """A figure and its 95% interval in brackets."""
    if finite(shown.value) is None:
        return ABSENT
    return f"{show(shown.value, lang)} ({interval(shown, lang, show)})"


def day(when: date, lang: Language) -> str:
    """A day and month in words."""
    return f"{when.day}{NBSP}{_MONTHS[lang].split()[when.month - 1]}"


def day_short(when: date, lang: Language) -> str:
    """A day and a short month, for axes."""
    return f"{when.day}{NBSP}{_SHORT_MONTHS[lang].split()[when.month - 1]}"


def clock(when: datetime) -> str:
    """Hours and minutes."""
    return f"{when:%H:%M}"


def year_moment(when: datetime, lang: Language) -> str:
    """A local day with its year, and the time."""
    return f"{day(when, lang)} {when.year}, {clock(when)}"


def moment(when: datetime, lang: Language) -> str:
    """A local day and time."""
    return f"{day(when, lang)}, {clock(when)}"

"""Reporting periods by the codes of tax returns (приказы ФНС об утверждении форм)."""

import datetime as dt
from typing import Final, Literal, TypeAlias

__all__ = ["CODES", "PeriodKind", "last_day_of_term", "period_days"]

PeriodKind: TypeAlias = Literal["month", "quarter", "year"]

_MONTHS: Final = {f"{month:02}": (month, month) for month in range(1, 13)}
_QUARTERS: Final = {"21": (1, 3), "22": (4, 6), "23": (7, 9), "24": (10, 12)}
_YEARS: Final = {"34": (1, 12)}

CODES: Final[dict[PeriodKind, dict[str, tuple[int, int]]]] = {
    "month": _MONTHS,
    "quarter": _QUARTERS,
    "year": _YEARS,
}
"""First and last month of each code, by the kind of period."""


def period_days(kind: PeriodKind, code: str, year: int) -> tuple[dt.date, dt.date]:
    """The first and the last day; KeyError if periods of that kind have no such code."""
    first, last = CODES[kind][code]
    return dt.date(year, first, 1), dt.date(year + last // 12, last % 12 + 1, 1) - dt.timedelta(1)


def last_day_of_term(begun: dt.date, months: int) -> dt.date:
    """The last day of a term of `months` that begins on `begun` (Tax Code of Russia, art. 6.1):
    the same day of the last month, or its last day if it has no such day."""
    years, month = divmod(begun.month - 1 + months, 12)
    end_of_month = dt.date(begun.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    end_of_month -= dt.timedelta(1)
    return end_of_month.replace(day=min(begun.day, end_of_month.day))

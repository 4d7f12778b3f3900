"""Sick leaves of an employee: drawn month by month, opened and closed by the clock."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from typing import Any, Final

from world.attributes import Attributes
from world.records import Person

__all__ = ["LONGEST_DAYS", "SickLeave", "last_day_of", "sick_leaves"]

LONGEST_DAYS: Final = 15
"""A doctor alone gives a leave for so many days at most (приказ Минздрава от 23.11.2021 № 1089н,
п. 19)."""

_SHARE_ILL: Final = 0.05  # assumption: employees who fall ill in a month
_SHORTEST_DAYS: Final = 3  # assumption

_OPEN, _CLOSED = ("010", "Открыт"), ("030", "Закрыт")  # codes of states of electronic leaves


@dataclass(frozen=True, slots=True)
class SickLeave:
    """An electronic sick leave: 12 digits, first and last day."""

    number: str
    snils: str
    begins: dt.date
    ends: dt.date

    def view(self, today: dt.date) -> dict[str, Any]:
        """As the employer sees it: dates and state, no diagnosis (323-ФЗ, art. 13)."""
        code, title = _OPEN if today <= self.ends else _CLOSED
        return {
            "number": self.number,
            "snils": self.snils,
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat(),
            "status": code,
            "status_title": title,
        }


def sick_leaves(
    seed: int, person: Person, year: int, month: int, today: dt.date
) -> list[SickLeave]:
    """Leaves that began in that month, as far as they have begun by `today`."""
    draws = Attributes(f"sick leave {year}-{month:02}", seed, person.index)
    if draws.unit("ill") >= _SHARE_ILL:
        return []
    begins = draws.day("begins", dt.date(year, month, 1), last_day_of(year, month))
    if begins > today:
        return []
    days = _SHORTEST_DAYS + draws.below("days", LONGEST_DAYS - _SHORTEST_DAYS + 1)
    return [
        SickLeave(
            number=f"91{draws.digits('number', 10)}",
            snils=person.snils,
            begins=begins,
            ends=begins + dt.timedelta(days=days - 1),
        )
    ]


def last_day_of(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, monthrange(year, month)[1])

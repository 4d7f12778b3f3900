"""Changes of legislation: made-up acts, as many in every month, with real rules of coming into
force."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from mocks.courts_law.terms import months_later
from world.attributes import Attributes
from world.documents import printed_date

__all__ = ["Act", "acts_of"]

Sort: TypeAlias = Literal["tax_law", "requirements", "order"]

ACTS_A_MONTH: Final = 3
"""Assumption: those that a source thinks worth telling."""

_SORTS: Final[dict[Sort, float]] = {"tax_law": 0.3, "requirements": 0.4, "order": 0.3}
_CLASSES: Final = ("10", "23", "25", "41", "43", "46", "47", "49", "56", "62", "68", "86")
"""Classes of ОКВЭД 2 that made-up requirements are about."""

_TITLES: Final[dict[Sort, tuple[str, ...]]] = {
    "tax_law": (
        "О внесении изменений в часть вторую Налогового кодекса Российской Федерации",
        "О внесении изменений в статью 174 Налогового кодекса Российской Федерации",
    ),
    "requirements": (
        "Об утверждении обязательных требований к осуществлению деятельности",
        "О внесении изменений в положение о лицензировании деятельности",
    ),
    "order": (
        "Об утверждении форм отчётности и порядка их заполнения",
        "Об утверждении формата представления сведений в электронной форме",
    ),
}
_NAMES: Final[dict[Sort, str]] = {
    "tax_law": "Федеральный закон от {day} № {number}-ФЗ",
    "requirements": "Постановление Правительства Российской Федерации от {day} № {number}",
    "order": "Приказ ФНС России от {day} № ЕД-7-3/{number}@",
}
_REQUIREMENTS_DAYS: Final = 90
_ORDER_DAYS: Final = 10


@dataclass(frozen=True, slots=True)
class Act:
    """An act published on `day`, in force from `effective`; `okved` is the class of activities
    that it is about, None for all."""

    sort: Sort
    name: str
    title: str
    day: dt.date
    effective: dt.date
    okved: str | None

    def concerns(self, okved: tuple[str, ...]) -> bool:
        """Whether it is about somebody with these activities."""
        return self.okved is None or any(code.startswith(self.okved) for code in okved)

    def view(self) -> dict[str, Any]:
        """The act as answers and events show it."""
        return {
            "kind": self.sort,
            "name": self.name,
            "title": self.title,
            "published": self.day.isoformat(),
            "effective": self.effective.isoformat(),
            "okved": self.okved,
        }


@lru_cache(64)
def acts_of(seed: int, year: int, month: int) -> tuple[Act, ...]:
    """The acts published in a month, in the order of days."""
    drawn = Attributes("legislation", seed, year * 12 + month)
    first = dt.date(year, month, 1)
    last = months_later(first, 1) - dt.timedelta(days=1)
    days = sorted(drawn.day(f"{k}/day", first, last) for k in range(ACTS_A_MONTH))
    numbered = enumerate(days, (month - 1) * ACTS_A_MONTH + 1)
    return tuple(_act(drawn, k, day, number) for k, (number, day) in enumerate(numbered))


def _act(drawn: Attributes, k: int, day: dt.date, number: int) -> Act:
    sort = drawn.by_share(f"{k}/sort", _SORTS)
    return Act(
        sort=sort,
        name=_NAMES[sort].format(day=printed_date(day), number=number),
        title=drawn.one_of(f"{k}/title", _TITLES[sort]),
        day=day,
        effective=effective_from(sort, day),
        okved=drawn.one_of(f"{k}/okved", _CLASSES) if sort == "requirements" else None,
    )


def effective_from(sort: Sort, published: dt.date) -> dt.date:
    """The first day of an act.

    A tax law: not before a month after its publication and the first day of a quarter (НК РФ, art.
    5, point 1); requirements: 1 March or 1 September, not before 90 days (247-ФЗ, art. 3, part 1);
    an order: after 10 days (указ № 763 of 23.05.1996, point 12).
    """
    if sort == "order":
        return published + dt.timedelta(days=_ORDER_DAYS + 1)
    months: tuple[int, ...] = (1, 4, 7, 10)
    least = months_later(published, 1)
    if sort == "requirements":
        months, least = (3, 9), published + dt.timedelta(days=_REQUIREMENTS_DAYS)
    years = (least.year, least.year + 1)
    return min(day for y in years for m in months if (day := dt.date(y, m, 1)) >= least)

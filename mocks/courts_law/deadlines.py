"""Deadlines of reports and payments, moved from days off to the next working day (NTF-05)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from mocks.courts_law.terms import on_working_day
from world.calendar import Calendar
from world.records import Organization

__all__ = ["Deadline", "deadlines_of"]

Regime: TypeAlias = Literal["general", "simplified", "proprietor"]
Kind: TypeAlias = Literal["report", "payment"]

_LEGAL: Final[tuple[Regime, ...]] = ("general", "simplified")
_QUARTERS: Final = {1: "IV квартал", 4: "I квартал", 7: "II квартал", 10: "III квартал"}
_GROWING: Final = {4: "I квартал", 7: "полугодие", 10: "9 месяцев"}
_MONTHS: Final = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_BY_MONTH: Final = {month: _MONTHS[month - 2] for month in range(1, 13)}


@dataclass(frozen=True, slots=True)
class Obligation:
    """What is due on `day` of the months of `periods`, which name the period it is for; `form` is
    its name in APP-07."""

    code: str
    kind: Kind
    title: str
    regimes: tuple[Regime, ...]
    periods: dict[int, str]
    day: int
    law: str
    form: str | None = None


OBLIGATIONS: Final = (
    Obligation("vat_return", "report", "Декларация по НДС", ("general",), _QUARTERS, 25,
               "НК РФ, ст. 174, п. 5", "НДС"),
    Obligation("vat", "payment", "Уплата трети НДС", ("general",),
               {month: _QUARTERS[(month - 1) // 3 * 3 + 1] for month in range(1, 13)}, 28,
               "НК РФ, ст. 174, п. 1"),
    Obligation("profit_return", "report", "Декларация по налогу на прибыль", ("general",),
               {3: "год", **_GROWING}, 25, "НК РФ, ст. 289, пп. 3, 4"),
    Obligation("profit", "payment", "Уплата налога на прибыль", ("general",),
               {3: "год", **_GROWING}, 28, "НК РФ, ст. 287, п. 1"),
    Obligation("simplified_return", "report", "Декларация по УСН", ("simplified",),
               {3: "год"}, 25, "НК РФ, ст. 346.23, п. 1", "УСН"),
    Obligation("simplified_return", "report", "Декларация по УСН", ("proprietor",),
               {4: "год"}, 25, "НК РФ, ст. 346.23, п. 1", "УСН"),
    Obligation("simplified", "payment", "Уплата налога по УСН", ("simplified",),
               {3: "год"}, 28, "НК РФ, ст. 346.21, п. 7"),
    Obligation("simplified", "payment", "Уплата налога по УСН", ("proprietor",),
               {4: "год"}, 28, "НК РФ, ст. 346.21, п. 7"),
    Obligation("simplified_advance", "payment", "Авансовый платёж по УСН",
               ("simplified", "proprietor"), _GROWING, 28, "НК РФ, ст. 346.21, п. 7"),
    Obligation("contributions_return", "report", "Расчёт по страховым взносам", _LEGAL,
               _QUARTERS, 25, "НК РФ, ст. 431, п. 7", "фонды"),
    Obligation("contributions", "payment", "Уплата страховых взносов", _LEGAL, _BY_MONTH, 28,
               "НК РФ, ст. 431, п. 3"),
    Obligation("income_return", "report", "Расчёт 6-НДФЛ", _LEGAL, {2: "год", **_GROWING}, 25,
               "НК РФ, ст. 230, п. 2"),
    Obligation("injuries_return", "report", "ЕФС-1, раздел 2", _LEGAL, _QUARTERS, 25,
               "125-ФЗ, ст. 24, п. 1"),
    Obligation("accounts", "report", "Годовая бухгалтерская отчётность", _LEGAL, {3: "год"}, 31,
               "402-ФЗ, ст. 18, ч. 5", "бухгалтерский баланс"),
    Obligation("own_contributions", "payment", "Страховые взносы ИП за себя", ("proprietor",),
               {12: "год"}, 28, "НК РФ, ст. 432, п. 2"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is the last day; `set_for` the day that the law names."""

    obligation: Obligation
    period: str
    year: int
    set_for: dt.date
    due: dt.date

    @property
    def id(self) -> str:
        """Its own name in a year."""
        return f"{self.obligation.code}/{self.set_for.isoformat()}/{self.period}"

    def view(self) -> dict[str, Any]:
        """The deadline as answers and events show it."""
        return {
            "code": self.obligation.code,
            "kind": self.obligation.kind,
            "title": self.obligation.title,
            "form": self.obligation.form,
            "period": f"{self.period} {self.year} года"
            if self.period != "год"
            else f"{self.year} год",
            "set_for": self.set_for.isoformat(),
            "due": self.due.isoformat(),
            "law": self.obligation.law,
        }


def deadlines_of(
    organization: Organization, year: int, calendar: Calendar, moved: bool = True
) -> Iterator[Deadline]:
    """What the organization owes in `year`, in the order of days.

    Assumption: a sole proprietor and a small legal entity have УСН, the others the general regime.
    Days off are passed over if `moved`.
    """
    return iter(_deadlines(_regime(organization), year, calendar, moved))


@lru_cache(64)
def _deadlines(regime: Regime, year: int, calendar: Calendar, moved: bool) -> tuple[Deadline, ...]:
    found = []
    for obligation in OBLIGATIONS:
        for month, period in obligation.periods.items() if regime in obligation.regimes else ():
            set_for = dt.date(year, month, obligation.day)
            due = on_working_day(calendar, set_for) if moved else set_for
            of_year = year - 1 if _is_of_last_year(month, period) else year
            found.append(Deadline(obligation, period, of_year, set_for, due))
    return tuple(sorted(found, key=lambda one: (one.due, one.obligation.code, one.period)))


def _regime(organization: Organization) -> Regime:
    if organization.kind == "sole_proprietor":
        return "proprietor"
    return "simplified" if organization.tier == "small" else "general"


def _is_of_last_year(month: int, period: str) -> bool:
    early = month <= 3 and period in ("IV квартал", "декабрь")
    return early or (period == "год" and month != 12)

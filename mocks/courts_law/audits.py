"""Planned inspections of organizations (248-ФЗ): in the plan of a year, announced, completed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mocks.courts_law.terms import on_working_day, working_days_later
from rulebook.kinds import Tier
from world.attributes import Attributes
from world.calendar import Calendar
from world.records import Organization

__all__ = ["TITLES", "Audit", "AuditState", "audit_of"]

AuditState: TypeAlias = Literal["planned", "notified", "completed"]

TITLES: Final[dict[AuditState, str]] = {
    "planned": "Проверка включена в план на год",
    "notified": "Решение о проведении проверки направлено",
    "completed": "Проверка завершена, составлен акт",
}

_SHARES: Final[dict[Tier, float]] = {"small": 0.02, "medium": 0.15, "large": 0.5}
"""Share of organizations in a year's plan; assumption."""

_AUTHORITIES: Final = ("Роспотребнадзор", "Ростехнадзор", "МЧС России", "Роструд")
_DAYS: Final = 10  # working days of a visit at most; 248-ФЗ, art. 73, part 7
_PLAN: Final = (12, 15)  # plans are approved by 15 December; постановление № 2428 of 31.12.2020


@dataclass(frozen=True, slots=True)
class Audit:
    """An inspection by `authority` from `begins` to `ends`; `number` is that of the registry
    ЕРКНМ, of 20 digits."""

    number: str
    authority: str
    planned: dt.date
    notified: dt.date
    begins: dt.date
    ends: dt.date

    @property
    def steps(self) -> tuple[tuple[dt.date, AuditState], ...]:
        """When each state begins."""
        return (
            (self.planned, "planned"),
            (self.notified, "notified"),
            (self.ends, "completed"),
        )

    def view(self, day: dt.date) -> dict[str, Any]:
        """The inspection as it stands on `day`, which is not before the plan."""
        state = [state for since, state in self.steps if since <= day][-1]
        return {
            "number": self.number,
            "authority": self.authority,
            "kind": "Плановая выездная проверка",
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat(),
            "state": state,
            "state_title": TITLES[state],
        }


def audit_of(seed: int, organization: Organization, year: int, calendar: Calendar) -> Audit | None:
    """The inspection of an organization of the country in the plan of `year`; None if there is
    none. It is announced a working day before (248-ФЗ, art. 73: 24 hours at least)."""
    if organization.index < 0 or organization.registered >= dt.date(year - 1, *_PLAN):
        return None
    drawn = Attributes("audit", seed, organization.index)
    if drawn.unit(f"{year}") >= _SHARES[organization.tier]:
        return None
    begins = on_working_day(
        calendar, drawn.day(f"{year}/day", dt.date(year, 1, 20), dt.date(year, 12, 1))
    )
    region = organization.address.region
    return Audit(
        number=f"{region}{year % 100:02}0041000{organization.index:09}",
        authority=drawn.one_of(f"{year}/authority", _AUTHORITIES),
        planned=dt.date(year - 1, *_PLAN),
        notified=working_days_later(calendar, begins, -1),
        begins=begins,
        ends=working_days_later(calendar, begins, _DAYS - 1),
    )

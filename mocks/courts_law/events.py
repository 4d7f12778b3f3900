"""What sources will tell a subscriber in a month: steps of cases, acts, inspections, deadlines."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mocks.core.tenant import Tenant
from mocks.courts_law.audits import TITLES as AUDIT_TITLES
from mocks.courts_law.audits import audit_of
from mocks.courts_law.cases import ACT_HOUR, Case, Cases
from mocks.courts_law.course import TITLES as CASE_TITLES
from mocks.courts_law.course import Step
from mocks.courts_law.deadlines import deadlines_of
from mocks.courts_law.legislation import acts_of
from world.documents import printed_date
from world.records import Organization

__all__ = ["Event", "Topic", "case_event", "events_of"]

Topic: TypeAlias = Literal["court", "legislation", "audit", "deadline"]

REMINDED_DAYS: Final = 14
"""Assumption: a deadline is told of two weeks before (NTF-05)."""

_MORNING: Final = dt.time(9)  # when acts, inspections and reminders are published; assumption


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be told at model time `at_us`; `id` is the same for every subscriber."""

    id: str
    topic: Topic
    at_us: int
    title: str
    details: dict[str, Any]


def events_of(
    tenant: Tenant, organization: Organization | None, topic: Topic, first: dt.date
) -> Iterator[Event]:
    """The events of the month that begins with `first`; without an organization those of
    legislation that concern anybody."""
    if topic == "legislation":
        yield from _acts(tenant, organization, first)
    elif organization is None:
        return
    elif topic == "court":
        yield from _court(tenant, organization, first)
    elif topic == "audit":
        yield from _audits(tenant, organization, first)
    elif organization.standing != "liquidated":
        yield from _deadlines(tenant, organization, first)


def case_event(tenant: Tenant, case: Case, step: Step) -> Event:
    """A step of a case."""
    details = {
        "case_id": case.id,
        "number": case.number,
        "court": case.court.name,
        "state": step.state,
        "day": step.day.isoformat(),
    }
    title = f"Дело {case.number}: {CASE_TITLES[step.state].lower()}"
    at_us = _at(tenant, step.day, ACT_HOUR)
    return Event(f"{case.number}/{step.state}", "court", at_us, title, details)


def _court(tenant: Tenant, organization: Organization, first: dt.date) -> Iterator[Event]:
    cases = tenant.state(Cases)
    for year in (first.year - 1, first.year):  # a case takes ten months at most
        for case in cases.natural_of(organization, year):
            for step in case.steps:
                if _is_in(step.day, first):
                    yield case_event(tenant, case, step)


def _acts(tenant: Tenant, organization: Organization | None, first: dt.date) -> Iterator[Event]:
    for act in acts_of(tenant.records.world.seed, first.year, first.month):
        if organization is None or act.concerns(organization.okved):
            at_us = _at(tenant, act.day, _MORNING)
            yield Event(act.name, "legislation", at_us, f"{act.name} «{act.title}»", act.view())


def _audits(tenant: Tenant, organization: Organization, first: dt.date) -> Iterator[Event]:
    seed, calendar = tenant.records.world.seed, tenant.clock.calendar
    for year in (first.year, first.year + 1):
        audit = audit_of(seed, organization, year, calendar)
        for day, state in () if audit is None else audit.steps:
            if audit is not None and _is_in(day, first):
                title = f"Проверка {audit.number}, {audit.authority}: {AUDIT_TITLES[state].lower()}"
                at_us = _at(tenant, day, _MORNING)
                yield Event(f"{audit.number}/{state}", "audit", at_us, title, audit.view(day))


def _deadlines(tenant: Tenant, organization: Organization, first: dt.date) -> Iterator[Event]:
    for year in (first.year, first.year + 1):
        for deadline in deadlines_of(organization, year, tenant.clock.calendar):
            told = deadline.due - dt.timedelta(days=REMINDED_DAYS)
            if _is_in(told, first):
                title = f"{deadline.obligation.title}: срок {printed_date(deadline.due)}"
                at_us = _at(tenant, told, _MORNING)
                yield Event(deadline.id, "deadline", at_us, title, deadline.view())


def _is_in(day: dt.date, first: dt.date) -> bool:
    return (day.year, day.month) == (first.year, first.month)


def _at(tenant: Tenant, day: dt.date, time: dt.time) -> int:
    return tenant.clock.calendar.instant(dt.datetime.combine(day, time))

"""Maintenance: planned and ended by the staff, and what it closes (OPS-03)."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, TypeAlias

from pydantic import AwareDatetime

from portal.rules.operations import DuringMaintenance, PlannedMaintenance, maintenance_is_told
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case

__all__ = [
    "Maintenance",
    "MaintenanceEnd",
    "MaintenancePlan",
    "MaintenanceState",
    "closed_by_maintenance",
    "open_maintenance",
    "shown",
]

MaintenanceState: TypeAlias = Literal["planned", "going_on", "over"]

_OPEN: Final = "open"


@dataclass(frozen=True, kw_only=True)
class Maintenance(Entity):
    """Maintenance from `start` to before `end`; `over` says that it has ended, at `end`."""

    KIND: ClassVar[str] = "maintenance"

    start: dt.datetime
    end: dt.datetime
    reason: str
    planned_by: str
    over: bool = False

    def keys(self) -> Mapping[str, str]:
        """By not being over: every request asks for that."""
        return {} if self.over else {_OPEN: "yes"}

    def state(self, now: dt.datetime) -> MaintenanceState:
        """Where it is at a moment."""
        if self.over or now >= self.end:
            return "over"
        return "going_on" if now >= self.start else "planned"


@dataclass(frozen=True, kw_only=True)
class MaintenancePlan:
    """From when to when (ISO 8601 with the offset), and why, as people are to be told."""

    start: AwareDatetime
    end: AwareDatetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class MaintenanceEnd:
    """The maintenance that is over, or that will not be."""

    maintenance: str


@use_case(MaintenancePlan, signed_in=False, staff=True)
def plan_maintenance(context: Context, form: MaintenancePlan) -> Outcome:
    """Announce maintenance: in its time only what stays open can be done and seen."""
    claim = PlannedMaintenance(start=form.start, end=form.end, now=context.now)
    violations = maintenance_is_told(claim, context.policy)
    if violations:
        return refused(violations)
    works = context.unit.put(
        Maintenance(
            id=context.portal.ports.entropy.token("maintenance"),
            start=form.start,
            end=form.end,
            reason=form.reason,
            planned_by=context.actor.operator or "",
        )
    )
    schedule(context.unit, "close_maintenance", works.id, works.end)
    context.note("plan_maintenance", works.id, "planned")
    return Outcome(state=works.state(context.now), data=shown(context, works))


@use_case(MaintenanceEnd, signed_in=False, staff=True)
def end_maintenance(context: Context, form: MaintenanceEnd) -> Outcome:
    """End maintenance before its time, or call it off before it has begun."""
    works = context.unit.get(Maintenance, form.maintenance)
    if works is None:
        return Outcome(state="absent", refusal="absent")
    if works.state(context.now) == "over":
        return Outcome(state="over", refusal="state")
    ended = context.unit.put(replace(works, end=context.now, over=True))
    context.note("end_maintenance", works.id, "over")
    return Outcome(state="over", data=shown(context, ended))


@task
def close_maintenance(context: Context, planned: Task) -> None:
    """Its time is over: no request needs to look at it any more."""
    works = context.unit.get(Maintenance, planned.subject)
    if works is not None and not works.over:
        context.unit.put(replace(works, over=True))


def open_maintenance(context: Context) -> list[Maintenance]:
    """What is planned or goes on, by its beginning."""
    found = context.unit.find(Maintenance, _OPEN, "yes")
    left = [each for each in found if each.state(context.now) != "over"]
    return sorted(left, key=lambda each: (each.start, each.id))


def closed_by_maintenance(context: Context, *, stays_open: bool) -> Outcome | None:
    """The refusal of something that maintenance closes now; None if it does not."""
    going_on = [
        each.end for each in open_maintenance(context) if each.state(context.now) == "going_on"
    ]
    if not going_on:
        return None
    until = max(going_on).astimezone(context.now.tzinfo)
    claim = DuringMaintenance(stays_open=stays_open, until=until)
    violations = maintenance_is_told(claim, context.policy)
    if not violations:
        return None
    data = {
        "until": until.isoformat(),
        "retry_after_s": math.ceil((until - context.now).total_seconds()),
    }
    return refused(violations, "later", "maintenance", data)


def shown(context: Context, works: Maintenance) -> dict[str, str]:
    """Maintenance as people see it; times in the portal's zone."""
    return {
        "maintenance": works.id,
        "state": works.state(context.now),
        "start": _local(context, works.start),
        "end": _local(context, works.end),
        "reason": works.reason,
    }


def _local(context: Context, moment: dt.datetime) -> str:
    return moment.astimezone(context.now.tzinfo).isoformat()

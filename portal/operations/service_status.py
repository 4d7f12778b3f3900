"""The page of the state of services: maintenance that is planned or goes on, silent systems."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from portal.operations.maintenance import closed_by_maintenance, open_maintenance, shown
from portal.operations.waiting import system_title
from portal.rules.operations import SeenSystem, status_is_true
from portal.use_case import Context, Outcome, view

__all__ = ["ServiceState", "ServiceStatusQuery", "service_status"]

ServiceState: TypeAlias = Literal["working", "disturbed", "maintenance"]


@dataclass(frozen=True, kw_only=True)
class ServiceStatusQuery:
    """All of it."""


@view(ServiceStatusQuery, signed_in=False, during_maintenance=True)
def service_status(context: Context, query: ServiceStatusQuery) -> Outcome:
    """The state of services, for everybody. Rules that are named say what it means: that most of
    the portal is closed (OPS-03), that a status may lag (OPS-07)."""
    silent = sorted(context.portal.ports.health.silent())
    closed = closed_by_maintenance(context, stays_open=False)
    violations = [] if closed is None else [*closed.violations]
    for system in silent:
        claim = SeenSystem(id=system, title=system_title(context, system), answers=False)
        violations += status_is_true(claim, context.policy)
    return Outcome(
        state=_state(is_closed=closed is not None, is_disturbed=bool(silent)),
        data={
            "maintenance": [shown(context, works) for works in open_maintenance(context)],
            "silent": [
                {"system": system, "title": system_title(context, system).ru} for system in silent
            ],
        },
        violations=tuple(violations),
    )


def _state(*, is_closed: bool, is_disturbed: bool) -> ServiceState:
    if is_closed:
        return "maintenance"
    return "disturbed" if is_disturbed else "working"

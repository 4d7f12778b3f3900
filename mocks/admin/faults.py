"""The fault plan of a tenant."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from mocks.admin.access import TheTenant
from mocks.admin.problems import NO_TENANT, ProblemError, named, refusals
from mocks.controls import PlannedFault, TenantControls
from mocks.core.faults import Fault, FaultError, Match
from scenarios.durations import format_duration
from world.draws import LONGEST_US

__all__ = ["router"]

router: Final = APIRouter(prefix="/tenants/{tenant}/faults", tags=["faults"])


NewFault = Annotated[
    Fault,
    Body(
        examples=[
            {
                "id": "egrul-down",
                "service": "egrul",
                "kind": "outage",
                "from": "2026-04-27T10:00",
                "for": "2h",
            },
            {
                "id": "every-tenth",
                "service": "*",
                "kind": "error",
                "p": 0.1,
                "times": 3,
                "match": {"method": "POST", "path": "/smev*"},
                "status": 429,
                "retry_after": "30s",
            },
        ]
    ),
]


class FaultView(BaseModel):
    """A planned fault: `holds` says if it holds now, `hits` how many requests it has hit.

    `until` is null if it does not end, `delay_mean` the mean of the delay's distribution.
    """

    id: str
    service: str = Field(examples=["egrul", "*"])
    kind: str
    from_: dt.datetime = Field(serialization_alias="from")
    until: dt.datetime | None
    p: float
    times: int | None
    match: Match
    factor: float | None
    delay_mean: str | None
    status: int | None
    retry_after: str | None
    processed: bool
    holds: bool
    hits: int


@router.get("", responses=refusals(_404=NO_TENANT))
async def list_faults(tenant: TheTenant) -> list[FaultView]:
    """The plan, by id."""
    return [_view(tenant, planned) for planned in tenant.faults]


@router.post(
    "",
    status_code=201,
    responses=refusals(_404=NO_TENANT, _409="There is a fault of that id", _422="A field is wrong"),
)
async def add_fault(tenant: TheTenant, fault: NewFault) -> FaultView:
    """Plan a fault, as a scenario writes it: kinds that all services know, or one of the service's
    own."""
    if any(planned.active.spec.id == fault.id for planned in tenant.faults):
        raise ProblemError(409, "fault-exists", f"{fault.id}: such a fault is planned already")
    try:
        return _view(tenant, tenant.faults.add(fault))
    except FaultError as error:
        raise named(error) from None


@router.delete(
    "/{fault}", status_code=204, responses=refusals(_404="There is no such tenant or fault")
)
async def remove_fault(tenant: TheTenant, fault: str) -> None:
    """Take a fault out of the plan."""
    try:
        tenant.faults.remove(fault)
    except KeyError:
        raise ProblemError(404, "no-such-fault", f"{fault}: no such fault is planned") from None


def _view(controls: TenantControls, planned: PlannedFault) -> FaultView:
    spec, active = planned.active.spec, planned.active
    calendar = controls.state.clock.calendar
    return FaultView(
        id=spec.id,
        service=active.service,
        kind=spec.kind,
        from_=calendar.local(active.from_us),
        until=None if active.to_us == LONGEST_US else calendar.local(active.to_us),
        p=spec.p,
        times=spec.times,
        match=spec.match,
        factor=spec.factor,
        delay_mean=None if spec.delay is None else format_duration(round(spec.delay.mean_us)),
        status=spec.status,
        retry_after=None if spec.retry_after is None else format_duration(spec.retry_after),
        processed=spec.processed,
        holds=planned.holds,
        hits=planned.hits,
    )

"""The clock of a tenant: read it, move it forward, let it go."""

import datetime as dt
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from mocks.admin.access import TheTenant
from mocks.admin.problems import NO_TENANT, ProblemError, invalid, refusals
from mocks.controls import TenantControls
from mocks.core.clock import ClockError
from mocks.field_problems import FieldProblem
from scenarios.fields import LocalTime, NonNegative

__all__ = ["router"]

router: Final = APIRouter(prefix="/tenants/{tenant}/clock", tags=["clock"])


class Advance(BaseModel):
    """How far: a duration, or `5wd` to the last moment of the fifth working day after today."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(examples=["90s", "3d", "5wd"])


class ClockChange(BaseModel):
    """Where the clock goes on from, and how fast; what is not given stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"now": "2026-04-20T09:00", "speed": 60}]}
    )

    now: LocalTime | None = None
    speed: NonNegative | None = None


class ClockView(BaseModel):
    """`now` is local time, `now_us` model time in µs since the start, `speed` seconds of model time
    in a second of real time (0: the clock stands still)."""

    now: dt.datetime
    now_us: int
    timezone: str
    speed: float


@router.get("", responses=refusals(_404=NO_TENANT))
async def get_clock(tenant: TheTenant) -> ClockView:
    """What time it is."""
    return _view(tenant)


@router.post("/advance", responses=refusals(_404=NO_TENANT, _422="That is no duration"))
async def advance_clock(tenant: TheTenant, advance: Advance) -> ClockView:
    """Move the clock forward; everything that falls into that time happens."""
    try:
        tenant.clock.advance(advance.by)
    except ClockError as error:
        raise invalid([FieldProblem("by", str(error))]) from None
    return _view(tenant)


@router.put(
    "", responses=refusals(_404=NO_TENANT, _409="That time has passed", _422="A field is wrong")
)
async def set_clock(tenant: TheTenant, change: ClockChange) -> ClockView:
    """Move the clock forward to a local time, or let it go by itself at a speed."""
    try:
        if change.now is not None:
            tenant.clock.set(change.now)
    except ClockError as error:
        raise ProblemError(409, "clock-goes-back", str(error)) from None
    if change.speed is not None:
        tenant.clock.run(change.speed)
    return _view(tenant)


def _view(controls: TenantControls) -> ClockView:
    tenant = controls.state
    with tenant.lock:
        now_us = tenant.settle()
        calendar = tenant.clock.calendar
        return ClockView(
            now=calendar.local(now_us),
            now_us=now_us,
            timezone=calendar.timezone,
            speed=tenant.clock.speed,
        )

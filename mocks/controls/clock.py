"""The clock of a tenant in a test's hands."""

import datetime as dt
from typing import Final

from pydantic import TypeAdapter, ValidationError

from mocks.controls.tenant_now import TenantNow
from mocks.core.clock import ClockError
from mocks.core.companions import travel
from mocks.core.tenant import Tenant
from scenarios.durations import WorkingDays, parse_deadline
from scenarios.fields import LocalTime
from world.microseconds import MICROSECOND

__all__ = ["ClockControls", "local_time"]

_LOCAL_TIME: Final = TypeAdapter[dt.datetime](LocalTime)


class ClockControls:
    """The virtual clock of a tenant."""

    def __init__(self, tenant: TenantNow) -> None:
        self._tenant = tenant

    @property
    def now(self) -> dt.datetime:
        """Aware local time."""
        return self._tenant().clock.local()

    @property
    def speed(self) -> float:
        """Seconds of model time in a second; 0: it stands still."""
        return self._tenant().clock.speed

    def advance(self, by: str | dt.timedelta) -> dt.datetime:
        """Move forward by a duration (`90s`, `1.5h`, `3d`) and return the new time.

        `5wd` moves to the last moment of the fifth working day after today, where a term of five
        working days ends. ClockError if `by` is no duration or negative, or if time ends before.
        """
        tenant = self._tenant()
        with tenant.lock:
            us = _microseconds(tenant, by)
            if not tenant.companions:
                return tenant.clock.calendar.local(tenant.advance(us))
            end_us = tenant.clock.after(us)
        travel(tenant, end_us)
        return tenant.clock.local()

    def set(self, to: str | dt.datetime) -> dt.datetime:
        """Move forward to a local time (`2026-04-20T09:00`); ClockError if it has passed."""
        tenant = self._tenant()
        local = local_time(to)
        with tenant.lock:
            calendar = tenant.clock.calendar
            us, now_us = calendar.instant(local), tenant.clock.now_us
            if us < now_us:
                now = calendar.local(now_us)
                raise ClockError(
                    f"{local}: the clock does not go back, it is {now:%Y-%m-%d %H:%M:%S}"
                )
            if not tenant.companions:
                return calendar.local(tenant.set_time(us))
            end_us = tenant.clock.after(us - now_us)
        travel(tenant, end_us)
        return tenant.clock.local()

    def run(self, speed: float) -> None:
        """Let it go by itself, `speed` times as fast as real time; 0 stops it. ClockError for a
        speed that is no number from 0."""
        if not isinstance(speed, int | float):
            raise ClockError(f"{speed!r}: expected a number, how many times as fast as real time")
        self._tenant().run(speed)


def local_time(value: str | dt.datetime) -> dt.datetime:
    """The local time that is written (`2026-04-20T09:00`); ClockError if it is none."""
    try:
        return _LOCAL_TIME.validate_python(value)
    except ValidationError:
        message = f"{value!r}: expected a local time like 2026-04-20T09:00 without an offset"
        raise ClockError(message) from None


def _microseconds(tenant: Tenant, by: str | dt.timedelta) -> int:
    if isinstance(by, dt.timedelta):
        if by < dt.timedelta():
            raise ClockError(f"{by}: the clock does not go back")
        return by // MICROSECOND
    try:
        term = parse_deadline(by)
    except (TypeError, ValueError):
        raise ClockError(f"{by!r}: expected a duration like 90s, 2h, 3d or 5wd") from None
    if isinstance(term, WorkingDays):
        now_us = tenant.now_us
        return tenant.clock.calendar.deadline_working_days(now_us, term.days) - now_us
    return term

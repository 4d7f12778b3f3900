"""A clock that is moved stops for whoever lives by it."""

import threading

import pytest

from mocks.controls import TenantControls
from mocks.controls.clock import ClockControls
from mocks.core.clock import ClockError
from mocks.core.country import Country
from mocks.core.tenant import Tenant

HOUR_US = 3_600_000_000


class Polling:
    """Does something at the moments `due`; `seen` is when it was let, and whether others could take
    the tenant's lock meanwhile."""

    def __init__(self, tenant: Tenant, *due_us: int, stuck: bool = False) -> None:
        self._tenant = tenant
        self._due = list(due_us)
        self._stuck = stuck
        self.seen: list[int] = []
        self.locked = False
        tenant.companions.append(self)

    def next_us(self) -> int | None:
        return self._due[0] if self._due else None

    def catch_up(self) -> None:
        now_us = self._tenant.clock.now_us
        self.seen.append(now_us)
        other = threading.Thread(target=self._try_lock)
        other.start()
        other.join()
        if not self._stuck:
            self._due = [due for due in self._due if due > now_us]

    def _try_lock(self) -> None:
        got = self._tenant.lock.acquire(blocking=False)
        self.locked |= not got
        if got:
            self._tenant.lock.release()


@pytest.fixture(name="country")
def _country() -> Country:
    return Country([])


@pytest.fixture(name="tenant")
def _tenant(country: Country) -> Tenant:
    return country.tenant()


@pytest.fixture(name="clock")
def _clock(country: Country) -> ClockControls:
    return TenantControls(country, "main", "/main").clock


def test_the_clock_stops_at_every_planned_moment_and_at_its_end(
    tenant: Tenant, clock: ClockControls
) -> None:
    polling = Polling(tenant, HOUR_US, 2 * HOUR_US, 9 * HOUR_US)
    clock.advance("3h")
    assert polling.seen == [HOUR_US, 2 * HOUR_US, 3 * HOUR_US]
    assert not polling.locked
    clock.set("2026-02-02T20:00")
    assert polling.seen[3:] == [9 * HOUR_US, 10 * HOUR_US]


def test_what_is_overdue_is_done_before_time_goes_on(tenant: Tenant, clock: ClockControls) -> None:
    tenant.advance(HOUR_US)
    polling = Polling(tenant, 5)
    clock.advance("1h")
    assert polling.seen == [HOUR_US, 2 * HOUR_US]


def test_time_does_not_stand_still_for_what_is_never_done(
    tenant: Tenant, clock: ClockControls
) -> None:
    polling = Polling(tenant, HOUR_US, stuck=True)
    clock.advance("3h")
    assert polling.seen == [HOUR_US, 3 * HOUR_US]


@pytest.mark.parametrize("by", ["-1s", "4000000d"])
def test_a_journey_that_cannot_be_is_refused_before_it_begins(
    tenant: Tenant, clock: ClockControls, by: str
) -> None:
    polling = Polling(tenant, HOUR_US)
    with pytest.raises(ClockError):
        clock.advance(by)
    assert (polling.seen, tenant.clock.now_us) == ([], 0)

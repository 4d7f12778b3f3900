"""What tests of agencies share: an organization, a moment, a fault, an application's pieces."""

import base64
import datetime as dt
from collections.abc import Callable

from mocks.core.country import Country
from mocks.core.faults import Fault
from world.records import Organization

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
PDF = base64.b64encode(b"%PDF-1.4 ...").decode()


def organization(country: Country, fits: Callable[[Organization], bool]) -> Organization:
    """The first organization of the country that fits."""
    records = (country.world.organization(index) for index in range(5_000))
    return next(record for record in records if fits(record))


def active_legal(country: Country) -> Organization:
    """The first legal entity in good standing."""
    return organization(country, lambda one: one.kind == "legal" and one.standing == "active")


def head_of(country: Country, one: Organization) -> str:
    """The full name of an organization's head."""
    return str(country.world.person(one.head.person).name)


def go_to(country: Country, *moment: int, past_us: int = 0) -> None:
    """Move the clock of tenant `main` to a local moment of the calendar, `past_us` after it."""
    tenant = country.tenant()
    tenant.set_time(tenant.clock.calendar.instant(dt.datetime(*moment)) + past_us)  # type: ignore[arg-type]


def plan(country: Country, service: str, kind: str, times: int | None = None) -> None:
    """Plan a fault of a service for tenant `main`, from now on."""
    fault: dict[str, object] = {"id": f"{service}-{kind}", "service": service, "kind": kind}
    if times is not None:
        fault["times"] = times
    country.tenant().plan_fault(Fault.model_validate(fault))


def end_of(country: Country, one: Organization) -> None:
    """Let an organization leave its registry today."""
    tenant = country.tenant()
    closed = tenant.clock.calendar.date(tenant.now_us)
    changes = {"standing": "liquidated", "closed": closed}
    tenant.records.change_organization(one.index, changes, tenant.now_us)

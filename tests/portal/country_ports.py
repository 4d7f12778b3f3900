"""Ports of a portal over the real mocks in this process, in a tenant of its own."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from mocks import running
from mocks.controls import TenantControls
from mocks.extracts.offices import insurer_number
from mocks.in_process import RunningCountry
from mocks.pfr.insurers import insured_people
from portal.adapters.given_clock import GivenClock
from portal.adapters.seeded_entropy import SeededEntropy
from portal.ports.people_registers import NamedPerson
from portal.ports.ports import Ports
from portal.ports.verification import Agency, CaseView
from portal.registries.http_client import Conditions
from portal.registries.wiring import Way, ports_at, virtual
from portal.store.memory import MemoryStore
from tests.portal.wiring import CHEAP_PASSWORDS
from world.records import Organization, Person


@dataclass
class CountryPorts:
    """The ports, the tenant behind them, and the pauses that clients have made (seconds)."""

    country: RunningCountry
    tenant: TenantControls
    agencies: Way = "smev"
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = GivenClock(self.country.core.calendar, lambda: self.tenant.clock.now)
        self.clock = clock
        self.conditions: Conditions = replace(virtual(clock), pause=self.pauses.append)
        self.ports: Ports = ports_at(
            self.tenant.url,
            clock=clock,
            entropy=SeededEntropy("test"),
            passwords=CHEAP_PASSWORDS,
            store=MemoryStore(),
            conditions=self.conditions,
            agencies=self.agencies,
        )

    def fails(self, service: str, kind: str, **fields: Any) -> None:
        """Plan a fault."""
        self.tenant.faults.add(
            {
                "id": f"{service}-{kind}".replace("_", "-"),
                "service": service,
                "kind": kind,
                **fields,
            }
        )

    def organization(self, index: int = 0) -> Organization:
        return self.country.world.organization(index)

    def head(self, index: int = 0) -> Person:
        return self.country.world.person(self.organization(index).head.person)

    def application(self, index: int = 0, **changes: str) -> dict[str, str]:
        """What agencies are told of an organization, true but for the changes."""
        of, head = self.organization(index), self.head(index)
        return {
            "inn": of.inn,
            "ogrn": of.ogrn,
            "kpp": of.kpp or "",
            "full_name": of.full_name,
            "address": str(of.address),
            "registered": of.registered.isoformat(),
            "capital_kopecks": str(of.capital_kopecks),
            "head_last_name": head.name.last,
            "head_first_name": head.name.first,
            "head_patronymic": head.name.patronymic or "",
            "head_inn": head.inn,
            "insurer_number": insurer_number(of),
            "employees": str(insured_people(self.tenant.state.records, of)),
            "contact_phone": "+79001234567",
            **changes,
        }

    def seen(self, agency: Agency, number: str, index: int = 0) -> CaseView:
        """A case as an agency shows it to the organization."""
        return self.ports.verification.state(agency, number, self.organization(index).inn)


def named(person: Person) -> NamedPerson:
    """A person as ports are asked about one."""
    return NamedPerson(
        last_name=person.name.last,
        first_name=person.name.first,
        patronymic=person.name.patronymic,
        birth_date=person.birth_date,
    )


@contextmanager
def country_ports(*services: str) -> Iterator[CountryPorts]:
    """Ports over these services; the tenant is not `main`, which production hosts lead to."""
    with running(seed=1, services=services) as country:
        yield CountryPorts(country, country.tenant("stand"))


@contextmanager
def tenant_ports(shared: CountryPorts, test: str, agencies: Way = "smev") -> Iterator[CountryPorts]:
    """Ports over a tenant of the same country for one test alone."""
    name = f"test-{hashlib.sha256(test.encode()).hexdigest()[:16]}"
    yield CountryPorts(shared.country, shared.country.tenant(name), agencies)
    shared.country.core.delete_tenant(name)

"""The country: every service, and a tenant for each of its users."""

import datetime as dt
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import rulebook
from mocks.core.exchange import Exchange
from mocks.core.faults import Fault, FaultPlan
from mocks.core.http import Refusal, Request
from mocks.core.service import Service
from mocks.core.stations import Stations
from mocks.core.tenant import Tenant
from rulebook import UnknownEntryError
from scenarios.completion import CompleteScenario
from world.calendar import Calendar
from world.country import World

__all__ = ["DEFAULT_START", "MAIN", "RESERVED", "Country", "TenantError"]

MAIN: Final = "main"
"""The tenant of paths that name none."""

RESERVED: Final = frozenset({"_admin", "healthz", "portal", "readyz"})
"""First parts of a path that are neither a tenant nor a service."""

DEFAULT_START: Final = dt.datetime(2026, 2, 2, 10)
"""Where clocks begin without a scenario: a Monday, in working time."""

_TENANT: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class TenantError(ValueError):
    """There is no such tenant, or it cannot be made; the message says which and why."""


class Country:
    """Services and tenants over one `world`.

    `seed` is of people and organizations, and of tenants that are given none. With a scenario, its
    calendar, stations, population, seed and faults hold; `faults` are planned for every tenant
    besides.
    """

    def __init__(
        self,
        services: Sequence[Service],
        seed: int | None = None,
        scenario: CompleteScenario | None = None,
        faults: Iterable[Fault] = (),
        start: dt.datetime | None = None,
    ) -> None:
        self.services = {service.id: service for service in services}
        self.scenario = scenario
        self.book = rulebook.load() if scenario is None else scenario.book
        self.policy = self.book.policy() if scenario is None else scenario.policy
        if scenario is not None:
            seed = scenario.scenario.seed if seed is None else seed
            population = scenario.scenario.population
            self.world = World(
                seed,
                organizations=population.organizations,
                kinds=population.kinds,
                tiers=population.tiers,
            )
        else:
            seed = 1 if seed is None else seed
            self.world = World(seed)
        self.seed = seed
        calendar = Calendar(start=DEFAULT_START) if scenario is None else scenario.calendar
        self.calendar = calendar if start is None else replace(calendar, start=start)
        self._stations = Stations(scenario, self.calendar)
        planned = [] if scenario is None else scenario.scenario.faults
        self._faults = [*(Fault.of_scenario(fault) for fault in planned), *faults]
        self._lock = threading.Lock()
        self._tenants: dict[str, Tenant] = {}
        self.create_tenant(MAIN)

    # --- tenants

    def create_tenant(self, name: str, seed: int | None = None) -> Tenant:
        """A new tenant with the country's faults; TenantError if the name is taken or wrong."""
        tenant = self._made(name, self.seed if seed is None else seed)
        with self._lock:
            if name in self._tenants:
                raise TenantError(f"{name!r}: there is such a tenant already")
            self._tenants[name] = tenant
        return tenant

    def _made(self, name: str, seed: int) -> Tenant:
        if not _TENANT.fullmatch(name) or name in RESERVED or name in self.services:
            raise TenantError(
                f"{name!r}: a tenant's name is 1 to 63 of a-z, 0-9 and -, and no service's"
            )
        tenant = Tenant(
            name=name,
            seed=seed,
            world=self.world,
            calendar=self.calendar,
            stations=self._stations,
            policy=self.policy,
            plan=partial(
                FaultPlan,
                self.calendar,
                {service.id: tuple(service.own_faults) for service in self.services.values()},
                frozenset(s.id for s in self.services.values() if s.works),
                self._service_id,
            ),
        )
        for service in self.services.values():
            if service.begin is not None:
                service.begin(tenant)
        for fault in self._faults:
            if self._service_id(fault.service) in self.services or fault.service == "*":
                tenant.plan_fault(fault)
        return tenant

    def tenant(self, name: str = MAIN) -> Tenant:
        """The tenant of that name; TenantError if there is none."""
        try:
            return self._tenants[name]
        except KeyError:
            raise TenantError(f"{name!r}: there is no such tenant") from None

    def delete_tenant(self, name: str) -> None:
        """Forget a tenant and all that is its own; TenantError if there is none, or for `main`."""
        if name == MAIN:
            raise TenantError(f"{MAIN!r} stays; it can be made anew")
        with self._lock:
            if self._tenants.pop(name, None) is None:
                raise TenantError(f"{name!r}: there is no such tenant")

    def reset_tenant(self, name: str) -> Tenant:
        """The tenant as it was when it was made, with the same seed; TenantError if there is none.

        Requests find the old one or the new one, never none.
        """
        tenant = self._made(name, self.tenant(name).seed)
        with self._lock:
            if name not in self._tenants:
                raise TenantError(f"{name!r}: there is no such tenant")
            self._tenants[name] = tenant
        return tenant

    @property
    def tenants(self) -> list[Tenant]:
        """All tenants in the order of their making."""
        with self._lock:
            return list(self._tenants.values())

    # --- requests

    def open(self, request: Request) -> Exchange:
        """The exchange of a request whose path is `/{tenant}/{service}/…` or `/{service}/…`;
        Refusal 404 if it names no tenant or service."""
        tenant, service, path = self.parts(request.path)
        return Exchange(tenant, service, replace(request, path=path))

    def parts(self, path: str) -> tuple[Tenant, Service, str]:
        """The tenant, the service and the rest of a path; Refusal 404 as above."""
        first, _, rest = path.removeprefix("/").partition("/")
        name = MAIN
        if first not in self.services:
            name, (first, _, rest) = first, rest.partition("/")
        tenant = self._tenants.get(name)
        if tenant is None:
            message = (
                f"Путь начинается с сервиса или с арендатора; «{name}» — ни то ни другое. "
                f"Сервисы: {', '.join(self.services)}. Арендатора создаёт "
                f"PUT /_admin/tenants/имя"
            )
            raise Refusal(404, "no-such-tenant", message)
        service = self.services.get(first)
        if service is None:
            message = f"Нет сервиса «{first}»; есть: {', '.join(self.services)}"
            raise Refusal(404, "no-such-service", message)
        return tenant, service, "/" + rest

    def rules_of(self, service: str) -> tuple[str, ...]:
        """Ids of the rules that use a service (the rule book's `systems`)."""
        return tuple(self.book.systems[service].rules)

    def _service_id(self, name: str) -> str | None:
        if self.scenario is not None:
            return self.scenario.names.system(name)
        try:
            return self.book.system(name).id
        except UnknownEntryError:
            return None

"""The driver `http`: portal and country really served on loopback, each scenario a tenant of its
own, whose time the admin API moves."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

import requests

from features.driver import Capability, Outcome, Received, Settings
from features.drivers.portal_client import PortalClient
from features.drivers.scenario_names import area_name
from features.drivers.stand_client import StandClient
from features.personas import Persona
from mocks.admin import PREFIX
from mocks.catalogue import SERVICES
from mocks.controls import TenantControls
from mocks.core.country import Country
from mocks.core.journal import listing
from mocks.server.serving import Server, serving
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.http.admission import Limits, RateLimiter
from rulebook import RuleBook
from stand.portals import Portals
from world.country import World

__all__ = ["HttpPortal", "HttpStand", "open_stand"]

_SEED: Final = 1
# Scenarios enter passwords by the dozen: argon2id at its cheapest.
_PASSWORDS: Final = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)


class HttpStand:
    """A server of the country with the portals of its tenants."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._open = ExitStack()
        self._country = Country(SERVICES, seed=_SEED)
        self._portals = Portals(self._country, _PASSWORDS)
        self._open.callback(self._portals.close)
        self._server: Server = self._open.enter_context(
            serving(self._country, guests=self._portals.guests)
        )
        self._portals.begin(self._server.url)

    def portal(self, scenario: str) -> "HttpPortal":
        """As the protocol says."""
        name = area_name(scenario)
        return HttpPortal(self._server.url, name, self._country, self._portals, self._book)

    def close(self) -> None:
        """As the protocol says."""
        self._open.close()


class HttpPortal:
    """A tenant's portal as its users have it: by HTTP alone, but for its parameters."""

    capabilities: frozenset[Capability] = frozenset(
        {"time", "faults", "records", "policy", "inbox", "outside", "load", "keys"}
    )

    def __init__(
        self, address: str, name: str, country: Country, portals: Portals, book: RuleBook
    ) -> None:
        self._country = country
        self._portals = portals
        self._book = book
        self._address = f"{address}/{name}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._users = PortalClient(f"{self._address}/portal/v1", self._session)
        self._stand = StandClient(f"{address}{PREFIX}", name, self._session)
        self._stand.make(_SEED)
        self._tenant = TenantControls(country, name, self._address)
        self._overrides: dict[str, Any] = {}

    @property
    def world(self) -> World:
        """As the protocol says."""
        return self._country.world

    def now(self) -> dt.datetime:
        """As the protocol says."""
        return self._tenant.clock.now

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """As the protocol says."""
        return self._users.act(persona, use_case, payload, key)

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """As the protocol says; a long list with all its pages."""
        return self._users.read(persona, view, query)

    def inbox(self, contact: str) -> Sequence[Received]:
        """As the protocol says."""
        return self._stand.inbox(contact)

    def advance(self, by: str) -> None:
        """As the protocol says."""
        self._stand.advance(by)

    def override(self, parameter: str, value: Any) -> None:
        """As the protocol says, for the portal and the registries alike."""
        self._overrides[parameter] = value
        policy = self._book.policy(self._overrides)
        tenant = self._tenant.state
        self._portals.of(tenant).portal.policy = policy
        with tenant.lock:
            tenant.policy = policy

    def limit(self, burst: int, per_second: float) -> None:
        """As the protocol says."""
        served = self._portals.of(self._tenant.state).served
        limits = Limits(burst=burst, per_second=per_second)
        served.rates = RateLimiter(limits, lambda: self.now().timestamp())

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._stand.plan_fault(fault)

    def end_fault(self, fault_id: str) -> None:
        """As the protocol says."""
        self._stand.end_fault(fault_id)

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._stand.change_organization(index, changes)

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._stand.change_person(index, changes)

    def outside(self, service: str) -> str:
        """As the protocol says."""
        return f"{self._address}/{service}"

    def calls(self) -> str:
        """As the protocol says."""
        return listing(self._tenant.journal, none="нет")

    def close(self) -> None:
        """As the protocol says."""
        self._stand.delete()
        self._session.close()


def open_stand(settings: Settings) -> HttpStand:
    """The stand of the driver `http`; ValueError for an address, it serves itself."""
    if settings.base_url is not None:
        raise ValueError("--base-url: the driver http serves the portal itself")
    return HttpStand(settings.book)

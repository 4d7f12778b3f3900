"""The driver `external`: a portal with Poligon's API that runs elsewhere, at `--base-url`.

What it can do beside its API the file of `--capabilities` says (docs/specs.md).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import requests

from features.driver import Capability, Outcome, Received, Settings, Unsupported
from features.drivers.external_settings import Abilities, abilities_in
from features.drivers.portal_client import PortalClient
from features.drivers.scenario_names import area_name
from features.drivers.stand_client import StandClient
from features.personas import Persona
from world.country import World

__all__ = ["ExternalPortal", "ExternalStand", "open_stand"]

_ZONE: Final = ZoneInfo("Europe/Moscow")
_PROBE_S: Final = 10.0


class ExternalStand:
    """Portals at an address: areas of their own for scenarios, or one for all."""

    def __init__(self, address: str, abilities: Abilities) -> None:
        self._address = address
        self._abilities = abilities
        self._world = World(abilities.seed)

    def portal(self, scenario: str) -> "ExternalPortal":
        """As the protocol says."""
        area = self._abilities.area or area_name(scenario)
        return ExternalPortal(self._address, area, self._abilities, self._world)

    def close(self) -> None:
        """As the protocol says: nothing is open."""


class ExternalPortal:
    """What one scenario sees of the portal."""

    def __init__(self, address: str, area: str, abilities: Abilities, world: World) -> None:
        self.capabilities: frozenset[Capability] = abilities.can
        self.world = world
        self._abilities = abilities
        self._services = f"{address}{abilities.services}"
        self._area = area
        self._session = requests.Session()
        self._session.trust_env = False
        path = abilities.portal.format(area=area)
        self._users = PortalClient(f"{address}{path}", self._session)
        self._stand = StandClient(f"{address}{abilities.admin}", area, self._session)
        if abilities.has_areas:
            self._stand.make(abilities.seed)

    def now(self) -> dt.datetime:
        """As the protocol says; of a portal whose time is not moved, the time of this machine."""
        return self._stand.now() if "time" in self.capabilities else dt.datetime.now(_ZONE)

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """As the protocol says."""
        self._abilities.need_use_case(use_case)
        if key is not None:
            self._abilities.need("keys")
        return self._users.act(persona, use_case, payload, key)

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """As the protocol says."""
        self._abilities.need_use_case(view)
        return self._users.read(persona, view, query)

    def inbox(self, contact: str) -> Sequence[Received]:
        """As the protocol says."""
        self._abilities.need("inbox")
        return self._stand.inbox(contact)

    def advance(self, by: str) -> None:
        """As the protocol says."""
        self._abilities.need("time")
        self._stand.advance(by)

    def override(self, parameter: str, value: Any) -> None:
        """As the protocol says: Unsupported, no API sets parameters."""
        self._abilities.need("policy")

    def limit(self, burst: int, per_second: float) -> None:
        """As the protocol says: Unsupported, no API sets limits."""
        self._abilities.need("load")

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._abilities.need("faults")
        self._stand.plan_fault(fault)

    def end_fault(self, fault_id: str) -> None:
        """As the protocol says."""
        self._abilities.need("faults")
        self._stand.end_fault(fault_id)

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._abilities.need("records")
        self._stand.change_organization(index, changes)

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._abilities.need("records")
        self._stand.change_person(index, changes)

    def outside(self, service: str) -> str:
        """As the protocol says."""
        self._abilities.need("outside")
        return self._services.format(area=self._area, service=service)

    def calls(self) -> str:
        """As the protocol says; the journal is there if registries can be broken."""
        try:
            self._abilities.need("faults")
        except Unsupported as unsupported:
            return f"  {unsupported}"
        return self._stand.calls()

    def close(self) -> None:
        """As the protocol says."""
        if self._abilities.has_areas:
            self._stand.delete()
        self._session.close()


def open_stand(settings: Settings) -> ExternalStand:
    """The stand of the driver `external`; ValueError for an address or a file that is of no use, or
    if nobody answers there."""
    address = (settings.base_url or "").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("--base-url: нужен адрес портала, например http://127.0.0.1:8080")
    abilities = abilities_in(settings.capabilities)
    if not abilities.has_areas and settings.personas is None:
        raise ValueError(
            "--personas: у сценариев один портал на всех, каждому нужны свои люди из этого файла"
        )
    try:
        requests.get(address, timeout=_PROBE_S, allow_redirects=False)
    except requests.RequestException as error:
        raise ValueError(f"--base-url: {address} не отвечает: {type(error).__name__}") from None
    return ExternalStand(address, abilities)

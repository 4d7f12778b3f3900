"""What specs ask of a portal, whichever it is: the driver's protocol and the records it gives.

A driver is found by its name in the entry point group `poligon.drivers`, which names a function
`open_stand(settings) -> Stand`. A stand is opened once in a run, and gives each scenario a portal
that no other scenario sees.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeAlias

from features.personas import Persona
from rulebook import RuleBook
from world.country import World

__all__ = [
    "GROUP",
    "Broken",
    "Capability",
    "NoSuchDriver",
    "Outcome",
    "PortalDriver",
    "Received",
    "Settings",
    "Stand",
    "Unsupported",
    "opened",
]

GROUP: Final = "poligon.drivers"

Capability: TypeAlias = Literal[
    "time", "faults", "records", "policy", "inbox", "outside", "load", "keys"
]
"""What a portal under test may lack: its time can be moved, its registries broken, their records
changed, its parameters set, the messages it sends read, its registries reached by others, the load
that it takes bounded, what is sent again under an idempotency key known."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that was broken: its id, the field of what was sent (empty: the whole), what the
    person is told."""

    rule: str
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an act: the `state` reached and what belongs to it; or a `refusal` (one of
    `portal.use_case.Refusal`, or the code of a problem over HTTP), the rules that were broken."""

    state: str
    violations: tuple[Broken, ...] = ()
    refusal: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether it was done; rules may have been named all the same, as a warning."""
        return self.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as its recipient sees it; `channel` is `sms`, `email` or `push`."""

    channel: str
    subject: str
    text: str


class Unsupported(Exception):
    """The portal under test cannot do that: a capability, or a use case by its name. The scenario
    is skipped, and says why."""

    def __init__(self, what: str, reason: str = "") -> None:
        super().__init__(f"портал под проверкой не умеет: {what}{reason and f' ({reason})'}")
        self.what = what


class PortalDriver(Protocol):
    """A portal in the hands of one scenario. What a capability stands for raises Unsupported
    without it."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it can do beside `act` and `read`."""

    @property
    def world(self) -> World:
        """The country whose people use it."""

    def now(self) -> dt.datetime:
        """The portal's time, aware."""

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """Let the persona do it, as whoever they have signed in; under `key` it is done once."""

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """Show the persona a view."""

    def inbox(self, contact: str) -> Sequence[Received]:
        """What a phone or an address has received, oldest first (inbox)."""

    def advance(self, by: str) -> None:
        """Let time pass: `90s`, `15m`, `2h`, `3d`, `5wd` (to the end of the fifth working day).
        What is due in it happens (time)."""

    def override(self, parameter: str, value: Any) -> None:
        """Set a parameter of the rule book (policy)."""

    def limit(self, burst: int, per_second: float) -> None:
        """Take no more requests of one client than `burst` at once and `per_second` of the portal's
        time (load)."""

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """Break a registry: the fields of a fault in a scenario file (faults)."""

    def end_fault(self, fault_id: str) -> None:
        """Take a planned fault back (faults)."""

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registers say of an organization of the country (records)."""

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registries say of a person of the country (records)."""

    def outside(self, service: str) -> str:
        """The address of a registry, for what people do there without the portal: to get a
        certificate, to confirm in the bank's application (outside)."""

    def calls(self) -> str:
        """The portal's latest calls to registries, a line each, for who reads a failure."""

    def close(self) -> None:
        """The scenario is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run says about the portal under test; a stand raises ValueError for what it cannot
    use."""

    book: RuleBook
    base_url: str | None = None
    capabilities: Path | None = None
    personas: Path | None = None


class Stand(Protocol):
    """Portals for scenarios."""

    def portal(self, scenario: str) -> PortalDriver:
        """A portal for the scenario of that name alone."""

    def close(self) -> None:
        """The run is over."""


class NoSuchDriver(LookupError):
    """No driver of that name is installed; the message names those that are."""


def opened(driver: str, settings: Settings) -> Stand:
    """The stand of the driver of that name, or of one that is not installed, by its place
    `module:function`. NoSuchDriver, ValueError, ImportError."""
    found = entry_points(group=GROUP)
    if ":" in driver:
        place = EntryPoint(driver, driver, GROUP)
    elif driver in found.names:
        place = found[driver]
    else:
        raise NoSuchDriver(f"{driver}: none of {', '.join(sorted(found.names))}")
    open_stand: Callable[[Settings], Stand] = place.load()
    return open_stand(settings)

"""Agencies that say something of an organization (INT-05)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

__all__ = [
    "Agencies",
    "Agency",
    "AgencyAccess",
    "AgencyEntry",
    "AgencyName",
    "AgencyQuestion",
    "AgencyRefused",
]

AgencyName: TypeAlias = Literal["fns", "rosstandart", "emias", "eais", "rosreestr"]
"""An agency, by its system in the rule book."""


@dataclass(frozen=True, slots=True)
class AgencyAccess:
    """What an agency has given an organization to ask it with."""

    participant: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyQuestion:
    """Of which organization an agency is asked; `month` (YYYY-MM) is the last one that is over,
    `access` what the agency has given, if it gives anything."""

    inn: str
    month: str
    access: AgencyAccess | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyEntry:
    """One thing that an agency says: of which `kind` it is (`settlement`, `audit_notice`,
    `certificate`, `expertise`, `medical_report`, `participant`, `licence`, `property`), how it is
    called, in which state it is, and more by name."""

    kind: str
    title: str
    state: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


class AgencyRefused(Exception):
    """The agency does not take the request; the text is its own."""


class Agency(Protocol):
    """An agency."""

    def says(self, question: AgencyQuestion) -> Sequence[AgencyEntry]:
        """What it has of an organization. AgencyRefused, Unavailable."""


class Agencies(Protocol):
    """All of them."""

    def agency(self, name: AgencyName) -> Agency:
        """The one of that name."""

    def connect(self, request_id: str, inn: str, ogrn: str, kpp: str | None) -> AgencyAccess:
        """Make an organization a participant of ЕАИС, the only one that wants it. AgencyRefused
        also for one that is a participant already: what it was given is not told twice.
        Unavailable."""

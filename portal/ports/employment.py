"""The cabinet of citizens as the portal asks it about employees (INT-05, ROLE-06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Consent", "ConsentState", "Employment", "TypedEmployee"]

ConsentState: TypeAlias = Literal[
    "requested", "approved", "declined", "lapsed", "withdrawn", "expired"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """A person's consent to show an organization their employment, by its number."""

    number: str
    state: ConsentState


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedEmployee:
    """What is compared with the labour contract."""

    full_name: str
    inn: str
    position: str
    department: str


class Employment(Protocol):
    """Labour contracts of citizens, who consent before anything is told."""

    def ask_consent(self, request_id: str, inn: str, snils: str) -> Consent | None:
        """Ask the person with that СНИЛС for a consent to the organization with that ИНН, once for
        each `request_id`; what has become of it by now. None: nobody has that СНИЛС. Unavailable.
        """

    def differing(self, consent: Consent, typed: TypedEmployee) -> Sequence[str]:
        """The fields that differ from the contract, `employment` if none is in force; none while
        the consent is not approved. Unavailable."""

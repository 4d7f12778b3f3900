"""ЕСИА as a way to sign in (AUTH-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Esia", "EsiaPerson", "EsiaRefused", "EsiaRole"]


class EsiaRefused(Exception):
    """ЕСИА has declined the code, or its answer is not to be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EsiaRole:
    """An organization that the person may act for."""

    inn: str
    ogrn: str
    chief: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EsiaPerson:
    """Who has signed in; `organization` is the ОГРН of the role they chose, None for themselves."""

    snils: str
    inn: str
    trusted: bool
    organization: str | None
    roles: Sequence[EsiaRole]


class Esia(Protocol):
    """The identity provider of the state."""

    def sign_in_address(self, state: str) -> str:
        """Where to send the browser; the signed request holds `state`. Unavailable while the
        portal has not its key."""

    def person(self, code: str, state: str) -> EsiaPerson:
        """Who has come back with `code`; EsiaRefused, Unavailable."""

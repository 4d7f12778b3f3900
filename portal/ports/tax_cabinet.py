"""The taxpayer's cabinet of ФНС: access to tax services, given by the taxpayer (APP-10)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["AccessState", "AccessView", "NoSuchTaxpayer", "TaxCabinet"]

AccessState: TypeAlias = Literal[
    "pending", "confirmed", "open", "expired", "refused", "lapsed", "revoked"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """A request of access as ФНС shows it: its `number` there and the last moment of the stage."""

    number: str
    state: AccessState
    due: dt.datetime | None = None


class NoSuchTaxpayer(Exception):
    """ФНС knows no organization with these numbers; the text is its advice."""


class TaxCabinet(Protocol):
    """What ФНС opens to others."""

    def request_access(self, request_id: str, inn: str, ogrn: str, days: int) -> AccessView:
        """Ask the taxpayer for access for so many days; a repetition of `request_id` gives the
        request that there is. NoSuchTaxpayer, Unavailable."""

    def access(self, number: str) -> AccessView:
        """Where a request is. Unavailable."""

    def card(self, inn: str, number: str) -> Mapping[str, Any] | None:
        """What ФНС has of an organization, under an open access; None without it. Unavailable."""

"""Sources of events about an organization that are not of the portal's making: courts,
legislation, terms (NTF-01, NTF-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

__all__ = ["PublicEvent", "PublicEvents", "Topic"]

Topic: TypeAlias = Literal["court", "legislation", "deadline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEvent:
    """An event for a `subscription`; `number` is its place in the feed, `inn` whom it names (None:
    nobody), `details` what its source tells of it."""

    number: int
    id: str
    subscription: str
    topic: str
    inn: str | None
    title: str
    details: dict[str, Any]


class PublicEvents(Protocol):
    """A feed of events, in which each subscriber's are marked."""

    def subscribe(self, request_id: str, inn: str) -> str | None:
        """Have everything about an organization in the feed from now on; the same again under the
        same `request_id` gives the subscription that there is. None: nobody has that ИНН.
        Unavailable."""

    def after(self, number: int) -> Sequence[PublicEvent]:
        """Some of the events above a number, in order; none if there are no more. Unavailable."""

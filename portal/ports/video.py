"""Video verification: an operator of another company looks at face and passport (ACC-03)."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from portal.ports.people_registers import NamedPerson

__all__ = ["VideoIdentification", "VideoSession", "VideoState", "VideoView"]

VideoState: TypeAlias = Literal["waiting", "verified", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSession:
    """A conversation to come: its number and the address for the person's browser."""

    number: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoView:
    """Where a conversation is; `reason` of a refusal is the company's code."""

    state: VideoState
    reason: str | None = None


class VideoIdentification(Protocol):
    """The company that talks to people."""

    def begin(self, request_id: str, person: NamedPerson, snils: str) -> VideoSession:
        """Arrange a conversation; the same one for a repetition of `request_id`. Unavailable."""

    def view(self, number: str) -> VideoView:
        """Where it is. Unavailable."""

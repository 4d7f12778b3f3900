"""Messages to people."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Channel", "Letter", "Messenger", "NotSent"]

Channel: TypeAlias = Literal["sms", "email", "push"]


class NotSent(Exception):
    """The gateway did not take the message now; it may be given again under the same id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: `id` tells a repetition from a new one, `to` is a phone or an address."""

    id: str
    channel: Channel
    to: str
    text: str
    subject: str = ""


class Messenger(Protocol):
    """Gives messages to the gateways."""

    def send(self, letter: Letter) -> None:
        """Hand the message over; NotSent. A second time under the same id changes nothing."""

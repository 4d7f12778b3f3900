"""Messages to people."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

__all__ = ["Channel", "Fate", "Letter", "Messenger", "NotSent"]

Channel: TypeAlias = Literal["sms", "email", "push"]

Fate: TypeAlias = Literal["on_its_way", "delivered", "failed"]
"""What has become of a message; `failed`: it will never arrive."""


class NotSent(Exception):
    """The gateway did not take the message now; it may be given again under the same id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message: `id` tells a repetition from a new one, `to` is a phone or an address. It is given
    up after `validity_s` seconds (None: when the gateway gives it up)."""

    id: str
    channel: Channel
    to: str
    text: str
    subject: str = ""
    validity_s: int | None = None


class Messenger(Protocol):
    """Gives messages to the gateways."""

    def send(self, letter: Letter) -> None:
        """Hand the message over; NotSent. A second time under the same id changes nothing."""

    def fate(self, letter: Letter) -> Fate:
        """Hand the message over unless the gateway has it, and say what has become of it; NotSent.
        The recipient's filter is never told of: what lies among spam was delivered."""

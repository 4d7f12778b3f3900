"""Identifiers of messages: UUID of version 1 (RFC 4122, 4.2), which hold the time of making."""

import datetime as dt
import re
from typing import Final

from mocks.core.draw_keys import DrawKey
from world.microseconds import MICROSECOND

__all__ = ["made_at", "new_message_id"]

_FORM: Final = re.compile(
    r"([0-9a-f]{8})-([0-9a-f]{4})-1([0-9a-f]{3})-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
_EPOCH: Final = dt.datetime(1582, 10, 15, tzinfo=dt.UTC)  # of the times in UUIDs
_TICKS_PER_US: Final = 10
_VARIANT: Final = 0x8000
_MULTICAST: Final = 1 << 40  # marks a node that is no real address (RFC 4122, 4.5)


def made_at(message_id: str) -> dt.datetime | None:
    """When a UUID of version 1 was made; None for what has not its form."""
    form = _FORM.fullmatch(message_id)
    if form is None:
        return None
    low, middle, high = form.groups()
    return _EPOCH + dt.timedelta(microseconds=int(high + middle + low, 16) // _TICKS_PER_US)


def new_message_id(at: dt.datetime, key: DrawKey, purpose: str) -> str:
    """The identifier of a message that СМЭВ makes at that moment."""
    ticks = (at - _EPOCH) // MICROSECOND * _TICKS_PER_US
    digits = f"{ticks:015x}"
    word = key.word(purpose)
    clock = _VARIANT | word >> 48 & 0x3FFF
    node = _MULTICAST | word & 0xFFFF_FFFF_FFFF
    return f"{digits[7:]}-{digits[3:7]}-1{digits[:3]}-{clock:04x}-{node:012x}"

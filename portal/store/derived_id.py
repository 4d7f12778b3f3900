"""Ids of what there is one of for its parts, so that doing it again finds or repeats the same."""

import hashlib
from typing import Final

__all__ = ["derived_id"]

_LENGTH: Final = 32  # hexadecimal digits: 128 bits, as random ids have


def derived_id(*parts: str) -> str:
    """The id of what these parts name, in hexadecimal digits; none of them may have a NUL."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_LENGTH]

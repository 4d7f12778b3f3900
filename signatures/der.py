"""DER written piece by piece (X.690), and what reading it may raise.

asn1crypto reads, and writes what is small; a nested structure it encodes once for every level, and
a signed message takes thirty times as long as its signature.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from asn1crypto import core

__all__ = [
    "MALFORMED_ASN1",
    "explicit",
    "general_time",
    "identifier",
    "implicit",
    "integer",
    "octets",
    "sequence",
    "set_of",
    "time",
]

MALFORMED_ASN1: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What asn1crypto raises for bytes that are not what they should be."""

_OCTETS: Final = 0x04
_UTC_TIME: Final = 0x17
_GENERAL_TIME: Final = 0x18
_FIRST_GENERAL: Final = 2050  # year (RFC 5280, 4.1.2.5 and 5.1.2.4; RFC 5652, 11.3)
_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_CONSTRUCTED: Final = 0xA0  # of the context
_SHORT: Final = 0x80  # lengths below are written as they are


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of `parts`."""
    return _written(_SEQUENCE, b"".join(parts))


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF `parts`, in the order that DER gives them."""
    return _written(_SET, b"".join(sorted(parts)))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return _written(_OCTETS, content)


def integer(number: int) -> bytes:
    """INTEGER."""
    der: bytes = core.Integer(number).dump()
    return der


def identifier(dotted: str) -> bytes:
    """OBJECT IDENTIFIER."""
    der: bytes = core.ObjectIdentifier(dotted).dump()
    return der


def time(moment: dt.datetime) -> bytes:
    """Time: UTCTime before 2050, from then on GeneralizedTime; whole seconds, rounded down."""
    utc = moment.astimezone(dt.UTC)
    if utc.year < _FIRST_GENERAL:
        return _written(_UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return general_time(utc)


def general_time(moment: dt.datetime) -> bytes:
    """GeneralizedTime; whole seconds, rounded down."""
    return _written(_GENERAL_TIME, f"{moment.astimezone(dt.UTC):%Y%m%d%H%M%SZ}".encode())


def explicit(number: int, part: bytes) -> bytes:
    """`part` inside of the tag [number]."""
    return _written(_CONSTRUCTED + number, part)


def implicit(number: int, part: bytes) -> bytes:
    """A SEQUENCE or SET with the tag [number] in place of its own."""
    return bytes([_CONSTRUCTED + number]) + part[1:]


def _written(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < _SHORT:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, _SHORT + len(size)]) + size + content

"""Bytes changed at random: noise on the wire, files cut off, parts of others in between."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

__all__ = ["altered", "bit_flipped", "noisy"]

_CHANGE_COUNTS: Final = (1, 1, 1, 2, 4)
_LONGEST_RUN: Final = 4_096  # bytes that are inserted at once
_ODD: Final = (0x00, 0x01, 0x0A, 0x20, 0x2D, 0x30, 0x3C, 0x7F, 0x80, 0x84, 0xFF)


def noisy(chance: Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    """`octets` with changes, or with one bit flipped, or cut short and with the end of a seed."""
    match chance.randrange(3):
        case 0:
            return altered(chance, octets)
        case 1:
            return bit_flipped(chance, octets)
    other = chance.choice(seeds)
    return octets[: _place(chance, octets)] + other[_place(chance, other) :]


def altered(chance: Random, octets: bytes) -> bytes:
    """`octets` with one to four changes."""
    for _ in range(chance.choice(_CHANGE_COUNTS)):
        octets = chance.choice(_CHANGES)(chance, octets)
    return octets


def bit_flipped(chance: Random, octets: bytes) -> bytes:
    """`octets` with another bit, if they have any."""
    at = _place(chance, octets)
    flipped = bytes(each ^ 1 << chance.randrange(8) for each in octets[at : at + 1])
    return octets[:at] + flipped + octets[at + 1 :]


def _byte_replaced(chance: Random, octets: bytes) -> bytes:
    at = _place(chance, octets)
    return octets[:at] + bytes([chance.choice(_ODD)]) + octets[at + 1 :]


def _some_deleted(chance: Random, octets: bytes) -> bytes:
    at = _place(chance, octets)
    return octets[:at] + octets[at + chance.choice((1, 1, 2, 8, 100)) :]


def _some_inserted(chance: Random, octets: bytes) -> bytes:
    at = _place(chance, octets)
    return octets[:at] + chance.randbytes(chance.choice((1, 1, 2, 8))) + octets[at:]


def _run_inserted(chance: Random, octets: bytes) -> bytes:
    at = _place(chance, octets)
    run = bytes([chance.choice(_ODD)]) * chance.randint(1, _LONGEST_RUN)
    return octets[:at] + run + octets[at:]


def _some_repeated(chance: Random, octets: bytes) -> bytes:
    at = _place(chance, octets)
    until = at + chance.choice((1, 4, 64, 1_000))
    return octets[:until] * chance.choice((1, 1, 3)) + octets[at:]


def _cut_off(chance: Random, octets: bytes) -> bytes:
    return octets[: _place(chance, octets)]


def _some_swapped(chance: Random, octets: bytes) -> bytes:
    first, second, third = sorted(_place(chance, octets) for _ in range(3))
    return octets[:first] + octets[second:third] + octets[first:second] + octets[third:]


_Change = Callable[[Random, bytes], bytes]
_CHANGES: Final[Sequence[_Change]] = (
    bit_flipped, bit_flipped, bit_flipped, _byte_replaced, _some_deleted, _some_inserted,
    _run_inserted, _some_repeated, _cut_off, _some_swapped,
)  # fmt: skip


def _place(chance: Random, octets: bytes) -> int:
    return chance.randrange(len(octets) + 1)

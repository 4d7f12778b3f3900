"""Variations: which values a key of the scenario takes, and the grid that several of them span."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from scenarios.durations import parse_duration
from world.microseconds import SECOND_US

__all__ = [
    "MOST_POINTS",
    "Point",
    "Variation",
    "VariationError",
    "grid",
    "overrides_of",
    "parse_variation",
    "point_name",
]

MOST_POINTS: Final = 10_000  # of a grid: more than anybody reads, days of work
_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_RANGE: Final = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?")
_OPENING: Final = {"[": "]", "{": "}", "(": ")"}

Point = tuple[str, ...]


class VariationError(ValueError):
    """A variation that says nothing: `code` is `syntax`, `range`, `repeated` or `many`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Variation:
    """A key as `--set` has it and the values it takes, as they are written, in order."""

    key: str
    values: tuple[str, ...]

    @property
    def numbers(self) -> list[float] | None:
        """The values as numbers, durations in seconds; None if one of them is neither."""
        found = [_number(value) for value in self.values]
        return None if None in found else [number for number in found if number is not None]


def parse_variation(word: str) -> Variation:
    """`KEY=4,8,16`, `KEY=1..10` or `KEY=0.1..0.5:0.1` (both ends included); commas inside brackets
    and quotes belong to a value. Raises VariationError."""
    key, separator, text = word.partition("=")
    key = key.strip()
    if not separator or not all(key.split(".")) or not text.strip():
        raise VariationError("syntax")
    values = [value for part in _parts(text) for value in _values(part)]
    if len(values) > MOST_POINTS:
        raise VariationError("many")
    if len(set(values)) < len(values):
        raise VariationError("repeated")
    return Variation(key, tuple(values))


def _values(part: str) -> list[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        if not part or ".." in part:
            raise VariationError("range" if part else "syntax")
        return [part]
    first, last, step = (Decimal(end) for end in (found[1], found[2], found[3] or "1"))
    whole = "." not in found[1] + found[2]
    if step <= 0 or last < first or not (whole or found[3]):
        raise VariationError("range")
    if (last - first) / step >= MOST_POINTS:
        raise VariationError("many")
    return [str(first + step * i) for i in range(int((last - first) / step) + 1)]


def _parts(text: str) -> list[str]:
    """`text` parted by the commas that are in no brackets and no quotes."""
    parts, begin = [], 0
    closing: list[str] = []
    for place, letter in enumerate(text):
        if closing and letter == closing[-1]:
            closing.pop()
        elif closing and closing[-1] in "'\"":
            continue
        elif letter in _OPENING:
            closing.append(_OPENING[letter])
        elif letter in "'\"":
            closing.append(letter)
        elif letter == "," and not closing:
            parts.append(text[begin:place].strip())
            begin = place + 1
    if closing:
        raise VariationError("syntax")
    return [*parts, text[begin:].strip()]


def _number(value: str) -> float | None:
    for read in (float, _seconds):
        with suppress(ValueError):
            return read(value)
    return None


def _seconds(value: str) -> float:
    return parse_duration(value) / SECOND_US


def grid(variations: Sequence[Variation]) -> list[Point]:
    """Every combination of the values, the last key changing fastest."""
    return [*product(*(variation.values for variation in variations))]


def overrides_of(variations: Sequence[Variation], point: Point) -> tuple[str, ...]:
    """The point as `--set` words."""
    return tuple(f"{v.key}={value}" for v, value in zip(variations, point, strict=True))


def point_name(variations: Sequence[Variation], point: Point) -> str:
    """The point for a person."""
    return ", ".join(overrides_of(variations, point))

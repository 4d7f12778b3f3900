"""Attributes of one person or organization: each a keyed draw under the attribute's own name."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from world import draws
from world.population import chosen

__all__ = ["Attributes", "stream_of"]

T = TypeVar("T")
S = TypeVar("S", bound=Hashable)

_name_key = cache(draws.text_key)


@lru_cache(64)
def _sort_key(sort: str, seed: int) -> int:
    return draws.combine(draws.text_key(sort), seed)


def stream_of(sort: str, seed: int) -> int:
    """Key from which `draws.combine(stream, index)` makes that of an entity's draws."""
    return _sort_key(sort, seed)


class Attributes:
    """Draws of the entity `index` among all of one `sort` in the country `seed`.

    An attribute that is asked for several times takes the places `k` = 0, 1, …
    """

    __slots__ = ("_entity",)

    def __init__(self, sort: str, seed: int, index: int) -> None:
        self._entity = draws.combine(_sort_key(sort, seed), index)

    def unit(self, attribute: str, k: int = 0) -> float:
        """Strictly between 0 and 1."""
        return draws.uniform(self._entity, _name_key(attribute), 0, k)

    def below(self, attribute: str, bound: int, k: int = 0) -> int:
        """A whole number from 0 to `bound` - 1."""
        return int(self.unit(attribute, k) * bound)

    def one_of(self, attribute: str, values: Sequence[T], k: int = 0) -> T:
        """Each of `values` as likely as any other."""
        return values[self.below(attribute, len(values), k)]

    def by_share(self, attribute: str, shares: Mapping[S, float]) -> S:
        """Each of `shares` with its share; they sum to 1."""
        return chosen(shares, self.unit(attribute))

    def day(self, attribute: str, first: dt.date, last: dt.date) -> dt.date:
        """A day from `first` to `last`, both included."""
        return first + dt.timedelta(days=self.below(attribute, (last - first).days + 1))

    def digits(self, attribute: str, count: int) -> str:
        """`count` decimal digits."""
        return f"{self.below(attribute, 10**count):0{count}}"

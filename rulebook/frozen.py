"""An immutable mapping that, unlike `types.MappingProxyType`, can be hashed and pickled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co]):
    """A read-only copy of `entries` in their order; equal to any mapping with the same items."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[K, V_co] | None = None) -> None:
        self._entries: dict[K, V_co] = dict(entries or {})

    def __getitem__(self, key: K) -> V_co:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        return f"FrozenMapping({self._entries!r})"


NOTHING: FrozenMapping[Any, Any] = FrozenMapping()
"""The empty mapping, a safe default of a field."""

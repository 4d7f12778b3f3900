"""A unit of work: what one use case reads and changes, committed together."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from portal.ports.store import Document, JournalEntry, Store
from portal.store.entity import Entity, change_of, deletion_of, restored

__all__ = ["Unit"]

E = TypeVar("E", bound=Entity)


class Unit:
    """Reads through `store` and keeps changes back until `commit`; what it has put it also finds.

    A record is changed by putting another in its place: `unit.put(replace(account, ...))`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._put: dict[tuple[str, str], Entity] = {}
        self._deleted: dict[tuple[str, str], Entity] = {}
        self._entries: list[JournalEntry] = []

    def get(self, kind: type[E], entity_id: str) -> E | None:
        """The record of that id; None if there is none."""
        place = (kind.KIND, entity_id)
        if place in self._deleted:
            return None
        held = self._put.get(place)
        if isinstance(held, kind):
            return held
        document = self._store.get(*place)
        return None if document is None else restored(kind, document)

    def find(
        self, kind: type[E], key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[E]:
        """Records that have `key` with that value, by id, so many at most above `after`."""
        found = self._store.find(kind.KIND, key, value, after=after, limit=self._more(limit))
        held = [each for each in self._held(kind) if _key(each, key) == value and each.id > after]
        return sorted([*self._unchanged(kind, found), *held], key=attrgetter("id"))[:limit]

    def latest(
        self, kind: type[E], key: str, *, above: str, below: str, limit: int | None = None
    ) -> list[E]:
        """Records whose `key` is between these values, so many at most, the highest first."""
        more = self._more(limit)
        found = self._store.latest(kind.KIND, key, above=above, below=below, limit=more)

        def place(each: E) -> tuple[str, str]:
            return _key(each, key) or "", each.id

        held = [each for each in self._held(kind) if above < place(each)[0] < below]
        return sorted([*self._unchanged(kind, found), *held], key=place, reverse=True)[:limit]

    def one(self, kind: type[E], key: str, value: str) -> E | None:
        """The first of them; the only one for a unique key."""
        return next(iter(self.find(kind, key, value, limit=1)), None)

    def put(self, entity: E) -> E:
        """Keep `entity` as it is from now on; returns it, in place of one that was deleted with the
        version of that."""
        place = (entity.KIND, entity.id)
        gone = self._deleted.pop(place, None)
        kept = entity if gone is None else replace(entity, version=gone.version)
        self._put[place] = kept
        return kept

    def delete(self, entity: Entity) -> None:
        """Keep it no longer."""
        place = (entity.KIND, entity.id)
        self._put.pop(place, None)
        self._deleted[place] = entity

    def note(self, subject: str, body: bytes) -> None:
        """Write a line about `subject` into the journal when this is committed."""
        self._entries.append(JournalEntry(subject=subject, body=body))

    def commit(self) -> None:
        """Do it all, or nothing and raise Conflict."""
        changes = [change_of(entity) for entity in self._put.values()]
        changes += [deletion_of(entity) for entity in self._deleted.values() if entity.version]
        if changes or self._entries:
            self._store.commit(changes, self._entries)

    def _more(self, limit: int | None) -> int | None:
        """So many as are left of when those that have been changed are taken away."""
        return None if limit is None else limit + len(self._put) + len(self._deleted)

    def _unchanged(self, kind: type[E], found: Iterable[Document]) -> Iterator[E]:
        changed = self._put.keys() | self._deleted.keys()
        return (restored(kind, each) for each in found if (each.kind, each.id) not in changed)

    def _held(self, kind: type[E]) -> Iterator[E]:
        return (entity for entity in self._put.values() if isinstance(entity, kind))


def _key(entity: Entity, key: str) -> str | None:
    """The value of a key; None if the record has not got it."""
    return {**entity.keys(), **entity.unique()}.get(key)

"""A unit of work: what one use case reads and changes, committed together."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from portal.ports.store import JournalEntry, Store
from portal.store.entity import Entity, change_of, restored

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

    def find(self, kind: type[E], key: str, value: str) -> list[E]:
        """Records that have `key` with that value, by id."""
        stored = {d.id: restored(kind, d) for d in self._store.find(kind.KIND, key, value)}
        for entity_id in list(stored):
            if (kind.KIND, entity_id) in self._deleted or (kind.KIND, entity_id) in self._put:
                del stored[entity_id]
        for entity in self._held(kind):
            if {**entity.keys(), **entity.unique()}.get(key) == value:
                stored[entity.id] = entity
        return [stored[entity_id] for entity_id in sorted(stored)]

    def one(self, kind: type[E], key: str, value: str) -> E | None:
        """The first of them; the only one for a unique key."""
        return next(iter(self.find(kind, key, value)), None)

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
        changes += [
            replace(change_of(entity), body=None)
            for entity in self._deleted.values()
            if entity.version
        ]
        if changes or self._entries:
            self._store.commit(changes, self._entries)

    def _held(self, kind: type[E]) -> Iterator[E]:
        return (entity for entity in self._put.values() if isinstance(entity, kind))

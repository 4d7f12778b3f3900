"""The commits of a group, checked one after the other and written together.

Nobody else writes meanwhile, so what was read at the beginning and what earlier commits of the
group do decides whether the next is in conflict; nothing has to be undone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from portal.ports.store import Change, Conflict, JournalEntry
from portal.store.tables import document_keys, documents

__all__ = ["Group", "Work"]

Place: TypeAlias = tuple[str, str]
"""Kind and id of a document."""
Claim: TypeAlias = tuple[str, str, str]
"""Kind, name and value of a unique key."""

_UNIQUE: Final = select(
    document_keys.c.kind, document_keys.c.id, document_keys.c.name, document_keys.c.value
).where(document_keys.c.is_unique)
_IS_IT: Final = (documents.c.kind == bindparam("its_kind"), documents.c.id == bindparam("its_id"))
_REPLACE: Final = (
    update(documents)
    .where(*_IS_IT)
    .values(version=bindparam("new_version"), body=bindparam("new_body"))
)
_DELETE: Final = delete(documents).where(*_IS_IT)
_FORGET_KEYS: Final = delete(document_keys).where(
    document_keys.c.kind == bindparam("its_kind"), document_keys.c.id == bindparam("its_id")
)
_INSERT: Final = insert(documents)
_INSERT_KEYS: Final = insert(document_keys)


@dataclass(frozen=True, slots=True)
class Work:
    """What one commit is to do."""

    changes: Sequence[Change]
    entries: Sequence[JournalEntry]


class Group:
    """The documents that `works` are about, as they are and as they will be."""

    def __init__(self, connection: Connection, works: Sequence[Work]) -> None:
        self._connection = connection
        changes = [change for work in works for change in work.changes]
        places = list({_place(change) for change in changes})
        claims = list({claim for change in changes for claim in _claims(change)})
        self._before: dict[Place, int] = {}
        self._holders: dict[Claim, str] = {}
        self._claims: dict[Place, set[Claim]] = {}
        if places:
            found = _found(connection, _versions, places)
            self._before = {(kind, document_id): version for kind, document_id, version in found}
        if self._before:
            self._keep_claims(_found(connection, _claims_of, list(self._before)))
        if claims:
            self._keep_claims(_found(connection, _holders, claims))
        self._versions = dict(self._before)
        self._after: dict[Place, Change] = {}

    def add(self, work: Work) -> Conflict | None:
        """Do it with the others, or nothing of it: the conflict."""
        changed = {_place(change) for change in work.changes}
        claimed: set[Claim] = set()
        for change in work.changes:
            if self._versions.get(_place(change), 0) != change.version:
                return Conflict(f"{change.kind} {change.id}")
            for claim in _claims(change):
                holder = self._holders.get(claim)
                is_held = holder is not None and (change.kind, holder) not in changed
                if is_held or claim in claimed:
                    return Conflict(f"{change.kind}.{claim[1]} {claim[2]}")
                claimed.add(claim)
        for place in changed:
            for claim in self._claims.pop(place, ()):
                self._holders.pop(claim, None)
        for change in work.changes:
            self._keep(change)
        return None

    def write(self) -> None:
        """All that was added."""
        changes = self._after.values()
        former = [change for change in changes if _place(change) in self._before]
        self._do(_FORGET_KEYS, [_where(change) for change in former])
        self._do(_DELETE, [_where(change) for change in former if change.body is None])
        self._do(
            _REPLACE,
            [
                {**_where(each), "new_version": each.version + 1, "new_body": each.body}
                for each in former
                if each.body is not None
            ],
        )
        kept = [change for change in changes if change.body is not None]
        self._do(
            _INSERT,
            [
                {"kind": each.kind, "id": each.id, "version": each.version + 1, "body": each.body}
                for each in kept
                if _place(each) not in self._before
            ],
        )
        self._do(_INSERT_KEYS, [key for change in kept for key in _keys(change)])

    def _do(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(statement, rows)

    def _keep_claims(self, rows: Sequence[Any]) -> None:
        for kind, document_id, name, value in rows:
            self._holders[kind, name, value] = document_id
            self._claims.setdefault((kind, document_id), set()).add((kind, name, value))

    def _keep(self, change: Change) -> None:
        place = _place(change)
        self._after[place] = change
        if change.body is None:
            self._versions.pop(place, None)
            return
        self._versions[place] = change.version + 1
        self._claims[place] = set(_claims(change))
        for claim in self._claims[place]:
            self._holders[claim] = change.id


def _found(
    connection: Connection,
    query: Callable[[int], Select[Any]],
    wanted: Iterable[tuple[str, ...]],
) -> Sequence[Any]:
    """Rows of what is wanted, each named by words that many have in common and one of its own."""
    common: dict[tuple[str, ...], list[str]] = {}
    for row in wanted:
        common.setdefault(row[:-1], []).append(row[-1])
    values: dict[str, object] = {}
    for number, (words, owns) in enumerate(common.items()):
        values |= {f"word_{number}_{place}": word for place, word in enumerate(words)}
        values[f"owns_{number}"] = owns
    return connection.execute(query(len(common)), values).all()


def _any_of(count: int, columns: Sequence[Column[str]]) -> ColumnElement[bool]:
    """`count` alternatives: all columns but the last are one's words, the last is among its own.
    SQLite looks each up in an index, as it would not look up a row among rows."""
    *common, own = columns
    alternatives = (
        and_(
            *(column == bindparam(f"word_{number}_{place}") for place, column in enumerate(common)),
            own.in_(bindparam(f"owns_{number}", expanding=True)),
        )
        for number in range(count)
    )
    return or_(*alternatives)


@lru_cache
def _versions(count: int) -> Select[Any]:
    wanted = _any_of(count, (documents.c.kind, documents.c.id))
    return select(documents.c.kind, documents.c.id, documents.c.version).where(wanted)


@lru_cache
def _claims_of(count: int) -> Select[Any]:
    return _UNIQUE.where(_any_of(count, (document_keys.c.kind, document_keys.c.id)))


@lru_cache
def _holders(count: int) -> Select[Any]:
    columns = (document_keys.c.kind, document_keys.c.name, document_keys.c.value)
    return _UNIQUE.where(_any_of(count, columns))


def _place(change: Change) -> Place:
    return change.kind, change.id


def _claims(change: Change) -> list[Claim]:
    if change.body is None:
        return []
    return [(change.kind, name, value) for name, value in change.unique.items()]


def _where(change: Change) -> dict[str, Any]:
    return {"its_kind": change.kind, "its_id": change.id}


def _keys(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "kind": change.kind,
            "name": name,
            "value": value,
            "id": change.id,
            "is_unique": name in change.unique,
        }
        for name, value in {**change.keys, **change.unique}.items()
    ]

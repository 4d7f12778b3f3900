"""A store in a database: SQLite in a file, or PostgreSQL.

One thread writes (`group_commit`): the commits of a group are one transaction, so they share the
cost of reaching the disk, and each has a savepoint of its own, so one that is in conflict undoes
nobody else's. What `commit` has returned for is on the disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.ports.store import Change, Conflict, Document, JournalEntry, JournalLine
from portal.store.database import alone, engines, migrate
from portal.store.group_commit import GroupWriter
from portal.store.journal_chain import FIRST, digest_of
from portal.store.tables import document_keys, documents, journal

__all__ = ["SqlStore"]

_IS_IT: Final = (documents.c.kind == bindparam("its_kind"), documents.c.id == bindparam("its_id"))
_AS_IT_WAS: Final = (*_IS_IT, documents.c.version == bindparam("its_version"))
_COLUMNS: Final = (documents.c.kind, documents.c.id, documents.c.version, documents.c.body)
_BY_KEY: Final = (
    select(*_COLUMNS)
    .join_from(
        document_keys,
        documents,
        (documents.c.kind == document_keys.c.kind) & (documents.c.id == document_keys.c.id),
    )
    .where(
        document_keys.c.kind == bindparam("its_kind"), document_keys.c.name == bindparam("its_key")
    )
)

_GET: Final = select(*_COLUMNS).where(*_IS_IT)
_FIND: Final = _BY_KEY.where(document_keys.c.value == bindparam("its_value")).order_by(
    document_keys.c.id
)
_UP_TO: Final = _BY_KEY.where(document_keys.c.value <= bindparam("its_value")).order_by(
    document_keys.c.value, document_keys.c.id
)
_LINES: Final = (
    select(journal).where(journal.c.number > bindparam("after")).order_by(journal.c.number)
)
_LAST_LINE: Final = (
    select(journal.c.number, journal.c.digest).order_by(journal.c.number.desc()).limit(1)
)
_REPLACE: Final = (
    update(documents)
    .where(*_AS_IT_WAS)
    .values(version=documents.c.version + 1, body=bindparam("new_body"))
)
_DELETE: Final = delete(documents).where(*_AS_IT_WAS)
_FORGET_KEYS: Final = delete(document_keys).where(
    document_keys.c.kind == bindparam("its_kind"), document_keys.c.id == bindparam("its_id")
)
_INSERT: Final = insert(documents)
_INSERT_KEYS: Final = insert(document_keys)
_INSERT_LINES: Final = insert(journal)


@dataclass(frozen=True, slots=True)
class _Work:
    changes: Sequence[Change]
    entries: Sequence[JournalEntry]


class SqlStore:
    """The port `Store` in the database at `url`: `sqlite:///FILE`, `postgresql://…`.

    Tables are made or brought up to date at once. Raises WrongUrl, and SQLAlchemyError while the
    database cannot be reached. A context manager: it is closed at the end.
    """

    def __init__(self, url: str) -> None:
        self._reader, self._writer = engines(url)
        migrate(self._writer)
        self._group = GroupWriter(self._write)

    def __enter__(self) -> "SqlStore":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what is being committed and let the database go."""
        self._group.close()
        self._reader.dispose()
        self._writer.dispose()

    def erase(self) -> None:
        """Forget everything, the journal too: the stand it serves begins anew."""
        with self._writer.begin() as connection:
            alone(connection)
            for table in (document_keys, documents, journal):
                connection.execute(delete(table))

    # --- the port

    def get(self, kind: str, document_id: str) -> Document | None:
        """As the port says."""
        found = self._found(_GET, its_kind=kind, its_id=document_id)
        return Document(*found[0]) if found else None

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        query = _FIND if not after else _FIND.where(document_keys.c.id > bindparam("after"))
        marks = {"after": after} if after else {}
        query = query if limit is None else query.limit(limit)
        found = self._found(query, its_kind=kind, its_key=key, its_value=value, **marks)
        return [Document(*row) for row in found]

    def up_to(self, kind: str, key: str, value: str, limit: int) -> list[Document]:
        """As the port says."""
        found = self._found(_UP_TO.limit(limit), its_kind=kind, its_key=key, its_value=value)
        return [Document(*row) for row in found]

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """As the port says."""
        self._group.do(_Work(changes, entries))

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        query = _LINES if subject is None else _LINES.where(journal.c.subject == subject)
        found = self._found(query if limit is None else query.limit(limit), after=after)
        return [
            JournalLine(number=row.number, subject=row.subject, body=row.body, digest=row.digest)
            for row in found
        ]

    # --- inside

    def _found(self, query: Select[Any], **values: object) -> Sequence[Any]:
        with self._reader.connect() as connection:
            return connection.execute(query, values).all()

    def _write(self, works: Sequence[_Work]) -> list[Exception | None]:
        answers: list[Exception | None] = []
        with self._writer.begin() as connection:
            alone(connection)
            lines = _Lines(connection)
            for work in works:
                try:
                    with connection.begin_nested():
                        _change(connection, work.changes)
                except Exception as why:
                    answers.append(why)
                else:
                    lines.add(work.entries)
                    answers.append(None)
            lines.write()
        return answers


class _Lines:
    """Lines that go on from the journal's last one; nobody else writes any meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        last = connection.execute(_LAST_LINE).first()
        self._number: int = 0 if last is None else last.number
        self._digest: bytes = FIRST if last is None else last.digest
        self._rows: list[dict[str, object]] = []

    def add(self, entries: Sequence[JournalEntry]) -> None:
        for entry in entries:
            self._number += 1
            self._digest = digest_of(self._digest, self._number, entry.subject, entry.body)
            self._rows.append(
                {
                    "number": self._number,
                    "subject": entry.subject,
                    "body": entry.body,
                    "digest": self._digest,
                }
            )

    def write(self) -> None:
        if self._rows:
            self._connection.execute(_INSERT_LINES, self._rows)


def _change(connection: Connection, changes: Sequence[Change]) -> None:
    """Do all of it; Conflict."""
    # Keys of all go first: one document may take what another of the same commit gives up.
    former = [_place(change) for change in changes if change.version]
    if former:
        connection.execute(_FORGET_KEYS, former)
    for change in changes:
        _keep(connection, change)
    keys = [key for change in changes if change.body is not None for key in _keys(change)]
    try:
        if keys:
            connection.execute(_INSERT_KEYS, keys)
    except IntegrityError:
        of_whom = ", ".join(f"{change.kind} {change.id}" for change in changes if change.unique)
        raise Conflict(f"a unique key of {of_whom}") from None


def _keep(connection: Connection, change: Change) -> None:
    """The document alone, without its keys."""
    was = {**_place(change), "its_version": change.version}
    if change.version and change.body is not None:
        done = connection.execute(_REPLACE, {**was, "new_body": change.body}).rowcount
    elif change.version:
        done = connection.execute(_DELETE, was).rowcount
    elif change.body is None:
        done = connection.execute(_GET, _place(change)).first() is None
    else:
        row = {"kind": change.kind, "id": change.id, "version": 1, "body": change.body}
        try:
            done = connection.execute(_INSERT, row).rowcount
        except IntegrityError:
            done = 0
    if not done:
        raise Conflict(f"{change.kind} {change.id}")


def _place(change: Change) -> dict[str, object]:
    return {"its_kind": change.kind, "its_id": change.id}


def _keys(change: Change) -> list[dict[str, object]]:
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

"""A store in a database: SQLite in a file, or PostgreSQL.

One thread writes (`group_commit`): the commits of a group are one transaction, so they share the
cost of reaching the disk; one that is in conflict is left out and undoes nobody else's
(`changes_of_group`). What `commit` has returned for is on the disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, insert, select

from portal.ports.store import Change, Document, JournalEntry, JournalLine
from portal.store.changes_of_group import Group, Work
from portal.store.database import alone, engines, migrate
from portal.store.group_commit import GroupWriter
from portal.store.journal_chain import FIRST, digest_of
from portal.store.kept_journal import line_of
from portal.store.prepared import Reader
from portal.store.tables import document_keys, documents, journal

__all__ = ["SqlStore"]

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

_FIND: Final = (
    _BY_KEY.where(document_keys.c.value == bindparam("its_value"))
    .order_by(document_keys.c.id)
    .limit(bindparam("most"))
)
_LINES: Final = select(journal.c.number, journal.c.subject, journal.c.body, journal.c.digest)
_LINES_AFTER: Final = (
    _LINES.where(journal.c.number > bindparam("after"))
    .order_by(journal.c.number)
    .limit(bindparam("most"))
)
_LATEST: Final = (
    _LINES.where(journal.c.number < bindparam("before"))
    .order_by(journal.c.number.desc())
    .limit(bindparam("most"))
)
_QUERIES: Final[Mapping[str, Select[Any]]] = {
    "get": select(*_COLUMNS).where(
        documents.c.kind == bindparam("its_kind"), documents.c.id == bindparam("its_id")
    ),
    "find": _FIND,
    "find_after": _FIND.where(document_keys.c.id > bindparam("after")),
    "up_to": _BY_KEY.where(document_keys.c.value <= bindparam("its_value"))
    .order_by(document_keys.c.value, document_keys.c.id)
    .limit(bindparam("most")),
    "between": _BY_KEY.where(
        document_keys.c.value > bindparam("above"), document_keys.c.value < bindparam("below")
    )
    .order_by(document_keys.c.value.desc(), document_keys.c.id.desc())
    .limit(bindparam("most")),
    "lines": _LINES_AFTER,
    "lines_of": _LINES_AFTER.where(journal.c.subject == bindparam("its_subject")),
    "latest": _LATEST,
    "latest_of": _LATEST.where(journal.c.subject == bindparam("its_subject")),
}
_ALL: Final = 2**62  # above every number and count, and within what databases take
_LAST_LINE: Final = (
    select(journal.c.number, journal.c.digest).order_by(journal.c.number.desc()).limit(1)
)
_INSERT_LINES: Final = insert(journal)


class SqlStore:
    """The port `Store` in the database at `url`: `sqlite:///FILE`, `postgresql://…`.

    Tables are made or brought up to date at once. Raises WrongUrl, and SQLAlchemyError while the
    database cannot be reached. A context manager: it is closed at the end.
    """

    def __init__(self, url: str) -> None:
        self._reading, self._writer = engines(url)
        migrate(self._writer)
        self._reader = Reader(self._reading, _QUERIES)
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
        self._reader.close()
        self._reading.dispose()
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
        found = self._reader.rows("get", {"its_kind": kind, "its_id": document_id})
        return Document(*found[0]) if found else None

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        asked: dict[str, Any] = {"its_kind": kind, "its_key": key, "its_value": value}
        asked["most"] = _ALL if limit is None else limit
        if after:
            asked["after"] = after
        return [
            Document(*row) for row in self._reader.rows("find_after" if after else "find", asked)
        ]

    def up_to(self, kind: str, key: str, value: str, limit: int) -> list[Document]:
        """As the port says."""
        asked = {"its_kind": kind, "its_key": key, "its_value": value, "most": limit}
        return [Document(*row) for row in self._reader.rows("up_to", asked)]

    def latest(
        self, kind: str, key: str, *, above: str, below: str, limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        asked = {"its_kind": kind, "its_key": key, "above": above, "below": below}
        rows = self._reader.rows("between", {**asked, "most": _ALL if limit is None else limit})
        return [Document(*row) for row in rows]

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """As the port says."""
        self._group.do(Work(tuple(map(_as_bytes, changes)), entries))

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        return self._lines("lines", subject, limit, after=after)

    def latest_lines(
        self, subject: str | None = None, *, before: int | None = None, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        return self._lines("latest", subject, limit, before=_ALL if before is None else before)

    # --- inside

    def _lines(
        self, query: str, subject: str | None, limit: int | None, **bound: int
    ) -> list[JournalLine]:
        asked: dict[str, Any] = {"most": _ALL if limit is None else limit}
        asked |= {name: min(max(number, 0), _ALL) for name, number in bound.items()}
        if subject is not None:
            query, asked["its_subject"] = f"{query}_of", subject
        return [line_of(*row) for row in self._reader.rows(query, asked)]

    def _write(self, works: Sequence[Work]) -> list[Exception | None]:
        try:
            return self._written(works)
        except Exception as why:
            if len(works) == 1:
                return [why]
        # One of them is such that the database fails: the others are not to fail with it.
        return [self._write([work])[0] for work in works]

    def _written(self, works: Sequence[Work]) -> list[Exception | None]:
        with self._writer.begin() as connection:
            alone(connection)
            group = Group(connection, works)
            lines = _Lines(connection)
            answers = [group.add(work) for work in works]
            for work, answer in zip(works, answers, strict=True):
                if answer is None:
                    lines.add(work.entries)
            group.write()
            lines.write()
        return list(answers)


def _as_bytes(change: Change) -> Change:
    """With the bytes of its body, so that the thread that writes for all has not to make them."""
    return change if change.body is None else replace(change, body=bytes(change.body))


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

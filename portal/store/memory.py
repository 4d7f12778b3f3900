"""A store that forgets everything with the process."""

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import attrgetter, itemgetter

from portal.ports.store import Change, Conflict, Document, JournalEntry, JournalLine
from portal.store.journal_chain import FIRST, digest_of

__all__ = ["MemoryStore"]


class MemoryStore:
    """The port `Store` in memory: documents as they are in a database, or as whatever they come as
    if they are `unwritten`, which is faster where nobody ever reads their bytes."""

    def __init__(self, *, unwritten: bool = False) -> None:
        self._lock = threading.Lock()
        self._unwritten = unwritten
        self._documents: dict[tuple[str, str], tuple[Document, Mapping[str, str]]] = {}
        self._by_key: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._taken: dict[tuple[str, str, str], str] = {}
        self._lines: list[JournalLine] = []
        self._about: dict[str, list[JournalLine]] = {}

    def get(self, kind: str, document_id: str) -> Document | None:
        """As the port says."""
        with self._lock:
            return self._found(kind, document_id)

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        with self._lock:
            entries = self._by_key.get((kind, key), [])
            start = (
                bisect_right(entries, (value, after))
                if after
                else bisect_left(entries, (value, ""))
            )
            found: list[Document] = []
            for entry_value, document_id in islice(entries, start, None):
                if entry_value != value or len(found) == limit:
                    break
                found.append(self._documents[kind, document_id][0])
            return found

    def up_to(self, kind: str, key: str, value: str, limit: int) -> list[Document]:
        """As the port says."""
        with self._lock:
            found: list[Document] = []
            for entry_value, document_id in self._by_key.get((kind, key), []):
                if entry_value > value or len(found) == limit:
                    break
                found.append(self._documents[kind, document_id][0])
            return found

    def latest(
        self, kind: str, key: str, *, above: str, below: str, limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        with self._lock:
            entries = self._by_key.get((kind, key), [])
            start = bisect_right(entries, above, key=itemgetter(0))
            end = bisect_left(entries, below, start, key=itemgetter(0))
            if limit is not None:
                start = max(start, end - limit)
            return [self._documents[kind, each][0] for _, each in reversed(entries[start:end])]

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """As the port says."""
        with self._lock:
            self._check(changes)
            for change in changes:
                self._forget(change.kind, change.id)
            for change in changes:
                self._keep(change)
            for entry in entries:
                self._write(entry)

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        with self._lock:
            lines = self._lines if subject is None else self._about.get(subject, [])
            start = bisect_right(lines, after, key=attrgetter("number"))
            return lines[start:] if limit is None else lines[start : start + limit]

    def latest_lines(
        self, subject: str | None = None, *, before: int | None = None, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        with self._lock:
            lines = self._lines if subject is None else self._about.get(subject, [])
            end = (
                len(lines)
                if before is None
                else bisect_left(lines, before, key=attrgetter("number"))
            )
            start = 0 if limit is None else max(end - limit, 0)
            return lines[start:end][::-1]

    def _found(self, kind: str, document_id: str) -> Document | None:
        found = self._documents.get((kind, document_id))
        return None if found is None else found[0]

    def _check(self, changes: Iterable[Change]) -> None:
        changed = {(change.kind, change.id) for change in changes}
        claimed: set[tuple[str, str, str]] = set()
        for change in changes:
            found = self._found(change.kind, change.id)
            if (found.version if found else 0) != change.version:
                raise Conflict(f"{change.kind} {change.id}")
            for name, value in change.unique.items() if change.body is not None else ():
                claim = (change.kind, name, value)
                holder = self._taken.get(claim)
                is_held = holder is not None and (change.kind, holder) not in changed
                if is_held or claim in claimed:
                    raise Conflict(f"{change.kind}.{name} {value}")
                claimed.add(claim)

    def _forget(self, kind: str, document_id: str) -> None:
        _, keys = self._documents.pop((kind, document_id), (None, {}))
        for name, value in keys.items():
            entries = self._by_key[kind, name]
            del entries[bisect_left(entries, (value, document_id))]
            if self._taken.get((kind, name, value)) == document_id:
                del self._taken[kind, name, value]

    def _keep(self, change: Change) -> None:
        if change.body is None:
            return
        body = change.body if self._unwritten else bytes(change.body)
        document = Document(change.kind, change.id, change.version + 1, body)
        keys = {**change.keys, **change.unique}
        self._documents[change.kind, change.id] = document, keys
        for name, value in keys.items():
            insort(self._by_key.setdefault((change.kind, name), []), (value, change.id))
        for name, value in change.unique.items():
            self._taken[change.kind, name, value] = change.id

    def _write(self, entry: JournalEntry) -> None:
        before = self._lines[-1].digest if self._lines else FIRST
        number = len(self._lines) + 1
        digest = digest_of(before, number, entry.subject, entry.body)
        line = JournalLine(number=number, subject=entry.subject, body=entry.body, digest=digest)
        self._lines.append(line)
        self._about.setdefault(entry.subject, []).append(line)

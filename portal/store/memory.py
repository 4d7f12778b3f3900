"""A store that forgets everything with the process."""

import threading
from bisect import bisect_left, insort
from collections.abc import Sequence

from portal.ports.store import Change, Conflict, Document, JournalEntry, JournalLine
from portal.store.journal_chain import FIRST, digest_of

__all__ = ["MemoryStore"]


class MemoryStore:
    """The port `Store` in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: dict[tuple[str, str], tuple[Document, Change]] = {}
        self._by_key: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._taken: dict[tuple[str, str, str], str] = {}
        self._lines: list[JournalLine] = []
        self._about: dict[str, list[JournalLine]] = {}

    def get(self, kind: str, document_id: str) -> Document | None:
        """As the port says."""
        found = self._documents.get((kind, document_id))
        return None if found is None else found[0]

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        """As the port says."""
        with self._lock:
            entries = self._by_key.get((kind, key), [])
            start = bisect_left(entries, (value, after + "\0" if after else ""))
            found: list[Document] = []
            for entry_value, document_id in entries[start:]:
                if entry_value != value or len(found) == limit:
                    break
                found.append(self._documents[kind, document_id][0])
            return found

    def up_to(self, kind: str, key: str, value: str, limit: int) -> list[Document]:
        """As the port says."""
        with self._lock:
            entries = self._by_key.get((kind, key), [])
            due = [document_id for entry_value, document_id in entries if entry_value <= value]
            return [self._documents[kind, document_id][0] for document_id in due[:limit]]

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """As the port says."""
        with self._lock:
            for change in changes:
                self._check(change, changes)
            for change in changes:
                self._apply(change)
            for entry in entries:
                self._write(entry)

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        """As the port says."""
        with self._lock:
            lines = self._lines if subject is None else self._about.get(subject, [])
            found = [line for line in lines if line.number > after]
            return found if limit is None else found[:limit]

    def _check(self, change: Change, changes: Sequence[Change]) -> None:
        found = self.get(change.kind, change.id)
        if (found.version if found else 0) != change.version:
            raise Conflict(f"{change.kind} {change.id}")
        leaving = {(each.kind, each.id) for each in changes}
        for name, value in change.unique.items() if change.body is not None else ():
            holder = self._taken.get((change.kind, name, value))
            if holder is not None and (change.kind, holder) not in leaving:
                raise Conflict(f"{change.kind}.{name} {value}")

    def _apply(self, change: Change) -> None:
        place = (change.kind, change.id)
        before = self._documents.pop(place, None)
        if before is not None:
            self._forget_keys(before[1])
        if change.body is None:
            return
        document = Document(change.kind, change.id, change.version + 1, change.body)
        self._documents[place] = document, change
        for name, value in (*change.keys.items(), *change.unique.items()):
            insort(self._by_key.setdefault((change.kind, name), []), (value, change.id))
        for name, value in change.unique.items():
            self._taken[change.kind, name, value] = change.id

    def _forget_keys(self, change: Change) -> None:
        for name, value in (*change.keys.items(), *change.unique.items()):
            entries = self._by_key[change.kind, name]
            del entries[bisect_left(entries, (value, change.id))]
        for name, value in change.unique.items():
            if self._taken.get((change.kind, name, value)) == change.id:
                del self._taken[change.kind, name, value]

    def _write(self, entry: JournalEntry) -> None:
        before = self._lines[-1].digest if self._lines else FIRST
        number = len(self._lines) + 1
        digest = digest_of(before, number, entry.subject, entry.body)
        line = JournalLine(number=number, subject=entry.subject, body=entry.body, digest=digest)
        self._lines.append(line)
        self._about.setdefault(entry.subject, []).append(line)

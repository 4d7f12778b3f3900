"""Where the portal keeps what it knows: documents with keys, and the journal of what was done.

A document is one aggregate (an account, an application) as JSON, with a version; `bytes(body)` is
that JSON, which a store that forgets with the process need not ask for. What a use case
changes is committed together or not at all; a document that another has changed meanwhile, or a
unique key that another has taken, is a Conflict, and the use case is done anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, SupportsBytes

__all__ = ["Change", "Conflict", "Document", "JournalEntry", "JournalLine", "Store"]


class Conflict(Exception):
    """Somebody else was first: the message names the document or the key."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is kept under `id`; versions count from 1."""

    kind: str
    id: str
    version: int
    body: SupportsBytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A document as it is to be: `version` is the one it had (0: it is new), a `body` of None
    deletes it. `keys` are those it is found by, `unique` those that no other of its kind may have.
    """

    kind: str
    id: str
    version: int
    body: SupportsBytes | None
    keys: Mapping[str, str]
    unique: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What is to be written into the journal (AUD-01): `body` is JSON."""

    subject: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """A line of the journal: its `number` counts from 1 without gaps, `digest` chains it to the one
    before."""

    number: int
    subject: str
    body: bytes
    digest: bytes


class Store(Protocol):
    """Keeps documents and the journal. Thread-safe; what `commit` has done survives a crash, as
    far as the store is one that does."""

    def get(self, kind: str, document_id: str) -> Document | None:
        """The document; None if there is none."""

    def find(
        self, kind: str, key: str, value: str, *, after: str = "", limit: int | None = None
    ) -> list[Document]:
        """Documents that have `key` with that value, by id, from the first above `after`."""

    def up_to(self, kind: str, key: str, value: str, limit: int) -> list[Document]:
        """Documents whose `key` is not above `value`, by key and id: what is due."""

    def latest(
        self, kind: str, key: str, *, above: str, below: str, limit: int | None = None
    ) -> list[Document]:
        """Documents whose `key` is between these values, neither included, the highest value (and
        id) first."""

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """Do all of it, or nothing and raise Conflict."""

    def journal(
        self, subject: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[JournalLine]:
        """Lines about `subject` (of everything if None) with numbers above `after`."""

    def latest_lines(
        self, subject: str | None = None, *, before: int | None = None, limit: int | None = None
    ) -> list[JournalLine]:
        """The same lines with numbers below `before` (None: all of them), the latest first."""

"""A store that looks at every change: may this state follow that one, does the journal hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from portal.accounts.account import ACCOUNT_STATES
from portal.applications.application import APPLICATION_STATES
from portal.binding.binding import BINDING_STATES
from portal.certificates.bound_certificate import CERTIFICATE_STATES
from portal.organizations.organization import ORGANIZATION_STATES
from portal.payments.payment import PAYMENT_STATES
from portal.ports.store import Change, JournalEntry
from portal.state_table import StateTable
from portal.store.journal_chain import FIRST, digest_of
from portal.store.memory import MemoryStore
from portal.verification.verification import CHECK_STATES

__all__ = ["WatchedStore"]

_TABLES: Final[Mapping[str, StateTable[Any]]] = {
    "account": ACCOUNT_STATES,
    "application": APPLICATION_STATES,
    "binding": BINDING_STATES,
    "certificate": CERTIFICATE_STATES,
    "organization": ORGANIZATION_STATES,
    "payment": PAYMENT_STATES,
    "verification": CHECK_STATES,
}
# A binding that a signature confirms is asked for and confirmed in one commit, and so is a payment
# that is tried anew.
_STEPS: Final[Mapping[str, int]] = {"binding": 2, "payment": 2}


class WatchedStore(MemoryStore):
    """Remembers in `illegal` each state that no transition of its table leads to, and in
    `broken_line` the first line of the journal that does not fit the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.illegal: list[str] = []
        self.broken_line: int | None = None
        self._last = FIRST
        self._lines_seen = 0

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        """As the port says."""
        before = [self.get(each.kind, each.id) for each in changes]
        super().commit(changes, entries)
        for change, known in zip(changes, before, strict=True):
            if change.body is not None and change.kind in _TABLES:
                old = {} if known is None else dict(_states(change.kind, bytes(known.body)))
                self._compare(change, old)
        self._read_on()

    def _compare(self, change: Change, old: Mapping[str, str]) -> None:
        table = _TABLES[change.kind]
        for part, state in _states(change.kind, bytes(change.body or b"")):
            before = old.get(part, table.first)
            if state not in _reached(table, before, _STEPS.get(change.kind, 1)):
                self.illegal.append(f"{change.kind}{part}: {before} -> {state}")

    def _read_on(self) -> None:
        for line in self.journal(after=self._lines_seen):
            self._lines_seen += 1
            digest = digest_of(self._last, line.number, line.subject, line.body)
            if (line.number, line.digest) != (self._lines_seen, digest):
                self.broken_line = self.broken_line or line.number
            self._last = line.digest


def _states(kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """The states in a document, by the part they are of."""
    document = json.loads(body)
    if kind == "verification":
        for agency, check in document["checks"].items():
            yield f" {agency}", check["state"]
    else:
        yield "", document["state"]


def _reached(table: StateTable[Any], state: str, steps: int) -> set[str]:
    """The states that so many transitions at most lead to."""
    reached = {state}
    for _ in range(steps):
        reached |= {after for (before, _), after in table.transitions.items() if before in reached}
    return reached

"""A portal over SQLite whose registries answer in process, at once: what is measured is its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from benchmarks.portal_applicants import Applicants
from mocks import running
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.adapters.given_clock import GivenClock
from portal.adapters.system_entropy import SystemEntropy
from portal.portal import Portal
from portal.ports.messenger import Fate, Letter
from portal.ports.registers import RegisterChange, RegisterRecord
from portal.registries.http_client import Answer, HttpClient
from portal.registries.signatures import RegistrySignatures
from portal.registries.wiring import ports_at, virtual
from portal.store.sql_store import SqlStore
from rulebook import Kind

__all__ = ["portal_over"]

_START = "2026-04-20T10:00"


class _Records:
    """The port `Registers` over records that are there already."""

    def __init__(self, records: dict[str, RegisterRecord]) -> None:
        self._records = records

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        found = self._records.get(number)
        return found if found is not None and found.kind == kind else None

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        return ()


class _Letters:
    """A gateway that takes everything."""

    def send(self, letter: Letter) -> None:
        pass

    def fate(self, letter: Letter) -> Fate:
        return "delivered"


class _RememberedClient(HttpClient):
    """Lists and statuses as they were answered the first time: the clock stands."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._answers: dict[tuple[str, str, bytes | None], Answer] = {}

    def bytes(self, method: str, path: str, **options: Any) -> Answer:
        key = method, path, options.get("body")
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = super().bytes(method, path, **options)
        return found


@contextmanager
def portal_over(database: str, seed: int = 1) -> Iterator[tuple[Portal, Applicants]]:
    """A portal over the database at an URL, and applicants for it."""
    with running(seed=seed, start=_START) as here, SqlStore(database) as store:
        clock = GivenClock(here.core.calendar, here.core.tenant().clock.local)
        applicants = Applicants(here.core)
        conditions, address = virtual(clock), f"{here.url}/main"
        trust, statuses = (
            _RememberedClient(name, f"{address}/{name}", conditions)
            for name in ("ca_registry", "cert_status")
        )
        ports = ports_at(
            address,
            clock=clock,
            entropy=SystemEntropy(),
            passwords=Argon2Passwords(),
            store=store,
            conditions=conditions,
        )
        ports = replace(
            ports,
            registers=_Records(applicants.records),
            messenger=_Letters(),
            signatures=RegistrySignatures(trust, statuses, clock),
        )
        yield Portal(ports, here.core.book, here.core.policy), applicants

"""Stores of every kind, empty, for tests that must pass on all of them.

PostgreSQL is tested where POLIGON_TEST_POSTGRESQL is the URL of a database whose user may make
schemas. Tables are made once: a store that a test is done with is erased and serves the next.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from portal.ports.store import Change, Conflict, JournalEntry, Store
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore

__all__ = ["KINDS", "POSTGRESQL", "close_stores", "opened", "postgresql_schema"]

POSTGRESQL: Final = "POLIGON_TEST_POSTGRESQL"

Opened = Callable[[], AbstractContextManager[Store]]

# Where there is a disk in memory, the settings that lose nothing cost nothing.
_QUICK_DISK: Final = Path("/dev/shm")

_schemas: Final = count(1)
_idle: Final[dict[str, list[SqlStore]]] = {"sqlite": [], "postgresql": []}
_at_the_end: Final = ExitStack()


@contextmanager
def _memory() -> Iterator[Store]:
    yield MemoryStore()


@contextmanager
def _unwritten() -> Iterator[Store]:
    yield MemoryStore(unwritten=True)


def _lent(kind: str, make: Callable[[], SqlStore]) -> Opened:
    @contextmanager
    def lend() -> Iterator[Store]:
        idle = _idle[kind]
        store = idle.pop() if idle else make()
        yield store
        store.erase()
        idle.append(store)

    return lend


def _new_sqlite() -> SqlStore:
    disk = _QUICK_DISK if os.access(_QUICK_DISK, os.W_OK) else None
    folder = _at_the_end.enter_context(tempfile.TemporaryDirectory(dir=disk))
    return _at_the_end.enter_context(SqlStore(f"sqlite:///{Path(folder) / 'portal.db'}"))


def _new_postgresql() -> SqlStore:
    url = _at_the_end.enter_context(postgresql_schema())
    return _at_the_end.enter_context(SqlStore(url))


def close_stores() -> None:
    """Close every store that was lent, and remove its database."""
    for idle in _idle.values():
        idle.clear()
    _at_the_end.close()


@contextmanager
def postgresql_schema() -> Iterator[str]:
    """The URL of an empty database: a schema of the one that tests are given."""
    url = make_url(os.environ[POSTGRESQL]).set(drivername="postgresql+psycopg")
    schema = f"poligon_{os.getpid()}_{next(_schemas)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        try:
            inside = url.update_query_dict({"options": f"-csearch_path={schema}"})
            yield inside.render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


opened: Final[dict[str, Opened]] = {
    "memory": _memory,
    "unwritten": _unwritten,
    "sqlite": _lent("sqlite", _new_sqlite),
    "postgresql": _lent("postgresql", _new_postgresql),
}

KINDS: Final = [
    "memory",
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(
            POSTGRESQL not in os.environ, reason=f"{POSTGRESQL} names no database"
        ),
    ),
]


class OvertakingStore(MemoryStore):
    """A store in which somebody else is first a given number of times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def commit(self, changes: Sequence[Change], entries: Sequence[JournalEntry] = ()) -> None:
        if self.times:
            self.times -= 1
            raise Conflict("note a")
        super().commit(changes, entries)

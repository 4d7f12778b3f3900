"""Stores of every kind, empty, for tests that must pass on all of them.

PostgreSQL is tested where POLIGON_TEST_POSTGRESQL is the URL of a database whose user may make
schemas: each store has one of its own.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from portal.ports.store import Store
from portal.store.memory import MemoryStore
from portal.store.sql_store import SqlStore

__all__ = ["KINDS", "POSTGRESQL", "opened", "postgresql_schema"]

POSTGRESQL: Final = "POLIGON_TEST_POSTGRESQL"

Opened = Callable[[], AbstractContextManager[Store]]

_schemas: Final = count(1)


@contextmanager
def _memory() -> Iterator[Store]:
    yield MemoryStore()


@contextmanager
def _sqlite() -> Iterator[Store]:
    with (
        tempfile.TemporaryDirectory() as folder,
        SqlStore(f"sqlite:///{Path(folder) / 'portal.db'}") as store,
    ):
        yield store


@contextmanager
def _postgresql() -> Iterator[Store]:
    with postgresql_schema() as url, SqlStore(url) as store:
        yield store


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
    "sqlite": _sqlite,
    "postgresql": _postgresql,
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

"""Queries compiled once and executed by the driver itself.

Reading is most of what a portal does with its database, and SQLAlchemy's way to a statement that it
knows already takes longer than SQLite needs to answer it.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Engine, Select
from sqlalchemy.pool import PoolProxiedConnection

__all__ = ["Reader"]


class Reader:
    """Answers `queries` by their names over connections of `engine`, each for itself. They are kept
    at hand between questions. Thread-safe."""

    def __init__(self, engine: Engine, queries: Mapping[str, Select[Any]]) -> None:
        self._engine = engine
        self._queries: Final = {name: _Prepared(engine, each) for name, each in queries.items()}
        self._idle: deque[PoolProxiedConnection] = deque()

    def rows(self, name: str, values: Mapping[str, Any]) -> Sequence[Any]:
        """What the query gives with `values` in it; the driver's errors."""
        query = self._queries[name]
        connection = self._taken()
        if connection is not None:
            try:
                return self._asked(connection, query, values)
            except self._engine.dialect.loaded_dbapi.Error:
                pass  # the database may have been started anew since it was used last
        return self._asked(self._engine.raw_connection(), query, values)

    def close(self) -> None:
        """Give the connections back."""
        while (connection := self._taken()) is not None:
            connection.close()

    # --- inside

    def _taken(self) -> PoolProxiedConnection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _asked(
        self, connection: PoolProxiedConnection, query: "_Prepared", values: Mapping[str, Any]
    ) -> Sequence[Any]:
        try:
            cursor = connection.cursor()
            cursor.execute(query.sql, query.given(values))
            rows = cursor.fetchall()
            cursor.close()
        except BaseException:
            connection.invalidate()
            raise
        self._idle.append(connection)
        return rows


class _Prepared:
    """A query as its driver takes it."""

    def __init__(self, engine: Engine, query: Select[Any]) -> None:
        compiled = query.compile(engine)
        self.sql = str(compiled)
        self._order: list[str] | None = compiled.positiontup
        self._own = {name: value for name, value in compiled.params.items() if value is not None}

    def given(self, values: Mapping[str, Any]) -> Any:
        """Values, and those that the dialect has added, in the driver's form: by place or name."""
        all_values = {**self._own, **values}
        return all_values if self._order is None else [all_values[name] for name in self._order]

"""Connections to a database for a store: SQLite that loses nothing, or PostgreSQL."""

from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from rulebook import Text

__all__ = ["WrongUrl", "alone", "engines", "file_of", "migrate"]

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_072_021  # ours among PostgreSQL's advisory locks
_BUSY_S: Final = 30  # how long another process may hold SQLite's write lock
_READERS: Final = 16  # connections kept open
_MORE_READERS: Final = 64  # opened when those do not suffice


class WrongUrl(ValueError):
    """No store can be made of that URL; `reason` says why, without a password."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def file_of(address: str) -> Path | None:
    """The file of an SQLite database; None of any other one; WrongUrl."""
    url = _read(address)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def engines(address: str) -> tuple[Engine, Engine]:
    """Engines for readers, each statement of whom stands for itself, and for one writer whose
    transactions begin with its lock; WrongUrl."""
    url = _read(address)
    reading: dict[str, Any] = {
        "isolation_level": "AUTOCOMMIT",
        "pool_reset_on_return": None,
        "pool_size": _READERS,
        "max_overflow": _MORE_READERS,
    }
    if url.get_backend_name() == "postgresql":
        try:
            return (
                create_engine(url, pool_pre_ping=True, **reading),
                create_engine(url, pool_pre_ping=True, pool_size=1),
            )
        except ModuleNotFoundError as missing:
            name = missing.name
            raise WrongUrl(
                Text(f"{_shown(url)}: нет модуля {name}", f"{_shown(url)}: no module {name}")
            ) from None
    options = {"connect_args": {"timeout": _BUSY_S}}
    reader = create_engine(url, **options, **reading)
    writer = create_engine(url, **options, pool_size=1)
    for engine in (reader, writer):
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(writer, "begin", _begin_sqlite)
    return reader, writer


def migrate(writer: Engine) -> None:
    """Bring the tables to their latest form, from none at all as well."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with writer.begin() as connection:
        alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def alone(connection: Connection) -> None:
    """From now on nobody else writes until the transaction ends. SQLite's begin so."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _read(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise WrongUrl(_expected()) from None
    match url.get_backend_name():
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case "sqlite" if url.database not in (None, "", ":memory:"):
            return url
    raise WrongUrl(_expected(f"{_shown(url)}: "))


def _expected(start: str = "") -> Text:
    return Text(
        f"{start}ожидалось sqlite:///ФАЙЛ или postgresql://ИМЯ:ПАРОЛЬ@УЗЕЛ/БАЗА",
        f"{start}expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what is committed survives a loss of power
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")

"""The journal of a database as it is kept, without a portal: read, and never written."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Engine, select, type_coerce
from sqlalchemy.types import NullType

from portal.ports.store import JournalLine
from portal.store.database import WrongUrl, engines, file_of
from portal.store.tables import journal
from rulebook import Text

__all__ = ["kept_lines", "line_of"]

_BATCH: Final = 1_000  # lines that are held in memory at once
_LINES: Final = select(
    journal.c.number,
    journal.c.subject,
    type_coerce(journal.c.body, NullType()),  # as the driver gives it: see `line_of`
    type_coerce(journal.c.digest, NullType()),
)


def kept_lines(address: str) -> Iterator[JournalLine]:
    """Every line by its number, those that a portal adds meanwhile among them.

    Raises WrongUrl, also if there is no such file, and SQLAlchemyError for a database that cannot
    be reached or has no journal.
    """
    _has_to_be_there(address)
    reader, writer = engines(address)
    try:
        after: int | None = None
        while lines := _batch(reader, after):
            yield from lines
            after = lines[-1].number
    finally:
        reader.dispose()
        writer.dispose()


def line_of(number: int, subject: str, body: object, digest: object) -> JournalLine:
    """The line of a row. In SQLite one that was edited by hand may hold anything in place of bytes,
    and the chain is to tell so."""
    return JournalLine(
        number=number, subject=subject, body=_as_bytes(body), digest=_as_bytes(digest)
    )


def _as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _has_to_be_there(address: str) -> None:
    """SQLite would make a file that is missing."""
    file = file_of(address)
    if file is not None and not file.is_file():
        raise WrongUrl(Text(f"{file}: такого файла нет", f"{file}: there is no such file"))


def _batch(engine: Engine, after: int | None) -> list[JournalLine]:
    wanted = _LINES if after is None else _LINES.where(journal.c.number > after)
    with engine.connect() as connection:
        rows = connection.execute(wanted.order_by(journal.c.number).limit(_BATCH)).all()
    return [line_of(*row) for row in rows]

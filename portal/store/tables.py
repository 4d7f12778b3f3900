"""The tables of a store in a database, as the latest migration leaves them."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

__all__ = ["METADATA", "NUMBER", "TEXT", "document_keys", "documents", "journal"]

TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorted by code points, as Python and SQLite do."""
NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")

METADATA: Final = MetaData()

documents: Final = Table(
    "documents",
    METADATA,
    Column("kind", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

document_keys: Final = Table(
    "document_keys",
    METADATA,
    Column("kind", TEXT, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("value", TEXT, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("is_unique", Boolean, nullable=False),
    Index("document_keys_of_document", "kind", "id", "is_unique"),
    sqlite_with_rowid=False,
)
_UNIQUE: Final = text("is_unique")
Index(
    "document_keys_unique",
    document_keys.c.kind,
    document_keys.c.name,
    document_keys.c.value,
    unique=True,
    sqlite_where=_UNIQUE,
    postgresql_where=_UNIQUE,
)

journal: Final = Table(
    "journal",
    METADATA,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("subject", TEXT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("journal_of_subject", "subject", "number"),
)

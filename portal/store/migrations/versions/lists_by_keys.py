"""Keys by which long lists are read a part at a time, of what was kept without them."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision: Final = "0002"
down_revision: Final = "0001"

_BATCH: Final = 1_000  # documents held in memory at once

_documents: Final = sa.table("documents", *map(sa.column, ("kind", "id", "body")))
_keys: Final = sa.table(
    "document_keys", *map(sa.column, ("kind", "name", "value", "id", "is_unique"))
)


def upgrade() -> None:
    """The keys of 0001 stay."""
    connection = op.get_bind()
    for kind, keys_of in _LISTS.items():
        for document_id, body in _every(connection, kind):
            rows = [
                {"kind": kind, "name": name, "value": value, "id": document_id, "is_unique": False}
                for name, value in keys_of(document_id, json.loads(body)).items()
            ]
            connection.execute(sa.insert(_keys), rows)


def _every(connection: sa.Connection, kind: str) -> Iterator[tuple[str, bytes]]:
    columns = _documents.c
    query = sa.select(columns.id, columns.body).where(columns.kind == kind)
    last = ""
    while rows := connection.execute(
        query.where(columns.id > last).order_by(columns.id).limit(_BATCH)
    ).all():
        yield from ((each.id, bytes(each.body)) for each in rows)
        last = rows[-1].id


def _notice(document_id: str, kept: Mapping[str, Any]) -> dict[str, str]:
    settings, at = kept["settings"], kept["at"]
    return {
        "listed": _place(settings, at, document_id),
        "listed_in_state": _place(f"{settings}/{kept['state']}", at, document_id),
    }


def _incident(document_id: str, kept: Mapping[str, Any]) -> dict[str, str]:
    at = kept["reported_at"]
    code = hashlib.sha256(kept["error_code"].encode()).hexdigest()[:32]
    return {
        "listed": _place("waiting", at, document_id),
        "listed_by_code": _place(code, at, document_id),
    }


def _ticket(document_id: str, kept: Mapping[str, Any]) -> dict[str, str]:
    account = kept["account"]
    awaited = {"awaited_by": account} if kept["state"] == "working" else {}
    return {"listed": _place(account, kept["asked_at"], document_id), **awaited}


def _delivery(document_id: str, kept: Mapping[str, Any]) -> dict[str, str]:
    return {"in_state": f"{kept['receiver']}/{kept['state']}"}


def _place(group: str, at: str, document_id: str) -> str:
    moment = dt.datetime.fromisoformat(at).astimezone(dt.UTC)
    return f"{group} {moment.isoformat(timespec='microseconds')} {document_id}"


_LISTS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, str]]]] = {
    "notice": _notice,
    "incident": _incident,
    "ticket": _ticket,
    "webhook_delivery": _delivery,
}

"""Nothing lost, nothing doubled: what a load test was told against what the portal's database has.

A submission that was acknowledged is in the database: as a document, or as a line of the journal
that tells of the act which has ended it since. What a repeated submission has doubled shows as two
documents of one number, or as something made that nobody was told of: of each kind there may be no
more of those than submissions of it that were never acknowledged after an answer had been lost.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from loadtests.results.result import LoadCheck
from loadtests.samples import Acknowledged, Unanswered
from portal.ports.store import JournalLine
from portal.store.database import engines
from portal.store.journal_chain import broken_at
from portal.store.kept_journal import kept_lines
from portal.store.tables import document_keys, documents

__all__ = ["conservation"]

_TOGETHER: Final = 500  # ids in one query
_NAMED: Final = 5  # of those that are missing
_MADE_BY_APPLICANTS: Final = ("account", "application", "binding")
"""Kinds of documents that nothing but a submission makes, each another one."""
_UPLOADED: Final = ("ready", "scanning")  # a blocked file is nothing that was taken
_NUMBERS: Final = {"account": ("inn", "ИНН"), "organization": ("ogrn", "ОГРН")}
"""By what a document of a kind is one of a kind: the key, and what it is called."""


def conservation(
    database: Path, acknowledged: Sequence[Acknowledged], unanswered: Sequence[Unanswered]
) -> list[LoadCheck]:
    """The checks of a portal that has ended. Each of the submissions `unanswered`, whose answers
    were lost, may have made one thing of its kind that nobody was told of."""
    url = f"sqlite:///{database}"
    reader, writer = engines(url)
    try:
        times_told = Counter((each.kind, each.id) for each in acknowledged)
        told = set(times_told)
        missing = sorted(told - _found(reader, told) - _ended(kept_lines(url)))
        made = _kept(reader) + _noted(kept_lines(url))
        doubled = _doubled(reader)
    finally:
        reader.dispose()
        writer.dispose()
    extra: Counter[str] = Counter()
    for (kind, _), times in (made - times_told).items():
        extra[kind] += times
    allowed = Counter(each.kind for each in unanswered)
    broken = broken_at(kept_lines(url))
    return [
        LoadCheck(
            "acknowledged",
            not missing,
            {"acknowledged": len(told), "missing": len(missing), "named": missing[:_NAMED]},
        ),
        LoadCheck(
            "once",
            not extra - allowed and not doubled,
            {
                "doubled": len(doubled),
                "named": doubled[:_NAMED],
                "extra": dict(extra),
                "unanswered": dict(allowed),
            },
        ),
        LoadCheck("journal", broken is None, {"broken_at": broken}),
    ]


def _found(engine: Engine, told: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that are documents."""
    ids = sorted({id_ for _, id_ in told})
    found: set[tuple[str, str]] = set()
    with engine.connect() as connection:
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            rows = connection.execute(
                select(documents.c.kind, documents.c.id).where(documents.c.id.in_(some))
            )
            found |= {(kind, id_) for kind, id_ in rows}
    return found & told


def _ended(lines: Iterable[JournalLine]) -> set[tuple[str, str]]:
    """Documents that the portal keeps no longer, by the acts that end one: nobody has activated an
    account, a draft was thrown away. The others of what submissions make it keeps for good."""
    found: set[tuple[str, str]] = set()
    for line in lines:
        said = _said(line.body)
        match said.get("action"), said.get("result"):
            case "forget_unactivated", "deleted":
                found.add(("account", line.subject))
            case "discard_application", "discarded":
                found.add(("application", str(said.get("application"))))
    return found


def _doubled(engine: Engine) -> list[str]:
    """Numbers that several documents have."""
    found: list[str] = []
    with engine.connect() as connection:
        for kind, (name, title) in _NUMBERS.items():
            rows = connection.execute(
                select(document_keys.c.value)
                .where(document_keys.c.kind == kind, document_keys.c.name == name)
                .group_by(document_keys.c.value)
                .having(func.count() > 1)
            )
            found += [f"{title} {value}" for (value,) in rows]
    return found


def _kept(engine: Engine) -> Counter[tuple[str, str]]:
    """Documents that only a submission makes."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(documents.c.kind, documents.c.id).where(
                documents.c.kind.in_(_MADE_BY_APPLICANTS)
            )
        ).all()
    return Counter((kind, id_) for kind, id_ in rows)


def _noted(lines: Iterable[JournalLine]) -> Counter[tuple[str, str]]:
    """What submissions have made of the kinds that the portal makes by itself too, or whose ids
    are not another each time, as the journal tells: how often each employee was added, which files
    were uploaded, which organizations registered."""
    once: set[tuple[str, str]] = set()
    added: Counter[tuple[str, str]] = Counter()
    for line in lines:
        said = _said(line.body)
        result = said.get("result")
        match said.get("action"):
            case "add_employee" if result == "code_sent":
                added["employee", str(said.get("employee"))] += 1
            case "upload_document" if result in _UPLOADED:
                once.add(("document", str(said.get("document"))))
            case "register_organization" if result != "refused":
                once.add(("organization", line.subject))
    return added + Counter(once)


def _said(body: bytes) -> Mapping[str, object]:
    """What a line says; nothing if somebody has spoilt it, which the chain tells."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}

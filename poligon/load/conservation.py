"""Nothing lost, nothing doubled: what a load test was told against what the portal's database has.

A submission that was acknowledged is in the database: as a document, or as lines of the journal
about one that has ended since. What a repeated submission has doubled shows as two documents of
one number, or as something made that nobody was told of: of each kind there may be no more of
those than submissions of it that were never acknowledged after an answer had been lost.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from loadtests.samples import Acknowledged, Unanswered
from portal.ports.store import JournalLine
from portal.store.database import engines
from portal.store.journal_chain import broken_at
from portal.store.kept_journal import kept_lines
from portal.store.tables import document_keys, documents, journal
from sim.experiments.results import CheckResult

__all__ = ["conservation"]

_TOGETHER: Final = 500  # ids in one query
_NAMED: Final = 5  # of those that are missing
_MADE_BY_APPLICANTS: Final = ("account", "application", "binding")
"""Kinds of documents that nothing but a submission makes, each another one."""
_UPLOADED: Final = ("ready", "scanning")  # a blocked file is nothing that was taken
_NUMBERS: Final = {"account": "inn", "organization": "ogrn"}
"""By what a document of a kind is one of a kind."""


def conservation(
    database: Path, acknowledged: Sequence[Acknowledged], unanswered: Sequence[Unanswered]
) -> list[CheckResult]:
    """The checks of a portal that has ended. Each of the submissions `unanswered`, whose answers
    were lost, may have made one thing of its kind that nobody was told of."""
    url = f"sqlite:///{database}"
    reader, writer = engines(url)
    try:
        times_told = Counter((each.kind, each.id) for each in acknowledged)
        told = set(times_told)
        missing = sorted(told - _found(reader, told))
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
    named = ", ".join(f"{kind} {id_}" for kind, id_ in missing[:_NAMED])
    return [
        CheckResult(
            "acknowledged",
            not missing,
            f"{len(told)} acknowledged, {len(missing)} missing" + (f": {named}" if named else ""),
        ),
        CheckResult(
            "once",
            not extra - allowed and not doubled,
            f"{len(doubled)} numbers with two documents"
            + (f": {', '.join(doubled[:_NAMED])}" if doubled else "")
            + f"; made without an acknowledgement: {_by_kind(extra)}"
            + f"; submissions without an answer: {_by_kind(allowed)}",
        ),
        CheckResult(
            "journal", broken is None, "whole" if broken is None else f"broken at line {broken}"
        ),
    ]


def _found(engine: Engine, told: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those that the database knows."""
    ids = sorted({id_ for _, id_ in told})
    found: set[tuple[str, str]] = set()
    with engine.connect() as connection:
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            rows = connection.execute(
                select(documents.c.kind, documents.c.id).where(documents.c.id.in_(some))
            )
            found |= {(kind, id_) for kind, id_ in rows}
            known = connection.execute(
                select(journal.c.subject).distinct().where(journal.c.subject.in_(some))
            )
            noted = {subject for (subject,) in known}
            found |= {(kind, id_) for kind, id_ in told if id_ in noted}
    return found & told


def _doubled(engine: Engine) -> list[str]:
    """Numbers that several documents have."""
    found: list[str] = []
    with engine.connect() as connection:
        for kind, name in _NUMBERS.items():
            rows = connection.execute(
                select(document_keys.c.value)
                .where(document_keys.c.kind == kind, document_keys.c.name == name)
                .group_by(document_keys.c.value)
                .having(func.count() > 1)
            )
            found += [f"{name} {value}" for (value,) in rows]
    return found


def _by_kind(counted: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counted.items())) or "0"


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

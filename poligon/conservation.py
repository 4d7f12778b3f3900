"""Nothing lost, nothing doubled: what a load test was told against what the portal's database has.

A submission that was acknowledged is in the database: as a document, or as lines of the journal
about one that has ended since. What a repeated submission has doubled shows as two documents of
one number, or as documents that nobody was told of: there may be no more of those than answers that
never came.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from loadtests.samples import Acknowledged
from portal.store.database import engines
from portal.store.journal_chain import broken_at
from portal.store.kept_journal import kept_lines
from portal.store.tables import document_keys, documents, journal
from sim.experiments.results import CheckResult

__all__ = ["conservation"]

_TOGETHER: Final = 500  # ids in one query
_NAMED: Final = 5  # of those that are missing
_MADE_BY_APPLICANTS: Final = ("account", "application")  # each by a submission of its own
_NUMBERS: Final = {"account": "inn", "organization": "ogrn"}
"""By what a document of a kind is one of a kind."""


def conservation(
    database: Path, acknowledged: Sequence[Acknowledged], unanswered: int
) -> list[CheckResult]:
    """The checks of a portal that has ended. `unanswered`: requests whose answers were lost, each
    of which may have made something that nobody was told of."""
    url = f"sqlite:///{database}"
    reader, writer = engines(url)
    try:
        told = {(each.kind, each.id) for each in acknowledged}
        missing = sorted(told - _found(reader, told))
        extra = _untold(reader, told)
        doubled = _doubled(reader)
    finally:
        reader.dispose()
        writer.dispose()
    broken = broken_at(kept_lines(url))
    named = ", ".join(f"{kind} {id_}" for kind, id_ in missing[:_NAMED])
    untold = sum(extra.values())
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(extra.items()) if count)
    return [
        CheckResult(
            "acknowledged",
            not missing,
            f"{len(told)} acknowledged, {len(missing)} missing" + (f": {named}" if named else ""),
        ),
        CheckResult(
            "once",
            untold <= unanswered and not doubled,
            f"{len(doubled)} numbers with two documents"
            + (f": {', '.join(doubled[:_NAMED])}" if doubled else "")
            + f"; {untold} documents without an acknowledgement"
            + (f" ({by_kind})" if by_kind else "")
            + f", {unanswered} requests without an answer",
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


def _untold(engine: Engine, told: set[tuple[str, str]]) -> Counter[str]:
    """Documents that only a submission makes and nobody was told of, by kind."""
    acknowledged = Counter(kind for kind, _ in told)
    with engine.connect() as connection:
        rows = connection.execute(
            select(documents.c.kind, func.count())
            .where(documents.c.kind.in_(_MADE_BY_APPLICANTS))
            .group_by(documents.c.kind)
        ).all()
    return Counter({kind: max(count - acknowledged[kind], 0) for kind, count in rows})

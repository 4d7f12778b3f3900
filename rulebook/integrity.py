"""Checks across the files of the book: every name an entry mentions exists, every id is unique."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rulebook.book import RuleBook
from rulebook.errors import close_matches, hint
from rulebook.reading import Reading

_RULE_ID = re.compile(r"\b[A-Z]{2,4}-\d{2}\b")


def check_references(book: RuleBook, reading: Reading) -> None:
    """Reports to `reading` every reference of `book` that leads nowhere."""
    _check_defects(book, reading)
    _check_systems(book, reading)
    _check_tables(book, reading)
    _check_conflicts(book, reading)


def report_repeated(reading: Reading, file: str, ids: Iterable[str]) -> None:
    """Reports each id that occurs again in `ids` of one file."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            reading.report("duplicate-id", file, each, "an entry with this id was there before")
        seen.add(each)


def _known(
    reading: Reading, code: str, file: str, entry: str, name: str, known: Mapping[str, object]
) -> None:
    if name not in known:
        what = code.removeprefix("unknown-")
        reading.report(code, file, entry, f"no {what} {name}{hint(close_matches(name, known))}")


def _check_defects(book: RuleBook, reading: Reading) -> None:
    for defect in book.defects.values():
        for rule in (defect.caught_by, *defect.caught_by_kind.values()):
            _known(reading, "unknown-rule", "defects.yaml", defect.id, rule, book.rules)
        for kind in defect.caught_by_kind:
            if kind not in defect.kinds:
                reading.report(
                    "inapplicable-kind", "defects.yaml", defect.id, f"{kind} is not among its kinds"
                )


def _check_systems(book: RuleBook, reading: Reading) -> None:
    owners = {name: name for name in book.systems}
    for system in book.systems.values():
        for rule in system.rules:
            _known(reading, "unknown-rule", "systems.yaml", system.id, rule, book.rules)
        for alias in system.aliases:
            if alias in owners:
                taken = f"alias {alias} already names {owners[alias]}"
                reading.report("duplicate-alias", "systems.yaml", system.id, taken)
            owners.setdefault(alias, system.id)


def _check_tables(book: RuleBook, reading: Reading) -> None:
    for right in book.rights.values():
        for role in right.roles:
            _known(reading, "unknown-role", "roles.yaml", right.id, role, book.roles)
    includes = {str(tier.id): tier.includes for tier in book.tiers.values()}
    for tier, lower in includes.items():
        for included in lower:
            _known(reading, "unknown-tier", "tiers.yaml", tier, included, includes)
        if _reaches(tier, tier, includes, set()):
            reading.report("tier-cycle", "tiers.yaml", tier, "the tier includes itself")


def _reaches(
    start: str, goal: str, includes: Mapping[str, tuple[str, ...]], seen: set[str]
) -> bool:
    fresh = [name for name in includes.get(start, ()) if name not in seen]
    seen.update(fresh)
    return goal in fresh or any(_reaches(name, goal, includes, seen) for name in fresh)


def _check_conflicts(book: RuleBook, reading: Reading) -> None:
    for number, conflict in enumerate(book.conflicts, start=1):
        entry = f"entry {number}"
        for rule in _RULE_ID.findall(conflict.resolved):
            _known(reading, "unknown-rule", "conflicts.yaml", entry, rule, book.rules)
        if conflict.parameter is not None:
            known = book.parameters
            _known(reading, "unknown-parameter", "conflicts.yaml", entry, conflict.parameter, known)

"""Loads the rule book from its YAML files and refuses one that contradicts itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import ConfigDict, with_config

from rulebook.book import RuleBook
from rulebook.errors import RuleBookError
from rulebook.frozen import FrozenMapping
from rulebook.integrity import check_references, report_repeated
from rulebook.kinds import KINDS
from rulebook.model import (
    BusinessTier,
    Chapter,
    Conflict,
    Defect,
    Parameter,
    Right,
    Role,
    Rule,
    System,
)
from rulebook.policy import BY_KIND
from rulebook.reading import Reading
from rulebook.values import WrongValueError, accept

CHAPTERS = (
    "ID",
    "ACC",
    "PWD",
    "AUTH",
    "CERT",
    "SIG",
    "REG",
    "VER",
    "BND",
    "ACT",
    "UNB",
    "HEAD",
    "ROLE",
    "DOC",
    "APP",
    "SVC",
    "PAY",
    "EDI",
    "NTF",
    "SUP",
    "INT",
    "OPS",
    "AUD",
    "SEC",
    "ENV",
)
"""Names of the chapters in the order people read them: from identifiers to the workplace."""

_strict = with_config(ConfigDict(extra="forbid"))


@_strict
@dataclass(frozen=True)
class _RolesFile:
    roles: tuple[Role, ...]
    rights: tuple[Right, ...]


@_strict
@dataclass(frozen=True)
class _TiersFile:
    tiers: tuple[BusinessTier, ...]


@_strict
@dataclass(frozen=True)
class _DefectsFile:
    defects: tuple[Defect, ...]


@_strict
@dataclass(frozen=True)
class _SystemsFile:
    systems: tuple[System, ...]


@_strict
@dataclass(frozen=True)
class _ConflictsFile:
    conflicts: tuple[Conflict, ...]


@cache
def load() -> RuleBook:
    """The project's rule book, read once per process; raises `RuleBookError` if inconsistent."""
    return read_book(Path(__file__).parent)


def read_book(folder: Path) -> RuleBook:
    """The rule book in `folder`; raises `RuleBookError` with every fault, its file and entry.

    Names across files are checked only once every file is readable: a broken file would make all
    references to its entries look wrong.
    """
    reading = Reading(folder)
    chapters = {name: _chapter(reading, name) for name in CHAPTERS}
    roles = reading.record("roles.yaml", _RolesFile)
    tiers = reading.record("tiers.yaml", _TiersFile)
    defects = reading.record("defects.yaml", _DefectsFile)
    systems = reading.record("systems.yaml", _SystemsFile)
    conflicts = reading.record("conflicts.yaml", _ConflictsFile)
    for path in sorted((folder / "chapters").glob("*.yaml")):
        if path.stem not in CHAPTERS:
            reading.report("wrong-chapter", f"chapters/{path.name}", "file", "no such chapter")
    if not (roles and tiers and defects and systems and conflicts) or reading.problems:
        raise RuleBookError(reading.problems)
    book = RuleBook(
        version=_version(reading.contents),
        chapters=FrozenMapping({name: each for name, each in chapters.items() if each}),
        roles=_by_id(reading, "roles.yaml", roles.roles),
        rights=_by_id(reading, "roles.yaml", roles.rights),
        tiers=FrozenMapping({tier.id: tier for tier in tiers.tiers}),
        defects=_by_id(reading, "defects.yaml", defects.defects),
        systems=_by_id(reading, "systems.yaml", systems.systems),
        conflicts=conflicts.conflicts,
    )
    report_repeated(reading, "tiers.yaml", (tier.id for tier in tiers.tiers))
    check_references(book, reading)
    if reading.problems:
        raise RuleBookError(reading.problems)
    return book


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


E_ = TypeVar("E_", bound=_Identified)


def _by_id(reading: Reading, file: str, entries: Iterable[E_]) -> Mapping[str, E_]:
    found = tuple(entries)
    report_repeated(reading, file, (entry.id for entry in found))
    return FrozenMapping({entry.id: entry for entry in found})


def _chapter(reading: Reading, name: str) -> Chapter | None:
    file = f"chapters/{name}.yaml"
    chapter = reading.record(file, Chapter)
    if chapter is None:
        return None
    if chapter.chapter != name:
        reading.report("wrong-chapter", file, "file", f"chapter {chapter.chapter}, expected {name}")
    report_repeated(reading, file, (rule.id for rule in chapter.rules))
    for rule in chapter.rules:
        if rule.chapter != name:
            reading.report(
                "wrong-chapter", file, rule.id, f"belongs to chapters/{rule.chapter}.yaml"
            )
    return replace(
        chapter,
        rules=tuple(_keyed_rule(reading, file, rule) for rule in chapter.rules),
        parameters=_keyed(reading, file, name, chapter.parameters),
    )


def _keyed_rule(reading: Reading, file: str, rule: Rule) -> Rule:
    return replace(rule, params=_keyed(reading, file, rule.id, rule.params))


def _keyed(
    reading: Reading, file: str, holder: str, parameters: Mapping[str, Parameter]
) -> Mapping[str, Parameter]:
    keyed: dict[str, Parameter] = {}
    for name, parameter in parameters.items():
        key = f"{holder}.{name}"
        if parameter.key:
            reading.report("shape", file, key, "key: unknown field")
        keyed[name] = _checked(reading, file, replace(parameter, key=key))
    return FrozenMapping(keyed)


def _checked(reading: Reading, file: str, parameter: Parameter) -> Parameter:
    """The parameter with its default in immutable form; a default that does not fit is reported."""
    if not _by_kind_is_whole(parameter):
        expected = "by_kind: expected a choice for each kind exactly when by_kind is a choice"
        reading.report("wrong-value", file, parameter.key, expected)
    try:
        value = accept(parameter.type, parameter.value, parameter.choices, parameter.table_keys())
    except WrongValueError as wrong:
        reading.report("wrong-value", file, parameter.key, f"value: expected {wrong}")
        return parameter
    return replace(parameter, value=value)


def _by_kind_is_whole(parameter: Parameter) -> bool:
    if BY_KIND not in parameter.choices:
        return not parameter.by_kind
    words = set(parameter.choices) - {BY_KIND}
    return set(parameter.by_kind) == set(KINDS) and set(parameter.by_kind.values()) <= words


def _version(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for file in sorted(contents):
        digest.update(file.encode() + b"\0" + contents[file] + b"\0")
    return digest.hexdigest()[:12]

"""The rule book as a whole: what every room asks it for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from rulebook.errors import UnknownEntryError
from rulebook.frozen import FrozenMapping
from rulebook.kinds import Tier
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
from rulebook.policy import Policy, make_policy

V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class RuleBook:
    """All chapters and tables.

    Every mapping is by id in the order of its file, `chapters` by their name in reading order.

    `version` is the first 12 hexadecimal digits of the SHA-256 over the book's files.
    """

    version: str
    chapters: Mapping[str, Chapter]
    roles: Mapping[str, Role]
    rights: Mapping[str, Right]
    tiers: Mapping[Tier, BusinessTier]
    defects: Mapping[str, Defect]
    systems: Mapping[str, System]
    conflicts: tuple[Conflict, ...]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by id, chapter after chapter."""
        return FrozenMapping(
            {rule.id: rule for chapter in self.chapters.values() for rule in chapter.rules}
        )

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter by key: a chapter's own (`BND.confirmation`), then those of its rules."""
        found: dict[str, Parameter] = {}
        for chapter in self.chapters.values():
            for holder in (chapter.parameters, *(rule.params for rule in chapter.rules)):
                found.update({parameter.key: parameter for parameter in holder.values()})
        return FrozenMapping(found)

    @cached_property
    def _systems_by_name(self) -> Mapping[str, System]:
        by_alias = {alias: each for each in self.systems.values() for alias in each.aliases}
        return FrozenMapping(by_alias | dict(self.systems))

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; raises `UnknownEntryError`."""
        return _entry("rule", rule_id, self.rules)

    def system(self, id_or_alias: str) -> System:
        """The system of that id or alias; raises `UnknownEntryError`."""
        return _entry("system", id_or_alias, self._systems_by_name)

    def parameter(self, key: str) -> Parameter:
        """The parameter `RULE.name` or `CHAPTER.name`; raises `UnknownEntryError`."""
        return _entry("parameter", key, self.parameters)

    def policy(self, overrides: Mapping[str, object] | None = None) -> Policy:
        """The parameters under `overrides`; raises `PolicyError` naming every wrong entry."""
        return make_policy(self.parameters, overrides or {})

    def features(self, tier: Tier) -> tuple[str, ...]:
        """The functions of a size of business, those of the included sizes first (ACT-05)."""
        own = self.tiers[tier]
        lower = (each for each in self.tiers if each in own.includes)
        included = (name for each in lower for name in self.features(each))
        return tuple(dict.fromkeys((*included, *own.features)))

    def rights_of(self, role: str) -> tuple[str, ...]:
        """Ids of the rights a role has (ROLE-01); raises `UnknownEntryError`."""
        _entry("role", role, self.roles)
        return tuple(right.id for right in self.rights.values() if role in right.roles)


def _entry(what: str, name: str, entries: Mapping[str, V]) -> V:
    if name not in entries:
        raise UnknownEntryError(what, name, entries)
    return entries[name]

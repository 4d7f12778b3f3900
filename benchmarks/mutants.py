"""Mutants of the portal: one rule that is never broken, or one number of the rule book moved by its
unit."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from unittest.mock import patch

import portal.rules
from features.drivers.in_process import InProcessPortal, InProcessStand
from portal.rules.rule import RULES, Rule, Violation
from rulebook import Parameter, Policy, PolicyError, RuleBook

__all__ = ["Mutant", "chosen", "every_mutant", "touches_in"]

_Called: TypeAlias = Callable[[Rule[Any], Any, Policy], tuple[Violation, ...]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """The rule `key` that returns no violations, or, with a `value`, the parameter `key` of that
    value."""

    name: str
    key: str
    value: Any = None

    @property
    def is_parameter(self) -> bool:
        """Whether a parameter is moved."""
        return self.value is not None

    @property
    def holder(self) -> str:
        """The rule, for a parameter that it belongs to (`BND` for one of a whole chapter)."""
        return self.key.partition(".")[0]

    @property
    def called(self) -> frozenset[str]:
        """By what it can be chosen: its name, rule and chapter."""
        return frozenset({self.name, self.holder, self.holder.partition("-")[0]})

    def at_work(self) -> AbstractContextManager[Any]:
        """The portal is that mutant meanwhile; what a scenario sets itself stays."""
        if self.is_parameter:
            return patch.object(InProcessStand, "portal", _moved(self.key, self.value))
        return patch.object(Rule, "__call__", _silent(self.key))


def every_mutant(book: RuleBook) -> list[Mutant]:
    """All mutants: each rule, then each number of each parameter one up and one down."""
    for module in pkgutil.iter_modules(portal.rules.__path__, f"{portal.rules.__name__}."):
        importlib.import_module(module.name)
    disabled = [Mutant(rule, rule) for rule in book.rules if rule in RULES]
    moved = [each for parameter in book.parameters.values() for each in _moves(parameter, book)]
    return disabled + moved


def chosen(mutants: Sequence[Mutant], names: Sequence[str]) -> list[Mutant]:
    """Those of these rules and chapters, or of these names; all if none is given. ValueError for an
    unknown one."""
    unknown = [name for name in names if not any(name in each.called for each in mutants)]
    if unknown:
        raise ValueError(f"{unknown[0]}: no rule, no chapter of the rule book and no mutant")
    return [each for each in mutants if not names or each.called & set(names)]


def touches_in(scenario: Callable[[], bool]) -> tuple[bool, frozenset[str]]:
    """What the scenario gave; ids of the rules it called, keys of the parameters it read."""
    touched: set[str] = set()
    call, read = cast(_Called, Rule.__call__), Policy.__getitem__

    def noted_call(rule: Rule[Any], claim: Any, policy: Policy) -> tuple[Violation, ...]:
        touched.add(rule.id)
        return call(rule, claim, policy)

    def noted_read(policy: Policy, key: str) -> Any:
        touched.add(key)
        return read(policy, key)

    with (
        patch.object(Rule, "__call__", noted_call),
        patch.object(Policy, "__getitem__", noted_read),
    ):
        return scenario(), frozenset(touched)


def _silent(rule_id: str) -> _Called:
    call = cast(_Called, Rule.__call__)

    def called(rule: Rule[Any], claim: Any, policy: Policy) -> tuple[Violation, ...]:
        return () if rule.id == rule_id else call(rule, claim, policy)

    return called


def _moved(key: str, value: Any) -> Callable[[InProcessStand, str], InProcessPortal]:
    """A stand whose portals, and their registries, have that value; personas and steps keep to the
    rule book."""
    made = InProcessStand.portal

    def portal_of(stand: InProcessStand, scenario: str) -> InProcessPortal:
        found = made(stand, scenario)
        found.override(key, value)
        return found

    return portal_of


def _moves(parameter: Parameter, book: RuleBook) -> Iterator[Mutant]:
    for step in (1, -1):
        for place, value in _each_moved(parameter.value, step):
            try:
                book.policy({parameter.key: value})
            except PolicyError:  # below zero, or the low end above the high one
                continue
            yield Mutant(f"{parameter.key}{place} {step:+d}", parameter.key, value)


def _each_moved(value: Any, step: int) -> Iterator[tuple[str, Any]]:
    """The value with one of its numbers moved, for each of them, and the place of that number
    (empty: the value is a number itself)."""
    if isinstance(value, int | float):
        yield "", value + step
    elif isinstance(value, Mapping):
        for key in value:
            yield f"[{key}]", {**value, key: value[key] + step}
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            if isinstance(item, int | float):
                yield f"[{at}]", (*value[:at], item + step, *value[at + 1 :])

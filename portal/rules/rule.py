"""What a rule is, and the register of all that have been written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar

from rulebook import Policy, Text

__all__ = ["RULES", "Check", "Found", "Rule", "Violation", "rule"]

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a claim breaks a rule: the `field` of what was sent, with dots (empty: the
    whole), and what exactly is wrong there, where the rule's message leaves that open."""

    field: str
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: its id in the rule book, the field, what exactly is wrong there."""

    rule: str
    field: str
    reason: Text | None = None


Check: TypeAlias = Callable[[C, Policy], Iterable[Found]]


class Rule(Generic[C]):
    """The rule `id`; called with a claim and a policy it gives every violation of it."""

    def __init__(self, rule_id: str, check: Check[C]) -> None:
        self.id = rule_id
        self._check = check
        self.__doc__ = check.__doc__

    def __call__(self, claim: C, policy: Policy) -> tuple[Violation, ...]:
        """Every violation of the rule by `claim`."""
        found = tuple(self._check(claim, policy))  # mostly nothing: no second loop for that
        if not found:
            return ()
        return tuple(Violation(self.id, each.field, each.reason) for each in found)

    def __repr__(self) -> str:
        return f"<rule {self.id}>"


_RULES: Final[dict[str, Rule[Any]]] = {}
RULES: Final[Mapping[str, Rule[Any]]] = MappingProxyType(_RULES)
"""Every rule of the modules that have been imported, by id."""


def rule(rule_id: str) -> Callable[[Check[C]], Rule[C]]:
    """Make the decorated check the rule of that id; ValueError if there is one already."""

    def register(check: Check[C]) -> Rule[C]:
        if rule_id in _RULES:
            raise ValueError(f"rule {rule_id} is written twice")
        _RULES[rule_id] = made = Rule(rule_id, check)
        return made

    return register


def every(violations: Iterable[Iterable[Violation]]) -> Iterator[Violation]:
    """The violations of several rules in their order, each once."""
    return iter(dict.fromkeys(violation for each in violations for violation in each))

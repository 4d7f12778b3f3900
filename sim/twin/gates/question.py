"""A question to the portal, asked in place of a gate's own knowledge of defects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from portal.rules.rule import Violation
from sim.twin.desk import Desk

__all__ = ["QUESTIONS", "Ask", "OtherName", "Question", "question"]

Ask: TypeAlias = Callable[[Desk], Iterable[Violation]]
"""Brings the case that is on the desk before the portal; what the portal says against it."""


@dataclass(frozen=True)
class OtherName:
    """The portal tells the mistake that the model counts under `rule` as a violation of `told` in
    that `field`. `why` is for docs/twin.md."""

    told: str
    rule: str
    field: str
    why: str

    def is_of(self, violation: Violation) -> bool:
        """Whether it is what the portal has said."""
        return (violation.rule, violation.field) == (self.told, self.field)


@dataclass(frozen=True)
class Question:
    """How a gate of a journey asks. Journeys of one `family` share what the portal knows of a case.

    An act of the portal tells everything at once, also what the applicant has not come to yet:
    `ahead` are rules of later gates and of things that the graph lets be done later (a code, a
    signature). They are told, and are not this gate's verdict.
    """

    journey: str
    gate: str
    family: str
    use_cases: tuple[str, ...]
    ahead: frozenset[str]
    others: tuple[OtherName, ...]
    ask: Ask

    def rules(self, told: Iterable[Violation]) -> frozenset[str]:
        """The rules of the model that the portal has told."""
        return frozenset(map(self._rule, told))

    def _rule(self, violation: Violation) -> str:
        named = (other.rule for other in self.others if other.is_of(violation))
        return next(named, violation.rule)


_QUESTIONS: Final[dict[tuple[str, str], Question]] = {}
QUESTIONS: Final[Mapping[tuple[str, str], Question]] = MappingProxyType(_QUESTIONS)
"""By journey and gate."""


def question(
    journey: str,
    *gates: str,
    use_cases: Iterable[str],
    family: str = "",
    ahead: Iterable[str] = (),
    others: Iterable[OtherName] = (),
) -> Callable[[Ask], Ask]:
    """Let the decorated function ask at these gates of a journey, through these use cases."""

    def register(ask: Ask) -> Ask:
        for gate in gates:
            _QUESTIONS[journey, gate] = Question(
                journey=journey,
                gate=gate,
                family=family or journey,
                use_cases=tuple(use_cases),
                ahead=frozenset(ahead),
                others=tuple(others),
                ask=ask,
            )
        return ask

    return register

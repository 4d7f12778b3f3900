"""`if` of a choice as a condition on a case: kind, tier, defects and visits; policy is known
beforehand and folded away.

A condition is data: one engine calls it, the other lowers it into tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rulebook import Policy
from rulebook.kinds import Kind, Tier
from scenarios.journey_format import Condition, VisitBound

__all__ = ["Predicate", "Traits", "compile_condition"]


@dataclass(frozen=True, slots=True)
class Traits:
    """What the applicant behind a case is, for conditions."""

    kind: Kind
    tier: Tier


@dataclass(frozen=True, slots=True)
class Predicate:
    """All that is given must hold, of a list any; an empty set or mask asks nothing.

    `bounds` are (local node, least, most entries): the present one counts.
    """

    kinds: frozenset[str]
    tiers: frozenset[str]
    defects: int
    bounds: tuple[tuple[int, int, int], ...]

    def __call__(self, traits: Traits, defects: int, visits: Sequence[int]) -> bool:
        """Whether it holds for an applicant with these traits, defects left, visits by node."""
        return (
            (not self.kinds or traits.kind in self.kinds)
            and (not self.tiers or traits.tier in self.tiers)
            and (not self.defects or bool(defects & self.defects))
            and all(low <= visits[node] <= high for node, low, high in self.bounds)
        )


def compile_condition(
    condition: Condition,
    policy: Policy,
    defect_bit: Mapping[str, int],
    local_of: Mapping[str, int],
) -> Predicate | None:
    """A predicate of (traits, defects left, visits by local node); None if the policy makes it
    never true."""
    for name, wanted in (condition.policy or {}).items():
        if policy[name] not in (wanted if isinstance(wanted, list) else [wanted]):
            return None
    kinds = _values(condition.kind)
    tiers = _values(condition.tier)
    mask = sum(1 << defect_bit[d] for d in _values(condition.defects))
    bounds = ((local_of[name], *_bounds(b)) for name, b in (condition.visits or {}).items())
    return Predicate(kinds, tiers, mask, tuple(bounds))


def _values(given: str | Sequence[str] | None) -> frozenset[str]:
    if given is None:
        return frozenset()
    return frozenset([given] if isinstance(given, str) else given)


def _bounds(bound: VisitBound) -> tuple[int, int]:
    low = 0 if bound.at_least is None else bound.at_least
    high = 1 << 62 if bound.at_most is None else bound.at_most
    return low, high

"""Mistakes of applicants: every entry of the rule book's `defects`, made in a good filing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from rulebook import Defect, Policy
from world.attributes import Attributes
from world.country import World
from world.defects.certificate import CERTIFICATE
from world.defects.documents import DOCUMENTS
from world.defects.environment import ENVIRONMENT
from world.defects.form import EMPLOYEE, FORM
from world.defects.occasion import Occasion
from world.defects.subject import SUBJECT
from world.filings import Filing

__all__ = ["MISTAKES", "Mistake", "apply", "apply_all"]

Mistake: TypeAlias = Callable[[Filing, Occasion], Filing]


def _parts(part: str, mistakes: Mapping[str, Callable[[Any, Occasion], Any]]) -> dict[str, Mistake]:
    def in_filing(mistake: Callable[[Any, Occasion], Any]) -> Mistake:
        return lambda filing, occasion: replace(
            filing, **{part: mistake(getattr(filing, part), occasion)}
        )

    return {defect: in_filing(mistake) for defect, mistake in mistakes.items()}


MISTAKES: Final[Mapping[str, Mistake]] = MappingProxyType(
    {
        **_parts("form", FORM),
        **_parts("employee", EMPLOYEE),
        **_parts("documents", DOCUMENTS),
        **_parts("certificate", CERTIFICATE),
        **_parts("subject", SUBJECT),
        **_parts("environment", ENVIRONMENT),
    }
)
"""How each defect is made, by its id; in the order in which several are made in one filing."""


def apply(defect: Defect, filing: Filing, *, world: World, policy: Policy, key: int) -> Filing:
    """`filing` with one mistake more, in exactly one of its parts.

    What the mistake leaves open (which digit, which document) is drawn from `key`, any 64 bits;
    limits are those of `policy`. ValueError if the defect does not apply to the kind of applicant,
    or if `world` is too small or `policy` too lenient for it.
    """
    if filing.kind not in defect.kinds:
        raise ValueError(f"{defect.id} does not apply to the kind {filing.kind}")
    index = filing.subject.organization.index
    occasion = Occasion(
        filing=filing,
        world=world,
        policy=policy,
        chance=Attributes("mistakes", key, index),
    )
    return MISTAKES[defect.id](filing, occasion)


def apply_all(
    defects: Iterable[Defect], filing: Filing, *, world: World, policy: Policy, key: int
) -> Filing:
    """`filing` with several mistakes, the same in whatever order they are given.

    Where two touch one field they are made in the order of `MISTAKES`: a mistyped number is then
    spaced out, then put into the wrong field. Raises as `apply`.
    """
    wanted = {defect.id: defect for defect in defects}
    for name in MISTAKES:
        if name in wanted:
            filing = apply(wanted[name], filing, world=world, policy=policy, key=key)
    return filing

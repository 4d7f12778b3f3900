"""Applicants: what stands behind a case (kind, tier, defects), each a function of its key."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rulebook.kinds import Kind
from sim.model.conditions import Traits
from sim.model.keys import APPLICANT, DEFECTS
from world.draws import bernoulli_mask, combine
from world.population import Population

__all__ = ["Applicants"]


@dataclass(frozen=True)
class Applicants:
    """Who applies: probabilities of defects by kind of applicant, and the chance that a reported
    one is mended."""

    population: Population
    defects: Mapping[Kind, npt.NDArray[np.float64]]
    mend: float

    def traits(self, stream: int, number: int) -> Traits:
        """Kind and tier of the organization behind arrival `number` of a journey's `stream`."""
        organization = self.population.organization_behind(combine(stream, APPLICANT), number)
        return Traits(self.population.kind(organization), self.population.tier(organization))

    def defects_of(self, entity: int, kind: Kind) -> int:
        """Defects of a case as bits, drawn independently; a kind never has one that does not
        apply to it."""
        return bernoulli_mask(entity, DEFECTS, self.defects[kind])

    @property
    def have_defects(self) -> bool:
        """False if every application is faultless: then nothing need be drawn."""
        return any(bool(p.any()) for p in self.defects.values())

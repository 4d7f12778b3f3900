"""Sequential verdicts: does a mean meet its bound, asked again and again as replications come in.

Group-sequential tests (Jennison and Turnbull, Group Sequential Methods, chapters 2 and 7): looks at
fixed numbers of replications, each half as many again as the one before. The error that a verdict
may have is spent in equal parts, one a look; by the union bound the chance of a wrong verdict at
any look is no more than all parts together, however looks depend on each other. At a look the
test is Student's t for the mean over independent replications.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from sim.experiments.intervals import half_width
from sim.experiments.objectives import bound_value
from sim.studies.samples import Sample

__all__ = ["FEWEST", "Looks", "Verdict", "looks_up_to"]

FEWEST: Final = 5  # replications at the first look: with fewer a spread is hardly known
_GROWTH: Final = 1.5
_APART: Final = 1.1  # a look so close before the last tells no more than the last

Verdict = Literal["meets", "fails", "undecided"]


@dataclass(frozen=True)
class Looks:
    """At which numbers of replications one looks, ascending, and how probable a wrong verdict that
    an objective is met (`meets`) or is not (`fails`) may be over all looks."""

    counts: tuple[int, ...]
    meets: float
    fails: float

    def verdict(
        self,
        samples: Sequence[Sample],
        objective: WithinObjective | MetricObjective,
        scenario: CompleteScenario,
    ) -> Verdict:
        """The verdict of the first look that has one; later samples do not change it.

        A replication without the figure (a fault that is not recovered from, a journey that nobody
        completed) does not meet a bound, and neither does the objective.
        """
        values = [sample.of_objective(objective, scenario) for sample in samples]
        sign, limit = _bound(objective)
        for count in self.counts:
            if count > len(values):
                break
            present = [sign * v for v in values[:count] if v is not None]
            if len(present) < count:
                return "fails"
            mean = math.fsum(present) / count
            low = mean - half_width(present, 1.0 - 2.0 * self.meets / len(self.counts))
            high = mean + half_width(present, 1.0 - 2.0 * self.fails / len(self.counts))
            if high < sign * limit:
                return "fails"
            if low >= sign * limit and self._seen_enough(samples[:count], objective):
                return "meets"
        return "undecided"

    def _seen_enough(
        self, samples: Sequence[Sample], objective: WithinObjective | MetricObjective
    ) -> bool:
        """If every case was in time, t knows no spread: then the number of cases has to speak.

        A share below the bound would leave none of n cases late with a chance of less than
        bound^n (Clopper and Pearson 1934).
        """
        if not isinstance(objective, WithinObjective):
            return True
        if any(s.shares[objective.id].share != 1.0 for s in samples) or objective.at_least >= 1.0:
            return True
        arrived = (s.figures[f"journeys.{objective.journey}.arrived"] or 0.0 for s in samples)
        undue = sum(s.shares[objective.id].undue for s in samples)
        part = self.meets / len(self.counts)
        return (sum(arrived) - undue) * math.log(objective.at_least or 1e-300) <= math.log(part)


def looks_up_to(at_most: int, meets: float, fails: float) -> Looks:
    """Looks from FEWEST replications on, the last at `at_most` (2 at least)."""
    counts = []
    count = float(FEWEST)
    while _APART * count < at_most:
        counts.append(round(count))
        count *= _GROWTH
    return Looks((*counts, at_most), meets, fails)


def _bound(objective: WithinObjective | MetricObjective) -> tuple[int, float]:
    """The sign that makes more better, and the bound."""
    if isinstance(objective, WithinObjective):
        return 1, objective.at_least
    return (1 if objective.at_most is None else -1), bound_value(objective)

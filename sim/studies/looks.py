"""Sequential verdicts: does a mean meet its bound, asked again and again as replications come in.

Group-sequential tests (Jennison and Turnbull, Group Sequential Methods, chapters 2 and 7): looks at
fixed numbers of replications, each half as many again as the one before. The error that a verdict
may have is spent in equal parts, one a look; by the union bound the chance of a wrong verdict at
any look is no more than all parts together, however looks depend on each other. At a look the
test is Student's t for the mean over independent replications; of a figure that is the same in most
of them t says nothing (`unvarying`).
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
from sim.studies.unvarying import mostly_equal, shown_without_spread

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
        completed) does not meet a bound, and neither does the objective. One without a case to
        judge (none was due, none arrived) says nothing and is left out.
        """
        for count in self.counts:
            if count > len(samples):
                break
            asked = [s for s in samples[:count] if s.has_cases(objective)]
            if len(asked) < 2:
                continue
            values = [sample.of_objective(objective, scenario) for sample in asked]
            present = [v for v in values if v is not None]
            if len(present) < len(asked):
                return "fails"
            told = self._told(present, asked, objective, scenario)
            if told != "undecided":
                return told
        return "undecided"

    def _told(
        self,
        values: Sequence[float],
        samples: Sequence[Sample],
        objective: WithinObjective | MetricObjective,
        scenario: CompleteScenario,
    ) -> Verdict:
        """The verdict of one look, at the figures `values` of `samples`."""
        sign, limit = _bound(objective)
        if _surely_fails(values, sign, limit, isinstance(objective, WithinObjective)):
            return "fails"
        mean = sign * math.fsum(values) / len(values)
        meets, fails = self.meets / len(self.counts), self.fails / len(self.counts)
        told: Verdict = "undecided"
        if mean + half_width(values, 1.0 - 2.0 * fails) < sign * limit:
            told, error = "fails", fails
        elif mean - half_width(values, 1.0 - 2.0 * meets) >= sign * limit:
            told, error = "meets", meets
        if told == "undecided" or not mostly_equal(values):
            return told
        upward = (sign > 0) == (told == "fails")
        shown = shown_without_spread(samples, objective, scenario, limit, upward, error)
        return told if shown else "undecided"


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


def _surely_fails(values: Sequence[float], sign: int, limit: float, share: bool) -> bool:
    """A bound at the end of what a figure can be is missed on average once it is missed at all;
    that it is met no number of replications shows."""
    if sign > 0:
        return share and limit >= 1.0 and min(values) < 1.0
    return limit <= 0.0 and max(values) > 0.0

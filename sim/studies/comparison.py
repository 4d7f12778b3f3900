"""Comparison: two scenarios on the same random numbers, replication by replication.

Both sides draw by the same keys, so that what happens to a case differs only where the scenarios do
(common random numbers; Law, Simulation Modeling and Analysis, 10.2.2 and 11.2). The interval is
that of the mean of the differences of pairs (paired t).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import variance
from typing import Literal

from scenarios.completion import CompleteScenario
from sim.experiments.intervals import mean_interval
from sim.experiments.results import Figure, ObjectiveResult
from sim.studies.runs import Runs
from sim.studies.samples import Sample, judged, mean_figures
from sim.studies.titles import Titles, titles_of

__all__ = [
    "Comparison",
    "Difference",
    "ObjectiveDifference",
    "Variant",
    "Verdict",
    "compare",
    "difference_of",
]

Verdict = Literal["lower", "higher", "equal", "unclear", "one_sided", "absent"]


@dataclass(frozen=True)
class Difference:
    """`b` less `a` over the pairs in which both exist (`difference.replications` of them).

    `one_sided` pairs have a figure on one side only: those left are a choice that the figure itself
    made, and their difference would tell of others than the rest.
    `saving` is how many times as many replications a comparison of independent runs would need for
    an interval as narrow: (Var a + Var b) / Var(b - a) of the same pairs; None with fewer than
    three pairs or without any spread.
    """

    metric: str
    a: Figure
    b: Figure
    difference: Figure
    saving: float | None
    one_sided: int = 0

    @property
    def verdict(self) -> Verdict:
        """What the interval tells of B against A; `equal`: the same in every pair; `one_sided`:
        nothing, as some pairs have a figure on one side only; `absent`: no pair has any."""
        low, high = self.difference.low, self.difference.high
        if self.one_sided:
            return "one_sided"
        if self.difference.value is None:
            return "absent"
        if low is None or high is None:
            return "unclear"
        if low == high == 0.0:
            return "equal"
        return "lower" if high < 0.0 else "higher" if low > 0.0 else "unclear"


@dataclass(frozen=True)
class ObjectiveDifference:
    """An objective that both scenarios have, under the same id."""

    a: ObjectiveResult
    b: ObjectiveResult
    difference: Difference


@dataclass(frozen=True)
class Variant:
    """One of two scenarios: figures by metric path and objectives, as a simulation of its
    replications would have them."""

    name: str
    scenario_hash: str
    titles: Titles
    figures: Mapping[str, Figure]
    objectives: Sequence[ObjectiveResult]


@dataclass(frozen=True)
class Comparison:
    """Two variants and their differences by metric path, in the order of A, over `pairs` of
    replications."""

    a: Variant
    b: Variant
    differences: Sequence[Difference]
    objectives: Sequence[ObjectiveDifference]
    pairs: int
    seed: int
    scale: float

    @property
    def unmatched(self) -> int:
        """How many metrics only one side has: of a station, a rule or a fault of its own."""
        return len(self.a.figures.keys() ^ self.b.figures.keys())

    def of(self, metric: str) -> Difference | None:
        """The difference of a metric that both sides have."""
        return next((d for d in self.differences if d.metric == metric), None)


def compare(
    a: CompleteScenario, b: CompleteScenario, runs: Runs, replications: int | None = None
) -> Comparison:
    """Run both on the same numbers: those of the seed of `runs`, by default of A's.

    `replications` of each (default: A's). Raises what `experiment` raises, and BrokenLaws.
    """
    pairs = a.scenario.replications if replications is None else replications
    seed = runs.seed_of(a)
    runs = replace(runs, setting=replace(runs.setting, seed=seed))
    runs.listener.begin(2 * pairs, runs.backend.workers(pairs))
    samples_a, samples_b = runs.of("A", a, pairs), runs.of("B", b, pairs)
    side_a, side_b = _variant(a, samples_a), _variant(b, samples_b)

    def difference(metric: str, of_a: _Of, of_b: _Of) -> Difference:
        return difference_of(metric, [*map(of_a, samples_a)], [*map(of_b, samples_b)])

    metrics = [path for path in side_a.figures if path in side_b.figures]
    return Comparison(
        side_a,
        side_b,
        [difference(path, _figure(path), _figure(path)) for path in metrics],
        [
            ObjectiveDifference(
                of_a, of_b, difference(of_a.metric, _objective(a, of_a.id), _objective(b, of_b.id))
            )
            for of_a in side_a.objectives
            for of_b in side_b.objectives
            if (of_a.id, of_a.within, of_a.journey) == (of_b.id, of_b.within, of_b.journey)
            and (of_a.within is not None or of_a.metric == of_b.metric)
        ],
        pairs,
        seed,
        runs.setting.scale,
    )


def _variant(scenario: CompleteScenario, samples: Sequence[Sample]) -> Variant:
    return Variant(
        scenario.scenario.name,
        scenario.scenario_hash,
        titles_of(scenario),
        mean_figures(samples),
        judged(scenario, samples),
    )


_Of = Callable[[Sample], float | None]


def _figure(path: str) -> _Of:
    return lambda sample: sample.figures[path]


def _objective(scenario: CompleteScenario, name: str) -> _Of:
    objective = next(o for o in scenario.scenario.objectives if o.id == name)
    return lambda sample: sample.of_objective(objective, scenario)


def difference_of(
    metric: str, of_a: Sequence[float | None], of_b: Sequence[float | None]
) -> Difference:
    """The difference of a metric from its values on both sides, pair after pair."""
    pairs = [(x, y) for x, y in zip(of_a, of_b, strict=True) if x is not None and y is not None]
    apart = [y - x for x, y in pairs]
    return Difference(
        metric,
        mean_interval(of_a),
        mean_interval(of_b),
        mean_interval(apart),
        _saving(pairs, apart),
        sum((x is None) != (y is None) for x, y in zip(of_a, of_b, strict=True)),
    )


def _saving(pairs: Sequence[tuple[float, float]], apart: Sequence[float]) -> float | None:
    if len(pairs) < 3:
        return None
    spread = variance(apart)
    alone = variance([x for x, _ in pairs]) + variance([y for _, y in pairs])
    return alone / spread if spread > 0.0 else None

"""A plan: the cheapest capacity that meets objectives at a stated confidence.

All capacities run on the same random numbers. The search takes it that more capacity never makes an
objective worse; at each capacity it asks sequentially (`looks`). A wrong answer needs a wrong
verdict on some capacity that was looked at, and the first wrong one lies on the way that a search
with right verdicts takes: what the confidence leaves is divided by the most capacities on such a
way (the union bound, however verdicts depend on each other). Each can be misjudged in one direction
only, so that both have all of its part. Left out are ways on which a capacity that is enough could
not be told to be, which then counts as too little.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from sim.experiments.intervals import CONFIDENCE
from sim.experiments.results import ObjectiveResult
from sim.studies.looks import FEWEST, Looks, Verdict, looks_up_to
from sim.studies.runs import Runs
from sim.studies.samples import Sample, judged
from sim.studies.search import Cell, Search, most_probes
from sim.studies.titles import Titles, titles_of
from sim.studies.variation import Point, Variation, point_name

__all__ = [
    "MOST_REPLICATIONS",
    "Answer",
    "Judged",
    "NothingDue",
    "Plan",
    "Told",
    "error_of_one",
    "plan",
]

MOST_REPLICATIONS = 200  # of a capacity; one closer to its bound is called undecided


# A verdict, or that one stopped before there was any, as another objective had settled the search.
Told = Verdict | Literal["not_asked"]


class NothingDue(Exception):
    """No replication had a case that `objective` could be judged by: none arrived, or the term of
    none ended before the horizon (`horizon_us`, None if runs go on until they are empty)."""

    def __init__(self, objective: WithinObjective, horizon_us: int | None) -> None:
        super().__init__(objective, horizon_us)
        self.objective = objective
        self.horizon_us = horizon_us


@dataclass(frozen=True)
class Judged:
    """A capacity that was looked at: its cost, what is told of each objective, and how it went in
    `replications` (with 95% intervals of a fixed number of them)."""

    values: Point
    cost: float
    verdicts: Mapping[str, Told]
    objectives: Sequence[ObjectiveResult]
    replications: int

    @property
    def verdict(self) -> Told:
        """Of all objectives together."""
        found = set(self.verdicts.values())
        worst: tuple[Told, ...] = ("fails", "undecided", "not_asked")
        return next((told for told in worst if told in found), "meets")


@dataclass(frozen=True)
class Answer:
    """The cheapest capacity for `objectives`, and in `short` those with one step less in one key,
    which are not enough or could not be told to be.

    `cheapest` is None when even the most is not enough: then `most` says how far it comes.
    """

    objectives: Sequence[str]
    cheapest: Judged | None
    most: Judged
    short: Sequence[Judged]


@dataclass(frozen=True)
class Plan:
    """The answer for all objectives, for each of them alone, and the frontier: the capacities that
    meet all and below which none does (over several keys)."""

    name: str
    variations: Sequence[Variation]
    prices: Mapping[str, float]
    confidence: float
    at_most: int
    answer: Answer
    alone: Mapping[str, Answer]
    frontier: Sequence[Judged]
    judged: Sequence[Judged]
    runs: int
    titles: Titles
    seed: int
    scale: float


def plan(
    variations: Sequence[Variation],
    scenario_at: Callable[[Point], CompleteScenario],
    objectives: Sequence[str],
    runs: Runs,
    *,
    prices: Mapping[str, float] | None = None,
    confidence: float = CONFIDENCE,
    at_most: int = MOST_REPLICATIONS,
) -> Plan:
    """Search the grid of `variations`, whose values are numbers that go up, for the cheapest point
    that meets `objectives` (ids). A unit of a key costs its price, 1 if none is given.

    `at_most`: replications of a point, 2 at least. Raises what `scenario_at` and `experiment`
    raise, BrokenLaws and NothingDue.
    """
    prices = {v.key: (prices or {}).get(v.key, 1.0) for v in variations}
    first = scenario_at(tuple(v.values[0] for v in variations))
    workers = runs.backend.workers(at_most)
    runs.listener.begin(None, workers)
    ground = _Ground(variations, scenario_at, runs, prices, confidence, at_most)
    alone = {}
    if len(objectives) > 1:
        alone = {name: _search(ground, [name])[0] for name in objectives}
    answer, frontier = _search(ground, objectives, whole=len(variations) > 1)
    return Plan(
        first.scenario.name, variations, prices, confidence, at_most, answer, alone, frontier,
        ground.judged(objectives), ground.made, titles_of(first), runs.seed_of(first),
        runs.setting.scale,
    )  # fmt: skip


def error_of_one(confidence: float, variations: Sequence[Variation]) -> float:
    """How probable it may be that one capacity is misjudged."""
    return (1.0 - confidence) / most_probes([len(v.values) for v in variations])


class _Ground:
    """The grid with what was run on it."""

    def __init__(
        self,
        variations: Sequence[Variation],
        scenario_at: Callable[[Point], CompleteScenario],
        runs: Runs,
        prices: Mapping[str, float],
        confidence: float,
        at_most: int,
    ) -> None:
        self._variations = variations
        self._scenario_at = scenario_at
        self._runs = runs
        self._at_most = at_most
        self._error = error_of_one(confidence, variations)
        self._samples: dict[Cell, list[Sample]] = {}
        axes = [np.array(v.numbers, np.float64) * prices[v.key] for v in variations]
        self.costs = np.zeros([len(axis) for axis in axes])
        for place, axis in enumerate(axes):
            self.costs += axis.reshape([-1 if i == place else 1 for i in range(len(axes))])

    @property
    def made(self) -> int:
        """How many replications in all."""
        return sum(map(len, self._samples.values()))

    def judge(self, cell: Cell, names: Sequence[str]) -> Judged:
        """Run the cell until the verdict on the objectives is clear."""
        point = self._point(cell)
        scenario = self._scenario_at(point)
        looks = looks_up_to(self._at_most, self._error, self._error / len(names))
        chosen = _chosen(scenario, names)

        def enough(samples: Sequence[Sample]) -> bool:
            if len(samples) not in looks.counts:
                return False
            if any(_all_undue(samples, objective) for objective in chosen):
                return True
            verdicts = _verdicts(looks, samples, chosen, scenario).values()
            return "fails" in verdicts or "undecided" not in verdicts

        name = point_name(self._variations, point)
        at_least = min(FEWEST, self._at_most)
        samples = self._runs.until(name, scenario, enough, at_least, self._at_most)
        for objective in chosen:
            if isinstance(objective, WithinObjective) and not any(
                sample.has_cases(objective) for sample in samples
            ):
                raise NothingDue(objective, scenario.horizon_us)
        if len(samples) > len(self._samples.get(cell, ())):
            self._samples[cell] = samples
        return self._judged(cell, names, samples)

    def judged(self, names: Sequence[str]) -> list[Judged]:
        """Every cell that was looked at, by cost."""
        found = [self._judged(cell, names, samples) for cell, samples in self._samples.items()]
        return sorted(found, key=lambda one: (one.cost, one.values))

    def _judged(self, cell: Cell, names: Sequence[str], samples: Sequence[Sample]) -> Judged:
        point = self._point(cell)
        scenario = self._scenario_at(point)
        looks = looks_up_to(self._at_most, self._error, self._error / len(names))
        results = [o for o in judged(scenario, samples) if o.id in names]
        verdicts = _verdicts(looks, samples, _chosen(scenario, names), scenario)
        told: dict[str, Told] = {**verdicts}
        if len(samples) < self._at_most:
            told = {name: "not_asked" if v == "undecided" else v for name, v in told.items()}
        return Judged(point, float(self.costs[cell]), told, results, len(samples))

    def _point(self, cell: Cell) -> Point:
        return tuple(v.values[i] for v, i in zip(self._variations, cell, strict=True))


def _search(
    ground: _Ground, names: Sequence[str], whole: bool = False
) -> tuple[Answer, list[Judged]]:
    """The answer for some objectives, and with `whole` the frontier."""
    search = Search(ground.costs)
    found: dict[Cell, Judged] = {}

    def ask(cell: Cell) -> None:
        found[cell] = ground.judge(cell, names)
        search.tell(cell, found[cell].verdict == "meets")

    while (cell := search.cheapest_probe()) is not None:
        ask(cell)
    best = search.best
    if whole and best is not None:
        while (cell := search.frontier_probe()) is not None:
            ask(cell)
    top = tuple(size - 1 for size in ground.costs.shape)
    short = [found[cell] for cell in _next_below(best, found)] if best is not None else []
    frontier = [found[cell] for cell in search.frontier if cell in found] if whole else []
    frontier.sort(key=lambda one: (one.cost, one.values))
    answer = Answer(names, None if best is None else found[best], found[top], short)
    return answer, frontier


def _next_below(best: Cell, found: Mapping[Cell, Judged]) -> list[Cell]:
    """Cells one step below the best in one key that were looked at."""
    below = [
        tuple(i - (axis == place) for axis, i in enumerate(best)) for place in range(len(best))
    ]
    return [cell for cell in below if cell in found]


def _chosen(
    scenario: CompleteScenario, names: Sequence[str]
) -> list[WithinObjective | MetricObjective]:
    return [o for o in scenario.scenario.objectives if o.id in names]


def _all_undue(samples: Sequence[Sample], objective: WithinObjective | MetricObjective) -> bool:
    """If cases arrived and the term of none ended within a run: nor would it in more runs."""
    if not isinstance(objective, WithinObjective):
        return False
    undue = sum(sample.shares[objective.id].undue for sample in samples)
    return undue > 0 and not any(sample.has_cases(objective) for sample in samples)


def _verdicts(
    looks: Looks,
    samples: Sequence[Sample],
    chosen: Sequence[WithinObjective | MetricObjective],
    scenario: CompleteScenario,
) -> dict[str, Verdict]:
    return {o.id: looks.verdict(samples, o, scenario) for o in chosen}

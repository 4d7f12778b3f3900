"""A sweep: every point of a grid simulated on the same random numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scenarios.completion import CompleteScenario
from sim.experiments.results import Figure, ObjectiveResult
from sim.studies.comparison import Difference, difference_of
from sim.studies.runs import Runs
from sim.studies.samples import Sample, judged, mean_figures
from sim.studies.titles import Titles, titles_of
from sim.studies.variation import Point, Variation, grid, point_name

__all__ = ["Sweep", "SweepPoint", "sweep"]


@dataclass(frozen=True)
class SweepPoint:
    """A point of the grid: its figures and objectives, and how its figures differ from those of the
    first point, pair by pair."""

    values: Point
    figures: Mapping[str, Figure]
    objectives: Sequence[ObjectiveResult]
    differences: Mapping[str, Difference]


@dataclass(frozen=True)
class Sweep:
    """All points, the last key changing fastest; `titles` are those of the first one."""

    name: str
    variations: Sequence[Variation]
    points: Sequence[SweepPoint]
    titles: Titles
    replications: int
    seed: int
    scale: float

    def at(self, values: Point) -> SweepPoint:
        """The point with these values."""
        return next(point for point in self.points if point.values == values)


def sweep(
    variations: Sequence[Variation],
    scenario_at: Callable[[Point], CompleteScenario],
    runs: Runs,
    replications: int | None = None,
) -> Sweep:
    """Simulate each point of the grid of `variations`, `replications` times (default: as its
    scenario says at the first point).

    Points share the scenario's seed unless it is what varies. Raises what `scenario_at` and
    `experiment` raise, and BrokenLaws.
    """
    places = grid(variations)
    first = scenario_at(places[0])
    wanted = first.scenario.replications if replications is None else replications
    runs.listener.begin(wanted * len(places), runs.backend.workers(wanted))
    points: list[SweepPoint] = []
    baseline: list[Sample] = []
    for place in places:
        scenario = scenario_at(place)
        samples = runs.of(point_name(variations, place), scenario, wanted)
        baseline = baseline or samples
        points.append(
            SweepPoint(
                place,
                mean_figures(samples),
                judged(scenario, samples),
                _differences(baseline, samples),
            )
        )
    return Sweep(
        first.scenario.name,
        variations,
        points,
        titles_of(first),
        wanted,
        runs.seed_of(first),
        runs.setting.scale,
    )


def _differences(baseline: Sequence[Sample], samples: Sequence[Sample]) -> dict[str, Difference]:
    """Of the figures that both points have."""
    return {
        path: difference_of(
            path, [s.figures[path] for s in baseline], [s.figures[path] for s in samples]
        )
        for path in baseline[0].figures
        if path in samples[0].figures
    }

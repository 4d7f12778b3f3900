"""Samples: what a study keeps of a replication, small enough for a line of a journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from scenarios.metrics import parse_metric
from sim.experiments.intervals import mean_interval
from sim.experiments.objectives import TermShare, judge_bound, judge_term
from sim.experiments.replication import Replication
from sim.experiments.results import Figure, ObjectiveResult

__all__ = ["BrokenLaws", "Sample", "judged", "mean_figures", "sample_of"]


class BrokenLaws(Exception):
    """A replication violated conservation laws: `details` say which, `point` where. Its figures
    cannot be trusted, nor can what would be concluded from them."""

    def __init__(self, point: str, number: int, details: Sequence[str]) -> None:
        super().__init__(point, number, details)
        self.point = point
        self.number = number
        self.details = details


@dataclass(frozen=True)
class Sample:
    """Figures of one replication by metric path, and for each objective with a term the share of
    cases in time and the number of undue ones."""

    number: int
    figures: Mapping[str, float | None]
    shares: Mapping[str, TermShare]

    def of_objective(
        self, objective: WithinObjective | MetricObjective, scenario: CompleteScenario
    ) -> float | None:
        """What the objective is judged by: a share or a figure; None if there is none."""
        if isinstance(objective, WithinObjective):
            return self.shares[objective.id].share
        return self.figures[scenario.metric_of(objective.metric)]

    def has_cases(self, objective: WithinObjective | MetricObjective) -> bool:
        """If there was a case that the objective is about: a due one, or for times of a journey any
        that arrived."""
        if isinstance(objective, WithinObjective):
            return self.shares[objective.id].share is not None
        metric = parse_metric(objective.metric)
        if metric is None or not metric.figure.startswith("time."):
            return True
        return self.figures[f"journeys.{metric.subject}.arrived"] != 0.0


def sample_of(replication: Replication, point: str) -> Sample:
    """The sample of a replication of `point`; raises BrokenLaws if it violated one."""
    broken = [f"{check.name}: {check.detail}" for check in replication.checks if not check.passed]
    if broken:
        raise BrokenLaws(point, replication.number, broken)
    return Sample(replication.number, replication.figures, replication.shares)


def mean_figures(samples: Sequence[Sample]) -> dict[str, Figure]:
    """Every figure with its 95% interval, as a simulation of these replications would have it."""
    return {path: mean_interval([s.figures[path] for s in samples]) for path in samples[0].figures}


def judged(scenario: CompleteScenario, samples: Sequence[Sample]) -> list[ObjectiveResult]:
    """The scenario's objectives, as a simulation of these replications would judge them."""
    results = []
    for objective in scenario.scenario.objectives:
        if isinstance(objective, WithinObjective):
            results.append(judge_term(objective, [s.shares[objective.id] for s in samples]))
        else:
            figure = mean_interval([s.of_objective(objective, scenario) for s in samples])
            results.append(judge_bound(objective, figure, len(samples)))
    return results

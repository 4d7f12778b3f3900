"""Figures that are the same in every replication: t knows no spread, so events that were never seen
have to speak.

Were the true mean across its bound, something would have to move the figure there: events that
each move it by no more than its `reach`, so that there are gap / reach of them to a trial on
average. That none came in n trials has a chance of exp(-n · gap / reach) at most (Poisson; at 5%
it is the rule of three); for shares of cases the binomial is exact (Clopper and Pearson 1934).
"""

import math
from collections.abc import Sequence

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from scenarios.metrics import Metric, parse_metric
from sim.studies.samples import Sample
from world.microseconds import SECOND_US

__all__ = ["shown_without_spread"]


def shown_without_spread(
    samples: Sequence[Sample],
    objective: WithinObjective | MetricObjective,
    scenario: CompleteScenario,
    limit: float,
    upward: bool,
    error: float,
) -> bool:
    """If the figure of `objective`, equal in all `samples`, is shown to be on the side of `limit`
    where it was seen, wrong with a chance of `error` at most; `upward`: it would be wrong were the
    mean higher."""
    value = samples[0].of_objective(objective, scenario)
    assert value is not None
    needed = -math.log(error)
    if isinstance(objective, WithinObjective):
        if value in {0.0, 1.0}:
            other = limit if value == 1.0 else 1.0 - limit
            return other <= 0.0 or _cases(samples, objective) * -math.log(other) >= needed
        return len(samples) * abs(value - limit) >= needed * (1.0 - value if upward else value)
    metric = parse_metric(scenario.metric_of(objective.metric))
    assert metric is not None
    if not upward:
        reach = value  # no figure is below zero
    elif metric.unit == "share":
        reach = 1.0 - value
    elif metric.unit == "seconds":
        reach = _longest_s(scenario)
    else:
        reach = 1.0  # an event more
    return _trials(samples, metric) * abs(value - limit) >= needed * reach


def _cases(samples: Sequence[Sample], objective: WithinObjective) -> float:
    """Cases that were due."""
    arrived = sum(s.figures[f"journeys.{objective.journey}.arrived"] or 0.0 for s in samples)
    return arrived - sum(s.shares[objective.id].undue for s in samples)


def _trials(samples: Sequence[Sample], metric: Metric) -> float:
    """Cases for a time that each of them has, else replications."""
    if metric.figure.startswith("time."):
        counted = f"journeys.{metric.subject}.completed"
    elif metric.figure.startswith("wait."):
        counted = f"stations.{metric.subject}.served"
    else:
        return len(samples)
    return sum(s.figures[counted] or 0.0 for s in samples)


def _longest_s(scenario: CompleteScenario) -> float:
    """No case takes longer than the run, or, when that goes on until it is empty, than arrivals go
    on; in seconds, infinite where neither is known."""
    if scenario.horizon_us is not None:
        return scenario.horizon_us / SECOND_US
    calendar = scenario.scenario.calendar
    if calendar.arrivals_until is None:
        return math.inf
    return (calendar.arrivals_until - calendar.start).total_seconds()

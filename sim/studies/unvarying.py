"""Figures that are the same in most replications: t knows no spread, or one that says nothing of
what is rare, so events that were hardly ever seen have to speak.

Were the true mean across its bound, something would have to move the figure there: events that
each move it by no more than its `reach`, so that there are gap / reach of them to a trial on
average. That none came in n trials has a chance of exp(-n · gap / reach) at most (Poisson; at 5%
it is the rule of three); that no more came than were seen, as the figure did move a little, one of
Chernoff's bound (Hoeffding 1963). For shares of cases the events are cases and the bound is the
binomial's: of none the exact one (Clopper and Pearson 1934).
"""

import math
from collections import Counter
from collections.abc import Sequence

from scipy.special import rel_entr

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from scenarios.metrics import Metric, parse_metric
from sim.studies.samples import Sample
from world.microseconds import SECOND_US

__all__ = ["mostly_equal", "shown_without_spread"]


def mostly_equal(values: Sequence[float]) -> bool:
    """If more than half of the values are one number."""
    return 2 * Counter(values).most_common(1)[0][1] > len(values)


def shown_without_spread(
    samples: Sequence[Sample],
    objective: WithinObjective | MetricObjective,
    scenario: CompleteScenario,
    limit: float,
    upward: bool,
    error: float,
) -> bool:
    """If the figure of `objective`, equal in most `samples`, is shown to be on the side of `limit`
    where it was seen, wrong with a chance of `error` at most; `upward`: it would be wrong were the
    mean higher."""
    values = [sample.of_objective(objective, scenario) or 0.0 for sample in samples]
    usual = Counter(values).most_common(1)[0][0]
    sign = 1.0 if upward else -1.0
    gap = sign * (limit - usual)
    if gap < 0.0:
        return False
    if isinstance(objective, WithinObjective) and usual in {0.0, 1.0}:
        cases = [_cases(sample, objective) for sample in samples]
        seen = sum(n * abs(x - usual) for n, x in zip(cases, values, strict=True))
        return _cases_unlikely(seen, sum(cases), gap, error)
    trials, reach = _reached(samples, objective, scenario, usual, upward)
    if reach == 0.0:
        return True  # the figure cannot be on that side
    moved = sum(max(sign * (value - usual), 0.0) for value in values) / len(values)
    return _events_unlikely(trials * moved / reach, trials * gap / reach, error)


def _events_unlikely(seen: float, expected: float, error: float) -> bool:
    """If so few events as were `seen`, of so many that are `expected`, have a chance of `error` at
    most."""
    apart = expected - seen + float(rel_entr(seen, expected))
    return seen < expected and apart >= -math.log(error)


def _cases_unlikely(seen: float, cases: float, share: float, error: float) -> bool:
    """If so few of `cases` as were `seen`, where a `share` of them is expected, have a chance of
    `error` at most."""
    if share >= 1.0:
        return seen < cases
    part = seen / cases if cases else 0.0
    apart = float(rel_entr(part, share) + rel_entr(1.0 - part, 1.0 - share))
    return part < share and cases * apart >= -math.log(error)


def _reached(
    samples: Sequence[Sample],
    objective: WithinObjective | MetricObjective,
    scenario: CompleteScenario,
    usual: float,
    upward: bool,
) -> tuple[float, float]:
    """Trials, and how far an event in one of them can move the figure."""
    if isinstance(objective, WithinObjective):
        return len(samples), 1.0 - usual if upward else usual
    metric = parse_metric(scenario.metric_of(objective.metric))
    assert metric is not None
    trials = _trials(samples, metric)
    if not upward:
        return trials, usual  # no figure is below zero
    if metric.unit == "share":
        return trials, 1.0 - usual
    # Of counts and ratios an event is one more.
    return trials, _longest_s(scenario) if metric.unit == "seconds" else 1.0


def _cases(sample: Sample, objective: WithinObjective) -> float:
    """Cases that were due."""
    arrived = sample.figures[f"journeys.{objective.journey}.arrived"] or 0.0
    return arrived - sample.shares[objective.id].undue


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

"""Objectives of a scenario judged by what really happened, in model time, and those of the load
test itself, in time of the wall."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.results.figures import latency_of
from loadtests.results.memory import MemoryGrowth
from loadtests.results.result import FaultSpan
from loadtests.samples import OUTCOMES, JourneyEnd, Outcome
from scenarios.completion import CompleteScenario
from scenarios.format import WithinObjective
from scenarios.metrics import RETRY_AMPLIFICATION, Metric, parse_metric
from sim.experiments.measures import JourneyCases
from sim.experiments.objectives import AT_MOST, judge_bound, judge_term, share_within
from sim.experiments.results import Figure, ObjectiveResult
from world.microseconds import SECOND_US

__all__ = ["P95", "SHARES", "cases_in_model_time", "judged"]

_FAILED: Final = "load.failed"
_SHED: Final = "load.shed"
_FAILED_CASES: Final = "load.failed_cases"
_UNENDED: Final = "load.unended"
_UNREADY: Final = "load.unready"
_MEMORY: Final = "load.memory_growth"
P95: Final = "load.p95"
"""Of the latency of good answers, in seconds of the wall."""
SHARES: Final = (_FAILED, _SHED, _FAILED_CASES, _UNENDED, _UNREADY, _MEMORY)
"""Metrics of the load test itself that are shares."""
_QUANTILES: Final = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}

Samples = npt.NDArray[np.void]


def judged(
    scenario: CompleteScenario,
    samples: Samples,
    ends: Sequence[JourneyEnd],
    spans: Sequence[FaultSpan],
    speed: float,
    end_s: float,
    walked: Collection[str],
    planned: int,
    memory: MemoryGrowth | None = None,
) -> tuple[list[ObjectiveResult], list[str]]:
    """Every objective with its value, and the ids of those that only a model can judge, or a longer
    run. One about `walked` journeys of the scenario, about answers or about a fault that was over
    before the end, for which the run has no value all the same, is not met. So many cases were
    `planned`. `memory` is None where the server's process is not visible.

    One run is one replication: values have no intervals."""
    by_journey = {
        name: cases_in_model_time([each for each in ends if each.journey == name], speed)
        for name in scenario.journeys
    }
    owed = {("journeys", name) for name in _owed(ends, walked)}
    owed |= {("recovery", span.id) for span in spans if span.to_s <= end_s}
    figures = _figures(by_journey, samples, ends, spans, speed)
    found = [*_of_load(scenario, samples, ends, planned)]
    unjudged = []
    limit = scenario.scenario.load.memory_growth_at_most
    if limit is not None and memory is None:
        unjudged.append("memory")
    elif limit is not None and memory is not None:
        found.append(_bounded("memory", _MEMORY, memory.share, limit))
    for objective in scenario.scenario.objectives:
        if isinstance(objective, WithinObjective):
            cases = by_journey[objective.journey]
            end_us = round(end_s * speed * SECOND_US)
            shares = share_within(cases, objective.within, scenario.calendar, end_us)
            nobody_came = not len(cases.all_arrived_us) and objective.journey in walked
            if shares.share is not None or nobody_came:
                found.append(judge_term(objective, [shares]))
            else:
                unjudged.append(objective.id)
            continue
        metric = parse_metric(objective.metric)
        value = figures.get(objective.metric)
        if value is None and metric is not None and metric.family == "rejections":
            value = 0.0
        if value is None and (metric is None or not _is_owed(metric, owed)):
            unjudged.append(objective.id)
        else:
            found.append(judge_bound(objective, Figure(value, replications=1), 1))
    return found, unjudged


def _owed(ends: Sequence[JourneyEnd], walked: Collection[str]) -> set[str]:
    """Journeys of which the run should know how long they take: all `walked` but those in which
    everybody was refused."""
    refused = {each.journey for each in ends if each.ending == "refused"}
    others = {each.journey for each in ends if each.ending != "refused"}
    return set(walked) - (refused - others)


def _is_owed(metric: Metric, owed: Collection[tuple[str, str]]) -> bool:
    return metric.family == RETRY_AMPLIFICATION or (metric.family, metric.subject) in owed


def cases_in_model_time(ends: Sequence[JourneyEnd], speed: float) -> JourneyCases:
    """Cases as a simulation has them: those that the end of the run has cut off are open, refused
    and failed ones are abandoned."""
    over = [each for each in ends if each.ending != "abandoned"]

    def model_us(wall_us: Sequence[int]) -> npt.NDArray[np.int64]:
        return np.round(np.array(wall_us, np.float64) * speed).astype(np.int64)

    return JourneyCases(
        model_us([each.intended_us for each in over]),
        model_us([each.ended_us for each in over]),
        np.array([each.ending == "completed" for each in over], bool),
        np.zeros(len(over), np.int32),
        model_us([each.intended_us for each in ends if each.ending == "abandoned"]),
    )


def _figures(
    by_journey: Mapping[str, JourneyCases],
    samples: Samples,
    ends: Sequence[JourneyEnd],
    spans: Sequence[FaultSpan],
    speed: float,
) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for name, cases in by_journey.items():
        path, times = f"journeys.{name}", cases.times_us / SECOND_US
        figures[f"{path}.arrived"] = float(len(cases.all_arrived_us))
        figures[f"{path}.completed"] = float(cases.completed.sum())
        figures[f"{path}.abandoned"] = float((~cases.completed).sum())
        figures[f"{path}.unfinished"] = float(len(cases.open_us))
        latency = latency_of(times)
        figures[f"{path}.time.mean"] = latency.mean
        for quantile in _QUANTILES:
            figures[f"{path}.time.{quantile}"] = getattr(latency, quantile)
    first = int((samples["attempt"] == 0).sum())
    figures[RETRY_AMPLIFICATION] = len(samples) / first if first else None
    for rule, count in _rejections(samples, ends).items():
        figures[f"rejections.{rule}"] = float(count)
    for span in spans:
        if span.recovered_s is not None:
            figures[f"recovery.{span.id}"] = span.recovered_s * speed
    return figures


def _rejections(samples: Samples, ends: Sequence[JourneyEnd]) -> Counter[str]:
    """By answers that named a rule, and by gates of the model that no request stands for."""
    refused = samples[samples["outcome"] == OUTCOMES.index("refused")]
    counted = Counter(rule for each in ends for rule in each.rejected.split())
    for detail in refused["detail"].tolist():
        counted.update(detail.decode(errors="replace").split())
    return counted


def _of_load(
    scenario: CompleteScenario, samples: Samples, ends: Sequence[JourneyEnd], planned: int
) -> list[ObjectiveResult]:
    load = scenario.scenario.load
    outcomes = np.bincount(samples["outcome"], minlength=len(OUTCOMES)).tolist()
    endings = Counter(each.ending for each in ends)
    failed, unended = endings["failed"], endings["abandoned"]
    unready = planned - sum(each.person == "ready" for each in ends)

    def answers(outcome: Outcome) -> float | None:
        return _part(outcomes[OUTCOMES.index(outcome)], len(samples))

    found = [
        _bounded("answers", _FAILED, answers("failed"), load.failed_at_most),
        _bounded("shed", _SHED, answers("shed"), load.shed_at_most),
        _bounded(
            "cases", _FAILED_CASES, _part(failed, len(ends) - unended), load.failed_cases_at_most
        ),
        _bounded("ended", _UNENDED, _part(unended, len(ends)), load.unended_at_most),
        _bounded("ready", _UNREADY, _part(unready, planned), load.unready_at_most),
    ]
    if load.p95_at_most is not None:
        good = samples[samples["outcome"] <= OUTCOMES.index("refused")]
        p95 = latency_of((good["ended_us"] - good["intended_us"]) / SECOND_US).p95
        found.append(_bounded("latency", P95, p95, load.p95_at_most / SECOND_US))
    return found


def _part(some: int, of: int) -> float | None:
    return some / of if of else None


def _bounded(id_: str, metric: str, value: float | None, limit: float) -> ObjectiveResult:
    margin = None if value is None else limit - value
    figure = Figure(value, replications=1)
    passed = margin is not None and margin >= 0.0
    return ObjectiveResult(
        id_, None, None, metric, AT_MOST, limit, figure, passed, margin, Figure(0.0)
    )

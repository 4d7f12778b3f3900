"""Sensitivity: what a little more capacity of each station, and a little less of each defect, does
to each objective; and how many cases are inside only because of the faults. All by paired runs."""

import math
from collections.abc import Sequence, Set
from dataclasses import replace

import numpy as np

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from scenarios.station_format import ShiftPlan, Station
from sim.experiments.intervals import mean_interval
from sim.experiments.replication import Floats, Replication
from sim.experiments.results import ExcessView, Figure, Result, SensitivityView
from sim.model.stations import scaled_count
from sim.studies.comparison import difference_of
from sim.studies.runs import Runs
from sim.studies.samples import Sample, sample_of

__all__ = ["larger", "with_sensitivity"]

FEWEST = 0.5  # cases too many that are as good as none
PART = 0.1  # of a capacity or a probability: enough to be seen, little enough to be a slope


def with_sensitivity(
    result: Result,
    done: Sequence[Replication],
    scenario: CompleteScenario,
    runs: Runs,
) -> Result:
    """`result` of the replications `done` with what variants of `scenario` on the same random
    numbers add to it; `runs` has the scale and the seed of `result`. Without objectives there is
    nothing that stations and defects could change, and none of them is run. Raises what
    `experiment` raises, and BrokenLaws.
    """
    asked = bool(scenario.scenario.objectives)
    stations = [name for name in scenario.stations if asked and _waited(name, done)]
    population = scenario.scenario.population
    defects = [name for name, p in population.defects.items() if asked and p > 0.0]
    faults = scenario.scenario.faults
    variants = len(stations) + len(defects) + bool(faults)
    if variants:
        runs.listener.begin(variants * len(done), runs.backend.workers(len(done)))
    baseline = [sample_of(replication, "") for replication in done]
    views = []
    for name, station in scenario.stations.items() if asked else ():
        before = _servers(station)
        if name not in stations:
            views.append(SensitivityView("station", name, before, before, _nothing(scenario)))
            continue
        bigger = larger(station, result.scale)
        variant = replace(scenario, stations={**scenario.stations, name: bigger})
        changes = _changes(scenario, baseline, runs.of(name, variant, len(done)))
        views.append(SensitivityView("station", name, before, _servers(bigger), changes))
    for name in defects:
        p = population.defects[name]
        fewer = {**population.defects, name: p * (1.0 - PART)}
        rarer = population.model_copy(update={"defects": fewer})
        variant = _changed(scenario, population=rarer)
        changes = _changes(scenario, baseline, runs.of(name, variant, len(done)))
        views.append(SensitivityView("defect", name, p, fewer[name], changes))
    excess = None
    if faults:
        calm = _changed(scenario, faults=[], objectives=_without_faults(scenario))
        excess = _excess(scenario, result, done, runs.whole("faults=[]", calm, len(done)))
    return replace(result, sensitivity=views, excess=excess)


def _changed(scenario: CompleteScenario, **changes: object) -> CompleteScenario:
    return replace(scenario, scenario=scenario.scenario.model_copy(update=changes))


def _without_faults(scenario: CompleteScenario) -> list[WithinObjective | MetricObjective]:
    """Objectives that a run without faults has figures for."""
    return [
        objective
        for objective in scenario.scenario.objectives
        if isinstance(objective, WithinObjective) or not objective.metric.startswith("recovery.")
    ]


def _waited(station: str, done: Sequence[Replication]) -> bool:
    """Whether anybody waited or was refused there: if not, more servers change nothing."""
    figures = (f"stations.{station}.{figure}" for figure in ("queue.max", "refused", "impatient"))
    return any(replication.figures.get(path) for path in figures for replication in done)


def _servers(station: Station) -> float:
    """As written; of shifts the sum of their counts."""
    servers = station.servers
    if isinstance(servers, ShiftPlan):
        return float(sum(row.count for row in servers.shifts))
    return float(servers)


def larger(station: Station, scale: float) -> Station:
    """A tenth more of each number of servers, one at least once scaled; none stays none."""
    servers = station.servers
    if isinstance(servers, ShiftPlan):
        rows = [row.model_copy(update={"count": _more(row.count, scale)}) for row in servers.shifts]
        return station.model_copy(update={"servers": servers.model_copy(update={"shifts": rows})})
    return station.model_copy(update={"servers": _more(servers, scale)})


def _more(count: int, scale: float) -> int:
    if not count:
        return 0
    now = scaled_count(count, scale)
    wanted = max(math.ceil(now * (1.0 + PART)), now + 1)
    more = max(round(wanted / scale), count + 1)
    while scaled_count(more, scale) < wanted:
        more += 1
    return more


def _nothing(scenario: CompleteScenario) -> dict[str, Figure]:
    return {objective.id: Figure(0.0, 0.0, 0.0) for objective in scenario.scenario.objectives}


def _changes(
    scenario: CompleteScenario, baseline: Sequence[Sample], changed: Sequence[Sample]
) -> dict[str, Figure]:
    """The difference that each objective's figure has on average, pair by pair; unknown where some
    pairs have the figure on one side only: the others are a choice that the change itself made."""
    changes = {}
    for objective in scenario.scenario.objectives:
        found = difference_of(
            objective.id,
            [sample.of_objective(objective, scenario) for sample in baseline],
            [sample.of_objective(objective, scenario) for sample in changed],
        )
        changes[objective.id] = Figure(None) if found.one_sided else found.difference
    return changes


def _excess(
    scenario: CompleteScenario,
    result: Result,
    done: Sequence[Replication],
    calm: Sequence[Replication],
) -> ExcessView:
    """Cases inside with faults less those without, pair by pair and bin by bin."""
    journeys = {stream.journey for stream in scenario.scenario.arrivals}
    over = math.ceil(max(fault.to_s for fault in result.faults) / result.bin_s)
    peak, peak_s, gone_s = [], [], []
    for faulty, without in zip(done, calm, strict=True):
        more = _inside(faulty, journeys)
        fewer = _inside(without, journeys)
        bins = max(len(more), len(fewer))
        excess = np.pad(more, (0, bins - len(more))) - np.pad(fewer, (0, bins - len(fewer)))
        peak.append(float(excess.max(initial=0.0)))
        peak_s.append(float(excess.argmax()) * result.bin_s if bins else 0.0)
        left = np.flatnonzero(excess[over:] >= FEWEST)
        last = over + int(left[-1]) + 1 if len(left) else over
        if last < len(more) or result.until_empty:
            gone_s.append((last - over) * result.bin_s)
    return ExcessView(
        mean_interval(peak),
        sum(peak_s) / len(done),
        mean_interval(gone_s),
        len(gone_s),
        len(done),
    )


def _inside(replication: Replication, journeys: Set[str]) -> Floats:
    """The mean number inside in each bin, of journeys that have arrivals."""
    series = [replication.journeys[name].inside for name in sorted(journeys)]
    inside: Floats = np.sum(series, axis=0)
    return inside

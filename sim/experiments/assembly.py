"""Assembly: replications averaged into the one `Result` that reports read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from rulebook import LANGUAGES, Language
from scenarios.completion import CompleteScenario
from scenarios.format import WithinObjective
from sim.engines.time_grid import IntervalSum
from sim.experiments.backlog import backlogs
from sim.experiments.checks import check_stationary
from sim.experiments.drawn_journeys import drawn, node_id
from sim.experiments.intervals import mean_interval
from sim.experiments.notes import notes_of
from sim.experiments.objectives import judge_bound, judge_term
from sim.experiments.replication import HISTOGRAM_EDGES_S, Floats, JourneySeries, Replication
from sim.experiments.results import (
    CheckResult,
    DayQuantiles,
    FaultView,
    Figure,
    Histogram,
    JourneyView,
    ObjectiveResult,
    Result,
    StationView,
    UnfinishedView,
)
from sim.model.model import Model
from sim.model.stations import FaultSpec
from sim.model.unfolding import title_of
from world.microseconds import SECOND_US

__all__ = ["assemble", "station_title"]


def assemble(
    scenario: CompleteScenario,
    model: Model,
    done: Sequence[Replication],
    bin_us: int,
    warmup_us: int,
) -> Result:
    """What `done`, the replications in order, say together."""
    written = scenario.scenario
    figures = {key: mean_interval([r.figures[key] for r in done]) for key in done[0].figures}
    bins = max(len(series.inside) for r in done for series in r.journeys.values())
    book = scenario.book
    return Result(
        name=written.name,
        description=written.description,
        start=model.calendar.local(0),
        timezone=model.calendar.timezone,
        seed=model.seed,
        scale=model.scale,
        engine="simpy",
        replications=len(done),
        warmup_s=warmup_us / SECOND_US,
        end_s=sum(r.end_us for r in done) / len(done) / SECOND_US,
        until_empty=model.horizon_us is None,
        bin_s=bin_us / SECOND_US,
        figures=figures,
        objectives=_objectives(scenario, done, figures),
        checks=_checks(done),
        journeys=[_journey(scenario, model, name, done, bins) for name in model.graph.names],
        stations=[
            _station(scenario, model, index, done, bins, bin_us)
            for index in range(len(model.stations))
        ],
        faults=[
            _fault(fault, station.name, bins * bin_us)
            for station in model.stations
            for fault in station.faults
        ],
        unfinished=_unfinished(model, done),
        rules={
            rule: _texts(book.rule(rule).message.in_language)
            for rule in sorted(model.rules_at_gates)
        },
        defaults=[
            _texts(used.text)
            for used in scenario.defaults
            if used.key != "replications" or used.detail == str(len(done))
        ],
        notes=notes_of(scenario, model, max(r.end_us for r in done)),
        scenario_hash=scenario.scenario_hash,
        rulebook_version=book.version,
        backlogs=backlogs(model, done, bin_us),
    )


def _objectives(
    scenario: CompleteScenario, done: Sequence[Replication], figures: Mapping[str, Figure]
) -> list[ObjectiveResult]:
    results = []
    for objective in scenario.scenario.objectives:
        if isinstance(objective, WithinObjective):
            shares = [r.shares[objective.id] for r in done]
            results.append(judge_term(objective, shares))
        else:
            figure = figures[scenario.metric_of(objective.metric)]
            results.append(judge_bound(objective, figure, len(done)))
    return results


def _checks(done: Sequence[Replication]) -> list[CheckResult]:
    """A law holds if it holds in every replication; a violation is told with the replication's
    numbers."""
    checks = []
    for of_law in zip(*(r.checks for r in done), strict=True):
        broken = [(r.number, c) for r, c in zip(done, of_law, strict=True) if not c.passed]
        detail = (
            "; ".join(f"replication {number}: {c.detail}" for number, c in broken)
            or of_law[-1].detail
        )
        checks.append(CheckResult(of_law[0].name, not broken, detail))
    little = check_stationary([r.little for r in done if r.little is not None])
    return checks if little is None else [*checks, little]


def _mean_series(series: Iterable[Floats], bins: int) -> list[float]:
    """Mean over replications; one that ended earlier has nothing more to add."""
    rows = [np.pad(row, (0, bins - len(row))) for row in series]
    mean: list[float] = np.mean(rows, axis=0).tolist()
    return mean


def _station(
    scenario: CompleteScenario,
    model: Model,
    index: int,
    done: Sequence[Replication],
    bins: int,
    bin_us: int,
) -> StationView:
    spec = model.stations[index]
    scheduled = IntervalSum(bin_us)
    end = bins * bin_us
    changes = []
    for time, servers in spec.capacity(model.calendar):
        if time >= end:
            break
        changes.append((time, servers))
    for (begin, servers), (stop, _) in pairwise([*changes, (end, 0)]):
        scheduled.add(np.array([begin]), np.array([stop]), servers)
    return StationView(
        name=spec.name,
        title=station_title(scenario, spec.name),
        from_default=spec.name not in scenario.scenario.stations,
        waiting=_mean_series((r.stations[index].waiting for r in done), bins),
        busy=_mean_series((r.stations[index].busy for r in done), bins),
        capacity=(scheduled.per_bin(bins) / bin_us).tolist(),
    )


def _fault(fault: FaultSpec, station: str, end_us: int) -> FaultView:
    """As it is drawn: a fault without an end lasts as long as the charts."""
    return FaultView(
        fault.id,
        station,
        fault.kind,
        fault.from_us / SECOND_US,
        min(fault.to_us, end_us) / SECOND_US,
        fault.factor if fault.kind == "slow" else None,
        fault.p if fault.kind == "error" else None,
    )


def station_title(scenario: CompleteScenario, name: str) -> dict[str, str]:
    """The title of a station by language: that of its system, or its name."""
    try:
        system = scenario.book.system(name)
    except KeyError:
        return {"ru": name, "en": name}
    return _texts(system.title)


def _journey(
    scenario: CompleteScenario, model: Model, name: str, done: Sequence[Replication], bins: int
) -> JourneyView:
    series = [r.journeys[name] for r in done]
    nodes, flows = drawn(model, name, done)
    return JourneyView(
        name=name,
        title=title_of(scenario.journeys[name], name),
        nodes=nodes,
        flows=flows,
        histogram=Histogram(
            HISTOGRAM_EDGES_S.tolist(), np.sum([s.histogram for s in series], axis=0).tolist()
        ),
        days=_days(series),
        arrived=_mean_series((s.arrived for s in series), bins),
        completed=_mean_series((s.completed for s in series), bins),
        inside=_mean_series((s.inside for s in series), bins),
    )


def _days(series: Sequence[JourneySeries]) -> list[DayQuantiles]:
    days = sorted({day for s in series for day in s.days})
    rows = []
    for day in days:
        of_day = [s.days[day] for s in series if day in s.days]
        quantiles = {
            q: mean_interval([getattr(row, q) for row in of_day]).value
            for q in ("p50", "p90", "p95")
        }
        arrived = sum(row.arrived for row in of_day) / len(series)
        completed = sum(row.completed for row in of_day) / len(series)
        rows.append(DayQuantiles(day, arrived, completed, **quantiles))
    return rows


def _unfinished(model: Model, done: Sequence[Replication]) -> list[UnfinishedView]:
    total: Counter[tuple[str, int]] = Counter()
    for r in done:
        total.update(r.open_at)
    return [
        UnfinishedView(journey, node_id(model.graph.nodes[node]), count / len(done))
        for (journey, node), count in sorted(total.items())
    ]


def _texts(in_language: Callable[[Language], str]) -> dict[str, str]:
    return {lang: in_language(lang) for lang in LANGUAGES}

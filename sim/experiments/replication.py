"""One replication: run the model, reduce its record to figures, series and checks. What comes
back is small and can be pickled."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from scenarios.format import MetricObjective, WithinObjective
from sim.engines.choice import EngineName, simulate
from sim.engines.recording import Sink
from sim.engines.run import Run
from sim.engines.tally import Tally
from sim.engines.time_grid import IntervalSum
from sim.experiments.checks import LittleTerms, check_replication, little_terms
from sim.experiments.measures import SECOND_US, Figures, Ints, JourneyCases, cases_of, measure
from sim.experiments.objectives import TermShare, share_within
from sim.experiments.results import CheckResult
from sim.model.model import Model

__all__ = [
    "HISTOGRAM_EDGES_S",
    "DayRow",
    "JourneySeries",
    "Replication",
    "StationSeries",
    "replicate",
]

Floats = npt.NDArray[np.float64]

# Twenty bins a decade from a millisecond to about three years: a tenth of a decade is what an eye
# tells apart on a log axis.
HISTOGRAM_EDGES_S = np.concatenate([[0.0], 10.0 ** (np.arange(-60, 161) / 20.0)])


@dataclass(frozen=True)
class DayRow:
    """Cases that arrived on one local day: how many, how many completed, and quantiles of their
    time in system (seconds)."""

    arrived: int
    completed: int
    p50: float | None
    p90: float | None
    p95: float | None


@dataclass(frozen=True)
class JourneySeries:
    """One journey over bins of time (`arrived`, `completed`: counts; `inside`: mean number), all
    cases of the run; over days and over time in system, those that arrived after the warm-up."""

    arrived: Floats
    completed: Floats
    inside: Floats
    days: dict[date, DayRow]
    histogram: npt.NDArray[np.int64]


@dataclass(frozen=True)
class StationSeries:
    """Mean number waiting and in service in each bin of time, over the whole run."""

    waiting: Floats
    busy: Floats


@dataclass(frozen=True)
class Replication:
    """What one replication says. `started[journey]` counts cases, `flows[node][target]` those over
    an edge, `open_at[journey, node]` those cut off by the end: as all figures of cases, of those
    that arrived after the warm-up."""

    number: int
    end_us: int
    figures: Figures
    shares: dict[str, TermShare]
    checks: list[CheckResult]
    little: LittleTerms | None
    journeys: dict[str, JourneySeries]
    stations: list[StationSeries]
    flows: list[dict[int, int]]
    started: list[int]
    open_at: Counter[tuple[str, int]]


def replicate(
    model: Model,
    number: int,
    objectives: Sequence[WithinObjective | MetricObjective],
    bin_us: int,
    warmup_us: int = 0,
    sinks: Sequence[Sink] = (),
    on_progress: Callable[[int], None] | None = None,
    engine: EngineName = "simpy",
) -> Replication:
    """Run replication `number` of `model` on `engine`; `sinks` see the same record as the figures.
    Raises EndlessCase."""
    names = model.graph.names
    tally = Tally(len(model.stations), len(names), bin_us, warmup_us)
    run = simulate(engine, model, number, [tally, *sinks], warmup_us, on_progress)
    everyone = {name: cases_of(index, run, tally) for index, name in enumerate(names)}
    cases = {name: of_journey.since(warmup_us) for name, of_journey in everyone.items()}
    horizon = model.horizon_us
    bins = -(-run.end_us // bin_us) if run.end_us else 1
    with_arrivals = len(model.arrivals)
    return Replication(
        number=number,
        end_us=run.end_us,
        figures=measure(model, run, tally, cases),
        shares={
            o.id: share_within(cases[o.journey], o.within, model.calendar, horizon)
            for o in objectives
            if isinstance(o, WithinObjective)
        },
        checks=check_replication(run, tally, with_arrivals),
        little=little_terms(run, tally, with_arrivals) if model.is_stationary else None,
        journeys={
            name: _series(everyone[name], cases[name], model, bins, bin_us, run.end_us)
            for name in names
        },
        stations=[
            StationSeries(t.waiting.per_bin(bins) / bin_us, t.busy.per_bin(bins) / bin_us)
            for t in tally.stations
        ],
        flows=run.flows,
        started=run.started,
        open_at=_open_at(model, run, warmup_us),
    )


def _series(
    everyone: JourneyCases,
    counted: JourneyCases,
    model: Model,
    bins: int,
    bin_us: int,
    end_us: int,
) -> JourneySeries:
    inside = IntervalSum(bin_us)
    inside.add(everyone.arrived_us, everyone.ended_us)
    inside.add(everyone.open_us, np.full(len(everyone.open_us), end_us))
    edges_us = np.round(HISTOGRAM_EDGES_S * SECOND_US)
    return JourneySeries(
        arrived=_counts(everyone.all_arrived_us, bins, bin_us),
        completed=_counts(everyone.ended_us[everyone.completed], bins, bin_us),
        inside=inside.per_bin(bins) / bin_us,
        days=_days(counted, model),
        histogram=np.histogram(counted.times_us, edges_us)[0],
    )


def _counts(at_us: Ints, bins: int, bin_us: int) -> Floats:
    """How many of the instants lie in each bin; the end of the run is in the last."""
    return np.bincount(np.minimum(at_us // bin_us, bins - 1), minlength=bins).astype(np.float64)


def _days(cases: JourneyCases, model: Model) -> dict[date, DayRow]:
    """Cases by the local day of their arrival."""
    arrived = cases.all_arrived_us
    if not len(arrived):
        return {}
    calendar = model.calendar
    first, last = calendar.date(int(arrived.min())), calendar.date(int(arrived.max()))
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    midnights = np.array([calendar.midnight(day) for day in dates], np.int64)
    day_of = np.searchsorted(midnights, arrived, side="right") - 1
    done = np.flatnonzero(cases.completed)
    times = cases.times_us / SECOND_US
    rows = {}
    for index, day in enumerate(dates):
        came = int((day_of == index).sum())
        if came:
            of_day = times[day_of[done] == index]
            p50, p90, p95 = (
                np.quantile(of_day, [0.5, 0.9, 0.95]).tolist() if len(of_day) else (None,) * 3
            )
            rows[day] = DayRow(came, len(of_day), p50, p90, p95)
    return rows


def _open_at(model: Model, run: Run, warmup_us: int) -> Counter[tuple[str, int]]:
    return Counter(
        (model.graph.names[case.journey], node)
        for case in run.unfinished
        if case.arrived >= warmup_us
        for node in case.nodes
    )

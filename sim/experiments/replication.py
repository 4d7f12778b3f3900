"""One replication: run the model, reduce its record to figures, series and checks. What comes
back is small and can be pickled."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scenarios.format import MetricObjective, WithinObjective
from sim.engines.choice import EngineName, simulate
from sim.engines.recording import Sink
from sim.engines.run import Run
from sim.engines.tally import Tally
from sim.experiments.checks import LittleTerms, check_replication, little_terms
from sim.experiments.journey_sums import HISTOGRAM_EDGES_S, CaseSums, DayRow, JourneySums
from sim.experiments.measures import Figures, measure
from sim.experiments.objectives import TermShare
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
    tally = Tally(len(model.stations), len(model.graph.names), bin_us, warmup_us)
    within = [o for o in objectives if isinstance(o, WithinObjective)]
    terms = {o.id: (o.journey, o.within) for o in within}
    sums = CaseSums(model, bin_us, warmup_us, terms)
    run = simulate(engine, model, number, [tally, sums, *sinks], warmup_us, on_progress)
    journeys = sums.finish(run)
    bins = -(-run.end_us // bin_us) if run.end_us else 1
    with_arrivals = len(model.arrivals)
    return Replication(
        number=number,
        end_us=run.end_us,
        figures=measure(model, run, tally, journeys),
        shares={o.id: journeys[o.journey].terms[o.id].share for o in within},
        checks=check_replication(run, tally, with_arrivals),
        little=little_terms(run, tally, with_arrivals) if model.is_stationary else None,
        journeys={name: _series(of, bins, bin_us) for name, of in journeys.items()},
        stations=[
            StationSeries(t.waiting.per_bin(bins) / bin_us, t.busy.per_bin(bins) / bin_us)
            for t in tally.stations
        ],
        flows=run.flows,
        started=run.started,
        open_at=_open_at(model, run, warmup_us),
    )


def _series(sums: JourneySums, bins: int, bin_us: int) -> JourneySeries:
    return JourneySeries(
        arrived=sums.arrivals.per_bin(bins),
        completed=sums.completions.per_bin(bins),
        inside=sums.inside.per_bin(bins) / bin_us,
        days=sums.days,
        histogram=sums.histogram,
    )


def _open_at(model: Model, run: Run, warmup_us: int) -> Counter[tuple[str, int]]:
    return Counter(
        (model.graph.names[case.journey], node)
        for case in run.unfinished
        if case.arrived >= warmup_us
        for node in case.nodes
    )

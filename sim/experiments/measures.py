"""Figures of one replication, by the metric paths of the contract. Times in seconds, of
completed cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sim.engines.recording import Outcome
from sim.engines.run import Run, StationRun
from sim.engines.samples import DurationSample
from sim.engines.tally import StationTally, Tally
from sim.model.model import Model
from world.microseconds import SECOND_US
from world.shifts import scheduled_time

__all__ = ["CaseCounts", "JourneyCases", "measure"]

QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}

Ints = npt.NDArray[np.int64]
Figures = dict[str, float | None]


@dataclass(frozen=True)
class JourneyCases:
    """Cases of one journey: columns of those that ended, arrivals (µs) of those still inside."""

    arrived_us: Ints
    ended_us: Ints
    completed: npt.NDArray[np.bool_]
    returns: npt.NDArray[np.integer[Any]]
    open_us: Ints

    @property
    def times_us(self) -> Ints:
        """Time in system of the completed."""
        return (self.ended_us - self.arrived_us)[self.completed]

    @property
    def all_arrived_us(self) -> Ints:
        """Arrivals of all of them."""
        return np.concatenate([self.arrived_us, self.open_us])

    def since(self, us: int) -> "JourneyCases":
        """Those that arrived at `us` or later."""
        if us <= 0:
            return self
        late = self.arrived_us >= us
        return JourneyCases(
            self.arrived_us[late],
            self.ended_us[late],
            self.completed[late],
            self.returns[late],
            self.open_us[self.open_us >= us],
        )


class CaseCounts(Protocol):
    """What figures need of the cases of a journey that arrived after the warm-up."""

    arrived: int
    ended: int
    unfinished: int
    returns: int
    times: DurationSample


def measure(model: Model, run: Run, tally: Tally, cases: Mapping[str, CaseCounts]) -> Figures:
    """Every figure of the contract's output, and ours beyond it: None where nothing was there to
    measure. `cases` are by journey."""
    figures: Figures = {}
    for name, of_journey in cases.items():
        figures |= _journey(f"journeys.{name}", of_journey)
    for rule in _rules(model):
        figures[f"rejections.{rule}"] = float(run.rejections.get(rule, 0))
    tallies = tally.stations
    for index, spec in enumerate(model.stations):
        figures |= _station(
            f"stations.{spec.name}", tallies[index], run.stations[index], run, tally
        )
        for fault in spec.faults:
            recovered = run.recovered_us.get(fault.id)
            figures[f"recovery.{fault.id}"] = None if recovered is None else recovered / SECOND_US
    attempts = sum(station.attempts for station in tallies)
    repeats = sum(station.repeats for station in tallies)
    figures["retry_amplification"] = _ratio(attempts, attempts - repeats)
    return figures


def _journey(path: str, cases: CaseCounts) -> Figures:
    times = cases.times
    figures: Figures = {
        f"{path}.arrived": float(cases.arrived),
        f"{path}.completed": float(times.count),
        f"{path}.abandoned": float(cases.ended - times.count),
        f"{path}.unfinished": float(cases.unfinished),
        f"{path}.returns": float(cases.returns),
        f"{path}.time.mean": _seconds(times.mean_us),
    }
    for name, p in QUANTILES.items():
        figures[f"{path}.time.{name}"] = _seconds(times.quantile_us(p))
    return figures


def _station(
    path: str, of_station: StationTally, station: StationRun, run: Run, tally: Tally
) -> Figures:
    observed = max(run.end_us - tally.warmup_us, 0)
    scheduled = scheduled_time(station.schedule, tally.warmup_us, run.end_us) if observed else 0
    overtime = sum(
        (end - max(begin, tally.warmup_us)) * servers
        for begin, end, servers in station.overtime
        if end > tally.warmup_us
    )
    waits = of_station.waits
    ends = of_station.outcomes
    return {
        f"{path}.utilisation": _ratio(of_station.busy_us - overtime, scheduled),
        f"{path}.overtime": overtime / SECOND_US,
        f"{path}.wait.mean": _seconds(waits.mean_us),
        f"{path}.wait.p95": _seconds(waits.quantile_us(0.95)),
        f"{path}.queue.mean": _ratio(of_station.waiting_us, observed),
        f"{path}.queue.max": float(station.longest_queue) if observed else 0.0,
        f"{path}.served": float(ends[Outcome.SERVED]),
        f"{path}.refused": float(ends[Outcome.REFUSED]),
        f"{path}.impatient": float(ends[Outcome.IMPATIENT]),
        f"{path}.timeouts": float(ends[Outcome.TIMEOUT]),
        f"{path}.failures": float(ends[Outcome.OUTAGE] + ends[Outcome.ERROR]),
        f"{path}.retries": float(of_station.repeats),
        f"{path}.retry_amplification": _ratio(
            of_station.attempts, of_station.attempts - of_station.repeats
        ),
    }


def _rules(model: Model) -> list[str]:
    """Rules that some gate of the model reports, in order of their ids."""
    return sorted(model.rules_at_gates)


def _seconds(us: float | None) -> float | None:
    return None if us is None else us / SECOND_US


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

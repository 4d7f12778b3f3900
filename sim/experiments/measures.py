"""Figures of one replication, by the metric paths of the contract. Times in seconds, of
completed cases."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engines.recording import Outcome
from sim.engines.run import Run
from sim.engines.tally import StationTally, Tally
from sim.model.model import Model
from world.shifts import scheduled_time

__all__ = ["SECOND_US", "JourneyCases", "cases_of", "measure"]

SECOND_US = 1_000_000
QUANTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}

Ints = npt.NDArray[np.int64]
Figures = dict[str, float | None]


@dataclass(frozen=True)
class JourneyCases:
    """Cases of one journey: columns of those that ended, arrivals (µs) of those still inside."""

    arrived_us: Ints
    ended_us: Ints
    completed: npt.NDArray[np.bool_]
    returns: npt.NDArray[np.int32]
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


def cases_of(journey: int, run: Run, tally: Tally) -> JourneyCases:
    """Cases of journey number `journey`, from the whole run."""
    ended = tally.journeys[journey].ended
    still = [case.arrived for case in run.unfinished if case.journey == journey]
    return JourneyCases(
        ended.arrived_us, ended.ended_us, ended.completed, ended.returns, np.array(still, np.int64)
    )


def measure(model: Model, run: Run, tally: Tally, cases: Mapping[str, JourneyCases]) -> Figures:
    """Every figure of the contract's output, and ours beyond it: None where nothing was there to
    measure. `cases` by journey are those that arrived after the warm-up."""
    figures: Figures = {}
    for name, of_journey in cases.items():
        figures |= _journey(f"journeys.{name}", of_journey)
    for rule in _rules(model):
        figures[f"rejections.{rule}"] = float(run.rejections.get(rule, 0))
    for index, spec in enumerate(model.stations):
        figures |= _station(f"stations.{spec.name}", index, run, tally)
        for fault in spec.faults:
            recovered = run.recovered_us.get(fault.id)
            figures[f"recovery.{fault.id}"] = None if recovered is None else recovered / SECOND_US
    attempts = sum(station.attempts for station in tally.stations)
    repeats = sum(station.repeats for station in tally.stations)
    figures["retry_amplification"] = _ratio(attempts, attempts - repeats)
    return figures


def _journey(path: str, cases: JourneyCases) -> Figures:
    completed = int(cases.completed.sum())
    figures: Figures = {
        f"{path}.arrived": float(len(cases.all_arrived_us)),
        f"{path}.completed": float(completed),
        f"{path}.abandoned": float(len(cases.arrived_us) - completed),
        f"{path}.unfinished": float(len(cases.open_us)),
        f"{path}.returns": float(cases.returns.sum()),
    }
    times = cases.times_us / SECOND_US
    figures[f"{path}.time.mean"] = float(times.mean()) if completed else None
    for name, p in QUANTILES.items():
        figures[f"{path}.time.{name}"] = float(np.quantile(times, p)) if completed else None
    return figures


def _station(path: str, index: int, run: Run, tally: Tally) -> Figures:
    of_station: StationTally = tally.stations[index]
    station = run.stations[index]
    observed = max(run.end_us - tally.warmup_us, 0)
    scheduled = scheduled_time(station.schedule, tally.warmup_us, run.end_us) if observed else 0
    overtime = sum(
        (end - max(begin, tally.warmup_us)) * servers
        for begin, end, servers in station.overtime
        if end > tally.warmup_us
    )
    waits = of_station.waits_us / SECOND_US
    ends = of_station.outcomes
    return {
        f"{path}.utilisation": _ratio(of_station.busy_us - overtime, scheduled),
        f"{path}.overtime": overtime / SECOND_US,
        f"{path}.wait.mean": float(waits.mean()) if len(waits) else None,
        f"{path}.wait.p95": float(np.quantile(waits, 0.95)) if len(waits) else None,
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


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

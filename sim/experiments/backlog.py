"""Does the backlog at a station come back down after its fault?

In a metastable system it stays up, though what raised it is gone: retries, or a station that is
always full, keep it there (Bronson et al., Metastable Failures in Distributed Systems, 2021).
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.experiments.intervals import mean_interval
from sim.experiments.replication import Replication
from sim.experiments.results import BacklogView
from sim.model.model import Model
from sim.model.stations import FaultSpec
from world.microseconds import HOUR_US, SECOND_US

__all__ = ["backlogs"]


def backlogs(model: Model, done: Sequence[Replication], bin_us: int) -> list[BacklogView]:
    """For each fault that ended within a run, in the order of their beginnings.

    A run up to a horizon has to go on for a bin after the fault: within the one that the fault ends
    in nobody can tell whether the backlog comes back down.
    """
    until_empty = model.horizon_us is None

    def judged(replication: Replication, station: int, fault: FaultSpec) -> bool:
        bins = len(replication.stations[station].waiting)
        return fault.to_us <= replication.end_us and (
            until_empty or _first_after(fault, bin_us) < bins
        )

    faults = sorted(
        ((i, fault) for i, station in enumerate(model.stations) for fault in station.faults),
        key=lambda placed: (placed[1].from_us, placed[1].id),
    )
    return [
        _of_fault(fault, station, seen, bin_us, until_empty)
        for station, fault in faults
        if (seen := [r for r in done if judged(r, station, fault)])
    ]


def _first_after(fault: FaultSpec, bin_us: int) -> int:
    """The first bin that is wholly after the fault."""
    return -(-fault.to_us // bin_us)


def _of_fault(
    fault: FaultSpec, station: int, done: Sequence[Replication], bin_us: int, until_empty: bool
) -> BacklogView:
    first = fault.from_us // bin_us
    hour = max(HOUR_US // bin_us, 1)
    over = _first_after(fault, bin_us)
    before, peak, peak_us, back_us = [], [], [], []
    for replication in done:
        waiting = replication.stations[station].waiting
        usual = waiting[max(first - hour, 0) : first]
        level = float(usual.mean()) if len(usual) else 0.0
        down = np.flatnonzero(waiting[over:] <= math.ceil(level))
        worst = waiting[first : over + int(down[0]) + 1] if len(down) else waiting[first:]
        before.append(level)
        peak.append(float(worst.max(initial=0.0)))
        peak_us.append((first + int(worst.argmax()) if len(worst) else first) * bin_us)
        if len(down):
            back_us.append(max((over + int(down[0])) * bin_us - fault.to_us, 0))
        elif until_empty:
            back_us.append(replication.end_us - fault.to_us)
    return BacklogView(
        fault.id,
        mean_interval(before),
        mean_interval(peak),
        sum(peak_us) / len(done) / SECOND_US,
        mean_interval([us / SECOND_US for us in back_us]),
        len(back_us),
        len(done),
    )

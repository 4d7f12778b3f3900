"""A shared server's speeds and works, from when requests came and went.

The speed with n inside is how many leave a second while n are inside (the rates of the equivalent
server in Chandy, Herzog, Woo 1975, measured as those of a birth-death process are: departures from
a state by the time spent in it). The work of a request is then what a shared server would have
given it between its coming and its going; that has all the unfairness of the real one in it, such
as who gets the interpreter's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.validation.shared_server import SharedServer, SpeedPoint

__all__ = ["Near", "TooFew", "Trace", "rate_with", "speeds_of", "works_of"]

# Numbers inside that are taken together, each up to the next one.
_CLASSES: Final = (1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 65, 129, 257)
_LEAST: Final = 200  # departures that a class is believed with: 7% of its speed either way

Floats = npt.NDArray[np.float64]


class TooFew(Exception):
    """Too few requests were alone for a speed to compare with."""


@dataclass(frozen=True)
class Trace:
    """Requests that one server has done: what was asked, when each came and went (s)."""

    operations: npt.NDArray[np.bytes_]
    arrived_s: Floats
    ended_s: Floats

    def steady(self) -> tuple[Floats, npt.NDArray[np.int64]]:
        """The steps until the last request came: then all leave, in one burst."""
        instants, inside = self.steps()
        last = np.searchsorted(instants, self.arrived_s.max(), "right")
        return instants[:last], inside[:last]

    def steps(self) -> tuple[Floats, npt.NDArray[np.int64]]:
        """The instants at which somebody comes or goes, and how many are inside from each on."""
        instants = np.concatenate([self.arrived_s, self.ended_s])
        changes = np.repeat(np.array([1, -1]), len(self.arrived_s))
        order = np.argsort(instants, kind="stable")
        return instants[order], np.cumsum(changes[order])


@dataclass(frozen=True)
class Near:
    """Traces of one load, and how much they say of the load that is asked about (more than 0)."""

    traces: Sequence[Trace]
    weight: float


def speeds_of(near: Sequence[Near], every: Sequence[Trace]) -> tuple[float, tuple[SpeedPoint, ...]]:
    """The mean work of a request (s alone), and the speeds by the number inside; TooFew.

    They are those at a load: a server that is idle more often takes longer for the same, with as
    many inside. Of numbers that `near` traces have hardly seen `every` trace tells.
    """
    all_lasted, all_left = _seen(every)
    lasted, left, counted = (np.zeros_like(all_left) for _ in range(3))
    for each in near:
        its_lasted, its_left = _seen(each.traces)
        lasted += its_lasted * (each.weight / its_lasted.sum())
        left += its_left * (each.weight / its_lasted.sum())
        counted += its_left
    rates = []
    for first, beyond in pairwise(_CLASSES):
        for counts, spans, went in ((counted, lasted, left), (all_left, all_lasted, all_left)):
            if counts[first:beyond].sum() >= _LEAST:
                span = spans[first:beyond].sum()
                inside = np.arange(first, beyond) @ spans[first:beyond] / span
                rates.append((float(inside), float(went[first:beyond].sum() / span)))
                break
    if not rates or rates[0][0] > 1.0:
        raise TooFew
    alone = rates[0][1]
    return 1.0 / alone, tuple(SpeedPoint(inside, rate / alone) for inside, rate in rates)


def _seen(traces: Sequence[Trace]) -> tuple[Floats, Floats]:
    """How long (s) so many were inside, and how many left meanwhile, by the number inside; the last
    stands for all beyond."""
    most = _CLASSES[-1]
    lasted, left = np.zeros(most + 1), np.zeros(most + 1)
    for trace in traces:
        instants, inside = trace.steady()
        states = np.minimum(inside, most)
        lasted += np.bincount(states[:-1], np.diff(instants), minlength=most + 1)
        went = np.flatnonzero(np.diff(states, prepend=0) < 0)
        left += np.bincount(states[went - 1], minlength=most + 1)
    return lasted, left


def rate_with(traces: Sequence[Trace], least: int, most: int) -> float | None:
    """Departures a second while at least `least` and at most `most` were inside; None if that was
    too seldom to tell."""
    lasted, left = (seen[least : most + 1].sum() for seen in _seen(traces))
    return float(left / lasted) if left >= _LEAST else None


def works_of(traces: Sequence[Trace], server: SharedServer, mean_s: float) -> dict[str, Floats]:
    """The works (s alone) of requests that nobody had to wait behind, by operation; all requests
    together have `mean_s` on average, which `speeds_of` tells."""
    operations, works = [], []
    for trace in traces:
        instants, inside = trace.steps()
        shares = np.array(
            [0.0, *(server.speed(n) / min(n, server.threads) for n in range(1, inside.max() + 1))]
        )
        given = np.cumsum(np.diff(instants, prepend=0.0) * shares[np.roll(inside, 1)])
        place = np.searchsorted(instants, trace.arrived_s)
        alone = inside[place] <= server.threads // 2
        taken = np.interp(trace.ended_s, instants, given) - given[place]
        operations.append(trace.operations[alone])
        works.append(taken[alone])
    names, work = np.concatenate(operations), np.concatenate(works)
    found = {name.decode(): work[names == name] for name in np.unique(names)}
    asked, counts = np.unique(
        np.concatenate([trace.operations for trace in traces]), return_counts=True
    )
    total, served = 0.0, 0
    for name, count in zip(asked, counts, strict=True):
        if (its_work := found.get(name.decode())) is not None:
            total += float(count * its_work.mean())
            served += int(count)
    return {name: its_work * (mean_s * served / total) for name, its_work in found.items()}

"""Cases of a replication, reduced as they end: what figures, series and objectives need of them, in
memory that does not grow with their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scenarios.durations import WorkingDays
from sim.engines.recording import CASE, Block
from sim.engines.run import Run
from sim.engines.samples import DurationSample
from sim.engines.time_grid import IntervalSum
from sim.experiments.local_days import LocalDays
from sim.experiments.measures import Ints, JourneyCases
from sim.experiments.objectives import TermCount, count_within
from sim.model.model import Model
from world.compiled import compiled, int64
from world.microseconds import SECOND_US

__all__ = ["HISTOGRAM_EDGES_S", "CaseSums", "DayRow", "JourneySums"]

# Twenty bins a decade from a millisecond to about three years: a tenth of a decade is what an eye
# tells apart on a log axis.
HISTOGRAM_EDGES_S = np.concatenate([[0.0], 10.0 ** (np.arange(-60, 161) / 20.0)])
_EDGES_US = np.round(HISTOGRAM_EDGES_S * SECOND_US).astype(np.int64)
_BATCH = 16_384  # cases reduced at once: numpy's calls cost little beside the cases then

Terms = Mapping[str, tuple[str, int | WorkingDays]]  # by id: journey, within


@dataclass(frozen=True)
class DayRow:
    """Cases that arrived on one local day: how many, how many completed, and quantiles of their
    time in system (seconds)."""

    arrived: int
    completed: int
    p50: float | None
    p90: float | None
    p95: float | None


class _Counts:
    """Moments counted by bins of time."""

    def __init__(self, bin_us: int) -> None:
        self._bin_us = bin_us
        self._counts = np.zeros(64, np.int64)

    def add(self, at_us: Ints) -> None:
        if len(at_us):
            of_batch = np.bincount(at_us // self._bin_us)
            if len(of_batch) > len(self._counts):
                size = max(len(of_batch), 2 * len(self._counts))
                self._counts = np.pad(self._counts, (0, size - len(self._counts)))
            self._counts[: len(of_batch)] += of_batch

    def per_bin(self, bins: int) -> npt.NDArray[np.float64]:
        """Counts in the first `bins`; the end of the run is in the last."""
        counts = np.pad(self._counts, (0, max(bins - len(self._counts), 0)))
        counts[bins - 1] += counts[bins:].sum()
        return counts[:bins].astype(np.float64)


class _Day:
    def __init__(self) -> None:
        self.arrived = 0
        self.times = DurationSample()

    def row(self) -> DayRow:
        quantiles = (self.times.quantile_us(p) for p in (0.5, 0.9, 0.95))
        p50, p90, p95 = (None if us is None else us / SECOND_US for us in quantiles)
        return DayRow(self.arrived, self.times.count, p50, p90, p95)


class JourneySums:
    """One journey. Counts, times, days and terms are of the cases that arrived at `warmup_us` or
    later, what goes by bins is of all."""

    def __init__(self, model: Model, bin_us: int, warmup_us: int, days: LocalDays) -> None:
        self.arrived = self.ended = self.unfinished = self.returns = 0
        self.times = DurationSample()
        self.histogram = np.zeros(len(_EDGES_US) - 1, np.int64)
        self.arrivals, self.completions = _Counts(bin_us), _Counts(bin_us)
        self.inside = IntervalSum(bin_us)
        self.terms: dict[str, TermCount] = {}
        self.within: dict[str, int | WorkingDays] = {}
        self._days: dict[int, _Day] = {}
        self._local_days = days
        self._warmup_us = warmup_us
        self._horizon_us = model.horizon_us

    @property
    def completed(self) -> int:
        """Cases that were completed."""
        return self.times.count

    @property
    def days(self) -> dict[date, DayRow]:
        """By the local day of arrival, in their order."""
        days = sorted(self._days.items())
        return {self._local_days.date(number): day.row() for number, day in days}

    def add(self, cases: JourneyCases, end_us: int) -> None:
        """Add some cases; those that are open stay so until the end of the run, at `end_us`."""
        self.arrivals.add(cases.all_arrived_us)
        self.completions.add(cases.ended_us[cases.completed])
        self.inside.add(cases.arrived_us, cases.ended_us)
        self.inside.add(cases.open_us, np.full(len(cases.open_us), end_us))
        counted = cases.since(self._warmup_us)
        times = counted.times_us
        self.arrived += len(counted.all_arrived_us)
        self.ended += len(counted.arrived_us)
        self.unfinished += len(counted.open_us)
        self.returns += int(counted.returns.sum())
        self.times.add(times)
        count_between(times, _EDGES_US, self.histogram)
        for key, within in self.within.items():
            more = count_within(counted, within, self._local_days, self._horizon_us)
            self.terms[key] = self.terms[key].with_more(more)
        self._add_days(counted, times)

    def _add_days(self, counted: JourneyCases, times: Ints) -> None:
        arrived_on = self._local_days.numbers(counted.all_arrived_us)
        done_on = arrived_on[: len(counted.arrived_us)][counted.completed]
        for number in np.flatnonzero(np.bincount(arrived_on)).tolist():
            day = self._days.setdefault(number, _Day())
            day.arrived += int((arrived_on == number).sum())
            day.times.add(times[done_on == number])


@compiled("void(i8[::1], i8[::1], i8[::1])")
def count_between(values: Ints, edges: Ints, counts: Ints) -> None:
    """Add to `counts[i]` the values in [edges[i], edges[i + 1]), in the last one with its end: as
    `numpy.histogram`, which would sort them."""
    last = counts.size - 1
    for value in values:
        if value < edges[0] or value > edges[last + 1]:
            continue
        low, high = int64(0), int64(last)
        while low < high:
            middle = (low + high + 1) >> 1
            if edges[middle] <= value:
                low = middle
            else:
                high = middle - 1
        counts[low] += 1


class CaseSums:
    """A sink that keeps the sums of every journey of `model`; `terms` are those of objectives."""

    def __init__(self, model: Model, bin_us: int, warmup_us: int, terms: Terms) -> None:
        days = LocalDays(model.calendar)
        names = model.graph.names
        self.journeys = {name: JourneySums(model, bin_us, warmup_us, days) for name in names}
        for key, (journey, within) in terms.items():
            self.journeys[journey].within[key] = within
            self.journeys[journey].terms[key] = TermCount(0, 0, 0)
        self._columns = np.zeros((len(CASE), _BATCH), np.int64)
        self._filled = 0

    def visits(self, block: Block) -> None:
        """Cases alone are of interest."""

    def cases(self, block: Block) -> None:
        """See `Sink`."""
        while len(block):
            some = block[: _BATCH - self._filled]
            self._columns[:, self._filled : self._filled + len(some)] = some.T
            self._filled += len(some)
            block = block[len(some) :]
            if self._filled == _BATCH:
                self._reduce()

    def finish(self, run: Run) -> Mapping[str, JourneySums]:
        """The run is over: add what is left, and the cases that it cut off."""
        self._reduce()
        open_us: list[list[int]] = [[] for _ in self.journeys]
        for case in run.unfinished:
            open_us[case.journey].append(case.arrived)
        for sums, still in zip(self.journeys.values(), open_us, strict=True):
            sums.add(_open(still), run.end_us)
        return self.journeys

    def _reduce(self) -> None:
        columns = self._columns[:, : self._filled]
        for index, sums in enumerate(self.journeys.values()):
            own = columns[CASE.JOURNEY] == index
            if own.any():
                sums.add(_ended(columns, own), 0)
        self._filled = 0


def _ended(columns: Ints, own: npt.NDArray[np.bool_]) -> JourneyCases:
    return JourneyCases(
        columns[CASE.ARRIVED][own],
        columns[CASE.ENDED][own],
        columns[CASE.COMPLETED][own] == 1,
        columns[CASE.RETURNS][own],
        _NOBODY,
    )


def _open(arrived_us: Sequence[int]) -> JourneyCases:
    nobody = _NOBODY
    return JourneyCases(nobody, nobody, nobody == 1, nobody, np.array(arrived_us, np.int64))


_NOBODY: Ints = np.zeros(0, np.int64)

"""Tallies: the record of a run reduced, block by block, to what figures and pictures need.

Counts and integrals are whole numbers; waiting and sojourn times are kept whole, so quantiles are
those of the data. Only visits that entered at `warmup_us` or later count; integrals are clipped to
the time after it.
"""

from array import array
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.engines.recording import CASE, VISIT, Block, Outcome
from sim.engines.time_grid import IntervalSum

__all__ = ["EndedCases", "JourneyTally", "StationTally", "Tally"]

Ints = npt.NDArray[np.int64]
Number = TypeVar("Number", bound=np.generic)


class StationTally:
    """One station: ends of visits by outcome, waits, integrals of the number waiting and in
    service."""

    def __init__(self, bin_us: int) -> None:
        self.outcomes = np.zeros(len(Outcome), np.int64)
        self.attempts = 0
        self.repeats = 0
        self.waiting_us = 0
        self.busy_us = 0
        self.waiting = IntervalSum(bin_us)
        self.busy = IntervalSum(bin_us)
        # Grows in place: blocks that are joined at the end would be held twice.
        self._waits = array("q")

    @property
    def waits_us(self) -> Ints:
        """Waiting times of the visits whose service began, in order of their ends."""
        return _view(self._waits, np.int64)

    def add(self, rows: Block, warmup_us: int) -> None:
        """Add the records of this station (`VISIT` columns)."""
        enter, start, resumed, end = (
            rows[:, c] for c in (VISIT.ENTER, VISIT.START, VISIT.RESUMED, VISIT.END)
        )
        ends = rows[:, VISIT.OUTCOME] != Outcome.HELD
        left_queue = np.where(start < 0, end, start)
        in_service = resumed >= 0
        self.waiting.add(enter[ends], left_queue[ends])
        self.busy.add(resumed[in_service], end[in_service])
        self.waiting_us += _clipped(enter[ends], left_queue[ends], warmup_us)
        self.busy_us += _clipped(resumed[in_service], end[in_service], warmup_us)
        counted = ends & (enter >= warmup_us)
        self.outcomes += np.bincount(rows[counted, VISIT.OUTCOME], minlength=len(Outcome))
        self.attempts += int(counted.sum())
        self.repeats += int(rows[counted, VISIT.REPEAT].sum())
        self._waits.frombytes((start - enter)[counted & (start >= 0)].tobytes())


@dataclass(frozen=True)
class EndedCases:
    """Ended cases of one journey, in order of their ends: columns of equal length, times in µs.

    `inner` marks sub-journeys, parts of a case that is counted elsewhere as a whole.
    """

    arrived_us: Ints
    ended_us: Ints
    completed: npt.NDArray[np.bool_]
    returns: npt.NDArray[np.int32]
    inner: npt.NDArray[np.bool_]

    def where(self, chosen: npt.NDArray[np.bool_]) -> "EndedCases":
        """The cases that are `chosen`."""
        return EndedCases(*(getattr(self, f.name)[chosen] for f in fields(self)))

    @property
    def whole(self) -> "EndedCases":
        """Without sub-journeys."""
        return self.where(~self.inner) if self.inner.any() else self


class JourneyTally:
    """Gathers the ended cases of one journey."""

    def __init__(self) -> None:
        self._arrived, self._ended = array("q"), array("q")
        self._completed, self._returns, self._inner = array("b"), array("i"), array("b")

    def add(self, rows: Block) -> None:
        """Count rows of `CASE` columns, all of this journey."""
        self._arrived.frombytes(rows[:, CASE.ARRIVED].tobytes())
        self._ended.frombytes(rows[:, CASE.ENDED].tobytes())
        self._completed.frombytes((rows[:, CASE.COMPLETED] == 1).tobytes())
        self._returns.frombytes(rows[:, CASE.RETURNS].astype(np.int32).tobytes())
        self._inner.frombytes((rows[:, CASE.INNER] == 1).tobytes())

    @property
    def ended(self) -> EndedCases:
        """All of them, in one."""
        return EndedCases(
            _view(self._arrived, np.int64),
            _view(self._ended, np.int64),
            _view(self._completed, np.bool_),
            _view(self._returns, np.int32),
            _view(self._inner, np.bool_),
        )


class Tally:
    """A sink that keeps one tally per station and per journey."""

    def __init__(self, stations: int, journeys: int, bin_us: int, warmup_us: int) -> None:
        self.warmup_us = warmup_us
        self.stations = [StationTally(bin_us) for _ in range(stations)]
        self.journeys = [JourneyTally() for _ in range(journeys)]

    def visits(self, block: Block) -> None:
        """See `Sink`."""
        for index, tally in enumerate(self.stations):
            rows = block[block[:, VISIT.STATION] == index]
            if len(rows):
                tally.add(rows, self.warmup_us)

    def cases(self, block: Block) -> None:
        """See `Sink`."""
        for index, tally in enumerate(self.journeys):
            rows = block[block[:, CASE.JOURNEY] == index]
            if len(rows):
                tally.add(rows)


def _clipped(begins: Ints, ends: Ints, from_us: int) -> int:
    return int((np.maximum(ends, from_us) - np.maximum(begins, from_us)).sum())


def _view(column: "array[int]", kind: type[Number]) -> npt.NDArray[Number]:
    """`column` without a copy; it may not grow any more while the view lives."""
    return np.frombuffer(column, kind) if column else np.zeros(0, kind)

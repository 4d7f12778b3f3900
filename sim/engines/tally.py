"""Tallies: the record of a run reduced, block by block, to what figures and pictures need.

Counts and integrals are whole numbers; waiting and sojourn times are kept whole, so quantiles are
those of the data. Only visits that began at `warmup_us` or later count; integrals are clipped to
the time after it.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from sim.engines.recording import CASE, VISIT, Block, Outcome
from sim.engines.time_grid import IntervalSum

__all__ = ["EndedCases", "JourneyTally", "StationTally", "Tally"]

Ints = npt.NDArray[np.int64]


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
        self._waits: list[Ints] = []

    @property
    def waits_us(self) -> Ints:
        """Waiting times of the visits whose service began, in order of their ends."""
        self._waits = [np.concatenate([np.zeros(0, np.int64), *self._waits])]
        return self._waits[0]

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
        self._waits.append((start - enter)[counted & (start >= 0)])


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
        return self.where(~self.inner)


class JourneyTally:
    """Gathers the ended cases of one journey."""

    def __init__(self) -> None:
        self._blocks = [_ended(np.zeros((0, len(CASE)), np.int64))]

    def add(self, rows: Block) -> None:
        """Add the records of this journey (`CASE` columns)."""
        self._blocks.append(_ended(rows))

    @property
    def ended(self) -> EndedCases:
        """All of them, in one."""
        if len(self._blocks) > 1:
            columns = (
                [getattr(block, f.name) for block in self._blocks] for f in fields(EndedCases)
            )
            self._blocks = [EndedCases(*(np.concatenate(column) for column in columns))]
        return self._blocks[0]


def _ended(rows: Block) -> EndedCases:
    return EndedCases(
        rows[:, CASE.ARRIVED].copy(),
        rows[:, CASE.ENDED].copy(),
        rows[:, CASE.COMPLETED] == 1,
        rows[:, CASE.RETURNS].astype(np.int32),
        rows[:, CASE.INNER] == 1,
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

"""Tallies: the record of a run reduced, block by block, to what figures and pictures need.

Counts and integrals are whole numbers; waiting times are reduced as `samples` says. Only visits
that entered at `warmup_us` or later count; integrals are clipped to the time after it.
"""

import numpy as np
import numpy.typing as npt

from sim.engines.recording import CASE, VISIT, Block, Outcome
from sim.engines.samples import BINS, WHOLE, DurationSample, bin_of
from sim.engines.time_grid import IntervalSum
from world.compiled import compiled, int64, woven

__all__ = ["JourneyTally", "StationTally", "Tally"]

Ints = npt.NDArray[np.int64]

_HELD, _OUTCOMES = int(Outcome.HELD), len(Outcome)
# Columns of the counters of a station: outcomes, then these.
_REPEATS, _WAITS = _OUTCOMES, _OUTCOMES + 1
_COUNTERS = _OUTCOMES + 2
# Columns of its sums over one block.
_WAITING, _BUSY, _WAITED = range(3)
_STATION, _REPEAT, _ENTER, _START, _RESUMED, _END, _OUTCOME = (
    int(column)
    for column in (
        VISIT.STATION, VISIT.REPEAT, VISIT.ENTER, VISIT.START, VISIT.RESUMED, VISIT.END,
        VISIT.OUTCOME,
    )
)  # fmt: skip
_JOURNEY, _ARRIVED, _ENDED, _INNER = (
    int(column) for column in (CASE.JOURNEY, CASE.ARRIVED, CASE.ENDED, CASE.INNER)
)
# Rows of a station's grid: of waiting and of work, the rests in a bin and the bins passed.
_WAITING_REST, _WAITING_PASSED, _BUSY_REST, _BUSY_PASSED = range(4)


class StationTally:
    """One station: ends of visits by outcome, waits, integrals of the number waiting and in
    service."""

    def __init__(self, counters: Ints, sums: list[int], whole: Ints, binned: Ints) -> None:
        self._counters = counters
        self._sums = sums
        self._whole = whole
        self._binned = binned
        self.waiting: IntervalSum
        self.busy: IntervalSum

    @property
    def outcomes(self) -> Ints:
        """Ends of visits by `Outcome`."""
        return self._counters[:_OUTCOMES]

    @property
    def attempts(self) -> int:
        """Visits that ended."""
        return int(self.outcomes.sum())

    @property
    def repeats(self) -> int:
        """Those of them that asked again."""
        return int(self._counters[_REPEATS])

    @property
    def waiting_us(self) -> int:
        """Integral of the number waiting."""
        return self._sums[_WAITING]

    @property
    def busy_us(self) -> int:
        """Integral of the number in service."""
        return self._sums[_BUSY]

    @property
    def waits(self) -> DurationSample:
        """Waiting times of the visits whose service began."""
        count = int(self._counters[_WAITS])
        return DurationSample.of(count, self._sums[_WAITED], self._whole, self._binned)


class JourneyTally:
    """Ended cases of one journey, sub-journeys apart, for the laws of conservation.

    `ended` and their time inside, `inside_us`; of those that arrived at `warmup_us` or later,
    `late` and `late_us`; of the others `early_us`, their time inside after it.
    """

    def __init__(self) -> None:
        self.ended = self.late = 0
        self.inside_us = self.late_us = self.early_us = 0

    def add(self, sums: Ints) -> None:
        """Add the sums over one block."""
        ended, late, inside_us, late_us, early_us = sums.tolist()
        self.ended += ended
        self.late += late
        self.inside_us += inside_us
        self.late_us += late_us
        self.early_us += early_us


class Tally:
    """A sink that keeps one tally per station and per journey."""

    def __init__(self, stations: int, journeys: int, bin_us: int, warmup_us: int) -> None:
        self.warmup_us = warmup_us
        self.bin_us = bin_us
        self.journeys = [JourneyTally() for _ in range(journeys)]
        self._counters = np.zeros((stations, _COUNTERS), np.int64)
        self._sums = [[0, 0, 0] for _ in range(stations)]
        # Memory that nothing is written to is not taken: few waits touch few pages.
        self._whole = np.zeros((stations, WHOLE), np.int64)
        self._binned = np.zeros((stations, BINS), np.int64)
        self._grid = np.zeros((stations, 4, 64), np.int64)

    def visits(self, block: Block) -> None:
        """See `Sink`."""
        if not len(block):
            return
        self._reach(int(block[:, VISIT.END].max()) // self.bin_us)
        sums = np.zeros((len(self._sums), 3), np.int64)
        reduce_visits(
            block, self.warmup_us, self.bin_us, self._counters, sums, self._whole, self._binned,
            self._grid,
        )  # fmt: skip
        for total, of_block in zip(self._sums, sums.tolist(), strict=True):
            for column, us in enumerate(of_block):
                total[column] += us

    def cases(self, block: Block) -> None:
        """See `Sink`."""
        sums = np.zeros((len(self.journeys), 5), np.int64)
        reduce_cases(block, self.warmup_us, sums)
        for tally, of_block in zip(self.journeys, sums, strict=True):
            tally.add(of_block)

    @property
    def stations(self) -> list[StationTally]:
        """What is known of each station so far."""
        tallies = []
        for index, sums in enumerate(self._sums):
            grid = self._grid[index]
            tally = StationTally(
                self._counters[index], sums, self._whole[index], self._binned[index]
            )
            tally.waiting = IntervalSum(
                self.bin_us, grid[_WAITING_REST].copy(), grid[_WAITING_PASSED].copy()
            )
            tally.busy = IntervalSum(
                self.bin_us, grid[_BUSY_REST].copy(), grid[_BUSY_PASSED].copy()
            )
            tallies.append(tally)
        return tallies

    def _reach(self, place: int) -> None:
        size = self._grid.shape[2]
        if place >= size:
            grown = np.zeros((*self._grid.shape[:2], max(2 * size, place + 1)), np.int64)
            grown[:, :, :size] = self._grid
            self._grid = grown


@woven
def _add_interval(
    grid: Ints, s: int, row: int, begin: int, end: int, bin_us: int, place: int, least: int
) -> None:
    """What `IntervalSum.add` does with [begin, end); `place` is a bin that begins at `least`."""
    if least <= begin and end < least + bin_us:
        grid[s, row, place] += end - begin
        return
    last = end // bin_us
    grid[s, row, last] += end - last * bin_us
    grid[s, row + 1, last] += 1
    first = begin // bin_us
    grid[s, row, first] -= begin - first * bin_us
    grid[s, row + 1, first] -= 1


@compiled("void(i8[:, ::1], i8, i8, i8[:, ::1], i8[:, ::1], i8[:, ::1], i8[:, ::1], i8[:, :, ::1])")
def reduce_visits(
    rows: Block,
    warmup_us: int,
    bin_us: int,
    counters: Ints,
    sums: Ints,
    whole: Ints,
    binned: Ints,
    grid: Ints,
) -> None:
    """Add the rows of a block to what is known of each station."""
    place, least = int64(0), int64(0)  # the bin of the last end: most of a row lies in it
    for r in range(rows.shape[0]):
        s, end, start = rows[r, _STATION], rows[r, _END], rows[r, _START]
        if not least <= end < least + bin_us:
            place = end // bin_us
            least = place * bin_us
        enter, resumed, outcome = rows[r, _ENTER], rows[r, _RESUMED], rows[r, _OUTCOME]
        if resumed >= 0:
            sums[s, _BUSY] += max(end, warmup_us) - max(resumed, warmup_us)
            _add_interval(grid, s, _BUSY_REST, resumed, end, bin_us, place, least)
        if outcome == _HELD:
            continue
        left = end if start < 0 else start
        if left > enter:
            sums[s, _WAITING] += max(left, warmup_us) - max(enter, warmup_us)
            _add_interval(grid, s, _WAITING_REST, enter, left, bin_us, place, least)
        if enter < warmup_us:
            continue
        counters[s, outcome] += 1
        counters[s, _REPEATS] += rows[r, _REPEAT]
        if start >= 0:
            n = counters[s, _WAITS]
            counters[s, _WAITS] = n + 1
            wait = start - enter
            if n < WHOLE:
                whole[s, n] = wait
            binned[s, bin_of(wait)] += 1
            sums[s, _WAITED] += wait


@compiled("void(i8[:, ::1], i8, i8[:, ::1])")
def reduce_cases(rows: Block, warmup_us: int, sums: Ints) -> None:
    """Add the rows of a block to the sums of `JourneyTally`, by journey."""
    for r in range(rows.shape[0]):
        if rows[r, _INNER]:
            continue
        j, arrived, ended = rows[r, _JOURNEY], rows[r, _ARRIVED], rows[r, _ENDED]
        sums[j, 0] += 1
        sums[j, 2] += ended - arrived
        if arrived >= warmup_us:
            sums[j, 1] += 1
            sums[j, 3] += ended - arrived
        else:
            sums[j, 4] += max(ended - warmup_us, 0)

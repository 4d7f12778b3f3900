"""The record of a run: what every engine writes, in one layout, and the blocks in which it is read.

Everything that statistics and event logs know comes from these records, so a log can only repeat
what is counted anyway.
"""

from array import array
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.model.numbering import ENTITY_SHIFT, NODE_SHIFT, NUMBER_MASK

__all__ = [
    "CASE",
    "ENTITY_SHIFT",
    "NODE_SHIFT",
    "NUMBER_MASK",
    "VISIT",
    "Block",
    "Outcome",
    "Recorder",
    "Sink",
    "attempt_bits",
]

Block = npt.NDArray[np.int64]


class Outcome(IntEnum):
    """How a visit, or a part of one, ended. HELD is server time apart from a visit's end: before
    a suspension, or in vain."""

    SERVED = 0
    REFUSED = 1
    IMPATIENT = 2
    TIMEOUT = 3
    OUTAGE = 4
    ERROR = 5
    UNFINISHED = 6
    HELD = 7


class VISIT(IntEnum):
    """Columns of a visit record; times in µs, `START` and `RESUMED` are -1 where no server was
    had."""

    JOURNEY = 0
    NUMBER = 1
    NODE = 2
    VISIT = 3
    ATTEMPT = 4
    REPEAT = 5
    STATION = 6
    ENTER = 7
    START = 8
    RESUMED = 9
    END = 10
    OUTCOME = 11


class CASE(IntEnum):
    """Columns of a case record, times in µs. INNER is 1 for a sub-journey: part of a case that
    has a record of its own."""

    JOURNEY = 0
    NUMBER = 1
    ARRIVED = 2
    ENDED = 3
    COMPLETED = 4
    RETURNS = 5
    INNER = 6


class Sink(Protocol):
    """Reads the record block by block, in the order of its writing.

    Blocks are lent: whoever keeps rows copies them, for the next ones may be written over them.
    """

    def visits(self, block: Block) -> None:
        """Rows of `VISIT` columns."""

    def cases(self, block: Block) -> None:
        """Rows of `CASE` columns."""


_OUTCOME_BITS = 3
# Columns of a visit in the buffer: entity, node visit, attempt bits with the outcome, and the times
# enter, start, resumed, end.
_PACKED = 7


def attempt_bits(attempt: int, repeat: bool) -> int:
    """Attempt and repetition packed, to which an `Outcome` is added: the third column of the
    visit buffer."""
    return (attempt << 1 | repeat) << _OUTCOME_BITS


class Recorder:
    """Buffers of an engine: it extends `visit_buffer` (packed rows) and `case_buffer` (`CASE`
    columns) and calls `flush`."""

    BLOCK = 8192  # rows: a block of numpy work costs little beside the rows' own simulation

    def __init__(
        self,
        station_of_node: list[int],
        sinks: list[Sink],
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        self.visit_buffer = array("q")
        self.case_buffer = array("q")
        self._capacity = self.BLOCK * _PACKED
        self._station_of_node = np.array(station_of_node, np.int64)
        self._sinks = sinks
        self._on_progress = on_progress

    @property
    def is_full(self) -> bool:
        """Time to `flush`."""
        return len(self.visit_buffer) + len(self.case_buffer) >= self._capacity

    def flush(self, now: int) -> None:
        """Hand the buffered rows to the sinks; `now` (µs) is for the progress display."""
        visits = self._unpacked(np.array(self.visit_buffer, np.int64).reshape(-1, _PACKED))
        cases = np.array(self.case_buffer, np.int64).reshape(-1, len(CASE))
        del self.visit_buffer[:], self.case_buffer[:]
        for sink in self._sinks:
            sink.visits(visits)
            sink.cases(cases)
        if self._on_progress is not None:
            self._on_progress(now)

    def _unpacked(self, packed: Block) -> Block:
        rows = np.empty((len(packed), len(VISIT)), np.int64)
        entity, node_visit, how = packed[:, 0], packed[:, 1], packed[:, 2]
        rows[:, VISIT.JOURNEY] = entity >> ENTITY_SHIFT
        rows[:, VISIT.NUMBER] = entity & NUMBER_MASK
        rows[:, VISIT.NODE] = node_visit >> NODE_SHIFT
        rows[:, VISIT.VISIT] = node_visit & ((1 << NODE_SHIFT) - 1)
        rows[:, VISIT.ATTEMPT] = how >> (_OUTCOME_BITS + 1)
        rows[:, VISIT.REPEAT] = how >> _OUTCOME_BITS & 1
        rows[:, VISIT.OUTCOME] = how & ((1 << _OUTCOME_BITS) - 1)
        rows[:, VISIT.STATION] = self._station_of_node[rows[:, VISIT.NODE]]
        rows[:, VISIT.ENTER : VISIT.END + 1] = packed[:, 3:]
        return rows

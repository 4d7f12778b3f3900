"""Model time on SimPy: whole microseconds, events of one instant in the order of their keys,
cancellation."""

from collections.abc import Callable
from heapq import heapify, heappush
from typing import Any

import simpy
from simpy.events import Event

from sim.engines.recording import ENTITY_SHIFT, NODE_SHIFT
from sim.model.numbering import MAX_ATTEMPTS, MAX_JOURNEYS, MAX_NODES

__all__ = [
    "ARRIVAL",
    "ATTEMPT_SHIFT",
    "CAPACITY",
    "CASE_SHIFT",
    "COMPLETION",
    "END_OF_DELAY",
    "NODE_VISIT_SHIFT",
    "PATIENCE",
    "TIMEOUT",
    "Callback",
    "Clock",
    "Moment",
]

# Events of one instant run by class, then entity, node and visit (contract, semantics 3), then
# attempt, then timeout before patience: the key SimPy sorts by after time. A Python int has room.
ATTEMPT_SHIFT = 1
NODE_VISIT_SHIFT = ATTEMPT_SHIFT + (MAX_ATTEMPTS - 1).bit_length()
CASE_SHIFT = NODE_VISIT_SHIFT + NODE_SHIFT + (MAX_NODES - 1).bit_length()
_CLASS_SHIFT = CASE_SHIFT + ENTITY_SHIFT + (MAX_JOURNEYS - 1).bit_length()
COMPLETION, CAPACITY, TIMEOUT, END_OF_DELAY, ARRIVAL = (n << _CLASS_SHIFT for n in range(1, 6))
PATIENCE = TIMEOUT + 1

Callback = Callable[[Any], None]


class Moment(Event):
    """An event that is bound to happen when it is made, like `simpy.Timeout`, and calls back at
    a time it is scheduled for."""

    __slots__ = ("callbacks",)
    callbacks: list[Callback]
    _value = None
    _ok = True

    def __init__(self, callback: Callback | None = None) -> None:
        self.callbacks = [] if callback is None else [callback]


class Clock(simpy.Environment):
    """SimPy's environment with cancelled moments, which are swept out when they may be most of the
    heap.

    The count of them includes those whose time has passed since the last sweep: a sweep may find
    fewer, but it never costs more than the cancellations before it.
    """

    _SWEEP = 50_000
    _now: int

    def __init__(self) -> None:
        super().__init__(initial_time=0)
        self._cancelled = 0

    @property
    def now(self) -> int:
        """Model time in µs."""
        return self._now

    def at(self, key: int, delay_us: int, event: Event) -> None:
        """Let `event` happen after `delay_us`, among those of that instant in the order of `key`.

        This is `Environment.schedule`, written out: once a visit, the call would show.
        """
        entry = (self._now + delay_us, key, next(self._eid), event)
        heappush(self._queue, entry)  # type: ignore[misc]

    def cancel(self, moment: Moment) -> None:
        """`moment` will not happen."""
        moment.callbacks = []
        self._cancelled += 1
        if self._cancelled > self._SWEEP and 2 * self._cancelled > len(self._queue):
            self._queue[:] = [entry for entry in self._queue if entry[3].callbacks]
            heapify(self._queue)
            self._cancelled = 0

"""People who are made ready before a run, several at once."""

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from gevent.pool import Pool  # type: ignore[import-untyped]

from loadtests.locust_wire import LocustWire, session
from loadtests.subject import Subject
from loadtests.work import Due, Work

__all__ = ["Preparation"]

_TOGETHER: Final = 16  # people who are prepared at once


class Preparation:
    """The people of one worker, and the clients by which they were prepared: `wires` that are free
    serve the run then."""

    def __init__(self, work: Work, environment: Any, host: str) -> None:
        self.wires: deque[LocustWire] = deque()
        self._work = work
        self._environment = environment
        self._host = host

    def wire(self) -> LocustWire:
        """A client that is free, or a new one."""
        if self.wires:
            return self.wires.popleft()
        return LocustWire(session(self._host, self._environment))

    def people(self, due: Sequence[Due]) -> dict[tuple[str, int], Subject]:
        """Make somebody ready for each case; who may come again is kept by the work, the others are
        given by name and number of their case. NobodyLeft."""
        found: dict[tuple[str, int], Subject] = {}
        pool = Pool(_TOGETHER)
        preparing = [pool.spawn(self._prepare, each, found) for each in due]
        pool.join()
        for each in preparing:
            each.get()  # what has ended it, if it did not end by itself
        return found

    def _prepare(self, due: Due, found: dict[tuple[str, int], Subject]) -> None:
        wire = self.wire()
        try:
            subject = self._work.prepare(due, wire)
        finally:
            self.wires.append(wire)
        if subject is None or due.journey is None:
            return
        if due.journey.is_reusable:
            self._work.keep(due.journey.name, subject)
        else:
            found[due.name, due.number] = subject

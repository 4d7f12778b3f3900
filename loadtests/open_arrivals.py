"""Open arrivals: every case begins at its instant, whether those before it are done or not.

Locust's own users wait for their answers, and so send less when the portal is slow. Here instants
are computed beforehand, a free list of clients serves whoever comes, and what a case waits for its
turn is in its latency (no coordinated omission).
"""

import gc
import logging
from typing import Any, Final

import gevent  # type: ignore[import-untyped]
from gevent.pool import Group  # type: ignore[import-untyped]

from loadtests.preparation import Preparation
from loadtests.subject import Subject
from loadtests.target import Timing
from loadtests.work import Due, Work, to_prepare
from world.microseconds import SECOND_US

__all__ = ["OpenArrivals"]

_log: Final = logging.getLogger(__name__)

_WARM: Final = (16, 256)  # clients whose connections are open before the first case comes
_GRACE_S: Final = 1.0


class OpenArrivals:
    """The cases of one worker."""

    def __init__(self, work: Work, environment: Any, host: str) -> None:
        self._work = work
        self._preparation = Preparation(work, environment, host)
        self._host = host
        self._due: list[Due] = []
        self._prepared: dict[tuple[str, int], Subject] = {}

    def prepare(self) -> None:
        """Compute what is due, prepare people for it, open connections. NobodyLeft."""
        self._due = self._work.arrivals()
        self._prepared = self._preparation.people(to_prepare(self._due))
        self._warm()
        gc.collect()
        gc.freeze()  # what is ready now is not looked through again while cases wait
        _log.info("%d cases are due, %d are prepared", len(self._due), len(self._prepared))

    def run(self, timing: Timing) -> None:
        """Begin each case at its instant, and wait for all until the end of the run."""
        walking = Group()
        for due in self._due:
            wait_us = due.at_us - timing.now_us()
            if wait_us > 0:
                gevent.sleep(wait_us / SECOND_US)
            walking.add(gevent.spawn(self._walk, due))
        left_us = timing.end_us - timing.now_us()
        walking.join(timeout=max(left_us / SECOND_US, 0.0) + _GRACE_S)
        walking.kill()
        if self._work.unready:
            _log.warning(
                "%d of %d cases had nobody ready: their first latency has the preparation in it",
                self._work.unready,
                len(self._due),
            )

    # --- inside

    def _walk(self, due: Due) -> None:
        wire = self._preparation.wire()
        try:
            self._work.walk(due, wire, self._prepared.pop((due.name, due.number), None))
        finally:
            self._preparation.wires.append(wire)

    def _warm(self) -> None:
        least, most = _WARM
        last_us = self._due[-1].at_us if self._due else 0
        per_second = round(len(self._due) * SECOND_US / max(last_us, SECOND_US))
        wires = [self._preparation.wire() for _ in range(min(max(per_second, least), most))]
        address = f"{self._work.target.portal}/v1/my-account"
        if self._work.target.mocks is not None:
            address = f"{self._host}/healthz"
        gevent.joinall([gevent.spawn(wire.fetch, "GET", address, {}, None) for wire in wires])
        self._preparation.wires.extendleft(wires)

"""Those who do a portal's planned work in its time, for as long as the clock runs."""

import datetime as dt
import logging
import threading
from typing import Final

from mocks.core.tenant import Tenant
from portal.portal import Portal
from portal.tasks import Lane
from world.microseconds import MICROSECOND

__all__ = ["LaneWorker", "model_us"]

_log: Final = logging.getLogger(__name__)
_AFTER_A_FAILURE_S: Final = 1.0


class LaneWorker:
    """Does what is due in one lane of a portal on its tenant's clock, one at a time: a thread of
    its own, which begins when it is woken under a running clock, or whoever lets it catch up."""

    def __init__(self, portal: Portal, lane: Lane, tenant: Tenant) -> None:
        self._at_work = threading.Lock()
        self._portal = portal
        self._lane: Lane = lane
        self._tenant = tenant
        self._woken = threading.Event()
        self._starting = threading.Lock()
        self._is_ended = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Something new may be due, or the clock goes otherwise."""
        with self._starting:
            if self._tenant.clock.speed and self._thread is None and not self._is_ended:
                name = f"portal-{self._tenant.name}-{self._lane}"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()
        self._woken.set()

    def catch_up(self, *, waits: bool = True) -> bool:
        """Do what is due. False, and nothing, if the end has come, or another is at work and one
        does not wait (`waits`) for them."""
        if not self._at_work.acquire(blocking=waits):
            return False
        try:
            if not self._is_ended:
                self._portal.tick([self._lane])
            return not self._is_ended
        finally:
            self._at_work.release()

    def end(self) -> None:
        """Do no more work; what is in hand is finished."""
        with self._at_work:
            self._is_ended = True
        self._woken.set()
        with self._starting:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            self._woken.clear()
            if self._is_ended:
                return
            wait_s = None
            try:
                if self._tenant.clock.speed:
                    self.catch_up()
                    wait_s = self._wait_s()
            except Exception:
                _log.exception("the portal of tenant %s has failed at its work", self._tenant.name)
                wait_s = _AFTER_A_FAILURE_S
            self._woken.wait(wait_s)

    def _wait_s(self) -> float | None:
        due, clock = self._portal.next_due([self._lane]), self._tenant.clock
        if due is None:
            return None
        return clock.wall_s(max(model_us(self._tenant, due) - clock.now_us, 0))


def model_us(tenant: Tenant, moment: dt.datetime) -> int:
    """Model time of a moment, which may lie before the beginning."""
    start = tenant.clock.calendar.local(0).astimezone(dt.UTC)
    return (moment.astimezone(dt.UTC) - start) // MICROSECOND

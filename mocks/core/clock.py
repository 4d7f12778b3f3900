"""The virtual clock of a tenant: stands still until it is moved, or runs at a speed of its own."""

import datetime as dt
import math
import time
from collections.abc import Callable
from typing import Final

from world.calendar import Calendar
from world.draws import LONGEST_US
from world.microseconds import SECOND_US

__all__ = ["ClockError", "VirtualClock"]

_NS_PER_US: Final = 1000
_LAST_DAY: Final = dt.datetime(9998, 12, 31)  # a year before dates end: services add to them


class ClockError(ValueError):
    """The clock cannot do that: time does not go back nor beyond its end, a speed is not
    negative."""


class VirtualClock:
    """Model time in µs since the start of `calendar`.

    `speed` is how many seconds of model time pass in a second: 0 is a clock that stands still.
    `wall_ns` is the machine's monotonic clock. Time ends at `end_us`, 317 years after the start or
    with the year 9998: a running clock stays there. Not locked: its tenant locks.
    """

    def __init__(self, calendar: Calendar, wall_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self.calendar = calendar
        self.end_us = min(LONGEST_US, calendar.instant(_LAST_DAY))
        self.speed = 0.0
        self._wall_ns = wall_ns
        self._base_us = 0
        self._since_ns = wall_ns()
        self._stood_us = 0

    @property
    def now_us(self) -> int:
        """Model time now."""
        if not self.speed:
            return self._base_us
        passed_us = (self._wall_ns() - self._since_ns) / _NS_PER_US * self.speed
        return min(self._base_us + int(min(passed_us, LONGEST_US)), self.end_us)

    @property
    def waited_us(self) -> int:
        """What has passed for somebody who waits: model time, and the real time for which the clock
        stood."""
        return self.now_us + self._stood_us + self._standing_us()

    def local(self) -> dt.datetime:
        """Aware local time of the calendar's zone, now."""
        return self.calendar.local(self.now_us)

    def after(self, us: int) -> int:
        """Model time `us` after now; ClockError if negative, or if time ends before."""
        now_us = self.now_us
        if us < 0:
            raise ClockError(f"the clock does not go back ({us} µs)")
        if now_us + us > self.end_us:
            raise ClockError(f"the clock goes until {self.calendar.local(self.end_us):%d.%m.%Y}")
        return now_us + us

    def advance(self, us: int) -> None:
        """Move forward by `us`; ClockError as `after`."""
        self._rebase(self.after(us))

    def set(self, us: int) -> None:
        """Move forward to model time `us`; ClockError if it has passed or never comes."""
        self.advance(us - self.now_us)

    def run(self, speed: float) -> None:
        """Go on by itself, `speed` times as fast as the machine's clock; 0 stops it.

        ClockError for a negative or endless speed.
        """
        if not 0.0 <= speed < float("inf"):
            raise ClockError(f"a speed is a number from 0, not {speed}")
        self._rebase(self.now_us)
        self.speed = speed

    def wall_s(self, us: int) -> float:
        """How long `us` of model time lasts for somebody who waits; a standing clock waits as
        people do."""
        runs = self.speed and self.now_us < self.end_us
        return us / SECOND_US / (self.speed if runs else 1.0)

    def _standing_us(self) -> int:
        """Real time for which it has stood since the last change: also after the end of time."""
        passed_us = (self._wall_ns() - self._since_ns) // _NS_PER_US
        if self.speed:
            passed_us -= math.ceil((self.end_us - self._base_us) / self.speed)
        return max(passed_us, 0)

    def _rebase(self, us: int) -> None:
        self._stood_us += self._standing_us()
        self._base_us = us
        self._since_ns = self._wall_ns()

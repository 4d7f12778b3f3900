"""A clock that somebody else keeps: of a test, of a tenant, of the model."""

import datetime as dt
from collections.abc import Callable

from world.calendar import Calendar

__all__ = ["GivenClock"]


class GivenClock:
    """The port `Clock`; `now` gives the aware time."""

    def __init__(self, calendar: Calendar, now: Callable[[], dt.datetime]) -> None:
        self._calendar = calendar
        self._now = now

    @property
    def calendar(self) -> Calendar:
        """As the port says."""
        return self._calendar

    def now(self) -> dt.datetime:
        """As the port says."""
        return self._now()

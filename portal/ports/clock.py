"""The portal's clock."""

import datetime as dt
from typing import Protocol

from world.calendar import Calendar

__all__ = ["Clock"]


class Clock(Protocol):
    """Tells the time, real or virtual."""

    @property
    def calendar(self) -> Calendar:
        """Working days and the local zone of terms."""

    def now(self) -> dt.datetime:
        """The aware time now."""

"""Local days of many moments at once, and the deadlines that count in working days."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from world.calendar import Calendar

__all__ = ["LocalDays"]

Ints = npt.NDArray[np.int64]


class LocalDays:
    """Days of a calendar, numbered from the one of model time 0."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._first = calendar.date(0)
        self._midnights = np.array([calendar.midnight(self._first)], np.int64)

    def numbers(self, at_us: Ints) -> Ints:
        """The number of the day of each moment, none before model time 0."""
        latest = int(at_us.max(initial=0))
        while self._midnights[-1] <= latest:
            known = len(self._midnights)
            more = [self._calendar.midnight(self.date(known + n)) for n in range(known)]
            self._midnights = np.concatenate([self._midnights, np.array(more, np.int64)])
        numbers: Ints = np.searchsorted(self._midnights, at_us, side="right") - 1
        return numbers

    def date(self, number: int) -> date:
        """The date of a day."""
        return self._first + timedelta(days=number)

    def deadlines(self, at_us: Ints, working_days: int) -> Ints:
        """`Calendar.deadline_working_days` of each moment."""
        days, of_moment = np.unique(self.numbers(at_us), return_inverse=True)
        begins = np.maximum(self._midnights[days], 0)
        ends = [self._calendar.deadline_working_days(int(at), working_days) for at in begins]
        deadlines: Ints = np.array(ends, np.int64)[of_moment]
        return deadlines

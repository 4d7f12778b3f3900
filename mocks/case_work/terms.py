"""Terms in model time.

A term does not count its first day (Civil Code of Russia, art. 191) and ends with the last moment
of its last day (art. 194).
"""

import datetime as dt

from world.calendar import Calendar
from world.dates import anniversary

__all__ = ["day_after", "last_moment", "years_after"]


def last_moment(calendar: Calendar, day: dt.date) -> int:
    """The last µs of model time that belongs to `day`."""
    return calendar.midnight(day + dt.timedelta(days=1)) - 1


def day_after(calendar: Calendar, now_us: int, days: int) -> dt.date:
    """The last day of a term of calendar days that begins now."""
    return calendar.date(now_us) + dt.timedelta(days=days)


def years_after(calendar: Calendar, now_us: int, years: int) -> dt.date:
    """The last day of a validity of whole years whose first day is today."""
    return anniversary(calendar.date(now_us), years) - dt.timedelta(days=1)

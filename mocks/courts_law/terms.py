"""Terms in months and days that are not worked."""

import datetime as dt

from world.calendar import Calendar
from world.dates import ONE_DAY

__all__ = ["months_later", "on_working_day", "working_days_later"]


def on_working_day(calendar: Calendar, day: dt.date) -> dt.date:
    """`day`, or the first working day after it (НК РФ, art. 6.1, point 7; АПК РФ, art. 114)."""
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def working_days_later(calendar: Calendar, day: dt.date, days: int) -> dt.date:
    """The working day that is `days` after `day`, before it if negative."""
    step = ONE_DAY if days > 0 else -ONE_DAY
    for _ in range(abs(days)):
        day += step
        while not calendar.is_working_day(day):
            day += step
    return day


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month, or its last day if it has no such day (АПК РФ, art. 114)."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), following - ONE_DAY)

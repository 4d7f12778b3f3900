"""The day on which the country is described, and anniversaries."""

import datetime as dt
from typing import Final

__all__ = ["ADULT_AGE", "LAST_DAY", "ONE_DAY", "WORLD_DATE", "anniversary"]

ONE_DAY: Final = dt.timedelta(days=1)

WORLD_DATE: Final = dt.date(2026, 1, 1)
"""Everything in the country happened before this day, whatever the calendar of a scenario: a record
is the same in all of them."""

LAST_DAY: Final = WORLD_DATE - ONE_DAY

ADULT_AGE: Final = 18  # years; Civil Code art. 21


def anniversary(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 1 March for 29 February in a year without one."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)

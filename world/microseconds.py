"""Times are whole microseconds: how many of them a second, a minute, an hour and a day have, and
what turns them into the standard library's dates."""

import datetime as dt
from typing import Final

__all__ = ["DAY_US", "EPOCH", "HOUR_US", "MICROSECOND", "MINUTE_US", "SECOND_US"]

SECOND_US: Final = 1_000_000
MINUTE_US: Final = 60 * SECOND_US
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US

MICROSECOND: Final = dt.timedelta(microseconds=1)

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""From which times are counted that belong to no scenario: those of an event log, of a marker."""

"""Durations and deadlines of a scenario: `250ms 90s 15m 2h 1.5d`, deadlines also `5wd`."""

import re
from dataclasses import dataclass
from decimal import Decimal

from world.microseconds import DAY_US, HOUR_US, MINUTE_US, SECOND_US

__all__ = [
    "LONGEST_US",
    "MICROSECONDS",
    "WorkingDays",
    "format_duration",
    "parse_deadline",
    "parse_duration",
]

MICROSECONDS = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND_US,
    "m": MINUTE_US,
    "h": HOUR_US,
    "d": DAY_US,
}
LONGEST_US = 10**16  # about 317 years: sums of times stay inside 64 bits
_DURATION = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,30})?)(us|ms|s|m|h|d)")
_WORKING_DAYS = re.compile(r"([1-9]\d{0,3})wd")


@dataclass(frozen=True)
class WorkingDays:
    """A term of `days` working days (Civil Code art. 191, 194), counted by `world.calendar`."""

    days: int

    def __str__(self) -> str:
        return f"{self.days}wd"


def parse_duration(text: str) -> int:
    """Whole microseconds of `text`; ValueError if it is no duration or finer than a microsecond."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    us = Decimal(match[1]) * MICROSECONDS[match[2]]
    if us != us.to_integral_value() or us > LONGEST_US:
        raise ValueError(text)
    return int(us)


def parse_deadline(text: str) -> int | WorkingDays:
    """A duration in µs or a term in working days; ValueError if it is neither."""
    match = _WORKING_DAYS.fullmatch(text)
    return WorkingDays(int(match[1])) if match else parse_duration(text)


def format_duration(us: int) -> str:
    """`us` in the largest unit that divides it: what `parse_duration` reads back exactly."""
    for unit in ("d", "h", "m", "s", "ms"):
        if us and us % MICROSECONDS[unit] == 0:
            return f"{us // MICROSECONDS[unit]}{unit}"
    return f"{us}us" if us else "0s"

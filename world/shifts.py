"""Shifts of servers: who works when by the local clock, and the capacity that adds up to."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal, get_args

from world.calendar import Calendar
from world.dates import ONE_DAY

NamedDays = Literal["working", "holidays", "all"]
Days = NamedDays | frozenset[int]

MINUTES_PER_DAY: Final = 24 * 60
# Days without a change after which there will be none: beyond any gap between yearly holidays.
QUIET_DAYS: Final = 800

_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Shift:
    """`count` servers from `start` (included) to `end` (excluded) on the days that `days` names.

    `start` 0..1439 and `end` 0..1440 are minutes of the local clock; `end <= start` ends on the
    next day. `days` is about the day of the start: "working" and "holidays" as the calendar says,
    "all", or weekdays (0 = Monday), which hold on holidays too. ValueError otherwise.
    """

    days: Days
    start: int
    end: int
    count: int

    def __post_init__(self) -> None:
        if isinstance(self.days, str):
            if self.days not in get_args(NamedDays):
                raise ValueError(f"days {self.days!r}: expected working, holidays, all or weekdays")
        elif not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(f"days {set(self.days)}: expected weekdays 0 (Monday) to 6 (Sunday)")
        if not 0 <= self.start < MINUTES_PER_DAY:
            raise ValueError(f"start {self.start}: expected minutes 0..{MINUTES_PER_DAY - 1}")
        if not 0 <= self.end <= MINUTES_PER_DAY:
            raise ValueError(f"end {self.end}: expected minutes 0..{MINUTES_PER_DAY}")
        if self.count < 0:
            raise ValueError(f"count {self.count}: expected 0 or more servers")

    def begins_on(self, day: dt.date, calendar: Calendar) -> bool:
        """Whether this shift starts on local date `day`."""
        match self.days:
            case "all":
                return True
            case "working":
                return calendar.is_working_day(day)
            case "holidays":
                return calendar.is_holiday(day)
            case weekdays:
                return day.weekday() in weekdays

    def limits(self, day: dt.date, calendar: Calendar) -> tuple[int, int]:
        """Model times (µs) of the start, included, and the end, excluded, if begun on `day`."""
        midnight = dt.datetime.combine(day, dt.time.min)
        end = self.end if self.end > self.start else self.end + MINUTES_PER_DAY
        return (
            calendar.instant(midnight + dt.timedelta(minutes=self.start)),
            calendar.instant(midnight + dt.timedelta(minutes=end)),
        )


def capacity_changes(
    shifts: Iterable[Shift], calendar: Calendar, from_us: int = 0
) -> Iterator[tuple[int, int]]:
    """Pairs (model time in µs, servers from then on), strictly increasing in time.

    The first pair is the capacity in force at `from_us`; each later one differs from the pair
    before. Overlapping shifts add up. Lazy and endless, unless the capacity stays the same for
    QUIET_DAYS: then it is taken to stay so for ever and the iterator ends.
    """
    shifts = tuple(shifts)
    pending: defaultdict[int, int] = defaultdict(int, {from_us: 0})
    capacity = 0
    reported: int | None = None
    quiet_days = 0
    # A shift of the day before may still be running.
    first_day = calendar.date(from_us) - ONE_DAY
    for n in count():
        day = first_day + n * ONE_DAY
        for shift in shifts:
            if shift.begins_on(day, calendar):
                start, end = shift.limits(day, calendar)
                pending[max(start, from_us)] += shift.count
                pending[max(end, from_us)] -= shift.count
        settled = calendar.midnight(day + ONE_DAY)
        for time in sorted(time for time in pending if time < settled):
            capacity += pending.pop(time)
            if capacity != reported:
                yield time, capacity
                reported = capacity
                quiet_days = 0
        quiet_days += 1
        if quiet_days > QUIET_DAYS:
            return


def scheduled_time(changes: Iterable[tuple[int, int]], a: int, b: int) -> int:
    """Scheduled server time over [a, b) in server-µs: the integral of the capacity.

    `changes` are those of `capacity_changes`; the last pair holds for ever. An iterator is read
    up to the first change at `b` or later. ValueError when b < a or `changes` begin after `a`.
    """
    if b < a:
        raise ValueError(f"the interval ends at {b}, before its start {a}")
    total, since = 0, a
    capacity: int | None = None
    for time, new_capacity in changes:
        if time >= b and capacity is not None:
            break
        if time > a:
            if capacity is None:
                break
            total += capacity * (time - since)
            since = time
        capacity = new_capacity
    if capacity is None:
        raise ValueError(f"no capacity is known at {a}")
    return total + capacity * (b - since)


def parse_time_of_day(text: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is 1440, for an end. ValueError otherwise."""
    if text == "24:00":
        return MINUTES_PER_DAY
    match = _TIME_OF_DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r}: expected a time of day HH:MM, 00:00 to 24:00")
    return int(match[1]) * 60 + int(match[2])

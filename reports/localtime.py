"""Moments of a run in the scenario's own zone, and the ticks of a time axis: readers never see UTC
or seconds since start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from reports.formatting import clock, day_short
from reports.ticks import Tick
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["MAX_TICKS", "LocalTime", "tick_levels"]

# Finer ticks than this on a whole axis are never readable, and would only make the file larger.
MAX_TICKS = 800


@dataclass(frozen=True)
class LocalTime:
    """Model seconds against the local clock: elapsed time, so a change of the clock's offset shifts
    nothing.
    """

    start: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, result: Result) -> "LocalTime":
        """The clock of a result, whose start is a local time (or one that bears its own offset)."""
        zone = ZoneInfo(result.timezone)
        start = result.start
        return cls((start if start.tzinfo else start.replace(tzinfo=zone)).astimezone(UTC), zone)

    def at(self, seconds: float) -> datetime:
        """The local time `seconds` after the start."""
        return (self.start + timedelta(seconds=seconds)).astimezone(self.zone)

    def seconds(self, when: datetime) -> float:
        """Seconds from the start to a local time."""
        return (when.astimezone(UTC) - self.start).total_seconds()

    def midnight(self, of: date) -> float:
        """Seconds from the start to the beginning of a local day."""
        return self.seconds(datetime(of.year, of.month, of.day, tzinfo=self.zone))


def tick_levels(time: LocalTime, until_s: float, lang: Language) -> list[list[Tick]]:
    """Ticks over [0, until_s] from coarse to fine: months, Mondays, every fifth to every day, six
    hours, hours, five minutes.
    """
    first, last = time.at(0).date(), time.at(until_s).date()
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    coarse = [
        [d for d in days if d.day == 1],
        [d for d in days if d.weekday() == 0],
        *(days[::every] for every in (5, 3, 2, 1)),
    ]
    levels = [[(time.midnight(d), day_short(d, lang)) for d in chosen] for chosen in coarse]
    levels += [
        list(_clock_ticks(time, days, minutes, lang))
        for minutes in (720, 360, 60, 5)
        if len(days) * 1440 // minutes <= MAX_TICKS
    ]
    return [inside for level in levels if (inside := [t for t in level if 0 <= t[0] <= until_s])]


def _clock_ticks(time: LocalTime, days: list[date], minutes: int, lang: Language) -> Iterator[Tick]:
    for d in days:
        for passed in range(0, 1440, minutes):
            when = datetime(d.year, d.month, d.day, passed // 60, passed % 60, tzinfo=time.zone)
            yield time.seconds(when), clock(when) if passed else day_short(d, lang)

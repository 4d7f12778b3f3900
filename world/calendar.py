"""Working days, working-day deadlines and local clock of one country and time zone.

Holidays and transferred days come from the `holidays` library, offsets from the tz database.
Which years carry decreed transfers is told in docs/calendar.md.
"""

import datetime as dt
import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from world.microseconds import DAY_US, MICROSECOND

# `holidays` lists the days of a year when it is first asked about one, and other threads would see
# a part of the list.
_LISTING: Final = threading.Lock()

CalendarErrorCode = Literal[
    "country-unknown",
    "timezone-unknown",
    "start-aware",
    "start-ambiguous",
    "start-nonexistent",
    "term-not-positive",
    "time-out-of-range",
]


class CalendarError(ValueError):
    """The calendar cannot answer; `code` says why and never changes between versions."""

    def __init__(self, code: CalendarErrorCode, message: str) -> None:
        super().__init__(message)
        self.code: CalendarErrorCode = code

    def __reduce__(self) -> tuple[type["CalendarError"], tuple[CalendarErrorCode, str]]:
        # Exceptions are rebuilt from `args`, which lacks the code.
        return type(self), (self.code, str(self))


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Model time (whole microseconds of elapsed time since `start`) against local dates.

    `country` is a code the `holidays` library knows ("RU", "DEU"), `timezone` a tz database key,
    `start` a naive local time that occurs exactly once in that zone. Equal fields make equal
    calendars; caches are neither compared nor pickled. Raises CalendarError (codes
    country-unknown, timezone-unknown, start-aware, start-ambiguous, start-nonexistent);
    any method raises it with time-out-of-range outside the years 1 to 9999.
    """

    country: str = "RU"
    timezone: str = "Europe/Moscow"
    start: dt.datetime
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _start_utc: dt.datetime = field(init=False, repr=False, compare=False)
    _days_off: holidays.HolidayBase = field(init=False, repr=False, compare=False)
    _midnights: dict[int, int] = field(init=False, repr=False, compare=False)
    _deadlines: dict[tuple[int, int], int] = field(init=False, repr=False, compare=False)
    _first_ordinal: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone = _zone(self.timezone)
        values: dict[str, object] = {
            "_zone": zone,
            "_start_utc": _start_utc(self.start, zone),
            "_days_off": _days_off(self.country),
            "_midnights": {},
            "_deadlines": {},
            "_first_ordinal": self.start.toordinal(),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        build = partial(type(self), country=self.country, timezone=self.timezone, start=self.start)
        return build, ()

    def instant(self, local: dt.datetime) -> int:
        """Model time in µs at which the local clock shows `local`; naive means this zone.

        A clock reading that occurs twice is its first occurrence unless `fold` is 1; one that the
        clock skips is the moment of the skip, so readings keep their order.
        """
        try:
            if local.tzinfo is not None:
                return (local.astimezone(dt.UTC) - self._start_utc) // MICROSECOND
            if _offset_change(local, self._zone) > dt.timedelta(0):
                return self._moment_of_skip(local)
            utc = local.replace(tzinfo=self._zone).astimezone(dt.UTC)
            return (utc - self._start_utc) // MICROSECOND
        except OverflowError:
            raise _out_of_range() from None

    def local(self, us: int) -> dt.datetime:
        """Aware local time of this zone at model time `us` (µs)."""
        try:
            return (self._start_utc + us * MICROSECOND).astimezone(self._zone)
        except OverflowError:
            raise _out_of_range() from None

    def date(self, us: int) -> dt.date:
        """Local date at model time `us` (µs): the day whose `midnight` was the last to pass."""
        return dt.date.fromordinal(self._ordinal(us))

    def midnight(self, day: dt.date) -> int:
        """Model time in µs of the first moment of local date `day` (00:00 unless skipped)."""
        return self._midnight(day.toordinal())

    def is_working_day(self, day: dt.date) -> bool:
        """Neither a weekend nor a holiday, or a weekend day made working by a transfer."""
        with _LISTING:
            return self._days_off.is_working_day(day)

    def is_holiday(self, day: dt.date) -> bool:
        """An official day off of the country, transferred ones included.

        A weekend day is a holiday only when the list names it (Saturday 9 May is, 10 May is not).
        """
        with _LISTING:
            return day in self._days_off

    def deadline_working_days(self, filed_us: int, n: int) -> int:
        """Last µs of model time that is on time for a term of `n` working days.

        The local day of `filed_us` is not counted (Civil Code of Russia, art. 191); the term ends
        with the last moment of the n-th working day after it (art. 194). CalendarError
        term-not-positive when n < 1.
        """
        key = (self._ordinal(filed_us), n)
        deadline = self._deadlines.get(key)
        if deadline is None:
            deadline = self._deadlines[key] = self._end_of_term(*key)
        return deadline

    def _end_of_term(self, ordinal: int, n: int) -> int:
        if n < 1:
            raise CalendarError("term-not-positive", f"a term is 1 working day or more, not {n}")
        for _ in range(n):
            ordinal += 1
            while not self.is_working_day(_date(ordinal)):
                ordinal += 1
        return self._midnight(ordinal + 1) - 1

    def _ordinal(self, us: int) -> int:
        # The guess takes the start for midnight and all days for 24 hours: a day off at most.
        ordinal = self._first_ordinal + us // DAY_US
        while us < self._midnight(ordinal):
            ordinal -= 1
        while us >= self._midnight(ordinal + 1):
            ordinal += 1
        return ordinal

    def _midnight(self, ordinal: int) -> int:
        us = self._midnights.get(ordinal)
        if us is None:
            us = self.instant(dt.datetime.combine(_date(ordinal), dt.time.min))
            self._midnights[ordinal] = us
        return us

    def _moment_of_skip(self, reading: dt.datetime) -> int:
        before, after = (
            reading.replace(tzinfo=self._zone, fold=fold).astimezone(dt.UTC) - self._start_utc
            for fold in (1, 0)
        )
        window = range(before // MICROSECOND, after // MICROSECOND + 1)
        wanted = reading.replace(fold=0)
        skipped = bisect_left(
            window, True, key=lambda us: self.local(us).replace(tzinfo=None, fold=0) >= wanted
        )
        return window[skipped]


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder such as "Europe"
        raise CalendarError(
            "timezone-unknown", f"{timezone!r} is not a key of the tz database"
        ) from None


def _days_off(country: str) -> holidays.HolidayBase:
    # country_holidays() alone would take any class name of the library for a country.
    if country not in holidays.list_supported_countries():
        raise CalendarError("country-unknown", f"{country!r} is not a known country code")
    return holidays.country_holidays(country)


def _start_utc(start: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    if start.tzinfo is not None:
        raise CalendarError("start-aware", f"start {start} must be local time without an offset")
    change = _offset_change(start, zone)
    if change > dt.timedelta(0):
        raise CalendarError("start-nonexistent", f"{start} does not occur in {zone.key}")
    if change < dt.timedelta(0):
        raise CalendarError("start-ambiguous", f"{start} occurs twice in {zone.key}")
    try:
        return start.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        raise _out_of_range() from None


def _offset_change(reading: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    """Zero for an ordinary clock reading, positive for a skipped one, negative for a repeated."""
    first, second = (reading.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None  # a zone has an offset for every date
    assert second is not None
    return second - first


def _date(ordinal: int) -> dt.date:
    try:
        return dt.date.fromordinal(ordinal)
    except (ValueError, OverflowError):
        raise _out_of_range() from None


def _out_of_range() -> CalendarError:
    return CalendarError("time-out-of-range", "model time leaves the years 1 to 9999")

"""Times of a log: texts into instants, and the zone by whose clock they were written."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from world.microseconds import EPOCH, HOUR_US, MICROSECOND

__all__ = ["DEFAULT_ZONE", "MixedZones", "Moments", "offsets_elsewhere", "zone_of"]

DEFAULT_ZONE: Final = "Europe/Moscow"

_RUSSIAN: Final = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?)?"
)
# Zones by whose offsets a log is recognised first; then all others by name.
_FIRST: Final = (
    *(DEFAULT_ZONE, "UTC", "Europe/Kaliningrad", "Europe/Samara", "Asia/Yekaterinburg"),
    *("Asia/Omsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok"),
    *("Asia/Magadan", "Asia/Kamchatka", "Europe/Berlin"),
)
_FITS: Final = 0.99  # of the hours looked at: some logs have a few strange ones
_SAMPLE: Final = 1000  # hours looked at, spread over the log


class MixedZones(ValueError):
    """A time with an offset among times without (`aware`), or one without among those with."""

    def __init__(self, aware: bool) -> None:
        super().__init__(aware)
        self.aware = aware

    @property
    def expected(self) -> str:
        """A time such as the others are."""
        return "2026-04-20T09:00:00" if self.aware else "2026-04-20T09:00:00+03:00"


class Moments:
    """Reads the times of one log; a time without an offset is local time of `zone`.

    `aware` is whether times have offsets (None before the first). `offsets` holds the offset in
    minutes that was seen in each hour since 1970 in UTC.
    """

    def __init__(self, zone: str = DEFAULT_ZONE) -> None:
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self.aware: bool | None = None
        self.offsets: dict[int, int] = {}
        self.conflicts = 0

    def read(self, text: str) -> int:
        """µs since 1970 in UTC; ValueError if it is no time, MixedZones if it is unlike the
        others."""
        moment = _parsed(text.strip())
        offset = moment.utcoffset()
        if self.aware is not (offset is not None):
            if self.aware is not None:
                raise MixedZones(offset is not None)
            self.aware = offset is not None
        if offset is None:
            return (moment.replace(tzinfo=self._zone) - EPOCH) // MICROSECOND
        us = (moment - EPOCH) // MICROSECOND
        minutes = int(offset.total_seconds()) // 60
        if self.offsets.setdefault(us // HOUR_US, minutes) != minutes:
            self.conflicts += 1
        return us


def _parsed(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        match = _RUSSIAN.fullmatch(text)
        if match is None:
            raise
        day, month, year, hour, minute, second, fraction = match.groups(default="0")
        us = int(fraction.ljust(6, "0")) if match[7] else 0
        return dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), us)


def zone_of(moments: Moments) -> tuple[str, bool]:
    """The zone whose offsets a log bears, the likeliest of them first, and whether there is one.

    A log without offsets has the one it was read by; one whose offsets no zone has, the default.
    """
    if not moments.offsets:
        return moments.zone, True
    hours = sorted(moments.offsets)
    some = hours[:: max(1, len(hours) // _SAMPLE)]
    for name in _candidates():
        zone = ZoneInfo(name)
        fits = sum(_offset(zone, hour) == moments.offsets[hour] for hour in some)
        if fits >= _FITS * len(some):
            return name, True
    return DEFAULT_ZONE, False


def offsets_elsewhere(moments: Moments, zone: str) -> int:
    """In how many of the hours that the log has events in the offset is not that of `zone`."""
    of_zone = ZoneInfo(zone)
    return sum(_offset(of_zone, hour) != minutes for hour, minutes in moments.offsets.items())


def _candidates() -> Iterator[str]:
    yield from _FIRST
    yield from sorted(name for name in available_timezones() - set(_FIRST) if "/" in name)


def _offset(zone: ZoneInfo, hour: int) -> int:
    local = (EPOCH + dt.timedelta(hours=hour)).astimezone(zone)
    return int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60

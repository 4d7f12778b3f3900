"""Arrivals: nonhomogeneous Poisson streams by exact inversion, and replayed instants.

The rate is constant between the breaks of calendar and peaks, so its integral is piecewise linear
and is inverted exactly (Çinlar 1975, section 4.7): the k-th arrival is where the integral reaches
the sum of k unit exponentials. Scaling a rate moves arrival k and keeps its number, so variants
share their draws.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, pairwise

from scenarios.format import Profile, RatedArrivals
from scenarios.profiles import PROFILES
from sim.model.keys import arrival_stream
from world.calendar import Calendar
from world.draws import unit_exponential

__all__ = ["Arrivals", "InstantStream", "RateStream", "merged", "rate_stream"]

_UNITS_US = {
    "per_second": 1_000_000,
    "per_minute": 60_000_000,
    "per_hour": 3_600_000_000,
    "per_day": 86_400_000_000,
}
_HOURS_A_WEEK = 168.0


@dataclass(frozen=True)
class RateStream:
    """Poisson arrivals: `rates[i]` arrivals per µs in [breaks[i], breaks[i + 1]), times in µs."""

    breaks: tuple[int, ...]
    rates: tuple[float, ...]

    def instants(self, key: int) -> Iterator[int]:
        """Arrival times in µs, in order; `key` names the stream of gaps."""
        left = unit_exponential(key, 0, 0, 0)
        number = 1
        for (begin, end), rate in zip(pairwise(self.breaks), self.rates, strict=True):
            at = float(begin)
            while rate > 0.0 and left <= rate * (end - at):
                at += left / rate
                if int(at) >= end:
                    break
                yield int(at)
                left = unit_exponential(key, number, 0, 0)
                number += 1
            else:
                left -= rate * (end - at)
                continue
            left = 0.0

    @property
    def expected(self) -> float:
        """Mean number of arrivals."""
        return sum(r * (b - a) for (a, b), r in zip(pairwise(self.breaks), self.rates, strict=True))

    @property
    def span_us(self) -> int:
        """Until when arrivals can be, from 0 on (µs): not when the last one is."""
        return self.breaks[-1]

    @property
    def is_stationary(self) -> bool:
        """True if the rate never changes."""
        return len(set(self.rates)) <= 1


@dataclass(frozen=True)
class InstantStream:
    """Replayed arrivals: µs, sorted."""

    times: tuple[int, ...]

    def instants(self, key: int) -> Iterator[int]:
        """The arrival times; nothing of them is random."""
        return iter(self.times)

    @property
    def expected(self) -> float:
        """Number of arrivals."""
        return float(len(self.times))

    @property
    def span_us(self) -> int:
        """When the last arrival is (µs); 0 if there is none."""
        return self.times[-1] if self.times else 0

    @property
    def is_stationary(self) -> bool:
        """True if the rate never changes."""
        return False


@dataclass(frozen=True)
class Arrivals:
    """All streams of one journey, in file order."""

    journey: str
    streams: tuple[RateStream | InstantStream, ...]


def merged(arrivals: Arrivals, replication: int) -> Iterator[int]:
    """Arrival times of a journey's cases, in order: the place in it is the case's number."""
    streams = [
        stream.instants(arrival_stream(replication, arrivals.journey, index))
        for index, stream in enumerate(arrivals.streams)
    ]
    return streams[0] if len(streams) == 1 else heapq.merge(*streams)


def rate_stream(
    written: RatedArrivals, calendar: Calendar, until_us: int, scale: float
) -> RateStream:
    """The rate of `written` in [0, until_us), multiplied by `scale`."""
    rate = written.rate
    mean = scale * sum(
        value / unit for key, unit in _UNITS_US.items() if (value := getattr(rate, key)) is not None
    )
    profile = PROFILES[rate.profile] if isinstance(rate.profile, str) else rate.profile
    peaks = [(calendar.instant(p.from_), calendar.instant(p.to), p.factor) for p in written.peaks]
    hours = range(0, 1) if profile is None else _hour_breaks(calendar, until_us)
    breaks = sorted(
        {0, until_us, *hours, *(t for a, b, _ in peaks for t in (a, b) if 0 < t < until_us)}
    )
    rates = []
    for begin in breaks[:-1]:
        weight = 1.0 if profile is None else _weight(profile, calendar, begin)
        for a, b, factor in peaks:
            if a <= begin < b:
                weight *= factor
        rates.append(mean * weight)
    return RateStream(*_joined(breaks, rates))


def _hour_breaks(calendar: Calendar, until_us: int) -> Iterator[int]:
    """Every whole local hour in [0, until_us)."""
    start = calendar.local(0)
    first = timedelta(minutes=start.minute, seconds=start.second, microseconds=start.microsecond)
    hour = 3_600_000_000
    offset = -(first // timedelta(microseconds=1))
    for n in count():
        at = offset + n * hour
        if at >= until_us:
            return
        if at >= 0:
            yield at


def _weight(profile: Profile, calendar: Calendar, at: int) -> float:
    """Relative rate in the local hour of `at`; a holiday has its own weight, a working Saturday
    or Sunday has Friday's."""
    local = calendar.local(at)
    day = local.date()
    weekday = profile.weekdays[day.weekday()]
    if calendar.is_holiday(day):
        weekday = profile.weekdays[6] if profile.holidays is None else profile.holidays
    elif day.weekday() >= 5 and calendar.is_working_day(day):
        weekday = profile.weekdays[4]
    return (
        profile.hours[local.hour]
        * weekday
        * _HOURS_A_WEEK
        / (sum(profile.hours) * sum(profile.weekdays))
    )


def _joined(
    breaks: Sequence[int], rates: Sequence[float]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Neighbouring pieces of equal rate made one."""
    kept_breaks, kept_rates = [breaks[0]], [rates[0]]
    for at, rate in zip(breaks[1:-1], rates[1:], strict=True):
        if rate != kept_rates[-1]:
            kept_breaks.append(at)
            kept_rates.append(rate)
    return (*kept_breaks, breaks[-1]), tuple(kept_rates)

"""Arrivals: nonhomogeneous Poisson streams by exact inversion, and replayed instants.

The rate is constant between the breaks of calendar and peaks, so its integral is piecewise linear
and is inverted exactly (Çinlar 1975, section 4.7): the k-th arrival is where the integral reaches
the sum of k unit exponentials. Scaling a rate moves arrival k and keeps its number, so variants
share their draws.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, pairwise

import numpy as np
import numpy.typing as npt

from scenarios.format import Profile, RatedArrivals
from scenarios.profiles import PROFILES
from sim.model.keys import arrival_stream
from world.calendar import Calendar
from world.compiled import compiled, int64, uint64
from world.draws import unit_exponential
from world.microseconds import DAY_US, HOUR_US, MICROSECOND, MINUTE_US, SECOND_US

__all__ = [
    "Arrivals",
    "InstantStream",
    "RateStream",
    "merged",
    "merged_blocks",
    "rate_stream",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_UNITS_US = {
    "per_second": SECOND_US,
    "per_minute": MINUTE_US,
    "per_hour": HOUR_US,
    "per_day": DAY_US,
}
_HOURS_A_WEEK = 168.0
_BLOCK = 4096  # times drawn at once: a call from Python costs more than twenty of them
_NOTHING: Ints = np.zeros(0, np.int64)
_PIECE, _NUMBER = range(2)
_AT, _LEFT = range(2)


@dataclass(frozen=True)
class RateStream:
    """Poisson arrivals: `rates[i]` arrivals per µs in [breaks[i], breaks[i + 1]), times in µs."""

    breaks: tuple[int, ...]
    rates: tuple[float, ...]

    def instants(self, key: int) -> Iterator[int]:
        """Arrival times in µs, in order; `key` names the stream of gaps."""
        for block in self.blocks(key):
            yield from block.tolist()

    def blocks(self, key: int) -> Iterator[Ints]:
        """`instants`, some at a time."""
        breaks, rates = np.array(self.breaks, np.int64), np.array(self.rates, np.float64)
        place = np.zeros(2, np.int64)
        clock = np.array([float(self.breaks[0]), unit_exponential(key, 0, 0, 0)])
        place[_NUMBER] = 1
        while True:
            block = np.empty(_BLOCK, np.int64)
            count = next_instants(key, breaks, rates, place, clock, block)
            if count:
                yield block[:count]
            if count < _BLOCK:
                return

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

    def blocks(self, key: int) -> Iterator[Ints]:
        """`instants`, some at a time."""
        for first in range(0, len(self.times), _BLOCK):
            yield np.array(self.times[first : first + _BLOCK], np.int64)

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
    for block in merged_blocks(arrivals, replication):
        yield from block.tolist()


def merged_blocks(arrivals: Arrivals, replication: int) -> Iterator[Ints]:
    """`merged`, some times at once."""
    streams = [
        stream.blocks(arrival_stream(replication, arrivals.journey, index))
        for index, stream in enumerate(arrivals.streams)
    ]
    return streams[0] if len(streams) == 1 else _merged(streams)


def _merged(streams: Sequence[Iterator[Ints]]) -> Iterator[Ints]:
    """Whatever is known to be before everything that is still to come."""
    ahead = dict.fromkeys(streams, _NOTHING)
    while ahead:
        for stream in [stream for stream, times in ahead.items() if not len(times)]:
            block = next(stream, None)
            if block is None:
                del ahead[stream]
            else:
                ahead[stream] = block
        if ahead:
            known_until = min(int(times[-1]) for times in ahead.values())
            known = {s: int(np.searchsorted(t, known_until, "right")) for s, t in ahead.items()}
            yield np.sort(np.concatenate([times[: known[s]] for s, times in ahead.items()]))
            ahead = {s: times[known[s] :] for s, times in ahead.items()}


@compiled("i8(u8, i8[::1], f8[::1], i8[::1], f8[::1], i8[::1])")
def next_instants(
    key: int, breaks: Ints, rates: Floats, place: Ints, clock: Floats, out: Ints
) -> int:
    """Fill `out` with the next arrival times of a `RateStream`; less than all only at its end.

    `place` is the piece of the rate and the number of the next gap, `clock` the moment reached (µs)
    and what is left of the present gap; both go on from call to call.
    """
    piece, number = place[_PIECE], place[_NUMBER]
    at, left = clock[_AT], clock[_LEFT]
    count = 0
    while piece < rates.size and count < out.size:
        rate, end = rates[piece], breaks[piece + 1]
        if rate > 0.0 and left <= rate * (end - at):
            at += left / rate
            if int64(at) < end:
                out[count] = int64(at)
                count += 1
                left = unit_exponential(key, uint64(number), 0, 0)
                number += 1
                continue
            left = 0.0
        else:
            left -= rate * (end - at)
        piece += 1
        at = float(breaks[piece])
    place[_PIECE], place[_NUMBER] = piece, number
    clock[_AT], clock[_LEFT] = at, left
    return count


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
    offset = -(first // MICROSECOND)
    for n in count():
        at = offset + n * HOUR_US
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

"""Which station limits when: spans of time in which most of all who wait, wait at one station."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reports.formatting import count, share
from reports.localtime import LocalTime, tick_levels
from reports.objectives import station_title
from reports.simulation.time_axis import station_bins
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["Ribbon", "Span", "ribbon", "spans"]

FEWEST_WAITING: Final = 1.0  # with fewer nobody would say that something limits
MOST_SPANS: Final = 12  # in the table: those in which most time was waited
MOST_ROWS: Final = 8
WIDTH: Final = 1040
LEFT: Final = 300
ROW: Final = 24
MOST_TICKS: Final = 10


@dataclass(frozen=True)
class Span:
    """From bin `first` to `last` (excluded) `station` has most of the waiting: how many wait there
    on average, which part that is of all, how much of its servers is busy (None: it has none)."""

    station: str
    first: int
    last: int
    waiting: float
    part: float
    utilisation: float | None

    @property
    def area(self) -> float:
        """How much is waited there, in cases times bins."""
        return self.waiting * (self.last - self.first)


def spans(result: Result) -> list[Span]:
    """Every span, in order of time."""
    stations = result.stations
    bins = station_bins(result)
    limiting = [
        max(range(len(stations)), key=lambda s: stations[s].waiting[i], default=None)
        for i in range(bins)
    ]
    found = []
    for place, group in groupby(range(bins), key=lambda i: _limits(limiting[i], i, result)):
        inside = list(group)
        if place is None:
            continue
        waiting = sum(stations[place].waiting[i] for i in inside)
        everywhere = sum(station.waiting[i] for station in stations for i in inside)
        busy = sum(stations[place].busy[i] for i in inside)
        capacity = sum(stations[place].capacity[i] for i in inside)
        found.append(
            Span(
                stations[place].name,
                inside[0],
                inside[-1] + 1,
                waiting / len(inside),
                waiting / everywhere,
                busy / capacity if capacity > 0 else None,
            )
        )
    return found


def _limits(place: int | None, i: int, result: Result) -> int | None:
    if place is None or result.stations[place].waiting[i] < FEWEST_WAITING:
        return None
    return place


@dataclass(frozen=True)
class Ribbon:
    """Spans as bars, a row for each station; places are pixels."""

    width: int
    height: int
    left: int
    bottom: int
    rows: Sequence[tuple[float, str]]
    bars: Sequence[tuple[float, float, float, str]]
    ticks: Sequence[tuple[float, str]]


def ribbon(found: Sequence[Span], result: Result, lang: Language) -> Ribbon:
    """The drawing of the spans of the stations at which most is waited."""
    areas: dict[str, float] = {}
    for span in found:
        areas[span.station] = areas.get(span.station, 0.0) + span.area
    names = sorted(areas, key=lambda name: -areas[name])[:MOST_ROWS]
    end = max(station_bins(result), 1)
    time = LocalTime.of(result)

    def x(bins: float) -> float:
        return round(LEFT + bins / end * (WIDTH - LEFT - 10), 1)

    bars = []
    for span in found:
        if span.station in names:
            at, to = x(span.first), x(span.last)
            told = f"{count(span.waiting, lang)}, {share(span.part, lang)}"
            bars.append((at, max(to - at, 1.0), names.index(span.station) * ROW + 4.0, told))
    levels = tick_levels(time, end * result.bin_s, lang)
    level = next((level for level in reversed(levels) if len(level) <= MOST_TICKS), [])
    ticks = [(x(at / result.bin_s), label) for at, label in level]
    bottom = len(names) * ROW + 4
    rows = [(i * ROW + 18.0, station_title(result, name, lang)) for i, name in enumerate(names)]
    return Ribbon(WIDTH, bottom + 24, LEFT, bottom, rows, bars, ticks)

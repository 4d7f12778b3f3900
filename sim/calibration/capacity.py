"""Stations: who serves what, how many at once, and by which shifts.

Where the log tells when each visit could have begun (`enter`), a station's capacity shows itself
whenever somebody waits: then all its servers are busy. Where nobody waits it is only known to be no
less than the number busy. Without `enter`, persons are counted: who is at work from the first to
the last of what they do in a day; those who had nothing to do are not seen.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.calibration.activity_log import ActivityLog
from sim.calibration.estimates import Estimate, mean_of
from sim.calibration.naming import Names, slug
from sim.calibration.raw_events import ABSENT, NOBODY
from world.calendar import Calendar
from world.dates import ONE_DAY
from world.microseconds import MINUTE_US, SECOND_US

__all__ = ["ShiftFit", "StationFit", "fit_stations"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SLOT_MINUTES: Final = 30
_SLOTS: Final = 24 * 60 // SLOT_MINUTES
_SLOT_US: Final = SLOT_MINUTES * MINUTE_US
_WORKING, _SATURDAY, _SUNDAY, _HOLIDAY = range(4)
_DAYS: Final = ("working", "sat", "sun", "holidays")
_SAME_STAFF: Final = 0.5  # share of common work from which two activities are one station's
_TAKES_TURNS: Final = 0.02  # share of busy time with several at once, up to which one is a person
_AGREE: Final = 0.9  # share of half-hours in which days are alike, from which they are one kind
_SHOWN_VISITS: Final = 5  # that waited and then began in a half-hour: they tell its capacity
_SHOWN_S: Final = 60.0  # of waiting in a half-hour in which nothing ever begins: it is closed


@dataclass(frozen=True)
class ShiftFit:
    """`count` servers from `first` to `last` (minutes of the local day) on `days`: working,
    holidays, all, or sat, sun."""

    days: str
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class StationFit:
    """A station: its `activities`, the `people` seen in it (names of resources), `servers` (a
    number, or shifts), how many of it the log shows. `full`: the share of the time in which
    somebody waited; 0 means that capacity is only bounded from below. `outside`: the share of
    starts outside the shifts."""

    name: str
    activities: tuple[int, ...]
    people: tuple[str, ...]
    servers: int | tuple[ShiftFit, ...]
    estimates: tuple[Estimate, ...]
    by_person: bool
    full: float
    outside: float


def fit_stations(
    log: ActivityLog, served: Sequence[int], calendar: Calendar, names: Sequence[str], shift_us: int
) -> list[StationFit]:
    """The stations of the activities `served` (numbers). `names[a]` is what the scenario calls an
    activity; `shift_us` is model time 0 in µs since 1970."""
    rows = np.isin(log.activity, list(served)) & (log.start != ABSENT)
    pools = _pools(log, rows)
    taken = Names()
    return [
        _station(log, rows & np.isin(log.activity, pool), pool, calendar, names, taken, shift_us)
        for pool in pools
    ]


def _pools(log: ActivityLog, rows: npt.NDArray[np.bool_]) -> list[list[int]]:
    """Activities by who does them: those that have at least half of their work in common."""
    activities = np.unique(log.activity[rows]).tolist()
    shares = np.zeros((len(activities), len(log.resources) + len(activities)))
    for index, activity in enumerate(activities):
        who = log.resource[rows & (log.activity == activity)]
        # Work of nobody is a staff of its own.
        own = len(log.resources) + index
        counts = np.bincount(np.where(who == NOBODY, own, who), minlength=shares.shape[1])
        shares[index] = counts / counts.sum()
    pool = list(range(len(activities)))
    for a in range(len(activities)):
        for b in range(a):
            if np.minimum(shares[a], shares[b]).sum() >= _SAME_STAFF:
                old, new = pool[a], pool[b]
                pool = [new if p == old else p for p in pool]
    return [[x for x, p in zip(activities, pool, strict=True) if p == q] for q in sorted(set(pool))]


def _station(
    log: ActivityLog,
    rows: npt.NDArray[np.bool_],
    pool: list[int],
    calendar: Calendar,
    names: Sequence[str],
    taken: Names,
    shift_us: int,
) -> StationFit:
    start, end = log.start[rows] - shift_us, log.end[rows] - shift_us
    enter = np.where(log.enter[rows] == ABSENT, start, log.enter[rows] - shift_us)
    who = log.resource[rows]
    people = tuple(log.resources[r] for r in np.unique(who[who != NOBODY]).tolist())
    told = bool(np.any(log.enter[rows] != ABSENT))
    by_person = bool(people) and not told and not _at_once(who, start, end)
    wanted = slug(people[0], "staff") if len(people) == 1 else names[_busiest(log, rows)]
    name = taken.free(wanted)
    edges, slots = _grid(int(enter.min()), int(end.max()), calendar)
    present = _on_duty(who, start, end, edges, len(slots), calendar) if by_person else None
    if present is not None:
        capacity, known = _mean_present(present, slots), 0.0
        low = capacity.copy()
    else:
        capacity, low, known = _shown(enter, start, end, edges, slots)
    return _told(name, pool, people, capacity, low, start, edges, slots, known, present)


def _busiest(log: ActivityLog, rows: npt.NDArray[np.bool_]) -> int:
    return int(np.argmax(np.bincount(log.activity[rows], minlength=len(log.activities))))


def _at_once(who: Ints, start: Ints, end: Ints) -> bool:
    """Whether one resource does several things at a time: then it is a group, not a person."""
    overlap = busy = 0
    for resource in np.unique(who[who != NOBODY]).tolist():
        mine = who == resource
        order = np.argsort(start[mine], kind="stable")
        begins, ends = start[mine][order], end[mine][order]
        reach = np.maximum.accumulate(ends)
        overlap += int(np.maximum(np.minimum(reach[:-1], ends[1:]) - begins[1:], 0).sum())
        busy += int((ends - begins).sum())
    return busy > 0 and overlap / busy > _TAKES_TURNS


# --- the half-hours of the log --------------------------------------------------------------------


def _grid(first: int, last: int, calendar: Calendar) -> tuple[Ints, Ints]:
    """Model times that part the log into half-hours of the local day, and (kind of day, number in
    the day) of each part."""
    day = calendar.date(first)
    edges: list[Ints] = []
    slots: list[tuple[int, int]] = []
    at = calendar.midnight(day)
    while at <= last:
        following = calendar.midnight(day + ONE_DAY)
        # A day on which the clocks change has 23 or 25 hours: its parts go by elapsed time.
        parts = np.arange(at, following, _SLOT_US, dtype=np.int64)
        kind = _kind(day, calendar)
        edges.append(parts)
        slots += [(kind, min(i, _SLOTS - 1)) for i in range(len(parts))]
        at, day = following, day + ONE_DAY
    edges.append(np.array([at], np.int64))
    return np.concatenate(edges), np.array(slots, np.int64)


def _kind(day: dt.date, calendar: Calendar) -> int:
    if calendar.is_working_day(day):
        return _WORKING
    if calendar.is_holiday(day) and day.weekday() < 5:
        return _HOLIDAY
    return _SATURDAY if day.weekday() == 5 else _SUNDAY


def _shown(
    enter: Ints, start: Ints, end: Ints, edges: Ints, slots: Ints
) -> tuple[Floats, Floats, float]:
    """By kind of day and half-hour: servers while somebody waits (NaN where nobody does), the most
    that were busy, and the share of the time with somebody waiting."""
    times = np.concatenate([enter, start, start, end, edges])
    waiting = np.concatenate(
        [np.ones_like(enter), -np.ones_like(start), np.zeros(len(end) + len(start) + len(edges))]
    )
    busy = np.concatenate(
        [np.zeros(len(enter) + len(start)), np.ones_like(start), -np.ones_like(end),
         np.zeros(len(edges))]
    )  # fmt: skip
    order = np.argsort(times, kind="stable")
    times = times[order]
    last = np.append(times[1:] != times[:-1], True)  # what holds after all of an instant
    queue, servers = np.cumsum(waiting[order])[last], np.cumsum(busy[order])[last]
    at = times[last]
    length = np.diff(at).astype(np.float64) / SECOND_US
    place = np.searchsorted(edges, at[:-1], side="right") - 1
    inside = (place >= 0) & (place < len(slots))
    kind, slot = slots[np.clip(place, 0, len(slots) - 1)].T
    queue, servers = queue[:-1], servers[:-1]
    waits = inside & (queue > 0)
    shape = (len(_DAYS), _SLOTS)
    waited, worked = np.zeros(shape), np.zeros(shape)
    most: Floats = np.zeros(shape, np.float64)
    np.add.at(waited, (kind[waits], slot[waits]), length[waits])
    np.add.at(worked, (kind[waits], slot[waits]), (length * servers)[waits])
    np.maximum.at(most, (kind[inside], slot[inside]), servers[inside])
    begun, delayed = np.zeros(shape, np.float64), np.zeros(shape, np.float64)
    slot_of = slots[np.clip(np.searchsorted(edges, start, side="right") - 1, 0, len(slots) - 1)]
    np.add.at(begun, tuple(slot_of.T), 1.0)
    np.add.at(delayed, tuple(slot_of[start > enter].T), 1.0)
    capacity: Floats = np.full(shape, np.nan, np.float64)
    told = (delayed >= _SHOWN_VISITS) & (waited > 0)
    capacity[told] = np.round(worked[told] / waited[told])
    if not told.any() and delayed.sum() >= _SHOWN_VISITS:
        capacity[:] = np.round(worked.sum() / waited.sum())  # too few for half-hours, not for all
    # Busy without beginning anything while others wait: a case in hand is finished after the shift.
    capacity[(waited > _SHOWN_S) & (begun == 0)] = 0.0
    span = float(end.max() - enter.min()) / SECOND_US
    full = float(length[waits].sum()) / span if span else 0.0
    return capacity, most, full


def _on_duty(
    who: Ints, start: Ints, end: Ints, edges: Ints, parts: int, calendar: Calendar
) -> Ints:
    """How many persons are at work in each half-hour of the log: each from the first to the last of
    what it does in a day."""
    days = np.searchsorted(edges[:-1], start, side="right") - 1
    midnight = np.array([calendar.midnight(calendar.date(int(t))) for t in edges[days]], np.int64)
    key = np.unique(np.column_stack([midnight, who]), axis=0, return_inverse=True)[1].ravel()
    first, last = np.full(key.max() + 1, 2**62), np.full(key.max() + 1, -(2**62))
    np.minimum.at(first, key, start)
    np.maximum.at(last, key, end)
    present = np.zeros(parts, np.int64)
    for a, b in zip(first.tolist(), last.tolist(), strict=True):
        begin = int(np.searchsorted(edges, a, side="right")) - 1
        finish = min(int(np.searchsorted(edges, b, side="left")), begin + _SLOTS, parts)
        present[begin:finish] += 1
    return present


def _mean_present(present: Ints, slots: Ints) -> Floats:
    """Mean number of persons at work, by kind of day and half-hour, over the days of the log."""
    total: Floats = np.zeros((len(_DAYS), _SLOTS), np.float64)
    seen = np.zeros_like(total)
    np.add.at(total, tuple(slots.T), present)
    np.add.at(seen, tuple(slots.T), 1.0)
    mean: Floats = np.divide(total, seen, out=np.zeros_like(total), where=seen > 0)
    return np.round(mean)


def _staff(key: str, row: ShiftFit, present: Ints, slots: Ints) -> Estimate:
    """The staff of a shift by the persons seen at work in it, day by day. Who had nothing to do is
    not seen, so nothing bounds it from above; from below Student's t over the days, and one day
    gives no spread."""
    kind, minute = slots[:, 0], slots[:, 1] * SLOT_MINUTES
    inside = (minute >= row.first) & (minute < row.last)
    if row.days != "all":
        inside &= kind == _DAYS.index(row.days)
    day = (np.cumsum(np.append(True, np.diff(slots[:, 1]) < 0)) - 1)[inside]
    counts = np.bincount(day)
    daily = np.bincount(day, weights=present[inside])[counts > 0] / counts[counts > 0]
    low = mean_of(key, daily).low
    return Estimate(
        key, row.count, None if low is None else min(low, row.count), None, "count", len(daily)
    )


# --- what the scenario says -----------------------------------------------------------------------


def _told(
    name: str,
    pool: list[int],
    people: tuple[str, ...],
    capacity: Floats,
    most: Floats,
    start: Ints,
    edges: Ints,
    slots: Ints,
    known: float,
    present: Ints | None,
) -> StationFit:
    """`present`: persons at work by half-hours, where persons are counted."""
    by_person = present is not None
    seen = np.zeros((len(_DAYS), _SLOTS), np.bool_)
    seen[tuple(slots.T)] = True
    counts, exact = (most.astype(np.int64), True) if by_person else _filled(capacity, most, seen)
    rows = _shifts(counts, seen)
    constant = len({row.count for row in rows}) == 1 and all(
        row.first == 0 and row.last == 24 * 60 for row in rows
    )
    n = len(start)

    def servers_of(key: str, row: ShiftFit) -> Estimate:
        if present is not None:
            return _staff(key, row, present, slots)
        low, high = (row.count, row.count) if exact else (float(most.max()), None)
        return Estimate(key, row.count, low, high, "count", n)

    if constant or not rows:
        servers = int(counts.max()) if rows else max(int(most.max()), 1)
        estimate = servers_of(f"stations.{name}.servers", ShiftFit("all", 0, 24 * 60, servers))
        return StationFit(
            name, tuple(pool), people, servers, (estimate,), by_person, known, 0.0
        )  # fmt: skip
    estimates: list[Estimate] = []
    for index, row in enumerate(rows):
        key = f"stations.{name}.shifts.{index}"
        estimates += [servers_of(f"{key}.count", row), *_ends_of(key, row, n)]
    place = np.clip(np.searchsorted(edges, start, side="right") - 1, 0, len(slots) - 1)
    outside = float(np.mean(counts[tuple(slots[place].T)] == 0))
    return StationFit(
        name, tuple(pool), people, tuple(rows), tuple(estimates), by_person, known, outside
    )


def _filled(capacity: Floats, most: Floats, seen: npt.NDArray[np.bool_]) -> tuple[Ints, bool]:
    """Servers of each half-hour, and whether waiting showed them.

    Kinds of days that do not contradict each other are one. A half-hour that showed nothing has
    what the one before has, or the next one that showed something, if that is not less than were
    busy in it; otherwise the most that was ever shown.
    """
    kinds = [kind for kind in range(len(_DAYS)) if seen[kind].any()]
    shown = ~np.isnan(capacity)
    if not np.nanmax(np.where(shown, capacity, 0.0)) > 0:
        return np.full(capacity.shape, max(int(most.max()), 1)), False
    counts = capacity.copy()
    common = _common(capacity[kinds], shown[kinds])
    if common is not None:
        counts[kinds], most = common, np.maximum(most, most[kinds].max(axis=0))
    overall = float(np.nanmax(counts))
    filled = np.empty(counts.shape, np.int64)
    for kind in range(len(_DAYS)):
        filled[kind] = _without_gaps(counts[kind], most[kind], overall)
    return filled, True


def _common(capacity: Floats, shown: npt.NDArray[np.bool_]) -> Floats | None:
    """The half-hours of any day, if kinds of days agree in them; None if they do not."""
    low = np.where(shown, capacity, np.inf).min(axis=0)
    high = np.where(shown, capacity, -np.inf).max(axis=0)
    several = shown.sum(axis=0) > 1
    if several.any() and float(np.mean(low[several] == high[several])) < _AGREE:
        return None
    return np.where(np.isfinite(high), high, np.nan)


def _without_gaps(row: Floats, most: Floats, overall: float) -> Ints:
    known = np.flatnonzero(~np.isnan(row))
    if not len(known):
        return np.full(_SLOTS, int(overall))
    filled = row.copy()
    for slot in np.flatnonzero(np.isnan(row)).tolist():
        following = known[np.searchsorted(known, slot) % len(known)]
        choices = [filled[slot - 1], row[following], overall]
        filled[slot] = next((c for c in choices if c >= most[slot]), most[slot])
    return filled.astype(np.int64)


def _shifts(counts: Ints, seen: npt.NDArray[np.bool_]) -> list[ShiftFit]:
    """Rows of a plan: days that are alike are told together."""
    days = {kind: tuple(counts[kind].tolist()) for kind in range(len(_DAYS)) if seen[kind].any()}
    if len(set(days.values())) == 1:
        return list(_runs("all", next(iter(days.values()))))
    return [run for kind, row in days.items() for run in _runs(_DAYS[kind], row)]


def _runs(days: str, row: Sequence[int]) -> Iterator[ShiftFit]:
    counts = list(row)
    for slot in range(1, len(counts) - 1):
        # On the way down cases in hand are finished: for half an hour there seems to be a level
        # between.
        if counts[slot - 1] > counts[slot] > counts[slot + 1]:
            counts[slot] = counts[slot + 1]
    at = 0
    for count, run in groupby(counts):
        length = len(list(run)) * SLOT_MINUTES
        if count:
            yield ShiftFit(days, at, at + length, count)
        at += length


def _ends_of(key: str, row: ShiftFit, n: int) -> Iterator[Estimate]:
    room = SLOT_MINUTES
    for end, at in (("from", row.first), ("to", row.last)):
        yield Estimate(f"{key}.{end}", at, at - room, at + room, "time_of_day", n)

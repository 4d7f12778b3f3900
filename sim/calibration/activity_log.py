"""A log made ready to learn from: activities with their times, sorted, each start with its end."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.calibration.log_problems import Repair
from sim.calibration.raw_events import ABSENT, NOBODY, RawEvents, Transition

__all__ = ["ActivityLog", "activities_of"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ActivityLog:
    """Activities in columns, sorted by case and then by time; times in µs since 1970 in UTC.

    `enter` (it could be begun), `start` and `resource` are ABSENT and NOBODY where the log does
    not tell. `journey` and `unfinished` are by case; `zone` is whose clock the log goes by.
    """

    case: Ints
    activity: Ints
    resource: Ints
    enter: Ints
    start: Ints
    end: Ints
    journey: Ints
    unfinished: npt.NDArray[np.bool_]
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    journeys: tuple[str, ...]
    repairs: tuple[Repair, ...]
    zone: str

    @property
    def begin(self) -> Ints:
        """The first that the log tells of each activity."""
        known = np.where(self.start != ABSENT, self.start, self.end)
        return np.where(self.enter != ABSENT, self.enter, known)

    @property
    def first_rows(self) -> Ints:
        """The row at which each case that has rows begins, then the number of rows."""
        changes = np.flatnonzero(np.diff(self.case)) + 1
        return np.concatenate([[0], changes, [len(self.case)]]).astype(np.int64)

    def of_cases(self, wanted: npt.NDArray[np.bool_]) -> "ActivityLog":
        """The log of the cases that `wanted` marks."""
        return self._of_rows(wanted[self.case])

    def until(self, moment: int) -> "ActivityLog":
        """The log as it was at `moment` (µs since 1970): without activities that were not over;
        cases to which more happened are unfinished."""
        over = self.end <= moment
        unfinished = self.unfinished.copy()
        unfinished[self.case[~over]] = True
        return replace(self._of_rows(over), unfinished=unfinished)

    def _of_rows(self, rows: npt.NDArray[np.bool_]) -> "ActivityLog":
        names = ("case", "activity", "resource", "enter", "start", "end")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def activities_of(raw: RawEvents, zone: str) -> ActivityLog:
    """Pairs starts with ends, leaves out duplicates, sorts; every repair is counted."""
    columns = {name: raw.column(name) for name in _COLUMNS}
    rows = _paired(columns, raw)
    # Inside a case by what came first; of what began at one instant the first to end.
    order = np.lexsort((rows["end"], rows["begin"], rows["case"]))
    rows = {name: column[order] for name, column in rows.items()}
    keep = _not_repeated(rows, raw)
    rows = {name: column[keep] for name, column in rows.items()}
    journey = raw.journey_of_case
    rows["activity"], activities = _by_time(rows["activity"], rows["begin"], raw.activities)
    rows["resource"], resources = _by_time(rows["resource"], rows["begin"], raw.resources)
    of_rows, journeys = _by_time(journey[rows["case"]], rows["begin"], raw.journeys)
    journey[rows["case"]] = of_rows
    return ActivityLog(
        **{name: rows[name] for name in ("case", "activity", "resource", *_TIMES)},
        journey=journey,
        unfinished=raw.unfinished,
        activities=activities,
        resources=resources,
        journeys=journeys,
        repairs=raw.repairs.all(),
        zone=zone,
    )


_COLUMNS = (
    *("case", "activity", "resource", "instance", "line", "transition"),
    *("enter", "start", "time"),
)
_TIMES = ("enter", "start", "end")


def _by_time(numbers: Ints, begin: Ints, names: Mapping[str, int]) -> tuple[Ints, tuple[str, ...]]:
    """Numbers of names made those of the order in which they first occur in time, and the names;
    the order in the file says nothing. Names that no row has left come last."""
    many = len(names)
    first = np.full(many, np.iinfo(np.int64).max)
    named = numbers != NOBODY
    np.minimum.at(first, numbers[named], begin[named])
    words = list(names)
    order = sorted(range(many), key=lambda number: (first[number], words[number]))
    place = np.empty(many + 1, np.int64)
    place[order], place[NOBODY] = np.arange(many), NOBODY
    return place[numbers], tuple(words[number] for number in order)


def _paired(columns: dict[str, Ints], raw: RawEvents) -> dict[str, Ints]:
    """A row per activity: those of the file, where every event is an end, or pairs."""
    enter, start, resource = columns["enter"], columns["start"], columns["resource"]
    ends = columns["transition"] >= Transition.COMPLETE
    if not ends.all():
        enter, start, resource = enter.copy(), start.copy(), resource.copy()
        _pair(columns, enter, start, resource, raw)
    rows = {name: columns[name][ends] for name in ("case", "activity", "instance", "line")} | {
        "resource": resource[ends],
        "enter": enter[ends],
        "start": start[ends],
        "end": columns["time"][ends],
    }
    late = (rows["enter"] != ABSENT) & (rows["enter"] > _first(rows["start"], rows["end"]))
    raw.repairs.add("enter_after_start", None, int(late.sum()))
    rows["enter"] = np.where(late, ABSENT, rows["enter"])
    rows["begin"] = _first(rows["enter"], _first(rows["start"], rows["end"]))
    return rows


def _first(times: Ints, otherwise: Ints) -> Ints:
    return np.where(times != ABSENT, times, otherwise)


def _pair(
    columns: dict[str, Ints], enter: Ints, start: Ints, resource: Ints, raw: RawEvents
) -> None:
    """Give each end the oldest open start of its case, activity and instance, and what scheduled
    it."""
    keys = [columns[name] for name in ("transition", "time", "instance", "activity", "case")]
    order = np.lexsort(keys)
    group: tuple[int, int, int] | None = None
    scheduled: deque[int] = deque()
    started: deque[int] = deque()
    lines, times = columns["line"], columns["time"]

    def close() -> None:
        for code, waiting in (("unpaired_start", started), ("unpaired_schedule", scheduled)):
            for row in waiting:
                raw.repairs.add(code, int(lines[row]))
            waiting.clear()

    transitions = columns["transition"].tolist()
    named = zip(
        *(columns[n][order].tolist() for n in ("case", "activity", "instance")), strict=True
    )
    for row, of in zip(order.tolist(), named, strict=True):
        if of != group:
            close()
            group = of
        match transitions[row]:
            case Transition.SCHEDULE:
                scheduled.append(row)
            case Transition.START:
                started.append(row)
            case Transition.COMPLETE:
                if scheduled:
                    enter[row] = times[scheduled.popleft()]
                if started:
                    begun = started.popleft()
                    start[row] = times[begun]
                    if resource[row] == NOBODY:
                        resource[row] = resource[begun]
    close()


def _not_repeated(rows: dict[str, Ints], raw: RawEvents) -> npt.NDArray[np.bool_]:
    """Marks the first of rows that are the same in all that the log tells."""
    keep = np.ones(len(rows["case"]), np.bool_)
    # Equal rows have equal case, begin and end, by which rows are sorted; but not only they.
    names = ("case", "begin", "end", "activity", "resource", "instance", *_TIMES[:2])
    order = np.lexsort([rows[name] for name in reversed(names)])
    same = np.ones(max(len(order) - 1, 0), np.bool_)
    for name in names:
        column = rows[name][order]
        same &= column[1:] == column[:-1]
    again = order[1:][same]
    keep[again] = False
    if len(again):
        raw.repairs.add("duplicate", int(rows["line"][again].min()), len(again))
    return keep

"""Events of a log as they are read: numbers in columns, so that a large log takes little memory.

An event takes 49 bytes here, a case and a name what a Python dictionary takes (about 150 bytes).
"""

import zlib
from array import array
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sim.calibration.log_problems import LogError, LogProblem, Repairs

__all__ = ["ABSENT", "MOST_EVENTS", "NOBODY", "RawEvents", "Transition"]

MOST_EVENTS: Final = 50_000_000  # some 5 GB with what sorting takes
_TOLD_EVERY: Final = 500_000  # events
ABSENT: Final = -(2**62)
"""In place of a time that an event does not have (µs)."""
NOBODY: Final = -1
"""In place of a resource that an event does not have."""


class Transition(IntEnum):
    """What an event tells of an activity; `WHOLE`: all of it, from a row with a start."""

    SCHEDULE = 0
    START = 1
    COMPLETE = 2
    WHOLE = 3


TRANSITIONS: Final = {
    "schedule": Transition.SCHEDULE,
    "start": Transition.START,
    "complete": Transition.COMPLETE,
}
"""Words of the lifecycle (IEEE 1849) that calibration understands."""


class RawEvents:
    """Events in the order of the file; names are numbered in the order of appearance."""

    def __init__(self, file: Path, on_progress: Callable[[int], None] | None = None) -> None:
        self._file = file
        self._on_progress = on_progress
        self.repairs = Repairs()
        self.cases: dict[str, int] = {}
        self.activities: dict[str, int] = {}
        self.resources: dict[str, int] = {}
        self.journeys: dict[str, int] = {}
        self._of_case = array("i")  # journey of each case
        self._last = array("q")  # time of the last event of each case
        self._unfinished: set[int] = set()
        self._numbers = {
            name: array("i") for name in ("case", "activity", "resource", "instance", "line")
        }
        self._transition = array("b")
        self._times = {name: array("q") for name in ("enter", "start", "time")}

    def __len__(self) -> int:
        return len(self._transition)

    def case(self, name: str, journey: str = "") -> int:
        """The number of a case of `journey`."""
        number = self.cases.setdefault(name, len(self.cases))
        if number == len(self._of_case):
            self._of_case.append(self.journeys.setdefault(journey, len(self.journeys)))
            self._last.append(ABSENT)
        return number

    def cut_off(self, case: int) -> None:
        """Note that the log itself calls the case unfinished."""
        self._unfinished.add(case)

    def add(
        self,
        case: int,
        activity: str,
        time: int,
        line: int,
        *,
        transition: Transition = Transition.COMPLETE,
        resource: str = "",
        instance: str = "",
        start: int = ABSENT,
        enter: int = ABSENT,
    ) -> None:
        """Keep one event; times in µs since 1970 in UTC. LogError if there are too many."""
        if len(self) >= MOST_EVENTS:
            problem = LogProblem("log_too_large", str(self._file), line, params=_MOST)
            raise LogError([problem])
        if time < self._last[case]:
            self.repairs.add("unordered", line)
        else:
            self._last[case] = time
        if start != ABSENT and start > time:
            self.repairs.add("start_after_end", line)
            start = ABSENT
        numbers = self._numbers
        numbers["case"].append(case)
        numbers["activity"].append(self.activities.setdefault(activity, len(self.activities)))
        resources = self.resources
        numbers["resource"].append(
            resources.setdefault(resource, len(resources)) if resource else NOBODY
        )
        numbers["instance"].append(zlib.crc32(instance.encode()) >> 1 if instance else NOBODY)
        numbers["line"].append(line)
        self._transition.append(transition)
        self._times["enter"].append(enter)
        self._times["start"].append(start)
        self._times["time"].append(time)
        if self._on_progress is not None and len(self) % _TOLD_EVERY == 0:
            self._on_progress(len(self))

    def column(self, name: str) -> npt.NDArray[np.int64]:
        """One of case, activity, resource, instance, line, transition, enter, start, time."""
        if name == "transition":
            return np.array(self._transition, np.int64)
        source = self._times[name] if name in self._times else self._numbers[name]
        return np.array(source, np.int64)

    @property
    def journey_of_case(self) -> npt.NDArray[np.int64]:
        """The journey of each case."""
        return np.array(self._of_case, np.int64)

    @property
    def unfinished(self) -> npt.NDArray[np.bool_]:
        """Whether the log calls each case unfinished."""
        marks = np.zeros(len(self.cases), np.bool_)
        marks[list(self._unfinished)] = True
        return marks


_MOST: Final = {"most": f"{MOST_EVENTS:,}".replace(",", " ")}

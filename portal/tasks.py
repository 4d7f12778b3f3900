"""Work that waits for its time: polls, expirations, reminders, letters that did not go."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, TypeAlias, get_args

from portal.store.entity import Entity
from portal.store.unit import Unit

__all__ = [
    "LANES",
    "RETRY_FIRST",
    "RETRY_LONGEST",
    "Lane",
    "Task",
    "due_key",
    "moment_key",
    "retry_pause",
    "schedule",
]

Lane: TypeAlias = Literal["own", "outside"]
"""Work of the portal and of the systems that it needs, and work that waits for machines of anybody:
a slow one among those must not hold up the others."""

LANES: Final[tuple[Lane, ...]] = get_args(Lane)

# Assumptions: pauses between attempts of work that failed for a reason of ours.
RETRY_FIRST: Final = dt.timedelta(seconds=10)
RETRY_LONGEST: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Task(Entity):
    """Work `name` (of `portal.use_case.TASKS`) about `subject`, due at a moment; `attempts` have
    failed so far, the latest for a message that was `not_believed` (INT-01). Its id tells it from
    others: the same work is planned once."""

    KIND: ClassVar[str] = "task"

    name: str
    subject: str
    due: dt.datetime
    details: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    not_believed: bool = False
    lane: Lane = "own"

    def keys(self) -> Mapping[str, str]:
        """By when it is due."""
        return {due_key(self.lane): moment_key(self.due)}


def due_key(lane: Lane) -> str:
    """The key by which the tasks of a lane are found."""
    return "due" if lane == "own" else f"due_{lane}"


def schedule(
    unit: Unit,
    name: str,
    subject: str,
    due: dt.datetime,
    details: Mapping[str, str] | None = None,
    part: str = "",
    lane: Lane = "own",
) -> Task:
    """Plan work; in place of the same work about the same `subject` (and `part` of it)."""
    task_id = f"{name}/{subject}/{part}" if part else f"{name}/{subject}"
    before = unit.get(Task, task_id)
    return unit.put(
        Task(
            id=task_id,
            version=0 if before is None else before.version,
            name=name,
            subject=subject,
            due=due,
            details=details or {},
            lane=lane,
        )
    )


def retry_pause(attempts: int) -> dt.timedelta:
    """How long to wait after so many failed attempts in a row: twice as long each time."""
    doublings = min(attempts, 16)  # more than lead to the longest
    return min(RETRY_FIRST * (1 << doublings), RETRY_LONGEST)


def moment_key(moment: dt.datetime) -> str:
    """A moment as a key that sorts by time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")

"""Stations in scenario format 1 as types: servers, shifts, service, queue, retries.

Durations are µs.
"""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, Tag

from scenarios.distribution_fields import DistributionField
from scenarios.fields import (
    Count,
    Duration,
    Factor,
    PositiveCount,
    PositiveDuration,
    Probability,
    Section,
    ServerCount,
    ShiftStart,
    Text,
    TimeOfDay,
    YesNo,
    among,
    by_shape,
)
from world.shifts import NamedDays, Shift

__all__ = ["Retry", "ShiftPlan", "ShiftRow", "Station"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Discipline = Literal["fifo", "priority"]
ShiftEnd = Literal["finish", "suspend"]

_WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)


class Retry(Section):
    """Repeats after a failure: a pause of `backoff` µs, `factor` times longer each time."""

    max: PositiveCount
    backoff: Duration
    factor: Factor = 1.0
    jitter: Probability = 0.0


class ShiftRow(Section):
    """`count` servers from `from` to `to`, minutes of the local day, on `days`."""

    days: Annotated[
        Annotated[NamedDays, among("days", NamedDays), Tag("<word>")]
        | Annotated[
            list[Annotated[Weekday, among("choice", Weekday)]],
            Field(min_length=1),
            Tag("<shape>"),
        ],
        by_shape(list),
    ]
    from_: ShiftStart = Field(alias="from")
    to: TimeOfDay
    count: Count


class ShiftPlan(Section):
    """Servers by shifts; those that overlap add up."""

    shifts: list[ShiftRow] = Field(min_length=1)

    def as_shifts(self) -> tuple[Shift, ...]:
        """The shifts as the country's calendar understands them."""
        return tuple(
            Shift(
                days=row.days
                if isinstance(row.days, str)
                else frozenset(_WEEKDAYS.index(day) for day in row.days),
                start=row.from_,
                end=row.to,
                count=row.count,
            )
            for row in self.shifts
        )


class Station(Section):
    """A queue with servers; durations in µs, `queue_limit` in waiting cases (None: unlimited)."""

    servers: Annotated[
        Annotated[ServerCount, Tag("<word>")] | Annotated[ShiftPlan, Tag("<shape>")], by_shape(dict)
    ]
    service: DistributionField
    discipline: Annotated[Discipline, among("choice", Discipline)] = "fifo"
    queue_limit: Count | None = None
    patience: DistributionField | None = None
    timeout: PositiveDuration | None = None
    cancel: YesNo = False
    retry: Retry | None = None
    shift_end: Annotated[ShiftEnd, among("choice", ShiftEnd)] = "finish"
    source: Text | None = None

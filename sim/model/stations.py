"""Stations of a model: capacity over time, waiting places, what a client puts up with, and the
faults that hit them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scenarios.completion import CompleteScenario
from scenarios.distributions import Distribution
from scenarios.format import Fault
from scenarios.station_format import Retry, ShiftPlan, Station
from world.calendar import Calendar
from world.compiled import compiled, int64
from world.draws import LONGEST_US
from world.shifts import Shift, capacity_changes

__all__ = [
    "FaultSpec",
    "StationSpec",
    "compile_station",
    "grown_pause_us",
    "retry_pause_us",
    "scaled_count",
]

_MOST_GROWTH = 1e40  # of a microsecond, whatever the jitter, makes a pause of LONGEST_US


@dataclass(frozen=True)
class FaultSpec:
    """A fault of the plan on one station, in [from_us, to_us); one without end lasts LONGEST_US."""

    id: str
    kind: str
    from_us: int
    to_us: int
    factor: float = 1.0
    p: float = 0.0
    retry_after_us: int = 0


@dataclass(frozen=True)
class StationSpec:
    """What an engine needs of a station; `servers` is None if `shifts` decide."""

    name: str
    servers: int | None
    shifts: tuple[Shift, ...]
    priority: bool
    queue_limit: int | None
    patience: Distribution | None
    timeout_us: int | None
    cancel: bool
    retry: Retry | None
    suspend: bool
    faults: tuple[FaultSpec, ...]

    def capacity(self, calendar: Calendar) -> Iterator[tuple[int, int]]:
        """(time in µs, servers on duty): the capacity at 0, then every change."""
        if self.servers is not None:
            return iter([(0, self.servers)])
        return capacity_changes(self.shifts, calendar)


def compile_station(
    name: str, station: Station, faults: list[Fault], calendar: Calendar, scale: float
) -> StationSpec:
    """`station` with capacities multiplied by `scale`, and the faults that name it."""
    constant = None if isinstance(station.servers, ShiftPlan) else station.servers
    return StationSpec(
        name=name,
        servers=None if constant is None else scaled_count(constant, scale),
        shifts=_scaled(station.servers, scale) if isinstance(station.servers, ShiftPlan) else (),
        priority=station.discipline == "priority",
        queue_limit=None
        if station.queue_limit is None
        else scaled_count(station.queue_limit, scale),
        patience=station.patience,
        timeout_us=station.timeout,
        cancel=station.cancel,
        retry=station.retry,
        suspend=station.shift_end == "suspend",
        faults=tuple(_fault(fault, calendar) for fault in faults),
    )


def scaled(scenario: CompleteScenario, scale: float) -> CompleteScenario:
    """`scenario` with the capacities that `compile_station` gives its stations; arrivals are as
    they were."""
    if scale == 1.0:
        return scenario
    stations = {name: _scaled_station(each, scale) for name, each in scenario.stations.items()}
    return replace(scenario, stations=stations)


def _scaled_station(station: Station, scale: float) -> Station:
    servers: int | ShiftPlan
    if isinstance(station.servers, ShiftPlan):
        rows = [
            row.model_copy(update={"count": scaled_count(row.count, scale)})
            for row in station.servers.shifts
        ]
        servers = station.servers.model_copy(update={"shifts": rows})
    else:
        servers = scaled_count(station.servers, scale)
    limit = None if station.queue_limit is None else scaled_count(station.queue_limit, scale)
    return station.model_copy(update={"servers": servers, "queue_limit": limit})


def scaled_count(count: int, scale: float) -> int:
    """`count` times `scale` to the nearest whole number, but not from something to nothing."""
    return 0 if count == 0 else max(1, math.floor(count * scale + 0.5))


def _scaled(plan: ShiftPlan, scale: float) -> tuple[Shift, ...]:
    shifts = plan.as_shifts()
    return tuple(replace(shift, count=scaled_count(shift.count, scale)) for shift in shifts)


def _fault(fault: Fault, calendar: Calendar) -> FaultSpec:
    begin = 0 if fault.from_ is None else calendar.instant(fault.from_)
    return FaultSpec(
        id=fault.id,
        kind=fault.kind,
        from_us=begin,
        to_us=LONGEST_US if fault.for_ is None else begin + fault.for_,
        factor=fault.factor or 1.0,
        p=fault.p or 0.0,
        retry_after_us=fault.retry_after or 0,
    )


def retry_pause_us(retry: Retry, attempt: int, u: float) -> int:
    """Pause after failed `attempt` (0 is the first): backoff × factor^attempt, spread by ±
    jitter with `u` in (0, 1)."""
    return grown_pause_us(retry.backoff, retry.factor, retry.jitter, attempt, u)


@compiled("i8(i8, f8, f8, i8, f8)")
def grown_pause_us(backoff: int, factor: float, jitter: float, attempt: int, u: float) -> int:
    """`retry_pause_us` for compiled callers too: the power is multiplied out, because the C
    library's differ between machines."""
    growth = 1.0
    square = factor
    while attempt > 0:
        if attempt & 1:
            growth = min(growth * square, _MOST_GROWTH)
        square = min(square * square, _MOST_GROWTH)
        attempt >>= 1
    pause = backoff * growth * (1.0 + jitter * (2.0 * u - 1.0))
    return int64(math.floor(min(pause + 0.5, float(LONGEST_US))))

"""How fast services are: the stations of the scenario, as answers of slots or as cases in hand."""

from collections.abc import Iterator
from functools import partial

import rulebook
from mocks.core.jobs import JobStation
from scenarios.builtin_models import default_stations
from scenarios.completion import CompleteScenario
from scenarios.station_format import ShiftPlan, Station
from world.calendar import Calendar
from world.shifts import capacity_changes

__all__ = ["Stations"]


class Stations:
    """Stations by the rule book's ids of systems; without a scenario services answer at once, and
    cases in hand take the default stations' time."""

    def __init__(self, scenario: CompleteScenario | None, calendar: Calendar) -> None:
        self._calendar = calendar
        self._given: dict[str, Station] = {}
        if scenario is not None:
            systems = ((scenario.names.system(name), s) for name, s in scenario.stations.items())
            self._given = {system: station for system, station in systems if system is not None}
        policy = rulebook.load().policy() if scenario is None else scenario.policy
        self._defaults = default_stations(policy)[0]

    def answering(self, service: str) -> Station | None:
        """The station that answers requests to `service`; None: at once, any number at a time."""
        return self._given.get(service)

    def working(self, service: str) -> JobStation:
        """How `service` works on cases; KeyError if it has no station, not even a default one."""
        station = self._given.get(service) or self._defaults[service]
        return JobStation(
            service=station.service,
            capacity=partial(capacity_from, station, self._calendar),
            priority=station.discipline == "priority",
            suspend=station.shift_end == "suspend",
            queue_limit=station.queue_limit,
        )

    def servers(self, station: Station, now_us: int) -> int:
        """Servers of `station` on duty at that time."""
        return next(self.changes(station, now_us))[1]

    def changes(self, station: Station, from_us: int) -> Iterator[tuple[int, int]]:
        """(µs, servers) at `from_us`, then at every change."""
        return capacity_from(station, self._calendar, from_us)


def capacity_from(station: Station, calendar: Calendar, from_us: int) -> Iterator[tuple[int, int]]:
    """(µs, servers) at `from_us`, then at every change."""
    if isinstance(station.servers, ShiftPlan):
        return capacity_changes(station.servers.as_shifts(), calendar, from_us)
    return iter([(from_us, station.servers)])

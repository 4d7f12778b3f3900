"""Visit records in a reader's words: columns of an event log, names for numbers, local times."""

from datetime import UTC, datetime

from sim.model.model import Model

__all__ = ["COLUMNS", "VisitNames"]

COLUMNS = (
    "replication", "journey", "case", "node", "visit", "attempt", "station",
    "enter", "start", "end", "outcome",
)  # fmt: skip


class VisitNames:
    """Names by the numbers of a record: journeys, nodes and stations of `model`.

    `paths` name a node with its journey, `nodes` without; inside a sub-journey it is
    `caller/inner`.
    """

    def __init__(self, model: Model) -> None:
        self.journeys = list(model.graph.names)
        self.paths = [node.path for node in model.graph.nodes]
        self.nodes = [path.partition(".")[2] for path in self.paths]
        self.stations = [station.name for station in model.stations]
        self.timezone = model.calendar.timezone
        self._local = model.calendar.local

    def iso(self, us: int) -> str:
        """ISO 8601 with microseconds and the offset of the local clock at model time `us` (µs)."""
        return self._local(us).isoformat(timespec="microseconds")

    @property
    def start_utc(self) -> datetime:
        """Model time 0 in UTC."""
        return self._local(0).astimezone(UTC)

"""Visit records in a reader's words: columns of an event log, names for numbers, local times."""

from datetime import timedelta

import numpy as np

from sim.engines.recording import Block, Outcome
from sim.model.model import Model
from world.microseconds import EPOCH, MICROSECOND, MINUTE_US

__all__ = ["COLUMNS", "OUTCOMES", "VisitNames"]

COLUMNS = (
    "replication", "journey", "case", "node", "visit", "attempt", "station",
    "enter", "start", "end", "outcome",
)  # fmt: skip
OUTCOMES = [outcome.name.lower() for outcome in Outcome]
"""Words for the outcomes, by their numbers."""


class VisitNames:
    """Names by the numbers of a record: journeys, nodes and stations of `model`.

    `paths` name a node with its journey, `nodes` without; inside a sub-journey a node is called
    `caller/inner`. `start_us` is model time 0 in µs since 1970 in UTC.
    """

    def __init__(self, model: Model) -> None:
        self.journeys = list(model.graph.names)
        self.paths = [node.path for node in model.graph.nodes]
        self.nodes = [path.partition(".")[2] for path in self.paths]
        self.stations = [station.name for station in model.stations]
        self.timezone = model.calendar.timezone
        self._local = model.calendar.local
        self.start_us = (self._local(0) - EPOCH) // MICROSECOND

    def iso(self, us: Block) -> list[str]:
        """ISO 8601 with microseconds and the offset of the local clock at model times `us` (µs)."""
        utc = us + self.start_us
        # Clocks change at whole minutes.
        minutes, minute_of = np.unique(utc // MINUTE_US, return_inverse=True)
        offsets = [self._offset(minute * MINUTE_US) for minute in minutes.tolist()]
        shifts = np.array([shift_us for shift_us, _ in offsets], np.int64)
        words = np.array([word for _, word in offsets], np.str_)
        local = (utc + shifts[minute_of]).astype("datetime64[us]")
        told: list[str] = np.strings.add(np.datetime_as_string(local), words[minute_of]).tolist()
        return told

    def _offset(self, utc_us: int) -> tuple[int, str]:
        """The offset of the local clock in µs and as ISO 8601 writes it."""
        local = self._local(utc_us - self.start_us)
        shift_us = (local.utcoffset() or timedelta()) // MICROSECOND
        return shift_us, local.isoformat(timespec="seconds")[len("2026-04-20T00:00:00") :]

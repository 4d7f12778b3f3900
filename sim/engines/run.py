"""What is left when a run is over, whichever engine ran it."""

from dataclasses import dataclass

__all__ = ["EndlessCase", "OpenCase", "Run", "StationRun"]


class EndlessCase(Exception):
    """A case can never end: the run went on for 100 arrival spans (contract, semantics 8), or the
    case visited a node more often than a record can count."""

    def __init__(self, journey: str, number: int, node: str) -> None:
        super().__init__(journey, number, node)
        self.journey = journey
        self.number = number
        self.node = node


@dataclass(frozen=True)
class OpenCase:
    """A case that the end of the run cut off: journey, µs of its arrival, nodes it was at.

    `inner` marks a sub-journey, part of a case that is there as a whole too: it has no nodes.
    """

    journey: int
    arrived: int
    nodes: tuple[int, ...]
    inner: bool = False


@dataclass(frozen=True)
class StationRun:
    """What a station tells apart from its visits.

    `schedule`: (µs, servers on duty from then on), as far as the run came. `overtime`: (from, to,
    servers above the schedule) in µs. `longest_queue`: from the end of the warm-up on.
    """

    schedule: list[tuple[int, int]]
    overtime: list[tuple[int, int, int]]
    longest_queue: int


@dataclass(frozen=True)
class Run:
    """A run, apart from its record. Times in µs; `inside_us` integrates the number of cases inside
    over the whole run, `inside_before_us` over the warm-up.

    `arrived`, `completed`, `abandoned` and `unfinished` are of the whole run; `started` (by
    journey), `flows[node][target]` and `rejections` (by rule) of the cases that arrived after the
    warm-up. `recovered_us` is by fault.
    """

    end_us: int
    arrived: int
    completed: int
    abandoned: int
    inside_us: int
    inside_before_us: int
    unfinished: list[OpenCase]
    stations: list[StationRun]
    recovered_us: dict[str, int]
    flows: list[dict[int, int]]
    started: list[int]
    rejections: dict[str, int]

"""What the arrays say when a run is over: who is still inside, and what was counted."""

from typing import Any

import numpy as np

from sim.engines.compiled.arrays import Arrays
from sim.engines.compiled.lowering import Lowered
from sim.engines.compiled.stations import (
    FORKED,
    FREE,
    GHOST,
    HELD,
    QUEUED,
    SERVING,
    SUSPENDED,
    UNFINISHED,
)
from sim.engines.recording import ENTITY_SHIFT, NUMBER_MASK, VISIT, Block
from sim.engines.run import OpenCase

__all__ = ["flows", "open_cases", "place_of_oldest", "recovered_us", "unfinished_visits"]


def unfinished_visits(arrays: Arrays, end: int) -> Block:
    """Records of visits still at stations, by station, then in the order of visits."""
    slots = arrays["slots"]
    here = np.flatnonzero(np.isin(slots["state"] % GHOST, (QUEUED, SERVING, SUSPENDED)))
    here = here[(slots["state"][here] < GHOST) | (slots["resumed"][here] >= 0)]
    at = slots[here]
    station = arrays["nodes"]["station"][at["node"]]
    order = np.lexsort((at["attempt"], at["visit"], at["node"], at["entity"], station))
    at, station = at[order], station[order]
    rows = np.empty((len(at), len(VISIT)), np.int64)
    rows[:, VISIT.JOURNEY] = at["entity"] >> ENTITY_SHIFT
    rows[:, VISIT.NUMBER] = at["entity"] & NUMBER_MASK
    for column in (VISIT.NODE, VISIT.VISIT, VISIT.ATTEMPT, VISIT.REPEAT, VISIT.ENTER,
                   VISIT.START, VISIT.RESUMED):  # fmt: skip
        rows[:, column] = at[column.name.lower()]
    rows[:, VISIT.STATION] = station
    rows[:, VISIT.END] = end
    rows[:, VISIT.OUTCOME] = np.where(at["state"] < GHOST, UNFINISHED, HELD)
    return rows


def open_cases(arrays: Arrays, nesting: int) -> list[OpenCase]:
    """Cases still inside and where they are, then sub-journeys still open."""
    slots, inner = arrays["slots"], arrays["inner"]
    places: dict[int, list[int]] = {}
    within: list[OpenCase] = []
    for slot in _walkers(slots):
        at = slots[slot]
        of_case = places.setdefault(int(at["root"]), [])
        if at["state"] != FORKED:
            of_case.append(int(at["node"]))
        first = slot * nesting
        for journey, entered, _ in inner[first : first + int(at["depth"])].tolist():
            within.append(OpenCase(journey, entered, (), inner=True))
    cases = [
        OpenCase(
            int(slots[root]["entity"]) >> ENTITY_SHIFT, int(slots[root]["arrived"]), tuple(nodes)
        )
        for root, nodes in places.items()
    ]
    return cases + within


def place_of_oldest(arrays: Arrays) -> int | None:
    """The slot that tells the first place of the oldest case; None if nobody is inside."""
    slots = arrays["slots"]
    walkers = _walkers(slots)
    if not walkers:
        return None
    root = slots[walkers[0]]["root"]
    return next(s for s in walkers if slots[s]["root"] == root and slots[s]["state"] != FORKED)


def recovered_us(arrays: Arrays, fault_ids: list[str]) -> dict[str, int]:
    """How long each fault that was recovered from took to be (µs)."""
    faults = arrays["faults"]["recovered"].tolist()
    return {
        fault_ids[f]: faults[f]
        for row in arrays["stations"]
        for f in range(int(row["watch"]), int(row["watch_end"]))
        if faults[f] >= 0
    }


def flows(arrays: Arrays, lowered: Lowered, nodes: int) -> list[dict[int, int]]:
    """Counted cases over each edge, by node and target."""
    found: list[dict[int, int]] = [{} for _ in range(nodes)]
    counts = arrays["flows"]["count"]
    for edge in np.flatnonzero(counts).tolist():
        node, target = lowered.edges[edge]
        found[node][target] = found[node].get(target, 0) + int(counts[edge])
    return found


def _walkers(slots: Any) -> list[int]:
    """Slots of cases and branches still inside, in the order of their coming."""
    walking = np.flatnonzero((slots["state"] != FREE) & (slots["state"] < GHOST))
    ordered: list[int] = walking[np.argsort(slots["born"][walking])].tolist()
    return ordered

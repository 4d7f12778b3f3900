"""What the compiled loop works on: arrays of records, and the numbers that mean something in them.

The loop gets one record, STATE, which holds the addresses of the others: so a function of it is
given a pointer, as in C, and not thirty arrays whose references numba would count at each call.

A slot is a walker (a case, a branch of a fork) with the visit or pause it is in, or a ghost: work
that a server goes on with after its client left. A cell is an event in the heap. Links are places
in the same array, -1 for none; times are µs.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sim.engines.recording import CASE, VISIT

__all__ = [
    "ABSENT", "ARM", "ARRAYS", "BOUND", "CELL", "EDGES", "FAULT", "GATE", "LEVEL", "NODE", "SIZES",
    "SLOT", "STATE", "STATION", "STREAM", "Record",
]  # fmt: skip

# Its columns are attributes: only compiled code reads them so.
Record = Any

EDGES: Final = ("next", "late", "to", "give_up")
"""The edges that any node may have, by their fields; arms and branches come beside them."""

ABSENT: Final = -1  # a distribution, a limit, a link that is not there

_DISTRIBUTION = (
    ("kind", "i8"),
    ("a", "f8"),
    ("b", "f8"),
    ("c", "f8"),
    ("at", "i8"),
    ("size", "i8"),
)


def _distribution(name: str) -> list[tuple[str, str]]:
    """Parameters of `world.draws.draw`; `at` and `size` are the place of a table."""
    return [(f"{name}_{field}", kind) for field, kind in _DISTRIBUTION]


NODE = np.dtype(
    [
        ("key", "u8"),
        ("kind", "i8"),
        ("local", "i8"),
        ("station", "i8"),
        ("level", "i8"),  # of the station's queue: the rank of the node's priority there
        ("next", "i8"),
        ("late", "i8"),
        ("to", "i8"),
        ("give_up", "i8"),
        ("most", "i8"),  # failures before giving up; UNLIMITED
        ("counter", "i8"),  # where they are counted
        ("term", "i8"),  # of working days, or ABSENT
        ("within", "i8"),  # µs, or ABSENT
        ("journey", "i8"),  # that begins or ends here, inside another
        ("completed", "i8"),
        ("first", "i8"),  # arms of a choice, branches of a fork, rules of a gate by kind
        ("count", "i8"),
        ("by_p", "i8"),
        *_distribution("work"),  # service or delay
        *_distribution("after"),
    ],
    align=True,
)
ARM = np.dtype(
    [
        ("to", "i8"),
        ("cumulated", "f8"),
        ("kinds", "i8"),  # kinds, tiers and defects as bits; 0 asks nothing
        ("tiers", "i8"),
        ("defects", "i8"),
        ("first", "i8"),  # bounds on visits
        ("count", "i8"),
    ],
    align=True,
)
BOUND = np.dtype([("local", "i8"), ("low", "i8"), ("high", "i8")], align=True)
# A rule of a gate for one kind of applicant and the defects it reports.
GATE = np.dtype([("rule", "i8"), ("mask", "i8")], align=True)
STATION = np.dtype(
    [
        ("capacity", "i8"),
        ("busy", "i8"),
        ("waiting", "i8"),
        ("longest", "i8"),
        ("limit", "i8"),  # waiting places, or ABSENT
        ("timeout", "i8"),
        ("border", "i8"),  # the next instant at which servers leave or fail
        ("next_at", "i8"),  # the next change of the capacity, -1 if there is none
        ("next_capacity", "i8"),
        ("change", "i8"),  # its place among `changes`, which has those up to `known`
        ("known", "i8"),
        ("all_known", "i8"),
        ("over_since", "i8"),
        ("down", "i8"),
        ("cancel", "i8"),
        ("suspend", "i8"),
        ("lists_service", "i8"),  # whether visits in service are linked
        ("watched", "i8"),
        ("level", "i8"),  # first of its queues by priority
        ("levels", "i8"),
        ("served_first", "i8"),
        ("served_last", "i8"),
        ("suspended_first", "i8"),
        ("suspended", "i8"),
        ("slow", "i8"),  # its faults: first and past the last of each sort
        ("slow_end", "i8"),
        ("error", "i8"),
        ("error_end", "i8"),
        ("outage", "i8"),
        ("outage_end", "i8"),
        ("watch", "i8"),
        ("watch_end", "i8"),
        ("present", "i8"),  # of `RecoveryWatch`
        ("since", "i8"),
        ("tries", "i8"),
        ("backoff", "i8"),
        ("factor", "f8"),
        ("jitter", "f8"),
        *_distribution("patience"),
    ],
    align=True,
)
LEVEL = np.dtype([("first", "i8"), ("last", "i8")], align=True)
FAULT = np.dtype(
    [
        ("begin", "i8"),
        ("end", "i8"),
        ("factor", "f8"),
        ("p", "f8"),
        ("retry_after", "i8"),
        ("before", "i8"),  # integral of the number present over the hour before
        ("recovered", "i8"),  # ABSENT while it has not
    ],
    align=True,
)
STREAM = np.dtype(
    [
        ("key", "u8"),
        ("applicants", "u8"),
        ("start", "i8"),
        ("number", "i8"),  # of the next case
        ("at", "i8"),  # its place among `instants`, which has those up to `known`
        ("known", "i8"),
        ("all_known", "i8"),
        ("started", "i8"),
    ],
    align=True,
)
SLOT = np.dtype(
    [
        ("entity", "i8"),
        ("rank", "i8"),  # the entity's place in the order of events
        ("key", "u8"),
        ("enter", "i8"),
        ("start", "i8"),
        ("resumed", "i8"),
        ("due", "i8"),
        ("node", "i8"),
        ("visit", "i8"),
        ("attempt", "i8"),
        ("repeat", "i8"),
        ("state", "i8"),
        ("outcome", "i8"),
        ("main", "i8"),  # cells of its events
        ("timer", "i8"),
        ("patience", "i8"),
        ("after", "i8"),  # links of the list it is in; of a free slot, the next free one
        ("before", "i8"),
        ("root", "i8"),  # the case's own slot
        ("counted", "i8"),  # arrived after the warm-up
        ("retry_after", "i8"),
        ("repeat_at", "i8"),
        ("parent", "i8"),
        ("pending", "i8"),
        ("failed", "i8"),
        ("awaiting", "i8"),
        ("depth", "i8"),  # open sub-journeys
        ("born", "i8"),
        ("arrived", "i8"),  # the rest only of a root
        ("defects", "i8"),
        ("returns", "i8"),
        ("kind", "i8"),
        ("tier", "i8"),
    ],
    align=True,
)
CELL = np.dtype([("order", "i8"), ("slot", "i8")], align=True)
EVENT = np.dtype([("at", "i8"), ("word", "i8")])
FRAME = np.dtype([("slot", "i8"), ("what", "i8")])
INNER = np.dtype([("journey", "i8"), ("entered", "i8"), ("returns", "i8")])  # open sub-journeys
VISIT_ROW = np.dtype([(column.name.lower(), "i8") for column in VISIT])
CASE_ROW = np.dtype([(column.name.lower(), "i8") for column in CASE])
OVERTIME = np.dtype([("station", "i8"), ("begin", "i8"), ("end", "i8"), ("servers", "i8")])
CHANGE = np.dtype([("at", "i8"), ("servers", "i8")])
INSTANT = np.dtype([("at", "i8")])
COUNT = np.dtype([("count", "i8")])
SHORT_COUNT = np.dtype([("count", "i4")])

# The arrays by the name of their address in STATE.
ARRAYS: Final[Mapping[str, np.dtype[Any]]] = {
    "nodes": NODE,
    "arms": ARM,
    "bounds": BOUND,
    "gates": GATE,
    "stations": STATION,
    "levels": LEVEL,
    "faults": FAULT,
    "streams": STREAM,
    "changes": CHANGE,  # `changes_each` of each station
    "instants": INSTANT,  # `instants_each` of each journey
    "terms": INSTANT,  # the last µs in time: `days` of each term
    "midnights": INSTANT,
    "slots": SLOT,
    "cells": CELL,
    "heap": EVENT,
    "visits": SHORT_COUNT,  # `width` of each slot
    "failures": SHORT_COUNT,  # `counters` of each slot
    "inner": INNER,  # `nesting` of each slot
    "frames": FRAME,
    "sorting": INSTANT,
    "rows": VISIT_ROW,
    "cases": CASE_ROW,
    "overtimes": OVERTIME,
    "flows": COUNT,  # by edge: four of each node, then arms
    "rejections": COUNT,  # by rule
    "tables": np.dtype("f8"),  # of distributions
    "defects": np.dtype("f8"),  # probability by kind and bit
    "kinds": np.dtype("f8"),
    "tiers": np.dtype("f8"),
}
# Those that may become full, and their sizes.
SIZES: Final = ("frames", "sorting", "rows", "cases", "overtimes", "nodes", "stations")
STATE = np.dtype(
    [
        ("now", "i8"),
        ("stop_us", "i8"),
        ("warmup_us", "i8"),
        ("events", "i8"),
        ("gap", "i8"),  # in the heap, where the next event may be put; ABSENT
        ("stale", "i8"),
        ("free_cell", "i8"),
        ("cells_free", "i8"),
        ("free_slot", "i8"),
        ("slots_free", "i8"),
        ("waiting_frames", "i8"),
        ("walker", "i8"),  # the slot that walks
        ("written_rows", "i8"),
        ("written_cases", "i8"),
        ("written_overtimes", "i8"),
        ("credit", "i8"),  # events for which there is room for sure
        ("looks", "i8"),  # since the loop came back by itself
        ("error", "i8"),  # a status that ends the run; GOES_ON
        ("inside", "i8"),
        ("inside_since", "i8"),
        ("inside_s", "i8"),  # integral of the number inside: whole seconds, and µs beside them
        ("inside_us", "i8"),
        ("arrived", "i8"),
        ("completed", "i8"),
        ("abandoned", "i8"),
        ("open_streams", "i8"),
        ("born", "i8"),
        ("day", "i8"),
        ("until_empty", "i8"),
        ("asks_traits", "i8"),
        ("width", "i8"),  # visit counters of a case, failure counters, open sub-journeys
        ("counters", "i8"),
        ("nesting", "i8"),
        ("class_shift", "i8"),
        ("cell_bits", "i8"),
        ("number_bits", "i8"),
        ("attempt_bits", "i8"),
        ("organizations", "i8"),
        ("country", "u8"),
        ("mend", "f8"),
        ("bits", "i8"),  # of defects
        ("changes_each", "i8"),
        ("instants_each", "i8"),
        ("kind_count", "i8"),
        ("tier_count", "i8"),
        ("days", "i8"),
        *((name, "i8") for name in ARRAYS),
        *((f"{name}_size", "i8") for name in SIZES),
    ],
    align=True,
)

"""How journeys, cases, nodes and visits are packed into the 64-bit columns of a record, and how
many of each that allows."""

from sim.model.keys import AFTER

__all__ = [
    "ENTITY_SHIFT",
    "MAX_ATTEMPTS",
    "MAX_JOURNEYS",
    "MAX_NODES",
    "MAX_VISITS",
    "NODE_SHIFT",
    "NUMBER_MASK",
    "refuse_too_many",
]

_COLUMN_BITS = 63  # of a signed 64-bit integer that is never negative

# An entity is a journey and the number of a case in it: journey << ENTITY_SHIFT | number.
ENTITY_SHIFT = 40
NUMBER_MASK = (1 << ENTITY_SHIFT) - 1
# A node visit is a node and the number of a visit to it: node << NODE_SHIFT | visit.
NODE_SHIFT = 24

MAX_JOURNEYS = 1 << (_COLUMN_BITS - ENTITY_SHIFT)
MAX_NODES = 1 << (_COLUMN_BITS - NODE_SHIFT)
MAX_VISITS = 1 << NODE_SHIFT  # of one case to one node
MAX_ATTEMPTS = AFTER // 4  # of one visit: an attempt has four keys, and they end where AFTER is


def refuse_too_many(journeys: int, nodes: int, attempts: int) -> None:
    """Raise ValueError if a model with so many journeys that have arrivals, nodes, and attempts of
    one visit could not be recorded."""
    for what, count, most in (
        ("journeys with arrivals", journeys, MAX_JOURNEYS),
        ("nodes", nodes, MAX_NODES),
        ("attempts of one visit (retry.max + 1)", attempts, MAX_ATTEMPTS),
    ):
        if count > most:
            raise ValueError(f"{count} {what}: a model may have {most} at most")

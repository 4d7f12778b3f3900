"""The heap of events in compiled code, four below each: (µs, word), a word holding class, entity
and the event's cell.

Events of one instant go by class, entity, node, visit, attempt, kind, as in `simpy_clock`: class
and entity are in the word, the rest is the cell's `order`, which does not change while the event is
in the heap.
"""

from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.memory import cell_at, event_at
from sim.model.numbering import NODE_SHIFT
from world.compiled import called, int64, woven

__all__ = [
    "ARRIVAL", "CAPACITY", "COMPLETION", "END_OF_DELAY", "NO_CELL", "TIMEOUT", "cancel",
    "insert", "place_of", "release_cell", "remove_first", "schedule", "sweep",
]  # fmt: skip

COMPLETION, CAPACITY, TIMEOUT, END_OF_DELAY, ARRIVAL = range(1, 6)
NO_CELL = 0  # of events that are nobody's: arrivals and changes of stations


@woven
def place_of(st: Record, node: int, visit: int, attempt: int, last: int) -> int:
    """Place of a visit's event among those of its case; `last` is 1 for patience."""
    node_visit = int64(node) << NODE_SHIFT | int64(visit)
    return int64((node_visit << st.attempt_bits | attempt) << 1 | last)


@called
def precedes(st: Record, a: int, b: int) -> bool:
    """Whether the word `a` goes before `b` in one instant."""
    of_a, of_b = a >> st.cell_bits, b >> st.cell_bits
    if of_a != of_b:
        return bool(of_a < of_b)
    mask = (int64(1) << st.cell_bits) - 1
    return bool(cell_at(st.cells, a & mask).order < cell_at(st.cells, b & mask).order)


@woven
def insert(st: Record, at: int, word: int) -> None:
    """A new event at `at` µs."""
    k = st.events
    st.events = k + 1
    if st.gap != ABSENT:
        k, st.gap = st.gap, ABSENT
    sift_up(st, k, at, word)


@woven
def sift_up(st: Record, k: int, at: int, word: int) -> None:
    """Put an event at place `k`, or above whatever goes after it."""
    while k > 0:
        up = (k - 1) >> 2
        other = event_at(st.heap, up)
        if other.at < at or (other.at == at and precedes(st, other.word, word)):
            break
        put(st, k, other.at, other.word)
        k = up
    put(st, k, at, word)


@woven
def put(st: Record, k: int, at: int, word: int) -> None:
    """Put an event at place `k` of the heap."""
    event = event_at(st.heap, k)
    event.at = at
    event.word = word


@woven
def schedule(st: Record, at: int, kind: int, rank: int, order: int, slot: int) -> int:
    """An event of `slot`; returns its cell."""
    place = st.free_cell
    cell = cell_at(st.cells, place)
    st.free_cell = cell.slot
    st.cells_free -= 1
    cell.slot = slot
    cell.order = order
    insert(st, at, (int64(kind) << st.class_shift) | rank | place)
    return int64(place)


@woven
def release_cell(st: Record, place: int) -> None:
    """The cell is free again."""
    cell_at(st.cells, place).slot = st.free_cell
    st.free_cell = place
    st.cells_free += 1


@woven
def cancel(st: Record, place: int) -> None:
    """The event will find nobody."""
    cell_at(st.cells, place).slot = -1
    st.stale += 1


@called
def sift_down(st: Record, k: int, at: int, word: int) -> None:
    """Put an event at place `k`, or below whatever goes before it."""
    n = st.events
    while 4 * k + 1 < n:
        down = first_between(st, 4 * k + 1, min(4 * k + 5, n))
        other = event_at(st.heap, down)
        if at < other.at or (at == other.at and precedes(st, word, other.word)):
            break
        put(st, k, other.at, other.word)
        k = down
    put(st, k, at, word)


@called
def first_between(st: Record, begin: int, end: int) -> int:
    """The place from `begin` on, before `end`, whose event goes first."""
    found = begin
    for k in range(begin + 1, end):
        first, other = event_at(st.heap, found), event_at(st.heap, k)
        if other.at < first.at or (other.at == first.at and precedes(st, other.word, first.word)):
            found = k
    return found


@woven
def first_of_four(st: Record, begin: int) -> int:
    """`first_between` for four places: which event is the earliest decides no branch."""
    a, b = event_at(st.heap, begin).at, event_at(st.heap, begin + 1).at
    c, d = event_at(st.heap, begin + 2).at, event_at(st.heap, begin + 3).at
    left, right = min(a, b), min(c, d)
    if (a == b) | (c == d) | (left == right):
        return first_between(st, begin, begin + 4)
    of_left, of_right = begin + int64(b < a), begin + 2 + int64(d < c)
    return int64(of_left if left < right else of_right)


@woven
def remove_first(st: Record) -> None:
    """Take the next event out; its cell stays.

    The gap goes down to where there is no event below, and waits there for the next event, which
    mostly comes in the same instant.
    """
    close_gap(st)
    n = st.events
    gap, down = int64(0), int64(1)
    while down < n:
        first = first_of_four(st, down) if down + 3 < n else first_between(st, down, n)
        event = event_at(st.heap, first)
        put(st, gap, event.at, event.word)
        gap = first
        down = 4 * gap + 1
    st.events = n - 1
    st.gap = gap


@woven
def close_gap(st: Record) -> None:
    """The last event takes the place of the one that was taken out."""
    if st.gap != ABSENT:
        gap, st.gap = st.gap, ABSENT
        if gap < st.events:
            last = event_at(st.heap, st.events)
            sift_up(st, gap, last.at, last.word)


@called
def sweep(st: Record) -> None:
    """Throw cancelled events out of the heap."""
    close_gap(st)
    mask = (int64(1) << st.cell_bits) - 1
    kept = 0
    for k in range(st.events):
        event = event_at(st.heap, k)
        place = event.word & mask
        if place != NO_CELL and cell_at(st.cells, place).slot < 0:
            release_cell(st, place)
        else:
            put(st, kept, event.at, event.word)
            kept += 1
    st.events = kept
    st.stale = 0
    for k in range((kept + 2) // 4 - 1, -1, -1):
        event = event_at(st.heap, k)
        sift_down(st, k, event.at, event.word)

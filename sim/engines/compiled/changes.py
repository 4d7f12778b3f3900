"""What happens to a whole station, in compiled code: shifts change, outages begin and end."""

from sim.engines.compiled.events import CAPACITY, cancel, insert, remove_first
from sim.engines.compiled.frames import STRUCK, push_frame
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import sort_slots
from sim.engines.compiled.memory import (
    change_at,
    event_at,
    fault_at,
    instant_at,
    slot_at,
    station_at,
)
from sim.engines.compiled.stations import (
    GHOST,
    HELD,
    SUSPENDED,
    feed,
    find_border,
    free_server,
    insert_suspended,
    set_timer,
)
from sim.engines.compiled.status import FULL, GOES_ON, LEARNS
from sim.engines.compiled.writing import count_overtime, record
from world.compiled import called, int64, woven

__all__ = ["announce_changes", "change"]

_FAULT_BEGINS, _SHIFT, _FAULT_ENDS = range(3)
# Beside what a queue and the servers need.
_SPARE = 32
_SPARE_CELLS = 3 * _SPARE


@woven
def announce_changes(st: Record, station: int) -> None:
    """Make known the first shift and all outages of a station."""
    announce_shift(st, station)
    q = station_at(st.stations, station)
    for f in range(q.outage, q.outage_end):
        announce_fault(st, station, max(fault_at(st.faults, f).begin, 0), _FAULT_BEGINS)
        if fault_at(st.faults, f).end >= 0:
            announce_fault(st, station, fault_at(st.faults, f).end, _FAULT_ENDS)


@woven
def announce_fault(st: Record, station: int, at: int, part: int) -> None:
    """An outage begins or ends at `at`."""
    rank = (int64(station) << 2 | part) << st.cell_bits
    insert(st, at, (int64(CAPACITY) << st.class_shift) | rank)


@woven
def announce_shift(st: Record, station: int) -> None:
    """The next change of the capacity, if there is one."""
    q = station_at(st.stations, station)
    if q.change < q.known:
        known = change_at(st.changes, station * st.changes_each + q.change)
        q.next_at = known.at
        q.next_capacity = known.servers
        rank = (int64(station) << 2 | _SHIFT) << st.cell_bits
        insert(st, q.next_at, (int64(CAPACITY) << st.class_shift) | rank)
    else:
        q.next_at = -1
    find_border(st, q, st.now)


@called
def change(st: Record, who: int) -> int:
    """A shift changes, an outage begins or ends."""
    station, part = who >> 2, who & 3
    q = station_at(st.stations, station)
    if part == _SHIFT and q.change + 1 >= q.known and not q.all_known:
        return LEARNS
    begun = (
        min(q.waiting + q.suspended, q.capacity + q.next_capacity) if part != _FAULT_BEGINS else 0
    )
    if (
        st.written_rows + q.busy + _SPARE > st.rows_size
        or st.waiting_frames + q.busy + _SPARE > st.frames_size
        or q.busy > st.sorting_size
        or st.cells_free < 2 * begun + q.busy + _SPARE_CELLS
    ):
        return FULL
    st.now = event_at(st.heap, 0).at
    remove_first(st)
    if part == _SHIFT:
        change_shift(st, q, station)
    elif part == _FAULT_BEGINS:
        q.down += 1
        find_border(st, q, st.now)
        strike(st, q)
    else:
        q.down -= 1
        feed(st, station)
    st.credit = 0  # a queue may have taken more than other events do
    return GOES_ON


@woven
def change_shift(st: Record, q: Record, station: int) -> None:
    """The next capacity is in force."""
    count_overtime(st, q, station)
    q.capacity = q.next_capacity
    if q.suspend and q.busy > q.capacity:
        served = sort_slots(st, q, True)
        for place in range(served - 1, q.capacity - 1, -1):
            suspend(st, q, instant_at(st.sorting, place).at)
    q.change += 1
    announce_shift(st, station)
    feed(st, station)


@woven
def suspend(st: Record, q: Record, slot: int) -> None:
    """The visit of `slot` stops and keeps its remaining time."""
    v = slot_at(st.slots, slot)
    free_server(st, slot)
    record(st, v, st.now, HELD)
    v.due -= st.now
    v.resumed = -1
    v.state = SUSPENDED + (v.state & GHOST)
    insert_suspended(st, q, slot)
    if q.timeout >= 0 and v.timer < 0 and v.state < GHOST:
        set_timer(st, slot, v.enter + q.timeout)


@woven
def strike(st: Record, q: Record) -> None:
    """Everything in service fails, in the order of visits."""
    struck = sort_slots(st, q, False)
    for place in range(struck):
        slot = instant_at(st.sorting, place).at
        v = slot_at(st.slots, slot)
        free_server(st, slot)
        if v.timer >= 0:
            cancel(st, v.timer)
            v.timer = ABSENT
    for place in range(struck - 1, -1, -1):
        push_frame(st, instant_at(st.sorting, place).at, STRUCK)

"""The event loop in compiled code. It comes back when the run is over, when something is full, or
when it has to know more; then it is called again and goes on."""

from enum import IntEnum

from sim.engines.compiled.events import (
    ARRIVAL,
    CAPACITY,
    COMPLETION,
    END_OF_DELAY,
    NO_CELL,
    cancel,
    insert,
    release_cell,
    remove_first,
    sweep,
)
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import sort_slots, take_slot, unlink_waiting
from sim.engines.compiled.memory import (
    cell_at,
    change_at,
    event_at,
    fault_at,
    floats_at,
    frame_at,
    instant_at,
    node_at,
    short_at,
    slot_at,
    station_at,
    stream_at,
)
from sim.engines.compiled.recovery import presence_changes
from sim.engines.compiled.stations import (
    GHOST,
    HELD,
    IMPATIENT,
    QUEUED,
    SERVED,
    SERVING,
    SUSPENDED,
    TIMED_OUT,
    WALKING,
    complete,
    feed,
    find_border,
    free_server,
    insert_suspended,
    remove_suspended,
    set_timer,
)
from sim.engines.compiled.walks import (
    COMES_BACK,
    FAILED,
    STRUCK,
    WAITS,
    count_inside,
    push_frame,
    step,
)
from sim.engines.compiled.writing import count_overtime, record
from sim.engines.recording import ENTITY_SHIFT
from sim.model.keys import DEFECTS
from world.compiled import called, int64, uint64, woven
from world.draws import bernoulli_mask, combine, permute
from world.population import KIND, TIER, chosen_place, trait_unit

__all__ = ["Status", "begin_run", "end_run", "run_until"]


class Status(IntEnum):
    """Why the loop comes back: nothing is left to happen; `stop_us` is reached; an array is full;
    changes of a capacity or arrivals are to be filled in. Beyond them the faults of `walks`."""

    GOES_ON = 0
    OVER = 1
    STOPPED = 2
    FULL = 3
    LEARNS = 4


# Plain numbers: members of an enum would have a type of their own in compiled code.
GOES_ON, OVER, STOPPED, FULL, LEARNS = (int(status) for status in Status)

# Room for an event and so many steps of walks, each of which takes a row, a case, a slot or a frame
# and three cells at most; what a queue may need is asked for apart.
_STEPS = 16  # a power of 2
_SPARE = _STEPS + 8
_MARGIN = 3 * _SPARE
FAULT_BEGINS, SHIFT, FAULT_ENDS = range(3)
_SWEEP = 50_000


@woven
def begin_run(st: Record) -> None:
    """Make known what the arrays say of the time from 0 on."""
    for station in range(st.stations_size):
        announce_change(st, station)
        q = station_at(st.stations, station)
        for f in range(q.outage, q.outage_end):
            announce_fault(st, station, max(fault_at(st.faults, f).begin, 0), FAULT_BEGINS)
            if fault_at(st.faults, f).end >= 0:
                announce_fault(st, station, fault_at(st.faults, f).end, FAULT_ENDS)
    for journey in range(st.open_streams):
        announce(st, journey, 0)


@woven
def announce_fault(st: Record, station: int, at: int, part: int) -> None:
    """An outage begins or ends at `at`."""
    rank = (int64(station) << 2 | part) << st.cell_bits
    insert(st, at, (int64(CAPACITY) << st.class_shift) | rank)


@woven
def end_run(st: Record) -> None:
    """The run is over at `now`: settle what stations count by time."""
    for station in range(st.stations_size):
        q = station_at(st.stations, station)
        if q.watched:
            presence_changes(st, q, st.now, 0)
        count_overtime(st, q, station)


@woven
def run_until(st: Record) -> int:
    """Let events happen until there is a reason to come back."""
    if is_full(st):
        return FULL
    while True:
        status = walk(st) if st.waiting_frames > 0 else happen(st)
        if status != GOES_ON:
            return status


@called
def is_full(st: Record) -> bool:
    """Whether the next event, with as many steps as are taken unasked, might not find room; if not,
    for how many events there is room goes into `credit`."""
    left = min(
        st.rows_size - st.written_rows,
        st.cases_size - st.written_cases,
        st.overtimes_size - st.written_overtimes,
        st.frames_size - st.waiting_frames,
        st.slots_free,
        st.cells_free // 3,
    )
    st.credit = left // _SPARE
    return bool(left < _SPARE)


@woven
def walk(st: Record) -> int:
    """Take the walks of this instant to their halts."""
    steps = 0
    while st.waiting_frames > 0:
        st.waiting_frames -= 1
        frame = frame_at(st.frames, st.waiting_frames)
        st.walker = frame.slot
        what = frame.what
        while what != WAITS:
            what = step(st, what)
            steps += 1
            if steps & (_STEPS - 1) == 0 and not st.fault and is_full(st):
                if what != WAITS:
                    push_frame(st, st.walker, what)
                return FULL
        if st.fault:
            return int64(st.fault)
    return GOES_ON


@woven
def happen(st: Record) -> int:
    """The next event."""
    if st.inside == 0 and st.open_streams == 0 and st.until_empty:
        return OVER
    if st.events == 0 or event_at(st.heap, 0).at >= st.stop_us:
        return STOPPED
    if st.credit <= 0 and is_full(st):
        return FULL
    st.credit -= 1
    word = event_at(st.heap, 0).word
    cell = word & ((int64(1) << st.cell_bits) - 1)
    kind = word >> st.class_shift
    if cell == NO_CELL:
        who = (word - (kind << st.class_shift)) >> st.cell_bits
        return arrive(st, who) if kind == ARRIVAL else change(st, who)
    now = event_at(st.heap, 0).at
    remove_first(st)
    slot = cell_at(st.cells, cell).slot
    last = cell_at(st.cells, cell).order & 1
    release_cell(st, cell)
    if slot < 0:
        st.stale -= 1
        return GOES_ON
    st.now = now
    st.walker = slot
    if kind == COMPLETION:
        if complete(st, slot):
            v = slot_at(st.slots, slot)
            push_frame(st, slot, COMES_BACK if v.outcome == SERVED else FAILED)
    elif kind == END_OF_DELAY:
        v = slot_at(st.slots, slot)
        v.state = WALKING
        push_frame(st, slot, v.outcome)
    else:
        give_up(st, slot, last == 1)
    if st.stale > _SWEEP and 2 * st.stale > st.events:
        sweep(st)
    return GOES_ON


# --- arrivals


@woven
def arrive(st: Record, who: int) -> int:
    """The next case of a journey comes, and the one after it is made known."""
    journey = who >> st.number_bits
    stream = stream_at(st.streams, journey)
    if stream.at >= stream.known and not stream.all_known:
        return LEARNS
    st.now = event_at(st.heap, 0).at
    remove_first(st)
    number = stream.number
    slot = take_slot(st)
    v = slot_at(st.slots, slot)
    v.entity = journey << ENTITY_SHIFT | number
    v.rank = who << st.cell_bits
    v.key = combine(stream.key, uint64(number))
    v.root = slot
    v.parent = ABSENT
    v.repeat_at = ABSENT
    v.depth = 0
    v.arrived = st.now
    v.returns = 0
    v.defects = 0
    v.kind = 0
    v.tier = 0
    v.state = WALKING
    v.counted = int64(st.now >= st.warmup_us)
    v.born = st.born
    st.born += 1
    for k in range(slot * st.width, (slot + 1) * st.width):
        short_at(st.visits, k).count = 0
    for k in range(slot * st.counters, (slot + 1) * st.counters):
        short_at(st.failures, k).count = 0
    if st.asks_traits:
        draw_traits(st, v, stream.applicants, number)
    st.arrived += 1
    stream.started += v.counted
    count_inside(st, 1)
    push_frame(st, slot, stream.start)
    announce(st, journey, number + 1)
    return GOES_ON


@woven
def announce(st: Record, journey: int, number: int) -> None:
    """The next arrival of a journey, if there is one."""
    stream = stream_at(st.streams, journey)
    stream.number = number
    if stream.at < stream.known:
        at = instant_at(st.instants, journey * st.instants_each + stream.at).at
        stream.at += 1
        rank = (int64(journey) << st.number_bits | number) << st.cell_bits
        insert(st, at, (int64(ARRIVAL) << st.class_shift) | rank)
    else:
        st.open_streams -= 1


@called
def draw_traits(st: Record, v: Record, applicants: int, number: int) -> None:
    """`Applicants.traits` and `defects_of`."""
    organization = permute(applicants, number % st.organizations, st.organizations)
    v.kind = chosen_place(
        floats_at(st.kinds, 0, st.kind_count), trait_unit(st.country, organization, uint64(KIND))
    )
    v.tier = chosen_place(
        floats_at(st.tiers, 0, st.tier_count), trait_unit(st.country, organization, uint64(TIER))
    )
    v.defects = bernoulli_mask(
        v.key, uint64(DEFECTS), floats_at(st.defects, int64(v.kind) * st.bits, st.bits)
    )


# --- giving up


@called
def give_up(st: Record, slot: int, of_patience: bool) -> None:
    """The client leaves; a server at work goes on in vain unless the station cancels."""
    v = slot_at(st.slots, slot)
    node = node_at(st.nodes, v.node)
    q = station_at(st.stations, node.station)
    haunted = False
    if v.state == QUEUED:
        unlink_waiting(st, q, node.level, slot)
        other = v.timer if of_patience else v.patience
        if other >= 0:
            cancel(st, other)
    elif not q.cancel:
        haunted = True
    elif v.state == SERVING:
        free_server(st, slot)
        feed(st, node.station)
    else:
        remove_suspended(st, q, slot)
    v.timer = ABSENT
    v.patience = ABSENT
    v.outcome = IMPATIENT if of_patience else TIMED_OUT
    record(st, v, st.now, v.outcome)
    if haunted:
        leave_ghost(st, slot)
    v.state = WALKING
    push_frame(st, slot, FAILED)


@woven
def leave_ghost(st: Record, slot: int) -> None:
    """The visit of `slot`, in service or suspended, goes on without its walker."""
    q = station_at(st.stations, node_at(st.nodes, slot_at(st.slots, slot).node).station)
    serving = slot_at(st.slots, slot).state == SERVING
    ghost = take_slot(st)
    v, g = slot_at(st.slots, slot), slot_at(st.slots, ghost)
    g.entity, g.rank, g.key = v.entity, v.rank, v.key
    g.node, g.visit, g.attempt, g.repeat = v.node, v.visit, v.attempt, v.repeat
    g.enter, g.start, g.resumed, g.due = v.enter, v.start, v.resumed, v.due
    g.outcome, g.main, g.after, g.before = v.outcome, v.main, v.after, v.before
    g.timer = ABSENT
    g.patience = ABSENT
    g.state = (SERVING if serving else SUSPENDED) + GHOST
    if serving:
        g.resumed = st.now
        cell_at(st.cells, g.main).slot = ghost
    if serving and not q.lists_service:
        return
    if g.before >= 0:
        slot_at(st.slots, g.before).after = ghost
    elif serving:
        q.served_first = ghost
    else:
        q.suspended_first = ghost
    if g.after >= 0:
        slot_at(st.slots, g.after).before = ghost
    elif serving:
        q.served_last = ghost


# --- shifts and outages


@called
def change(st: Record, who: int) -> int:
    """A shift changes, an outage begins or ends."""
    station, part = who >> 2, who & 3
    q = station_at(st.stations, station)
    if part == SHIFT and q.change + 1 >= q.known and not q.all_known:
        return LEARNS
    begun = (
        min(q.waiting + q.suspended, q.capacity + q.next_capacity) if part != FAULT_BEGINS else 0
    )
    if (
        st.written_rows + q.busy + _SPARE > st.rows_size
        or st.waiting_frames + q.busy + _SPARE > st.frames_size
        or q.busy > st.sorting_size
        or st.cells_free < 2 * begun + q.busy + _MARGIN
    ):
        return FULL
    st.now = event_at(st.heap, 0).at
    remove_first(st)
    if part == SHIFT:
        change_shift(st, q, station)
    elif part == FAULT_BEGINS:
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
    announce_change(st, station)
    feed(st, station)


@woven
def announce_change(st: Record, station: int) -> None:
    """The next change of the capacity, if there is one."""
    q = station_at(st.stations, station)
    if q.change < q.known:
        known = change_at(st.changes, station * st.changes_each + q.change)
        q.next_at = known.at
        q.next_capacity = known.servers
        rank = (int64(station) << 2 | SHIFT) << st.cell_bits
        insert(st, q.next_at, (int64(CAPACITY) << st.class_shift) | rank)
    else:
        q.next_at = -1
    find_border(st, q, st.now)


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

"""A station in compiled code: what `simpy_station` does, in the same order."""

import math

from sim.engines.compiled.events import (
    COMPLETION,
    TIMEOUT,
    cancel,
    place_of,
    schedule,
)
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import (
    append_served,
    append_waiting,
    began_before,
    first_waiting,
    release_slot,
    unlink_served,
    unlink_waiting,
)
from sim.engines.compiled.memory import fault_at, floats_at, node_at, slot_at, station_at
from sim.engines.compiled.recovery import presence_changes
from sim.engines.compiled.writing import count_overtime, record
from sim.engines.recording import Outcome
from world.attempts import error_k, patience_k, service_k
from world.compiled import called, int64, woven
from world.draws import (
    EXPONENTIAL,
    HYPEREXPONENTIAL,
    draw,
    draw_exponential,
    draw_table,
    uniform,
)

__all__ = [
    "ERROR", "FORKED", "FREE", "GHOST", "HELD", "IMPATIENT", "OUTAGE", "PAUSED", "QUEUED", "SERVED",
    "SERVING", "SUSPENDED", "TIMED_OUT", "WALKING", "admit", "complete", "duration", "feed",
    "find_border", "free_server", "insert_suspended", "remove_suspended", "set_timer",
]  # fmt: skip

SERVED, REFUSED, IMPATIENT, TIMED_OUT, OUTAGE, ERROR, UNFINISHED, HELD = (
    int(outcome) for outcome in Outcome
)
# What a slot does.
FREE, WALKING, QUEUED, SERVING, SUSPENDED, PAUSED, FORKED = range(7)
GHOST = 1 << 4  # added to SERVING or SUSPENDED: the client has left

_LONGEST_WORK = float(1 << 61)  # beyond any end of a run
_WHOLE_ABOVE = float(1 << 53)

_service_k, _patience_k, _error_k = woven(service_k), woven(patience_k), woven(error_k)


@woven
def duration(
    tables: int,
    key: int,
    node: int,
    visit: int,
    k: int,
    kind: int,
    a: float,
    b: float,
    c: float,
    at: int,
    size: int,
) -> int:
    """`Distribution.draw`."""
    if kind == EXPONENTIAL:
        return draw_exponential(key, node, visit, k, a)
    if kind >= HYPEREXPONENTIAL:
        return draw_table(key, node, visit, k, kind, floats_at(tables, at, size))
    return draw(key, node, visit, k, kind, a, b, c)


@woven
def admit(st: Record, slot: int) -> bool:
    """Let the visit of `slot` in; False if it was refused."""
    v = slot_at(st.slots, slot)
    node = node_at(st.nodes, v.node)
    q = station_at(st.stations, node.station)
    v.enter = st.now
    v.start = -1
    v.resumed = -1
    v.outcome = UNFINISHED
    v.timer = ABSENT
    v.patience = ABSENT
    # Drawn when it may still be long until it is needed: the processor goes on meanwhile.
    k = _service_k(int64(v.attempt))
    v.due = duration(
        st.tables, v.key, node.key, v.visit, k,
        node.work_kind, node.work_a, node.work_b, node.work_c, node.work_at, node.work_size,
    )  # fmt: skip
    if q.watched and v.attempt == 0:
        presence_changes(st, q, st.now, 1)
    if q.busy < q.capacity and may_begin(st, q, st.now):
        begin(st, slot)
        return True
    if q.limit >= 0 and q.waiting >= q.limit:
        v.outcome = REFUSED
        record(st, v, st.now, REFUSED)
        return False
    append_waiting(st, q, node.level, slot)
    q.longest = max(q.longest, q.waiting)
    v.state = QUEUED
    if q.timeout >= 0:
        set_timer(st, slot, st.now + q.timeout)
    if q.patience_kind >= 0:
        k = _patience_k(int64(v.attempt))
        patience = duration(
            st.tables, v.key, node.key, v.visit, k,
            q.patience_kind, q.patience_a, q.patience_b, q.patience_c, q.patience_at,
            q.patience_size,
        )  # fmt: skip
        order = place_of(st, v.node, v.visit, v.attempt, 1)
        v.patience = schedule(st, st.now + patience, TIMEOUT, v.rank, order, slot)
    return True


@woven
def set_timer(st: Record, slot: int, at: int) -> None:
    """The client gives up at `at` µs."""
    v = slot_at(st.slots, slot)
    order = place_of(st, v.node, v.visit, v.attempt, 0)
    v.timer = schedule(st, at, TIMEOUT, v.rank, order, slot)


@woven
def may_begin(st: Record, q: Record, now: int) -> bool:
    """Whether a server that is free may begin at `now`: not if it leaves or fails just then."""
    if q.down > 0:
        return False
    if now != q.border:
        return True
    for f in range(q.outage, q.outage_end):
        if fault_at(st.faults, f).begin == now:
            return False
    return bool(q.next_at != now or q.busy < q.next_capacity)


@woven
def find_border(st: Record, q: Record, now: int) -> None:
    """The next instant at which servers leave or fail."""
    q.border = q.next_at
    for f in range(q.outage, q.outage_end):
        at = fault_at(st.faults, f).begin
        if at > now and (q.border < 0 or at < q.border):
            q.border = at


@woven
def begin(st: Record, slot: int) -> None:
    """A server begins the visit of `slot`."""
    v = slot_at(st.slots, slot)
    node = node_at(st.nodes, v.node)
    q = station_at(st.stations, node.station)
    now = st.now
    v.start = now
    v.resumed = now
    v.state = SERVING
    q.busy += 1
    work = v.due
    if q.slow < q.slow_end:
        work = slowed(st, q, now, work)
    if q.error < q.error_end:
        draw_error(st, q, v, node.key, now)
    serve_until(st, slot, now + work)
    if v.patience >= 0:
        cancel(st, v.patience)
        v.patience = ABSENT
    if q.timeout >= 0 and v.timer < 0 and work > q.timeout:
        set_timer(st, slot, now + q.timeout)


@woven
def serve_until(st: Record, slot: int, due: int) -> None:
    """The visit of `slot` is in service and will be done at `due` µs."""
    v = slot_at(st.slots, slot)
    q = station_at(st.stations, node_at(st.nodes, v.node).station)
    v.due = due
    order = place_of(st, v.node, v.visit, v.attempt, 0)
    v.main = schedule(st, due, COMPLETION, v.rank, order, slot)
    if q.lists_service:
        append_served(st, q, slot)


@called
def slowed(st: Record, q: Record, now: int, work: int) -> int:
    """`work` under the slow faults of `now`, each rounded to the nearest µs, halves to even."""
    for f in range(q.slow, q.slow_end):
        if fault_at(st.faults, f).begin <= now < fault_at(st.faults, f).end:
            exact = min(float(work) * fault_at(st.faults, f).factor, _LONGEST_WORK)
            below = math.floor(exact)
            work = int64(below)
            beyond = exact - below
            if exact < _WHOLE_ABOVE and (beyond > 0.5 or (beyond == 0.5 and work % 2 == 1)):
                work += 1
    return work


@called
def draw_error(st: Record, q: Record, v: Record, node: int, now: int) -> None:
    """An error answer takes as long as a good one; overlapping faults err independently."""
    well, retry_after, some = 1.0, int64(0), False
    for f in range(q.error, q.error_end):
        if fault_at(st.faults, f).begin <= now < fault_at(st.faults, f).end:
            some = True
            well *= 1.0 - fault_at(st.faults, f).p
            retry_after = max(retry_after, fault_at(st.faults, f).retry_after)
    if some and uniform(v.key, node, v.visit, _error_k(int64(v.attempt))) >= well:
        v.outcome = ERROR
        v.retry_after = retry_after


@woven
def complete(st: Record, slot: int) -> bool:
    """The server of `slot` is done; True if its walker goes on."""
    v = slot_at(st.slots, slot)
    node = node_at(st.nodes, v.node)
    q = station_at(st.stations, node.station)
    now = st.now
    if q.busy > q.capacity:
        count_overtime(st, q, node.station)
    q.busy -= 1
    if q.lists_service:
        unlink_served(st, q, slot)
    if v.timer >= 0:
        cancel(st, v.timer)
        v.timer = ABSENT
    haunts = v.state >= GHOST
    v.state = WALKING
    if v.outcome == UNFINISHED:
        v.outcome = SERVED
        record(st, v, now, SERVED)
        if q.watched:
            presence_changes(st, q, now, -1)
    else:
        record(st, v, now, HELD if haunts else v.outcome)
    if q.waiting > 0 or q.suspended > 0:
        feed(st, node.station)
    if haunts:
        release_slot(st, slot)
    return not haunts


@woven
def feed(st: Record, station: int) -> None:
    """Give free servers to suspended visits, then to the queue."""
    q = station_at(st.stations, station)
    while q.busy < q.capacity and may_begin(st, q, st.now):
        if q.suspended > 0:
            resume(st, q)
        elif q.waiting > 0:
            slot = first_waiting(st, q)
            unlink_waiting(st, q, node_at(st.nodes, slot_at(st.slots, slot).node).level, slot)
            begin(st, slot)
        else:
            break


@called
def resume(st: Record, q: Record) -> None:
    """The suspended visit that began first goes on."""
    slot = q.suspended_first
    v = slot_at(st.slots, slot)
    remove_suspended(st, q, slot)
    v.state = SERVING + (v.state & GHOST)
    v.resumed = st.now
    q.busy += 1
    serve_until(st, slot, st.now + v.due)


@woven
def remove_suspended(st: Record, q: Record, slot: int) -> None:
    """Take `slot` out of the suspended."""
    v = slot_at(st.slots, slot)
    if v.before >= 0:
        slot_at(st.slots, v.before).after = v.after
    else:
        q.suspended_first = v.after
    if v.after >= 0:
        slot_at(st.slots, v.after).before = v.before
    q.suspended -= 1


@woven
def insert_suspended(st: Record, q: Record, slot: int) -> None:
    """Put `slot` among the suspended: who began first resumes first."""
    v = slot_at(st.slots, slot)
    behind, ahead = int64(ABSENT), int64(q.suspended_first)
    while ahead >= 0 and began_before(st, ahead, slot):
        behind = ahead
        ahead = int64(slot_at(st.slots, ahead).after)
    v.before = behind
    v.after = ahead
    if behind >= 0:
        slot_at(st.slots, behind).after = slot
    else:
        q.suspended_first = slot
    if ahead >= 0:
        slot_at(st.slots, ahead).before = slot
    q.suspended += 1


@woven
def free_server(st: Record, slot: int) -> None:
    """Take the visit of `slot` from its server before it is done."""
    v = slot_at(st.slots, slot)
    station = node_at(st.nodes, v.node).station
    q = station_at(st.stations, station)
    count_overtime(st, q, station)
    cancel(st, v.main)
    q.busy -= 1
    if q.lists_service:
        unlink_served(st, q, slot)

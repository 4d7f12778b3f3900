"""Walks in compiled code: from node to node until the case waits, as `simpy_engine` has it.

What is still to be walked at this instant lies in `frames` as (slot, what to do): a node to enter,
JOIN, ABANDON, or one of the codes below. A frame is taken when the walk before it has come to a
halt, which is the order in which generators would go on.
"""

from sim.engines.compiled.events import END_OF_DELAY, place_of, schedule
from sim.engines.compiled.layout import ABSENT, EDGES, Record
from sim.engines.compiled.lists import release_slot, take_slot
from sim.engines.compiled.memory import (
    arm_at,
    bound_at,
    flow_at,
    frame_at,
    gate_at,
    inner_at,
    instant_at,
    node_at,
    short_at,
    slot_at,
    station_at,
)
from sim.engines.compiled.recovery import presence_changes
from sim.engines.compiled.stations import (
    ERROR,
    FORKED,
    GHOST,
    HELD,
    OUTAGE,
    PAUSED,
    WALKING,
    admit,
    duration,
)
from sim.engines.compiled.writing import record, write_case
from sim.engines.recording import ENTITY_SHIFT
from sim.model.graph import ABANDON, UNLIMITED, NodeKind
from sim.model.keys import AFTER
from sim.model.numbering import MAX_VISITS
from sim.model.stations import grown_pause_us
from world.attempts import backoff_k, service_k
from world.compiled import called, int64, woven
from world.draws import mended_mask, uniform

__all__ = [
    "AGAIN", "BRANCH", "COMES_BACK", "ENDLESS", "FAILED", "LATE", "NO_CHOICE", "STRUCK", "WAITS",
    "count_inside", "pass_edge", "push_frame", "step",
]  # fmt: skip

# What to do with a slot, beside JOIN and ABANDON; at BRANCH and below: the next branch of a fork.
WAITS, FAILED, STRUCK, AGAIN, COMES_BACK, LATE, FAILED_AFTER, BRANCH = (
    -3, -4, -5, -6, -7, -8, -9, -16,
)  # fmt: skip

# Statuses that end a run.
ENDLESS, NO_CHOICE = 101, 102

_EDGES = len(EDGES)
_NEXT, _LATE, _TO, _GIVE_UP = range(_EDGES)

_SERVE, _DELAY, _CHOOSE, _CHECK, _FORK, _ENTER, _LEAVE, _END = (int(kind) for kind in NodeKind)
_ZERO_K = service_k(0)
_backoff_k = woven(backoff_k)
_SECOND_US = 1_000_000
_MANY_US = 1 << 60
_SHORT_US = 1 << 32  # times as many cases as there can be is still below _MANY_US
_NUMBER = (1 << ENTITY_SHIFT) - 1


@woven
def push_frame(st: Record, slot: int, what: int) -> None:
    """Do `what` with `slot` once the walks above have come to a halt."""
    frame = frame_at(st.frames, st.waiting_frames)
    frame.slot = slot
    frame.what = what
    st.waiting_frames += 1


@woven
def pass_edge(st: Record, v: Record, edge: int) -> None:
    """The case goes over this edge of its node."""
    if v.counted:
        flow_at(st.flows, _EDGES * int64(v.node) + edge).count += 1


@woven
def step(st: Record, what: int) -> int:
    """Do `what` with the walker; what it does next, WAITS if nothing at this instant."""
    if what >= 0:
        return enter(st, what)
    if what == FAILED:
        return ask_again(st)
    return others(st, what)


@woven
def enter(st: Record, at: int) -> int:
    """The walker comes to node `at`."""
    slot = st.walker
    v = slot_at(st.slots, slot)
    node = node_at(st.nodes, at)
    v.node = at
    place = v.root * st.width + node.local
    counter = short_at(st.visits, place)
    visit = int64(counter.count)
    counter.count = visit + 1
    if visit >= MAX_VISITS:
        st.fault = ENDLESS
        return WAITS
    v.visit = visit
    kind = node.kind
    if kind == _SERVE:
        v.attempt = 0
        v.repeat = int64(v.repeat_at == at)
        v.repeat_at = ABSENT
        return WAITS if admit(st, slot) else FAILED
    if kind == _CHOOSE:
        return choose(st, v, node)
    if kind == _END:
        return end_case(st, node.completed == 1)
    if kind == _DELAY:
        return delay(st, v, node)
    return enter_other(st, v, node)


@called
def enter_other(st: Record, v: Record, node: Record) -> int:
    """A gate, a fork, the begin or the end of a sub-journey."""
    kind = node.kind
    if kind == _CHECK:
        return check(st, v, node)
    if kind == _FORK:
        v.state = FORKED
        v.pending = node.count
        v.failed = 0
        v.awaiting = 0
        return BRANCH
    if kind == _ENTER:
        place = int64(st.walker) * st.nesting + v.depth
        inner = inner_at(st.inner, place)
        inner.journey = node.journey
        inner.entered = st.now
        inner.returns = slot_at(st.slots, v.root).returns
        v.depth += 1
        pass_edge(st, v, _NEXT)
        return int64(node.next)
    return leave(st, v, node)


@woven
def choose(st: Record, v: Record, node: Record) -> int:
    """The first open arm."""
    arm, end = int64(node.first), int64(node.first + node.count)
    if node.by_p:
        u = uniform(v.key, node.key, v.visit, _ZERO_K)
        while arm < end - 1 and u >= arm_at(st.arms, arm).cumulated:
            arm += 1
    else:
        while arm < end and not is_open(st, v, arm):
            arm += 1
        if arm == end:
            st.fault = NO_CHOICE
            return WAITS
    if v.counted:
        flow_at(st.flows, _EDGES * st.nodes_size + arm).count += 1
    return int64(arm_at(st.arms, arm).to)


@called
def is_open(st: Record, v: Record, place: int) -> bool:
    """`Predicate.__call__` on the case."""
    arm = arm_at(st.arms, place)
    case = slot_at(st.slots, v.root)
    if arm.kinds != 0 and not (arm.kinds >> case.kind) & 1:
        return False
    if arm.tiers != 0 and not (arm.tiers >> case.tier) & 1:
        return False
    if arm.defects != 0 and not arm.defects & case.defects:
        return False
    for b in range(arm.first, arm.first + arm.count):
        bound = bound_at(st.bounds, b)
        visits = short_at(st.visits, v.root * st.width + bound.local).count
        if visits < bound.low or visits > bound.high:
            return False
    return True


@woven
def pause(st: Record, what: int, us: int) -> int:
    """The walker waits `us` µs, then does `what`."""
    v = slot_at(st.slots, st.walker)
    v.state = PAUSED
    # What follows a pause is kept where nothing is needed meanwhile.
    v.outcome = what
    order = place_of(st, v.node, v.visit, 0, 0)
    v.main = schedule(st, st.now + us, END_OF_DELAY, v.rank, order, st.walker)
    return WAITS


@woven
def delay(st: Record, v: Record, node: Record) -> int:
    """A pause, cut at its term."""
    us = duration(
        st.tables, v.key, node.key, v.visit, _ZERO_K,
        node.work_kind, node.work_a, node.work_b, node.work_c, node.work_at, node.work_size,
    )  # fmt: skip
    limit = node.within
    if node.term >= 0:
        while instant_at(st.midnights, st.day + 1).at <= st.now:
            st.day += 1
        limit = instant_at(st.terms, node.term * st.days + st.day).at - st.now
    if limit >= 0 and us > limit:
        return pause(st, LATE, limit)
    return pause(st, COMES_BACK, us)


@woven
def check(st: Record, v: Record, node: Record) -> int:
    """Report every defect of this gate at once; on the way back each may be mended."""
    case = slot_at(st.slots, v.root)
    found = int64(0)
    if case.defects != 0:
        # The rules of a gate by kind lie one after the other, `count` of each.
        first = int64(node.first + node.count * case.kind)
        for g in range(first, first + node.count):
            caught = case.defects & gate_at(st.gates, g).mask
            found |= caught
            if caught != 0 and v.counted:
                flow_at(st.rejections, gate_at(st.gates, g).rule).count += 1
    if found == 0:
        pass_edge(st, v, _NEXT)
        return int64(node.next)
    return fail(st, found)


@woven
def leave(st: Record, v: Record, node: Record) -> int:
    """The sub-journey ends; when it was abandoned, the node that ran it has failed."""
    v.depth -= 1
    place = int64(st.walker) * st.nesting + v.depth
    number = v.entity & _NUMBER
    inner = inner_at(st.inner, place)
    write_case(
        st, inner.journey, number, inner.entered,
        node.completed == 1,
        slot_at(st.slots, v.root).returns - inner.returns, True,
    )  # fmt: skip
    if node.completed == 1:
        pass_edge(st, v, _NEXT)
        return int64(node.next)
    return fail(st, 0)


@called
def fail(st: Record, found: int) -> int:
    """Where the failure of the walker's node leads, after its pause; `found` are the defects that a
    gate found."""
    v = slot_at(st.slots, st.walker)
    node = node_at(st.nodes, v.node)
    if node.most != UNLIMITED:
        gives_up = node.most == 0
        if not gives_up:
            place = v.root * st.counters + node.counter
            counter = short_at(st.failures, place)
            gives_up = counter.count >= node.most
            if not gives_up:
                counter.count += 1
        if gives_up:
            return failed(st, _GIVE_UP)
    if found != 0:
        case = slot_at(st.slots, v.root)
        case.returns += 1
        case.defects &= ~mended_mask(v.key, node.key, v.visit, found, st.mend)
    if node.after_kind >= 0:
        us = duration(
            st.tables, v.key, node.key, v.visit, AFTER,
            node.after_kind, node.after_a, node.after_b, node.after_c, node.after_at,
            node.after_size,
        )  # fmt: skip
        return pause(st, FAILED_AFTER, us)
    return failed(st, _TO)


@woven
def failed(st: Record, edge: int) -> int:
    """The failure, and its pause, are over."""
    v = slot_at(st.slots, st.walker)
    node = node_at(st.nodes, v.node)
    if node.kind == _SERVE and station_at(st.stations, node.station).watched:
        presence_changes(st, station_at(st.stations, node.station), st.now, -1)
    pass_edge(st, v, edge)
    return int64(node.to if edge == _TO else node.give_up)


@called
def ask_again(st: Record) -> int:
    """The request failed: ask again as the station's clients do, in the end take the node's
    `fail`."""
    v = slot_at(st.slots, st.walker)
    node = node_at(st.nodes, v.node)
    q = station_at(st.stations, node.station)
    if v.attempt < q.tries:
        u = uniform(v.key, node.key, v.visit, _backoff_k(int64(v.attempt)))
        us = grown_pause_us(q.backoff, q.factor, q.jitter, v.attempt, u)
        if v.outcome == ERROR:
            us = max(us, v.retry_after)
        return pause(st, AGAIN, us)
    v.repeat_at = v.node
    return fail(st, 0)


@woven
def others(st: Record, what: int) -> int:
    """What is neither a node nor a failed request."""
    slot = st.walker
    v = slot_at(st.slots, slot)
    if what == COMES_BACK:
        pass_edge(st, v, _NEXT)
        return int64(node_at(st.nodes, v.node).next)
    if what == AGAIN:
        v.attempt += 1
        v.repeat = 1
        return WAITS if admit(st, slot) else FAILED
    return seldom(st, what)


@called
def seldom(st: Record, what: int) -> int:
    """Terms that pass, forks, ends of branches, visits that an outage struck."""
    slot = st.walker
    v = slot_at(st.slots, slot)
    if what == FAILED_AFTER:
        return failed(st, _TO)
    if what == LATE:
        pass_edge(st, v, _LATE)
        return int64(node_at(st.nodes, v.node).late)
    if what <= BRANCH:
        return branch(st, v, BRANCH - what)
    if what == STRUCK:
        return struck(st, v)
    if v.parent < 0:
        return end_case(st, False)
    return end_branch(st, v, what == ABANDON)


@woven
def branch(st: Record, v: Record, number: int) -> int:
    """Begin branch `number` of the fork, or wait for those that walk."""
    node = node_at(st.nodes, v.node)
    if number == node.count:
        if v.pending > 0:
            v.awaiting = 1
            return WAITS
        return joined(st, v)
    parent = st.walker
    push_frame(st, parent, BRANCH - number - 1)
    slot = take_slot(st)
    child = slot_at(st.slots, slot)
    child.entity = v.entity
    child.rank = v.rank
    child.key = v.key
    child.root = v.root
    child.counted = v.counted
    child.repeat_at = ABSENT
    child.parent = parent
    child.depth = 0
    child.state = WALKING
    child.born = st.born
    st.born += 1
    st.walker = slot
    arm = node.first + number
    if v.counted:
        flow_at(st.flows, _EDGES * st.nodes_size + arm).count += 1
    return int64(arm_at(st.arms, arm).to)


@woven
def joined(st: Record, v: Record) -> int:
    """All branches have ended."""
    v.awaiting = 0
    v.state = WALKING
    if v.failed:
        return fail(st, 0)
    pass_edge(st, v, _NEXT)
    return int64(node_at(st.nodes, v.node).next)


@woven
def end_branch(st: Record, v: Record, has_failed: bool) -> int:
    """A branch has ended; after the last the fork's walker goes on."""
    slot = st.walker
    parent = int64(v.parent)
    release_slot(st, slot)
    p = slot_at(st.slots, parent)
    if has_failed:
        p.failed = 1
    p.pending -= 1
    if p.pending == 0 and p.awaiting:
        st.walker = parent
        return joined(st, p)
    return WAITS


@woven
def struck(st: Record, v: Record) -> int:
    """An outage began while the visit was in service."""
    if v.state >= GHOST:
        record(st, v, st.now, HELD)
        release_slot(st, st.walker)
        return WAITS
    v.state = WALKING
    v.outcome = OUTAGE
    record(st, v, st.now, OUTAGE)
    return FAILED


@woven
def count_inside(st: Record, change: int) -> None:
    """The integral of the number inside, from its changes alone."""
    since = st.now - st.inside_since
    if since < _SHORT_US:
        st.inside_us += st.inside * since
    else:
        whole = since // _SECOND_US
        st.inside_s += st.inside * whole
        st.inside_us += st.inside * (since - whole * _SECOND_US)
    if st.inside_us >= _MANY_US:
        seconds = st.inside_us // _SECOND_US
        st.inside_s += seconds
        st.inside_us -= seconds * _SECOND_US
    st.inside_since = st.now
    st.inside += change


@woven
def end_case(st: Record, completed: bool) -> int:
    """The walker's case ends."""
    slot = st.walker
    v = slot_at(st.slots, slot)
    count_inside(st, -1)
    if completed:
        st.completed += 1
    else:
        st.abandoned += 1
    journey, number = v.entity >> ENTITY_SHIFT, v.entity & _NUMBER
    write_case(st, journey, number, v.arrived, completed, v.returns, False)
    release_slot(st, slot)
    return WAITS

"""Walks in compiled code: from node to node until the case waits, as `simpy_engine` has it."""

from sim.engines.compiled.cases import end_case
from sim.engines.compiled.failures import ask_again, fail, failed, struck
from sim.engines.compiled.forks import branch, end_branch
from sim.engines.compiled.frames import (
    AGAIN,
    BRANCH,
    COMES_BACK,
    FAILED,
    FAILED_AFTER,
    LATE,
    LATE_EDGE,
    NEXT,
    STRUCK,
    TO,
    WAITS,
    pass_arm,
    pass_edge,
    pause,
)
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.memory import (
    arm_at,
    bound_at,
    flow_at,
    gate_at,
    inner_at,
    instant_at,
    node_at,
    short_at,
    slot_at,
)
from sim.engines.compiled.stations import FORKED, admit, duration
from sim.engines.compiled.status import ENDLESS, NO_CHOICE
from sim.engines.compiled.writing import write_case
from sim.engines.recording import NUMBER_MASK
from sim.model.graph import ABANDON, NodeKind
from sim.model.numbering import MAX_VISITS
from world.attempts import service_k
from world.compiled import called, int64, woven
from world.draws import uniform

__all__ = ["step"]

_SERVE, _DELAY, _CHOOSE, _CHECK, _FORK, _ENTER, _LEAVE, _END = (int(kind) for kind in NodeKind)
_ZERO_K = service_k(0)


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
        st.error = ENDLESS
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
        pass_edge(st, v, NEXT)
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
            st.error = NO_CHOICE
            return WAITS
    pass_arm(st, v, arm)
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
        pass_edge(st, v, NEXT)
        return int64(node.next)
    return fail(st, found)


@woven
def leave(st: Record, v: Record, node: Record) -> int:
    """The sub-journey ends; when it was abandoned, the node that ran it has failed."""
    v.depth -= 1
    place = int64(st.walker) * st.nesting + v.depth
    number = v.entity & NUMBER_MASK
    inner = inner_at(st.inner, place)
    write_case(
        st, inner.journey, number, inner.entered,
        node.completed == 1,
        slot_at(st.slots, v.root).returns - inner.returns, True,
    )  # fmt: skip
    if node.completed == 1:
        pass_edge(st, v, NEXT)
        return int64(node.next)
    return fail(st, 0)


@woven
def others(st: Record, what: int) -> int:
    """What is neither a node nor a failed request."""
    slot = st.walker
    v = slot_at(st.slots, slot)
    if what == COMES_BACK:
        pass_edge(st, v, NEXT)
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
        return failed(st, TO)
    if what == LATE:
        pass_edge(st, v, LATE_EDGE)
        return int64(node_at(st.nodes, v.node).late)
    if what <= BRANCH:
        return branch(st, v, BRANCH - what)
    if what == STRUCK:
        return struck(st, v)
    if v.parent < 0:
        return end_case(st, False)
    return end_branch(st, v, what == ABANDON)

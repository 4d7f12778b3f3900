"""Forks in compiled code: branches begin, end, and are waited for."""

from sim.engines.compiled.failures import fail
from sim.engines.compiled.frames import BRANCH, NEXT, WAITS, pass_arm, pass_edge, push_frame
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import release_slot, take_slot
from sim.engines.compiled.memory import arm_at, node_at, slot_at
from sim.engines.compiled.stations import WALKING
from world.compiled import int64, woven

__all__ = ["branch", "end_branch"]


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
    pass_arm(st, v, arm)
    return int64(arm_at(st.arms, arm).to)


@woven
def joined(st: Record, v: Record) -> int:
    """All branches have ended."""
    v.awaiting = 0
    v.state = WALKING
    if v.failed:
        return fail(st, 0)
    pass_edge(st, v, NEXT)
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

"""What is still to be walked at this instant, in compiled code.

It lies in `frames` as (slot, what to do): a node to enter, JOIN, ABANDON, or one of the codes
below. A frame is taken when the walk before it has come to a halt, which is the order in which
generators would go on.
"""

from sim.engines.compiled.events import END_OF_DELAY, place_of, schedule
from sim.engines.compiled.layout import EDGES, Record
from sim.engines.compiled.memory import flow_at, frame_at, slot_at
from sim.engines.compiled.stations import PAUSED
from world.compiled import int64, woven

__all__ = [
    "AGAIN", "BRANCH", "COMES_BACK", "FAILED", "FAILED_AFTER", "GIVE_UP", "LATE",
    "LATE_EDGE", "NEXT", "STRUCK", "TO", "WAITS", "pass_arm", "pass_edge", "pause", "push_frame",
]  # fmt: skip

# What to do with a slot, beside JOIN and ABANDON; at BRANCH and below: the next branch of a fork.
WAITS, FAILED, STRUCK, AGAIN, COMES_BACK, LATE, FAILED_AFTER, BRANCH = (
    -3, -4, -5, -6, -7, -8, -9, -16,
)  # fmt: skip

_EDGES = len(EDGES)
NEXT, LATE_EDGE, TO, GIVE_UP = range(_EDGES)


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
def pass_arm(st: Record, v: Record, arm: int) -> None:
    """The case takes this arm of a choice or begins this branch of a fork."""
    if v.counted:
        flow_at(st.flows, _EDGES * st.nodes_size + arm).count += 1


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

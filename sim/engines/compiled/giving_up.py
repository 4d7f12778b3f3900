"""Clients that leave before they are served, in compiled code, and the ghosts they leave."""

from sim.engines.compiled.events import cancel
from sim.engines.compiled.frames import FAILED, push_frame
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import take_slot, unlink_waiting
from sim.engines.compiled.memory import cell_at, node_at, slot_at, station_at
from sim.engines.compiled.stations import (
    GHOST,
    IMPATIENT,
    QUEUED,
    SERVING,
    SUSPENDED,
    TIMED_OUT,
    WALKING,
    feed,
    free_server,
    remove_suspended,
)
from sim.engines.compiled.writing import record
from world.compiled import called, woven

__all__ = ["give_up"]


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

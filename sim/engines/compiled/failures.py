"""Failures in compiled code: of requests, of nodes, and where they lead."""

from sim.engines.compiled.frames import (
    AGAIN,
    FAILED,
    FAILED_AFTER,
    GIVE_UP,
    TO,
    WAITS,
    pass_edge,
    pause,
)
from sim.engines.compiled.layout import Record
from sim.engines.compiled.lists import release_slot
from sim.engines.compiled.memory import node_at, short_at, slot_at, station_at
from sim.engines.compiled.recovery import presence_changes
from sim.engines.compiled.stations import ERROR, GHOST, HELD, OUTAGE, WALKING, duration
from sim.engines.compiled.writing import record
from sim.model.graph import UNLIMITED, NodeKind
from sim.model.keys import AFTER
from sim.model.stations import grown_pause_us
from world.attempts import backoff_k
from world.compiled import called, int64, woven
from world.draws import mended_mask, uniform

__all__ = ["ask_again", "fail", "failed", "struck"]

_SERVE = int(NodeKind.SERVE)
_backoff_k = woven(backoff_k)


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
            return failed(st, GIVE_UP)
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
    return failed(st, TO)


@woven
def failed(st: Record, edge: int) -> int:
    """The failure, and its pause, are over."""
    v = slot_at(st.slots, st.walker)
    node = node_at(st.nodes, v.node)
    if node.kind == _SERVE and station_at(st.stations, node.station).watched:
        presence_changes(st, station_at(st.stations, node.station), st.now, -1)
    pass_edge(st, v, edge)
    return int64(node.to if edge == TO else node.give_up)


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

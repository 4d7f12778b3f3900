"""The record of a run, written by compiled code in the columns of `sim.engines.recording`."""

from sim.engines.compiled.layout import Record
from sim.engines.compiled.memory import case_row_at, node_at, overtime_at, row_at
from sim.engines.recording import ENTITY_SHIFT, NUMBER_MASK
from world.compiled import called, int64, woven

__all__ = ["count_overtime", "record", "write_case"]


@woven
def record(st: Record, v: Record, end: int, outcome: int) -> None:
    """A visit, or a part of one, has ended at `end` µs."""
    row = row_at(st.rows, st.written_rows)
    st.written_rows += 1
    row.journey = v.entity >> ENTITY_SHIFT
    row.number = v.entity & NUMBER_MASK
    row.node = v.node
    row.visit = v.visit
    row.attempt = v.attempt
    row.repeat = v.repeat
    row.station = node_at(st.nodes, v.node).station
    row.enter = v.enter
    row.start = v.start
    row.resumed = v.resumed
    row.end = end
    row.outcome = outcome


@woven
def write_case(
    st: Record,
    journey: int,
    number: int,
    arrived: int,
    completed: bool,
    returns: int,
    inner: bool,
) -> None:
    """A case, or a sub-journey, has ended now."""
    row = case_row_at(st.cases, st.written_cases)
    st.written_cases += 1
    row.journey = journey
    row.number = number
    row.arrived = arrived
    row.ended = st.now
    row.completed = int64(completed)
    row.returns = returns
    row.inner = int64(inner)


@called
def count_overtime(st: Record, q: Record, station: int) -> None:
    """Note the server time above the schedule since the last time it was noted."""
    over = q.busy - q.capacity
    if over > 0 and st.now > q.over_since:
        row = overtime_at(st.overtimes, st.written_overtimes)
        st.written_overtimes += 1
        row.station = station
        row.begin = q.over_since
        row.end = st.now
        row.servers = over
    q.over_since = st.now

"""The event loop in compiled code. It comes back when the run is over, when something is full, when
it has to know more, and now and then; then it is called again and goes on."""

from sim.engines.compiled.cases import announce, arrive
from sim.engines.compiled.changes import announce_changes, change
from sim.engines.compiled.events import (
    ARRIVAL,
    COMPLETION,
    END_OF_DELAY,
    NO_CELL,
    release_cell,
    remove_first,
    sweep,
)
from sim.engines.compiled.frames import COMES_BACK, FAILED, WAITS, push_frame
from sim.engines.compiled.giving_up import give_up
from sim.engines.compiled.layout import Record
from sim.engines.compiled.memory import cell_at, event_at, frame_at, slot_at, station_at
from sim.engines.compiled.recovery import presence_changes
from sim.engines.compiled.stations import SERVED, WALKING, complete
from sim.engines.compiled.status import FULL, GOES_ON, OVER, PAUSED, STOPPED
from sim.engines.compiled.walks import step
from sim.engines.compiled.writing import count_overtime
from world.compiled import called, int64, woven

__all__ = ["begin_run", "end_run", "run_until"]

# Room for an event and so many steps of walks, each of which takes a row, a case, a slot or a frame
# and three cells at most; what a queue may need is asked for apart.
_STEPS = 16  # a power of 2
_SPARE = _STEPS + 8
_LOOKS = 1024  # at the room, some hundred events after one another: a tenth of a second
_SWEEP = 50_000


@woven
def begin_run(st: Record) -> None:
    """Make known what the arrays say of the time from 0 on."""
    for station in range(st.stations_size):
        announce_changes(st, station)
    for journey in range(st.open_streams):
        announce(st, journey, 0)


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
    # A walk that has looked may take some steps more.
    st.credit = (left - _STEPS) // _SPARE
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
            if steps & (_STEPS - 1) == 0 and st.error == GOES_ON and is_full(st):
                if what != WAITS:
                    push_frame(st, st.walker, what)
                return FULL
        if st.error != GOES_ON:
            return int64(st.error)
    return GOES_ON


@woven
def happen(st: Record) -> int:
    """The next event."""
    if st.inside == 0 and st.open_streams == 0 and st.until_empty:
        return OVER
    if st.events == 0 or event_at(st.heap, 0).at >= st.stop_us:
        return STOPPED
    if st.credit <= 0:
        if is_full(st):
            return FULL
        st.looks += 1
        if st.looks >= _LOOKS:
            st.looks = 0
            return PAUSED
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

"""Cases in compiled code: they arrive and they end."""

from sim.engines.compiled.events import ARRIVAL, insert, remove_first
from sim.engines.compiled.frames import WAITS, push_frame
from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.lists import release_slot, take_slot
from sim.engines.compiled.memory import (
    event_at,
    floats_at,
    instant_at,
    short_at,
    slot_at,
    stream_at,
)
from sim.engines.compiled.stations import WALKING
from sim.engines.compiled.status import GOES_ON, LEARNS
from sim.engines.compiled.writing import write_case
from sim.engines.recording import ENTITY_SHIFT, NUMBER_MASK
from sim.model.keys import DEFECTS
from world.compiled import called, int64, uint64, woven
from world.draws import bernoulli_mask, combine, permute
from world.microseconds import SECOND_US
from world.population import KIND, TIER, chosen_place, trait_unit

__all__ = ["announce", "arrive", "end_case"]

_MANY_US = 1 << 60
_SHORT_US = 1 << 32  # times as many cases as there can be is still below _MANY_US


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


@woven
def count_inside(st: Record, change: int) -> None:
    """The integral of the number inside, from its changes alone."""
    since = st.now - st.inside_since
    if since < _SHORT_US:
        st.inside_us += st.inside * since
    else:
        whole = since // SECOND_US
        st.inside_s += st.inside * whole
        st.inside_us += st.inside * (since - whole * SECOND_US)
    if st.inside_us >= _MANY_US:
        seconds = st.inside_us // SECOND_US
        st.inside_s += seconds
        st.inside_us -= seconds * SECOND_US
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
    journey, number = v.entity >> ENTITY_SHIFT, v.entity & NUMBER_MASK
    write_case(st, journey, number, v.arrived, completed, v.returns, False)
    release_slot(st, slot)
    return WAITS

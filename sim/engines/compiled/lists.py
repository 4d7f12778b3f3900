"""Slots in compiled code: free ones, queues, visits in service, and their order."""

from sim.engines.compiled.layout import ABSENT, Record
from sim.engines.compiled.memory import instant_at, level_at, slot_at
from world.compiled import called, int64, woven

__all__ = [
    "append_served", "append_waiting", "began_before", "first_waiting", "release_slot",
    "sort_slots", "take_slot", "unlink_served", "unlink_waiting",
]  # fmt: skip


@woven
def take_slot(st: Record) -> int:
    """A free slot; its fields are whatever they were."""
    slot = st.free_slot
    st.free_slot = slot_at(st.slots, slot).after
    st.slots_free -= 1
    return int64(slot)


@woven
def release_slot(st: Record, slot: int) -> None:
    """The slot is free again."""
    slot_at(st.slots, slot).state = 0
    slot_at(st.slots, slot).after = st.free_slot
    st.free_slot = slot
    st.slots_free += 1


@woven
def append_waiting(st: Record, q: Record, level: int, slot: int) -> None:
    """`slot` waits, behind all of its priority."""
    line = level_at(st.levels, q.level + level)
    slot_at(st.slots, slot).after = ABSENT
    slot_at(st.slots, slot).before = line.last
    if line.last >= 0:
        slot_at(st.slots, line.last).after = slot
    else:
        line.first = slot
    line.last = slot
    q.waiting += 1


@woven
def unlink_waiting(st: Record, q: Record, level: int, slot: int) -> None:
    """`slot` waits no longer."""
    line = level_at(st.levels, q.level + level)
    before, after = slot_at(st.slots, slot).before, slot_at(st.slots, slot).after
    if before >= 0:
        slot_at(st.slots, before).after = after
    else:
        line.first = after
    if after >= 0:
        slot_at(st.slots, after).before = before
    else:
        line.last = before
    q.waiting -= 1


@woven
def first_waiting(st: Record, q: Record) -> int:
    """Whose turn it is; somebody waits."""
    level = int64(q.level)
    while level_at(st.levels, level).first < 0:
        level += 1
    return int64(level_at(st.levels, level).first)


@woven
def append_served(st: Record, q: Record, slot: int) -> None:
    """`slot` is in service."""
    slot_at(st.slots, slot).after = ABSENT
    slot_at(st.slots, slot).before = q.served_last
    if q.served_last >= 0:
        slot_at(st.slots, q.served_last).after = slot
    else:
        q.served_first = slot
    q.served_last = slot


@woven
def unlink_served(st: Record, q: Record, slot: int) -> None:
    """`slot` is no longer in service."""
    before, after = slot_at(st.slots, slot).before, slot_at(st.slots, slot).after
    if before >= 0:
        slot_at(st.slots, before).after = after
    else:
        q.served_first = after
    if after >= 0:
        slot_at(st.slots, after).before = before
    else:
        q.served_last = before


@woven
def goes_before(st: Record, a: int, b: int) -> bool:
    """Order of visits: by entity, node, visit, attempt."""
    x, y = slot_at(st.slots, a), slot_at(st.slots, b)
    if x.entity != y.entity:
        return bool(x.entity < y.entity)
    if x.node != y.node:
        return bool(x.node < y.node)
    if x.visit != y.visit:
        return bool(x.visit < y.visit)
    return bool(x.attempt < y.attempt)


@woven
def began_before(st: Record, a: int, b: int) -> bool:
    """Order of visits in service: by its begin, then as `goes_before`."""
    if slot_at(st.slots, a).start != slot_at(st.slots, b).start:
        return bool(slot_at(st.slots, a).start < slot_at(st.slots, b).start)
    return bool(goes_before(st, a, b))


@called
def sort_slots(st: Record, q: Record, by_begin: bool) -> int:
    """Put the slots in service at `q` into `sorting`, in order (heap sort); returns how many."""
    n = 0
    slot = int64(q.served_first)
    while slot >= 0:
        instant_at(st.sorting, n).at = slot
        n += 1
        slot = int64(slot_at(st.slots, slot).after)
    for k in range(n // 2 - 1, -1, -1):
        _sift(st, k, n, by_begin)
    for last in range(n - 1, 0, -1):
        greatest, end = instant_at(st.sorting, 0), instant_at(st.sorting, last)
        greatest.at, end.at = end.at, greatest.at
        _sift(st, 0, last, by_begin)
    return n


@called
def _sift(st: Record, k: int, n: int, by_begin: bool) -> None:
    slot = instant_at(st.sorting, k).at
    while True:
        down = 2 * k + 1
        if down >= n:
            break
        greater = instant_at(st.sorting, down).at
        if down + 1 < n:
            other = instant_at(st.sorting, down + 1).at
            if _before(st, greater, other, by_begin):
                down += 1
                greater = other
        if not _before(st, slot, greater, by_begin):
            break
        instant_at(st.sorting, k).at = greater
        k = down
    instant_at(st.sorting, k).at = slot


@woven
def _before(st: Record, a: int, b: int, by_begin: bool) -> bool:
    return bool(began_before(st, a, b) if by_begin else goes_before(st, a, b))

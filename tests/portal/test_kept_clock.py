"""A clock's time in a store: a moment is kept before it is told."""

import datetime as dt

from portal.adapters.kept_clock import KeptClock, kept_moment
from portal.store.memory import MemoryStore
from tests.portal.fakes import MovedClock
from world.microseconds import MICROSECOND

HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)


def clock_of(
    store: MemoryStore, ahead: dt.timedelta = dt.timedelta()
) -> tuple[MovedClock, KeptClock]:
    inside = MovedClock()
    return inside, KeptClock(inside, store, lambda: ahead)


def test_no_moment_is_kept_before_anybody_asks() -> None:
    store = MemoryStore()
    clock_of(store)
    assert kept_moment(store) is None


def test_a_standing_clock_keeps_every_moment_that_it_tells() -> None:
    store = MemoryStore()
    inside, clock = clock_of(store)
    for _ in range(3):
        inside.move(HOUR)
        told = clock.now()
        assert kept_moment(store) == told == inside.now()


def test_a_running_clock_keeps_as_much_ahead_and_writes_again_when_that_is_over() -> None:
    store = MemoryStore()
    inside, clock = clock_of(store, SECOND)
    start = clock.now()
    assert kept_moment(store) == start + SECOND
    inside.move(SECOND)
    assert clock.now() == start + SECOND == kept_moment(store)
    inside.move(MICROSECOND)
    assert clock.now() == start + SECOND + MICROSECOND
    assert kept_moment(store) == start + 2 * SECOND + MICROSECOND


def test_at_the_end_the_very_moment_is_kept() -> None:
    store = MemoryStore()
    inside, clock = clock_of(store, HOUR)
    start = clock.now()
    inside.move(SECOND)
    clock.keep_exactly()
    assert kept_moment(store) == start + SECOND


def test_the_end_of_one_server_takes_nothing_back_from_another() -> None:
    store = MemoryStore()
    _, one = clock_of(store, HOUR)
    start = one.now()
    ahead, other = clock_of(store, HOUR)
    ahead.move(2 * HOUR)
    assert other.now() == start + 2 * HOUR
    one.keep_exactly()
    assert kept_moment(store) == start + 3 * HOUR

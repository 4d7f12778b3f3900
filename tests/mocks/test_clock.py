"""The virtual clock and what happens by itself when it moves."""

import datetime as dt
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.core.agenda import Agenda
from mocks.core.clock import ClockError, VirtualClock
from mocks.core.country import Country
from mocks.core.service import Service
from world.calendar import Calendar

SECOND_US = 1_000_000
COUNTRY = Country([Service("mvd")])


class Wall:
    """The machine's clock in the test's hands."""

    def __init__(self) -> None:
        self.ns = 5_000_000_000

    def __call__(self) -> int:
        return self.ns

    def pass_seconds(self, seconds: float) -> None:
        self.ns += int(seconds * 1e9)


def note(happened: list[tuple[str, int]], name: str, now_us: int) -> None:
    happened.append((name, now_us))


def clock(wall: Wall) -> VirtualClock:
    return VirtualClock(Calendar(start=dt.datetime(2026, 2, 2, 10)), wall)


def test_a_clock_stands_still_until_it_is_moved() -> None:
    wall = Wall()
    it = clock(wall)
    wall.pass_seconds(100)
    assert it.now_us == 0
    it.advance(90 * SECOND_US)
    assert it.local().isoformat() == "2026-02-02T10:01:30+03:00"


def test_a_running_clock_goes_at_its_speed_and_stops_where_it_is() -> None:
    wall = Wall()
    it = clock(wall)
    it.run(60)
    wall.pass_seconds(2)
    assert it.now_us == 120 * SECOND_US
    it.advance(SECOND_US)
    wall.pass_seconds(1)
    assert it.now_us == 181 * SECOND_US
    it.run(0)
    wall.pass_seconds(10)
    assert it.now_us == 181 * SECOND_US


def test_who_waits_waits_as_the_clock_goes() -> None:
    it = clock(Wall())
    assert it.wall_s(30 * SECOND_US) == 30.0
    it.run(60)
    assert it.wall_s(30 * SECOND_US) == 0.5


def test_after_the_end_of_time_who_waits_waits_in_real_time() -> None:
    wall = Wall()
    it = clock(wall)
    it.run(1e12)
    wall.pass_seconds(1)  # 10^12 s are 31,700 years
    assert it.now_us == it.end_us
    waited = it.waited_us
    wall.pass_seconds(3)
    assert it.waited_us - waited == 3 * SECOND_US
    assert it.wall_s(3 * SECOND_US) == 3.0


def test_time_does_not_go_back() -> None:
    it = clock(Wall())
    it.advance(10)
    with pytest.raises(ClockError):
        it.advance(-1)
    with pytest.raises(ClockError):
        it.set(9)
    with pytest.raises(ClockError):
        it.run(-1.0)
    it.set(10)
    assert it.now_us == 10


def test_what_is_due_happens_in_the_order_of_time_then_of_planning() -> None:
    agenda = Agenda()
    happened: list[tuple[str, int]] = []
    for name, us in [("c", 30), ("a", 10), ("b", 10), ("d", 31)]:
        agenda.at(us, partial(note, happened, name))
    agenda.settle(30)
    assert happened == [("a", 10), ("b", 10), ("c", 30)]
    assert agenda.next_us == 31


def test_what_is_called_off_does_not_happen() -> None:
    agenda = Agenda()
    happened: list[int] = []
    agenda.at(1, happened.append).cancel()
    agenda.at(2, happened.append)
    agenda.settle(5)
    assert happened == [2]


def test_what_is_called_off_is_not_kept_until_it_would_have_been_due() -> None:
    agenda = Agenda()
    happened: list[tuple[str, int]] = []
    appointments = [agenda.at(10 + n, partial(note, happened, str(n))) for n in range(10_000)]
    for number, appointment in enumerate(appointments):
        if number % 100:
            appointment.cancel()
            appointment.cancel()
    assert len(agenda) == 100
    assert len(agenda._heap) < 3_000
    assert [agenda.next_us] == [10]
    agenda.settle(10**6)
    assert happened == [(str(n), 10 + n) for n in range(0, 10_000, 100)]
    assert (len(agenda), agenda.next_us) == (0, None)


def test_a_tenant_lives_through_an_advance_step_by_step() -> None:
    tenant = Country([Service("mvd")]).tenant()
    seen: list[tuple[int, int]] = []

    def again(at_us: int) -> None:
        seen.append((at_us, tenant.now_us))
        if at_us < 30:
            tenant.agenda.at(at_us + 10, again)

    tenant.agenda.at(10, again)
    tenant.advance(29)
    assert seen == [(10, 10), (20, 20)]
    tenant.advance(1)
    assert seen[-1] == (30, 30)
    assert tenant.now_us == 30


@given(
    st.lists(st.integers(0, 50), max_size=30), st.lists(st.integers(0, 20), min_size=1, max_size=10)
)
def test_one_advance_does_what_many_small_ones_do(times: list[int], steps: list[int]) -> None:
    def lived(moves: list[int]) -> list[tuple[str, int]]:
        tenant = COUNTRY.reset_tenant("main")
        seen: list[tuple[str, int]] = []
        for number, us in enumerate(times):
            tenant.agenda.at(us, partial(note, seen, str(number)))
        for move in moves:
            tenant.advance(move)
        return seen

    assert lived(steps) == lived([sum(steps)])


def test_time_ends_317_years_after_the_start_and_a_fast_clock_stays_there() -> None:
    wall = Wall()
    it = clock(wall)
    with pytest.raises(ClockError, match=r"goes until 24\.12\.2342"):
        it.advance(10**16 + 1)
    with pytest.raises(ClockError):
        it.set(10**18)
    assert it.now_us == 0
    it.run(1e308)
    wall.pass_seconds(1e6)
    assert it.now_us == 10**16
    assert it.local().year == 2342
    it.advance(0)


def test_a_country_of_the_far_future_ends_a_year_before_dates_do() -> None:
    it = VirtualClock(Calendar(start=dt.datetime(9998, 12, 30)), Wall())
    it.advance(86_400 * SECOND_US)
    with pytest.raises(ClockError):
        it.advance(1)


def test_what_fails_when_it_happens_does_not_stop_what_comes_after_it() -> None:
    tenant = Country([Service("mvd")]).tenant()
    happened: list[int] = []

    def fail(_: int) -> None:
        raise RuntimeError("the happening's own")

    tenant.agenda.at(10, fail)
    tenant.agenda.at(20, happened.append)
    with pytest.raises(RuntimeError, match="own"):
        tenant.advance(30)
    assert (tenant.settle(), tenant.now_us, happened) == (30, 30, [20])


@given(
    plan=st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=40),
    now_us=st.integers(0, 21),
)
def test_the_next_happening_is_the_earliest_that_is_not_called_off(
    plan: list[tuple[int, bool]], now_us: int
) -> None:
    agenda = Agenda()
    happened: list[int] = []
    appointments = [agenda.at(us, happened.append) for us, _ in plan]
    for appointment, (_, off) in zip(appointments, plan, strict=True):
        if off:
            appointment.cancel()
    kept = sorted(us for us, off in plan if not off)
    assert (agenda.next_us, len(agenda)) == (kept[0] if kept else None, len(kept))
    agenda.settle(now_us)
    left = [us for us in kept if us > now_us]
    assert happened == kept[: len(kept) - len(left)]
    assert (agenda.next_us, len(agenda)) == (left[0] if left else None, len(left))

"""Planned work is done when it is due, and failing work again after growing pauses."""

import datetime as dt
import logging
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import portal
from portal.ports.store import Store
from portal.store.memory import MemoryStore
from portal.store.unit import Unit
from portal.tasks import RETRY_LONGEST, Task, moment_key, retry_pause, schedule
from portal.use_case import TASKS
from tests.portal.probe_acts import Note, Runs, install
from tests.portal.stores import OvertakingStore
from tests.portal.wiring import Stand, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="runs")
def _runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    return install(monkeypatch)


def test_work_is_done_once_when_it_is_due_and_not_before(stand: Stand, runs: Runs) -> None:
    stand.act("plan", name="a")
    stand.after(seconds=59, milliseconds=999)
    assert runs.names == []
    stand.after(milliseconds=1)
    stand.after(days=1)
    assert runs.names == ["work a 10:01:00"]
    assert Unit(stand.store).get(Note, "worked/a") is not None


def test_lanes_are_worked_apart_and_together_in_order_of_their_time(
    stand: Stand, runs: Runs
) -> None:
    unit, now = Unit(stand.store), stand.clock.now()
    schedule(unit, "work", "slow", now, lane="outside")
    schedule(unit, "work", "early", now - dt.timedelta(seconds=1))
    schedule(unit, "work", "late", now + dt.timedelta(seconds=1))
    unit.commit()
    portal = stand.portal
    assert (portal.next_due(["outside"]), portal.next_due()) == (now, now - dt.timedelta(seconds=1))
    assert portal.tick(["own"]) == 1
    assert (portal.next_due(["own"]), portal.next_due()) == (now + dt.timedelta(seconds=1), now)
    stand.after(seconds=1)
    assert runs.names == ["work early 10:00:00", "work slow 10:00:01", "work late 10:00:01"]


def test_the_same_work_planned_again_is_done_once_at_the_later_time(
    stand: Stand, runs: Runs
) -> None:
    stand.act("plan", name="a")
    stand.after(seconds=30)
    stand.act("plan", name="a")
    stand.after(seconds=30)
    assert runs.names == []
    stand.after(seconds=30)
    assert runs.names == ["work a 10:01:30"]


def test_failing_work_is_tried_again_after_pauses_that_double(
    stand: Stand, runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    stand.act("plan", name="a")
    runs.breaks = 3
    stand.after(minutes=1)
    for _ in range(100):
        stand.after(seconds=1)
    assert runs.names == [
        "work a 10:01:00",
        "work a 10:01:10",
        "work a 10:01:30",
        "work a 10:02:10",
    ]
    failures = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert [each.getMessage() for each in failures] == ["task work/a failed"] * 3


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (7, ["work a 10:01:00"] * 8),
        (8, ["work a 10:01:00"] * 8 + ["work a 10:01:10"]),
        (17, ["work a 10:01:00"] * 16 + ["work a 10:01:10"]),  # the putting off counts too
    ],
)
def test_work_that_others_overtake_is_done_again_at_once_and_its_pause_does_not_grow(
    runs: Runs, caplog: pytest.LogCaptureFixture, times: int, expected: list[str]
) -> None:
    store = OvertakingStore(0)
    stand = portal_with(store=store)
    stand.act("plan", name="a")
    store.times = times
    stand.after(minutes=1)
    for _ in range(30):
        stand.after(seconds=1)
    assert runs.names == expected
    assert Unit(store).get(Note, "worked/a") is not None
    assert [each.levelname for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_work_that_another_worker_has_done_meanwhile_is_not_done_again(runs: Runs) -> None:
    stand = portal_with()
    other = portal_with(store=stand.store, clock=stand.clock)
    stand.act("plan", name="a")
    runs.meanwhile = other.portal.tick
    stand.after(minutes=1)
    assert runs.names == ["work a 10:01:00"] * 2
    assert stand.portal.next_due() is None


def test_a_register_that_is_down_is_no_error_and_sets_the_pause_it_asked_for(
    stand: Stand, runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    stand.act("plan", name="a")
    runs.down = True
    stand.after(minutes=1)
    runs.down = False
    stand.after(seconds=44)
    assert runs.names == ["work a 10:01:00"]
    stand.after(seconds=1)
    assert runs.names == ["work a 10:01:00", "work a 10:01:45"]
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_an_answer_on_its_way_is_asked_for_as_often_as_it_takes_and_is_no_failure(
    stand: Stand, runs: Runs
) -> None:
    stand.act("plan", name="a")
    runs.waits = True
    stand.after(minutes=1)
    for _ in range(3):  # no pause grows
        stand.after(seconds=30)
    waiting = Unit(stand.store).get(Task, "work/a")
    assert waiting is not None
    assert (len(runs.names), waiting.attempts) == (4, 0)
    runs.waits = False
    stand.after(seconds=29)
    assert len(runs.names) == 4
    stand.after(seconds=1)
    assert (len(runs.names), Unit(stand.store).get(Task, "work/a")) == (5, None)


def test_one_failing_work_does_not_hold_up_the_others(stand: Stand, runs: Runs) -> None:
    for name in ("a", "b"):
        stand.act("plan", name=name)
    runs.breaks = 1
    stand.after(minutes=1)
    assert Unit(stand.store).get(Note, "worked/a") is None
    assert Unit(stand.store).get(Note, "worked/b") is not None


def test_work_of_a_later_version_waits_for_it(stand: Stand, runs: Runs) -> None:
    unit = Unit(stand.store)
    schedule(unit, "unheard_of", "a", stand.clock.now())
    unit.commit()
    assert stand.portal.tick() == 0
    assert Unit(stand.store).get(Task, "unheard_of/a") is not None


def test_more_work_than_one_batch_is_done_in_one_go(stand: Stand, runs: Runs) -> None:
    for number in range(250):
        stand.act("plan", name=f"{number}")
    stand.clock.move(dt.timedelta(minutes=1))
    assert stand.portal.tick() == 250


def test_whatever_is_planned_anywhere_is_work_that_the_portal_knows() -> None:
    sources = "".join(path.read_text() for path in Path(portal.__path__[0]).rglob("*.py"))
    planned = set(re.findall(r'schedule\(\s*[\w.]*unit,\s*"(\w+)"', sources))
    assert planned > {"check_identity", "end_session", "send_letter"}
    assert planned <= set(TASKS)


def test_parts_of_a_subject_are_planned_apart() -> None:
    unit = Unit(MemoryStore())
    due = dt.datetime(2026, 2, 2, tzinfo=dt.UTC)
    planned = [schedule(unit, "poll", "a", due, part=part) for part in ("fns", "pfr", "")]
    assert [each.id for each in planned] == ["poll/a/fns", "poll/a/pfr", "poll/a"]


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 10), (1, 20), (2, 40), (8, 2560), (9, 3600), (10, 3600), (10**9, 3600)],
)
def test_pauses_double_from_ten_seconds_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert retry_pause(attempts) == dt.timedelta(seconds=seconds)
    assert retry_pause(attempts) <= RETRY_LONGEST


_MOMENTS = st.datetimes(
    min_value=dt.datetime(1, 1, 3),
    max_value=dt.datetime(9999, 12, 29),
    timezones=st.integers(-14, 14).map(lambda hours: dt.timezone(dt.timedelta(hours=hours))),
)


@given(_MOMENTS, _MOMENTS)
def test_keys_of_moments_sort_as_the_moments_do(one: dt.datetime, other: dt.datetime) -> None:
    assert (moment_key(one) < moment_key(other)) == (one < other)
    assert (moment_key(one) == moment_key(other)) == (one == other)

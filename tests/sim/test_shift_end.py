"""The end of a shift: work in hand is finished in overtime, or suspended and resumed."""

from pathlib import Path

import pytest

from tests.sim.tracing import ONE_DESK, figures, scenario, trace

HOUR = 3600
DAY = 24 * HOUR

# Two hours a day, so that a day's work is easily counted: 08:00 to 10:00.
MORNINGS = """
stations:
  desk:
    servers: {shifts: [{days: all, from: "08:00", to: "10:00", count: %d}]}
    service: {constant: %s}
    shift_end: %s
    %s
"""


def test_a_case_in_hand_at_the_end_of_a_shift_is_finished(tmp_path: Path) -> None:
    text = MORNINGS % (1, "90m", "finish", "") + ONE_DESK
    run = trace(text, tmp_path, j=[8 * HOUR, 8 * HOUR, 8 * HOUR])
    assert run.visits == [
        ("j0", "ask", 8 * HOUR, 8 * HOUR, 9.5 * HOUR, "served"),
        ("j1", "ask", 8 * HOUR, 9.5 * HOUR, 11 * HOUR, "served"),
        ("j2", "ask", 8 * HOUR, 32 * HOUR, 33.5 * HOUR, "served"),
    ]


def test_overtime_is_told_apart_from_utilisation(tmp_path: Path) -> None:
    text = MORNINGS % (1, "90m", "finish", "") + ONE_DESK
    done = figures(scenario(text, tmp_path, "1d", j=[8 * HOUR, 8 * HOUR])).figures
    # Two hours on duty, all of them busy, and one hour more for the second case.
    assert done["stations.desk.utilisation"] == 1.0
    assert done["stations.desk.overtime"] == HOUR


def test_overtime_counts_each_server_above_the_schedule_until_it_is_done(tmp_path: Path) -> None:
    text = MORNINGS % (3, "90m", "finish", "") + ONE_DESK
    arrivals = [8 * HOUR, 9 * HOUR, 9.25 * HOUR]
    done = figures(scenario(text, tmp_path, "1d", j=arrivals)).figures
    # They end at 9:30, 10:30 and 10:45: half an hour and three quarters after the shift.
    assert done["stations.desk.overtime"] == 1.25 * HOUR
    assert done["stations.desk.utilisation"] == pytest.approx((1.5 + 1 + 0.75) / 6, abs=1e-15)


def test_a_smaller_shift_leaves_only_what_is_above_it_in_overtime(tmp_path: Path) -> None:
    text = """
stations:
  desk:
    service: {constant: 3h}
    servers:
      shifts:
        - {days: all, from: "08:00", to: "10:00", count: 1}
        - {days: all, from: "08:00", to: "12:00", count: 1}
"""
    done = figures(scenario(text + ONE_DESK, tmp_path, "1d", j=[8 * HOUR, 8 * HOUR])).figures
    # Two are busy from 8 to 11, one is on duty from 10 on: one hour above, five of six hours used.
    assert done["stations.desk.overtime"] == HOUR
    assert done["stations.desk.utilisation"] == 5 / 6


def test_a_suspended_case_keeps_its_remaining_time_and_resumes_next_morning(tmp_path: Path) -> None:
    text = MORNINGS % (1, "150m", "suspend", "") + ONE_DESK
    run = trace(text, tmp_path, j=[8 * HOUR])
    assert run.visits == [("j0", "ask", 8 * HOUR, 8 * HOUR, 32.5 * HOUR, "served")]
    assert run.busy == [
        ("j0", "ask", 8 * HOUR, 10 * HOUR),
        ("j0", "ask", 32 * HOUR, 32.5 * HOUR),
    ]


def test_a_case_may_be_suspended_on_several_days(tmp_path: Path) -> None:
    text = MORNINGS % (1, "5h", "suspend", "") + ONE_DESK
    run = trace(text, tmp_path, j=[9 * HOUR])
    assert run.busy == [
        ("j0", "ask", 9 * HOUR, 10 * HOUR),
        ("j0", "ask", 32 * HOUR, 34 * HOUR),
        ("j0", "ask", 56 * HOUR, 58 * HOUR),
    ]
    assert run.cases == [("j0", 9 * HOUR, 58 * HOUR, "completed")]


def test_suspended_cases_resume_before_the_queue(tmp_path: Path) -> None:
    text = (
        MORNINGS % (1, "90m", "suspend", "discipline: priority")
        + """
journeys:
  j: {start: ask, nodes: {ask: {serve: desk, priority: 9, next: done}, done: {end: completed}}}
  vip: {start: ask, nodes: {ask: {serve: desk, priority: 1, next: done}, done: {end: completed}}}
"""
    )
    run = trace(text, tmp_path, j=[9 * HOUR], vip=[9.5 * HOUR])
    assert run.visits == [
        ("j0", "ask", 9 * HOUR, 9 * HOUR, 32.5 * HOUR, "served"),
        ("vip0", "ask", 9.5 * HOUR, 32.5 * HOUR, 34 * HOUR, "served"),
    ]


TWO_THEN_ONE = """
stations:
  desk:
    service: {constant: 3h}
    shift_end: suspend
    servers:
      shifts:
        - {days: all, from: "08:00", to: "10:00", count: 1}
        - {days: all, from: "08:00", to: "14:00", count: 1}
"""


def test_the_latest_started_case_is_suspended_first(tmp_path: Path) -> None:
    run = trace(TWO_THEN_ONE + ONE_DESK, tmp_path, j=[8 * HOUR, 9 * HOUR])
    # j0 ends at 11 on the server that stays, and j1 takes it for its two remaining hours.
    assert run.busy == [
        ("j1", "ask", 9 * HOUR, 10 * HOUR),
        ("j0", "ask", 8 * HOUR, 11 * HOUR),
        ("j1", "ask", 11 * HOUR, 13 * HOUR),
    ]


def test_of_two_started_together_the_later_entity_is_suspended(tmp_path: Path) -> None:
    run = trace(TWO_THEN_ONE + ONE_DESK, tmp_path, j=[8 * HOUR, 8 * HOUR])
    assert run.busy == [
        ("j1", "ask", 8 * HOUR, 10 * HOUR),
        ("j0", "ask", 8 * HOUR, 11 * HOUR),
        ("j1", "ask", 11 * HOUR, 12 * HOUR),
    ]


def test_of_several_suspended_the_earliest_started_resumes_first(tmp_path: Path) -> None:
    text = """
stations:
  desk:
    service: {constant: 3h}
    shift_end: suspend
    servers:
      shifts:
        - {days: all, from: "08:00", to: "10:00", count: 2}
        - {days: all, from: "12:00", to: "20:00", count: 1}
"""
    run = trace(text + ONE_DESK, tmp_path, j=[8 * HOUR, 9 * HOUR])
    assert run.busy == [
        ("j1", "ask", 9 * HOUR, 10 * HOUR),
        ("j0", "ask", 8 * HOUR, 10 * HOUR),
        ("j0", "ask", 12 * HOUR, 13 * HOUR),
        ("j1", "ask", 13 * HOUR, 15 * HOUR),
    ]


def test_a_suspended_case_times_out_and_its_work_goes_on_in_vain(tmp_path: Path) -> None:
    text = MORNINGS % (1, "150m", "suspend", "timeout: 10h") + ONE_DESK
    run = trace(text, tmp_path, j=[8 * HOUR, 32 * HOUR])
    assert run.visits == [
        ("j0", "ask", 8 * HOUR, 8 * HOUR, 18 * HOUR, "timeout"),
        ("j1", "ask", 32 * HOUR, 32.5 * HOUR, 42 * HOUR, "timeout"),
    ]
    assert run.busy == [
        ("j0", "ask", 8 * HOUR, 10 * HOUR),
        ("j0", "ask", 32 * HOUR, 32.5 * HOUR),
        ("j1", "ask", 32.5 * HOUR, 34 * HOUR),
    ]


def test_a_suspended_case_that_times_out_is_dropped_where_work_is_cancelled(tmp_path: Path) -> None:
    text = MORNINGS % (1, "150m", "suspend", "timeout: 10h\n    cancel: true") + ONE_DESK
    run = trace(text, tmp_path, j=[8 * HOUR, 32 * HOUR])
    assert run.busy == [
        ("j0", "ask", 8 * HOUR, 10 * HOUR),
        ("j1", "ask", 32 * HOUR, 34 * HOUR),
    ]


def test_a_case_that_would_be_done_in_time_but_for_the_suspension_times_out(tmp_path: Path) -> None:
    # Its service of 90 minutes is shorter than the timeout: the clock counts all the same.
    text = MORNINGS % (1, "90m", "suspend", "timeout: 2h") + ONE_DESK
    run = trace(text, tmp_path, j=[9 * HOUR])
    assert run.visits == [("j0", "ask", 9 * HOUR, 9 * HOUR, 11 * HOUR, "timeout")]


def test_utilisation_of_a_suspending_station_never_counts_time_off_duty(tmp_path: Path) -> None:
    text = MORNINGS % (2, "5h", "suspend", "") + ONE_DESK
    done = figures(scenario(text, tmp_path, "2d", j=[9 * HOUR])).figures
    # One of two servers works from 9 to 10 and from 8 to 10: three of eight hours on duty.
    assert done["stations.desk.utilisation"] == 3 / 8
    assert done["stations.desk.overtime"] == 0.0


def test_a_queue_waits_over_a_weekend_for_the_next_working_day(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: {shifts: [{days: working, from: "09:00", to: "18:00", count: 1}]},
    service: {constant: 1h}}}
"""
    friday = 4 * DAY + 18 * HOUR
    run = trace(text + ONE_DESK, tmp_path, j=[friday])
    monday = 7 * DAY + 9 * HOUR
    assert run.visits == [("j0", "ask", friday, monday, monday + HOUR, "served")]


def test_a_suspended_case_takes_no_waiting_place_and_has_no_patience_left(tmp_path: Path) -> None:
    more = "queue_limit: 1\n    patience: {constant: 23h}"
    text = MORNINGS % (1, "150m", "suspend", more) + ONE_DESK
    arrivals = [8 * HOUR, 11 * HOUR, 12 * HOUR]
    run = trace(text, tmp_path, j=arrivals)
    assert run.visits == [
        ("j2", "ask", 12 * HOUR, None, 12 * HOUR, "refused"),
        ("j0", "ask", 8 * HOUR, 8 * HOUR, 32.5 * HOUR, "served"),
        ("j1", "ask", 11 * HOUR, 32.5 * HOUR, 57 * HOUR, "served"),
    ]
    done = figures(scenario(text, tmp_path, "1d", j=arrivals)).figures
    assert done["stations.desk.queue.mean"] == 13 / 24  # j1 alone, from 11 to the end of the day
    assert done["stations.desk.queue.max"] == 1.0

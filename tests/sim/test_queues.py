"""Stations: servers, waiting places, patience, timeouts, priority."""

from pathlib import Path

import pytest

from tests.sim.tracing import ONE_DESK, figures, scenario, trace


def test_cases_queue_in_order_of_arrival_when_the_only_server_is_busy(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}}}" + ONE_DESK, tmp_path, j=[0, 3, 4]
    )
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 3, 10, 20, "served"),
        ("j2", "ask", 4, 20, 30, "served"),
    ]


def test_cases_are_served_at_once_while_a_server_is_free(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 2, service: {constant: 10s}}}" + ONE_DESK, tmp_path, j=[0, 3, 4]
    )
    assert run.cases == [
        ("j0", 0, 10, "completed"),
        ("j1", 3, 13, "completed"),
        ("j2", 4, 20, "completed"),
    ]


def test_a_microsecond_stays_a_microsecond(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 1us}}}" + ONE_DESK,
        tmp_path,
        j=[0, 0.000001, 0.000001],
    )
    assert [row[2:5] for row in run.visits] == [
        (0, 0, 0.000001),
        (0.000001, 0.000001, 0.000002),
        (0.000001, 0.000002, 0.000003),
    ]


def test_a_station_without_waiting_places_refuses_whom_it_cannot_serve(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 0}}" + ONE_DESK,
        tmp_path,
        j=[0, 9, 10],
    )
    assert run.visits == [
        ("j1", "ask", 9, None, 9, "refused"),
        ("j0", "ask", 0, 0, 10, "served"),
        ("j2", "ask", 10, 10, 20, "served"),
    ]


def test_the_last_waiting_place_is_given_and_the_next_case_refused(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 1}}" + ONE_DESK,
        tmp_path,
        j=[0, 1, 2, 11],
    )
    assert run.visits == [
        ("j2", "ask", 2, None, 2, "refused"),
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 1, 10, 20, "served"),
        ("j3", "ask", 11, 20, 30, "served"),
    ]


def test_a_case_leaves_when_its_patience_ends_and_never_during_service(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, patience: {constant: 4s}}}"
        + ONE_DESK,
        tmp_path,
        j=[0, 5, 7],
    )
    assert run.visits == [
        ("j1", "ask", 5, None, 9, "impatient"),
        ("j0", "ask", 0, 0, 10, "served"),
        ("j2", "ask", 7, 10, 20, "served"),
    ]


def test_the_queue_closes_over_a_case_that_left_from_its_middle(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, patience: {constant: 15s}}}
journeys:
  j: {start: ask, nodes: {ask: {serve: desk, service: {constant: 19s}, next: done},
      done: {end: completed}}}
"""
    run = trace(text, tmp_path, j=[0, 5, 6, 7])
    assert run.visits == [
        ("j0", "ask", 0, 0, 19, "served"),
        ("j2", "ask", 6, None, 21, "impatient"),
        ("j3", "ask", 7, None, 22, "impatient"),
        ("j1", "ask", 5, 19, 38, "served"),
    ]


def test_a_timeout_counts_waiting_and_service_together(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 15s, cancel: true}}"
        + ONE_DESK,
        tmp_path,
        j=[0, 4, 5],
    )
    # j1 waited 6 and was served for 9 when its 15 seconds ended; j2 got the server then.
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 4, 10, 19, "timeout"),
        ("j2", "ask", 5, 19, 20, "timeout"),
    ]


def test_a_case_that_is_served_exactly_at_its_timeout_is_served(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 15s}}" + ONE_DESK,
        tmp_path,
        j=[0, 5],
    )
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 5, 10, 20, "served"),
    ]


def test_service_alone_can_outlast_the_timeout(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 9.999999s}}" + ONE_DESK,
        tmp_path,
        j=[0],
    )
    assert run.visits == [("j0", "ask", 0, 0, 9.999999, "timeout")]


def test_work_goes_on_in_vain_after_a_timeout_and_keeps_the_server(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 15s}}"
    run = trace(text + ONE_DESK, tmp_path, j=[0, 4, 6])
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 4, 10, 19, "timeout"),
        ("j2", "ask", 6, 20, 21, "timeout"),
    ]
    # The work for j1 from 19 to 20 is for nobody; that for j2 is cut off by the end of the run.
    assert run.busy == [
        ("j0", "ask", 0, 10),
        ("j1", "ask", 10, 19),
        ("j1", "ask", 19, 20),
        ("j2", "ask", 20, 21),
    ]


def test_work_in_vain_counts_as_busy(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 4s, %s}}"
    done = [
        figures(scenario(text % cancel + ONE_DESK, tmp_path, "20s", j=[0])).figures
        for cancel in ("cancel: false", "cancel: true")
    ]
    assert [f["stations.desk.utilisation"] for f in done] == [0.5, 0.2]


def test_a_case_that_times_out_in_the_queue_never_gets_a_server(tmp_path: Path) -> None:
    run = trace(
        "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 10s}}" + ONE_DESK,
        tmp_path,
        j=[0, 0, 1],
    )
    # At 10 the server is free first, then j1's time is over: its work is in vain.
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 0, 10, 10, "timeout"),
        ("j2", "ask", 1, None, 11, "timeout"),
    ]


PRIORITY = """
stations: {desk: {servers: 1, service: {constant: 10s}, discipline: %s}}
journeys:
  low: {start: ask, nodes: {ask: {serve: desk, priority: 2, next: done}, done: {end: completed}}}
  high: {start: ask, nodes: {ask: {serve: desk, priority: -1, next: done}, done: {end: completed}}}
"""


@pytest.mark.parametrize(
    ("discipline", "order"),
    [
        ("priority", ["low0", "high0", "high1", "low1", "low2"]),
        ("fifo", ["low0", "low1", "low2", "high0", "high1"]),
    ],
)
def test_smaller_priority_goes_first_and_equals_keep_their_order(
    tmp_path: Path, discipline: str, order: list[str]
) -> None:
    run = trace(PRIORITY % discipline, tmp_path, low=[0, 1, 2], high=[3, 4])
    assert [row[0] for row in run.cases] == order


def test_a_case_in_service_is_not_displaced_by_a_smaller_priority(tmp_path: Path) -> None:
    run = trace(PRIORITY % "priority", tmp_path, low=[0], high=[1])
    assert run.cases == [("low0", 0, 10, "completed"), ("high0", 1, 20, "completed")]


def test_figures_of_a_station_are_those_of_its_records(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 2, patience: {constant: 12s}}}
"""
    # 0 served 0-10; 1 waits 8, served 10-20; 2 waits for 12 s from 3 and leaves at 15; 3 is
    # refused at 4; 4 waits from 11 to 20 and is in service from 20 on.
    done = figures(scenario(text + ONE_DESK, tmp_path, "25s", j=[0, 2, 3, 4, 11])).figures
    of_desk = {
        key.removeprefix("stations.desk."): value
        for key, value in done.items()
        if key.startswith("stations.desk.")
    }
    assert of_desk == {
        "utilisation": 1.0,
        "overtime": 0.0,
        "wait.mean": (0 + 8 + 9) / 3,
        "wait.p95": 8.9,
        "queue.mean": (8 + 12 + 9) / 25,
        "queue.max": 2.0,
        "served": 2.0,
        "refused": 1.0,
        "impatient": 1.0,
        "timeouts": 0.0,
        "failures": 0.0,
        "retries": 0.0,
        "retry_amplification": 1.0,
    }

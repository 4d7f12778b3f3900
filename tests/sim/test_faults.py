"""Faults: outages, slowness and errors of a station."""

from pathlib import Path

import pytest

from tests.sim.tracing import ONE_DESK, figures, scenario, trace

HOUR = 3600

DESK = "stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 30s, %s}}\n"


def fault(kind: str, begin: str, length: str, more: str = "") -> str:
    return (
        f"faults: [{{id: f, service: desk, kind: {kind}, from: 2026-04-20T00:00:{begin},"
        f" for: {length}{more}}}]\n"
    )


def test_a_case_in_service_fails_at_once_when_an_outage_begins(tmp_path: Path) -> None:
    run = trace(DESK % "" + fault("outage", "04", "1s") + ONE_DESK, tmp_path, j=[0])
    assert run.visits == [("j0", "ask", 0, 0, 4, "outage")]
    assert run.cases == [("j0", 0, 4, "abandoned")]


def test_a_case_in_the_queue_waits_and_is_served_if_the_outage_ends_in_time(tmp_path: Path) -> None:
    run = trace(DESK % "" + fault("outage", "04", "10s") + ONE_DESK, tmp_path, j=[0, 1])
    assert run.visits == [
        ("j0", "ask", 0, 0, 4, "outage"),
        ("j1", "ask", 1, 14, 24, "served"),
    ]


def test_queued_and_new_cases_fail_at_their_timeout_during_an_outage(tmp_path: Path) -> None:
    run = trace(DESK % "" + fault("outage", "04", "10m") + ONE_DESK, tmp_path, j=[0, 1, 20])
    assert run.visits == [
        ("j0", "ask", 0, 0, 4, "outage"),
        ("j1", "ask", 1, None, 31, "timeout"),
        ("j2", "ask", 20, None, 50, "timeout"),
    ]


def test_a_case_that_comes_during_an_outage_is_served_when_it_ends_before_its_timeout(
    tmp_path: Path,
) -> None:
    run = trace(DESK % "" + fault("outage", "04", "10s") + ONE_DESK, tmp_path, j=[5])
    assert run.visits == [("j0", "ask", 5, 14, 24, "served")]


def test_all_cases_in_service_fail_in_the_order_of_entities(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 3, service: {constant: 10s}, timeout: 30s}}\n"
    run = trace(text + fault("outage", "04", "1s") + ONE_DESK, tmp_path, j=[0, 1, 2])
    assert [(row[0], row[4], row[5]) for row in run.visits] == [
        ("j0", 4, "outage"),
        ("j1", 4, "outage"),
        ("j2", 4, "outage"),
    ]


def test_a_failed_case_tries_again_by_the_station_then_by_its_node(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 5s, cancel: true, retry: {max: 1,
    backoff: 2s}}}
faults: [{id: f, service: desk, kind: outage, from: 2026-04-20T00:00:01, for: 1h}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: done, fail: {to: ask, after: {constant: 3s}, max: 1, give_up: lost}}
      done: {end: completed}
      lost: {end: abandoned}
"""
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [
        ("j0", "ask", 0, 0, 1, "outage"),
        ("j0", "ask+1", 3, None, 8, "timeout"),
        ("j0", "ask#1", 11, None, 16, "timeout"),
        ("j0", "ask#1+1", 18, None, 23, "timeout"),
    ]
    assert run.cases == [("j0", 0, 23, "abandoned")]


def test_a_shift_that_begins_during_an_outage_serves_nobody_before_its_end(tmp_path: Path) -> None:
    text = """
stations:
  desk:
    servers: {shifts: [{days: all, from: "08:00", to: "12:00", count: 1}]}
    service: {constant: 1h}
    timeout: 1d
faults: [{id: f, service: desk, kind: outage, from: 2026-04-20T07:00, for: 2h}]
"""
    run = trace(text + ONE_DESK, tmp_path, j=[0])
    assert run.visits == [("j0", "ask", 0, 9 * HOUR, 10 * HOUR, "served")]


SUSPENDED = """
stations:
  desk:
    servers: {shifts: [{days: all, from: "08:00", to: "10:00", count: 1}]}
    service: {constant: 3h}
    shift_end: suspend
    timeout: 3d
faults: [{id: f, service: desk, kind: outage, from: 2026-04-%s, for: 1h}]
"""


def test_a_suspended_case_is_not_in_service_and_outlives_an_outage(tmp_path: Path) -> None:
    run = trace(SUSPENDED % "20T12:00" + ONE_DESK, tmp_path, j=[8 * HOUR])
    assert run.cases == [("j0", 8 * HOUR, 33 * HOUR, "completed")]


def test_a_suspended_case_resumes_only_when_the_outage_is_over(tmp_path: Path) -> None:
    run = trace(SUSPENDED % "21T07:30" + ONE_DESK, tmp_path, j=[8 * HOUR])
    assert run.busy == [
        ("j0", "ask", 8 * HOUR, 10 * HOUR),
        ("j0", "ask", 32.5 * HOUR, 33.5 * HOUR),
    ]


def test_a_resumed_case_fails_with_an_outage(tmp_path: Path) -> None:
    run = trace(SUSPENDED % "21T08:30" + ONE_DESK, tmp_path, j=[8 * HOUR])
    assert run.visits == [("j0", "ask", 8 * HOUR, 8 * HOUR, 32.5 * HOUR, "outage")]


def test_work_in_vain_stops_with_an_outage(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 100s}, timeout: 30s}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: rest, fail: rest},
    rest: {delay: {constant: 1h}, next: done}, done: {end: completed}}}}
"""
    run = trace(text + fault("outage", "50", "1s"), tmp_path, j=[0])
    assert run.busy == [("j0", "ask", 0, 30), ("j0", "ask", 30, 50)]


def test_slowness_multiplies_service_begun_inside_its_interval(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 4, service: {constant: 10s}}}\n"
    slow = fault("slow", "10", "10s", ", factor: 2.5")
    run = trace(text + slow + ONE_DESK, tmp_path, j=[9, 10, 19.999999, 20])
    assert [(row[3], row[4]) for row in run.visits] == [
        (9, 19),
        (20, 30),
        (10, 35),
        (19.999999, 44.999999),
    ]


def test_slowness_counts_from_the_instant_of_its_begin_also_after_a_completion(
    tmp_path: Path,
) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 10s}}}\n"
    slow = fault("slow", "10", "10s", ", factor: 2")
    run = trace(text + slow + ONE_DESK, tmp_path, j=[0, 0])
    assert [row[4] for row in run.visits] == [10, 30]


def test_slowness_is_over_at_the_instant_of_its_end_also_after_a_completion(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 10s}}}\n"
    slow = fault("slow", "05", "15s", ", factor: 2")
    run = trace(text + slow + ONE_DESK, tmp_path, j=[0, 0, 0])
    # The second begins at 10 and is slow; the third begins at 30, when it is over.
    assert [row[4] for row in run.visits] == [10, 30, 40]
    exact = fault("slow", "00", "20s", ", factor: 2")
    run = trace(text + exact + ONE_DESK, tmp_path, j=[0, 0])
    assert [row[4] for row in run.visits] == [20, 30]


def test_an_error_answers_after_the_service_time_and_is_retried_not_before_retry_after(
    tmp_path: Path,
) -> None:
    errors = fault("error", "00", "15s", ", p: 1, retry_after: 7s")
    run = trace(DESK % "retry: {max: 3, backoff: 2s}" + errors + ONE_DESK, tmp_path, j=[0])
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "error"),
        ("j0", "ask+1", 17, 17, 27, "served"),
    ]


def test_a_backoff_longer_than_retry_after_is_kept(tmp_path: Path) -> None:
    errors = fault("error", "00", "15s", ", p: 1, retry_after: 1s")
    run = trace(DESK % "retry: {max: 3, backoff: 6s}" + errors + ONE_DESK, tmp_path, j=[0])
    assert [row[2] for row in run.visits] == [0, 16]


def test_an_error_with_p_0_never_hits(tmp_path: Path) -> None:
    run = trace(DESK % "" + fault("error", "00", "1d", ", p: 0") + ONE_DESK, tmp_path, j=[0, 50])
    assert [row[5] for row in run.visits] == ["served", "served"]


def test_the_share_of_errors_is_near_p(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 1ms}}}\n"
    n = 4000
    run = trace(
        text + fault("error", "00", "1d", ", p: 0.3") + ONE_DESK, tmp_path, j=list(range(n))
    )
    hits = sum(row[5] == "error" for row in run.visits)
    assert abs(hits - 0.3 * n) < 4 * (n * 0.3 * 0.7) ** 0.5


def test_a_fault_without_begin_and_end_lasts_the_whole_run(tmp_path: Path) -> None:
    text = DESK % "" + "faults: [{id: f, service: desk, kind: outage}]\n"
    run = trace(text + ONE_DESK, tmp_path, j=[0, 1000])
    assert run.visits == [
        ("j0", "ask", 0, None, 30, "timeout"),
        ("j1", "ask", 1000, None, 1030, "timeout"),
    ]


def test_a_fault_of_another_station_changes_nothing(tmp_path: Path) -> None:
    text = DESK % "" + "faults: [{id: f, service: egrul, kind: slow, factor: 9}]\n"
    run = trace(text + ONE_DESK, tmp_path, j=[0])
    assert run.visits == [("j0", "ask", 0, 0, 10, "served")]


# --- recovery


RECOVERY = """
stations: {desk: {servers: 1, service: {constant: %s}, timeout: 9h}}
faults: [{id: f, service: desk, kind: slow, factor: 100, from: 2026-04-20T01:00, for: 1h}]
"""


def recovery(text: str, tmp_path: Path, horizon: str, arrivals: list[float]) -> float | None:
    return figures(scenario(text, tmp_path, horizon, j=arrivals)).figures["recovery.f"]


def test_recovery_lasts_until_the_number_present_is_down_to_that_of_the_hour_before(
    tmp_path: Path,
) -> None:
    # Before: 18 of 3600 s busy, a mean of 0.005, rounded up to 1 case. The case of 7100 begins
    # inside the fault and takes 1800 s, to 8900; those of 7150 and 7190 wait for it. The number
    # is down to 1 when the second of them begins, at 8918, 1718 s after the end of the fault.
    got = recovery(RECOVERY % "18s" + ONE_DESK, tmp_path, "10h", [0, 7100, 7150, 7190])
    assert got == 8918 - 7200


def test_a_station_that_never_felt_the_fault_recovers_at_its_end(tmp_path: Path) -> None:
    assert recovery(RECOVERY % "18s" + ONE_DESK, tmp_path, "10h", [0, 9000]) == 0.0


def test_a_fault_that_has_not_recovered_by_the_end_of_the_run_has_no_figure(tmp_path: Path) -> None:
    got = recovery(RECOVERY % "60s" + ONE_DESK, tmp_path, "3h", [3599 + n for n in range(90)])
    assert got is None


def test_cases_that_pause_before_they_ask_again_have_not_recovered(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 60s}}
faults: [{id: f, service: desk, kind: outage, from: 2026-04-20T01:00, for: 1h}]
journeys:
  j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: {to: ask, after: {constant: 34m}}},
      done: {end: completed}}}
"""
    # It asks at 3590 and fails at 3600, asks at 5640 and fails at 5700, asks at 7740 and is
    # served at 7750. Nobody was present before but for 10 s, which is less than one, so 1 is usual.
    assert recovery(text, tmp_path, "10h", [3590]) == 0.0
    # When nobody was there before, both must be gone: they ask at 3600, 5700 and 7800.
    assert recovery(text, tmp_path, "10h", [3600, 3600]) == 7820 - 7200


@pytest.mark.parametrize("to", ["ask", "other"])
def test_a_pause_after_a_failure_counts_until_it_ends_wherever_it_leads(
    tmp_path: Path, to: str
) -> None:
    text = """
stations:
  desk: {servers: 0, service: {constant: 10s}, queue_limit: 0}
  free: {servers: 1, service: {constant: 5h}}
faults: [{id: f, service: desk, kind: slow, factor: 1, from: 2026-04-20T01:00, for: 1h}]
journeys:
  j: {start: ask, nodes: {ask: {serve: desk, next: other,
      fail: {to: %s, after: {constant: 34m}, max: 1, give_up: other}},
      other: {serve: free, next: done}, done: {end: completed}}}
"""
    # Refused at 6000, it is gone from the desk when the pause ends at 8040.
    assert recovery(text % to, tmp_path, "10h", [6000]) == 8040 - 7200


def test_a_case_that_asks_again_without_a_pause_never_counts_as_gone(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 50s}}
faults:
  - {id: f, service: desk, kind: slow, factor: 1, from: 2026-04-20T01:00, for: 1s}
  - {id: g, service: desk, kind: outage, from: 2026-04-20T01:00, for: 1h}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: ask},
    done: {end: completed}}}}
"""
    # Nobody came before 3600, so usual is nobody. The case asks every 50 s; at 7200 it gets the
    # server in the very instant of its timeout, asks once more and is served from 7210 to 7220.
    assert recovery(text, tmp_path, "10h", [3600]) == 7220 - 3601

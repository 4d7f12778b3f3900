"""Retries of a station's clients, then the node's `fail`; how requests multiply."""

from pathlib import Path

import pytest

from scenarios.station_format import Retry
from sim.model.stations import retry_pause_us
from tests.sim.tracing import ONE_DESK, figures, scenario, trace

REFUSING = """
stations: {desk: {servers: 1, service: {constant: 100s}, queue_limit: 0, retry: %s}}
"""


def retry(backoff: str, **more: float) -> Retry:
    return Retry.model_validate({"max": 999, "backoff": backoff, **more})


def test_pauses_grow_by_the_factor_and_end_after_max_retries(tmp_path: Path) -> None:
    thrice = "{max: 3, backoff: 2s, factor: 3}"
    run = trace(REFUSING % thrice + ONE_DESK, tmp_path, j=[0, 10])
    # Pauses of 2, 6 and 18 seconds.
    assert run.visits == [
        ("j1", "ask", 10, None, 10, "refused"),
        ("j1", "ask+1", 12, None, 12, "refused"),
        ("j1", "ask+2", 18, None, 18, "refused"),
        ("j1", "ask+3", 36, None, 36, "refused"),
        ("j0", "ask", 0, 0, 100, "served"),
    ]
    assert run.cases[0] == ("j1", 10, 36, "abandoned")


def test_a_retry_that_finds_a_server_is_served(tmp_path: Path) -> None:
    run = trace(REFUSING % "{max: 5, backoff: 30s, factor: 1}" + ONE_DESK, tmp_path, j=[0, 50])
    assert run.visits == [
        ("j1", "ask", 50, None, 50, "refused"),
        ("j1", "ask+1", 80, None, 80, "refused"),
        ("j0", "ask", 0, 0, 100, "served"),
        ("j1", "ask+2", 110, 110, 210, "served"),
    ]


def test_without_retry_a_refused_case_takes_its_fail_at_once(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 0, service: {constant: 1s}, queue_limit: 0}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: rest},
    rest: {delay: {constant: 1s}, next: done}, done: {end: completed}}}}
"""
    assert trace(text, tmp_path, j=[5]).cases == [("j0", 5, 6, "completed")]


def test_an_impatient_case_retries_too(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 100s}, patience: {constant: 5s}, retry: {max: 1,
    backoff: 1s}}}
"""
    run = trace(text + ONE_DESK, tmp_path, j=[0, 10])
    assert run.visits[:2] == [
        ("j1", "ask", 10, None, 15, "impatient"),
        ("j1", "ask+1", 16, None, 21, "impatient"),
    ]


@pytest.mark.parametrize(
    ("attempt", "u", "pause"),
    [(0, 0.5, 2_000_000), (1, 0.5, 6_000_000), (2, 0.5, 18_000_000)],
)
def test_a_pause_without_jitter_is_backoff_times_factor_to_the_attempt(
    attempt: int, u: float, pause: int
) -> None:
    assert retry_pause_us(retry("2s", factor=3), attempt, u) == pause


@pytest.mark.parametrize(("u", "pause"), [(1e-12, 1_600_000), (0.5, 2_000_000), (1, 2_400_000)])
def test_jitter_spreads_a_pause_by_its_share_to_either_side(u: float, pause: int) -> None:
    assert retry_pause_us(retry("2s", jitter=0.2), 0, u) == pause


def test_a_pause_that_grew_beyond_all_bounds_is_cut_at_three_centuries() -> None:
    assert retry_pause_us(retry("1us", factor=10), 900, 0.5) == 10**16


def test_no_backoff_is_no_pause_however_often_it_grew() -> None:
    assert retry_pause_us(retry("0s", factor=10), 900, 0.5) == 0


def test_jittered_pauses_differ_between_cases_and_stay_in_their_bounds(tmp_path: Path) -> None:
    thrice = "{max: 1, backoff: 10s, factor: 1, jitter: 0.2}"
    run = trace(REFUSING % thrice + ONE_DESK, tmp_path, j=[0, *[1] * 200])
    asked = [row[2] - 1 for row in run.visits if row[1] == "ask+1"]
    assert len(set(asked)) == 200
    assert min(asked) >= 8
    assert max(asked) <= 12
    assert max(asked) - min(asked) > 3.8


def test_amplification_is_requests_over_first_requests(tmp_path: Path) -> None:
    thrice = "{max: 3, backoff: 2s, factor: 3}"
    done = figures(scenario(REFUSING % thrice + ONE_DESK, tmp_path, j=[0, 10])).figures
    # Five requests of two cases, three of them retries.
    assert done["stations.desk.retry_amplification"] == 2.5
    assert done["retry_amplification"] == 2.5
    assert done["stations.desk.retries"] == 3.0
    assert done["stations.desk.refused"] == 4.0


def test_asking_again_by_fail_counts_as_a_retry_and_a_second_visit_does_not(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 0}}
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: again, fail: {to: ask, after: {constant: 6s}}}
      again: {choose: [{to: ask, if: {visits: {ask: {at_most: 1}}}}, {to: done}]}
      done: {end: completed}
"""
    run = scenario(text, tmp_path, j=[0, 15])
    # j0: 0-10 and 10-20. j1 is refused at 15, served 21-31, and again 31-41 after 2 visits... its
    # refused visit counts as a visit, so it is done at 31.
    assert trace(text, tmp_path, j=[0, 15]).visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 15, None, 15, "refused"),
        ("j0", "ask#1", 10, 10, 20, "served"),
        ("j1", "ask#1", 21, 21, 31, "served"),
    ]
    done = figures(run).figures
    assert done["stations.desk.retries"] == 1.0
    assert done["retry_amplification"] == 4 / 3


def test_amplification_without_requests_has_no_value(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 1s}}}
journeys: {j: {start: done, nodes: {done: {end: completed}}}}
"""
    assert figures(scenario(text, tmp_path, j=[0])).figures["retry_amplification"] is None

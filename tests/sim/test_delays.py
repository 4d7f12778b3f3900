"""Delays and their terms."""

from pathlib import Path

import pytest

from tests.sim.tracing import trace

DAY = 86400
LAST_US = 0.000001

ANSWER = """
stations: {}
journeys:
  j:
    start: answer
    nodes:
      answer: {delay: {constant: %s}, within: %s, late: sorry, next: done}
      sorry: {delay: {constant: 1s}, next: lost}
      done: {end: completed}
      lost: {end: abandoned}
"""


def test_a_delay_needs_no_server_and_lasts_as_drawn(tmp_path: Path) -> None:
    text = """
stations: {}
journeys: {j: {start: wait, nodes: {wait: {delay: {constant: 2.5s}, next: done},
    done: {end: completed}}}}
"""
    run = trace(text, tmp_path, j=[0, 1])
    assert run.cases == [("j0", 0, 2.5, "completed"), ("j1", 1, 3.5, "completed")]


@pytest.mark.parametrize(
    ("delay", "ended", "how"),
    [("10s", 10, "completed"), ("10.000001s", 11, "abandoned"), ("9d", 11, "abandoned")],
)
def test_a_delay_longer_than_its_term_ends_at_the_term(
    tmp_path: Path, delay: str, ended: float, how: str
) -> None:
    assert trace(ANSWER % (delay, "10s"), tmp_path, j=[0]).cases == [("j0", 0, ended, how)]


def test_a_term_of_working_days_ends_with_the_last_microsecond_of_the_last_of_them(
    tmp_path: Path,
) -> None:
    # Asked on Monday at noon: two working days end with Wednesday.
    noon = DAY / 2
    until_end = f"{3 * DAY - noon - LAST_US:.6f}s"
    assert trace(ANSWER % (until_end, "2wd"), tmp_path, j=[noon]).cases == [
        ("j0", noon, 3 * DAY - LAST_US, "completed")
    ]
    until_midnight = f"{3 * DAY - noon:.6f}s"
    assert trace(ANSWER % (until_midnight, "2wd"), tmp_path, j=[noon]).cases == [
        ("j0", noon, 3 * DAY - LAST_US + 1, "abandoned")
    ]


def test_a_term_of_working_days_leaves_out_the_weekend(tmp_path: Path) -> None:
    friday = 4 * DAY
    run = trace(ANSWER % ("9d", "1wd"), tmp_path, j=[friday])
    assert run.cases == [("j0", friday, 8 * DAY - LAST_US + 1, "abandoned")]


def test_a_choice_by_probability_takes_each_arm_in_its_share(tmp_path: Path) -> None:
    text = """
stations: {}
journeys:
  j:
    start: luck
    nodes:
      luck: {choose: [{to: done, p: 0.2}, {to: lost, p: 0.8}]}
      done: {end: completed}
      lost: {end: abandoned}
"""
    n = 5000
    completed = trace(text, tmp_path, j=[0] * n).run.completed
    assert abs(completed - 0.2 * n) < 4 * (n * 0.2 * 0.8) ** 0.5


def test_an_arm_of_probability_0_is_never_taken(tmp_path: Path) -> None:
    text = """
stations: {}
journeys: {j: {start: luck, nodes: {luck: {choose: [{to: lost, p: 0}, {to: done, p: 1}]},
    done: {end: completed}, lost: {end: abandoned}}}}
"""
    assert trace(text, tmp_path, j=[0] * 2000).run.abandoned == 0


def test_a_condition_on_visits_counts_completed_entries(tmp_path: Path) -> None:
    text = """
stations: {}
journeys:
  j:
    start: wait
    nodes:
      wait: {delay: {constant: 1s}, next: enough}
      enough: {choose: [{to: done, if: {visits: {wait: {at_least: 3}}}}, {to: wait}]}
      done: {end: completed}
"""
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 3, "completed")]


def test_a_condition_on_the_policy_is_decided_by_the_scenario(tmp_path: Path) -> None:
    text = """
policy: {BND.confirmation: %s}
stations: {}
journeys:
  j:
    start: how
    nodes:
      how: {choose: [{to: done, if: {policy: {BND.confirmation: sms}}}, {to: lost}]}
      done: {end: completed}
      lost: {end: abandoned}
"""
    ends = [trace(text % word, tmp_path, j=[0]).cases[0][3] for word in ("sms", "signature")]
    assert ends == ["completed", "abandoned"]

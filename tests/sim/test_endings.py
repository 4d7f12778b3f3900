"""How a run ends: with its last case, at a horizon, or never."""

from pathlib import Path

import pytest

from sim.engines import simpy_engine
from sim.engines.run import EndlessCase
from tests.sim.tracing import ONE_DESK, figures, scenario, seconds, trace

DESK = "stations: {desk: {servers: 1, service: {constant: 10s}}}"


def test_until_empty_ends_when_the_last_case_ends(tmp_path: Path) -> None:
    run = trace(DESK + ONE_DESK, tmp_path, j=[0, 5]).run
    assert (seconds(run.end_us), run.arrived, run.completed, run.unfinished) == (20, 2, 2, [])


def test_a_run_of_cases_that_take_no_time_ends_with_the_last_of_them(tmp_path: Path) -> None:
    text = "stations: {}\njourneys: {j: {start: done, nodes: {done: {end: completed}}}}"
    run = trace(text, tmp_path, j=[0, 0, 7]).run
    assert (seconds(run.end_us), run.completed) == (7, 3)


def test_until_empty_goes_on_over_gaps_between_arrivals(tmp_path: Path) -> None:
    run = trace(DESK + ONE_DESK, tmp_path, j=[0, 1000])
    assert [row[2] for row in run.cases] == [10, 1010]


def test_a_horizon_leaves_cases_inside_unfinished(tmp_path: Path) -> None:
    run = trace(DESK + ONE_DESK, tmp_path, "15s", j=[0, 5, 14])
    assert run.cases == [("j0", 0, 10, "completed")]
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 5, 10, 15, "unfinished"),
        ("j2", "ask", 14, None, 15, "unfinished"),
    ]
    assert run.open == [("j", 5, ("j.ask",)), ("j", 14, ("j.ask",))]


def test_a_horizon_excludes_its_own_instant(tmp_path: Path) -> None:
    at = trace(DESK + ONE_DESK, tmp_path, "10s", j=[0])
    assert at.cases == []
    after = trace(DESK + ONE_DESK, tmp_path, "10.000001s", j=[0])
    assert after.cases == [("j0", 0, 10, "completed")]


def test_a_horizon_is_reached_also_when_nothing_is_left_to_do(tmp_path: Path) -> None:
    run = trace(DESK + ONE_DESK, tmp_path, "1d", j=[0]).run
    assert seconds(run.end_us) == 86400


def test_figures_tell_unfinished_cases(tmp_path: Path) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, "15s", j=[0, 5, 14])).figures
    assert [
        done[f"journeys.j.{f}"] for f in ("arrived", "completed", "abandoned", "unfinished")
    ] == [3.0, 1.0, 0.0, 2.0]


@pytest.mark.parametrize(
    "text",
    [
        "stations: {desk: {servers: 0, service: {constant: 1s}}}" + ONE_DESK,
        """
stations: {desk: {servers: 0, service: {constant: 1s}, timeout: 1h}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: ask},
    done: {end: completed}}}}
""",
    ],
)
def test_a_case_that_can_never_end_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(EndlessCase) as raised:
        trace(text, tmp_path, j=[0])
    error = raised.value
    assert (error.journey, error.number, error.node) == ("j", 0, "j.ask")


def test_an_endless_case_inside_a_fork_is_named_by_the_branch_that_hangs(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 0, service: {constant: 1s}}}
journeys:
  j: {start: both, nodes: {both: {fork: [a, b], next: done}, a: {delay: {constant: 1s}},
      b: {serve: desk}, done: {end: completed}}}
"""
    with pytest.raises(EndlessCase) as raised:
        trace(text, tmp_path, j=[0, 0])
    assert (raised.value.number, raised.value.node) == (0, "j.b")


def test_an_endless_fork_is_named_while_it_pauses_between_its_rounds(tmp_path: Path) -> None:
    text = """
stations: {shut: {servers: 0, service: {constant: 1s}, queue_limit: 0}}
journeys:
  j:
    start: outer
    nodes:
      outer: {fork: [c, d], next: done, fail: {to: outer, after: {constant: 1d}}}
      c: {serve: shut}
      d: {delay: {constant: 1s}}
      done: {end: completed}
"""
    with pytest.raises(EndlessCase) as raised:
        trace(text, tmp_path, j=[0])
    assert (raised.value.journey, raised.value.number, raised.value.node) == ("j", 0, "j.outer")


def test_a_case_that_visits_a_node_more_often_than_can_be_recorded_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
stations: {}
journeys: {j: {start: poll, nodes: {poll: {delay: {constant: 1s}, next: again},
    again: {choose: [{to: done, if: {visits: {again: {at_least: 3}}}}, {to: poll}]},
    done: {end: completed}}}}
"""
    monkeypatch.setattr(simpy_engine, "MAX_VISITS", 3)
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 3, "completed")]
    monkeypatch.setattr(simpy_engine, "MAX_VISITS", 2)
    with pytest.raises(EndlessCase) as raised:
        trace(text, tmp_path, j=[0])
    assert (raised.value.journey, raised.value.number, raised.value.node) == ("j", 0, "j.poll")


def test_a_long_case_inside_a_hundred_arrival_spans_is_no_error(tmp_path: Path) -> None:
    text = """
stations: {}
journeys: {j: {start: wait, nodes: {wait: {delay: {constant: %s}, next: done},
    done: {end: completed}}}}
"""
    two_days = 2 * 86400
    assert trace(text % "197d", tmp_path, j=[0, two_days]).run.completed == 2
    with pytest.raises(EndlessCase):
        trace(text % "199d", tmp_path, j=[0, two_days])


def test_a_case_without_end_is_unfinished_under_a_horizon(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 0, service: {constant: 1s}}}"
    assert trace(text + ONE_DESK, tmp_path, "1d", j=[0]).open == [("j", 0, ("j.ask",))]

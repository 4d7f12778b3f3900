"""Forks: branches at once, joined by the last of them."""

from pathlib import Path

from tests.sim.tracing import figures, scenario, trace

STATIONS = """
stations:
  quick: {servers: 1, service: {constant: 3s}}
  slow: {servers: 1, service: {constant: 7s}}
  shut: {servers: 0, service: {constant: 1s}, queue_limit: 0}
"""


def test_a_fork_joins_with_its_last_branch(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j: {start: both, nodes: {both: {fork: [a, b], next: done}, a: {serve: quick}, b: {serve: slow},
      done: {end: completed}}}
"""
    )
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [("j0", "a", 0, 0, 3, "served"), ("j0", "b", 0, 0, 7, "served")]
    assert run.cases == [("j0", 0, 7, "completed")]


def test_a_failed_branch_lets_its_siblings_finish_then_the_fork_fails(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: both
    nodes:
      both: {fork: [a, b], next: done, fail: {to: rest, after: {constant: 5s}}}
      a: {serve: shut}
      b: {serve: slow}
      rest: {delay: {constant: 100s}, next: done}
      done: {end: completed}
"""
    )
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [("j0", "a", 0, None, 0, "refused"), ("j0", "b", 0, 0, 7, "served")]
    assert run.cases == [("j0", 0, 7 + 5 + 100, "completed")]


def test_a_failed_fork_without_fail_abandons_the_case_once(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j: {start: both, nodes: {both: {fork: [a, b, c], next: done}, a: {serve: shut},
      b: {serve: slow}, c: {serve: shut}, done: {end: completed}}}
"""
    )
    run = trace(text, tmp_path, j=[0])
    assert run.cases == [("j0", 0, 7, "abandoned")]
    assert run.run.abandoned == 1


def test_a_branch_takes_its_own_fail_before_it_fails_the_fork(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: both
    nodes:
      both: {fork: [a, b], next: done}
      a: {serve: shut, fail: c}
      c: {delay: {constant: 20s}}
      b: {serve: slow}
      done: {end: completed}
"""
    )
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 20, "completed")]


def test_forks_nest_and_an_inner_failure_fails_the_branch_around_it(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: outer
    nodes:
      outer: {fork: [left, right], next: done, fail: sorry}
      left: {fork: [a, b]}
      a: {serve: quick}
      b: {serve: %s}
      right: {serve: slow}
      sorry: {delay: {constant: 1s}, next: lost}
      done: {end: completed}
      lost: {end: abandoned}
"""
    )
    assert trace(text % "quick", tmp_path, j=[0]).cases == [("j0", 0, 7, "completed")]
    assert trace(text % "shut", tmp_path, j=[0]).cases == [("j0", 0, 8, "abandoned")]


def test_branches_that_take_no_time_join_at_once(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: both
    nodes:
      both: {fork: [a, b], next: rest}
      a: {delay: {constant: 0s}}
      b: {serve: quick, service: {constant: 0s}}
      rest: {delay: {constant: 4s}, next: done}
      done: {end: completed}
"""
    )
    assert trace(text, tmp_path, j=[2]).cases == [("j0", 2, 6, "completed")]


def test_a_fork_taken_again_after_a_failure_counts_its_max(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: both
    nodes:
      both: {fork: [a, b], next: done, fail: {to: both, after: {constant: 1s}, max: 2}}
      a: {serve: shut}
      b: {serve: slow}
      done: {end: completed}
"""
    )
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 7 + 1 + 7 + 1 + 7, "abandoned")]


def test_branches_of_one_case_compete_for_a_server(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j: {start: both, nodes: {both: {fork: [b, a], next: done}, a: {serve: quick}, b: {serve: quick},
      done: {end: completed}}}
"""
    )
    run = trace(text, tmp_path, j=[0])
    # Branches begin in the order the fork names them.
    assert run.visits == [("j0", "b", 0, 0, 3, "served"), ("j0", "a", 0, 3, 6, "served")]


def test_a_case_cut_off_inside_a_fork_is_one_case_at_the_places_of_its_branches(
    tmp_path: Path,
) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: outer
    nodes:
      outer: {fork: [left, right], next: done}
      left: {fork: [a, b]}
      a: {serve: quick}
      b: {serve: slow}
      right: {delay: {constant: 1h}}
      done: {end: completed}
"""
    )
    run = trace(text, tmp_path, "5s", j=[0])
    assert run.open == [("j", 0, ("j.b", "j.right"))]
    done = figures(scenario(text, tmp_path, "5s", j=[0]))
    assert done.figures["journeys.j.unfinished"] == 1.0
    paths = {run.model.graph.nodes[node].path: n for (_, node), n in done.open_at.items()}
    assert paths == {"j.b": 1, "j.right": 1}
    assert all(check.passed for check in done.checks)


PAUSING = """
stations: {shut: {servers: 0, service: {constant: 1s}, queue_limit: 0}}
journeys:
  j:
    start: outer
    nodes:
      outer: {fork: [a, b], next: done}
      a: {fork: [c, d], fail: {to: a2, after: {constant: 3h}}}
      a2: {delay: {constant: 1h}}
      b: {delay: {constant: %s}}
      c: {serve: shut}
      d: {delay: {constant: 10m}}
      done: {end: completed}
"""


def test_a_fork_that_pauses_after_its_failure_is_a_place_of_its_own(tmp_path: Path) -> None:
    text = PAUSING % "2h"
    run = trace(text, tmp_path, "1h", j=[0])
    assert run.open == [("j", 0, ("j.a", "j.b"))]
    done = figures(scenario(text, tmp_path, "1h", j=[0]))
    assert all(check.passed for check in done.checks)
    paths = {run.model.graph.nodes[node].path: n for (_, node), n in done.open_at.items()}
    assert paths == {"j.a": 1, "j.b": 1}


def test_a_case_that_is_only_in_the_pause_of_a_failed_fork_is_still_inside(tmp_path: Path) -> None:
    text = PAUSING % "5m"
    run = trace(text, tmp_path, "1h", j=[0])
    assert run.open == [("j", 0, ("j.a",))]
    assert all(check.passed for check in figures(scenario(text, tmp_path, "1h", j=[0])).checks)
    assert trace(text, tmp_path, j=[0]).cases == [("j0", 0, 600 + 4 * 3600, "completed")]

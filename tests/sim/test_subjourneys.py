"""Journeys run inside others: their ends, the failure of the node that runs them, their figures."""

from pathlib import Path

from tests.sim.tracing import figures, scenario, trace

STATIONS = """
stations:
  desk: {servers: 1, service: {constant: 10s}}
  shut: {servers: 0, service: {constant: 1s}, queue_limit: 0}
"""

INNER_COMPLETES = """
  inner: {start: ask, nodes: {ask: {serve: desk, next: ok}, ok: {end: completed}}}
"""
INNER_ABANDONS = """
  inner: {start: ask, nodes: {ask: {serve: desk, next: no}, no: {end: abandoned}}}
"""
INNER_FAILS = """
  inner: {start: ask, nodes: {ask: {serve: desk, next: try}, try: {serve: shut, next: ok},
      ok: {end: completed}}}
"""
OUTER = """
journeys:
  j:
    start: sub
    nodes:
      sub: {run: inner, next: rest%s}
      rest: {delay: {constant: 5s}, next: done}
      sorry: {delay: {constant: 100s}, next: lost}
      done: {end: completed}
      lost: {end: abandoned}
"""
OUTER_PLAIN = """
journeys:
  j: {start: sub, nodes: {sub: {run: inner, next: rest}, rest: {delay: {constant: 5s},
      next: done}, done: {end: completed}}}
"""


def test_a_completed_sub_journey_leads_on(tmp_path: Path) -> None:
    run = trace(STATIONS + OUTER_PLAIN + INNER_COMPLETES, tmp_path, j=[0])
    assert run.visits == [("j0", "sub/ask", 0, 0, 10, "served")]
    assert run.cases == [("inner0", 0, 10, "completed"), ("j0", 0, 15, "completed")]


def test_an_abandoned_sub_journey_takes_the_fail_of_its_run(tmp_path: Path) -> None:
    text = STATIONS + OUTER % ", fail: {to: sorry, after: {constant: 2s}}" + INNER_ABANDONS
    run = trace(text, tmp_path, j=[0])
    assert run.cases == [("inner0", 0, 10, "abandoned"), ("j0", 0, 112, "abandoned")]


def test_a_failure_nobody_catches_abandons_the_sub_journey_and_then_its_caller(
    tmp_path: Path,
) -> None:
    run = trace(STATIONS + OUTER_PLAIN + INNER_FAILS, tmp_path, j=[0])
    assert run.cases == [("inner0", 0, 10, "abandoned"), ("j0", 0, 10, "abandoned")]


def test_a_branch_that_fails_in_nested_sub_journeys_leaves_none_of_them_open(
    tmp_path: Path,
) -> None:
    text = (
        STATIONS
        + """
journeys:
  j: {start: both, nodes: {both: {fork: [one, two], next: done}, one: {run: inner},
      two: {delay: {constant: 3s}}, done: {end: completed}}}
  inner: {start: pair, nodes: {pair: {fork: [x, y], next: ok}, x: {run: innermost},
      y: {delay: {constant: 20s}}, ok: {end: completed}}}
  innermost: {start: ask, nodes: {ask: {serve: desk, next: try}, try: {serve: shut, next: ok},
      ok: {end: completed}}}
"""
    )
    assert trace(text, tmp_path, j=[0]).cases == [
        ("innermost0", 0, 10, "abandoned"),
        ("inner0", 0, 20, "abandoned"),
        ("j0", 0, 20, "abandoned"),
    ]


def test_max_of_a_node_that_runs_a_journey_goes_on_counting_when_its_caller_runs_again(
    tmp_path: Path,
) -> None:
    text = (
        STATIONS
        + """
journeys:
  j: {start: sub, nodes: {sub: {run: middle, next: done,
      fail: {to: sub, after: {constant: 100s}, max: 1}}, done: {end: completed}}}
  middle: {start: deep, nodes: {deep: {run: inner, next: ok,
      fail: {to: deep, after: {constant: 1s}, max: 2}}, ok: {end: completed}}}
"""
        + INNER_ABANDONS
    )
    # Two failures of `deep` go back; the third and, in the second run of `middle`, the next do not.
    ends = [row[1:3] for row in trace(text, tmp_path, j=[0]).cases if row[0] == "inner0"]
    assert ends == [(0, 10), (11, 21), (22, 32), (132, 142)]


def test_a_sub_journey_is_run_again_at_most_max_times(tmp_path: Path) -> None:
    fail = ", fail: {to: sub, after: {constant: 2s}, max: 2, give_up: sorry}"
    run = trace(STATIONS + OUTER % fail + INNER_ABANDONS, tmp_path, j=[0])
    assert run.cases == [
        ("inner0", 0, 10, "abandoned"),
        ("inner0", 12, 22, "abandoned"),
        ("inner0", 24, 34, "abandoned"),
        ("j0", 0, 134, "abandoned"),
    ]


def test_max_of_a_run_counts_failures_whichever_end_they_come_from(tmp_path: Path) -> None:
    # The first run ends at `no`, the second at `never`: they are failures of the same node.
    inner = """
  inner:
    start: ask
    nodes:
      ask: {serve: desk, next: which}
      which: {choose: [{to: no, if: {visits: {ask: {at_most: 1}}}}, {to: never}]}
      no: {end: abandoned}
      never: {end: abandoned}
"""
    fail = ", fail: {to: sub, after: {constant: 2s}, max: 1, give_up: sorry}"
    run = trace(STATIONS + OUTER % fail + inner, tmp_path, j=[0])
    assert run.cases == [
        ("inner0", 0, 10, "abandoned"),
        ("inner0", 12, 22, "abandoned"),
        ("j0", 0, 122, "abandoned"),
    ]


def test_a_failed_sub_journey_in_a_branch_fails_the_branch(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: both
    nodes:
      both: {fork: [sub, wait], next: done, fail: sorry}
      sub: {run: inner}
      wait: {delay: {constant: 30s}}
      sorry: {delay: {constant: 1s}, next: done}
      done: {end: completed}
"""
        + INNER_FAILS
    )
    run = trace(text, tmp_path, j=[0])
    assert run.cases == [("inner0", 0, 10, "abandoned"), ("j0", 0, 31, "completed")]


def test_a_failed_branch_inside_a_sub_journey_abandons_it_when_the_others_are_done(
    tmp_path: Path,
) -> None:
    inner = """
  inner:
    start: both
    nodes:
      both: {fork: [try, ask], next: ok}
      try: {serve: shut}
      ask: {serve: desk}
      ok: {end: completed}
"""
    fail = ", fail: sorry"
    run = trace(STATIONS + OUTER % fail + inner, tmp_path, j=[0])
    assert run.cases == [("inner0", 0, 10, "abandoned"), ("j0", 0, 110, "abandoned")]


def test_sub_journeys_nest(tmp_path: Path) -> None:
    text = (
        STATIONS
        + OUTER_PLAIN
        + """
  inner: {start: deep, nodes: {deep: {run: deepest, next: ok}, ok: {end: completed}}}
  deepest: {start: ask, nodes: {ask: {serve: desk, next: ok}, ok: {end: completed}}}
"""
    )
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [("j0", "sub/deep/ask", 0, 0, 10, "served")]
    assert run.cases == [
        ("deepest0", 0, 10, "completed"),
        ("inner0", 0, 10, "completed"),
        ("j0", 0, 15, "completed"),
    ]


def test_two_places_that_run_one_journey_have_visits_of_their_own(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
journeys:
  j:
    start: one
    nodes: {one: {run: inner, next: two}, two: {run: inner, next: done}, done: {end: completed}}
"""
        + INNER_COMPLETES
    )
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [
        ("j0", "one/ask", 0, 0, 10, "served"),
        ("j0", "two/ask", 10, 10, 20, "served"),
    ]


def test_a_journey_that_also_arrives_by_itself_is_counted_with_its_runs(tmp_path: Path) -> None:
    text = STATIONS + OUTER_PLAIN + INNER_COMPLETES
    done = figures(scenario(text, tmp_path, j=[0], inner=[100, 200])).figures
    assert done["journeys.inner.arrived"] == 3.0
    assert done["journeys.inner.completed"] == 3.0
    assert done["journeys.inner.time.mean"] == 10.0
    assert done["journeys.j.arrived"] == 1.0
    assert done["journeys.j.time.mean"] == 15.0


def test_a_sub_journey_cut_off_by_the_end_is_unfinished_with_its_caller(tmp_path: Path) -> None:
    complete = scenario(STATIONS + OUTER_PLAIN + INNER_COMPLETES, tmp_path, "4s", j=[1])
    done = figures(complete)
    assert done.figures["journeys.inner.unfinished"] == 1.0
    assert done.figures["journeys.j.unfinished"] == 1.0
    assert [check.passed for check in done.checks] == [True, True]


def test_a_listed_journey_that_nobody_enters_has_figures_of_nothing(tmp_path: Path) -> None:
    text = (
        STATIONS
        + """
objectives: [{id: o, journey: idle, within: 1h, at_least: 0.5}]
journeys:
  j: {start: done, nodes: {done: {end: completed}}}
  idle: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
"""
    )
    done = figures(scenario(text, tmp_path, j=[0]))
    assert done.figures["journeys.idle.arrived"] == 0.0
    assert done.figures["journeys.idle.time.mean"] is None
    assert done.shares["o"].share is None

"""Events of one instant: completion, capacity or fault, timeout or patience, end of delay, arrival;
inside a class by entity, node, visit, never by the order in which they were planned."""

from pathlib import Path

import pytest

from sim.engines.simpy_clock import CAPACITY, COMPLETION, END_OF_DELAY, PATIENCE, TIMEOUT
from sim.engines.visits import Case, Visit
from sim.model.graph import ServeNode
from sim.model.model import compile_model
from sim.model.numbering import MAX_ATTEMPTS, MAX_VISITS
from tests.sim.tracing import MONDAY, ONE_DESK, figures, scenario, trace

HOUR = 3600

TWO_DESKS = """
stations: {desk: {servers: 1, service: {constant: 1s}}}
journeys: {j: {start: a, nodes: {a: {serve: desk, next: b}, b: {serve: desk, next: done},
    done: {end: completed}}}}
"""
SHIFT_TO_NINE = """
stations:
  desk:
    service: {constant: 1h}
    shift_end: %s
    servers: {shifts: [{days: all, from: "08:00", to: "09:00", count: 1}]}
"""


def test_a_completion_at_the_end_of_a_shift_comes_before_the_suspension(tmp_path: Path) -> None:
    run = trace(SHIFT_TO_NINE % "suspend" + ONE_DESK, tmp_path, j=[8 * HOUR])
    assert run.visits == [("j0", "ask", 8 * HOUR, 8 * HOUR, 9 * HOUR, "served")]
    assert run.busy == [("j0", "ask", 8 * HOUR, 9 * HOUR)]


@pytest.mark.parametrize("shift_end", ["finish", "suspend"])
def test_nothing_begins_at_the_very_end_of_a_shift(tmp_path: Path, shift_end: str) -> None:
    run = trace(SHIFT_TO_NINE % shift_end + ONE_DESK, tmp_path, j=[0, 0])
    tomorrow = 32 * HOUR
    assert run.visits == [
        ("j0", "ask", 0, 8 * HOUR, 9 * HOUR, "served"),
        ("j1", "ask", 0, tomorrow, tomorrow + HOUR, "served"),
    ]


def test_a_case_that_comes_from_another_station_at_the_end_of_a_shift_waits(tmp_path: Path) -> None:
    text = """
stations:
  desk: {servers: {shifts: [{days: all, from: "08:00", to: "09:00", count: 1}]},
      service: {constant: 1h}}
  door: {servers: 1, service: {constant: 1h}}
journeys:
  j: {start: in, nodes: {in: {serve: door, next: ask}, ask: {serve: desk, next: done},
      done: {end: completed}}}
"""
    run = trace(text, tmp_path, j=[8 * HOUR])
    assert run.visits == [
        ("j0", "in", 8 * HOUR, 8 * HOUR, 9 * HOUR, "served"),
        ("j0", "ask", 9 * HOUR, 32 * HOUR, 33 * HOUR, "served"),
    ]


OUTAGE = """
stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 30s}}
faults: [{id: down, service: desk, kind: outage, from: 2026-04-20T00:00:10, for: 15s}]
"""


def test_a_completion_at_the_begin_of_an_outage_is_served_and_the_next_does_not_begin(
    tmp_path: Path,
) -> None:
    run = trace(OUTAGE + ONE_DESK, tmp_path, j=[0, 1])
    assert run.visits == [
        ("j0", "ask", 0, 0, 10, "served"),
        ("j1", "ask", 1, 25, 31, "timeout"),
    ]


def test_an_outage_ends_before_a_patience_of_the_same_instant(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, timeout: 1h, patience: {constant: 15s}}}
faults: [{id: down, service: desk, kind: outage, from: 2026-04-20T00:00:10, for: 15s}]
"""
    run = trace(text + ONE_DESK, tmp_path, j=[10])
    assert run.visits == [("j0", "ask", 10, 25, 35, "served")]


def test_a_shift_begins_before_a_patience_of_the_same_instant(tmp_path: Path) -> None:
    text = """
stations:
  desk:
    servers: {shifts: [{days: all, from: "08:00", to: "09:00", count: 1}]}
    service: {constant: 10s}
    patience: {constant: 1h}
"""
    run = trace(text + ONE_DESK, tmp_path, j=[7 * HOUR - 1, 7 * HOUR])
    assert run.visits == [
        ("j0", "ask", 7 * HOUR - 1, None, 8 * HOUR - 1, "impatient"),
        ("j1", "ask", 7 * HOUR, 8 * HOUR, 8 * HOUR + 10, "served"),
    ]


def test_a_patience_ends_before_a_case_comes_from_a_delay_at_the_same_instant(
    tmp_path: Path,
) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 100s}, queue_limit: 1, patience: {constant: 9s}}}
journeys:
  j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
  a: {start: rest, nodes: {rest: {delay: {constant: 10s}, next: ask}, ask: {serve: desk,
      next: done}, done: {end: completed}}}
"""
    # At 10 j1's place is free for a0. Journey `a` is declared last: its entities come last.
    run = trace(text, tmp_path, j=[0, 1], a=[0])
    assert run.visits == [
        ("j1", "ask", 1, None, 10, "impatient"),
        ("a0", "ask", 10, None, 19, "impatient"),
        ("j0", "ask", 0, 0, 100, "served"),
    ]


def test_a_timeout_comes_before_a_patience_that_ends_with_it(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 0, service: {constant: 1s}, timeout: %s, patience: %s}}"
    at = {
        (timeout, patience): trace(
            text % (timeout, f"{{constant: {patience}}}") + ONE_DESK, tmp_path, j=[0]
        ).visits[0][-2:]
        for timeout, patience in (("5s", "5s"), ("5.000001s", "5s"))
    }
    assert at == {("5s", "5s"): (5, "timeout"), ("5.000001s", "5s"): (5, "impatient")}


def test_no_two_events_of_a_class_share_a_key_and_keys_go_by_case_node_visit_and_attempt() -> None:
    text = "arrivals: [{journey: j, rate: {per_hour: 1}}]\n" + TWO_DESKS
    first, second = (
        node
        for node in compile_model(scenario(text, horizon="1h")).graph.nodes
        if isinstance(node, ServeNode)
    )
    cases = [Case(journey, number, 0, 0, [0, 0, 0]) for journey in (0, 1) for number in (0, 1)]
    visits = [
        Visit(case, node, number, attempt, False)
        for case in cases
        for node in (first, second)
        for number in (0, 1, MAX_VISITS - 1)
        for attempt in (0, 1, MAX_ATTEMPTS - 1)
    ]
    keys = [key for visit in visits for key in (TIMEOUT + visit.order, PATIENCE + visit.order)]
    assert keys == sorted(set(keys))
    assert max(COMPLETION + visit.order for visit in visits) < CAPACITY
    assert CAPACITY < keys[0] < keys[-1] < END_OF_DELAY


def test_a_timeout_comes_before_a_case_from_a_delay_also_of_an_earlier_entity(
    tmp_path: Path,
) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 100s}, queue_limit: 1, timeout: 9s}}
journeys:
  a: {start: rest, nodes: {rest: {delay: {constant: 10s}, next: ask}, ask: {serve: desk,
      next: done}, done: {end: completed}}}
  j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
"""
    run = trace(text, tmp_path, a=[0], j=[0, 1])
    assert run.visits == [
        ("j0", "ask", 0, 0, 9, "timeout"),
        ("j1", "ask", 1, None, 10, "timeout"),
        ("a0", "ask", 10, None, 19, "timeout"),
    ]


def test_the_end_of_a_delay_comes_before_an_arrival_of_the_same_instant(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 5s}}}
journeys:
  a: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
  z: {start: rest, nodes: {rest: {delay: {constant: 10s}, next: ask}, ask: {serve: desk,
      next: done}, done: {end: completed}}}
"""
    run = trace(text, tmp_path, a=[10], z=[0])
    assert run.visits == [
        ("z0", "ask", 10, 10, 15, "served"),
        ("a0", "ask", 10, 15, 20, "served"),
    ]


def test_a_completion_gives_its_server_before_an_arrival_asks_for_it(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 0}}"
    run = trace(text + ONE_DESK, tmp_path, j=[0, 10])
    assert [row[-1] for row in run.visits] == ["served", "served"]


def test_a_fault_that_begins_with_an_arrival_hits_it(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}}}
faults: [{id: slow, service: desk, kind: slow, factor: 3, from: 2026-04-20T00:00:10, for: 15s}]
"""
    run = trace(text + ONE_DESK, tmp_path, j=[10])
    assert run.visits == [("j0", "ask", 10, 10, 40, "served")]


TWO_JOURNEYS = """
stations: {desk: {servers: 1, service: {constant: 5s}}}
journeys:
  first: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
  second: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}
"""


def test_arrivals_of_one_instant_come_by_journey_and_number(tmp_path: Path) -> None:
    run = trace(TWO_JOURNEYS, tmp_path, first=[7, 7], second=[7, 7])
    assert run.visits == [
        ("first0", "ask", 7, 7, 12, "served"),
        ("first1", "ask", 7, 12, 17, "served"),
        ("second0", "ask", 7, 17, 22, "served"),
        ("second1", "ask", 7, 22, 27, "served"),
    ]


def test_the_order_in_which_arrivals_are_declared_does_not_matter(tmp_path: Path) -> None:
    one = trace(TWO_JOURNEYS, tmp_path, first=[7, 7], second=[0, 7])
    other = trace(TWO_JOURNEYS, tmp_path, second=[0, 7], first=[7, 7])
    assert one.visits == other.visits


def test_completions_of_one_instant_run_by_entity_whoever_began_first(tmp_path: Path) -> None:
    text = """
stations: {slow: {servers: 1, service: {constant: 10s}}, quick: {servers: 1,
    service: {constant: 4s}},
           desk: {servers: 1, service: {constant: 1s}}}
journeys:
  a: {start: go, nodes: {go: {serve: quick, next: ask}, ask: {serve: desk, next: done},
      done: {end: completed}}}
  b: {start: go, nodes: {go: {serve: slow, next: ask}, ask: {serve: desk, next: done},
      done: {end: completed}}}
"""
    # b0's service was planned at 0, a0's at 6; both end at 10, and a0 is the smaller entity.
    run = trace(text, tmp_path, a=[6], b=[0])
    assert run.visits == [
        ("a0", "go", 6, 6, 10, "served"),
        ("b0", "go", 0, 0, 10, "served"),
        ("a0", "ask", 10, 10, 11, "served"),
        ("b0", "ask", 10, 11, 12, "served"),
    ]


def test_branches_of_one_case_that_end_at_one_instant_run_by_node(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 1s}}}
journeys:
  j:
    start: both
    nodes:
      one: {delay: {constant: 3s}, next: ask1}
      ask1: {serve: desk}
      two: {delay: {constant: 3s}, next: ask2}
      ask2: {serve: desk}
      both: {fork: [two, one], next: done}
      done: {end: completed}
"""
    # Branch `two` was started first, but node `one` has the smaller number.
    run = trace(text, tmp_path, j=[0])
    assert run.visits == [
        ("j0", "ask1", 3, 3, 4, "served"),
        ("j0", "ask2", 3, 4, 5, "served"),
    ]


def test_the_order_in_which_stations_and_faults_are_declared_does_not_matter() -> None:
    stations = {
        "a": "a: {servers: 1, service: {exponential: {mean: 10s}}, timeout: 40s}",
        "b": "b: {servers: 1, service: {exponential: {mean: 9s}}, timeout: 30s}",
    }
    faults = [
        "{id: one, service: a, kind: slow, factor: 1.5, from: 2026-04-20T00:10, for: 1h}",
        "{id: two, service: a, kind: slow, factor: 1.1, from: 2026-04-20T00:20, for: 1h}",
        "{id: three, service: a, kind: outage, from: 2026-04-20T00:30, for: 5m}",
        "{id: four, service: b, kind: error, p: 0.5, from: 2026-04-20T00:30, for: 5m}",
    ]
    rest = """
arrivals: [{journey: j, rate: {per_hour: 250}}]
journeys:
  j: {start: a, nodes: {a: {serve: a, next: b}, b: {serve: b, next: done}, done: {end: completed}}}
"""
    done = [
        figures(
            scenario(
                f"stations: {{{', '.join(stations[s] for s in order)}}}\n"
                f"faults: [{', '.join(listed)}]" + rest,
                horizon="2h",
            )
        ).figures
        for order, listed in (("ab", faults), ("ba", faults[::-1]))
    ]
    assert done[0] == done[1]


def test_a_run_begins_at_its_start_whatever_the_hour(tmp_path: Path) -> None:
    late = MONDAY.replace(hour=8, minute=30)
    run = trace(SHIFT_TO_NINE % "finish" + ONE_DESK, tmp_path, start=late, j=[0])
    assert run.visits == [("j0", "ask", 0, 0, HOUR, "served")]

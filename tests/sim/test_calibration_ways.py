"""From a log to the ways that cases go: shares, forks, and where time passes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sim.handwritten_logs import Visit, calibrated, limits, scenario, shares


def test_ways_and_their_shares_are_those_of_the_log(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {}
    for n in range(20):
        visits: list[Visit] = [("ask", "desk", 0, 0, 4)]
        if n % 4 == 0:
            visits += [("mend", "desk", 10, 10, 12), ("ask", "desk", 12, 12, 15)]
        cases[n * 30] = visits
    found = calibrated(tmp_path, cases)
    assert shares(found) == {
        ("start", "ask"): 1.0, ("ask", "mend"): 0.2, ("mend", "ask"): 1.0, ("ask", "end"): 0.8,
    }  # fmt: skip
    (journey,) = found.journeys
    assert [found.names[a] for loop in journey.chain.loops for a in loop] == ["ask", "mend"]
    assert {found.names[a]: e.value for a, e in journey.repeats.items()} == {"ask": 0.25}
    assert {"loops_forget", "never_full"} <= limits(found)
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes == {
        "ask": {"serve": "desk", "next": "after_ask"},
        "mend": {"serve": "desk", "service": {"constant": "2m"}, "next": "ask"},
        "wait_mend": {"delay": {"constant": "6m"}, "next": "mend"},
        "after_ask": {"choose": [{"to": "done", "p": 0.8}, {"to": "wait_mend", "p": 0.2}]},
        "done": {"end": "completed"},
    }


def test_what_overlaps_is_a_fork_with_a_branch_that_may_be_left_out(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {}
    for n in range(20):
        visits: list[Visit] = [
            ("ask", "a", 0, 0, 1),
            ("tax", "b", 1, 1, 9),
            ("sign", "d", 12, 12, 13),
        ]
        if n % 5:
            visits += [("fund", "c", 3, 3, 5), ("fund2", "c", 5, 5, 12)]
        cases[n * 30] = visits
    found = calibrated(tmp_path, cases)
    (journey,) = found.journeys
    (block,) = journey.blocks
    assert [{found.names[a] for a in branch} for branch in block.branches] == [
        {"tax"},
        {"fund", "fund2"},
    ]
    assert shares(found) == {
        ("start", "ask"): 1.0,
        ("ask", "fork_1"): 1.0,
        ("fork_1", "sign"): 1.0,
        ("sign", "end"): 1.0,
    }
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["fork_1"]["fork"] == ["tax", "fork_1_2_begins"]
    assert nodes["fork_1_2_begins"]["choose"] == [
        {"to": "wait_fund", "p": 0.8}, {"to": "fork_1_2_begins_ends", "p": 0.2},
    ]  # fmt: skip
    assert nodes["fund2"] == {"serve": "c", "service": {"constant": "7m"}}
    assert nodes["tax"] == {"serve": "b"}


def test_orders_that_vary_without_starts_are_told_and_not_taken_for_a_fork(tmp_path: Path) -> None:
    first: list[Visit] = [
        ("a", "", None, None, 0),
        ("b", "", None, None, 1),
        ("c", "", None, None, 2),
    ]
    second: list[Visit] = [first[0], ("c", "", None, None, 1), ("b", "", None, None, 2)]
    found = calibrated(tmp_path, {n * 30: (first if n % 2 else second) for n in range(40)})
    assert found.journeys[0].blocks == ()
    assert {"either_order", "false_loops", "no_resources"} <= limits(found)


def test_without_starts_all_time_is_a_delay_and_there_are_no_stations(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 30: [("приём", "Иванова", None, None, 0), ("ответ", "Петров", None, None, 7)]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert (found.stations, found.people) == ((), 2)
    assert limits(found) >= {"only_completions"}
    document = scenario(found, tmp_path)
    assert document["stations"] == {}
    assert document["journeys"]["case"] == {
        "start": "приём_first",
        "nodes": {
            "приём_first": {
                "title": {"ru": "приём", "en": "приём"},
                "delay": {"constant": "0s"},
                "next": "ответ",
            },
            "ответ": {"delay": {"constant": "7m"}, "next": "done"},
            "done": {"end": "completed"},
        },
    }


@pytest.mark.parametrize(
    ("told", "served"),
    [
        (lambda n: (None, None), False),
        (lambda n: (5, None), False),  # it could be begun, but was it?
        (lambda n: (None, 5 if n % 5 else None), False),  # 16 starts of 20
        (lambda n: (5, 5 if n % 5 else None), False),
        (lambda n: (None, 5 if n % 10 else None), True),  # 18 starts of 20: enough
    ],
)
def test_time_of_an_activity_with_too_few_starts_is_a_delay_from_the_end_before_it_to_its_own(
    tmp_path: Path, told: Callable[[int], tuple[float | None, float | None]], served: bool
) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [("ask", "desk", 0, 0, 4), ("answer", "back", *told(n), 65)] for n in range(20)
    }
    document = scenario(calibrated(tmp_path, cases), tmp_path)
    nodes = document["journeys"]["case"]["nodes"]
    assert ("back" in document["stations"]) is served
    if served:
        assert document["stations"]["back"]["service"] == {"constant": "60m"}
    else:
        assert nodes["answer"] == {"delay": {"constant": "61m"}, "next": "done"}


def test_time_of_the_first_activity_without_starts_is_a_delay_from_the_arrival(
    tmp_path: Path,
) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [("ask", "", 0, None, 60), ("answer", "desk", None, 62, 65)] for n in range(20)
    }
    nodes = scenario(calibrated(tmp_path, cases), tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["ask_first"]["delay"] == {"constant": "60m"}
    assert nodes["wait_answer"]["delay"] == {"constant": "2m"}


def test_an_activity_without_starts_comes_at_its_end_whatever_began_meanwhile(
    tmp_path: Path,
) -> None:
    # Its end is all that the model keeps of it, so that the case takes its 60 minutes, not 70.
    cases: dict[float, list[Visit]] = {
        n * 120: [("long", "", 0 if n < 4 else None, None, 60), ("short", "", None, 30, 40)]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert shares(found)["short", "long"] == 1.0
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["long"]["delay"] == {"constant": "20m"}


def test_time_of_a_branch_without_starts_is_a_delay_inside_its_fork(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [
            ("ask", "desk", 0, 0, 1),
            ("tax", "office", 2, 2, 9),
            ("fund", "", 3, None, 12),
            ("sign", "desk", 12, 12, 13),
        ]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert len(found.journeys[0].blocks) == 1
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["wait_fork_1"]["delay"] == {"constant": "60s"}
    assert nodes["fork_1"] == {"fork": ["tax", "fund_first"], "next": "sign"}
    assert nodes["fund_first"]["delay"] == {"constant": "10m"}

"""Cycles that take no time, and journeys that run themselves."""

import pytest

from scenarios.loader import loads
from tests.scenarios.told_problems import GOOD, NODE, Case, problems_of, told

CASES = {
    "choice that leads to itself": Case(
        "{to: gate}]}", "{to: sort}]}", [("cycle_without_time", 28, f"{NODE}.sort")]
    ),
    "check that returns to itself": Case(
        "fail: ask}", "fail: gate}", [("cycle_without_time", 32, f"{NODE}.gate")]
    ),
    "check that returns after no time": Case(
        "fail: ask}",
        "fail: {to: gate, after: {constant: 0s}}}",
        [("cycle_without_time", 32, f"{NODE}.gate")],
    ),
    "delays of zero in a circle": Case(
        "fail: ask}",
        "fail: again}\n      again: {delay: {uniform: {low: 0s, high: 0s}}, next: gate}",
        [("cycle_without_time", 32, f"{NODE}.gate")],
    ),
    "branches that take no time": Case(
        GOOD[GOOD.index("      both:") : GOOD.index("      answer:")],
        "      both: {fork: [left, right], next: gate}\n"
        "      left: {check: [REG-02]}\n"
        "      right: {delay: {constant: 0s}}\n"
        "      gate: {check: [REG-02], next: answer, fail: both}\n",
        [("cycle_without_time", 29, f"{NODE}.both")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_cycle_without_time_is_told_once(case: Case) -> None:
    assert told(case) == sorted(case.problems)


FULL_QUEUE = GOOD.replace("    retry: {max: 5, backoff: 2s}\n", "").replace(
    "fail: {to: ask, after: {constant: 1m}, max: 9, give_up: lost}", "fail: ask"
)


def test_full_queue_asked_again_at_once_is_a_cycle_without_time() -> None:
    assert problems_of(FULL_QUEUE) == [("cycle_without_time", 26, f"{NODE}.ask")]


def test_full_queue_asked_again_after_the_pause_of_a_retry_takes_time() -> None:
    assert loads(
        FULL_QUEUE.replace("    timeout:", "    retry: {max: 1, backoff: 1us}\n    timeout:")
    )


def test_unlimited_queue_asked_again_at_once_takes_time() -> None:
    assert loads(FULL_QUEUE.replace("    queue_limit: 500\n", ""))


def test_patience_of_zero_asked_again_at_once_is_a_cycle_without_time() -> None:
    text = FULL_QUEUE.replace("queue_limit: 500", "patience: {constant: 0s}")
    assert problems_of(text) == [("cycle_without_time", 26, f"{NODE}.ask")]


INNER = """
  inner:
    start: look
    nodes:
      look: {check: [REG-02], next: good, fail: bad}
      good: {end: completed}
      bad: {end: abandoned}
faults:"""


def test_run_of_a_journey_that_takes_no_time_is_a_cycle_without_time() -> None:
    text = GOOD.replace("check: [REG-02], next", "run: inner, next").replace(
        "fail: ask}", "fail: gate}"
    )
    text = text.replace("\nfaults:", INNER)
    assert problems_of(text) == [("cycle_without_time", 32, f"{NODE}.gate")]


def test_run_of_a_journey_that_takes_time_before_it_fails_is_no_cycle_without_time() -> None:
    inner = INNER.replace(
        "bad: {end", "bad: {delay: {constant: 1s}, next: worse}\n      worse: {end"
    )
    text = GOOD.replace("check: [REG-02], next", "run: inner, next").replace(
        "fail: ask}", "fail: gate}"
    )
    assert loads(text.replace("\nfaults:", inner))


def test_journeys_that_run_each_other_are_told_at_every_run() -> None:
    text = GOOD.replace("{serve: desk}\n", "{run: inner}\n").replace(
        "\nfaults:", INNER.replace("look: {check: [REG-02]", "look: {run: own")
    )
    assert problems_of(text) == [
        ("journey_recursion", 30, f"{NODE}.left.run"),
        ("journey_recursion", 39, "journeys.inner.nodes.look.run"),
    ]

"""Whether the memory of a server grows, from figures that are known by hand."""

import numpy as np
import pytest

from loadtests.results.memory import MemoryGrowth, memory_growth, settled_s
from loadtests.results.objectives import judged
from loadtests.results.result import ServerSeries
from loadtests.samples import SAMPLE
from scenarios.loader import loads

SCENARIO = """
version: 1
name: Память
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T11:00}
stations: {egrul: {servers: 1, service: {constant: 1s}, timeout: 30s}}
arrivals: [{journey: j, rate: {per_hour: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
load: {memory_growth_at_most: 0.25}
"""


def server(*memory_mb: float) -> ServerSeries:
    """One look a second, from second 0 on."""
    looks = len(memory_mb)
    return ServerSeries(range(looks), [1.0] * looks, memory_mb, [None] * looks, [None] * looks)


def test_memory_grows_from_the_first_fifth_of_the_steady_time_to_its_last() -> None:
    # Ten seconds of preparation, then twenty: four at 200 MB, one look is off, the last ones 250.
    seen = server(*[50] * 10, 200, 200, 999, 200, *[230] * 12, 250, 250, 250, 250, 10)
    assert memory_growth(seen, 10.0, 30.0) == MemoryGrowth(0.25)


def test_replacement_at_the_end_of_a_run_does_not_hide_that_memory_has_grown_all_the_time() -> None:
    # The look of second n sees n + 1 MB. Halfway: 360 to 432 and 648 to 720, medians 396.5, 684.5.
    growing = server(*range(1, 721))
    assert memory_growth(growing, 700.0, 720.0) == MemoryGrowth(684.5 / 396.5 - 1.0)
    assert memory_growth(growing, 361.0, 720.0) == memory_growth(growing, 360.0, 720.0)


def test_memory_is_not_judged_by_few_looks_or_without_a_process() -> None:
    assert memory_growth(server(*[100] * 14), 0.0, 14.0) == MemoryGrowth(None)
    assert memory_growth(server(*[100] * 15), 0.0, 15.0) == MemoryGrowth(0.0)
    assert memory_growth(server(*[100] * 15), 15.0, 15.0) == MemoryGrowth(None)
    assert memory_growth(ServerSeries(), 0.0, 15.0) is None


def test_people_are_ready_once_all_but_one_in_a_hundred_of_their_requests_are_over() -> None:
    samples = np.zeros(103, SAMPLE)
    samples["journey"][:101] = b"preparation"
    samples["ended_us"] = np.arange(103) * 1_000_000
    assert settled_s(samples) == pytest.approx(99.0)
    assert settled_s(samples[101:]) == 0.0


@pytest.mark.parametrize(
    ("memory", "is_met"),
    [
        (MemoryGrowth(0.25), True),
        (MemoryGrowth(0.26), False),
        (MemoryGrowth(-0.1), True),
        (MemoryGrowth(None), False),  # the run should have told
    ],
)
def test_growth_of_memory_has_a_bound(memory: MemoryGrowth, is_met: bool) -> None:
    found, _ = judged(loads(SCENARIO), np.zeros(0, SAMPLE), [], [], 1.0, 10.0, (), 0, memory)
    assert {each.id: each.passed for each in found}["memory"] is is_met


def test_memory_of_a_target_that_is_not_visible_is_not_judged() -> None:
    found, unjudged = judged(loads(SCENARIO), np.zeros(0, SAMPLE), [], [], 1.0, 10.0, (), 0)
    assert "memory" not in {each.id for each in found}
    assert unjudged == ["memory"]

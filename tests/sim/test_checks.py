"""Conservation laws: they hold for an honest record, and break with the record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sim.engines.recording import CASE, VISIT, Block
from sim.engines.run import Run
from sim.engines.simpy_engine import simulate
from sim.engines.tally import Tally
from sim.experiments.backends import LocalBackend
from sim.experiments.checks import (
    LittleTerms,
    check_replication,
    check_stationary,
    little_terms,
)
from sim.experiments.experiment import experiment
from sim.model.model import Model, compile_model
from tests.sim.tracing import SECOND_US, Rows, scenario

QUEUE = """
seed: 11
arrivals: [{journey: j, rate: {per_hour: 80}}]
stations: {desk: {servers: 1, service: {exponential: {mean: 30s}}, queue_limit: 5}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
WARMUP_US = 3600 * SECOND_US


@pytest.fixture(scope="module")
def model() -> Model:
    return compile_model(scenario(QUEUE, horizon="10h"))


class Corrupted:
    """A sink that changes the rows of cases on their way to `tally`."""

    def __init__(self, tally: Tally, corrupt: Callable[[Block], Block]) -> None:
        self.tally = tally
        self.corrupt = corrupt

    def visits(self, block: Block) -> None:
        """Rows of `VISIT` columns, as they are."""
        self.tally.visits(block)

    def cases(self, block: Block) -> None:
        """Rows of `CASE` columns, changed."""
        self.tally.cases(self.corrupt(block.copy()))


def observed(
    model: Model, corrupt: Callable[[Block], Block], replication: int = 0, warmup_us: int = 0
) -> tuple[Run, Tally]:
    tally = Tally(1, 1, 60 * SECOND_US, warmup_us)
    return simulate(model, replication, [Corrupted(tally, corrupt)], warmup_us), tally


def passed(run: Run, tally: Tally) -> dict[str, bool]:
    return {check.name: check.passed for check in check_replication(run, tally, 1)}


def honest(block: Block) -> Block:
    return block


def lose_one(block: Block) -> Block:
    return block[1:]


def end_a_microsecond_late(block: Block) -> Block:
    block[0, CASE.ENDED] += 1
    return block


def end_half_a_minute_late(block: Block) -> Block:
    block[:, CASE.ENDED] += 30 * SECOND_US
    return block


def test_an_honest_record_passes(model: Model) -> None:
    assert passed(*observed(model, honest)) == {"flow": True, "sojourn": True}


def test_an_honest_record_passes_with_a_warm_up_too(model: Model) -> None:
    got = observed(model, honest, warmup_us=WARMUP_US)
    assert passed(*got) == {"flow": True, "sojourn": True}


@pytest.mark.parametrize("corrupt", [lose_one, end_a_microsecond_late])
def test_a_lost_or_shifted_case_breaks_the_sojourn_identity(
    model: Model, corrupt: Callable[[Block], Block]
) -> None:
    assert not passed(*observed(model, corrupt))["sojourn"]


def test_a_forgotten_unfinished_case_breaks_both_laws() -> None:
    model = compile_model(scenario(QUEUE.replace("per_hour: 80", "per_hour: 500"), horizon="1h"))
    run, tally = observed(model, honest)
    assert run.unfinished
    broken = replace(run, unfinished=run.unfinished[1:])
    assert passed(broken, tally) == {"flow": False, "sojourn": False}


def test_a_case_counted_twice_breaks_the_flow(model: Model) -> None:
    run, tally = observed(model, honest)
    assert not passed(replace(run, completed=run.completed + 1), tally)["flow"]


def test_the_detail_of_a_violation_shows_both_sides(model: Model) -> None:
    run, tally = observed(model, honest)
    flow = check_replication(replace(run, arrived=9, completed=7, abandoned=1), tally, 1)[0]
    assert flow.detail == f"9 = 7 + 1 + {len(run.unfinished)}"


def little(model: Model, corrupt: Callable[[Block], Block], warmup_us: int) -> bool:
    terms = [
        little_terms(*observed(model, corrupt, number, warmup_us), journeys=1)
        for number in range(5)
    ]
    check = check_stationary([term for term in terms if term is not None])
    assert check is not None
    return check.passed


@pytest.mark.parametrize("warmup_us", [0, WARMUP_US])
def test_littles_law_holds_for_an_honest_record_and_not_for_longer_sojourns(
    model: Model, warmup_us: int
) -> None:
    assert little(model, honest, warmup_us)
    assert not little(model, end_half_a_minute_late, warmup_us)


def test_littles_law_needs_an_interval() -> None:
    assert check_stationary([LittleTerms(0.0, 0.0)]) is None


def test_littles_law_is_not_asked_of_a_run_in_which_nothing_was_completed() -> None:
    text = "stations: {desk: {servers: 0, service: {constant: 1s}}}"
    waiting = QUEUE.splitlines()
    waiting[3] = text
    model = compile_model(scenario("\n".join(waiting), horizon="1h"))
    assert little_terms(*observed(model, honest), journeys=1) is None


@pytest.mark.parametrize(
    ("change", "is_asked"),
    [
        ("", True),
        ("faults: [{id: f, service: desk, kind: slow, factor: 2, for: 1h}]", False),
    ],
)
def test_littles_law_is_checked_of_stationary_runs_only(change: str, is_asked: bool) -> None:
    result = experiment(
        scenario(QUEUE + change, horizon="5h"), replications=2, backend=LocalBackend(1)
    )
    names = [check.name for check in result.checks]
    assert names == ["flow", "sojourn", *(["little"] if is_asked else [])]
    assert all(check.passed for check in result.checks)


def test_every_visit_belongs_to_one_station(model: Model) -> None:
    rows = Rows()
    simulate(model, 0, [rows])
    assert {row[VISIT.STATION] for row in rows.visit_rows} == {0}

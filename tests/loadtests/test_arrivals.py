"""Cases of a load test begin when those of the model do, and walk as they do, however many workers
there are."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.arrivals import Arrival, arrivals_of, entity_of, share_of
from sim.engines.recording import CASE, Block
from sim.engines.simpy_engine import simulate
from sim.model.model import compile_model
from tests.loadtests.scenarios_of_load import scenario

MODEL = compile_model(scenario())
HOUR_S = 3_600.0


class Arrived:
    """Keeps of a simulation which cases came, and when."""

    def __init__(self) -> None:
        self.cases: set[tuple[str, int, int]] = set()

    def visits(self, block: Block) -> None:
        pass

    def cases_(self, block: Block) -> None:
        for row in block[block[:, CASE.INNER] == 0].tolist():
            name = MODEL.graph.journeys[row[CASE.JOURNEY]].name
            self.cases.add((name, row[CASE.NUMBER], row[CASE.ARRIVED]))


@cache
def compressed(replication: int, speed: float, horizon_s: float) -> tuple[Arrival, ...]:
    return arrivals_of(MODEL, replication, speed, horizon_s)


def as_simulated(found: tuple[Arrival, ...]) -> set[tuple[str, int, int]]:
    return {(each.journey, each.number, each.model_us) for each in found}


@pytest.mark.parametrize("replication", [0, 3])
def test_arrivals_are_those_of_a_simulation(replication: int) -> None:
    sink = Arrived()
    sink_of_engine = type("Sink", (), {"visits": sink.visits, "cases": sink.cases_})()
    simulate(MODEL, replication, [sink_of_engine])
    whole = compressed(replication, 1.0, 2 * HOUR_S)
    assert len(whole) == len(sink.cases) > 5_000
    assert as_simulated(whole) == sink.cases


def test_compression_moves_arrivals_and_keeps_their_numbers() -> None:
    slow, fast = compressed(0, 1.0, 2 * HOUR_S), compressed(0, 40.0, HOUR_S / 20)
    assert as_simulated(slow) == as_simulated(fast)
    assert all(each.at_us == round(each.model_us / 40.0) for each in fast)


def test_arrivals_are_in_order_and_inside_the_horizon() -> None:
    found = compressed(0, 60.0, 30.0)
    assert [each.at_us for each in found] == sorted(each.at_us for each in found)
    last = max(each.at_us for each in found)
    assert arrivals_of(MODEL, 0, 60.0, last / 1e6) == tuple(
        each for each in found if each.at_us < last
    )


def test_at_one_instant_journeys_come_in_the_order_of_the_scenario() -> None:
    crowded = compressed(0, 1e9, 1.0)
    names = [each.journey for each in crowded if each.at_us == crowded[0].at_us]
    assert names == sorted(names, key=["account", "registration", "own"].index)
    assert len(set(names)) == 3


@given(workers=st.integers(1, 7))
def test_workers_together_have_the_arrivals_of_one(workers: int) -> None:
    whole = compressed(1, 60.0, 10.0)
    shares = [share_of(whole, worker, workers) for worker in range(workers)]
    order = {each: place for place, each in enumerate(whole)}
    assert sorted((each for share in shares for each in share), key=order.__getitem__) == [*whole]
    assert all(list(share) == sorted(share, key=order.__getitem__) for share in shares)


def test_the_key_of_a_case_is_the_models_own() -> None:
    keys = {
        entity_of(MODEL, replication, journey, number)
        for replication in (0, 1)
        for journey in ("account", "own")
        for number in (0, 1)
    }
    assert len(keys) == 8

"""SimPy and the compiled loop are one engine: the same record, row by row, and the same `Run`."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from scenarios.loader import load
from sim.engines.choice import EngineName, simulate
from sim.engines.run import EndlessCase, Run
from sim.experiments.experiment import bin_width_us
from sim.experiments.replication import replicate
from sim.model.arrivals import Arrivals, InstantStream, merged
from sim.model.keys import replication_key
from sim.model.model import Model, compile_model
from tests.sim.random_scenarios import RandomScenario, scenarios
from tests.sim.tracing import Rows, scenario

SCENARIOS = sorted(Path(__file__).parents[2].glob("scenarios/*.yaml"))
CASES = 1_500  # of a scaled-down scenario
GRAPHS = int(os.environ.get("POLIGON_RANDOM_GRAPHS", "60"))
WARMUP_US = 45 * 60_000_000
MINUTE_US = 60_000_000
DAY_US = 86_400_000_000

Record = tuple[Run | str, list[list[int]], list[list[int]]]


def recorded(engine: EngineName, model: Model, warmup_us: int, replication: int = 0) -> Record:
    """All that an engine tells of a run, also of one that was given up."""
    rows = Rows()
    try:
        run: Run | str = simulate(engine, model, replication, [rows], warmup_us)
    except EndlessCase as error:
        run = repr(error.args)
    return run, rows.visit_rows, rows.case_rows


def scaled(path: Path) -> Model:
    complete = load(path)
    whole = compile_model(complete)
    expected = sum(stream.expected for a in whole.arrivals for stream in a.streams)
    return compile_model(complete, min(1.0, CASES / expected))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_leaves_the_same_record_on_both_engines(path: Path) -> None:
    model = scaled(path)
    assert recorded("compiled", model, 2 * DAY_US) == recorded("simpy", model, 2 * DAY_US)


@pytest.mark.parametrize("path", SCENARIOS[-1:], ids=lambda path: path.stem)
def test_a_scenario_has_the_same_figures_on_both_engines(path: Path) -> None:
    model, objectives = scaled(path), load(path).scenario.objectives
    simpy, compiled = (
        replicate(model, 1, objectives, bin_width_us(model), engine=engine)
        for engine in ("simpy", "compiled")
    )
    assert compiled.figures == simpy.figures
    assert compiled.shares == simpy.shares
    assert compiled.checks == simpy.checks
    assert compiled.flows == simpy.flows


def on_whole_minutes(model: Model) -> Model:
    """The same cases, but that they come at the begin of their minute: then events of many fall
    into one instant."""
    key = replication_key(model.seed, 0)
    arrivals = tuple(
        Arrivals(of.journey, (InstantStream(tuple(at - at % MINUTE_US for at in merged(of, key))),))
        for of in model.arrivals
    )
    return replace(model, arrivals=arrivals)


random_graphs = settings(
    max_examples=GRAPHS,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@random_graphs
@given(scenarios())
def test_a_random_graph_leaves_the_same_record_on_both_engines(drawn: RandomScenario) -> None:
    model = compile_model(scenario(drawn.text))
    assert recorded("compiled", model, WARMUP_US) == recorded("simpy", model, WARMUP_US)


@random_graphs
@given(scenarios())
def test_events_of_one_instant_have_the_same_order_on_both_engines(drawn: RandomScenario) -> None:
    model = on_whole_minutes(compile_model(scenario(drawn.text)))
    assert recorded("compiled", model, WARMUP_US) == recorded("simpy", model, WARMUP_US)

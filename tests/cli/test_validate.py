"""Which station of a scenario is compared with the model, and by what scenario of its own."""

from pathlib import Path

import pytest

from poligon.options import OptionError
from poligon.validate_registry import asked_of
from scenarios.loader import load
from sim.model.model import compile_model

SCENARIO = """
version: 1
name: Два реестра
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T11:00}
population: {organizations: 1000}
stations:
  fns: {servers: 9, service: {constant: 100ms}}
  antivirus: {servers: 9, service: {constant: 1ms}}
  egrul: {servers: 3, service: {constant: 150ms}, queue_limit: 7, timeout: 30s,
          retry: {max: 2, backoff: 1s}}
  egrip: {servers: 9, service: {constant: 200ms}}
arrivals: [{journey: j, rate: {per_hour: 1}}]
journeys: {j: {start: a, nodes: {a: {serve: egrul, next: z}, z: {end: completed}}}}
"""


def test_first_station_that_is_asked_and_answers_measurably_is_compared_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    asked = asked_of(path, load(path), 7, tmp_path)
    assert (asked.name, asked.servers, asked.seed) == ("egrul", 3, 7)
    assert asked.capacity == pytest.approx(20.0)
    own = load(asked.path)
    assert list(own.scenario.stations) == ["egrul"]
    station = own.scenario.stations["egrul"]
    assert (station.queue_limit, station.timeout, station.retry) == (7, 30_000_000, None)
    assert own.scenario.population.organizations == 1000
    model = compile_model(load(asked.path, ["arrivals.0.rate.per_second=17.0"]), 1.0, 7)
    assert [node.path for node in model.graph.nodes][:2] == ["ask.answer", "ask.done"]


def test_scenario_without_such_a_station_has_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    text = SCENARIO.replace("servers: 3", "servers: {shifts: [{days: all, from: '00:00', to: "
                            "'24:00', count: 3}]}")  # fmt: skip
    path.write_text(text.replace("constant: 200ms", "constant: 6h"), encoding="utf-8")
    with pytest.raises(OptionError) as wrong:
        asked_of(path, load(path), 7, tmp_path)
    assert [problem.code for problem in wrong.value.problems] == ["load_no_path"]

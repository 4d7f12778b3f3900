"""Which station of a scenario is compared with the model, and by what scenario of its own."""

from pathlib import Path

import numpy as np
import pytest

from loadtests.samples import OUTCOMES, SAMPLE, JourneyEnd, Outcome
from poligon.options import OptionError
from poligon.validation.portal import cases_of_probes
from poligon.validation.registry import asked_of, cases_of
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


def test_station_is_compared_as_its_overrides_make_it(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    overrides = ["stations.egrul.servers=16", "stations.egrul.service.constant=40ms"]
    asked = asked_of(path, load(path, overrides), 7, tmp_path, overrides)
    assert (asked.name, asked.servers) == ("egrul", 16)
    assert asked.capacity == pytest.approx(400.0)
    assert load(asked.path).scenario.stations["egrul"].servers == 16
    other = ["stations.egrul.servers={shifts: [{days: all, from: '00:00', to: '24:00', count: 3}]}"]
    assert asked_of(path, load(path, other), 7, tmp_path, other).name == "egrip"


def test_default_station_that_an_override_begins_is_compared(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    given = "  egrip: {servers: 9, service: {constant: 200ms}}\n"
    assert given in SCENARIO
    text = SCENARIO.replace(given, "").replace("150ms", "1ms")
    path.write_text(text, encoding="utf-8")
    overrides = ["stations.egrip.servers=2", "stations.egrip.service={constant: 200ms}"]
    asked = asked_of(path, load(path, overrides), 7, tmp_path, overrides)
    assert (asked.name, asked.servers) == ("egrip", 2)


# --- who failed -----------------------------------------------------------------------------------


def answers(*rows: tuple[int, Outcome, float]) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
    """Of a case, an outcome, and how many seconds it took."""
    found = np.zeros(len(rows), SAMPLE)
    for row, (entity, outcome, took_s) in zip(found, rows, strict=True):
        row["journey"], row["entity"] = b"ask", entity
        row["outcome"], row["ended_us"] = OUTCOMES.index(outcome), round(took_s * 1e6)
    return found


def test_case_that_was_answered_wrongly_or_has_no_end_has_failed() -> None:
    endings = ["completed", "refused", "refused", "refused", "failed", "abandoned"]
    ends = [JourneyEnd("ask", n, n, n + 1, ending) for n, ending in enumerate(endings)]  # type: ignore[arg-type]
    said = answers((0, "ok", 0.1), (1, "shed", 0.1), (2, "failed", 2.0), (3, "failed", 1.9))
    live = cases_of([*ends, JourneyEnd("other", 9, 0, 1, "failed")], said, patience_s=2.0)
    assert live.number.tolist() == [0, 1, 2, 3, 4, 5]
    assert (live.completed.sum(), live.refused, live.failed) == (1, 2, 3)


def test_probe_without_an_answer_has_failed() -> None:
    live = cases_of_probes(answers((0, "ok", 1.0), (1, "shed", 0.1), (2, "failed", 0.1)), 4)
    assert (len(live), live.times_s.tolist(), live.refused, live.failed) == (4, [1.0], 1, 2)

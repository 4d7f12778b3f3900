"""A journey that a scenario draws itself is walked over HTTP with the very draws of the model."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from loadtests.answers import Expected, Reply, Verdict
from loadtests.arrivals import entity_of
from loadtests.case import CaseRefused
from loadtests.forks import fork_problems
from loadtests.graph_walk import GraphWalk, stations_not_asked
from scenarios.loader import load, loads
from sim.engines.recording import CASE, VISIT, Block
from sim.engines.simpy_engine import simulate
from sim.model.graph import DelayNode, ServeNode
from sim.model.keys import entity_stream, replication_key
from sim.model.model import compile_model
from tests.loadtests.scenarios_of_load import SCENARIO
from world.attempts import service_k

MODEL = compile_model(loads(SCENARIO, overrides=["stations.egrul.servers=100000"]))
(ASK,) = (n for n in MODEL.graph.nodes if isinstance(n, ServeNode) and n.path == "own.ask")
(PAUSE,) = (n for n in MODEL.graph.nodes if isinstance(n, DelayNode) and n.path == "own.pause")
CASES = range(50)


class Walked:
    """Stands for a case: every answer is `status`; keeps what was asked and how long it waited."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[str] = []
        self.paused_s: list[float] = []
        self.rejected: list[str] = []
        self.target = type("Target", (), {"mocks": "http://127.0.0.1:1/main"})
        self.timing = type("Timing", (), {"speed": 1.0, "now_us": staticmethod(lambda: 0)})

    def pause(self, model_s: float) -> None:
        self.paused_s.append(model_s)

    def ask(
        self,
        method: str,
        url: str,
        name: str,
        headers: Mapping[str, str],
        body: None,
        expected: Expected,
        attempt: int,
        judge: Any,
        timeout_s: float | None,
    ) -> tuple[Verdict, Reply]:
        assert (method, name) == ("GET", "egrul")
        assert url.startswith("http://127.0.0.1:1/main/egrul/v1/organizations/")
        self.asked.append(headers["Poligon-Draw"])
        reply = Reply(status=self.status)
        return judge(reply, expected), reply


def walk(number: int) -> Walked:
    entity, case = entity_of(MODEL, 0, "own", number), Walked()
    GraphWalk(MODEL, "own", entity, None, 0, "1027700132195").walk(case)  # type: ignore[arg-type]
    return case


def test_requests_bear_the_draws_of_the_simulation() -> None:
    simulated: dict[int, list[tuple[int, int]]] = {}

    def visits(self: object, block: Block) -> None:
        for row in block.tolist():
            if row[VISIT.NODE] == ASK.index:
                times = row[VISIT.VISIT], row[VISIT.END] - row[VISIT.START]
                simulated.setdefault(row[VISIT.NUMBER], []).append(times)

    sink = type("Sink", (), {"visits": visits, "cases": lambda self, block: None})()
    simulate(MODEL, 0, [sink])
    for number in CASES:
        entity = entity_of(MODEL, 0, "own", number)
        drawn = []
        for header in walk(number).asked:
            key, node, visit, k = map(int, header.split("/"))
            assert (key, node, k) == (entity, ASK.key, service_k(0))
            drawn.append((visit, ASK.service.draw(key, node, visit, k)))
        assert drawn == sorted(simulated[number])
    assert max(len(walk(number).asked) for number in CASES) > 2


def test_pauses_are_the_models() -> None:
    for number in CASES:
        entity = entity_of(MODEL, 0, "own", number)
        assert walk(number).paused_s == [PAUSE.delay.draw(entity, PAUSE.key, 0, 0) * 1e-6]


def test_stations_without_a_question_are_named() -> None:
    assert stations_not_asked(MODEL, "own") == []
    assert "portal" in stations_not_asked(MODEL, "account")


# --- gates ----------------------------------------------------------------------------------------

GATED = compile_model(
    loads("""
version: 1
name: Проверка
seed: 7
calendar: {start: 2026-04-20T10:00, horizon: until_empty, arrivals_until: 2026-04-20T11:00}
population: {organizations: 3000000, defects: {inn_typo: 0.5, document_infected: 0.5}, mend: 0.6}
stations: {egrul: {servers: 1000, service: {constant: 500ms}}}
arrivals: [{journey: filed, rate: {per_minute: 5}}]
journeys:
  filed:
    start: gate
    nodes:
      gate: {check: [ID-01, ID-02, DOC-07], next: ask, fail: {to: mend, max: 2}}
      mend: {delay: {constant: 1m}, next: gate}
      ask: {serve: egrul, next: done}
      done: {end: completed}
""")
)


def gated(number: int) -> tuple[Walked, bool]:
    """A case on its way through the gate; whether it came to the end."""
    stream, case = entity_stream(replication_key(GATED.seed, 0), "filed"), Walked()
    entity = entity_of(GATED, 0, "filed", number)
    traits = GATED.applicants.traits(stream, number)
    defects = GATED.applicants.defects_of(entity, traits.kind)
    try:
        GraphWalk(GATED, "filed", entity, traits, defects, "1027700132195").walk(case)  # type: ignore[arg-type]
    except CaseRefused:
        return case, False
    return case, True


def test_a_gate_finds_the_defects_of_the_case_and_they_are_mended_as_in_the_model() -> None:
    simulated: dict[int, tuple[bool, int]] = {}

    def cases(self: object, block: Block) -> None:
        for row in block.tolist():
            simulated[row[CASE.NUMBER]] = bool(row[CASE.COMPLETED]), row[CASE.RETURNS]

    sink = type("Sink", (), {"visits": lambda self, block: None, "cases": cases})()
    run = simulate(GATED, 0, [sink])
    walked = {number: gated(number) for number in simulated}
    assert {n: (end, len(case.paused_s)) for n, (case, end) in walked.items()} == simulated
    rejected = Counter(rule for case, _ in walked.values() for rule in case.rejected)
    assert rejected == run.rejections
    assert set(rejected) == {"ID-01", "ID-02", "DOC-07"}
    assert Counter(end for _, end in walked.values()).keys() == {True, False}
    assert all(len(case.asked) == end for case, end in walked.values())


# --- terms ----------------------------------------------------------------------------------------

TERM = """
version: 1
name: Срок
calendar: {start: 2026-04-24T10:00, arrivals_until: 2026-04-24T18:00}
population: {organizations: 1000}
stations: {egrul: {servers: 4, service: {constant: 500ms}}}
arrivals: [{journey: waits, rate: {per_hour: 1}}]
journeys:
  waits:
    start: wait
    nodes:
      wait: {delay: {constant: DELAY}, within: 2wd, next: done, late: ask}
      ask: {serve: egrul, next: done}
      done: {end: completed}
"""


@pytest.mark.parametrize(
    ("delay", "paused_us", "is_late"),
    [
        ("2d", 172_800_000_000, False),
        ("30d", 110 * 3_600_000_000 - 1, True),  # from Friday at ten until Tuesday is over
    ],
)
def test_a_pause_ends_with_a_term_of_working_days(
    delay: str, paused_us: int, is_late: bool
) -> None:
    model = compile_model(loads(TERM.replace("DELAY", delay)))
    case = Walked()
    GraphWalk(model, "waits", 1, None, 0, "1027700132195").walk(case)  # type: ignore[arg-type]
    assert (case.paused_s, len(case.asked)) == ([paused_us * 1e-6], int(is_late))


# --- forks ----------------------------------------------------------------------------------------

FORKED = """\
version: 1
name: Развилка
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T11:00}
population: {organizations: 1000}
stations: {egrul: {servers: 4, service: {constant: 500ms}}}
arrivals:
  - {journey: own, rate: {per_minute: 5}}
  - {journey: asks_portal, rate: {per_minute: 5}}
journeys:
  own: {start: sub, nodes: {sub: {run: inner, next: done}, done: {end: completed}}}
  inner:
    start: both
    nodes:
      both: {fork: [left, right], next: done}
      left: {serve: egrul}
      right: {serve: egrul}
      done: {end: completed}
  asks_portal:
    start: both
    nodes:
      both: {fork: [left, right], next: done}
      left: {serve: portal}
      right: {serve: egrul}
      done: {end: completed}
"""


def test_a_fork_that_would_be_walked_is_told_with_its_place(tmp_path: Path) -> None:
    # That of the journey which is left out, for nobody can ask `portal`, is not.
    path = tmp_path / "forked.yaml"
    path.write_text(FORKED, encoding="utf-8")
    scenario = load(path)
    told = [each.text("en") for each in fork_problems(scenario, compile_model(scenario), path, ())]
    assert told == [
        f"{path}:14: journeys.inner.nodes.both: a load test does not walk parallel branches "
        "(fork): draw the journey without them, or let the model have it (poligon simulate)"
    ]


def test_journeys_without_a_fork_have_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "plain.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    assert fork_problems(load(path), compile_model(load(path)), path, ()) == []

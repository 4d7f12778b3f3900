"""A journey that a scenario draws itself is walked over HTTP with the very draws of the model."""

from collections.abc import Mapping
from typing import Any

from loadtests.answers import Expected, Reply, Verdict
from loadtests.arrivals import entity_of
from loadtests.graph_walk import GraphWalk, stations_not_asked
from scenarios.loader import loads
from sim.engines.recording import VISIT, Block
from sim.engines.simpy_engine import simulate
from sim.model.graph import DelayNode, ServeNode
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
        self.target = type("Target", (), {"mocks": "http://127.0.0.1:1/main"})
        self.timing = type("Timing", (), {"speed": 1.0})

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

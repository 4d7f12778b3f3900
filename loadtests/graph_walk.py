"""A journey that a scenario draws itself, walked on the wall's clock: the model's graph, choices,
pauses and attempts, its stations asked over HTTP with the model's draws of their service times.

What the model and this differ by is what is real: sockets, event loops, the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from loadtests.answers import Expected, Reply, Verdict, retry_after_s
from loadtests.case import Case, CaseRefused
from scenarios.durations import WorkingDays
from sim.model.graph import (
    CheckNode,
    ChooseNode,
    DelayNode,
    EndNode,
    EnterNode,
    Failure,
    Graph,
    LeaveNode,
    Node,
    ServeNode,
    Traits,
)
from sim.model.keys import AFTER
from sim.model.model import Model
from sim.model.stations import StationSpec, retry_pause_us
from world.attempts import backoff_k, service_k
from world.draws import mended_mask, uniform

__all__ = ["ASKED", "GraphWalk", "stations_not_asked"]

ASKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "antivirus": "/v1/signatures",
        "bank": "/jwks",
        "ca_registry": "/v1/authorities",
        "egrip": "/v1/organizations/{ogrn}",
        "egrul": "/v1/organizations/{ogrn}",
        "licensing": "/v1/kinds",
        "tsa": "/v1/policy",
    }
)
"""What a service is asked where the model only says that it serves; services that answer at once
and work afterwards are not here, for their time is not that of an answer."""

_S: Final = 1e-6
_UNLIMITED: Final = -1


def stations_not_asked(model: Model, journey: str) -> list[str]:
    """Stations of a journey that cannot be asked over HTTP."""
    found: set[str] = set()
    for node in _nodes_of(model.graph, journey):
        if isinstance(node, ServeNode):
            name = model.stations[node.station].name
            if name not in ASKED:
                found.add(name)
    return sorted(found)


def _nodes_of(graph: Graph, journey: str) -> tuple[Node, ...]:
    start = next(each for each in graph.journeys if each.name == journey)
    return graph.nodes[start.first : start.first + start.size]


@dataclass
class GraphWalk:
    """One case on its way through the graph of `model`; `entity` is the model's key of it, `ogrn`
    the organization that registers are asked about. `traits` and `defects` are the applicant's;
    None where no choice and no gate looks at them. A gate finds what the model's finds: nothing is
    asked for that. Forks are refused beforehand (`loadtests.forks`)."""

    model: Model
    journey: str
    entity: int
    traits: Traits | None
    defects: int
    ogrn: str
    visits: list[int] = field(default_factory=list)
    fails: dict[int, int] = field(default_factory=dict)

    def walk(self, case: Case) -> None:
        """To the end; CaseRefused for one that the model calls abandoned."""
        nodes = self.model.graph.nodes
        journey = next(each for each in self.model.graph.journeys if each.name == self.journey)
        self.visits = [0] * journey.size
        at = journey.start
        while at >= 0:
            node = nodes[at]
            visit = self.visits[node.local]
            self.visits[node.local] += 1
            if isinstance(node, EndNode):
                if not node.completed:
                    raise CaseRefused
                return
            at = self._step(case, node, visit)
        raise CaseRefused

    def _step(self, case: Case, node: Node, visit: int) -> int:
        match node:
            case ServeNode():
                return self._serve(case, node, visit)
            case DelayNode():
                return self._delay(case, node, visit)
            case ChooseNode():
                return self._choose(node, visit)
            case CheckNode():
                return self._check(case, node, visit)
            case EnterNode():
                return node.next
            case LeaveNode():
                if node.completed:
                    return node.next
                return self._fail(case, node, node.fail, visit, node.caller)
            case _:
                raise TypeError(node)

    def _serve(self, case: Case, node: ServeNode, visit: int) -> int:
        station = self.model.stations[node.station]
        attempt = 0
        while True:
            verdict, reply = self._ask(case, node, station, visit, attempt)
            if verdict.is_good:
                return node.next
            retry = station.retry
            if retry is None or attempt >= retry.max:
                return self._fail(case, node, node.fail, visit)
            u = uniform(self.entity, node.key, visit, backoff_k(attempt))
            pause_s = retry_pause_us(retry, attempt, u) * _S
            # Retry-After is in model seconds: the plan of faults has said it.
            case.pause(max(pause_s, retry_after_s(reply) or 0.0))
            attempt += 1

    def _ask(
        self, case: Case, node: ServeNode, station: StationSpec, visit: int, attempt: int
    ) -> tuple[Verdict, Reply]:
        path = ASKED[station.name].format(ogrn=self.ogrn)
        draw = f"{self.entity}/{node.key}/{visit}/{service_k(attempt)}"
        timeout_s = None
        if station.timeout_us is not None:
            timeout_s = station.timeout_us * _S / case.timing.speed
        return case.ask(
            "GET",
            f"{case.target.mocks}/{station.name}{path}",
            station.name,
            {"Poligon-Draw": draw},
            None,
            Expected(),
            attempt,
            judge=_by_status,
            timeout_s=timeout_s,
        )

    def _delay(self, case: Case, node: DelayNode, visit: int) -> int:
        pause_us = node.delay.draw(self.entity, node.key, visit, service_k(0))
        following = node.next
        if node.within is not None:
            term_us = self._term_us(case, node.within)
            if pause_us > term_us:
                pause_us, following = term_us, node.late
        case.pause(pause_us * _S)
        return following

    def _term_us(self, case: Case, within: int | WorkingDays) -> int:
        if isinstance(within, int):
            return within
        now_us = round(case.timing.now_us() * case.timing.speed)
        return self.model.calendar.deadline_working_days(now_us, within.days) - now_us

    def _choose(self, node: ChooseNode, visit: int) -> int:
        if node.by_probability:
            u = uniform(self.entity, node.key, visit, service_k(0))
            return next((arm.to for arm in node.arms if u < arm.cumulated), node.arms[-1].to)
        assert self.traits is not None
        for arm in node.arms:
            if arm.accepts is None or arm.accepts(self.traits, self.defects, self.visits):
                return arm.to
        raise ValueError(f"{node.path}: no choice is open")

    def _check(self, case: Case, node: CheckNode, visit: int) -> int:
        """A gate reports every defect that its rules catch; on the way back each may be mended."""
        assert self.traits is not None
        gate = node.gates[self.traits.kind]
        found = self.defects & gate.mask
        if not found:
            return node.next
        case.rejected += gate.rules_violated(found)
        return self._fail(case, node, node.fail, visit, found=found)

    def _fail(
        self,
        case: Case,
        node: Node,
        failure: Failure,
        visit: int,
        counter: int | None = None,
        found: int = 0,
    ) -> int:
        """Where a failure leads after its pause; `found` are the defects that a gate has found."""
        if failure.max != _UNLIMITED:
            counter = node.local if counter is None else counter
            failed = self.fails.get(counter, 0)
            if failed >= failure.max:
                return failure.give_up
            self.fails[counter] = failed + 1
        if found:
            mend = self.model.applicants.mend
            self.defects &= ~mended_mask(self.entity, node.key, visit, found, mend)
        if failure.after is not None:
            case.pause(failure.after.draw(self.entity, node.key, visit, AFTER) * _S)
        return failure.to


def _by_status(reply: Reply, expected: Expected) -> Verdict:
    """Good if it is 200; 429 and 503 that say when to come again are shed."""
    if reply.error:
        return Verdict(outcome="failed", detail=reply.error)
    if reply.status == 200:
        return Verdict(outcome="ok")
    is_shed = reply.status in (429, 503) and retry_after_s(reply) is not None
    return Verdict(outcome="shed" if is_shed else "failed", detail=str(reply.status))

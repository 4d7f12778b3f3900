"""A built-in journey run by the flow model and by the twin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

import rulebook
from rulebook import Kind
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.engines.recording import Block
from sim.engines.simpy_engine import simulate
from sim.model.graph import CheckNode
from sim.model.judging import CaseAtGate, FlowJudge, Judge, Judges
from sim.model.model import Model, compile_model
from sim.twin.differences import MASKS
from sim.twin.judging import twin_of

__all__ = ["BOOK", "Trace", "Verdict", "scenario_of", "traces", "unmasked_sets"]

BOOK = rulebook.load()
MANY = 100_000  # servers: nobody waits for anybody


@dataclass(frozen=True, order=True)
class Verdict:
    """What a gate has said at a visit: µs, journey and number of the case, path of the gate, kind
    of applicant, the defects before, the rules."""

    at: int
    journey: int
    number: int
    gate: str
    kind: Kind
    defects: frozenset[str]
    rules: frozenset[str]


@dataclass
class Trace:
    """Everything that happened: visits and cases as they are recorded, verdicts of every gate."""

    visit_rows: list[tuple[int, ...]] = field(default_factory=list)
    case_rows: list[tuple[int, ...]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)

    def visits(self, block: Block) -> None:
        self.visit_rows.extend(map(tuple, block.tolist()))

    def cases(self, block: Block) -> None:
        self.case_rows.extend(map(tuple, block.tolist()))

    def by_case(self) -> dict[tuple[int, int], "Trace"]:
        """The same of each case alone, by journey and number; a sub-journey's rows are its
        case's."""
        found: dict[int, Trace] = {}
        for row in self.visit_rows:
            found.setdefault(row[1], Trace()).visit_rows.append(row)
        for row in self.case_rows:
            found.setdefault(row[1], Trace()).case_rows.append(row)
        for verdict in self.verdicts:
            found.setdefault(verdict.number, Trace()).verdicts.append(verdict)
        return {(0, number): trace for number, trace in found.items()}


@dataclass(frozen=True)
class _Watched:
    """Judges whose verdicts are noted."""

    judges: Judges | None
    trace: Trace

    def of_replication(self, model: Model, replication: int) -> Judge:
        inner: Judge = FlowJudge()
        if self.judges is not None:
            inner = self.judges.of_replication(model, replication)
        return _Watch(inner, self.trace)


class _Watch:
    def __init__(self, inner: Judge, trace: Trace) -> None:
        self._inner = inner
        self.needs_traits = inner.needs_traits
        self._trace = trace

    def found(self, case: CaseAtGate, node: CheckNode, now: int) -> int:
        found = self._inner.found(case, node, now)
        defects = enumerate(BOOK.defects)
        names = frozenset(name for bit, name in defects if case.defects >> bit & 1)
        rules = frozenset(node.gates[case.traits.kind].rules_violated(found))
        place = (now, case.journey, case.number, node.path, case.traits.kind)
        self._trace.verdicts.append(Verdict(*place, names, rules))
        return found

    def forget(self, case: CaseAtGate) -> None:
        self._inner.forget(case)


def scenario_of(
    journey: str, cases: float, defects: Mapping[str, float], *, alone: bool = False, **more: Any
) -> CompleteScenario:
    """A scenario of one built-in journey with about so many cases in a day; `alone`: each station
    has a server for everybody."""
    written = {
        "version": 1,
        "name": "parity",
        "seed": 7,
        "calendar": {"start": "2026-03-16T09:00", "arrivals_until": "2026-03-17T09:00"},
        "population": {"organizations": 100_000, "defects": dict(defects), "mend": 0.8},
        "stations": {},
        "arrivals": [{"journey": journey, "rate": {"per_day": cases}}],
        "journeys": {journey: "builtin"},
        **more,
    }
    scenario = loads(yaml.safe_dump(written))
    if not alone:
        return scenario
    stations = {
        name: station.model_copy(update={"servers": MANY})
        for name, station in scenario.stations.items()
    }
    return replace(scenario, stations=stations)


def traces(scenario: CompleteScenario, replication: int = 0) -> tuple[Trace, Trace]:
    """One replication of the flow model and of the twin, every verdict noted."""
    model = compile_model(scenario)
    twin = replace(model, judges=twin_of(scenario, model.graph))
    return _traced(model, replication), _traced(twin, replication)


def _traced(model: Model, replication: int) -> Trace:
    found = Trace()
    simulate(replace(model, judges=_Watched(model.judges, found)), replication, [found])
    return found


def unmasked_sets() -> Iterator[tuple[str, ...]]:
    """Sets of defects of which none hides another, and which together are all."""
    hidden = {frozenset(pair) for mask in MASKS for pair in mask.pairs}
    left = list(BOOK.defects)
    while left:
        chosen: list[str] = []
        for name in (*left, *BOOK.defects):
            pairs = {frozenset((name, other)) for other in chosen}
            if name not in chosen and hidden.isdisjoint(pairs):
                chosen.append(name)
        yield tuple(chosen)
        left = [name for name in left if name not in chosen]

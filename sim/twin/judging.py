"""The judge who asks the portal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sim.twin.gates.all_questions  # noqa: F401  registers every question
from rulebook import Defect, Policy, RuleBook
from rulebook.kinds import KINDS, Kind
from scenarios.completion import CompleteScenario
from sim.model.graph import CheckNode, Graph
from sim.model.judging import CaseAtGate, Judge
from sim.model.keys import APPLICANT, entity_stream, replication_key
from sim.model.model import Model
from sim.twin.desk import Desk, Refused
from sim.twin.differences import allowed_consequences
from sim.twin.gates.question import QUESTIONS, Question
from sim.twin.papers import Papers
from sim.twin.places import gates_of, refuse_before_country
from sim.twin.registries import Registries
from sim.twin.rehearsal import rehearse
from world.country import World
from world.draws import combine
from world.filings import filing_of

__all__ = ["Twin", "UnexplainedVerdict", "twin_of"]


class UnexplainedVerdict(RuntimeError):
    """The portal has refused a case for rules that no defect of it breaks or brings about, or that
    are of no gate to come: the gate of the model or the twin is wrong."""


_LEAST: Final = 10_000  # organizations and people: a mistake may need another one's number
_COMBINATIONS_KEPT: Final = 10_000


@dataclass(frozen=True)
class Twin:
    """The portal as judge, under the book and the policy of a scenario; `gates` are journey and
    gate by the number of a node."""

    book: RuleBook
    policy: Policy
    gates: Mapping[int, tuple[str, str]]

    def of_replication(self, model: Model, replication: int) -> Judge:
        """A portal and a country for a replication."""
        return _Portal(self, model, replication)


def twin_of(scenario: CompleteScenario, graph: Graph) -> Twin:
    """The twin of a scenario; GatesOfOwn if a journey of its own has gates, BeforeCountry if it
    starts too early, UnfitPolicy if its policy refuses good applicants or makes a mistake
    impossible."""
    refuse_before_country(scenario.calendar)
    twin = Twin(scenario.book, scenario.policy, gates_of(scenario, graph))
    if scenario.policy.overrides:
        gates = tuple(dict.fromkeys(twin.gates.values()))
        rehearse(twin.book, twin.policy, scenario.calendar, gates, _made(scenario, twin, graph))
    return twin


class _Portal:
    """Brings each case before the portal, at the gates that it comes to."""

    needs_traits = True

    def __init__(self, twin: Twin, model: Model, replication: int) -> None:
        self._twin = twin
        self._calendar = model.calendar
        population = model.applicants.population
        self._population = population
        self._world = World(
            population.seed,
            organizations=max(population.size, _LEAST),
            people=max(population.size, _LEAST),
            kinds=population.kinds,
            tiers=population.tiers,
        )
        self._registries = Registries(self._world, model.calendar)
        key = replication_key(model.seed, replication)
        self._streams = [
            combine(entity_stream(key, each.journey), APPLICANT) for each in model.arrivals
        ]
        self._defects = tuple(twin.book.defects.values())
        self._visible = _masks(twin, model.graph)
        self._questions = {node: QUESTIONS[place] for node, place in twin.gates.items()}
        self._desks: dict[tuple[int, int], Desk] = {}
        self._combinations: dict[int, tuple[Defect, ...]] = {0: ()}

    def found(self, case: CaseAtGate, node: CheckNode, now: int) -> int:
        """As the protocol says."""
        question = self._questions[node.index]
        kind = case.traits.kind
        seen = case.defects & self._visible[question.journey][kind]
        desk = self._desk(case)
        self._registries.now = self._calendar.local(now)
        desk.seat(question.family, self._of(seen))
        try:
            told = question.rules(question.ask(desk))
        except Refused as refused:
            raise UnexplainedVerdict(f"{node.path}: {refused}") from refused
        return self._explained(question, node, kind, seen, told)

    def forget(self, case: CaseAtGate) -> None:
        """As the protocol says."""
        self._desks.pop((case.journey, case.number), None)

    def _explained(
        self, question: Question, node: CheckNode, kind: Kind, defects: int, told: frozenset[str]
    ) -> int:
        """The defects behind what the portal has told; UnexplainedVerdict for whatever is neither
        their rule, nor a consequence of theirs, nor ahead."""
        gate = node.gates[kind]
        here = told.intersection(node.rules)
        found = 0
        for bit, rule in gate.rule_of_bit.items():
            if rule in here and defects >> bit & 1:
                found |= 1 << bit
        strange = told - question.ahead - frozenset(gate.rules_violated(found))
        if strange:
            names = [each.id for each in self._of(defects)]
            strange -= allowed_consequences(question.journey, question.gate, names)
        if strange:
            rules = ", ".join(sorted(strange))
            raise UnexplainedVerdict(f"{node.path}: the portal has told {rules}")
        return found

    def _desk(self, case: CaseAtGate) -> Desk:
        place = case.journey, case.number
        found = self._desks.get(place)
        if found is None:
            found = self._desks[place] = self._seated(case)
        return found

    def _seated(self, case: CaseAtGate) -> Desk:
        stream = self._streams[case.journey]
        organization = self._population.organization_behind(stream, case.number)
        good = filing_of(self._world, organization, self._calendar.date(case.arrived))
        papers = Papers(good, self._world, self._twin.policy, case.key)
        return Desk(self._registries, self._twin.book, self._twin.policy, papers, case.traits.tier)

    def _of(self, mask: int) -> tuple[Defect, ...]:
        """The defects of a mask; few combinations are met again and again."""
        found = self._combinations.get(mask)
        if found is None:
            found = tuple(each for bit, each in enumerate(self._defects) if mask >> bit & 1)
            if len(self._combinations) < _COMBINATIONS_KEPT:
                self._combinations[mask] = found
        return found


def _made(scenario: CompleteScenario, twin: Twin, graph: Graph) -> dict[Kind, tuple[Defect, ...]]:
    """The defects that cases of the scenario have and some gate of their journey asks about."""
    shares = scenario.scenario.population.defects
    has = [name for name, share in shares.items() if share]
    made: dict[Kind, tuple[Defect, ...]] = {}
    for kind in KINDS:
        asked = 0
        for of_journey in _masks(twin, graph).values():
            asked |= of_journey[kind]
        bits = enumerate(twin.book.defects.values())
        made[kind] = tuple(each for bit, each in bits if asked >> bit & 1 and each.id in has)
    return made


def _masks(twin: Twin, graph: Graph) -> dict[str, dict[Kind, int]]:
    """What a journey asks about, by kind of applicant: the defects of all its gates. Others are no
    part of its papers."""
    found: dict[str, dict[Kind, int]] = {}
    for node in graph.nodes:
        if isinstance(node, CheckNode):
            of_journey = found.setdefault(twin.gates[node.index][0], dict.fromkeys(KINDS, 0))
            for kind in KINDS:
                of_journey[kind] |= node.gates[kind].mask
    return found

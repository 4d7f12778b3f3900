"""The flow model and the twin give the same trace of the built-in journeys: case, node, entrance,
start, leave, and the verdict of every gate by rule."""

import os
from collections.abc import Iterable
from dataclasses import replace

import pytest

from rulebook import Kind
from scenarios.builtin_models import BUILTIN_JOURNEYS
from sim.model.graph import CheckNode
from sim.model.model import compile_model
from sim.twin.differences import CONSEQUENCES, hidden, share_masked
from sim.twin.gates.question import QUESTIONS
from sim.twin.judging import twin_of
from tests.parity.portal_seen import Seen
from tests.parity.running import BOOK, Trace, scenario_of, traces, unmasked_sets
from tests.parity.twin_page import gates

SETS = tuple(unmasked_sets())
CASES = int(os.environ.get("POLIGON_PARITY_CASES", "100"))  # of a journey; nightly more
EACH = 0.15  # how often an applicant has each defect: many have several
RARE = {"document_too_large": 0.03}  # a file of 20 MB takes the portal a tenth of a second
MORE = {"sign_in": 4}  # of which one in five is by a signature
ALL_SEEN = 2000  # cases that show all that can be asked and told
HOUSEKEEPING = ("forget_code", "forget_unactivated")  # of the portal; they come due at any time
RULES = {(journey, gate): rules for journey, gate, rules in gates()}
TOLD = 0.6  # of the rules of a journey's gates, so that a sample shows something
SIGMAS = 5  # a share is further from its mean once in a million


def differing(flow: Trace, twin: Trace) -> list[int]:
    """Numbers of the cases whose traces differ."""
    one, other = flow.by_case(), twin.by_case()
    assert one.keys() == other.keys()
    return [number for (_, number), trace in one.items() if trace != other[0, number]]


def probabilities(defects: Iterable[str], each: float = EACH) -> dict[str, float]:
    return {name: RARE.get(name, each) for name in defects}


def by_defect(node: CheckNode) -> dict[Kind, dict[str, str]]:
    """The rules that a gate asks about, by kind of applicant and defect."""
    names = list(BOOK.defects)
    return {
        kind: {names[bit]: rule for bit, rule in gate.rule_of_bit.items()}
        for kind, gate in node.gates.items()
    }


def brought_about(journey: str, gate: str) -> set[str]:
    """The consequences that some mistake has at a gate."""
    here = (each for each in CONSEQUENCES if gate in each.gates.get(journey, ()))
    return {rule for each in here for rule in each.rules}


def rules_of(journey: str) -> set[str]:
    """Rules of the journey's gates that some defect breaks."""
    nodes = compile_model(scenario_of(journey, 1, {})).graph.nodes
    gates = (g for node in nodes if isinstance(node, CheckNode) for g in node.gates.values())
    return {rule for gate in gates for rule in gate.rule_of_bit.values()}


@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_flow_and_twin_give_the_same_trace(journey: str) -> None:
    told: set[str] = set()
    cases = 0
    of_set = CASES * MORE.get(journey, 1) / len(SETS)
    seen = Seen()
    for seed, defects in enumerate(SETS):
        scenario = scenario_of(journey, of_set, probabilities(defects), seed=seed)
        with seen.watching():
            flow, twin = traces(scenario)
        assert twin.verdicts == flow.verdicts
        assert twin == flow
        cases += len(flow.by_case())
        told.update(rule for each in twin.verdicts for rule in each.rules)
    assert cases > CASES / 2
    assert len(told) >= TOLD * len(rules_of(journey))
    of_journey = {place: each for place, each in QUESTIONS.items() if place[0] == journey}
    for place, question in of_journey.items():
        assert seen.asked[place] <= {*question.use_cases, *HOUSEKEEPING}
    if CASES < ALL_SEEN:
        return
    asked = {name for place in of_journey for name in seen.asked[place]}
    for place, question in of_journey.items():
        assert asked.issuperset(question.use_cases)
        assert question.ahead == seen.told[place] - set(RULES[place]) - brought_about(*place)


@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_where_one_mistake_hides_another_the_portal_tells_less_and_nothing_else(
    journey: str,
) -> None:
    shares = probabilities(BOOK.defects, EACH / 2)
    scenario = scenario_of(journey, CASES, shares, alone=True)
    flow, twin = traces(scenario)
    model = compile_model(scenario)
    places = twin_of(scenario, model.graph).gates
    nodes = [node for node in model.graph.nodes if isinstance(node, CheckNode)]
    place = {node.path: places[node.index] for node in nodes}
    rule_of = {node.path: by_defect(node) for node in nodes}
    unequal = differing(flow, twin)
    of_flow, of_twin = flow.by_case(), twin.by_case()
    for number in unequal:
        pairs = zip(of_flow[0, number].verdicts, of_twin[0, number].verdicts, strict=False)
        first, second = next(pair for pair in pairs if pair[0] != pair[1])
        assert replace(first, rules=second.rules) == second
        lost = first.rules - second.rules
        asked = rule_of[first.gate][first.kind]
        assert set() < lost <= hidden(*place[first.gate], asked, first.defects)
        assert set() < second.rules < first.rules
    cases = len(of_flow)
    mean = share_masked(shares) * cases
    assert len(unequal) <= mean + SIGMAS * mean**0.5

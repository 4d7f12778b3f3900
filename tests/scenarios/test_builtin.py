"""The journeys and default stations that come with Poligon keep what the rule book asks of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import rulebook
from rulebook import KINDS, Kind
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey, default_stations
from scenarios.durations import MICROSECONDS
from scenarios.journey_format import Check, Choose, Delay, Fail, Fork, JourneyGraph, Run, Serve
from scenarios.journey_structure import branch_heads, steps_inside
from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from tests.scenarios.journeys_page import NODE_HEAD, STATION_HEAD, node_rows, station_rows

BOOK = rulebook.load()
PAGE = Path(__file__).parents[2] / "docs" / "journeys.md"

# Systems that answer on their own. Messages have another channel (NTF-04), and so are apart.
MESSAGES = {"sms_gateway", "mail_server"}
PEOPLE = {"operator", "registry_officer", "licensing", "support_desk", "video_id", "ca"}
REGISTERS = {
    "egrul",
    "egrip",
    "fns",
    "pfr",
    "mvd",
    "smev",
    "ca_registry",
    "cert_status",
    "esia",
    "bank",
}


def graph(journey: str) -> JourneyGraph:
    return builtin_journey(journey, rulebook.load().policy())[0]


def nodes() -> Iterator[tuple[str, Any]]:
    for journey in BUILTIN_JOURNEYS:
        for name, node in graph(journey).nodes.items():
            yield f"{journey}.{name}", node


def arms(node: Choose, kind: Kind) -> Iterator[str]:
    """Where a choice may lead an applicant of `kind` under the default policy."""
    policy = BOOK.policy()
    for choice in node.choose:
        asked = {} if choice.if_ is None else choice.if_.policy or {}
        if any(policy[name] != value for name, value in asked.items()):
            continue
        wanted = None if choice.if_ is None else choice.if_.kind
        if wanted is None or kind == wanted:
            yield choice.to
            if wanted is not None:
                return


@cache
def rules_checked(journey: str, kind: Kind) -> frozenset[str]:
    """Rules of the gates that an applicant of `kind` may meet in `journey` and what it runs."""
    graph_of = graph(journey)
    found: set[str] = set()
    reached, waiting = {graph_of.start}, [graph_of.start]
    while waiting:
        node = graph_of.nodes[waiting.pop()]
        if isinstance(node, Check):
            found |= set(node.check)
        elif isinstance(node, Run):
            found |= rules_checked(node.run, kind)
        steps = [target for _, target in [*steps_inside(node), *branch_heads(node)]]
        new = set(arms(node, kind) if isinstance(node, Choose) else steps) - reached
        reached |= new
        waiting += new
    return frozenset(found)


def gated_in(journey: str, defect: str, kind: Kind) -> bool:
    return BOOK.defects[defect].rule_for(kind) in rules_checked(journey, kind)


@dataclass(frozen=True)
class Outcome:
    """What became of the cases of a run: `entered` are the nodes that some case came to."""

    arrived: float
    completed: float
    rejections: dict[str, float]
    entered: set[str]
    end_s: float


def run(journey: str, kind: Kind, defects: list[str], policy: str = "by_kind") -> Outcome:
    """Forty applicants of one kind, who have all of `defects` and mend each at the first return."""
    scenario = {
        "version": 1,
        "name": "builtin",
        "calendar": {"start": "2026-03-16T09:00", "arrivals_until": "2026-03-16T10:00"},
        "policy": {"BND.confirmation": policy},
        "population": {
            "kinds": {each: float(each == kind) for each in KINDS},
            "defects": dict.fromkeys(defects, 1),
            "mend": 1,
        },
        "stations": {},
        "arrivals": [{"journey": journey, "rate": {"per_hour": 40}}],
        "journeys": {journey: "builtin"},
    }
    result = experiment(loads(yaml.safe_dump(scenario)), replications=1, backend=LocalBackend(1))
    figures = {path: figure.value or 0 for path, figure in result.figures.items()}
    view = next(each for each in result.journeys if each.name == journey)
    return Outcome(
        arrived=figures[f"journeys.{journey}.arrived"],
        completed=figures[f"journeys.{journey}.completed"],
        rejections={
            path.removeprefix("rejections."): count
            for path, count in figures.items()
            if path.startswith("rejections.") and count
        },
        entered={node.id.rpartition(".")[2] for node in view.nodes if node.entered},
        end_s=result.end_s,
    )


def first_gate(defect: str, kind: Kind) -> str | None:
    return next((name for name in BUILTIN_JOURNEYS if gated_in(name, defect, kind)), None)


LONE_DEFECTS = [
    (defect, kind, first_gate(defect, kind))
    for defect, entry in BOOK.defects.items()
    for kind in entry.kinds
]


@pytest.mark.parametrize(("defect", "kind", "journey"), LONE_DEFECTS)
def test_lone_defect_is_rejected_by_its_rule_and_the_case_still_completes(
    defect: str, kind: Kind, journey: str | None
) -> None:
    assert journey is not None, f"no built-in journey has a gate for {defect} of a {kind}"
    outcome = run(journey, kind, [defect])
    rule = BOOK.defects[defect].rule_for(kind)
    assert set(outcome.rejections) == {rule}
    assert outcome.completed == outcome.arrived > 0
    # mended at the first return, so nobody is rejected twice
    assert outcome.rejections[str(rule)] <= outcome.arrived


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_everybody_gets_through_in_the_end_with_every_defect_that_the_journey_catches(
    journey: str, kind: Kind
) -> None:
    defects = [defect for defect in BOOK.defects if gated_in(journey, defect, kind)]
    outcome = run(journey, kind, defects)
    assert outcome.completed == outcome.arrived > 0
    assert set(outcome.rejections) == {BOOK.defects[defect].rule_for(kind) for defect in defects}


@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_journey_without_defects_rejects_nobody(journey: str) -> None:
    outcome = run(journey, "legal", [])
    assert outcome.rejections == {}
    assert outcome.completed == outcome.arrived > 0


@pytest.mark.parametrize(
    ("policy", "kind", "confirmed_at"),
    [
        ("by_kind", "legal", "sign"),
        ("by_kind", "sole_proprietor", "code_sms"),
        ("sms", "legal", "code_sms"),
        ("signature", "sole_proprietor", "sign"),
        ("head", "legal", "head_request"),
    ],
)
def test_binding_is_confirmed_as_the_policy_says(
    policy: str, kind: Kind, confirmed_at: str
) -> None:
    outcome = run("binding", kind, [], policy)
    assert outcome.entered & {"sign", "code_sms", "head_request"} == {confirmed_at}


def test_who_is_locked_at_every_failure_gets_through_in_the_end() -> None:
    scenario = {
        "version": 1,
        "name": "locked",
        "calendar": {"start": "2026-03-16T09:00", "arrivals_until": "2026-03-16T10:00"},
        "policy": {"BND-11.max_failed_bindings": 1},
        "population": {"defects": {"inn_typo": 1, "inn_of_other_org": 1}, "mend": 0.3},
        "stations": {},
        "arrivals": [{"journey": "binding", "rate": {"per_hour": 60}}],
        "journeys": {"binding": "builtin"},
    }
    result = experiment(loads(yaml.safe_dump(scenario)), replications=1, backend=LocalBackend(1))
    figures = {path: figure.value or 0 for path, figure in result.figures.items()}
    assert figures["journeys.binding.completed"] == figures["journeys.binding.arrived"] > 0
    view = next(each for each in result.journeys if each.name == "binding")
    entered = {node.id.rpartition(".")[2] for node in view.nodes if node.entered}
    assert {"locked", "number_locked"} <= entered


def test_sole_proprietor_has_the_cabinet_within_the_day_and_a_legal_entity_does_not() -> None:
    day_s = MICROSECONDS["d"] // MICROSECONDS["s"]
    # REG-09 against VER-02: FNS and PFR take 24 hours at least
    sole, legal = (run("registration", kind, []) for kind in KINDS[::-1])
    assert sole.end_s < day_s < legal.end_s


@pytest.mark.parametrize(
    ("path", "node"),
    [(path, node) for path, node in nodes() if isinstance(node, Serve) and node.serve in REGISTERS],
)
def test_silent_register_is_polled_for_ever(path: str, node: Serve) -> None:
    assert isinstance(node.fail, Fail), f"{path} gives a case up when {node.serve} fails"
    assert (node.fail.to, node.fail.max) == (path.partition(".")[2], None)
    assert node.fail.after is not None


def test_every_service_that_may_fail_has_somewhere_to_go_to() -> None:
    served = [node for _, node in nodes() if isinstance(node, Serve)]
    assert {node.serve for node in served} >= REGISTERS | MESSAGES | PEOPLE
    assert [path for path, node in nodes() if isinstance(node, Serve) and node.fail is None] == []


def test_every_station_of_the_journeys_is_a_system_with_a_default() -> None:
    used = {node.serve for _, node in nodes() if isinstance(node, Serve)}
    assert used <= set(default_stations(rulebook.load().policy())[0])


def test_stations_that_no_journey_uses_are_those_of_agencies_behind_the_mocks() -> None:
    used = {node.serve for _, node in nodes() if isinstance(node, Serve)}
    unused = set(default_stations(rulebook.load().policy())[0]) - used
    assert unused == {"eais", "rosstandart", "emias", "rosreestr", "procurement"}
    assert {BOOK.systems[name].role for name in unused} == {"mock"}


def test_every_rule_named_by_a_node_exists() -> None:
    named = {rule for _, node in nodes() for rule in node.rules}
    checked = {rule for _, node in nodes() if isinstance(node, Check) for rule in node.check}
    assert sorted((named | checked) - set(BOOK.rules)) == []


def test_every_node_has_a_title_and_every_step_names_its_rules() -> None:
    assert [path for path, node in nodes() if node.title is None] == []
    steps = (Serve, Delay, Choose, Fork, Run)
    assert [path for path, node in nodes() if isinstance(node, steps) and not node.rules] == []


def test_every_duration_and_share_has_a_source() -> None:
    def has_figures(node: Any) -> bool:
        if isinstance(node, Choose):
            return any(choice.p is not None for choice in node.choose)
        fail = getattr(node, "fail", None)
        return isinstance(node, Delay) or (isinstance(fail, Fail) and fail.after is not None)

    assert [path for path, node in nodes() if has_figures(node) and node.source is None] == []
    assert [
        name
        for name, station in default_stations(rulebook.load().policy())[0].items()
        if not station.source
    ] == []


def test_sources_are_assumptions_or_name_rules_of_the_book() -> None:
    stations = default_stations(rulebook.load().policy())[0]
    sources = [node.source for _, node in nodes() if node.source]
    sources += [station.source for station in stations.values() if station.source]
    for source in sources:
        named = re.findall(r"[A-Z]+-\d\d", source)
        assert named or "assumption" in source
        assert set(named) <= set(BOOK.rules)


@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_page_repeats_the_durations_of_the_journey(journey: str) -> None:
    file: Any = builtin_journey(journey, rulebook.load().policy())[1].value
    section = f"## `{journey}`: {file['title']['en']}\n"
    assert section in PAGE.read_text(encoding="utf-8")
    body = PAGE.read_text(encoding="utf-8").split(section)[1].split("\n## ")[0]
    rows = node_rows(file)
    table = [*NODE_HEAD, *rows] if rows else []
    assert [line for line in body.splitlines() if line.startswith("|")] == table


def test_page_repeats_the_default_stations() -> None:
    body = PAGE.read_text(encoding="utf-8").split("## Default stations\n")[1]
    rows = station_rows(default_stations(rulebook.load().policy())[1].value)
    assert [line for line in body.splitlines() if line.startswith("|")] == [*STATION_HEAD, *rows]

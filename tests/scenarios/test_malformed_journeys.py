"""Malformed journeys: nodes, edges, choices and their conditions, branches."""

import pytest

from tests.scenarios.told_problems import GOOD, NODE, Case, problems_of, told

CASES = {
    "journey that is a word": Case(
        GOOD[GOOD.index("  own:\n") : GOOD.index("faults:")],
        "  own: custom\n",
        [("journey", 24, "journeys.own")],
    ),
    "built-in journey that there is not": Case(
        "journeys:\n", "journeys:\n  bindign: builtin\n", [("not_builtin", 24, "journeys.bindign")]
    ),
    "journey without a start": Case(
        "    start: ask\n", "", [("missing", 24, "journeys.own.start")]
    ),
    "unknown start": Case("start: ask", "start: aks", [("unknown_node", 25, "journeys.own.start")]),
    "node of no kind": Case(
        "done: {end: completed}", "done: {stop: 1}", [("node", 34, f"{NODE}.done")]
    ),
    "node of two kinds": Case(
        "left: {serve: desk}",
        "left: {serve: desk, delay: {constant: 1s}}",
        [("node", 30, f"{NODE}.left")],
    ),
    "unknown end": Case(
        "{end: completed}", "{end: finished}", [("choice", 34, f"{NODE}.done.end")]
    ),
    "key of another kind of node": Case(
        "{end: completed}",
        "{end: completed, next: lost}",
        [("unknown_key", 34, f"{NODE}.done.next")],
    ),
    "fail that is a number": Case("fail: ask}", "fail: 3}", [("fail", 32, f"{NODE}.gate.fail")]),
    "unknown targets everywhere": Case(
        GOOD[GOOD.index("      ask:") : GOOD.index("      left:")],
        "      ask: {serve: egrul, next: x1, fail: {to: x2, max: 9, give_up: x3}}\n"
        "      sort: {choose: [{to: both, if: {kind: legal}}, {to: x4}]}\n"
        "      both: {fork: [left, x5], next: gate, fail: x6}\n",
        [
            ("unknown_node", 27, f"{NODE}.ask.next"),
            ("unknown_node", 27, f"{NODE}.ask.fail.to"),
            ("unknown_node", 27, f"{NODE}.ask.fail.give_up"),
            ("unknown_node", 28, f"{NODE}.sort.choose.1.to"),
            ("unknown_node", 29, f"{NODE}.both.fork.1"),
            ("unknown_node", 29, f"{NODE}.both.fail"),
        ],
    ),
    "unreachable node": Case(
        "done: {end: completed}",
        "done: {end: completed}\n      extra: {end: completed}",
        [("unreachable", 35, f"{NODE}.extra")],
    ),
    "dead end on the main path": Case(
        "fail: ask}",
        "fail: ask}".replace("ask", "stuck") + "\n      stuck: {serve: desk}",
        [("next_missing", 33, f"{NODE}.stuck")],
    ),
    "forgotten next": Case(
        "within: 3d, late: lost, next: done}",
        "within: 3d, late: lost}",
        [("next_missing", 33, f"{NODE}.answer")],
    ),
    "unknown station": Case(
        "{serve: desk}", "{serve: dsk}", [("unknown_station", 30, f"{NODE}.left.serve")]
    ),
    "unknown rules": Case(
        "check: [REG-02]",
        "check: [REG-02, REG-99], rules: [ABC-01]",
        [
            ("unknown_rule", 32, f"{NODE}.gate.check.1"),
            ("unknown_rule", 32, f"{NODE}.gate.rules.0"),
        ],
    ),
    "empty check": Case("check: [REG-02]", "check: []", [("too_short", 32, f"{NODE}.gate.check")]),
    "run of an unknown journey": Case(
        "left: {serve: desk}", "left: {run: nothing}", [("unknown_journey", 30, f"{NODE}.left.run")]
    ),
    "journey that runs itself": Case(
        "left: {serve: desk}", "left: {run: own}", [("journey_recursion", 30, f"{NODE}.left.run")]
    ),
    "probabilities below 1": Case(
        "{to: both, if: {kind: legal}}, {to: gate}",
        "{to: both, p: 0.5}, {to: gate, p: 0.4999}",
        [("shares_sum", 28, f"{NODE}.sort.choose")],
    ),
    "choice by chance and condition": Case(
        "{to: gate}]", "{to: gate, p: 0.5}]", [("choose_mixed", 28, f"{NODE}.sort.choose")]
    ),
    "choice without a default": Case(
        "{to: gate}]",
        "{to: gate, if: {tier: small}}]",
        [("choose_default", 28, f"{NODE}.sort.choose")],
    ),
    "default that is not the last": Case(
        "{to: both, if: {kind: legal}}, {to: gate}",
        "{to: gate}, {to: both, if: {kind: legal}}",
        [("choose_default", 28, f"{NODE}.sort.choose")],
    ),
    "wrong conditions": Case(
        "if: {kind: legal}",
        "if: {kind: [legal, martian], tier: huge, defects: [], when: now}",
        [
            ("choice", 28, f"{NODE}.sort.choose.0.if.kind.1"),
            ("choice", 28, f"{NODE}.sort.choose.0.if.tier"),
            ("too_short", 28, f"{NODE}.sort.choose.0.if.defects"),
            ("unknown_key", 28, f"{NODE}.sort.choose.0.if.when"),
        ],
    ),
    "conditions on what there is not": Case(
        "if: {kind: legal}",
        "if: {defects: [inn_typo, inn_tipo], policy: {BND.confirm: 1}, "
        "visits: {aks: {at_least: 1}}}",
        [
            ("unknown_defect", 28, f"{NODE}.sort.choose.0.if.defects.1"),
            ("unknown_policy", 28, f"{NODE}.sort.choose.0.if.policy.BND.confirm"),
            ("unknown_node", 28, f"{NODE}.sort.choose.0.if.visits.aks"),
        ],
    ),
    "condition on values that a parameter cannot have": Case(
        "if: {kind: legal}",
        "if: {policy: {BND.confirmation: [sms, pigeon], ACC-04.duration_min: 5}}",
        [
            ("choice", 28, f"{NODE}.sort.choose.0.if.policy.BND.confirmation"),
            ("policy_comparison", 28, f"{NODE}.sort.choose.0.if.policy.ACC-04.duration_min"),
        ],
    ),
    "visits that cannot be": Case(
        "if: {kind: legal}",
        "if: {visits: {ask: {at_least: 3, at_most: 2}}}",
        [("bounds_order", 28, f"{NODE}.sort.choose.0.if.visits.ask")],
    ),
    "within without late": Case(
        "within: 3d, late: lost", "within: 3d", [("late_missing", 33, f"{NODE}.answer.within")]
    ),
    "late without within": Case(
        "within: 3d, late: lost", "late: lost", [("within_missing", 33, f"{NODE}.answer.late")]
    ),
    "within that is no term": Case(
        "within: 3d", "within: 0wd", [("deadline", 33, f"{NODE}.answer.within")]
    ),
    "edge out of a branch": Case(
        "left: {serve: desk}",
        "left: {serve: desk, next: gate}",
        [("branch_edge", 30, f"{NODE}.left.next")],
    ),
    "edge into a branch": Case(
        "next: answer, fail: ask}",
        "next: answer, fail: left}",
        [
            ("branch_edge", 29, f"{NODE}.both.fork.0"),
            ("next_missing", 30, f"{NODE}.left"),
        ],
    ),
    "node shared by two branches": Case(
        "right: {delay: {constant: 1h}}",
        "right: {delay: {constant: 1h}, next: left}",
        [("branch_edge", 31, f"{NODE}.right.next")],
    ),
    "branch given twice": Case(
        "fork: [left, right]",
        "fork: [left, right, left]",
        [("branch_edge", 29, f"{NODE}.both.fork.2")],
    ),
    "end inside a branch": Case(
        "left: {serve: desk}",
        "left: {serve: desk, next: stop}\n      stop: {end: completed}",
        [("branch_end", 31, f"{NODE}.stop")],
    ),
    "fork of one branch": Case(
        "fork: [left, right]", "fork: [left]", [("too_short", 29, f"{NODE}.both.fork")]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_journey_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)


def test_wrong_node_is_told_without_calling_its_neighbours_unreachable() -> None:
    assert problems_of(GOOD.replace("{serve: egrul, next: sort", "{server: egrul, next: sort")) == [
        ("node", 27, f"{NODE}.ask")
    ]


# --- the other side of the bounds

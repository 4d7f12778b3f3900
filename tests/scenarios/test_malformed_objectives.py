"""Malformed objectives: of what, with which bound."""

import pytest

from scenarios.loader import loads
from tests.scenarios.told_problems import GOOD, Case, told

CASES = {
    "objective of nothing": Case(
        "journey: own, within: 5wd, at_least", "at_least", [("objective", 39, "objectives.0")]
    ),
    "objective of an unknown journey": Case(
        "journey: own, within",
        "journey: owl, within",
        [("unknown_journey", 39, "objectives.0.journey")],
    ),
    "objective without a bound": Case(
        "utilisation, at_most: 0.8", "utilisation", [("one_bound", 40, "objectives.1")]
    ),
    "objective with two bounds": Case(
        "at_most: 0.8", "at_most: 0.8, at_least: 0.1", [("one_bound", 40, "objectives.1")]
    ),
    "objective of an unknown figure": Case(
        "desk.utilisation", "desk.utilization", [("unknown_metric", 40, "objectives.1.metric")]
    ),
    "objective of an unknown station": Case(
        "stations.desk.", "stations.dsk.", [("unknown_metric", 40, "objectives.1.metric")]
    ),
    "objective of a rule that no gate checks": Case(
        "stations.desk.utilisation",
        "rejections.REG-04",
        [("unknown_metric", 40, "objectives.1.metric")],
    ),
    "recovery from a fault that is wrong by itself": Case(
        GOOD[GOOD.index("kind: outage") :],
        "kind: outage, from: 21.04.2026}\nobjectives:\n"
        "  - {id: back, metric: recovery.down, at_most: 1h}\n",
        [("local_time", 37, "faults.0.from")],
    ),
    "recovery from a fault that there is not": Case(
        "stations.desk.utilisation",
        "recovery.dwon",
        [("unknown_metric", 40, "objectives.1.metric")],
    ),
    "utilisation in minutes": Case(
        "at_most: 0.8", "at_most: 8m", [("bound_number", 40, "objectives.1.at_most")]
    ),
    "waiting time without a unit": Case(
        "utilisation, at_most: 0.8",
        "wait.p95, at_most: 8",
        [("bound_duration", 40, "objectives.1.at_most")],
    ),
    "objectives of one name": Case(
        "id: light", "id: fast", [("duplicate_id", 40, "objectives.1.id")]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_objective_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)


def test_objective_of_a_rule_that_a_gate_checks_is_read() -> None:
    assert loads(GOOD.replace("stations.desk.utilisation", "rejections.REG-02"))

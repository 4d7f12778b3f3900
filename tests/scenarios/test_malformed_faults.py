"""Malformed faults: of which station, of which kind, when."""

import pytest

from scenarios.loader import loads
from tests.scenarios.told_problems import GOOD, Case, told

CASES = {
    "fault of no station": Case(
        "service: egrul", "service: egrull", [("unknown_station", 37, "faults.0.service")]
    ),
    "outage of a station without a timeout": Case(
        "service: egrul, kind", "service: desk, kind", [("outage_timeout", 37, "faults.0.service")]
    ),
    "outage with keys of other kinds": Case(
        "for: 2h",
        "for: 2h, factor: 3, p: 0.1, status: 503, retry_after: 1s",
        [
            ("fault_key_extra", 37, f"faults.0.{key}")
            for key in ("factor", "p", "status", "retry_after")
        ],
    ),
    "slow without a factor": Case(
        "kind: outage", "kind: slow", [("fault_key_missing", 37, "faults.0")]
    ),
    "error with a factor instead of p": Case(
        "kind: outage",
        "kind: error, factor: 2",
        [("fault_key_missing", 37, "faults.0"), ("fault_key_extra", 37, "faults.0.factor")],
    ),
    "status that is no error": Case(
        "kind: outage", "kind: error, p: 1, status: 200", [("http_status", 37, "faults.0.status")]
    ),
    "fault before the start": Case(
        "2026-04-21T10:00", "2026-04-19T22:00", [("outside_run", 37, "faults.0")]
    ),
    "fault after the horizon": Case(
        "  arrivals_until: 2026-04-27T00:00",
        "  horizon: 34h",
        [("outside_run", 37, "faults.0")],
    ),
    "fault of no length": Case("for: 2h", "for: 0h", [("positive_duration", 37, "faults.0.for")]),
    "outages that overlap": Case(
        "objectives:",
        "  - {id: again, service: egrul, kind: outage, from: 2026-04-21T11:59, for: 1m}\n"
        "  - {id: down, service: egrul, kind: outage, from: 2026-04-21T12:00, for: 1m}\n"
        "objectives:",
        [("outages_overlap", 38, "faults.1"), ("duplicate_id", 39, "faults.2.id")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_fault_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)


def test_outages_that_touch_do_not_overlap() -> None:
    later = "  - {id: again, service: egrul, kind: outage, from: 2026-04-21T12:00}\nobjectives:"
    assert len(loads(GOOD.replace("objectives:", later)).scenario.faults) == 2

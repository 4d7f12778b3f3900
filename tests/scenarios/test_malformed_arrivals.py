"""Malformed arrivals: streams, rates, profiles, peaks."""

import pytest

from tests.scenarios.told_problems import GOOD, Case, told

CASES = {
    "no arrivals": Case(
        GOOD[GOOD.index("arrivals:\n") : GOOD.index("journeys:")],
        "arrivals: []\n",
        [("too_short", 19, "arrivals")],
    ),
    "stream of nothing": Case(
        "    rate: {per_hour: 60, profile: office_hours}\n"
        "    peaks: [{from: 2026-04-21T00:00, to: 2026-04-22T00:00, factor: 2}]\n",
        "",
        [("arrival_stream", 20, "arrivals.0")],
    ),
    "stream of an unknown journey": Case(
        "journey: own\n", "journey: owl\n", [("unknown_journey", 20, "arrivals.0.journey")]
    ),
    "stream of a built-in journey not listed": Case(
        "journey: own\n", "journey: binding\n", [("unknown_journey", 20, "arrivals.0.journey")]
    ),
    "two rates": Case(
        "per_hour: 60", "per_hour: 60, per_day: 9", [("one_rate", 21, "arrivals.0.rate")]
    ),
    "no rate": Case("per_hour: 60, ", "", [("one_rate", 21, "arrivals.0.rate")]),
    "negative rate": Case(
        "per_hour: 60", "per_hour: -1", [("non_negative", 21, "arrivals.0.rate.per_hour")]
    ),
    "unknown profile": Case(
        "profile: office_hours", "profile: night", [("profile", 21, "arrivals.0.rate.profile")]
    ),
    "profile of 23 hours": Case(
        "profile: office_hours",
        f"profile: {{hours: {[1] * 23}}}",
        [("too_short", 21, "arrivals.0.rate.profile.hours")],
    ),
    "profile of 8 days": Case(
        "profile: office_hours",
        f"profile: {{hours: {[1] * 24}, weekdays: {[1] * 8}}}",
        [("too_long", 21, "arrivals.0.rate.profile.weekdays")],
    ),
    "profile of zeros": Case(
        "profile: office_hours",
        f"profile: {{hours: {[0] * 24}, weekdays: {[0] * 7}, holidays: 1}}",
        [
            ("weights_zero", 21, "arrivals.0.rate.profile.hours"),
            ("weights_zero", 21, "arrivals.0.rate.profile.weekdays"),
        ],
    ),
    "peak that ends as it begins": Case(
        "to: 2026-04-22T00:00",
        "to: 2026-04-21T00:00",
        [("interval_order", 22, "arrivals.0.peaks.0.to")],
    ),
    "peak after the last arrival": Case(
        "from: 2026-04-21T00:00, to: 2026-04-22T00:00",
        "from: 2026-04-27T00:00, to: 2026-04-28T00:00",
        [("outside_run", 22, "arrivals.0.peaks.0")],
    ),
    "peak before the start": Case(
        "from: 2026-04-21T00:00, to: 2026-04-22T00:00",
        "from: 2026-04-19T00:00, to: 2026-04-20T00:00",
        [("outside_run", 22, "arrivals.0.peaks.0")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_stream_of_arrivals_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)

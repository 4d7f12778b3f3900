"""Malformed scenario files: each is told all that is wrong with it, where, and nothing else.

Of what a file says once: its head, calendar, policy, population. What is wrong with stations,
arrivals, journeys, faults and objectives has modules of its own.
"""

import pytest

from scenarios.loader import loads
from tests.scenarios.told_problems import GOOD, NODE, Case, problems_of, told

CASES = {
    # --- top level, keys, single values ---
    "missing name": Case("name: Проверка\n", "", [("missing", 1, "name")]),
    "unknown top-level key": Case("seed: 7", "sede: 7", [("unknown_key", 3, "sede")]),
    "duplicate key": Case("seed: 7", "seed: 7\nseed: 8", [("yaml_duplicate_key", 4, "seed")]),
    "key that is a number": Case("seed: 7", "7: seed", [("yaml_key", 3, "")]),
    "key that is a list": Case("seed: 7", "? [a, b]\n: seed", [("yaml_key", 3, "")]),
    "key with a space": Case("seed: 7", "my seed: 7", [("name", 3, "my seed")]),
    "version 2": Case("version: 1", "version: 2", [("version", 1, "version")]),
    "version true": Case("version: 1", "version: true", [("version", 1, "version")]),
    "version 1.0": Case("version: 1", "version: 1.0", [("version", 1, "version")]),
    "empty name": Case("name: Проверка", "name: ' '", [("text", 2, "name")]),
    "name that is a number": Case("name: Проверка", "name: 5", [("text", 2, "name")]),
    "negative seed": Case("seed: 7", "seed: -7", [("count", 3, "seed")]),
    "seed beyond 63 bits": Case("seed: 7", "seed: 9223372036854775808", [("too_large", 3, "seed")]),
    "seed that is true": Case("seed: 7", "seed: true", [("count", 3, "seed")]),
    "replications 0": Case("seed: 7", "replications: 0", [("positive_count", 3, "replications")]),
    "date tag": Case("seed: 7", "seed: !!int 7", [("yaml_tag", 3, "")]),
    # --- calendar ---
    "calendar is a word": Case(
        "calendar:\n  start: 2026-04-20T00:00\n  arrivals_until: 2026-04-27T00:00",
        "calendar: RU",
        [("mapping", 4, "calendar")],
    ),
    "calendar without start": Case(
        "  start: 2026-04-20T00:00\n", "", [("missing", 4, "calendar.start")]
    ),
    "start with an offset": Case(
        "2026-04-20T00:00", "2026-04-20T00:00+03:00", [("local_time", 5, "calendar.start")]
    ),
    "start that is no date": Case(
        "2026-04-20T00:00", "2026-02-30T00:00", [("local_time", 5, "calendar.start")]
    ),
    "start before 1900": Case(
        "2026-04-20T00:00", "1812-09-07T00:00", [("local_time", 5, "calendar.start")]
    ),
    "unknown country": Case(
        "start: 2026-04-20T00:00",
        "start: 2026-04-20T00:00\n  country: Россия",
        [("country", 6, "calendar.country")],
    ),
    "unknown time zone": Case(
        "start: 2026-04-20T00:00",
        "start: 2026-04-20T00:00\n  timezone: Europe/Moskva",
        [("timezone", 6, "calendar.timezone")],
    ),
    "start in the hour that clocks skip": Case(
        "start: 2026-04-20T00:00",
        "start: 2026-03-29T02:30\n  timezone: Europe/Berlin",
        [("start_nonexistent", 5, "calendar.start")],
    ),
    "start in the hour that clocks repeat": Case(
        "start: 2026-04-20T00:00",
        "start: 2025-10-26T02:30\n  timezone: Europe/Berlin",
        [("start_ambiguous", 5, "calendar.start")],
    ),
    "horizon without a unit": Case(
        "  arrivals_until", "  horizon: 30\n  arrivals_until", [("horizon", 6, "calendar.horizon")]
    ),
    "horizon 0": Case(
        "  arrivals_until", "  horizon: 0d\n  arrivals_until", [("horizon", 6, "calendar.horizon")]
    ),
    "horizon at the start": Case(
        "  arrivals_until",
        "  horizon: 2026-04-20T00:00\n  arrivals_until",
        [("after_start", 6, "calendar.horizon")],
    ),
    "arrivals end at the start": Case(
        "2026-04-27T00:00", "2026-04-20T00:00", [("after_start", 6, "calendar.arrivals_until")]
    ),
    "until_empty with endless arrivals": Case(
        "  arrivals_until: 2026-04-27T00:00\n", "", [("arrivals_until_missing", 4, "calendar")]
    ),
    "warm-up as long as the run": Case("seed: 7", "warmup: 7d", [("warmup_end", 3, "warmup")]),
    "warm-up that is no duration": Case("seed: 7", "warmup: soon", [("warmup", 3, "warmup")]),
    "automatic warm-up with a profile": Case(
        "seed: 7", "warmup: auto", [("warmup_stationary", 3, "warmup")]
    ),
    # --- policy, population ---
    "unknown policy parameter": Case(
        "BND.confirmation", "BND.confirm", [("unknown_policy", 7, "policy.BND.confirm")]
    ),
    "wrong policy value": Case("signature}", "pigeon}", [("choice", 7, "policy.BND.confirmation")]),
    "unknown defect": Case(
        "inn_typo: 0.02", "inn_tipo: 0.02", [("unknown_defect", 8, "population.defects.inn_tipo")]
    ),
    "probability above 1": Case(
        "inn_typo: 0.02", "inn_typo: 1.02", [("probability", 8, "population.defects.inn_typo")]
    ),
    "unknown kind of applicant": Case(
        "{defects: {inn_typo: 0.02}}",
        "{kinds: {legal: 0.5, alien: 0.5}}",
        [("choice", 8, "population.kinds.alien")],
    ),
    "kinds that do not add up": Case(
        "{defects: {inn_typo: 0.02}}",
        "{kinds: {legal: 0.5, sole_proprietor: 0.4}, tiers: {small: 0.9}}",
        [("shares_sum", 8, "population.kinds"), ("shares_sum", 8, "population.tiers")],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_scenario_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)


def test_problems_of_all_sections_are_told_together_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace("seed: 7", "sede: 7")
        .replace("servers: 8", "servers: many")
        .replace("journey: own\n", "journey: owl\n")
        .replace("next: sort", "next: sert")
        .replace("end: completed", "end: finished")
        .replace("kind: outage", "kind: slow")
        .replace("at_most: 0.8", "at_most: 8m")
    )
    assert problems_of(text) == [
        ("unknown_key", 3, "sede"),
        ("servers", 11, "stations.egrul.servers"),
        ("unknown_journey", 20, "arrivals.0.journey"),
        ("unknown_node", 27, f"{NODE}.ask.next"),
        ("choice", 34, f"{NODE}.done.end"),
        ("fault_key_missing", 37, "faults.0"),
        ("bound_number", 40, "objectives.1.at_most"),
    ]


# --- the other side of the bounds


def test_stationary_arrivals_may_have_an_automatic_warm_up() -> None:
    text = GOOD.replace("seed: 7", "warmup: auto").replace(", profile: office_hours", "")
    peak = text[text.index("    peaks:") : text.index("journeys:")]
    assert loads(text.replace(peak, "")).scenario.warmup == "auto"
    assert problems_of(text) == [("warmup_stationary", 3, "warmup")]

"""Malformed scenario files: each is told all that is wrong with it, where, and nothing else."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from scenarios.loader import loads
from tests.scenarios.told_problems import GOOD, NODE, Found, problems_of


class Case(NamedTuple):
    """The good scenario with `old` replaced, and the problems (code, line, key) it must have."""

    old: str
    new: str
    problems: Sequence[Found]


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
    # --- stations ---
    "servers that are text": Case(
        "servers: 8", "servers: abc", [("servers", 11, "stations.egrul.servers")]
    ),
    "negative servers": Case(
        "servers: 8", "servers: -1", [("servers", 11, "stations.egrul.servers")]
    ),
    "servers and their typo": Case(
        "    servers: 8\n",
        "    sevrers: 8\n",
        [
            ("missing", 10, "stations.egrul.servers"),
            ("unknown_key", 11, "stations.egrul.sevrers"),
        ],
    ),
    "station that is empty": Case(
        '  desk:\n    servers: {shifts: [{days: working, from: "09:00", to: "18:00", count: 4}]}\n'
        "    service: {exponential: {mean: 10m}}\n",
        "  desk:\n",
        [("mapping", 16, "stations.desk")],
    ),
    "shift beginning at 24:00": Case(
        'from: "09:00"',
        'from: "24:00"',
        [("start_of_shift", 17, "stations.desk.servers.shifts.0.from")],
    ),
    "shift ending at 25:00": Case(
        'to: "18:00"', 'to: "25:00"', [("time_of_day", 17, "stations.desk.servers.shifts.0.to")]
    ),
    "unknown days": Case(
        "days: working", "days: weekend", [("days", 17, "stations.desk.servers.shifts.0.days")]
    ),
    "unknown day of the week": Case(
        "days: working",
        "days: [sat, caturday]",
        [("choice", 17, "stations.desk.servers.shifts.0.days.1")],
    ),
    "no days": Case(
        "days: working", "days: []", [("too_short", 17, "stations.desk.servers.shifts.0.days")]
    ),
    "no shifts": Case(
        '[{days: working, from: "09:00", to: "18:00", count: 4}]',
        "[]",
        [("too_short", 17, "stations.desk.servers.shifts")],
    ),
    "timeout without a unit": Case(
        "timeout: 30s", "timeout: 30", [("positive_duration", 14, "stations.egrul.timeout")]
    ),
    "timeout 0": Case(
        "timeout: 30s", "timeout: 0s", [("positive_duration", 14, "stations.egrul.timeout")]
    ),
    "backoff finer than a microsecond": Case(
        "backoff: 2s", "backoff: 0.0005ms", [("duration", 15, "stations.egrul.retry.backoff")]
    ),
    "jitter above 1": Case(
        "backoff: 2s",
        "backoff: 2s, jitter: 1.5",
        [("probability", 15, "stations.egrul.retry.jitter")],
    ),
    "servers beyond a billion": Case(
        "servers: 8", "servers: 1000000001", [("too_large", 11, "stations.egrul.servers")]
    ),
    "infinite factor": Case(
        "backoff: 2s",
        "backoff: 2s, factor: .inf",
        [("too_large", 15, "stations.egrul.retry.factor")],
    ),
    "unknown discipline": Case(
        "queue_limit: 500",
        "discipline: lifo\n    cancel: yes",
        [("choice", 13, "stations.egrul.discipline"), ("yes_no", 14, "stations.egrul.cancel")],
    ),
    "one system twice": Case(
        "  desk:\n",
        "  operator: {servers: 1, service: {constant: 1s}}\n"
        "  operators: {servers: 1, service: {constant: 1s}}\n  desk:\n",
        [("station_twice", 17, "stations.operators")],
    ),
    "station name with a dot": Case(
        "  desk:\n",
        "  a.b: {servers: 1, service: {constant: 1s}}\n  desk:\n",
        [("name", 16, "stations.a.b")],
    ),
    # --- distributions ---
    "distribution that is a duration": Case(
        "{exponential: {mean: 10m}}", "10m", [("distribution", 18, "stations.desk.service")]
    ),
    "unknown distribution": Case(
        "{exponential: {mean: 10m}}",
        "{normal: {mean: 10m}}",
        [("distribution", 18, "stations.desk.service")],
    ),
    "two distributions": Case(
        "{exponential: {mean: 10m}}",
        "{constant: 10m, exponential: {mean: 10m}}",
        [("distribution", 18, "stations.desk.service")],
    ),
    "exponential of mean 0": Case(
        "{mean: 10m}",
        "{mean: 0s}",
        [("positive_duration", 18, "stations.desk.service.exponential.mean")],
    ),
    "lognormal without cv": Case(
        "mean: 120ms, cv: 1",
        "mean: 120ms",
        [("missing", 12, "stations.egrul.service.lognormal.cv")],
    ),
    "cv that is not a number": Case(
        "cv: 1", "cv: .nan", [("variation", 12, "stations.egrul.service.lognormal.cv")]
    ),
    "cv beyond floats": Case(
        "cv: 1",
        f"cv: 1{'0' * 320}",
        [("variation", 12, "stations.egrul.service.lognormal.cv")],
    ),
    "uniform upside down": Case(
        "{exponential: {mean: 10m}}",
        "{uniform: {low: 2m, high: 1m}}",
        [("range_order", 18, "stations.desk.service.uniform")],
    ),
    "triangular with the mode outside": Case(
        "{exponential: {mean: 10m}}",
        "{triangular: {low: 1m, mode: 5m, high: 4m}}",
        [("range_order", 18, "stations.desk.service.triangular")],
    ),
    "erlang of half a stage": Case(
        "{exponential: {mean: 10m}}",
        "{erlang: {k: 0.5, mean: 1m}}",
        [("stages", 18, "stations.desk.service.erlang.k")],
    ),
    "hyperexponential of unequal lists": Case(
        "{exponential: {mean: 10m}}",
        "{hyperexponential: {p: [0.5, 0.5], means: [1m]}}",
        [("same_length", 18, "stations.desk.service.hyperexponential")],
    ),
    "hyperexponential of shares below 1": Case(
        "{exponential: {mean: 10m}}",
        "{hyperexponential: {p: [0.5, 0.4], means: [1m, 2m]}}",
        [("shares_sum", 18, "stations.desk.service.hyperexponential")],
    ),
    "empirical without its file": Case(
        "{exponential: {mean: 10m}}",
        "{empirical: nowhere.csv}",
        [("data_missing", 18, "stations.desk.service.empirical")],
    ),
    # --- arrivals ---
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
    # --- journeys ---
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
    # --- cycles without time ---
    "choice that leads to itself": Case(
        "{to: gate}]}", "{to: sort}]}", [("cycle_without_time", 28, f"{NODE}.sort")]
    ),
    "check that returns to itself": Case(
        "fail: ask}", "fail: gate}", [("cycle_without_time", 32, f"{NODE}.gate")]
    ),
    "check that returns after no time": Case(
        "fail: ask}",
        "fail: {to: gate, after: {constant: 0s}}}",
        [("cycle_without_time", 32, f"{NODE}.gate")],
    ),
    "delays of zero in a circle": Case(
        "fail: ask}",
        "fail: again}\n      again: {delay: {uniform: {low: 0s, high: 0s}}, next: gate}",
        [("cycle_without_time", 32, f"{NODE}.gate")],
    ),
    "branches that take no time": Case(
        GOOD[GOOD.index("      both:") : GOOD.index("      answer:")],
        "      both: {fork: [left, right], next: gate}\n"
        "      left: {check: [REG-02]}\n"
        "      right: {delay: {constant: 0s}}\n"
        "      gate: {check: [REG-02], next: answer, fail: both}\n",
        [("cycle_without_time", 29, f"{NODE}.both")],
    ),
    # --- faults ---
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
    # --- objectives ---
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
def test_malformed_scenario_has_exactly_these_problems(case: Case) -> None:
    assert case.old in GOOD
    assert sorted(problems_of(GOOD.replace(case.old, case.new, 1))) == sorted(case.problems)


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


def test_wrong_node_is_told_without_calling_its_neighbours_unreachable() -> None:
    assert problems_of(GOOD.replace("{serve: egrul, next: sort", "{server: egrul, next: sort")) == [
        ("node", 27, f"{NODE}.ask")
    ]


# --- the other side of the bounds


def test_objective_of_a_rule_that_a_gate_checks_is_read() -> None:
    assert loads(GOOD.replace("stations.desk.utilisation", "rejections.REG-02"))


def test_stationary_arrivals_may_have_an_automatic_warm_up() -> None:
    text = GOOD.replace("seed: 7", "warmup: auto").replace(", profile: office_hours", "")
    peak = text[text.index("    peaks:") : text.index("journeys:")]
    assert loads(text.replace(peak, "")).scenario.warmup == "auto"
    assert problems_of(text) == [("warmup_stationary", 3, "warmup")]


def test_outages_that_touch_do_not_overlap() -> None:
    later = "  - {id: again, service: egrul, kind: outage, from: 2026-04-21T12:00}\nobjectives:"
    assert len(loads(GOOD.replace("objectives:", later)).scenario.faults) == 2

"""Malformed stations: servers and shifts, distributions of service, retries."""

import pytest

from tests.scenarios.told_problems import Case, told

CASES = {
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
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_malformed_station_has_exactly_these_problems(case: Case) -> None:
    assert told(case) == sorted(case.problems)

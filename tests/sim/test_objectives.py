"""Objectives: who is in time, who is due, and when an interval meets its bound."""

from pathlib import Path

import numpy as np
import pytest

from scenarios.durations import WorkingDays
from scenarios.format import MetricObjective, WithinObjective
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.measures import JourneyCases
from sim.experiments.objectives import TermShare, judge_bound, judge_term, share_within
from sim.experiments.results import Figure
from tests.sim.tracing import MONDAY, SECOND_US, figures, scenario
from world.calendar import Calendar

DAY = 86400
CALENDAR = Calendar(start=MONDAY)

TERM = """
objectives: [{id: o, journey: j, within: %s, at_least: 0.5}]
stations: {}
journeys:
  j: {start: wait, nodes: {wait: {delay: {constant: %s}, next: done}, done: {end: completed}}}
"""


def share(text: str, tmp_path: Path, horizon: str, arrivals: list[float]) -> TermShare:
    return figures(scenario(text, tmp_path, horizon, j=arrivals)).shares["o"]


@pytest.mark.parametrize(("delay", "expected"), [("60s", 1.0), ("60.000001s", 0.0)])
def test_a_case_is_in_time_up_to_its_deadline_and_late_a_microsecond_after(
    tmp_path: Path, delay: str, expected: float
) -> None:
    assert share(TERM % ("60s", delay), tmp_path, "until_empty", [0]) == TermShare(expected, 0)


def test_a_case_that_comes_on_friday_has_until_the_end_of_monday_for_one_working_day(
    tmp_path: Path,
) -> None:
    friday_noon = 4.5 * DAY
    in_time = f"{3.5 * DAY - 0.000001:.6f}s"
    late = f"{3.5 * DAY:.6f}s"
    assert share(TERM % ("1wd", in_time), tmp_path, "until_empty", [friday_noon]).share == 1.0
    assert share(TERM % ("1wd", late), tmp_path, "until_empty", [friday_noon]).share == 0.0


def test_cases_whose_deadline_is_not_before_the_horizon_are_undue(tmp_path: Path) -> None:
    # Deadlines at 139, 140 and 150 s against a horizon of 140 s; all complete by 100 s.
    got = share(TERM % ("60s", "10s"), tmp_path, "140s", [79, 80, 90])
    assert got == TermShare(1.0, 2)


def test_an_unfinished_case_past_its_deadline_is_late(tmp_path: Path) -> None:
    got = share(TERM % ("60s", "1000s"), tmp_path, "140s", [0, 79, 80])
    assert got == TermShare(0.0, 1)


def test_nothing_is_undue_when_the_run_went_on_until_empty(tmp_path: Path) -> None:
    assert share(TERM % ("1d", "10s"), tmp_path, "until_empty", [0, 5]) == TermShare(1.0, 0)


def test_an_abandoned_case_is_late_however_soon_it_left(tmp_path: Path) -> None:
    text = """
objectives: [{id: o, journey: j, within: 1h, at_least: 0.5}]
stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 0}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
    assert share(text, tmp_path, "until_empty", [0, 1, 2, 20]) == TermShare(0.5, 0)


def test_arrivals_before_the_end_of_the_warm_up_do_not_count(tmp_path: Path) -> None:
    text = "warmup: 30s\n" + TERM % ("60s", "10s")
    assert share(text, tmp_path, "100s", [0, 29.999999, 30, 35]) == TermShare(1.0, 0)
    assert share(text, tmp_path, "94s", [0, 30, 35]) == TermShare(1.0, 1)


def test_a_share_without_due_cases_has_no_value(tmp_path: Path) -> None:
    assert share(TERM % ("1d", "10s"), tmp_path, "100s", [0]) == TermShare(None, 1)


def test_deadlines_of_working_days_against_the_end_of_the_run() -> None:
    none = np.zeros(0, np.int64)
    cases = JourneyCases(
        np.array([0, DAY * SECOND_US]),
        np.array([5, DAY * SECOND_US + 5]),
        np.array([True, True]),
        np.zeros(2, np.int32),
        none,
    )
    # The terms end with Tuesday and with Wednesday; the run ends with Tuesday.
    end = 2 * DAY * SECOND_US
    assert share_within(cases, WorkingDays(1), CALENDAR, end) == TermShare(1.0, 1)
    assert share_within(cases, WorkingDays(1), CALENDAR, end - 1) == TermShare(None, 2)


def within(at_least: float) -> WithinObjective:
    return WithinObjective.model_validate(
        {"id": "o", "journey": "j", "within": "1h", "at_least": at_least}
    )


def shares(*values: float | None) -> list[TermShare]:
    return [TermShare(value, 0) for value in values]


def test_an_objective_passes_only_if_its_whole_interval_meets_the_bound() -> None:
    # Mean 0.94, s = 0.02; t of two degrees of freedom has a closed form, at 0.975 it is 4.302653.
    values = shares(0.92, 0.94, 0.96)
    low = 0.94 - 0.95 * (2 / (1 - 0.95**2)) ** 0.5 * 0.02 / 3**0.5
    assert judge_term(within(0.89), values).passed
    failed = judge_term(within(0.9), values)
    assert not failed.passed
    assert failed.figure.low == pytest.approx(low, abs=1e-12)
    assert failed.margin == pytest.approx(low - 0.9, abs=1e-12)


def test_one_replication_is_judged_by_its_value() -> None:
    assert judge_term(within(0.95), shares(0.95)).passed
    assert not judge_term(within(0.95), shares(0.949)).passed


def test_an_interval_of_shares_ends_at_0_and_1() -> None:
    figure = judge_term(within(0.5), shares(0.0, 1.0)).figure
    assert (figure.low, figure.value, figure.high) == (0.0, 0.5, 1.0)


def test_a_replication_without_a_value_fails_the_objective() -> None:
    result = judge_term(within(0.5), shares(1.0, None, 1.0))
    assert (result.passed, result.figure.replications) == (False, 2)


def test_undue_is_the_mean_over_replications() -> None:
    result = judge_term(within(0.5), [TermShare(1.0, 2), TermShare(1.0, 5)])
    assert result.undue.value == 3.5


def metric(**bound: object) -> MetricObjective:
    path = "journeys.j.time.p95"
    return MetricObjective.model_validate({"id": "o", "metric": path, **bound})


def test_a_bound_of_a_duration_is_compared_in_seconds() -> None:
    figure = Figure(1700.0, 1600.0, 1800.0, 3)
    result = judge_bound(metric(at_most="30m"), figure, 3)
    assert (result.limit, result.margin, result.passed) == (1800.0, 0.0, True)
    assert not judge_bound(metric(at_most="29m"), figure, 3).passed


def test_a_lower_bound_is_compared_with_the_lower_end() -> None:
    figure = Figure(0.9, 0.8, 1.0, 3)
    assert judge_bound(metric(at_least=0.8), figure, 3).passed
    assert judge_bound(metric(at_least=0.81), figure, 3).margin == pytest.approx(-0.01)


def test_a_metric_without_a_value_fails() -> None:
    result = judge_bound(metric(at_most="30m"), Figure(None), 3)
    assert (result.passed, result.margin) == (False, None)


def test_an_objective_may_name_a_station_by_its_alias(tmp_path: Path) -> None:
    text = """
objectives: [{id: o, metric: stations.sms.wait.mean, at_most: 5s}]
stations: {sms_gateway: {servers: 1, service: {constant: 10s}}}
journeys: {j: {start: ask, nodes: {ask: {serve: sms, next: done}, done: {end: completed}}}}
"""
    result = experiment(scenario(text, tmp_path, j=[0, 4]), replications=1, backend=LocalBackend(1))
    assert result.objectives[0].figure.value == 3.0
    assert result.objectives[0].passed

"""Figures of a load test from samples whose answers are known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from loadtests.results.figures import (
    errors_of,
    lags_of,
    latency_of_good,
    operations_of,
    parted,
    preparation_of,
    recovered,
    saturation_of,
    series_of,
    whole_answers,
)
from loadtests.results.objectives import judged
from loadtests.results.result import FaultSpan
from loadtests.samples import OUTCOMES, SAMPLE, JourneyEnd
from scenarios.loader import loads

SECOND = 1_000_000
SCENARIO = """
version: 1
name: Цели
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T11:00}
stations: {egrul: {servers: 1, service: {constant: 1s}, timeout: 30s}}
arrivals: [{journey: j, rate: {per_hour: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
faults: [{id: down, service: egrul, kind: outage, from: 2026-04-20T10:10, for: 1m}]
objectives:
  - {id: in-time, journey: j, within: 2m, at_least: 0.5}
  - {id: quick, metric: journeys.j.time.p95, at_most: 1m}
  - {id: idle, metric: stations.egrul.utilisation, at_most: 0.5}
  - {id: back, metric: recovery.down, at_most: 90s}
load: {failed_at_most: 0.1, p95_at_most: 3s}
"""


def samples(*rows: tuple[float, float, float, str, str]) -> np.ndarray:
    """(intended, sent, ended) in seconds, outcome, what was wrong."""
    found = np.zeros(len(rows), SAMPLE)
    for place, (intended, sent, ended, outcome, detail) in enumerate(rows):
        found[place]["intended_us"] = round(intended * SECOND)
        found[place]["sent_us"] = round(sent * SECOND)
        found[place]["ended_us"] = round(ended * SECOND)
        found[place]["operation"] = b"GET x"
        found[place]["outcome"] = OUTCOMES.index(outcome)
        found[place]["detail"] = detail.encode()
    return found


def good(at: float, took: float = 0.1) -> tuple[float, float, float, str, str]:
    return (at, at, at + took, "ok", "")


def bad(at: float, outcome: str = "shed") -> tuple[float, float, float, str, str]:
    return (at, at, at + 0.1, outcome, "503 busy")


def test_latency_counts_from_the_intended_instant_and_only_good_answers() -> None:
    found = samples((0, 1, 2, "ok", ""), (0, 0, 4, "refused", "REG-02"), (0, 0, 9, "failed", "x"))
    latency = latency_of_good(found)
    assert (latency.mean, latency.p50, latency.most) == (3.0, 3.0, 4.0)
    assert lags_of(found) == pytest.approx((0.0, 0.98))
    (operation,) = operations_of(found)
    counts = (operation.requests, operation.ok, operation.refused, operation.failed)
    assert counts == (3, 1, 1, 1)


def test_errors_are_counted_by_kind_the_most_frequent_first() -> None:
    found = errors_of(samples(bad(3), bad(1), good(0), (0, 0, 1, "failed", "500 failure")))
    told = [(each.outcome, each.detail, each.count, each.first_s) for each in found]
    assert told == [("shed", "503 busy", 2, 1.1), ("failed", "500 failure", 1, 1.0)]


def test_request_cut_off_by_the_end_is_wrong_only_if_it_has_waited_long() -> None:
    young, old = (0, 0, 9.9, "failed", "abandoned"), (0, 0, 10.0, "failed", "abandoned")
    kept = whole_answers(samples(good(0), young, old, (0, 0, 1, "failed", "other")))
    assert kept["ended_us"].tolist() == [100_000, 10_000_000, 1_000_000]


def test_series_counts_the_offered_by_intention_and_answers_by_their_end() -> None:
    series = series_of(samples(good(0.0, 1.5), good(0.5), bad(1.0)), span_s=2.0, bin_s=1.0)
    assert (series.offered, series.good, series.shed) == ([2, 1], [1, 1], [0, 1])
    assert series.p50 == pytest.approx([0.1, 1.5])


def test_no_samples_have_figures_all_the_same() -> None:
    nothing = samples()
    assert operations_of(nothing) == []
    assert errors_of(nothing) == []
    assert latency_of_good(nothing).p95 is None
    assert series_of(nothing, 2.0, 1.0).good == [0, 0]
    assert saturation_of(nothing, 10.0).why is None


def test_saturation_is_where_answers_are_shed() -> None:
    rows = [good(n / 10) for n in range(200)] + [bad(10 + n / 10) for n in range(100)]
    found = saturation_of(samples(*rows), 20.0)
    assert (found.why, found.at_s, found.window_s) == ("shed", 10.0, 1.0)
    assert found.offered == 20.0
    assert found.most_good == 10.0


def test_saturation_is_where_latency_grows_fivefold() -> None:
    rows = [good(n / 10) for n in range(100)] + [good(10 + n / 10, 0.6) for n in range(100)]
    found = saturation_of(samples(*rows), 20.0)
    assert found.why == "slow"
    assert found.at_s == 10.0


def test_load_that_is_carried_has_no_saturation() -> None:
    found = saturation_of(samples(*(good(n / 10) for n in range(200))), 20.0)
    assert (found.why, found.offered) == (None, None)


def test_fault_has_recovered_with_the_last_bad_answer_after_it() -> None:
    span = FaultSpan("down", 2.0, 4.0)
    rows = [good(1), bad(3), bad(5.4), good(6)]
    assert recovered(samples(*rows), [span], 10.0)[0].recovered_s == pytest.approx(1.5)
    assert recovered(samples(good(1), good(6)), [span], 10.0)[0].recovered_s == 0.0
    # Still bad when the run ends: nobody knows.
    assert recovered(samples(good(1), bad(6)), [span], 10.0)[0].recovered_s is None


def test_fault_has_not_recovered_while_answers_take_ten_times_as_long() -> None:
    usual = [good(n / 20) for n in range(20)]
    rows = [*usual, good(4.5, 1.1), good(5.0, 0.9), good(9)]
    (found,) = recovered(samples(*rows), [FaultSpan("down", 2.0, 4.0)], 10.0)
    assert found.recovered_s == pytest.approx(1.6)


@pytest.mark.parametrize(("well", "recovered_s"), [(99, 3.1), (100, 0.0)])
def test_slow_answer_after_a_hundred_well_ones_is_none_of_the_faults(
    well: int, recovered_s: float
) -> None:
    usual = [good(n / 20) for n in range(20)]
    steady = [good(4.0 + n / 100) for n in range(well)]
    span = FaultSpan("down", 2.0, 4.0)
    rows = [*usual, *steady, good(6.0, 1.1), good(9)]
    assert recovered(samples(*rows), [span], 10.0)[0].recovered_s == pytest.approx(recovered_s)
    # What is shed or wrong counts however late it comes.
    rows = [*rows, bad(8.0)]
    assert recovered(samples(*rows), [span], 10.0)[0].recovered_s == pytest.approx(4.1)


def test_slowness_that_stays_or_is_the_faults_own_is_no_pause_of_the_machine() -> None:
    steady = [*(good(n / 20) for n in range(20)), *(good(4.0 + n / 100) for n in range(100))]
    span = FaultSpan("down", 2.0, 4.0)

    def recovery_s(*rows: tuple[float, float, float, str, str]) -> float | None:
        return recovered(samples(*steady, *rows), [span], 20.0)[0].recovered_s

    # A second of slow answers, and what is slow after it.
    assert recovery_s(good(6.0, 1.1), good(6.99, 1.1), good(9.0)) == 0.0
    assert recovery_s(good(6.0, 1.1), good(7.01, 1.1), good(9.0)) == pytest.approx(4.11)
    assert recovery_s(*(good(5.0 + n / 10, 1.1) for n in range(30))) is None
    # Asked while the fault was there.
    assert recovery_s(good(3.9, 2.1), good(9.0)) == pytest.approx(2.0)


def test_pause_of_one_window_is_no_saturation() -> None:
    rows = [good(n / 10, 0.6 if 100 <= n < 104 else 0.1) for n in range(200)]
    assert saturation_of(samples(*rows), 20.0).why is None


def test_last_window_alone_is_no_saturation() -> None:
    rows = [good(n / 10, 0.6 if n >= 185 else 0.1) for n in range(200)]
    assert saturation_of(samples(*rows), 20.0).why is None
    rows = [good(n / 10, 0.6 if n >= 175 else 0.1) for n in range(200)]
    found = saturation_of(samples(*rows), 20.0)
    assert (found.why, found.at_s) == ("slow", 18.0)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([bad(10.0), bad(10.1)], None),
        ([bad(10.0), bad(11.0), bad(12.0)], None),  # no two windows have three
        ([bad(10.0), bad(10.1), bad(11.1)], "shed"),
        ([bad(10.0), bad(10.1), bad(10.2)], "shed"),
        ([bad(10.0, "failed"), bad(10.1, "failed"), bad(11.1)], "failed"),
        ([bad(10.0, "failed"), bad(10.1), bad(11.1)], "shed"),
    ],
)
def test_saturation_takes_three_bad_answers_in_two_windows_and_is_named_after_most_of_them(
    rows: list[tuple[float, float, float, str, str]], why: str | None
) -> None:
    found = saturation_of(samples(*(good(n / 10) for n in range(200)), *rows), 20.0)
    assert (found.why, found.at_s) == (why, None if why is None else 10.0)


@pytest.mark.parametrize(("answers", "why"), [(296, "shed"), (297, None)])
def test_saturation_takes_more_than_one_bad_answer_in_a_hundred(
    answers: int, why: str | None
) -> None:
    rows = [good(10 + n / 1000) for n in range(answers - 1)] + [bad(10.1)] * 3
    rows += [good(n) for n in range(20)]
    assert saturation_of(samples(*rows), 20.0).why == why


def test_bad_answers_of_a_later_fault_are_not_an_earlier_ones() -> None:
    spans = [FaultSpan("first", 1.0, 2.0), FaultSpan("second", 4.0, 5.0)]
    found = recovered(samples(bad(1.5), good(3), bad(4.5), bad(5.9), good(7)), spans, 10.0)
    assert [each.recovered_s for each in found] == pytest.approx([0.0, 1.0])


def end(at: float, took: float, ending: str = "completed") -> JourneyEnd:
    return JourneyEnd("j", 0, round(at * SECOND), round((at + took) * SECOND), ending)  # type: ignore[arg-type]


def test_objectives_are_judged_in_model_time_and_those_of_the_load_in_its_own() -> None:
    scenario = loads(SCENARIO)
    rows = [good(n, 2.0) for n in range(9)] + [(0, 0, 1, "failed", "500")]
    ends = [end(0, 1), end(1, 5), end(2, 1, "failed")]
    span = FaultSpan("down", 1.0, 2.0, recovered_s=2.0)
    found, unjudged = judged(scenario, samples(*rows), ends, [span], 60.0, 60.0, {"j"}, 3)
    told = {each.id: (each.figure.value, each.passed) for each in found}
    assert told == {
        "answers": (0.1, True),
        "shed": (0.0, True),
        "cases": (pytest.approx(1 / 3), False),
        "ended": (0.0, True),
        "ready": (0.0, True),
        "latency": (2.0, True),
        "in-time": (pytest.approx(1 / 3), False),  # 1 min, 5 min, and one that failed
        "quick": (pytest.approx(288.0), False),
        "back": (120.0, False),
    }
    assert unjudged == ["idle"]


def test_case_cut_off_by_the_end_of_the_run_is_undue_until_its_term_is_over() -> None:
    scenario = loads(SCENARIO)
    ends = [end(0, 1), end(59, 1, "abandoned")]
    found, _ = judged(scenario, samples(good(0)), ends, [], 60.0, 60.0, {"j"}, 2)
    (in_time,) = (each for each in found if each.id == "in-time")
    assert (in_time.figure.value, in_time.undue.value) == (1.0, 1.0)


def test_fault_that_the_next_one_touches_has_recovered_once_both_have() -> None:
    spans = [FaultSpan("down", 1.0, 2.0), FaultSpan("errors", 2.0, 3.0), FaultSpan("far", 6.0, 7.0)]
    rows = [bad(1.5), bad(2.2), bad(3.4), good(5), bad(6.4), good(8)]
    found = {each.id: each.recovered_s for each in recovered(samples(*rows), spans, 10.0)}
    assert found == pytest.approx({"down": 1.5, "errors": 0.5, "far": 0.0})


def test_moment_between_two_faults_parts_them() -> None:
    spans = [FaultSpan("down", 1.0, 2.0), FaultSpan("errors", 2.05, 3.0)]
    rows = [bad(1.5), bad(2.2), bad(3.4), good(5)]
    assert [each.recovered_s for each in recovered(samples(*rows), spans, 10.0)] == pytest.approx(
        [0.0, 0.5]
    )


def test_fault_has_not_recovered_while_one_that_it_leads_to_goes_on_at_the_end() -> None:
    spans = [FaultSpan("down", 1.0, 2.0), FaultSpan("slow", 1.5, 12.0)]
    found = recovered(samples(bad(1.5), good(9)), spans, 10.0)
    assert [each.recovered_s for each in found] == [None, None]


def test_preparation_is_apart_from_what_is_measured() -> None:
    rows = samples(good(0), good(1, 5.0), bad(2, "failed"))
    rows["journey"][1:] = b"preparation"
    measured, prepared = parted(rows)
    assert latency_of_good(measured).most == pytest.approx(0.1)
    found = preparation_of(prepared)
    assert found is not None
    assert (found.requests, found.ok, found.failed) == (2, 1, 1)
    assert found.latency.most == pytest.approx(5.0)
    assert preparation_of(measured[:0]) is None


def missed(
    rows: np.ndarray,
    ends: list[JourneyEnd],
    spans: list[FaultSpan],
    *walked: str,
    planned: int | None = None,
) -> tuple[set[str], list[str]]:
    """Objectives that are not met, and those that nobody has judged; all `planned` cases ended."""
    planned = len(ends) if planned is None else planned
    found, unjudged = judged(loads(SCENARIO), rows, ends, spans, 60.0, 60.0, walked, planned)
    return {each.id for each in found if not each.passed}, unjudged


def test_run_in_which_every_case_fails_meets_nothing_about_cases() -> None:
    # What spoils a case may leave no bad answer behind.
    rows = samples(*(good(n / 10) for n in range(300)))
    ends = [end(n / 10, 1, "failed") for n in range(300)]
    assert missed(rows, ends, [], "j") == ({"cases", "in-time", "quick"}, ["idle", "back"])


def test_run_that_is_all_shed_does_not_pass() -> None:
    rows = samples(*(bad(n / 10) for n in range(300)))
    ends = [end(n / 10, 1, "failed") for n in range(300)]
    assert missed(rows, ends, [], "j")[0] == {"shed", "cases", "in-time", "quick", "latency"}


def test_run_without_answers_or_cases_does_not_pass() -> None:
    failed = {
        "answers", "shed", "cases", "ended", "ready", "latency", "in-time", "quick", "back",
    }  # fmt: skip
    assert missed(samples(), [], [FaultSpan("down", 1.0, 2.0)], "j") == (failed, ["idle"])


@pytest.mark.parametrize(("cut_off", "is_met"), [(1, True), (2, False)])
def test_cases_that_the_end_cuts_off_have_a_bound(cut_off: int, is_met: bool) -> None:
    ends = [end(n, 1) for n in range(10 - cut_off)] + [end(59, 1, "abandoned")] * cut_off
    failed, _ = missed(samples(good(0)), ends, [], "j")
    assert ("ended" not in failed) is is_met


def unready(*people: str) -> list[JourneyEnd]:
    """A hundred cases, of which the first ones had nobody ready."""
    found = [end(n / 2, 1) for n in range(100)]
    for place, person in enumerate(people):
        found[place] = replace(found[place], person=person)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("people", "is_met"),
    [
        ([], True),
        (["late"], True),
        (["none"], True),
        (["late", "late"], False),
        (["late", "none"], False),
    ],
)
def test_cases_for_which_nobody_was_ready_have_a_bound(people: list[str], is_met: bool) -> None:
    failed, _ = missed(samples(good(0)), unready(*people), [], "j")
    assert failed == (set() if is_met else {"ready"})


@pytest.mark.parametrize(("planned", "is_met"), [(101, True), (102, False)])
def test_planned_cases_of_which_nothing_is_known_were_not_walked(
    planned: int, is_met: bool
) -> None:
    failed, _ = missed(samples(good(0)), unready(), [], "j", planned=planned)
    assert failed == (set() if is_met else {"ready"})


def test_run_for_which_nobody_could_be_prepared_does_not_pass_whatever_else_it_allows() -> None:
    # The bounds of the answers and of the cases that failed are as wide as they can be.
    scenario = loads(SCENARIO, overrides=["load.failed_at_most=1", "load.failed_cases_at_most=1"])
    ends = [replace(end(n, 0, "failed"), person="none") for n in range(30)]
    rows = samples(*(bad(n, "failed") for n in range(30)))
    found, _ = judged(scenario, rows, ends, [], 60.0, 60.0, {"j"}, 30)
    told = {each.id: (each.figure.value, each.passed) for each in found}
    assert told["ready"] == (1.0, False)
    assert (told["answers"], told["cases"]) == ((1.0, True), (1.0, True))


@pytest.mark.parametrize(("shed", "is_met"), [(1, True), (2, False)])
def test_shed_answers_have_a_bound(shed: int, is_met: bool) -> None:
    rows = samples(*(bad(n) if n < shed else good(n) for n in range(20)))
    assert ("shed" not in missed(rows, [end(0, 1)], [], "j")[0]) is is_met


def test_what_no_case_was_due_for_is_not_judged() -> None:
    others = [JourneyEnd("other", 0, 0, SECOND, "completed")]
    assert missed(samples(good(0)), others, []) == (set(), ["in-time", "quick", "idle", "back"])


def test_time_of_a_journey_in_which_everybody_is_rightly_refused_is_owed_to_nobody() -> None:
    ends = [end(0, 1, "refused"), end(1, 1, "refused")]
    assert missed(samples(good(0)), ends, [], "j") == ({"in-time"}, ["quick", "idle", "back"])
    one_cut_off = [*ends, end(59, 1, "abandoned")]
    assert "quick" in missed(samples(good(0)), one_cut_off, [], "j")[0]


def test_fault_that_is_still_felt_at_the_end_is_missed_and_one_that_goes_on_is_not_judged() -> None:
    felt, goes_on = FaultSpan("down", 1.0, 2.0), FaultSpan("down", 1.0, 61.0)
    ends = [end(0, 1)]
    assert missed(samples(good(0)), ends, [felt], "j") == ({"back"}, ["idle"])
    assert missed(samples(good(0)), ends, [goes_on], "j") == (set(), ["idle", "back"])


def test_rule_that_refuses_nobody_has_refused_none() -> None:
    asks = SCENARIO.replace("stations.egrul.utilisation", "rejections.REG-05")
    asks = asks.replace("arrivals: [", "arrivals: [{journey: registration, rate: {per_hour: 1}}, ")
    scenario = loads(asks.replace("journeys: {", "journeys: {registration: builtin, "))
    found, _ = judged(scenario, samples(good(0)), [end(0, 1)], [], 60.0, 60.0, {"j"}, 1)
    (idle,) = (each for each in found if each.id == "idle")
    assert (idle.figure.value, idle.passed) == (0.0, True)


def test_rejections_are_those_of_answers_and_those_of_gates_that_nobody_is_asked_for() -> None:
    asks = SCENARIO.replace("stations.egrul.utilisation", "rejections.DOC-07")
    gate = "start: gate, nodes: {gate: {check: [DOC-07], next: ask}, "
    asks = asks.replace("start: ask, nodes: {", gate)
    rows = samples((0, 0, 1, "refused", "DOC-07 ID-01"))
    ends = [replace(end(0, 1), rejected="DOC-07 ID-02 DOC-07"), end(1, 1)]
    found, _ = judged(loads(asks), rows, ends, [], 60.0, 60.0, {"j"}, 2)
    (idle,) = (each for each in found if each.id == "idle")
    assert (idle.figure.value, idle.passed) == (3.0, False)

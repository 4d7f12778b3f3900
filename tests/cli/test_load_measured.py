"""From the raw samples of a run to what the report shows: nothing of it is of the preparation."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import pytest

from loadtests.results.result import (
    ErrorKind,
    Latency,
    LoadNote,
    LoadResult,
    Operation,
    ServerSeries,
)
from loadtests.samples import (
    JourneyEnd,
    Note,
    Outcome,
    Readiness,
    Sample,
    SampleWriter,
    read_samples,
)
from poligon.load.locust_run import RawRun
from poligon.load.measured import measured
from poligon.load.options import LoadOptions
from poligon.load.replay import Replay
from scenarios.loader import load

SECOND_US = 1_000_000
SCENARIO = """
version: 1
name: Четыре секунды
seed: 5
calendar: {start: 2026-04-20T10:00, arrivals_until: 2026-04-20T11:00}
population: {organizations: 1000}
stations: {egrul: {servers: 4, service: {constant: 500ms}}}
arrivals: [{journey: j, rate: {per_minute: 10}}, {journey: left_out, rate: {per_minute: 10}}]
journeys:
  j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}
  left_out: {start: ask, nodes: {ask: {serve: portal, next: done}, done: {end: completed}}}
objectives: [{id: no-storm, metric: retry_amplification, at_most: 2}]
load: {for: 4s, speed: 60, p95_at_most: 1s}
"""
# Pauses of 0.5, 1 and 2 s.
SHED_THREE_TIMES: Sequence[tuple[float, Outcome]] = [
    (1.0, "shed"), (1.5, "shed"), (2.5, "shed"), (4.5, "ok"),
]  # fmt: skip
LEFT_OUT = [Note("left_out", "no-module")]
LATE_S = 0.01


@pytest.fixture(name="replay")
def _replay(tmp_path: Path) -> Replay:
    path = tmp_path / "four.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return Replay.of(path, load(path), LoadOptions())


def sample(at_s: float, took_s: float, outcome: Outcome = "ok", attempt: int = 0) -> Sample:
    """A request of `j` that left late, and was answered `took_s` after it should have left."""
    status = {"ok": 200, "shed": 503}.get(outcome, 500)
    at_us, late_us = round(at_s * SECOND_US), round(LATE_S * SECOND_US)
    return Sample(
        intended_us=at_us, sent_us=at_us + late_us, ended_us=at_us + round(took_s * SECOND_US),
        journey="j", entity=0, operation="GET egrul", status=status, outcome=outcome,
        detail="" if outcome == "ok" else str(status), attempt=attempt,
    )  # fmt: skip


OF_CASES = [
    *(sample(n / 10, 0.2) for n in range(39)),
    sample(3.9, 0.4, "failed"),
]
# Slow, late, wrong, repeated, and of operations that no case has: all that could spoil a figure.
SPOILING: Sequence[tuple[Outcome, int, str]] = [
    ("ok", 0, "GET egrul"), ("shed", 1, "POST sign-up"), ("failed", 2, "POST sign-up"),
]  # fmt: skip
OF_PREPARATION = [
    replace(
        sample(n / 10, 3.0, outcome, attempt),
        sent_us=round((n / 10 + 2.0) * SECOND_US),
        journey="preparation",
        operation=operation,
    )
    for n, (outcome, attempt, operation) in enumerate([*SPOILING] * 5)
]


def run(
    folder: Path, samples: Sequence[Sample], ends: Sequence[JourneyEnd], notes: Sequence[Note] = ()
) -> RawRun:
    with SampleWriter(folder, 0) as writer:
        for each in samples:
            writer.write(each)
    return RawRun(
        samples=read_samples(folder), ends=ends, acknowledged=(), unanswered=(), notes=notes,
        server=ServerSeries(), elapsed_s=5.0,
    )  # fmt: skip


def ends(people: Sequence[Readiness]) -> list[JourneyEnd]:
    return [
        JourneyEnd("j", n, n, n + 1, "completed" if person != "none" else "failed", person)
        for n, person in enumerate(people)
    ]


def result(replay: Replay, raw: RawRun) -> LoadResult:
    return measured(replay, raw, "http://127.0.0.1:1", (), LoadOptions(lang="en"))


def test_figures_of_a_run_are_those_of_its_cases_alone(replay: Replay, tmp_path: Path) -> None:
    mixed = [*OF_PREPARATION, *OF_CASES]
    of_both = result(replay, run(tmp_path / "both", mixed, ends(["ready"] * 40)))
    of_cases = result(replay, run(tmp_path / "cases", OF_CASES, ends(["ready"] * 40)))
    told = [each for each in of_both.errors if each.operation.startswith("preparation: ")]
    assert {(each.operation, each.outcome, each.count) for each in told} == {
        ("preparation: POST sign-up", "failed", 5),
        ("preparation: POST sign-up", "shed", 5),
    }
    assert of_both.preparation == Operation(
        "preparation", 15, 5, 0, 5, 5, *[Latency(3.0, 3.0, 3.0, 3.0, 3.0, 3.0)] * 2
    )
    assert of_cases.preparation is None
    rest = [each for each in of_both.errors if each not in told]
    assert replace(of_both, preparation=None, errors=rest) == of_cases


def test_figures_of_a_run_are_exact(replay: Replay, tmp_path: Path) -> None:
    mixed = [*OF_PREPARATION, *OF_CASES]
    found = result(replay, run(tmp_path / "run", mixed, ends(["ready"]), LEFT_OUT))
    assert (found.cases, found.completed, found.elapsed_s, found.horizon_s) == (1, 1, 5.0, 4.0)
    (asked,) = found.operations
    assert (asked.name, asked.requests, asked.ok, asked.failed) == ("GET egrul", 40, 39, 1)
    assert asked.latency == found.latency
    assert astuple(found.latency) == pytest.approx((0.2,) * 6)
    assert found.until_done == asked.until_done == found.latency
    assert (found.lag_p50_s, found.lag_p99_s) == (LATE_S, LATE_S)
    assert found.notes == [LoadNote("no-module", {"journey": "left_out"})]
    assert found.errors[0] == ErrorKind("GET egrul", "failed", "500", 1, 4.3)
    assert sum(found.series.offered) * found.bin_s == pytest.approx(40)
    assert found.saturation.most_good == 10.0
    values = {each.id: each.figure.value for each in found.objectives}
    assert values == {
        "answers": 1 / 40,
        "shed": 0.0,
        "cases": 0.0,
        "ended": 0.0,
        "ready": pytest.approx(1 - 1 / replay.due["j"]),
        "latency": pytest.approx(0.2),
        "no-storm": 1.0,
    }


def test_what_was_shed_first_took_until_it_was_done_and_its_last_answer_no_longer_than_ever(
    replay: Replay, tmp_path: Path
) -> None:
    first_us = SECOND_US
    repeated = [
        replace(sample(at_s, 0.025, outcome, attempt), first_us=first_us)
        for attempt, (at_s, outcome) in enumerate(SHED_THREE_TIMES)
    ]
    found = result(replay, run(tmp_path / "run", repeated, ends(["ready"])))
    (asked,) = found.operations
    assert (asked.requests, asked.shed) == (4, 3)
    assert (found.latency.p95, found.until_done.p95) == pytest.approx((0.025, 3.525))
    assert (asked.latency.p95, asked.until_done.p95) == pytest.approx((0.025, 3.525))


def test_every_request_of_a_run_is_somewhere_in_its_result(replay: Replay, tmp_path: Path) -> None:
    def cut_off(age_s: float) -> Sample:
        return replace(sample(1.0, age_s, "failed"), status=0, detail="abandoned")

    mixed = [*OF_PREPARATION, *OF_CASES, cut_off(0.5), cut_off(9.9), cut_off(10.0)]
    found = result(replay, run(tmp_path / "run", mixed, ends(["ready"])))
    assert found.cut_off == 2
    assert found.preparation is not None
    assert found.total.requests == len(OF_CASES) + 1
    assert found.total.requests + found.preparation.requests + found.cut_off == len(mixed)


def test_planned_cases_are_the_arrivals_that_are_not_left_out_whoever_was_told_of(
    replay: Replay, tmp_path: Path
) -> None:
    due = replay.due["j"]
    assert due > 10
    assert replay.due["left_out"] > 10
    ready: list[Readiness] = ["ready"] * (due - 4)
    people: list[Readiness] = [*ready, "late", "late", "none"]
    found = result(replay, run(tmp_path / "run", OF_CASES, ends(people), LEFT_OUT))
    # One of them has left no trace: it was not walked either.
    assert (found.planned, found.late_cases, found.unwalked_cases) == (due, 2, 2)
    (judged,) = (each for each in found.objectives if each.id == "ready")
    assert (judged.figure.value, judged.passed) == (4 / due, False)

"""Observation changes nothing: sinks, logs, block sizes, processes, repetition."""

import gc
import pickle
from pathlib import Path

import pytest

from sim.engines.recording import Recorder
from sim.experiments.backends import LocalBackend
from sim.experiments.event_log import EventFormat, EventLog
from sim.experiments.experiment import experiment
from sim.experiments.replication import replicate
from sim.experiments.watch import Watch
from sim.model.model import compile_model
from tests.sim.tracing import Rows, figures, scenario, trace_model

EVERYTHING = """
seed: 17
replications: 3
population: {organizations: 1000, defects: {inn_of_other_org: 0.3}, mend: 0.5}
arrivals: [{journey: j, rate: {per_hour: 20, profile: office_hours}}]
stations:
  desk:
    servers: {shifts: [{days: working, from: "09:00", to: "18:00", count: 3}]}
    service: {lognormal: {mean: 3m, cv: 1}}
    shift_end: suspend
    patience: {exponential: {mean: 5h}}
  egrul:
    {servers: 2, service: {exponential: {mean: 20s}}, queue_limit: 10, timeout: 5m,
     retry: {max: 2, backoff: 10s, jitter: 0.3}}
faults: [{id: down, service: egrul, kind: outage, from: 2026-04-20T11:00, for: 30m}]
objectives: [{id: day, journey: j, within: 1wd, at_least: 0.5}]
journeys:
  j:
    start: kind
    nodes:
      kind: {choose: [{to: both, if: {kind: legal}}, {to: gate}]}
      both: {fork: [reg, ask], next: gate, fail: {to: both, after: {constant: 1h}, max: 3}}
      reg: {serve: egrul}
      ask: {serve: desk}
      gate: {check: [REG-02], next: sub, fail: {to: gate, after: {exponential: {mean: 2h}}}}
      sub: {run: inner, next: done}
      done: {end: completed}
  inner: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}
"""


def test_a_second_run_is_identical() -> None:
    model = compile_model(scenario(EVERYTHING, horizon="1d"))
    one, other = trace_model(model), trace_model(model)
    assert one.rows.visit_rows == other.rows.visit_rows
    assert one.rows.case_rows == other.rows.case_rows


def test_a_model_compiled_anew_or_pickled_runs_the_same() -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    model = compile_model(complete)
    rows = trace_model(model).rows.visit_rows
    assert trace_model(compile_model(complete)).rows.visit_rows == rows
    assert trace_model(pickle.loads(pickle.dumps(model))).rows.visit_rows == rows


def test_further_sinks_see_the_same_record_and_change_no_figure() -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    model = compile_model(complete)
    rows = [Rows(), Rows()]
    watched = replicate(model, 0, complete.scenario.objectives, 60_000_000, 0, rows)
    alone = figures(complete)
    assert watched.figures == alone.figures
    assert watched.shares == alone.shares
    assert rows[0].visit_rows == rows[1].visit_rows == trace_model(model).rows.visit_rows


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    usual = figures(complete).figures
    monkeypatch.setattr(Recorder, "BLOCK", 3)
    assert figures(complete).figures == usual


def test_a_warm_up_changes_no_event() -> None:
    model = compile_model(scenario(EVERYTHING, horizon="1d"))
    plain, warm = trace_model(model), trace_model(model, warmup_us=36_000_000_000)
    assert warm.rows.visit_rows == plain.rows.visit_rows


def test_the_result_depends_on_neither_jobs_nor_a_log(tmp_path: Path) -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    one = experiment(complete, backend=LocalBackend(1))
    log = EventLog(EventFormat.CSV, tmp_path)
    assert experiment(complete, backend=LocalBackend(2), events=log) == one
    by_two = log.join(3).read_bytes()
    experiment(complete, backend=LocalBackend(1), events=log)
    assert log.join(3).read_bytes() == by_two
    assert by_two.count(b"\n") > 100


def test_a_replication_does_not_depend_on_how_many_there_are() -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    third = figures(complete, 2).figures["journeys.j.arrived"]
    means = [
        experiment(complete, backend=LocalBackend(1), replications=n)
        .figures["journeys.j.arrived"]
        .value
        for n in (2, 3)
    ]
    assert third is not None
    assert means[0] is not None
    assert means[1] == pytest.approx((2 * means[0] + third) / 3)


def test_progress_is_told_in_model_time_and_changes_nothing() -> None:
    complete = scenario(EVERYTHING, horizon="1d")
    seen: list[tuple[int, int]] = []

    class Seeing(Watch):
        def reach(self, number: int, us: int) -> None:
            seen.append((number, us))

    watched = experiment(complete, backend=LocalBackend(1), watch=Seeing())
    assert watched == experiment(complete, backend=LocalBackend(1))
    assert seen[-1] == (2, 86_400_000_000)
    assert sorted(seen) == seen


def test_the_garbage_collector_is_on_again_after_a_run() -> None:
    assert gc.isenabled()
    trace_model(compile_model(scenario(EVERYTHING, horizon="12h")))
    assert gc.isenabled()

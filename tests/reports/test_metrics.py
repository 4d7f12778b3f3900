"""The table of metrics against a run that has one of everything, and waiting that ended badly."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reports.formatting import count, duration, factor, share
from reports.metrics import formatter_of, total_waiting
from reports.simulation.headline import headlines
from reports.summary import summary
from scenarios.loader import loads
from scenarios.metrics import metric_paths, parse_metric
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.results import Figure, Result
from tests.reports.tiny import tiny

EVERYTHING = """
version: 1
name: everything
calendar: {start: 2026-04-20T00:00, horizon: 2h}
population: {organizations: 100, defects: {inn_of_other_org: 0.5}}
stations:
  desk: {servers: 1, service: {constant: 2m}, timeout: 10m, retry: {max: 2, backoff: 1m}}
arrivals: [{journey: own, instants: arrivals.csv}]
journeys:
  own:
    start: ask
    nodes:
      ask: {serve: desk, next: gate}
      gate: {check: [REG-02, REG-04], next: more, fail: {to: ask, after: {constant: 1m}, max: 3}}
      more: {run: inner, next: done}
      done: {end: completed}
  inner: {start: think, nodes: {think: {delay: {constant: 1m}, next: end}, end: {end: completed}}}
faults: [{id: down, service: desk, kind: outage, from: 2026-04-20T00:11, for: 20m}]
"""
# Five ask a register that is down all day, five stand before one clerk.
DOWN = """
version: 1
name: down
calendar: {start: 2026-04-20T00:00, horizon: 1h}
stations:
  register: {servers: 9, service: {constant: 1s}, timeout: 20m}
  desk: {servers: 1, service: {constant: 1m}}
arrivals:
  - {journey: ask, instants: arrivals.csv}
  - {journey: stand, instants: arrivals.csv}
journeys:
  ask: {start: a, nodes: {a: {serve: register, next: done}, done: {end: completed}}}
  stand: {start: s, nodes: {s: {serve: desk, next: done}, done: {end: completed}}}
faults: [{id: dark, service: register, kind: outage}]
"""


def run(text: str, folder: Path, *arrivals_s: int) -> Result:
    start = datetime(2026, 4, 20)
    rows = ["time", *((start + timedelta(seconds=s)).isoformat() for s in arrivals_s)]
    (folder / "arrivals.csv").write_text("\n".join(rows), encoding="utf-8")
    return experiment(loads(text, folder=folder), replications=1, backend=LocalBackend(1))


def test_figures_of_a_run_are_those_of_the_table_no_more_and_no_less(tmp_path: Path) -> None:
    figures = run(EVERYTHING, tmp_path, *range(0, 3600, 60)).figures
    assert set(figures) == set(
        metric_paths(["own", "inner"], ["REG-02", "REG-04"], ["desk"], ["down"])
    )
    assert {path: str(parse_metric(path)) for path in figures} == {path: path for path in figures}
    # The run has what the table is about.
    for path in ("stations.desk.failures", "stations.desk.retries", "rejections.REG-02"):
        assert figures[path].value
    assert figures["stations.desk.retry_amplification"] == figures["retry_amplification"]


def test_summary_holds_every_figure_of_a_run(tmp_path: Path) -> None:
    result = run(EVERYTHING, tmp_path, 0, 60)
    written = summary(result)
    for path, figure in result.figures.items():
        place = written
        for key in path.split("."):
            place = place[key]
        assert place == {"value": figure.value, "low": None, "high": None}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("stations.desk.utilisation", share),
        ("stations.desk.overtime", duration),
        ("stations.desk.wait.p95", duration),
        ("stations.desk.queue.mean", count),
        ("stations.desk.failures", count),
        ("stations.desk.retry_amplification", factor),
        ("retry_amplification", factor),
        ("journeys.own.time.p50", duration),
        ("journeys.own.returns", count),
        ("recovery.down", duration),
        ("rejections.REG-02", count),
    ],
)
def test_figures_are_shown_by_their_unit(path: str, shown: object) -> None:
    assert formatter_of(path) is shown


@pytest.mark.parametrize("path", ["", "stations.desk.speed", "stations.a.b.served", "recovery"])
def test_a_path_of_no_metric_has_no_way_to_be_shown(path: str) -> None:
    with pytest.raises(ValueError, match=rf"^no metric {path}$"):
        formatter_of(path)


def test_all_waiting_is_the_mean_number_waiting_times_the_time_after_the_warm_up() -> None:
    figures = {"stations.egrul.queue.mean": Figure(2.25, 2.0, 2.5, 2)}
    assert total_waiting(tiny(figures=figures), "egrul") == 2.25 * 7200
    assert total_waiting(tiny(figures=figures, warmup_s=1800.0), "egrul") == 2.25 * 5400
    assert total_waiting(tiny(figures=figures), "fns") == 0.0


def test_a_station_where_all_time_out_is_the_first_to_break(tmp_path: Path) -> None:
    result = run(DOWN, tmp_path, 0, 0, 0, 0, 0)
    # Five timeouts of 20 minutes; the clerk's queue waits 0 + 1 + 2 + 3 + 4 minutes.
    assert total_waiting(result, "register") == pytest.approx(5 * 1200)
    assert total_waiting(result, "desk") == pytest.approx(600)
    assert result.figures["stations.register.timeouts"].value == 5
    assert headlines(result, "en")[2].startswith(
        "register: 90.9% of all waiting, service never began;"
    )

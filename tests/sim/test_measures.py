"""Figures of a replication: quantiles, warm-up, scale."""

from pathlib import Path

import pytest

from sim.experiments.experiment import bin_width_us
from sim.model.model import compile_model
from sim.model.stations import scaled_count
from tests.sim.tracing import ONE_DESK, figures, scenario

DESK = "stations: {desk: {servers: 1, service: {constant: 10s}}}"
HOUR_US = 3_600_000_000


def test_times_in_system_are_those_of_completed_cases_with_interpolated_quantiles(
    tmp_path: Path,
) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, j=[0, 0, 0, 0])).figures
    times = {key: done[f"journeys.j.time.{key}"] for key in ("mean", "p50", "p90", "p95", "p99")}
    # 10, 20, 30 and 40 s; the quantile p lies at place 3p among them.
    assert times == pytest.approx({"mean": 25, "p50": 25, "p90": 37, "p95": 38.5, "p99": 39.7})


def test_without_completed_cases_times_have_no_value(tmp_path: Path) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, "5s", j=[0])).figures
    assert done["journeys.j.time.mean"] is None
    assert done["journeys.j.time.p95"] is None
    assert done["journeys.j.completed"] == 0.0


def test_a_station_never_on_duty_has_no_utilisation(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 0, service: {constant: 1s}, queue_limit: 0}}"
    assert (
        figures(scenario(text + ONE_DESK, tmp_path, j=[1])).figures["stations.desk.utilisation"]
        is None
    )


def test_the_warm_up_clips_integrals_and_leaves_out_what_began_in_it(tmp_path: Path) -> None:
    text = "warmup: 15s\n" + DESK
    # j0 0-10, j1 waits 10 s and is served 10-20, j2 waits 2-20, j3 comes at 16 and waits to 30.
    done = figures(scenario(text + ONE_DESK, tmp_path, "35s", j=[0, 0, 2, 16])).figures
    assert done["stations.desk.utilisation"] == 1.0  # busy all the 20 s after the warm-up
    assert done["stations.desk.queue.mean"] == ((20 - 15) + (30 - 16)) / 20
    assert done["stations.desk.wait.mean"] == 14.0  # j3 alone began after the warm-up
    assert done["stations.desk.served"] == 0.0
    assert done["journeys.j.arrived"] == 1.0
    assert done["journeys.j.unfinished"] == 1.0


def test_every_count_of_cases_is_of_those_that_arrived_after_the_warm_up(tmp_path: Path) -> None:
    text = """
warmup: 2h
stations: {}
journeys: {j: {start: in, nodes: {in: {delay: {constant: 0s}, next: wait},
    wait: {delay: {constant: 90m}, next: done}, done: {end: completed}}}}
"""
    complete = scenario(text, tmp_path, "3h", j=[60 * n for n in range(180)])
    done = figures(complete)
    of_j = {f: done.figures[f"journeys.j.{f}"] for f in ("arrived", "completed", "unfinished")}
    # One a minute; none of the 60 that came in the third hour is done by its end.
    assert of_j == {"arrived": 60.0, "completed": 0.0, "unfinished": 60.0}
    assert done.started == [60]
    wait = 1
    assert done.flows == [{wait: 60}, {}, {}]
    assert done.open_at == {("j", wait): 60}
    series = done.journeys["j"]
    assert {day.isoformat(): row.arrived for day, row in series.days.items()} == {"2026-04-20": 60}
    assert int(series.histogram.sum()) == 0


def test_series_are_of_the_whole_run_the_warm_up_included(tmp_path: Path) -> None:
    text = "warmup: 90s\n" + DESK + ONE_DESK
    series = figures(scenario(text, tmp_path, "3m", j=[0, 55, 100])).journeys["j"]
    # 0-10, 55-65 and 100-110, in bins of a minute.
    assert series.arrived.tolist() == [2, 1, 0]
    assert series.completed.tolist() == [1, 2, 0]
    assert (series.inside * 60).tolist() == pytest.approx([15, 15, 0])
    assert int(series.histogram.sum()) == 1


def test_flows_into_the_branches_of_a_fork_leave_the_warm_up_out_too(tmp_path: Path) -> None:
    text = """
warmup: 10s
stations: {}
journeys: {j: {start: both, nodes: {both: {fork: [a, b], next: done}, a: {delay: {constant: 5s}},
    b: {delay: {constant: 20s}}, done: {end: completed}}}}
"""
    done = figures(scenario(text, tmp_path, "1m", j=[0, 9.999999, 10]))
    both, a, b, end = range(4)
    assert done.flows[both] == {a: 1, b: 1, end: 1}
    assert done.started == [1]


def test_the_longest_queue_is_that_after_the_warm_up(tmp_path: Path) -> None:
    complete = scenario("warmup: 25s\n" + DESK + ONE_DESK, tmp_path, "100s", j=[0] * 6)
    # Five wait at first; at 25 s three still do.
    assert figures(complete).figures["stations.desk.queue.max"] == 3.0


def test_overtime_before_the_end_of_the_warm_up_does_not_count(tmp_path: Path) -> None:
    text = """
warmup: 11h
stations:
  desk:
    servers: {shifts: [{days: all, from: "08:00", to: "10:00", count: 1}]}
    service: {constant: 4h}
"""
    done = figures(scenario(text + ONE_DESK, tmp_path, "1d", j=[8 * 3600])).figures
    assert done["stations.desk.overtime"] == 3600.0
    assert done["stations.desk.utilisation"] is None  # nobody was on duty after the warm-up


SCALED = """
arrivals: [{journey: j, rate: {per_hour: 100}, peaks: [{from: 2026-04-20T01:00,
    to: 2026-04-20T02:00, factor: 3}]}]
stations:
  many: {servers: 10, service: {constant: 10s}, queue_limit: 20, timeout: 7s,
      patience: {constant: 9s}}
  few: {servers: 1, service: {constant: 10s}, queue_limit: 0}
  shift: {servers: {shifts: [{days: all, from: "08:00", to: "09:00", count: 4}]},
      service: {constant: 10s}}
journeys:
  j: {start: a, nodes: {a: {serve: many, next: b}, b: {serve: few, next: c}, c: {serve: shift,
      next: done}, done: {end: completed}}}
"""


@pytest.mark.parametrize(
    ("scale", "many", "limit", "few", "shift"),
    [(1, 10, 20, 1, 4), (2.5, 25, 50, 3, 10), (0.25, 3, 5, 1, 1), (0.001, 1, 1, 1, 1)],
)
def test_scale_multiplies_rates_and_capacities_and_never_times(
    scale: float, many: int, limit: int, few: int, shift: int
) -> None:
    model = compile_model(scenario(SCALED, horizon="1d"), scale)
    stations = {station.name: station for station in model.stations}
    assert stations["many"].servers == many
    assert stations["many"].queue_limit == limit
    assert stations["many"].timeout_us == 7_000_000
    assert stations["few"].servers == few
    assert stations["few"].queue_limit == 0
    assert [row.count for row in stations["shift"].shifts] == [shift]
    rates = model.arrivals[0].streams[0]
    assert rates.expected == pytest.approx(scale * 100 * 26)


@pytest.mark.parametrize(
    ("count", "scale", "scaled"), [(0, 5, 0), (1, 0.4, 1), (3, 0.5, 2), (5, 0.5, 3), (10, 0.1, 1)]
)
def test_a_scaled_count_is_rounded_and_never_vanishes(
    count: int, scale: float, scaled: int
) -> None:
    assert scaled_count(count, scale) == scaled


@pytest.mark.parametrize(("horizon", "width"), [("1h", 60), ("1d", 300), ("7d", 3600)])
def test_bins_are_round_and_not_too_many(horizon: str, width: int) -> None:
    text = "arrivals: [{journey: j, rate: {per_hour: 1}}]\n" + DESK
    model = compile_model(scenario(text + ONE_DESK, horizon=horizon))
    assert bin_width_us(model) == width * 1_000_000


def test_series_integrate_to_the_time_waited_and_worked(tmp_path: Path) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, j=[55, 55, 55, 120]))
    desk = done.stations[0]
    # Bins of 60 s. Served 55-65, 65-75, 75-85 and 120-130; waited 55-65 and 55-75.
    assert (desk.busy * 60).tolist() == pytest.approx([5, 25, 10])
    assert (desk.waiting * 60).tolist() == pytest.approx([10, 20, 0])
    of_j = done.journeys["j"]
    assert of_j.arrived.tolist() == [3, 0, 1]
    assert of_j.completed.tolist() == [0, 3, 1]
    assert (of_j.inside * 60).tolist() == pytest.approx([15, 45, 10])


def test_a_case_that_arrives_at_the_very_end_is_in_the_last_bin(tmp_path: Path) -> None:
    text = "stations: {}\njourneys: {j: {start: done, nodes: {done: {end: completed}}}}"
    of_j = figures(scenario(text, tmp_path, j=[0, 60])).journeys["j"]
    assert (of_j.arrived.tolist(), of_j.completed.tolist()) == ([2], [2])


def test_days_are_local_days_of_arrival(tmp_path: Path) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, j=[86399, 86399, 86400]))
    days = {day.isoformat(): (row.arrived, row.p50) for day, row in done.journeys["j"].days.items()}
    assert days == {"2026-04-20": (2, 15.0), "2026-04-21": (1, 29.0)}


def test_histogram_counts_every_completed_case_once(tmp_path: Path) -> None:
    done = figures(scenario(DESK + ONE_DESK, tmp_path, j=[0, 0, 0, 0]))
    assert int(done.journeys["j"].histogram.sum()) == 4


def test_flows_count_cases_over_edges(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}, queue_limit: 0}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: lost},
    done: {end: completed}, lost: {end: abandoned}}}}
"""
    done = figures(scenario(text, tmp_path, j=[0, 1, 2, 10]))
    assert done.flows[0] == {1: 2, 2: 2}
    assert done.started == [4]

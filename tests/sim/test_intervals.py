"""Means with their intervals, stopping by precision, and the warm-up of MSER-5."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from scenarios.completion import CompleteScenario
from sim.experiments import experiment as experiments
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import Precision, TooManyArrivals, experiment
from sim.experiments.intervals import half_width, jackknifed, mean_interval
from sim.experiments.known_metrics import UnknownMetric
from sim.experiments.replication import Replication
from sim.experiments.results import Figure
from sim.experiments.setting import Setting
from sim.experiments.warmup import automatic_warmup, mser5
from sim.experiments.watch import Kept, Watch
from sim.model.model import compile_model
from tests.sim.tracing import scenario


def test_the_interval_is_that_of_student() -> None:
    # Law, Simulation Modeling and Analysis, example 4.27: ten values, 90% interval 1.34 ± 0.24.
    values = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
    half = half_width(values, 0.9)
    assert round(half, 2) == 0.24
    assert mean_interval(values, 0.9) == Figure(1.343, 1.343 - half, 1.343 + half, 10)


def test_two_values_have_the_interval_of_one_degree_of_freedom() -> None:
    # t(1; 0.975) = tan(0.475 π) = 12.7062; s / sqrt(2) = 1 for values 1 and 3.
    figure = mean_interval([1.0, 3.0])
    assert figure.value == 2.0
    assert figure.low == pytest.approx(2 - 12.706204736432095)
    assert figure.high == pytest.approx(2 + 12.706204736432095)


def test_one_value_has_no_interval() -> None:
    assert mean_interval([5.0]) == Figure(5.0, None, None, 1)


def test_missing_values_are_left_out_and_counted() -> None:
    figure = mean_interval([None, 1.0, None, 3.0])
    assert (figure.value, figure.replications) == (2.0, 2)
    assert mean_interval([None, None]) == Figure(None, None, None, 0)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert mean_interval([0.1] * 7) == Figure(0.1, 0.1, 0.1, 7)


RANDOM = """
replications: 3
arrivals: [{journey: j, rate: {per_hour: 60}}]
stations: {desk: {servers: 1, service: {exponential: {mean: 30s}}}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


SIMPY = Setting(engine="simpy")


def test_replications_are_those_of_the_scenario_unless_told_otherwise() -> None:
    complete = scenario(RANDOM, horizon="1h")
    assert experiment(complete, backend=LocalBackend(1)).replications == 3
    assert experiment(complete, backend=LocalBackend(1), replications=2).replications == 2


def test_a_run_by_precision_stops_when_the_half_width_is_small_enough() -> None:
    complete = scenario(RANDOM, horizon="1h")
    path = "journeys.j.arrived"
    result = experiment(complete, SIMPY, until=Precision(path, 0.03), backend=LocalBackend(1))
    figure = result.figures[path]
    assert figure.value is not None
    assert figure.high is not None
    assert result.replications > 10
    assert figure.high - figure.value <= 0.03 * figure.value
    # One replication fewer was not enough.
    before = experiment(
        complete, backend=LocalBackend(1), replications=result.replications - 1
    ).figures[path]
    assert before.value is not None
    assert before.high is not None
    assert before.high - before.value > 0.03 * before.value


def test_precision_of_a_metric_that_does_not_exist_is_an_error_before_anything_runs() -> None:
    class Untold(Watch):
        def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
            pytest.fail("started")

    with pytest.raises(UnknownMetric) as caught:
        experiment(
            scenario(RANDOM, horizon="1h"),
            until=Precision("stations.no.served", 0.1),
            backend=LocalBackend(1),
            watch=Untold(),
        )
    assert caught.value.metric == "stations.no.served"
    assert "stations.desk.served" in caught.value.known


@pytest.mark.parametrize(
    ("precision", "jobs", "told"),
    [(None, 2, (3, 2)), (None, 7, (3, 3)), (0.1, 7, (10, 7)), (0.1, 2000, (10, 1000))],
)
def test_processes_are_no_more_than_replications_can_be(
    precision: float | None, jobs: int, told: tuple[int, int]
) -> None:
    ended = []

    class Stopping(Watch):
        def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
            assert (replications, workers) == told
            raise KeyboardInterrupt

        def stop(self) -> None:
            ended.append(True)

    wanted = None if precision is None else Precision("journeys.j.time.mean", precision)
    complete, backend = scenario(RANDOM, horizon="1h"), LocalBackend(jobs)
    with pytest.raises(KeyboardInterrupt):
        experiment(complete, until=wanted, backend=backend, watch=Stopping())
    assert ended == [True]


def test_arrivals_are_refused_from_the_first_above_the_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(experiments, "MOST_ARRIVALS", 60.5)
    complete = scenario(RANDOM, horizon="1h")  # 60 of them
    assert experiment(complete, backend=LocalBackend(1), replications=1).replications == 1
    with pytest.raises(TooManyArrivals) as caught:
        experiment(complete, Setting(1.02), replications=1, backend=LocalBackend(1))
    assert caught.value.expected == pytest.approx(61.2)


def test_a_constant_metric_is_precise_after_ten_replications(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 1, service: {constant: 10s}}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
    precision = Precision("journeys.j.time.mean", 0.01)
    complete = scenario(text, tmp_path, j=[0, 5])
    backend = LocalBackend(1)
    made = [
        experiment(complete, SIMPY, replications=n, until=precision, backend=backend).replications
        for n in (2, 12)
    ]
    assert made == [10, 12]


def batches(*means: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.repeat(np.array(means, np.float64), 5)


@pytest.mark.parametrize(
    ("series", "cut"),
    [
        # Cutting k batches of n gives S(k) / (n - k)²: 48/16 = 3, then 0 and 0; the first counts.
        (batches(9, 1, 1, 1), 5),
        # 11.333/36 = 0.315, 2.8/25 = 0.112, 1/16 = 0.063, 0.667/9 = 0.074.
        (batches(4, 2, 1, 0, 1, 0), 10),
        # 5, 5, 5, 5: no transient.
        (batches(5, 5, 5, 5), 0),
        # 41.333/36 = 1.148, 18.8/25 = 0.752, 6/16 = 0.375, 0.667/9 = 0.074; the next would be 0,
        # but at most half is cut.
        (batches(8, 6, 4, 2, 1, 1), 15),
    ],
)
def test_mser5_cuts_where_the_marginal_standard_error_is_least(
    series: np.ndarray[tuple[int], np.dtype[np.float64]], cut: int
) -> None:
    assert mser5(series) == cut


def test_mser5_works_on_means_of_five_and_leaves_out_a_rest() -> None:
    # Means 3, 1, 1, 1 in spite of the spread inside each five; the last two observations make
    # no batch.
    series = [1, 5, 3, 2, 4, *([0, 2, 1, 0, 2] * 3), 100, 100]
    assert mser5(np.array(series, np.float64)) == 5


@pytest.mark.parametrize("length", [0, 4, 9])
def test_a_series_of_less_than_two_batches_is_not_cut(length: int) -> None:
    assert mser5(np.arange(length, dtype=np.float64)) == 0


def test_an_automatic_warm_up_ends_after_the_transient_of_an_empty_start() -> None:
    text = """
warmup: auto
replications: 2
arrivals: [{journey: j, rate: {per_hour: 600}}]
stations: {desk: {servers: 40, service: {exponential: {mean: 3m}}}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""
    result = experiment(scenario(text, horizon="6h"), backend=LocalBackend(1))
    assert 0 <= result.warmup_s <= 3 * 3600 + 600
    figure = result.figures["journeys.j.arrived"]
    assert figure.value is not None
    assert figure.value <= 600 * (6 - result.warmup_s / 3600) + 4 * 3600**0.5


STATIONARY = """
arrivals: [{journey: j, rate: {per_hour: 120}}]
stations: {desk: {servers: 8, service: {exponential: {mean: 3m}}}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def test_an_automatic_warm_up_is_the_latest_cut_of_up_to_five_pilots() -> None:
    model = compile_model(scenario(STATIONARY, horizon="3h"))
    told: set[int] = set()
    cuts = [
        automatic_warmup(model, replications, LocalBackend(1), lambda number, _: told.add(number))
        for replications in range(1, 8)
    ]
    assert cuts == sorted(cuts)
    assert cuts[0] < cuts[4] == cuts[6]
    assert told == {0, 1, 2, 3, 4}


def test_an_automatic_warm_up_does_not_depend_on_the_number_of_processes() -> None:
    model = compile_model(scenario(STATIONARY, horizon="3h"))
    one, two = (
        automatic_warmup(model, 5, LocalBackend(jobs), lambda number, us: None) for jobs in (1, 2)
    )
    assert 0 < one == two


def test_an_automatic_warm_up_without_a_single_case_is_none() -> None:
    model = compile_model(scenario(STATIONARY, horizon="3h"), scale=1e-9)
    assert automatic_warmup(model, 2, LocalBackend(1), lambda number, us: None) == 0


def test_experiment_done_in_two_parts_runs_the_replications_of_one() -> None:
    complete = scenario(RANDOM, horizon="1h")
    whole, parts = Kept(), Kept()
    experiment(complete, replications=3, backend=LocalBackend(1), watch=whole)
    experiment(complete, replications=1, backend=LocalBackend(1), watch=parts)
    experiment(complete, replications=2, first=1, backend=LocalBackend(1), watch=parts)
    assert [part.number for part in parts.done] == [0, 1, 2]
    assert [part.figures for part in parts.done] == [one.figures for one in whole.done]


def test_experiment_goes_on_until_enough_is_said_but_no_further_than_at_most() -> None:
    complete = scenario(RANDOM, horizon="1h")
    asked: list[int] = []

    def enough(done: Sequence[Replication]) -> bool:
        asked.append(len(done))
        return len(done) == 3

    assert (
        experiment(complete, replications=2, backend=LocalBackend(1), until=enough).replications
        == 3
    )
    assert asked == [2, 3]
    never = experiment(
        complete, replications=2, at_most=4, backend=LocalBackend(1), until=lambda done: False
    )
    assert never.replications == 4


def test_jackknife_of_a_mean_is_the_interval_of_the_mean() -> None:
    values = [1.0, 2.0, 4.0, 9.0]
    found, wanted = jackknifed(values, lambda some: sum(some) / len(some)), mean_interval(values)
    assert (found.value, found.replications) == (wanted.value, 4)
    assert found.low == pytest.approx(wanted.low)
    assert found.high == pytest.approx(wanted.high)


def test_jackknife_of_one_replication_has_no_interval() -> None:
    assert jackknifed([3.0], max) == Figure(3.0, replications=1)

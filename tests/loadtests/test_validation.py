"""Prediction beside measurement: figures, errors, curves, what is judged and what is too noisy."""

from pathlib import Path

import numpy as np
import pytest

from loadtests.validation.comparison import Pair, compared, quantile_curve
from loadtests.validation.prediction import Cases, predicted
from loadtests.validation.probes import Probe, ProbeTask
from loadtests.validation.result import Level
from scenarios.loader import loads
from sim.model.model import compile_model

ONE_DESK = """
version: 1
name: Одно окно
calendar: {start: 2026-04-20T10:00}
stations: {desk: {servers: 1, service: {constant: 4s}, queue_limit: 1}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def cases(times: list[float], refused: int = 0) -> Cases:
    count = len(times) + refused
    return Cases(
        np.arange(count),
        np.arange(count, dtype=np.float64),
        np.array([*times, *[0.0] * refused]),
        np.array([True] * len(times) + [False] * refused),
    )


def by_figure(pairs: list[Pair], **tolerances: float) -> dict[str, tuple[float, float, float]]:
    found = compared(pairs, tolerances)
    return {each.figure: (each.predicted, each.live, each.error) for each in found}


def test_prediction_has_every_case_with_its_time_and_its_fate(tmp_path: Path) -> None:
    instants = "time\n" + "".join(f"2026-04-20T10:00:0{n}\n" for n in (0, 1, 2, 9))
    (tmp_path / "arrivals.csv").write_text(instants, encoding="utf-8")
    model = compile_model(loads(ONE_DESK, folder=tmp_path))
    found = predicted(model, replication=0, speed=2.0)
    # Served at 0–4, waits 1–4 and is served until 8, refused at 2, served at 9–13; at double speed.
    assert found.completed.tolist() == [True, True, False, True]
    assert found.time_s.tolist() == [2.0, 3.5, 0.0, 2.0]
    assert found.arrived_s.tolist() == [0.0, 0.5, 1.0, 4.5]


def test_figures_are_of_all_replications_together() -> None:
    pairs = [
        Pair([cases([1.0, 3.0])], cases([1.1, 3.3]), 2.0),
        Pair([cases([2.0, 2.0], refused=1)], cases([2.2, 2.2], refused=2), 2.0),  # 2.2 is too late
    ]
    found = by_figure(pairs)
    assert found["mean"] == pytest.approx((2.0, 2.2, 0.1))
    # One of the first replication ended within its two seconds, by the model; live one as well.
    assert found["throughput"] == pytest.approx((2 / 4, 1 / 4, -0.5))
    assert found["refused"] == pytest.approx((1 / 5, 2 / 6, 2 / 6 - 1 / 5))


def test_who_failed_is_not_refused_and_who_is_on_one_side_only_has_failed() -> None:
    predicted = cases([1.0, 1.0, 1.0], refused=1)  # 0 to 3
    live = Cases(
        np.array([0, 1, 3, 4]), np.zeros(4), np.ones(4), np.array([True, False, False, False]), 1
    )
    found = by_figure([Pair([predicted], live, 2.0)])
    assert found["refused"] == (1 / 4, 2 / 4, 1 / 4)
    assert found["failed"] == (0.0, 3 / 4, 3 / 4)  # one failed; 2 never came, 4 should not have


def test_error_has_an_interval_over_replications_and_none_with_one() -> None:
    pairs = [Pair([cases([1.0])], cases([live]), 1.0) for live in (1.0, 1.2)]
    (mean, *_) = compared(pairs, {})
    assert mean.low is not None
    assert mean.high is not None
    assert mean.low < mean.error < mean.high
    (alone, *_) = compared(pairs[:1], {})
    assert (alone.low, alone.high) == (None, None)


def test_interval_is_of_the_error_beside_it_however_uneven_replications_are() -> None:
    pairs = [
        Pair([cases([1.0] * 9)], cases([1.3] * 9), 1.0),
        Pair([cases([1.0])], cases([1.0]), 1.0),
        Pair([cases([1.0, 2.0])], cases([1.1, 2.0]), 1.0),
    ]
    for each in compared(pairs, {}):
        if each.low is not None and each.high is not None:
            assert each.low <= each.error <= each.high, each.figure
    (mean, *_) = compared(pairs, {})
    assert mean.error == pytest.approx(15.8 / 13 - 1)


def test_interval_of_a_ratio_says_nothing_impossible() -> None:
    pairs = [Pair([cases([1.0])], cases([live]), 1.0) for live in (0.01, 1.0, 30.0)]
    (mean, *_) = compared(pairs, {})
    assert mean.low is not None
    assert -1.0 < mean.low < mean.error


def test_model_may_be_drawn_several_times_for_one_measurement() -> None:
    found = by_figure([Pair([cases([1.0, 1.0]), cases([3.0], refused=1)], cases([2.0, 2.0]), 4.0)])
    assert found["mean"] == pytest.approx((5 / 3, 2.0, 0.2))
    assert found["refused"] == (1 / 4, 0.0, -1 / 4)
    assert found["throughput"] == pytest.approx((3 / 8, 2 / 4, 1 / 3))
    assert found["failed"] == (0.0, 0.0, 0.0)


def test_measurement_of_what_the_model_never_does_is_no_agreement() -> None:
    (mean, *_) = compared([Pair([cases([], refused=1)], cases([1.0]), 1.0)], {"mean": 0.05})
    assert (mean.error, mean.low, mean.is_met) == (float("inf"), None, False)


@pytest.mark.parametrize(
    ("lives", "is_met", "is_shown"),
    [((1.01, 1.02), True, True), ((1.0, 1.06), True, False), ((1.04, 1.08), False, False)],
)
def test_tolerance_is_shown_to_be_met_if_the_whole_interval_is_inside(
    lives: tuple[float, float], is_met: bool, is_shown: bool
) -> None:
    pairs = [Pair([cases([1.0])], cases([live]), 1.0) for live in lives for _ in range(4)]
    (mean, *_) = compared(pairs, {"mean": 0.05})
    assert (mean.is_met, mean.is_shown) == (is_met, is_shown)


@pytest.mark.parametrize(("live", "is_met"), [(1.05, True), (0.95, True), (1.06, False)])
def test_tolerance_is_met_up_to_its_bound(live: float, is_met: bool) -> None:
    found = compared([Pair([cases([1.0])], cases([live]), 1.0)], {"p95": 0.0500001})
    judged = {each.figure: each.is_met for each in found}
    assert judged == {
        "mean": None, "p50": None, "p95": is_met, "p99": None, "throughput": None, "refused": None,
        "failed": None,
    }  # fmt: skip


def level(
    live: float, others_cpu: float = 0.0, lag_s: float = 0.001, utilisation: float = 0.5
) -> Level:
    pairs = [Pair([cases([1.0])], cases([live]), 1.0)]
    return Level(
        way="registry", utilisation=utilisation, rate=1.0, cases=1, replications=1,
        compared=compared(pairs, {"p95": 0.05}), predicted_curve=[], live_curve=[],
        others_cpu=others_cpu, lag_p99_s=lag_s,
    )  # fmt: skip


def test_level_is_met_only_within_its_tolerance_on_a_quiet_machine() -> None:
    assert level(1.04).is_met
    assert not level(1.06).is_met
    assert not level(1.0, others_cpu=0.5).is_met
    assert not level(1.0, lag_s=0.1).is_met
    assert level(1.0, lag_s=0.1, utilisation=1.3).is_met
    assert level(1.0, others_cpu=0.5).is_within


def test_curve_is_of_all_times_and_empty_without_any() -> None:
    assert quantile_curve([np.array([1.0]), np.array([3.0])], [0.0, 0.5, 1.0]) == [1.0, 2.0, 3.0]
    assert quantile_curve([np.zeros(0)], [0.5]) == []


def test_task_of_probes_is_read_as_it_was_written(tmp_path: Path) -> None:
    probe = Probe("register", "POST", "/v1/x", 5, 403, {"A": "b"}, "тело")
    task = ProbeTask("http://127.0.0.1:1", "there", [probe], clients=2, duration_s=1.5)
    task.write(tmp_path / "task.json")
    assert ProbeTask.read(tmp_path / "task.json") == task

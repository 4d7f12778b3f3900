"""A shared server's parameters are found again from the traces that it leaves."""

import numpy as np
import pytest

from loadtests.validation.shared_calibration import TooFew, Trace, speeds_of, works_of
from loadtests.validation.shared_server import SharedServer, SpeedPoint

SERVER = SharedServer(
    (SpeedPoint(1.0, 1.0), SpeedPoint(4.0, 2.0), SpeedPoint(16.0, 2.5)), threads=16, places=256
)
MEANS_S = {b"short": 0.001, b"long": 0.003}


def trace(rate: float, seed: int, span_s: float = 30.0) -> Trace:
    """What SERVER does with Poisson arrivals of two operations, exponential works."""
    draws = np.random.default_rng(seed)
    count = round(rate * span_s)
    arrived_s = np.cumsum(draws.exponential(1.0 / rate, count))
    operations = draws.choice(np.array(list(MEANS_S)), count)
    works_s = draws.exponential([MEANS_S[name] for name in operations])
    cases = SERVER.serve(arrived_s, works_s.tolist())
    done = cases.completed
    return Trace(operations[done], arrived_s[done], (arrived_s + cases.time_s)[done])


TRACES = [trace(rate, seed) for seed, rate in enumerate((100.0, 300.0, 600.0, 900.0, 1_100.0))]


def test_rate_of_departures_from_each_number_inside_is_the_speed_there() -> None:
    mean_s, speeds = speeds_of(TRACES)
    assert mean_s == pytest.approx(0.002, rel=0.05)
    assert speeds[0] == SpeedPoint(1.0, 1.0)
    inside = [point.inside for point in speeds]
    assert inside == sorted(inside)
    for point in speeds:
        if point.inside < 17:  # those beyond are few
            assert point.speed == pytest.approx(SERVER.speed(point.inside), rel=0.05)


def test_works_are_those_that_requests_have_had_by_operation() -> None:
    mean_s, speeds = speeds_of(TRACES)
    works = works_of(TRACES, SharedServer(speeds, 16, 256), mean_s)
    assert sorted(works) == ["long", "short"]
    for name, of_operation in works.items():
        true_s = MEANS_S[name.encode()]
        assert of_operation.mean() == pytest.approx(true_s, rel=0.05)
        p95 = np.quantile(of_operation, 0.95)
        assert p95 == pytest.approx(-true_s * np.log(0.05), rel=0.08)


def test_two_that_share_have_had_exactly_their_works() -> None:
    server = SharedServer((SpeedPoint(1.0, 1.0),), threads=4, places=4)
    # Alone until 1, then two at half of the speed each: until 3, when the first has had 2 s.
    shared = Trace(np.array([b"x", b"y"]), np.array([0.0, 1.0]), np.array([3.0, 4.0]))
    works = works_of([shared], server, mean_s=2.0)
    assert {name: each.tolist() for name, each in works.items()} == {"x": [2.0], "y": [2.0]}


def test_nothing_is_said_of_a_server_that_nobody_was_alone_at() -> None:
    arrived_s = np.arange(200.0) / 100.0
    crowded = Trace(np.array([b"x"] * 200), arrived_s, arrived_s + 5.0)
    with pytest.raises(TooFew):
        speeds_of([crowded])

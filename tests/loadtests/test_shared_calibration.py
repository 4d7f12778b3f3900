"""A shared server's parameters are found again from the traces that it leaves."""

import numpy as np
import pytest

from loadtests.validation.shared_calibration import (
    Near,
    TooFew,
    Trace,
    rate_with,
    speeds_of,
    works_of,
)
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
    mean_s, speeds = speeds_of([Near(TRACES, 1.0)], TRACES)
    assert mean_s == pytest.approx(0.002, rel=0.05)
    assert speeds[0] == SpeedPoint(1.0, 1.0)
    inside = [point.inside for point in speeds]
    assert inside == sorted(inside)
    for point in speeds:
        if point.inside < 17:  # those beyond are few
            assert point.speed == pytest.approx(SERVER.speed(point.inside), rel=0.05)


def slower(trace: Trace, times: float) -> Trace:
    return Trace(trace.operations, trace.arrived_s * times, trace.ended_s * times)


def test_speeds_are_those_near_a_load_by_how_near_it_is() -> None:
    fast, slow = TRACES[2], slower(TRACES[2], 2.0)
    means_s = [
        speeds_of([Near([fast], 1.0 - share), Near([slow], share)], [fast])[0]
        for share in (0.0, 0.5, 1.0)
    ]
    assert means_s[2] == pytest.approx(2.0 * means_s[0])
    assert 1.0 / means_s[1] == pytest.approx((1.0 / means_s[0] + 1.0 / means_s[2]) / 2.0)


def test_speeds_of_numbers_that_near_traces_have_not_seen_are_those_of_all() -> None:
    idle, busy = TRACES[0], TRACES[-1]
    mean_s, alone = speeds_of([Near([idle], 1.0)], [idle])
    with_others_s, speeds = speeds_of([Near([idle], 1.0)], [idle, busy])
    assert with_others_s == mean_s
    assert speeds[: len(alone)] == alone
    assert speeds[-1].inside > 13 > alone[-1].inside


def test_rate_with_so_many_inside_is_that_of_the_server_there() -> None:
    rate = rate_with(TRACES, 5, 8)
    assert rate == pytest.approx(SERVER.speed(6.3) / 0.002, rel=0.06)
    assert rate_with(TRACES[:1], 17, 256) is None


def test_works_are_those_that_requests_have_had_by_operation() -> None:
    mean_s, speeds = speeds_of([Near(TRACES, 1.0)], TRACES)
    works = works_of(TRACES, SharedServer(speeds, 16, 256), mean_s)
    assert sorted(works) == ["long", "short"]
    for name, of_operation in works.items():
        true_s = MEANS_S[name.encode()]
        assert of_operation.mean() == pytest.approx(true_s, rel=0.05)
        p95 = np.quantile(of_operation, 0.95)
        assert p95 == pytest.approx(-true_s * np.log(0.05), rel=0.08)


def test_mean_of_works_is_that_of_the_mix_and_not_of_those_who_were_alone() -> None:
    server = SharedServer((SpeedPoint(1.0, 1.0),), threads=2, places=9)
    # Of x one is alone, of y all: one of four requests is an x with 3 s, three are a y with 1 s.
    arrived_s = np.array([0.0, 10.0, 20.0, 30.0])
    took_s = np.array([3.0, 1.0, 1.0, 1.0])
    mixed = Trace(np.array([b"x", b"y", b"y", b"y"]), arrived_s, arrived_s + took_s)
    crowd = Trace(np.array([b"x", b"x", b"x"]), np.zeros(3), np.array([3.0, 6.0, 9.0]))
    works = works_of([mixed, crowd], server, mean_s=3.0)
    share_of_x = 4 / 7
    assert share_of_x * works["x"].mean() + (1 - share_of_x) * works["y"].mean() == pytest.approx(3)


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
        speeds_of([Near([crowded], 1.0)], [crowded])

"""The model of the served portal against what theory says of such queues."""

import numpy as np
import pytest

from loadtests.validation.shared_server import SharedServer, SpeedPoint

ALONE = SpeedPoint(1.0, 1.0)
MANY = 10**9


def poisson(rate: float, count: int, seed: int = 1) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).exponential(1.0 / rate, count))


def test_requests_share_the_server_and_later_ones_are_slowed_by_earlier_ones() -> None:
    server = SharedServer((ALONE,), threads=4, places=4)
    cases = server.serve(np.array([0.0, 1.0, 1.0]), [2.0, 3.0, 1.0])
    # Alone until 1; then three share: 1 s of work each takes until 4, when two end; the last has
    # 2 s left for itself.
    assert cases.time_s.tolist() == pytest.approx([4.0, 5.0, 3.0])
    assert cases.completed.all()


def test_requests_beyond_the_threads_wait_and_beyond_the_places_are_refused() -> None:
    server = SharedServer((ALONE,), threads=1, places=2)
    cases = server.serve(np.array([0.0, 0.5, 0.6, 1.5]), [1.0, 1.0, 1.0, 1.0])
    assert cases.completed.tolist() == [True, True, False, True]
    assert cases.time_s.tolist() == pytest.approx([1.0, 1.5, 0.0, 1.5])
    assert cases.refused == 1


def test_those_who_wait_are_among_those_who_make_it_slow() -> None:
    server = SharedServer((ALONE, SpeedPoint(2.0, 0.5)), threads=1, places=2)
    cases = server.serve(np.array([0.0, 0.0]), [1.0, 1.0])
    assert cases.time_s.tolist() == pytest.approx([2.0, 3.0])


def test_refusal_takes_time_from_those_inside() -> None:
    server = SharedServer((ALONE,), threads=1, places=1, refusal_s=0.25)
    cases = server.serve(np.array([0.0, 0.5, 0.6]), [1.0, 1.0, 1.0])
    assert cases.completed.tolist() == [True, False, False]
    assert cases.time_s[0] == pytest.approx(1.5)


def test_speed_grows_with_the_number_inside_and_stays_beyond_the_last_point() -> None:
    server = SharedServer((ALONE, SpeedPoint(3.0, 2.0), SpeedPoint(5.0, 1.0)), threads=8, places=8)
    assert [server.speed(n) for n in (0.5, 1, 2, 3, 4, 8)] == [1.0, 1.0, 1.5, 2.0, 1.5, 1.0]
    two = server.serve(np.array([0.0, 0.0]), [3.0, 3.0])
    assert two.time_s.tolist() == pytest.approx([4.0, 4.0])


@pytest.mark.parametrize("constant", [True, False])
def test_mean_time_of_shared_service_is_insensitive_to_its_distribution(constant: bool) -> None:
    count, load = 60_000, 0.7
    work = np.ones(count) if constant else np.random.default_rng(2).exponential(1.0, count)
    server = SharedServer((ALONE,), threads=1_000, places=MANY)
    mean = server.serve(poisson(load, count), work.tolist()).times_s.mean()
    assert mean == pytest.approx(1.0 / (1.0 - load), rel=0.06)  # M/G/1-PS


def test_one_thread_is_a_queue_with_one_server() -> None:
    count, load = 60_000, 0.7
    server = SharedServer((ALONE,), threads=1, places=MANY)
    mean = server.serve(poisson(load, count), [1.0] * count).times_s.mean()
    assert mean == pytest.approx(1.0 + load / (2.0 * (1.0 - load)), rel=0.05)  # M/D/1

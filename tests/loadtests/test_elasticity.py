"""How much a server slows down with its processor, from runs on faster and slower ones."""

import pytest

from loadtests.validation.elasticity import elasticity_of


def runs(base_s: float, elasticity: float, *speeds: float) -> list[tuple[float, float]]:
    return [(speed, base_s * speed**-elasticity) for speed in speeds]


@pytest.mark.parametrize("elasticity", [0.8, 1.0, 1.3])
def test_coefficient_is_found_whatever_the_loads_take(elasticity: float) -> None:
    loads = [
        runs(0.001, elasticity, 0.6, 0.8, 1.0, 1.2),
        runs(0.0005, elasticity, 1.3, 0.5, 0.9, 0.7),
    ]
    assert elasticity_of(loads) == pytest.approx(elasticity, abs=0.01)


def test_of_a_processor_that_is_always_as_fast_nothing_is_learned() -> None:
    steady = [(1.0, 0.0010), (1.001, 0.0013), (0.999, 0.0009), (1.0, 0.0011)]
    assert elasticity_of([steady]) == pytest.approx(1.0, abs=0.05)
    assert elasticity_of([[(0.7, 0.001)], [], [(1.2, 0.001)]]) == 1.0


def test_loads_are_not_compared_with_each_other() -> None:
    slow_and_dear = [(0.5, 0.010), (0.5, 0.010)]
    fast_and_cheap = [(1.0, 0.001), (1.0, 0.001)]
    assert elasticity_of([slow_and_dear, fast_and_cheap]) == 1.0

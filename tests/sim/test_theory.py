"""The simulation against closed forms of queueing theory.

Seeds are fixed, so the verdict does not change from run to run. The theoretical value must lie in a
99.9% interval, and the interval must be so narrow that a wrong engine would not fit into it.
"""

import pytest

from benchmarks.theory_cases import CASES, Case
from sim.experiments.intervals import mean_interval


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_simulated_means_agree_with_theory(case: Case) -> None:
    observed = [case.observe(number) for number in range(case.replications)]
    for quantity, values in zip(case.quantities, zip(*observed, strict=True), strict=True):
        interval = mean_interval(values, confidence=0.999)
        assert interval.low is not None
        assert interval.high is not None
        assert interval.high - interval.low <= 2.0 * quantity.sharpness * quantity.theory
        assert interval.low <= quantity.theory <= interval.high, quantity.name

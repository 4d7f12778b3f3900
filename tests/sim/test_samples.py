"""Durations reduced: exact while they are few, within a 2048th afterwards."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.samples import WHOLE, DurationSample, bin_of
from world.draws import LONGEST_US


def sample_of(values: list[int]) -> DurationSample:
    sample = DurationSample()
    sample.add(np.array(values, np.int64))
    return sample


@given(st.integers(0, LONGEST_US - 1))
def test_bins_are_in_the_order_of_durations_and_a_1024th_wide(us: int) -> None:
    assert bin_of(us) <= bin_of(us + 1) <= bin_of(us) + 1
    assert bin_of(us + max(us // 1024, 1) + 1) > bin_of(us)


@pytest.mark.parametrize("us", [0, 1, 1023, 2046, 2047])
def test_short_durations_have_a_bin_each(us: int) -> None:
    assert bin_of(us) == us


def test_quantiles_of_few_durations_are_those_of_the_data() -> None:
    sample = sample_of([40, 10, 30, 20])
    assert [sample.quantile_us(p) for p in (0.0, 0.5, 1.0)] == [10, 25, 40]
    assert sample.mean_us == 25


def test_nothing_has_neither_mean_nor_quantile() -> None:
    assert sample_of([]).mean_us is None
    assert sample_of([]).quantile_us(0.5) is None


@pytest.mark.parametrize("extra", [0, 1])
def test_quantiles_of_many_durations_are_within_a_2048th_of_the_data(extra: int) -> None:
    values = np.random.default_rng(1).lognormal(18.0, 2.0, WHOLE + extra).astype(np.int64)
    sample = DurationSample()
    for part in np.array_split(values, 7):
        sample.add(part)
    assert sample.count == len(values)
    assert sample.total_us == int(values.sum())
    for p in (0.0, 0.01, 0.5, 0.95, 0.99, 1.0):
        exact = float(np.quantile(values, p))
        found = sample.quantile_us(p)
        assert found is not None
        if extra == 0:
            assert found == exact
        else:
            assert abs(found - exact) <= exact / 2048


def test_quantiles_do_not_depend_on_the_order_of_the_durations() -> None:
    values = np.random.default_rng(2).integers(0, 10**9, WHOLE + 5)
    forth, back = sample_of(values.tolist()), sample_of(values[::-1].tolist())
    assert [forth.quantile_us(p) for p in (0.5, 0.99)] == [back.quantile_us(p) for p in (0.5, 0.99)]

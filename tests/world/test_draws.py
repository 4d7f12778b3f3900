"""Keyed draws: exact values, laws, independence of what else is drawn."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios import distributions as d
from world import draws

ENTITIES = [draws.combine(draws.text_key("test"), n) for n in range(20_000)]
NODE = draws.text_key("node")


def test_mix_is_the_finalizer_of_splitmix64() -> None:
    # The first number of Vigna's splitmix64.c from state 0: the finalizer of the golden gamma.
    assert draws.mix(0x9E3779B97F4A7C15) == 0xE220A8397B1DCDAF


def test_the_same_key_gives_the_same_number_and_any_other_part_another_one() -> None:
    number = draws.uniform(1, 2, 3, 4)
    others = [(2, 2, 3, 4), (1, 3, 3, 4), (1, 2, 4, 4), (1, 2, 3, 5)]
    assert draws.uniform(1, 2, 3, 4) == number
    assert all(draws.uniform(*key) != number for key in others)


def test_the_numbers_of_a_known_key_never_change() -> None:
    entity = draws.combine(draws.combine(draws.text_key("poligon"), 2026), 0)
    assert draws.text_key("egrul") == 17041958514684191163
    assert [draws.uniform(entity, 7, visit, 0) for visit in range(2)] == [
        0.6326271851945763,
        0.7971441034046408,
    ]
    assert d.exponential(1e6).draw(entity, 7, 0, 0) == 457874


@given(st.floats(1e-300, 1e300))
def test_log_agrees_with_the_c_library_to_one_unit_in_the_last_place(x: float) -> None:
    assert draws.log(x) == pytest.approx(math.log(x), rel=3e-16, abs=3e-16)


@given(st.floats(-690, 690))
def test_exp_agrees_with_the_c_library_to_one_unit_in_the_last_place(x: float) -> None:
    assert draws.exp(x) == pytest.approx(math.exp(x), rel=3e-16)


@given(st.floats(1e-12, 1 - 1e-12))
def test_normal_quantile_inverts_the_normal_distribution(p: float) -> None:
    assert draws.normal_quantile(p) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-9, abs=1e-12)


MEANS_AND_DEVIATIONS = [
    (d.constant(5), 5.0, 0.0),
    (d.exponential(1e6), 1e6, 1e6),
    (d.lognormal(1e6, 0.5), 1e6, 0.5e6),
    (d.uniform(1e6, 3e6), 2e6, 2e6 / math.sqrt(12)),
    (d.triangular(0, 1e6, 5e6), 2e6, math.sqrt((25 + 1 - 5) / 18) * 1e6),
    (d.erlang(4, 1e6), 1e6, 0.5e6),
    (d.hyperexponential([0.25, 0.75], [4e6, 1e6]), 1.75e6, math.sqrt(9.5 - 1.75**2) * 1e6),
    (d.empirical([1_000_000, 2_000_000, 6_000_000]), 3e6, math.sqrt(14 / 3) * 1e6),
]


@pytest.mark.parametrize(("distribution", "mean", "deviation"), MEANS_AND_DEVIATIONS)
def test_draws_have_the_mean_and_deviation_of_their_distribution(
    distribution: d.Distribution, mean: float, deviation: float
) -> None:
    values = np.array([distribution.draw(entity, NODE, 0, 0) for entity in ENTITIES], float)
    assert distribution.mean_us == pytest.approx(mean)
    # Five standard errors: with this fixed sample the test is not a matter of luck.
    assert values.mean() == pytest.approx(mean, abs=5 * deviation / math.sqrt(len(values)))
    assert values.std() == pytest.approx(deviation, rel=0.05)


def test_uniforms_of_neighbouring_keys_do_not_correlate() -> None:
    rows = np.array(
        [[draws.uniform(e, NODE, visit, k) for visit in (0, 1) for k in (0, 1)] for e in ENTITIES]
    )
    correlation = np.corrcoef(rows, rowvar=False) - np.eye(4)
    assert np.abs(correlation).max() < 5 / math.sqrt(len(ENTITIES))


def test_a_first_visit_drawn_in_a_block_is_the_one_drawn_alone() -> None:
    distributions = [d.exponential(3e6), d.lognormal(2e5, 1.5), d.constant(7)]
    nodes = np.array([draws.text_key(name) for name in "abc"], np.uint64)
    kinds = np.array([x.kind for x in distributions], np.int64)
    parameters = np.array([(x.a, x.b, x.c) for x in distributions])
    entities, drawn = np.empty(5, np.uint64), np.empty((5, 3), np.int64)
    draws.draw_first_visits(99, 10, nodes, kinds, parameters, entities, drawn)
    alone = [
        [
            x.draw(draws.combine(99, 10 + i), int(node), 0, 0)
            for x, node in zip(distributions, nodes, strict=True)
        ]
        for i in range(5)
    ]
    assert entities.tolist() == [draws.combine(99, 10 + i) for i in range(5)]
    assert drawn.tolist() == alone


def test_a_draw_beyond_all_measure_is_cut() -> None:
    assert d.constant(10**17).draw(1, 1, 0, 0) == draws.LONGEST_US


@given(st.integers(1, 3000), st.integers(0, 2**64 - 1))
def test_permute_meets_every_place_once(size: int, key: int) -> None:
    assert sorted(draws.permute(key, n, size) for n in range(size)) == list(range(size))


@given(st.integers(1, 2**62), st.integers(0, 2**64 - 1), st.data())
def test_unpermute_leads_back_from_every_place(size: int, key: int, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, size - 1))
    assert draws.unpermute(key, draws.permute(key, number, size), size) == number
    assert draws.permute(key, draws.unpermute(key, number, size), size) == number


def test_permute_of_another_key_is_another_order() -> None:
    assert [draws.permute(1, n, 100) for n in range(100)] != [
        draws.permute(2, n, 100) for n in range(100)
    ]


def test_bits_of_a_mask_have_their_probabilities_and_impossible_ones_never_come() -> None:
    probabilities = np.array([0.0, 0.2, 1.0])
    masks = np.array([draws.bernoulli_mask(entity, NODE, probabilities) for entity in ENTITIES])
    shares = [(masks >> bit & 1).mean() for bit in range(3)]
    assert shares[0] == 0.0
    assert shares[1] == pytest.approx(0.2, abs=5 * 0.4 / math.sqrt(len(ENTITIES)))
    assert shares[2] == 1.0


@pytest.mark.parametrize(("probability", "mended"), [(0.0, 0b0000), (1.0, 0b1010)])
def test_only_reported_defects_are_mended(probability: float, mended: int) -> None:
    assert draws.mended_mask(5, NODE, 0, 0b1010, probability) == mended

"""Organizations behind cases: the same for everyone who asks, each once before any comes twice."""

import pytest

from world.population import Population, chosen

COUNTRY = Population(
    2026,
    5_000,
    {"legal": 0.45, "sole_proprietor": 0.55},
    {"small": 0.94, "medium": 0.05, "large": 0.01},
)


def test_everyone_comes_once_before_anyone_comes_twice() -> None:
    first_round = [COUNTRY.organization_behind(7, n) for n in range(COUNTRY.size)]
    second_round = [COUNTRY.organization_behind(7, n + COUNTRY.size) for n in range(COUNTRY.size)]
    assert sorted(first_round) == list(range(COUNTRY.size))
    assert second_round == first_round


def test_kinds_and_tiers_have_their_shares() -> None:
    kinds = [COUNTRY.kind(i) for i in range(COUNTRY.size)]
    tiers = [COUNTRY.tier(i) for i in range(COUNTRY.size)]
    assert kinds.count("legal") / COUNTRY.size == pytest.approx(0.45, abs=0.035)
    assert tiers.count("medium") / COUNTRY.size == pytest.approx(0.05, abs=0.016)
    assert set(tiers) == {"small", "medium", "large"}


def test_an_organization_is_of_one_kind_whoever_asks_and_of_another_country_maybe_another() -> None:
    elsewhere = Population(1, COUNTRY.size, COUNTRY.kinds, COUNTRY.tiers)
    again = Population(2026, 10, COUNTRY.kinds, COUNTRY.tiers)
    assert [COUNTRY.kind(i) for i in range(50)] == [again.kind(i) for i in range(50)]
    assert [COUNTRY.kind(i) for i in range(50)] != [elsewhere.kind(i) for i in range(50)]


def test_a_kind_with_the_whole_share_is_everyones() -> None:
    legal = Population(1, 10, {"legal": 1.0}, {"small": 1.0})
    assert {legal.kind(i) for i in range(10)} == {"legal"}


def test_a_value_without_a_share_is_nobodys_even_where_rounding_leaves_a_gap() -> None:
    shares = {"few": 0.1, "many": 0.9 - 1e-12, "none": 0.0}
    assert chosen(shares, 1.0 - 1e-16) == "many"
    assert chosen(shares, 0.1) == "many"
    assert chosen(shares, 0.0999) == "few"

"""`KEY=4,8,16` and `KEY=1..10:3`: which values, and what is no variation."""

import pytest

from sim.studies.variation import Variation, VariationError, grid, overrides_of, parse_variation


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("a.b=4,8,16", ["4", "8", "16"]),
        ("a.b=1..4", ["1", "2", "3", "4"]),
        ("a.b=1..10:3", ["1", "4", "7", "10"]),
        ("a.b=1..9:3", ["1", "4", "7"]),
        ("a.b=5..5", ["5"]),
        ("a.b=-1..1", ["-1", "0", "1"]),
        ("a.b=0.1..0.3:0.1", ["0.1", "0.2", "0.3"]),
        ("a.b=0..1:0.5", ["0.0", "0.5", "1.0"]),
        ("a.b=1..3,10", ["1", "2", "3", "10"]),
        ("a.b=fifo, priority", ["fifo", "priority"]),
        ("a.b={constant: 5s}, {lognormal: {mean: 5s, cv: 1}}",
         ["{constant: 5s}", "{lognormal: {mean: 5s, cv: 1}}"]),
        ("a.b=[1, 2],[3]", ["[1, 2]", "[3]"]),
        ("a.b='x, y',z", ["'x, y'", "z"]),
    ],
)  # fmt: skip
def test_values_are_a_list_or_a_range_with_both_ends(word: str, values: list[str]) -> None:
    assert parse_variation(word) == Variation("a.b", tuple(values))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("a.b", "syntax"),
        ("a.b=", "syntax"),
        ("=1,2", "syntax"),
        ("a..b=1", "syntax"),
        ("a.b=1,,2", "syntax"),
        ("a.b=[1,2", "syntax"),
        ("a.b=4..1", "range"),
        ("a.b=1..4:0", "range"),
        ("a.b=1..4:-1", "range"),
        ("a.b=0.1..0.4", "range"),
        ("a.b=1..many", "range"),
        ("a.b=2,1..3", "repeated"),
        ("a.b=1..10001", "many"),
        ("a.b=1..999999999999", "many"),
    ],
)
def test_word_that_is_no_variation_is_refused_with_its_code(word: str, code: str) -> None:
    with pytest.raises(VariationError) as caught:
        parse_variation(word)
    assert caught.value.code == code


def test_ten_thousand_values_are_not_too_many() -> None:
    assert len(parse_variation("a.b=1..10000").values) == 10_000


def test_values_are_numbers_if_all_are_durations_in_seconds() -> None:
    assert parse_variation("a=1,2.5").numbers == [1.0, 2.5]
    assert parse_variation("a=30s,5m").numbers == [30.0, 300.0]
    assert parse_variation("a=1,fifo").numbers is None


def test_grid_has_every_combination_the_last_key_changing_fastest() -> None:
    variations = [parse_variation("a=1,2"), parse_variation("b.c=x,y")]
    assert grid(variations) == [("1", "x"), ("1", "y"), ("2", "x"), ("2", "y")]
    assert overrides_of(variations, ("2", "x")) == ("a=2", "b.c=x")

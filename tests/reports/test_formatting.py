"""Numbers, durations and intervals as people read them."""

import math
from datetime import date, datetime
from functools import partial

import pytest

from reports import formatting as f
from sim.experiments.results import Figure

THIN, NBSP = "\u202f", "\u00a0"


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace(THIN, " ").replace(NBSP, " ")


@pytest.mark.parametrize(
    ("seconds", "ru", "en"),
    [
        (None, "—", "—"),
        (math.nan, "—", "—"),
        (0.0, "0 с", "0 s"),
        (0.0004, "0,4 мс", "0.4 ms"),
        (0.12, "120 мс", "120 ms"),
        (0.9996, "1 с", "1 s"),
        (4.23, "4,2 с", "4.2 s"),
        (9.96, "10 с", "10 s"),
        (59.4, "59 с", "59 s"),
        (59.6, "1 мин", "1 min"),
        (845, "14 мин 5 с", "14 min 5 s"),
        (3599.4, "59 мин 59 с", "59 min 59 s"),
        (3599.6, "1 ч", "1 h"),
        (8040, "2 ч 14 мин", "2 h 14 min"),
        (86369, "23 ч 59 мин", "23 h 59 min"),
        (86371, "1 день", "1 day"),
        (270000, "3 дня 3 ч", "3 days 3 h"),
        (5 * 86400, "5 дней", "5 days"),
        (33.6 * 86400, "34 дня", "34 days"),
        (-90, "−1 мин 30 с", "−1 min 30 s"),
    ],
)
def test_duration_is_told_in_its_two_largest_units(seconds: float | None, ru: str, en: str) -> None:
    assert [plain(f.duration(seconds, lang)) for lang in ("ru", "en")] == [ru, en]


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (0.0, "0", "0"),
        (0.004, "0", "0"),
        (0.44, "0,44", "0.44"),
        (1.0, "1", "1"),
        (12.34, "12,3", "12.3"),
        (99.96, "100", "100"),
        (812.4, "812", "812"),
        (1320.0, "1320", "1320"),
        (12340.0, "12 340", "12 340"),
        (-1234567.0, "−1 234 567", "−1 234 567"),
        (math.inf, "—", "—"),
    ],
)
def test_count_keeps_few_decimals_and_groups_long_numbers(value: float, ru: str, en: str) -> None:
    assert [plain(f.count(value, lang)) for lang in ("ru", "en")] == [ru, en]


def test_long_numbers_are_grouped_by_thin_spaces_that_do_not_break() -> None:
    assert f.number(1234567.891, "ru", 1) == f"1{THIN}234{THIN}567,9"


@pytest.mark.parametrize(
    ("value", "unlike", "shown"),
    [
        (0.9634, None, "96,3 %"),
        (1.0, None, "100 %"),
        (0.0, None, "0 %"),
        (0.99996, None, "99,996 %"),
        (0.0004, None, "0,04 %"),
        (0.9896, 0.99, "98,96 %"),
        (0.98996, 0.99, "98,996 %"),
        (0.99, 0.99, "99 %"),
    ],
)
def test_share_never_looks_equal_to_what_it_misses(
    value: float, unlike: float | None, shown: str
) -> None:
    assert plain(f.share(value, "ru", unlike)) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.99, "99%"), (0.995, "99.5%"), (0.07, "7%")])
def test_bound_has_no_more_decimals_than_its_author_gave(value: float, shown: str) -> None:
    assert f.percent(value, "en") == shown


@pytest.mark.parametrize(("value", "shown"), [(1.0, "1,00"), (1.0034, "1,003"), (2.5, "2,50")])
def test_factor_is_told_from_one(value: float, shown: str) -> None:
    assert f.factor(value, "ru") == shown


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        ("5wd", "5 рабочих дней", "5 working days"),
        ("1wd", "1 рабочий день", "1 working day"),
        ("3wd", "3 рабочих дня", "3 working days"),
        ("21wd", "21 рабочий день", "21 working days"),
        ("72h", "3 дня", "3 days"),
        ("30m", "30 мин", "30 min"),
    ],
)
def test_term_is_told_in_words(text: str, ru: str, en: str) -> None:
    assert [plain(f.term(text, lang)) for lang in ("ru", "en")] == [ru, en]


@pytest.mark.parametrize(
    ("low", "high", "show", "ru"),
    [
        (0.958, 0.9691, f.share, "95,8–96,9 %"),
        (0.958, 0.9691, partial(f.share, unlike=0.99), "95,8–96,9 %"),
        (7980.0, 8100.0, f.duration, "2 ч 13 мин – 2 ч 15 мин"),
        (-3.0, 5.0, f.count, "0–5"),
        (3.0, 3.0, f.count, "3"),
        (None, None, f.count, "одна репликация"),
    ],
)
def test_interval_names_its_unit_once_and_says_when_there_is_none(
    low: float | None, high: float | None, show: f.Formatter, ru: str
) -> None:
    assert plain(f.interval(Figure(1.0, low, high), "ru", show)) == ru


def test_interval_of_a_missing_figure_is_a_dash() -> None:
    assert f.interval(Figure(None), "ru", f.count) == "—"


def test_moments_are_told_in_each_language() -> None:
    when = datetime(2026, 5, 9, 7, 5)
    assert plain(f.moment(when, "ru")) == "9 мая, 07:05"
    assert plain(f.year_moment(when, "en")) == "9 May 2026, 07:05"
    assert plain(f.day_short(date(2026, 9, 1), "ru")) == "1 сен"

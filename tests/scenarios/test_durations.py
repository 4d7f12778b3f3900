"""Durations and deadlines: what is read, what is refused, and that writing reverses reading."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.durations import (
    LONGEST_US,
    WorkingDays,
    format_duration,
    parse_deadline,
    parse_duration,
)


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("0s", 0),
        ("1us", 1),
        ("250ms", 250_000),
        ("90s", 90_000_000),
        ("1.5s", 1_500_000),
        ("0.000001s", 1),
        ("15m", 900_000_000),
        ("2h", 7_200_000_000),
        ("3d", 259_200_000_000),
        ("0.1d", 8_640_000_000),
        ("115740d", 9_999_936_000_000_000),
        ("10000000000s", LONGEST_US),
    ],
)
def test_duration_is_read_in_whole_microseconds(text: str, us: int) -> None:
    assert parse_duration(text) == us


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "s", "-1s", "+1s", "1 s", "1S", " 1s", "1s ", "1s\n", ".5s", "1.s", "1e3s"),
        *("1h30m", "1wd", "1w", "٣s", "0.5us", "0.0000001s", "10000000000.000001s", "9" * 31 + "s"),
    ],
)
def test_text_that_is_no_whole_number_of_microseconds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_duration(text)


@given(st.integers(0, LONGEST_US))
def test_written_duration_is_read_back_exactly(us: int) -> None:
    assert parse_duration(format_duration(us)) == us


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "0s"),
        (1, "1us"),
        (1_500_000, "1500ms"),
        (60_000_000, "1m"),
        (86_400_000_000, "1d"),
        (90_000_000, "90s"),
    ],
)
def test_duration_is_written_in_the_largest_unit_that_divides_it(us: int, text: str) -> None:
    assert format_duration(us) == text


def test_deadline_is_working_days_or_a_duration() -> None:
    assert parse_deadline("5wd") == WorkingDays(5)
    assert parse_deadline("9999wd") == WorkingDays(9999)
    assert parse_deadline("72h") == 259_200_000_000
    assert str(WorkingDays(5)) == "5wd"


@pytest.mark.parametrize("text", ["0wd", "-1wd", "1.5wd", "05wd", "10000wd", "wd", "5 wd"])
def test_text_that_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        parse_deadline(text)

"""Ticks are round."""

import pytest

from reports.ticks import duration_ticks, log_ticks, nice_ticks, round_step


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (0.0, ["0"]),
        (1.0, ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]),
        (7.0, ["0", "2", "4", "6"]),
        (1840.0, ["0", "500", "1000", "1500"]),
        (61000.0, ["0", "20\u202f000", "40\u202f000", "60\u202f000"]),
    ],
)
def test_ticks_of_counts_are_round(top: float, labels: list[str]) -> None:
    assert [label for _, label in nice_ticks(top, "ru")] == labels


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (100.0, ["0 s", "20 s", "40 s", "1 min", "1 min 20 s", "1 min 40 s"]),
        (4 * 3600.0, ["0 s", "1 h", "2 h", "3 h", "4 h"]),
        (9 * 86400.0, ["0 s", "2 days", "4 days", "6 days", "8 days"]),
    ],
)
def test_ticks_of_durations_are_round(top: float, labels: list[str]) -> None:
    assert [t.replace("\u00a0", " ") for _, t in duration_ticks(top, "en")] == labels


@pytest.mark.parametrize(
    ("least", "step"), [(0.2, 0.2), (0.2001, 0.5), (0.51, 1.0), (1.0, 1.0), (6.0, 10.0)]
)
def test_step_is_the_least_round_one_that_is_wide_enough(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


def test_ticks_of_a_logarithmic_axis_are_its_ends_where_no_round_one_is_inside() -> None:
    assert log_ticks(2.0, 9.0) == [2.0, 9.0]
    assert log_ticks(1.0, 60.0) == [1, 10, 60.0]

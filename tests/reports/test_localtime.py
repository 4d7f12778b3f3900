"""Local clock and ticks of the charts."""

from datetime import datetime
from zoneinfo import ZoneInfo

from reports.localtime import MAX_TICKS, LocalTime, tick_levels
from tests.reports.tiny import tiny

HOUR = 3600.0
DAY = 24 * HOUR


def test_seconds_are_told_on_the_scenario_clock() -> None:
    time = LocalTime.of(tiny(timezone="Asia/Vladivostok"))
    assert time.at(HOUR) == datetime(2026, 4, 20, 10, tzinfo=ZoneInfo("Asia/Vladivostok"))


def test_a_start_with_its_own_offset_is_kept() -> None:
    start = datetime(2026, 4, 20, 9, tzinfo=ZoneInfo("Asia/Vladivostok"))
    time = LocalTime.of(tiny(start=start))
    assert time.at(0).isoformat() == "2026-04-20T02:00:00+03:00"


def test_a_day_of_a_clock_change_has_23_hours() -> None:
    berlin = LocalTime.of(tiny(start=datetime(2026, 3, 28), timezone="Europe/Berlin"))
    days = tick_levels(berlin, 3 * DAY, "en")[-1]
    midnights = [(x, label) for x, label in days if ":" not in label]
    assert midnights == [
        (0.0, "28\u00a0Mar"), (DAY, "29\u00a0Mar"), (2 * DAY - HOUR, "30\u00a0Mar"),
        (3 * DAY - HOUR, "31\u00a0Mar"),
    ]  # fmt: skip


def test_ticks_go_from_months_to_minutes_and_only_inside_the_run() -> None:
    levels = tick_levels(LocalTime.of(tiny(start=datetime(2026, 4, 30))), 1.5 * DAY, "ru")
    assert levels[0] == [(DAY, "1\u00a0мая")]
    six_hours = [label for _, label in levels[-3]]
    assert six_hours == [
        "30\u00a0апр", "06:00", "12:00", "18:00", "1\u00a0мая", "06:00", "12:00",
    ]  # fmt: skip
    assert all(0 <= x <= 1.5 * DAY for level in levels for x, _ in level)


def test_a_long_run_has_no_unreadably_fine_ticks() -> None:
    levels = tick_levels(LocalTime.of(tiny()), 400 * DAY, "ru")
    assert max(map(len, levels)) <= MAX_TICKS

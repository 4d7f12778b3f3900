"""Shifts: whole traces of capacity, worked out by hand in hours since the start."""

import datetime as dt
from functools import cache
from itertools import pairwise, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from world.calendar import Calendar
from world.shifts import Days, Shift, capacity_changes, parse_time_of_day, scheduled_time

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SATURDAY = frozenset({5})


def moscow(start: str) -> Calendar:
    return Calendar(start=dt.datetime.fromisoformat(start))


def berlin(start: str) -> Calendar:
    return Calendar(country="DE", timezone="Europe/Berlin", start=dt.datetime.fromisoformat(start))


def shift(days: Days, start: str, end: str, count: int) -> Shift:
    return Shift(days, parse_time_of_day(start), parse_time_of_day(end), count)


def hours_and_capacity(
    shifts: list[Shift], calendar: Calendar, until_h: int, from_h: int = 0
) -> list[tuple[float, int]]:
    """Changes before `until_h`, times in hours since the start."""
    changes = capacity_changes(shifts, calendar, from_h * HOUR)
    return [(time / HOUR, c) for time, c in takewhile(lambda ch: ch[0] < until_h * HOUR, changes)]


def test_may_holidays_close_working_shifts_and_leave_saturday_ones() -> None:
    operators = [shift("working", "09:00", "18:00", 40), shift(SATURDAY, "10:00", "14:00", 5)]

    trace = hours_and_capacity(operators, moscow("2026-04-30T00:00"), until_h=13 * 24)

    assert trace == [
        (0, 0),
        (9, 40),  # Thursday 30 April
        (18, 0),
        (58, 5),  # Saturday 2 May
        (62, 0),
        (105, 40),  # Monday 4 May
        (114, 0),
        (129, 40),
        (138, 0),
        (153, 40),
        (162, 0),
        (177, 40),
        (186, 0),
        (201, 40),  # Friday 8 May
        (210, 0),
        (226, 5),  # Saturday 9 May is Victory Day: a weekday list holds on it
        (230, 0),
        (297, 40),  # Tuesday 12 May, after Monday off
        (306, 0),
    ]


def test_new_year_keeps_working_shifts_closed_for_twelve_days() -> None:
    trace = hours_and_capacity(
        [shift("working", "09:00", "18:00", 3)], moscow("2025-12-30T00:00"), until_h=14 * 24
    )

    # 31 December to 11 January are days 1 to 12; Monday the 12th is day 13.
    assert trace == [(0, 0), (9, 3), (18, 0), (13 * 24 + 9, 3), (13 * 24 + 18, 0)]


def test_working_saturday_has_the_working_shift_and_the_saturday_shift() -> None:
    shifts = [shift("working", "09:00", "18:00", 40), shift(SATURDAY, "10:00", "14:00", 5)]

    # Friday 1 November 2024, working Saturday the 2nd, Sunday, Unity Day on Monday the 4th.
    trace = hours_and_capacity(shifts, moscow("2024-11-01T00:00"), until_h=4 * 24)

    assert trace == [(0, 0), (9, 40), (18, 0), (33, 40), (34, 45), (38, 40), (42, 0)]


def test_holiday_shift_runs_on_named_days_off_and_not_on_ordinary_weekends() -> None:
    trace = hours_and_capacity(
        [shift("holidays", "12:00", "13:00", 2)], moscow("2026-05-01T00:00"), until_h=31 * 24
    )

    # Friday the 1st, Saturday the 9th (day 8), Monday the 11th (day 10).
    assert trace == [(0, 0), (12, 2), (13, 0), (204, 2), (205, 0), (252, 2), (253, 0)]


def test_shift_over_midnight_is_in_force_at_the_start_and_belongs_to_its_first_day() -> None:
    # Monday 20 April 2026; the Sunday night shift is still running at the start.
    nights = [shift(frozenset({0, 6}), "22:00", "06:00", 3)]

    trace = hours_and_capacity(nights, moscow("2026-04-20T00:00"), until_h=5 * 24)

    assert trace == [(0, 3), (6, 0), (22, 3), (30, 0)]


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_shift_may_end_at_midnight_written_either_way(end: str) -> None:
    trace = hours_and_capacity(
        [shift("working", "18:00", end, 1)], moscow("2026-04-20T00:00"), until_h=48
    )

    assert trace == [(0, 0), (18, 1), (24, 0), (42, 1)]


def test_overlapping_shifts_add_up() -> None:
    shifts = [shift("all", "09:00", "18:00", 40), shift("all", "12:00", "20:00", 10)]

    trace = hours_and_capacity(shifts, moscow("2026-04-20T00:00"), until_h=24)

    assert trace == [(0, 0), (9, 40), (12, 50), (18, 10), (20, 0)]


def test_adjoining_equal_shifts_make_one_change_at_each_end() -> None:
    shifts = [shift("all", "09:00", "13:00", 4), shift("all", "13:00", "18:00", 4)]

    trace = hours_and_capacity(shifts, moscow("2026-04-20T00:00"), until_h=24)

    assert trace == [(0, 0), (9, 4), (18, 0)]


@pytest.mark.parametrize(
    ("from_h", "expected"),
    [
        (9, [(9, 40), (18, 0)]),  # the start is inside
        (12, [(12, 40), (18, 0)]),
        (18, [(18, 0)]),  # the end is outside
    ],
)
def test_trace_from_a_later_moment_begins_with_the_capacity_in_force(
    from_h: int, expected: list[tuple[int, int]]
) -> None:
    operators = [shift("working", "09:00", "18:00", 40)]

    trace = hours_and_capacity(operators, moscow("2026-04-20T00:00"), until_h=24, from_h=from_h)

    assert trace == expected


@pytest.mark.parametrize(
    ("shifts", "capacity"),
    [
        ([], 0),
        ([shift("working", "09:00", "18:00", 0)], 0),
        ([shift("all", "00:00", "24:00", 8)], 8),
        ([shift("all", "09:00", "09:00", 8)], 8),
        ([shift("all", "09:00", "21:00", 8), shift("all", "21:00", "09:00", 8)], 8),
    ],
)
def test_capacity_that_never_changes_is_one_pair_even_where_clocks_change(
    shifts: list[Shift], capacity: int
) -> None:
    assert list(capacity_changes(shifts, berlin("2026-01-01T00:00"))) == [(0, capacity)]


def test_yearly_shift_is_not_taken_for_a_constant() -> None:
    # Between Russia Day and Unity Day nothing changes for 144 days.
    changes = capacity_changes([shift("holidays", "00:00", "24:00", 1)], moscow("2026-06-13T00:00"))

    days = [
        (time // DAY, capacity) for time, capacity in takewhile(lambda c: c[0] < 300 * DAY, changes)
    ]

    # 4 November is day 144; 31 December (day 201) joins 1 to 8 January; 22, 23 February; 8 March.
    assert days == [
        (0, 0), (144, 1), (145, 0), (201, 1), (210, 0), (254, 1), (256, 0), (268, 1), (269, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("saturday", "night_h", "sunday_h"),
    [("2026-03-28", 7, 23), ("2026-10-24", 9, 25), ("2026-04-18", 8, 24)],
)
def test_shift_across_a_clock_change_has_its_real_length(
    saturday: str, night_h: int, sunday_h: int
) -> None:
    calendar = berlin(f"{saturday}T00:00")

    night = hours_and_capacity([shift(SATURDAY, "22:00", "06:00", 1)], calendar, until_h=72)
    sunday = hours_and_capacity([shift(frozenset({6}), "00:00", "24:00", 1)], calendar, 72)

    assert night == [(0, 0), (22, 1), (22 + night_h, 0)]
    assert sunday == [(0, 0), (24, 1), (24 + sunday_h, 0)]


def test_shift_inside_the_skipped_hour_does_not_happen_that_day() -> None:
    trace = hours_and_capacity(
        [shift("all", "02:15", "02:45", 1)], berlin("2026-03-28T00:00"), until_h=71
    )

    # Sunday the 29th is skipped; Monday begins at hour 47.
    assert trace == [(0, 0), (2.25, 1), (2.75, 0), (49.25, 1), (49.75, 0)]


def test_scheduled_time_is_the_integral_over_the_interval() -> None:
    changes = [(0, 0), (9 * HOUR, 40), (12 * HOUR, 50), (18 * HOUR, 10), (20 * HOUR, 0)]

    assert scheduled_time(changes, 0, DAY) == (3 * 40 + 6 * 50 + 2 * 10) * HOUR
    assert scheduled_time(changes, 10 * HOUR, 13 * HOUR) == (2 * 40 + 1 * 50) * HOUR
    assert scheduled_time(changes, 9 * HOUR, 12 * HOUR) == 3 * 40 * HOUR
    assert scheduled_time(changes, 9 * HOUR - 1, 9 * HOUR + 1) == 40
    assert scheduled_time(changes, 13 * HOUR, 13 * HOUR) == 0
    assert scheduled_time(changes, 0, 0) == 0
    assert scheduled_time([(0, 8)], 0, 10 * DAY) == 80 * DAY


def test_scheduled_time_of_an_endless_trace_reads_no_further_than_its_interval() -> None:
    changes = capacity_changes([shift("working", "09:00", "18:00", 40)], moscow("2026-04-20T00:00"))

    # Four working days of the week, Friday until noon: 4·9 + 3 hours.
    assert scheduled_time(changes, 0, 4 * DAY + 12 * HOUR) == 40 * 39 * HOUR


@pytest.mark.parametrize(
    ("changes", "a", "b"),
    [([(0, 1)], 5, 4), ([], 0, 1), ([(3, 1)], 2, 9), ([(9, 1)], 2, 9)],
)
def test_scheduled_time_without_a_known_capacity_is_refused(
    changes: list[tuple[int, int]], a: int, b: int
) -> None:
    with pytest.raises(ValueError, match=r"interval ends|no capacity"):
        scheduled_time(changes, a, b)


@cache
def wall_clock(calendar: Calendar) -> list[tuple[dt.date, int]]:
    """Local date and minute of the day for each minute of two weeks of model time."""
    minutes = (calendar.local(n * MINUTE) for n in range(14 * 24 * 60))
    return [(local.date(), local.hour * 60 + local.minute) for local in minutes]


def at_work(shift: Shift, day: dt.date, minute: int, calendar: Calendar) -> bool:
    """Whether the wall clock reading lies in the shift begun that day or the day before."""
    yesterday = day - dt.timedelta(1)
    if shift.end > shift.start:
        return shift.start <= minute < shift.end and shift.begins_on(day, calendar)
    return (minute >= shift.start and shift.begins_on(day, calendar)) or (
        minute < shift.end and shift.begins_on(yesterday, calendar)
    )


# A limit strictly inside the repeated hour is a convention (first occurrence), not wall clock.
LIMITS = st.integers(0, 1439).filter(lambda minute: not 120 < minute < 180)
DAYS: st.SearchStrategy[Days] = st.one_of(
    st.sampled_from(("working", "holidays", "all")),
    st.frozensets(st.integers(0, 6), min_size=1),
)
SHIFTS = st.lists(st.builds(Shift, DAYS, LIMITS, LIMITS, st.integers(0, 50)), max_size=3)


@settings(max_examples=25, deadline=None)
@given(
    SHIFTS,
    st.sampled_from(
        [moscow("2026-04-28T07:13"), berlin("2026-03-23T00:00"), berlin("2026-10-19T23:59")]
    ),
)
def test_capacity_integral_equals_a_count_of_wall_clock_minutes(
    shifts: list[Shift], calendar: Calendar
) -> None:
    changes = list(takewhile(lambda c: c[0] < 14 * DAY, capacity_changes(shifts, calendar)))

    counted = sum(
        each.count * at_work(each, day, minute, calendar)
        for day, minute in wall_clock(calendar)
        for each in shifts
    )
    assert scheduled_time(changes, 0, 14 * DAY) == counted * MINUTE
    assert changes[0][0] == 0
    assert all(a[0] < b[0] and a[1] != b[1] for a, b in pairwise(changes))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:00", 0), ("00:01", 1), ("09:00", 540), ("19:59", 1199), ("23:59", 1439), ("24:00", 1440)],
)
def test_time_of_day_is_minutes_since_midnight(text: str, minutes: int) -> None:
    assert parse_time_of_day(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00",
        "24:01",
        "25:00",
        "12:60",
        "12",
        "12:5",
        "12:00:00",
        " 12:00",
        "12:00\n",
        "-1:00",
        "١٢:٠٠",
    ],
)
def test_time_of_day_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HH:MM"):
        parse_time_of_day(text)


@pytest.mark.parametrize(
    ("days", "start", "end", "count", "named"),
    [
        (frozenset(), 0, 60, 1, "days"),
        (frozenset({7}), 0, 60, 1, "days"),
        (frozenset({-1}), 0, 60, 1, "days"),
        ("weekends", 0, 60, 1, "days"),
        ("all", -1, 60, 1, "start"),
        ("all", 1440, 60, 1, "start"),
        ("all", 0, -1, 1, "end"),
        ("all", 0, 1441, 1, "end"),
        ("all", 0, 60, -1, "count"),
    ],
)
def test_impossible_shift_is_refused_by_the_name_of_its_field(
    days: Days, start: int, end: int, count: int, named: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{named} "):
        Shift(days, start, end, count)

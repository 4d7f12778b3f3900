"""Working days, deadlines and the clock; expected values are from the decrees or worked by hand."""

import datetime as dt
import doctest
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from world.calendar import Calendar, CalendarError

HOUR = 3_600_000_000
DAY = 24 * HOUR


def moscow(start: str = "2026-04-20T00:00") -> Calendar:
    return Calendar(start=dt.datetime.fromisoformat(start))


def berlin(start: str) -> Calendar:
    return Calendar(country="DE", timezone="Europe/Berlin", start=dt.datetime.fromisoformat(start))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def year_days(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


# Government decrees No 1314 of 10.08.2023 (for 2024), No 1335 of 04.10.2024 (for 2025) and
# the one of 24.09.2025 (for 2026), with Labour Code art. 112. Weekdays off, working weekend days,
# working days of the year in the official calendar.
OFFICIAL_YEARS = [
    (
        2024,
        "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 "
        "11-04 12-30 12-31",
        "04-27 11-02 12-28",
        248,
    ),
    (
        2025,
        "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31",
        "11-01",
        247,
    ),
    (
        2026,
        "01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31",
        "",
        247,
    ),
]


@pytest.mark.parametrize(
    ("year", "weekdays_off", "working_weekends", "working_days"), OFFICIAL_YEARS
)
def test_russian_year_equals_the_official_production_calendar(
    year: int, weekdays_off: str, working_weekends: str, working_days: int
) -> None:
    calendar = moscow()
    days = year_days(year)

    off = [d for d in days if d.weekday() < 5 and not calendar.is_working_day(d)]
    working = [d for d in days if d.weekday() >= 5 and calendar.is_working_day(d)]

    assert [f"{d:%m-%d}" for d in off] == weekdays_off.split()
    assert [f"{d:%m-%d}" for d in working] == working_weekends.split()
    assert sum(calendar.is_working_day(d) for d in days) == working_days
    assert all(calendar.is_holiday(d) for d in off)
    assert not any(calendar.is_holiday(d) for d in working)


def test_weekend_day_is_a_holiday_only_when_the_list_names_it() -> None:
    calendar = moscow()

    named = {
        text: calendar.is_holiday(day(text))
        for text in (
            "2026-01-03",  # Saturday inside the New Year holidays
            "2026-01-10",  # the ordinary Saturday after them
            "2026-03-08",  # Sunday, Women's Day itself
            "2026-05-09",  # Saturday, Victory Day itself
            "2026-05-10",  # the ordinary Sunday after it
            "2026-05-11",  # Monday off for the 9th
            "2026-05-12",
        )
    }

    assert named == {
        "2026-01-03": True,
        "2026-01-10": False,
        "2026-03-08": True,
        "2026-05-09": True,
        "2026-05-10": False,
        "2026-05-11": True,
        "2026-05-12": False,
    }


def test_year_without_a_decree_keeps_fixed_dates_and_moves_nothing() -> None:
    calendar = moscow()

    # Saturday 4 November 2028 would give Monday the 6th by art. 112; the library knows it not yet.
    assert calendar.is_holiday(day("2028-11-04"))
    assert calendar.is_working_day(day("2028-11-06"))


# filed, working days, last day of the term
DEADLINES = [
    ("2026-04-22T23:59:59.999999", 1, "2026-04-23"),
    ("2026-04-23T00:00", 1, "2026-04-24"),
    ("2026-04-24T12:00", 1, "2026-04-27"),  # Friday: the weekend does not count
    ("2026-04-25T12:00", 1, "2026-04-27"),  # filed on Saturday
    ("2026-04-26T23:59:59.999999", 1, "2026-04-27"),  # filed on Sunday
    ("2026-04-30T12:00", 5, "2026-05-08"),  # 4, 5, 6, 7, 8 May
    ("2026-05-04T12:00", 5, "2026-05-12"),  # 5, 6, 7, 8 and, after 9, 10, 11, the 12th
    ("2025-12-30T12:00", 1, "2026-01-12"),  # 31 December to 11 January are off
    ("2026-12-30T12:00", 1, "2027-01-11"),
    ("2024-11-01T12:00", 1, "2024-11-02"),  # the working Saturday
    ("2024-11-01T12:00", 2, "2024-11-05"),  # then Sunday and Unity Day
    ("2026-04-20T00:00", 30, "2026-06-03"),  # 8 days of April, 19 of May, 3 of June
]


@pytest.mark.parametrize(("filed", "n", "last_day"), DEADLINES)
def test_term_ends_with_the_last_microsecond_of_the_last_working_day(
    filed: str, n: int, last_day: str
) -> None:
    calendar = moscow()

    deadline = calendar.deadline_working_days(calendar.instant(at(filed)), n)

    assert calendar.local(deadline).replace(tzinfo=None) == at(f"{last_day}T23:59:59.999999")


def test_deadline_is_the_microsecond_before_the_next_midnight_in_model_time() -> None:
    # Thursday 30 April is day 10 of the run; the five days end with Friday 8 May, day 18.
    assert moscow().deadline_working_days(10 * DAY, 5) == 19 * DAY - 1


@pytest.mark.parametrize("n", [0, -1])
def test_term_of_less_than_one_day_is_refused(n: int) -> None:
    with pytest.raises(CalendarError) as error:
        moscow().deadline_working_days(0, n)

    assert error.value.code == "term-not-positive"


CALENDARS = [
    moscow("2026-04-20T00:00"),
    berlin("2026-03-20T13:30"),
    Calendar(country="CU", timezone="America/Havana", start=at("2026-01-01T00:00")),
]
WITHIN_TWO_YEARS = st.integers(-365 * DAY, 365 * DAY)


@settings(deadline=None)
@given(st.sampled_from(CALENDARS), WITHIN_TWO_YEARS, WITHIN_TWO_YEARS, st.integers(1, 30))
def test_later_filing_never_has_an_earlier_deadline(
    calendar: Calendar, one: int, other: int, n: int
) -> None:
    first, second = sorted((one, other))

    assert calendar.deadline_working_days(first, n) <= calendar.deadline_working_days(second, n)


@settings(deadline=None)
@given(st.sampled_from(CALENDARS), WITHIN_TWO_YEARS, st.integers(1, 30))
def test_deadline_ends_the_nth_working_day_after_filing(
    calendar: Calendar, filed: int, n: int
) -> None:
    deadline = calendar.deadline_working_days(filed, n)

    filed_on, last_day = calendar.local(filed).date(), calendar.local(deadline).date()
    after = [filed_on + dt.timedelta(k + 1) for k in range((last_day - filed_on).days)]
    assert calendar.local(deadline + 1).date() == last_day + dt.timedelta(1)
    assert calendar.is_working_day(last_day)
    assert sum(calendar.is_working_day(d) for d in after) == n


@settings(deadline=None)
@given(st.sampled_from(CALENDARS), WITHIN_TWO_YEARS)
def test_clock_and_date_agree_and_invert_for_every_moment(calendar: Calendar, us: int) -> None:
    local = calendar.local(us)

    assert calendar.instant(local) == us
    assert calendar.instant(local.replace(tzinfo=None)) == us
    assert calendar.date(us) == local.date()
    assert calendar.midnight(local.date()) <= us < calendar.midnight(local.date() + dt.timedelta(1))


def test_date_changes_exactly_at_midnight_on_both_sides_of_the_start() -> None:
    calendar = moscow("2026-04-20T18:00")

    midnight = calendar.midnight(day("2026-04-21"))
    before_start = calendar.midnight(day("2026-04-20"))

    assert (midnight, before_start) == (6 * HOUR, -18 * HOUR)
    assert [calendar.date(us) for us in (midnight - 1, midnight)] == [
        day("2026-04-20"),
        day("2026-04-21"),
    ]
    assert [calendar.date(us) for us in (before_start - 1, before_start)] == [
        day("2026-04-19"),
        day("2026-04-20"),
    ]


def test_every_midnight_of_a_year_with_clock_changes_parts_two_dates() -> None:
    calendar = berlin("2026-01-01T00:00")

    for today in year_days(2026)[1:]:
        midnight = calendar.midnight(today)
        assert calendar.date(midnight - 1) == today - dt.timedelta(1)
        assert calendar.date(midnight) == today


@pytest.mark.parametrize(
    ("sunday", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-04-05", 24)]
)
def test_day_of_clock_change_in_berlin_lasts_its_real_hours(sunday: str, hours: int) -> None:
    calendar = berlin(f"{sunday}T00:00")

    assert calendar.midnight(day(sunday) + dt.timedelta(1)) == hours * HOUR


def test_repeated_hour_is_its_first_occurrence_unless_said_otherwise() -> None:
    calendar = berlin("2026-10-25T00:00")

    assert [
        calendar.instant(at("2026-10-25T02:30")),
        calendar.instant(at("2026-10-25T02:30").replace(fold=1)),
        calendar.instant(at("2026-10-25T02:30+02:00")),
        calendar.instant(at("2026-10-25T02:30+01:00")),
        calendar.instant(at("2026-10-25T03:00")),
    ] == [2.5 * HOUR, 3.5 * HOUR, 2.5 * HOUR, 3.5 * HOUR, 4 * HOUR]


@pytest.mark.parametrize("fold", [0, 1])
def test_skipped_hour_is_the_moment_of_the_skip(fold: int) -> None:
    calendar = berlin("2026-03-29T00:00")

    readings = ["01:59:59.999999", "02:00", "02:30", "02:59:59.999999", "03:00"]
    instants = [
        calendar.instant(at(f"2026-03-29T{reading}").replace(fold=fold)) for reading in readings
    ]

    assert instants == [2 * HOUR - 1, 2 * HOUR, 2 * HOUR, 2 * HOUR, 2 * HOUR]


def test_day_whose_midnight_is_skipped_begins_with_the_skip() -> None:
    # Havana goes from 00:00 to 01:00 on 8 March 2026.
    calendar = Calendar(country="CU", timezone="America/Havana", start=at("2026-03-07T00:00"))

    midnight = calendar.midnight(day("2026-03-08"))

    assert midnight == 24 * HOUR
    assert calendar.local(midnight).replace(tzinfo=None) == at("2026-03-08T01:00")
    assert calendar.date(midnight - 1) == day("2026-03-07")
    assert calendar.midnight(day("2026-03-09")) == 47 * HOUR


def test_day_whose_midnight_repeats_begins_with_the_first() -> None:
    # Havana goes from 01:00 back to 00:00 on 1 November 2026.
    calendar = Calendar(country="CU", timezone="America/Havana", start=at("2026-10-31T00:00"))

    assert calendar.midnight(day("2026-11-01")) == 24 * HOUR
    assert calendar.date(25 * HOUR) == day("2026-11-01")
    assert calendar.midnight(day("2026-11-02")) == 49 * HOUR


@pytest.mark.parametrize(
    ("country", "timezone", "start", "code"),
    [
        ("XX", "Europe/Moscow", "2026-01-01T00:00", "country-unknown"),
        ("HolidayBase", "Europe/Moscow", "2026-01-01T00:00", "country-unknown"),
        ("", "Europe/Moscow", "2026-01-01T00:00", "country-unknown"),
        ("RU", "Europe/Poligon", "2026-01-01T00:00", "timezone-unknown"),
        ("RU", "Europe", "2026-01-01T00:00", "timezone-unknown"),
        ("RU", "../zone", "2026-01-01T00:00", "timezone-unknown"),
        ("RU", "", "2026-01-01T00:00", "timezone-unknown"),
        ("RU", "Europe/Moscow", "2026-01-01T00:00+03:00", "start-aware"),
        ("DE", "Europe/Berlin", "2026-10-25T02:00", "start-ambiguous"),
        ("DE", "Europe/Berlin", "2026-10-25T02:59:59", "start-ambiguous"),
        ("DE", "Europe/Berlin", "2026-03-29T02:00", "start-nonexistent"),
        ("DE", "Europe/Berlin", "2026-03-29T02:59:59", "start-nonexistent"),
        ("RU", "Europe/Moscow", "0001-01-01T00:00", "time-out-of-range"),
    ],
)
def test_calendar_that_cannot_be_is_refused_with_a_stable_code(
    country: str, timezone: str, start: str, code: str
) -> None:
    with pytest.raises(CalendarError) as error:
        Calendar(country=country, timezone=timezone, start=at(start))

    assert error.value.code == code
    assert pickle.loads(pickle.dumps(error.value)).code == code


@pytest.mark.parametrize("start", ["2026-10-25T01:59:59", "2026-10-25T03:00", "2026-03-29T03:00"])
def test_start_beside_a_clock_change_is_accepted(start: str) -> None:
    assert berlin(start).local(0).replace(tzinfo=None) == at(start)


@pytest.mark.parametrize("us", [10**24, 8000 * 366 * DAY, -2027 * 366 * DAY])
def test_time_outside_the_years_of_the_clock_is_refused(us: int) -> None:
    calendar = moscow()

    for ask in (calendar.local, calendar.date):
        with pytest.raises(CalendarError) as error:
            ask(us)
        assert error.value.code == "time-out-of-range"


def test_any_supported_country_brings_its_own_days_off() -> None:
    start = at("2026-01-01T00:00")
    unity_day, german_unity_day = day("2026-11-04"), day("2025-10-03")

    answers = [
        (calendar.is_holiday(unity_day), calendar.is_holiday(german_unity_day))
        for calendar in (Calendar(country=code, start=start) for code in ("RU", "RUS", "DE"))
    ]

    assert answers == [(True, False), (True, False), (False, True)]


def test_equal_calendars_stay_equal_and_pickle_alike_after_use() -> None:
    used, fresh = moscow(), moscow()
    pickled_before_use = pickle.dumps(used)
    deadline = used.deadline_working_days(0, 5)

    copy = pickle.loads(pickle.dumps(used))

    assert used == fresh == copy
    assert len({used, fresh, copy}) == 1
    assert pickle.dumps(used) == pickled_before_use
    assert copy.deadline_working_days(0, 5) == deadline
    assert used != moscow("2026-04-21T00:00")


def test_examples_of_the_calendar_page_give_their_output() -> None:
    page = Path(__file__).parents[2] / "docs" / "calendar.md"

    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert result.attempted > 0
    assert result.failed == 0


def test_threads_that_ask_about_a_new_year_at_once_are_told_the_same() -> None:
    may = [dt.date(2026, 5, n) for n in range(1, 12)]
    working = [False, False, False, True, True, True, True, True, False, False, False]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            for _ in range(30):
                it = moscow()
                told = threads.map(lambda _, it=it: [it.is_working_day(d) for d in may], range(8))
                assert list(told) == [working] * 8
    finally:
        sys.setswitchinterval(interval)

"""Arrivals: Poisson streams by inversion of their integrated rate, profiles, peaks, replays."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from scenarios.profiles import PROFILES
from sim.model.arrivals import InstantStream, RateStream, merged, next_instants
from sim.model.keys import arrival_stream, replication_key
from sim.model.model import compile_model
from tests.sim.tracing import MONDAY, scenario, trace
from world.calendar import Calendar
from world.draws import combine, unit_exponential

HOUR_US = 3_600_000_000
KEY = 424242


def exponentials(n: int) -> list[float]:
    return [unit_exponential(KEY, k, 0, 0) for k in range(n)]


def test_arrivals_of_a_constant_rate_are_sums_of_exponential_gaps() -> None:
    stream = RateStream((0, 10**9), (1e-7,))
    expected, at = [], 0.0
    for gap in exponentials(200):
        at += gap / 1e-7
        if at >= 10**9:
            break
        expected.append(int(at))
    assert list(stream.instants(KEY)) == expected


def test_arrivals_of_a_piecewise_rate_invert_its_integral() -> None:
    # The integral is 2 at 2e6, still 2 at 5e6, and then grows by 1 per 250,000 µs.
    stream = RateStream((0, 2_000_000, 5_000_000, 9_000_000), (1e-6, 0.0, 4e-6))
    expected, total = [], 0.0
    for gap in exponentials(100):
        total += gap
        if total < 2.0:
            expected.append(int(total * 1e6))
        elif total < 2.0 + 16.0:
            expected.append(int(5e6 + (total - 2.0) / 4e-6))
    got = list(stream.instants(KEY))
    assert len(got) == len(expected) > 10
    assert max(abs(a - b) for a, b in zip(got, expected, strict=True)) <= 1


def test_an_arrival_at_a_break_belongs_to_the_piece_that_begins_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gaps = [1.0, 0.5, 100.0]
    uncompiled = next_instants.py_func  # type: ignore[attr-defined]
    monkeypatch.setattr("sim.model.arrivals.next_instants", uncompiled)
    monkeypatch.setattr(
        "sim.model.arrivals.unit_exponential", lambda key, number, visit, k: gaps[number]
    )
    assert list(RateStream((0, 10, 20), (0.1, 0.25)).instants(KEY)) == [10, 12]


def test_no_arrival_lies_in_a_pause_or_outside_the_stream() -> None:
    stream = RateStream((0, 10_000, 20_000, 30_000), (1e-2, 0.0, 1e-2))
    got = list(stream.instants(KEY))
    assert len(got) > 150
    assert all(0 <= at < 10_000 or 20_000 <= at < 30_000 for at in got)
    assert got == sorted(got)


def test_a_stream_without_rate_brings_nobody() -> None:
    assert list(RateStream((0, 10**12), (0.0,)).instants(KEY)) == []


@pytest.mark.parametrize("key", range(5))
def test_the_number_of_arrivals_has_the_mean_and_variance_of_a_poisson_law(key: int) -> None:
    stream = RateStream((0, 10**6, 2 * 10**6), (1e-5, 3e-5))
    counts = [len(list(stream.instants(combine(key, n)))) for n in range(500)]
    mean = sum(counts) / 500
    variance = sum((count - mean) ** 2 for count in counts) / 499
    assert stream.expected == pytest.approx(40)
    assert abs(mean - 40) < 4 * (40 / 500) ** 0.5
    assert abs(variance - 40) < 4 * 40 * (2 / 499) ** 0.5


def stream_of(rate: str, start: datetime = MONDAY, horizon: str = "7d") -> RateStream:
    text = f"""
arrivals: [{{journey: j, {rate}}}]
stations: {{}}
journeys: {{j: {{start: done, nodes: {{done: {{end: completed}}}}}}}}
"""
    model = compile_model(scenario(text, horizon=horizon, start=start))
    stream = model.arrivals[0].streams[0]
    assert isinstance(stream, RateStream)
    return stream


@pytest.mark.parametrize(
    ("rate", "per_us"),
    [
        ("per_second: 2", 2e-6),
        ("per_minute: 6", 1e-7),
        ("per_hour: 3600", 1e-6),
        ("per_day: 86400", 1e-6),
    ],
)
def test_rates_are_per_the_unit_they_name(rate: str, per_us: float) -> None:
    stream = stream_of(f"rate: {{{rate}}}")
    assert stream.breaks == (0, 7 * 24 * HOUR_US)
    assert stream.rates == pytest.approx((per_us,))


@pytest.mark.parametrize("profile", ["flat", "office_hours", "evening"])
def test_the_mean_of_an_ordinary_week_is_the_rate(profile: str) -> None:
    # The week of 20 April 2026 has no holiday.
    stream = stream_of(f"rate: {{per_hour: 100, profile: {profile}}}")
    assert stream.expected == pytest.approx(100 * 168, rel=1e-12)


def test_the_mean_of_a_week_of_own_weights_is_the_rate() -> None:
    hours = [*([0] * 8), *([3, 1] * 4), *([0] * 8)]
    stream = stream_of(
        f"rate: {{per_day: 700, profile: {{hours: {hours}, weekdays: [2, 1, 1, 1, 1, 0, 0.5]}}}}"
    )
    assert stream.expected == pytest.approx(4900, rel=1e-12)
    # Monday 8:00 has 3 of 16 of the hours' weight and 2 of 6.5 of the days'.
    at_eight = stream.breaks.index(8 * HOUR_US)
    assert stream.rates[at_eight] * HOUR_US == pytest.approx(4900 * 3 / 16 * 2 / 6.5)


def weight_of_day(day: datetime, profile: str) -> float:
    flat = f"{{hours: {[1] * 24}, {profile}}}"
    stream = stream_of(f"rate: {{per_hour: 1, profile: {flat}}}", start=day, horizon="1d")
    return stream.expected / 24


@pytest.mark.parametrize(
    ("day", "weight"),
    [
        (datetime(2026, 4, 30), 4.0),  # an ordinary Thursday
        (datetime(2026, 5, 1), 0.3),  # Friday, Labour Day
        (datetime(2026, 5, 2), 6.0),  # an ordinary Saturday
        (datetime(2026, 5, 11), 0.3),  # Monday, the transferred Victory Day
    ],
)
def test_a_holiday_has_the_weight_of_holidays(day: datetime, weight: float) -> None:
    profile = "weekdays: [1, 2, 3, 4, 5, 6, 7], holidays: 0.3"
    assert weight_of_day(day, profile) == pytest.approx(weight * 7 / 28)


def test_a_holiday_without_a_weight_of_its_own_is_like_a_sunday() -> None:
    profile = "weekdays: [1, 2, 3, 4, 5, 6, 7]"
    assert weight_of_day(datetime(2026, 5, 1), profile) == pytest.approx(7 * 7 / 28)


def test_a_saturday_made_working_is_like_a_friday() -> None:
    day = datetime(2024, 4, 27)  # a Saturday worked for 29 April
    assert Calendar(start=day).is_working_day(day.date())
    profile = "weekdays: [1, 2, 3, 4, 5, 6, 7]"
    assert weight_of_day(day, profile) == pytest.approx(5 * 7 / 28)


def test_named_profiles_have_a_weight_for_every_hour() -> None:
    named = [profile for profile in PROFILES.values() if profile is not None]
    assert [len(profile.hours) for profile in named] == [24, 24]


def test_peaks_multiply_the_rate_between_their_ends_also_where_they_overlap() -> None:
    peaks = (
        "peaks: [{from: 2026-04-20T10:00, to: 2026-04-20T12:00, factor: 2},"
        " {from: 2026-04-20T11:30, to: 2026-04-20T13:00, factor: 3}]"
    )
    stream = stream_of("rate: {per_hour: 1}, " + peaks, horizon="1d")
    assert [b / HOUR_US for b in stream.breaks] == [0, 10, 11.5, 12, 13, 24]
    assert [round(r * HOUR_US, 9) for r in stream.rates] == [1, 2, 6, 3, 1]


def test_hours_of_a_profile_are_local_hours_when_the_run_begins_inside_one() -> None:
    hours = [*([0] * 9), 1, *([0] * 14)]
    stream = stream_of(
        f"rate: {{per_day: 24, profile: {{hours: {hours}}}}}",
        start=MONDAY.replace(hour=8, minute=15),
        horizon="1d",
    )
    assert [b / HOUR_US for b in stream.breaks] == [0, 0.75, 1.75, 24]
    assert stream.rates[0] == stream.rates[2] == 0.0
    assert stream.rates[1] > 0.0


def test_arrivals_end_before_arrivals_until() -> None:
    text = """
calendar: {start: 2026-04-20T00:00, horizon: until_empty, arrivals_until: 2026-04-20T01:00}
arrivals: [{journey: j, rate: {per_hour: 600}}]
stations: {}
journeys: {j: {start: done, nodes: {done: {end: completed}}}}
"""
    cases = trace(text).cases
    assert 500 < len(cases) < 700
    assert max(row[1] for row in cases) < 3600


def test_replayed_instants_arrive_sorted_at_their_microsecond(tmp_path: Path) -> None:
    text = "stations: {}\njourneys: {j: {start: done, nodes: {done: {end: completed}}}}"
    run = trace(text, tmp_path, j=[3, 1.000001, 2, 2])
    assert run.cases == [
        ("j0", 1.000001, 1.000001, "completed"),
        ("j1", 2, 2, "completed"),
        ("j2", 2, 2, "completed"),
        ("j3", 3, 3, "completed"),
    ]


def test_streams_of_one_journey_are_merged_and_its_cases_numbered_in_order(tmp_path: Path) -> None:
    times = [(MONDAY + timedelta(minutes=m)).isoformat() for m in (10, 30, 50)]
    (tmp_path / "seen.csv").write_text("\n".join(["time", *times]), encoding="utf-8")
    text = """
arrivals:
  - {journey: j, rate: {per_hour: 6}}
  - {journey: j, instants: seen.csv}
stations: {}
journeys: {j: {start: done, nodes: {done: {end: completed}}}}
"""
    complete = scenario(text, tmp_path, horizon="1h")
    model = compile_model(complete)
    rated, replayed = model.arrivals[0].streams
    key = replication_key(model.seed, 0)
    assert isinstance(replayed, InstantStream)
    assert replayed.times == (600_000_000, 1_800_000_000, 3_000_000_000)
    poisson = list(rated.instants(arrival_stream(key, "j", 0)))
    assert len(poisson) > 1
    assert list(merged(model.arrivals[0], key)) == sorted([*poisson, *replayed.times])


def test_gaps_of_streams_of_different_journeys_are_different() -> None:
    keys = [arrival_stream(1, journey, index) for journey in "ab" for index in (0, 1)]
    gaps = [unit_exponential(key, 0, 0, 0) for key in keys]
    assert len(set(gaps)) == 4
    assert all(a != b for a, b in pairwise(gaps))

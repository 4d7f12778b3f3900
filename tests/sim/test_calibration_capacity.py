"""From a log to stations: who works there, how many, when."""

from pathlib import Path

import pytest

from sim.calibration.capacity import ShiftFit
from tests.sim.handwritten_logs import Visit, calibrated, limits


def test_capacity_is_what_is_busy_while_somebody_waits(tmp_path: Path) -> None:
    # Every 30 minutes three come at once to two clerks, ten minutes each: the third one waits.
    cases: dict[float, list[Visit]] = {}
    for n in range(60):
        for place in range(3):
            begin = 10 * (place // 2)
            cases[n * 30 + place / 1000] = [("ask", "desk", 0, begin, begin + 10)]
    (station,) = calibrated(tmp_path, cases).stations
    (servers,) = station.estimates
    assert (station.name, station.servers) == ("desk", 2)
    assert (servers.low, servers.high) == (2, 2)
    assert station.full == pytest.approx(1 / 3, abs=0.02)


def test_capacity_that_was_never_full_is_bounded_from_below_only(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 30 + m: [("ask", "desk", 0, 0, 20)] for n in range(30) for m in (0, 5)
    }
    (station,) = calibrated(tmp_path, cases).stations
    (servers,) = station.estimates
    assert (station.servers, servers.low, servers.high) == (2, 2, None)


def test_people_make_shifts_of_the_hours_and_days_they_work(tmp_path: Path) -> None:
    # Two persons from 9 to 18 on three weeks of working days; the log does not tell who waited.
    cases: dict[float, list[Visit]] = {}
    for day in (d for d in range(21) if d % 7 < 5 and d not in (11,)):
        for who in ("ann", "bob"):
            for minute in range(9 * 60, 18 * 60, 30):
                came = day * 1440 + minute + (0.01 if who == "bob" else 0)
                cases[came] = [("ask", who, None, 0, 29)]
    (station,) = calibrated(tmp_path, cases).stations
    assert station.by_person
    assert station.people == ("ann", "bob")
    assert station.servers == (ShiftFit("working", 540, 1080, 2),)
    assert (station.name, station.outside) == ("ask", 0.0)


@pytest.mark.parametrize(
    ("second", "low"),
    [
        ([1] * 10, 2.0),
        # 1.8 persons a day on average, s = 0.4216: 1.8 - 2.2622 * 0.4216 / sqrt(10) = 1.4984
        ([1] * 8 + [0] * 2, 1.4984),
        ([1], None),  # one day has no spread
    ],
)
def test_staff_counted_by_person_is_bounded_from_below_by_its_days_and_not_from_above(
    tmp_path: Path, second: list[int], low: float | None
) -> None:
    # Working days, without the holiday of day 11: ann always, bob on the days told.
    cases: dict[float, list[Visit]] = {}
    days = [day for day in range(15) if day % 7 < 5 and day != 11][: len(second)]
    for day, both in zip(days, second, strict=True):
        for place, who in enumerate(("ann", "bob")[: 1 + both]):
            for minute in range(9 * 60, 18 * 60, 30):
                cases[day * 1440 + minute + place / 100] = [("ask", who, None, 0, 29)]
    (station,) = calibrated(tmp_path, cases).stations
    staff = station.estimates[0]
    assert station.by_person
    assert (staff.value, staff.high, staff.n) == (2, None, len(second))
    assert staff.low == (None if low is None else pytest.approx(low, abs=1e-4))


def test_staff_at_work_round_the_clock_is_bounded_by_its_days_too(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        day * 1440 + minute + place / 100: [("ask", f"{who}{minute // 720}", None, 0, 29)]
        for day in range(14)
        for minute in range(0, 1440, 30)
        for place, who in enumerate(("ann", "bob", "eve") if day % 7 == 3 else ("ann", "bob"))
    }
    (station,) = calibrated(tmp_path, cases).stations
    (staff,) = station.estimates
    # 15 / 7 persons on average, s = 0.36314 over 14 days: its bound is 1.9332.
    assert (station.servers, staff.high, staff.n) == (2, None, 14)
    assert staff.low == pytest.approx(1.9332, abs=1e-4)


def test_activities_of_the_same_people_are_one_station_of_others_another(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 30: [
            ("ask", "ann", None, 0, 1), ("answer", "ann", None, 2, 3), ("pay", "bank", None, 5, 6),
        ]
        for n in range(20)
    }  # fmt: skip
    stations = calibrated(tmp_path, cases).stations
    found = calibrated(tmp_path, cases)
    told = [[found.names[a] for a in s.activities] for s in stations]
    assert told == [["ask", "answer"], ["pay"]]
    assert "waiting_in_delays" in limits(found)

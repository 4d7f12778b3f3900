"""From small logs written by hand to scenarios: ways, forks, stations, names, what is not told."""

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from scenarios.loader import load
from sim.calibration import holdout
from sim.calibration.calibration import ArrivalsAs, Calibration, calibrate_log
from sim.calibration.capacity import ShiftFit
from sim.calibration.chains import END, START
from sim.calibration.holdout import Unpredictable, hold_out, split
from sim.calibration.log_problems import LogError
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import Period, generated
from sim.model.model import Model

MONDAY = dt.datetime(2026, 4, 20, tzinfo=dt.timezone(dt.timedelta(hours=3)))

# Activity, resource, and minutes since the case came: enter, start, end (None: not told).
Visit = tuple[str, str, float | None, float | None, float]


def log_file(folder: Path, cases: dict[float, list[Visit]], name: str = "log.csv") -> Path:
    """A CSV of cases by the minute of their coming since Monday midnight."""

    def at(came: float, minute: float | None) -> str:
        return "" if minute is None else (MONDAY + dt.timedelta(minutes=came + minute)).isoformat()

    lines = ["case,activity,resource,enter,start,end"]
    lines += [
        f"{came},{name},{who},{at(came, enter)},{at(came, start)},{at(came, end)}"
        for came, visits in cases.items()
        for name, who, enter, start, end in visits
    ]
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def calibrated(folder: Path, cases: dict[float, list[Visit]], **options: Any) -> Calibration:
    return calibrate_log(read_log(log_file(folder, cases)), "t", **options)


def scenario(found: Calibration, folder: Path) -> dict[str, Any]:
    """The scenario as plain values; it has passed the loader."""
    made = generated(found, "made")
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "made.yaml"
    path.write_text(made.text, encoding="utf-8")
    load(path)
    document: dict[str, Any] = yaml.safe_load(made.text)
    return document


def shares(found: Calibration) -> dict[tuple[str, str], float]:
    (journey,) = found.journeys
    names = {START: "start", END: "end"}
    return {
        (
            names.get(s.source) or found.link(journey, s.source),
            names.get(s.target) or found.link(journey, s.target),
        ): s.share.value
        for s in journey.chain.steps
    }


def limits(found: Calibration) -> set[str]:
    return {limit.code for limit in found.limits}


def test_ways_and_their_shares_are_those_of_the_log(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {}
    for n in range(20):
        visits: list[Visit] = [("ask", "desk", 0, 0, 4)]
        if n % 4 == 0:
            visits += [("mend", "desk", 10, 10, 12), ("ask", "desk", 12, 12, 15)]
        cases[n * 30] = visits
    found = calibrated(tmp_path, cases)
    assert shares(found) == {
        ("start", "ask"): 1.0, ("ask", "mend"): 0.2, ("mend", "ask"): 1.0, ("ask", "end"): 0.8,
    }  # fmt: skip
    (journey,) = found.journeys
    assert [found.names[a] for loop in journey.chain.loops for a in loop] == ["ask", "mend"]
    assert {found.names[a]: e.value for a, e in journey.repeats.items()} == {"ask": 0.25}
    assert {"loops_forget", "never_full"} <= limits(found)
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes == {
        "ask": {"serve": "desk", "next": "after_ask"},
        "mend": {"serve": "desk", "service": {"constant": "2m"}, "next": "ask"},
        "wait_mend": {"delay": {"constant": "6m"}, "next": "mend"},
        "after_ask": {"choose": [{"to": "done", "p": 0.8}, {"to": "wait_mend", "p": 0.2}]},
        "done": {"end": "completed"},
    }


def test_what_overlaps_is_a_fork_with_a_branch_that_may_be_left_out(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {}
    for n in range(20):
        visits: list[Visit] = [
            ("ask", "a", 0, 0, 1),
            ("tax", "b", 1, 1, 9),
            ("sign", "d", 12, 12, 13),
        ]
        if n % 5:
            visits += [("fund", "c", 3, 3, 5), ("fund2", "c", 5, 5, 12)]
        cases[n * 30] = visits
    found = calibrated(tmp_path, cases)
    (journey,) = found.journeys
    (block,) = journey.blocks
    assert [{found.names[a] for a in branch} for branch in block.branches] == [
        {"tax"},
        {"fund", "fund2"},
    ]
    assert shares(found) == {
        ("start", "ask"): 1.0,
        ("ask", "fork_1"): 1.0,
        ("fork_1", "sign"): 1.0,
        ("sign", "end"): 1.0,
    }
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["fork_1"]["fork"] == ["tax", "fork_1_2_begins"]
    assert nodes["fork_1_2_begins"]["choose"] == [
        {"to": "wait_fund", "p": 0.8}, {"to": "fork_1_2_begins_ends", "p": 0.2},
    ]  # fmt: skip
    assert nodes["fund2"] == {"serve": "c", "service": {"constant": "7m"}}
    assert nodes["tax"] == {"serve": "b"}


def test_without_starts_all_time_is_a_delay_and_there_are_no_stations(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 30: [("приём", "Иванова", None, None, 0), ("ответ", "Петров", None, None, 7)]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert (found.stations, found.people) == ((), 2)
    assert limits(found) >= {"only_completions"}
    document = scenario(found, tmp_path)
    assert document["stations"] == {}
    assert document["journeys"]["case"] == {
        "start": "приём_first",
        "nodes": {
            "приём_first": {
                "title": {"ru": "приём", "en": "приём"},
                "delay": {"constant": "0s"},
                "next": "ответ",
            },
            "ответ": {"delay": {"constant": "7m"}, "next": "done"},
            "done": {"end": "completed"},
        },
    }


@pytest.mark.parametrize(
    ("told", "served"),
    [
        (lambda n: (None, None), False),
        (lambda n: (5, None), False),  # it could be begun, but was it?
        (lambda n: (None, 5 if n % 5 else None), False),  # 16 starts of 20
        (lambda n: (5, 5 if n % 5 else None), False),
        (lambda n: (None, 5 if n % 10 else None), True),  # 18 starts of 20: enough
    ],
)
def test_time_of_an_activity_with_too_few_starts_is_a_delay_from_the_end_before_it_to_its_own(
    tmp_path: Path, told: Callable[[int], tuple[float | None, float | None]], served: bool
) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [("ask", "desk", 0, 0, 4), ("answer", "back", *told(n), 65)] for n in range(20)
    }
    document = scenario(calibrated(tmp_path, cases), tmp_path)
    nodes = document["journeys"]["case"]["nodes"]
    assert ("back" in document["stations"]) is served
    if served:
        assert document["stations"]["back"]["service"] == {"constant": "60m"}
    else:
        assert nodes["answer"] == {"delay": {"constant": "61m"}, "next": "done"}


def test_time_of_the_first_activity_without_starts_is_a_delay_from_the_arrival(
    tmp_path: Path,
) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [("ask", "", 0, None, 60), ("answer", "desk", None, 62, 65)] for n in range(20)
    }
    nodes = scenario(calibrated(tmp_path, cases), tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["ask_first"]["delay"] == {"constant": "60m"}
    assert nodes["wait_answer"]["delay"] == {"constant": "2m"}


def test_an_activity_without_starts_comes_at_its_end_whatever_began_meanwhile(
    tmp_path: Path,
) -> None:
    # Its end is all that the model keeps of it, so that the case takes its 60 minutes, not 70.
    cases: dict[float, list[Visit]] = {
        n * 120: [("long", "", 0 if n < 4 else None, None, 60), ("short", "", None, 30, 40)]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert shares(found)["short", "long"] == 1.0
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["long"]["delay"] == {"constant": "20m"}


def test_time_of_a_branch_without_starts_is_a_delay_inside_its_fork(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 120: [
            ("ask", "desk", 0, 0, 1),
            ("tax", "office", 2, 2, 9),
            ("fund", "", 3, None, 12),
            ("sign", "desk", 12, 12, 13),
        ]
        for n in range(20)
    }
    found = calibrated(tmp_path, cases)
    assert len(found.journeys[0].blocks) == 1
    nodes = scenario(found, tmp_path)["journeys"]["case"]["nodes"]
    assert nodes["wait_fork_1"]["delay"] == {"constant": "60s"}
    assert nodes["fork_1"] == {"fork": ["tax", "fund_first"], "next": "sign"}
    assert nodes["fund_first"]["delay"] == {"constant": "10m"}


def test_orders_that_vary_without_starts_are_told_and_not_taken_for_a_fork(tmp_path: Path) -> None:
    first: list[Visit] = [
        ("a", "", None, None, 0),
        ("b", "", None, None, 1),
        ("c", "", None, None, 2),
    ]
    second: list[Visit] = [first[0], ("c", "", None, None, 1), ("b", "", None, None, 2)]
    found = calibrated(tmp_path, {n * 30: (first if n % 2 else second) for n in range(40)})
    assert found.journeys[0].blocks == ()
    assert {"either_order", "false_loops", "no_resources"} <= limits(found)


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


def test_arrivals_at_the_instants_of_the_log_are_a_file_beside_the_scenario(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60.5: [("ask", "desk", 0, 0, 1)] for n in range(12)}
    found = calibrated(tmp_path, cases, arrivals_as=ArrivalsAs.INSTANTS)
    document = scenario(found, tmp_path)
    assert document["arrivals"] == [{"journey": "case", "instants": "made-arrivals-case.csv"}]
    lines = (tmp_path / "made-arrivals-case.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["time", "2026-04-20T00:00:00+03:00", "2026-04-20T01:00:30+03:00"]
    assert len(lines) == 13


def test_an_empirical_distribution_is_a_file_of_its_values(tmp_path: Path) -> None:
    ends = [1, 2, 1, 2, 1, 2, 1, 200, 201, 200, 201, 200, 201, 200] * 8
    cases: dict[float, list[Visit]] = {
        n * 300: [("ask", "desk", 0, 0, end)] for n, end in enumerate(ends)
    }
    document = scenario(calibrated(tmp_path, cases), tmp_path)
    assert document["stations"]["desk"]["service"] == {"empirical": "made-service-ask.csv"}
    values = (tmp_path / "made-service-ask.csv").read_text(encoding="utf-8").split()
    assert values == ["seconds", *(f"{60 * end}" for end in sorted(ends))]


def test_names_that_the_format_does_not_allow_are_made_so_and_kept_as_titles(
    tmp_path: Path,
) -> None:
    cases: dict[float, list[Visit]] = {
        n * 60: [("Приём: заявки!", "Окно №1", 0, 0, 1), ("приём заявки", "Окно №1", 1, 1, 2),
                 ("done", "***", 2, 2, 3)]
        for n in range(12)
    }  # fmt: skip
    found = calibrated(tmp_path, cases)
    assert found.names == ("приём_заявки", "приём_заявки_2", "done_2")
    document = scenario(found, tmp_path)
    assert list(document["stations"]) == ["окно_1", "staff"]
    node = document["journeys"]["case"]["nodes"]["приём_заявки"]
    assert node["title"] == {"ru": "Приём: заявки!", "en": "Приём: заявки!"}


def test_nine_cases_are_too_few(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(9)}
    with pytest.raises(LogError, match="9 cases are left to learn from, at least 10 are needed"):
        calibrated(tmp_path, cases)
    cases[600] = [("ask", "", 0, 0, 1)]
    assert calibrated(tmp_path, cases).cases == 10


def test_a_country_that_there_is_not_is_told(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(10)}
    with pytest.raises(LogError, match='--country: expected a country code like RU; got "Narnia"'):
        calibrated(tmp_path, cases, country="Narnia")


def test_a_process_that_changed_is_told(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {
        n * 60: [("ask", "", 0, 0, 1 + n % 7 if n < 100 else 30 + n % 7)] for n in range(200)
    }
    (drift,) = [one for one in calibrated(tmp_path, cases).limits if one.code == "drift"]
    assert drift.params == {"before": 240.0, "after": 1980.0}


# --- prediction -----------------------------------------------------------------------------------


def test_the_last_cases_are_held_out_and_of_the_others_the_recent_ones_kept(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(40)}
    log = read_log(log_file(tmp_path, cases))
    earlier, later = split(log, 0.25, 0.5)
    assert (np.unique(earlier.case).tolist(), np.unique(later.case).tolist()) == (
        list(range(15, 30)), list(range(30, 40)),
    )  # fmt: skip


def test_a_process_that_stays_the_same_is_predicted(tmp_path: Path) -> None:
    draws = np.random.default_rng(5)
    came = np.cumsum(draws.exponential(60, 1200))
    cases: dict[float, list[Visit]] = {
        round(float(at), 6): [
            ("ask", "desk", 0, 0, float(service)),
            ("answer", "", None, None, float(service + delay)),
        ]
        for at, service, delay in zip(
            came, draws.exponential(20, 1200), draws.lognormal(4, 0.5, 1200), strict=True
        )
    }
    heard: list[int] = []
    _, held = hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t", on_done=heard.append)
    assert heard == list(range(20))
    assert (held.train, held.test) == (840, 360)
    assert abs(held.model.error_p50) < 0.1
    assert abs(held.model.error_p90) < 0.15
    value = held.model.distance_s.value
    assert value is not None
    assert value < 0.1 * (held.seen_p50.value or 0.0)
    assert held.cases_predicted.value == pytest.approx(360, rel=0.2)


def test_a_prediction_is_the_same_by_either_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: dict[float, list[Visit]] = {
        40.0 * k: [("ask", "desk", 0, 0, 30.0 + k % 7)] for k in range(100)
    }
    log = read_log(log_file(tmp_path, cases))
    found, asked = [], []
    for engine in ("simpy", "compiled"):

        def choose(wanted: str, model: Model, replications: int, engine: str = engine) -> str:
            asked.append((wanted, replications))
            return engine

        monkeypatch.setattr(holdout, "chosen", choose)
        found.append(hold_out(log, 0.3, "t")[1])
    assert asked == [("auto", 20)] * 2
    assert found[0] == found[1]


def test_a_holdout_without_enough_cases_names_its_option(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", 0, 0, 1)] for n in range(30)}
    with pytest.raises(LogError, match="--holdout: 9 cases are left"):
        hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")


@pytest.mark.parametrize(
    ("minutes", "start", "until"),
    [
        (0.1, "2026-04-20T00:00", "2026-04-20T00:01:07"),
        (60, "2026-04-20T00:00", "2026-04-20T11:01"),
        (24 * 60, "2026-04-20T00:00", "2026-05-02T00:00"),
    ],
)
def test_a_short_log_tells_of_its_own_hours_only_a_longer_one_of_whole_days(
    tmp_path: Path, minutes: float, start: str, until: str
) -> None:
    cases: dict[float, list[Visit]] = {n * minutes: [("ask", "", 0, 0, 1)] for n in range(12)}
    calendar = scenario(calibrated(tmp_path, cases), tmp_path)["calendar"]
    assert (calendar["start"], calendar["arrivals_until"]) == (start, until)


def test_a_scenario_of_later_days_keeps_the_last_level_of_the_trend(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {}
    for day in range(56):
        for n in range(3 + day // 2):
            cases[day * 1440 + n * 20] = [("ask", "", 0, 0, 1)]
    found = calibrated(tmp_path, cases)
    assert found.journeys[0].arrivals.trend is not None
    period = Period(dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 8))
    document = yaml.safe_load(generated(found, "made", period).text)
    (stream,) = document["arrivals"]
    last = found.journeys[0].arrivals.peaks[-1].factor
    assert stream["peaks"] == [
        {"from": "2026-07-01T00:00", "to": "2026-07-08T00:00", "factor": last}
    ]
    assert document["calendar"]["arrivals_until"] == "2026-07-08T00:00"


# --- logs that leave little to learn --------------------------------------------------------------


def test_a_loop_that_took_no_time_in_the_log_takes_a_microsecond(tmp_path: Path) -> None:
    ask: Visit = ("ask", "desk", 0, 0, 0)
    mend: Visit = ("mend", "desk", 0, 0, 0)
    cases = {float(n * 60): [ask, mend] if n % 2 else [mend, ask] for n in range(12)}
    document = scenario(calibrated(tmp_path, cases), tmp_path)
    assert document["stations"]["desk"]["service"] == {"constant": "1us"}
    assert document["journeys"]["case"]["nodes"]["mend"]["service"] == {"constant": "1us"}


def test_cases_that_all_came_at_one_instant_are_replayed(tmp_path: Path) -> None:
    path = log_file(tmp_path, {0: [("ask", "desk", 0, 0, 1)]})
    head, row = path.read_text(encoding="utf-8").splitlines()
    rows = [f"{n},{row.split(',', 1)[1]}" for n in range(12)]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found = calibrate_log(read_log(path), "t")
    assert "one_instant" in limits(found)
    document = scenario(found, tmp_path)
    assert document["arrivals"] == [{"journey": "case", "instants": "made-arrivals-case.csv"}]


def test_a_journey_of_one_case_is_not_left_out(tmp_path: Path) -> None:
    rows = [f"{n},many,ask,2026-04-20T{n:02d}:00:00Z" for n in range(12)]
    path = tmp_path / "log.csv"
    rows += ["x,one,ask,2026-04-20T05:00:00Z", "x,one,ask,2026-04-20T06:00:00Z"]
    path.write_text("\n".join(["case,journey,activity,time", *rows]) + "\n", encoding="utf-8")
    found = calibrate_log(read_log(path), "t")
    assert [(j.name, j.cases) for j in found.journeys] == [("many", 12), ("one", 1)]
    assert list(scenario(found, tmp_path)["journeys"]) == ["many", "one"]


def test_a_prediction_of_cases_that_took_no_time_has_no_relative_error(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60: [("ask", "", None, None, 0)] for n in range(40)}
    _, held = hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")
    assert math.isnan(held.model.error_p50)
    assert held.model.distance_s.value == 0.0


def bunched(step: float, service: float, later: float, between: float) -> dict[float, list[Visit]]:
    """28 cases `step` minutes apart, done one by one, and 12 held out that come `between` minutes
    apart from `later` on."""
    earlier: dict[float, list[Visit]] = {
        n * step: [("ask", "desk", 0, n * (service - step), n * (service - step) + service)]
        for n in range(28)
    }
    return earlier | {later + n * between: [("ask", "desk", 0, 0, service)] for n in range(12)}


ALL_IN_ONE_MINUTE = {"at": "2026-04-20 00:00", "count": 28, "cases": 28}


@pytest.mark.parametrize(
    ("cases", "code", "params"),
    [
        (bunched(1e-6, 1, 1440, 60), "holdout_rate",
         {"expected": 661_000_000, "seen": 12} | ALL_IN_ONE_MINUTE),
        # More come than can be finished, though not too many to simulate.
        (bunched(0.01, 6000, 14_400, 0.5), "holdout_endless",
         {"node": "case.ask"} | ALL_IN_ONE_MINUTE),
        # The cases held out came together: no earlier rate gives any in that time.
        (bunched(43_200, 1, 28 * 43_200, 1e-4), "holdout_none",
         {"seen": 12, "first": "2028-08-07 00:00", "last": "2028-08-07 00:00:01"}),
    ],
)  # fmt: skip
def test_a_holdout_that_the_earlier_cases_cannot_predict_says_what_is_wrong_with_the_log(
    tmp_path: Path, cases: dict[float, list[Visit]], code: str, params: dict[str, object]
) -> None:
    with pytest.raises(Unpredictable) as caught:
        hold_out(read_log(log_file(tmp_path, cases)), 0.3, "t")
    assert (caught.value.limit.code, caught.value.limit.params) == (code, params)

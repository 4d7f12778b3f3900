"""The scenario made of a log: its arrivals, files, names and days; what a log cannot tell."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from sim.calibration.calibration import ArrivalsAs, calibrate_log
from sim.calibration.log_problems import LogError
from sim.calibration.reading import read_log
from sim.calibration.scenario_text import Period, generated
from tests.sim.handwritten_logs import Visit, calibrated, limits, log_file, scenario


def test_arrivals_at_the_instants_of_the_log_are_a_file_beside_the_scenario(tmp_path: Path) -> None:
    cases: dict[float, list[Visit]] = {n * 60.5: [("ask", "desk", 0, 0, 1)] for n in range(12)}
    found = calibrated(tmp_path, cases, arrivals_as=ArrivalsAs.INSTANTS)
    document = scenario(found, tmp_path)
    assert document["arrivals"] == [{"journey": "case", "instants": "made-arrivals-case.csv"}]
    lines = (tmp_path / "made-arrivals-case.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["time", "2026-04-20T00:00:00+03:00", "2026-04-20T01:00:30+03:00"]
    assert len(lines) == 13


def test_cases_that_all_came_at_one_instant_are_replayed(tmp_path: Path) -> None:
    path = log_file(tmp_path, {0: [("ask", "desk", 0, 0, 1)]})
    head, row = path.read_text(encoding="utf-8").splitlines()
    rows = [f"{n},{row.split(',', 1)[1]}" for n in range(12)]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    found = calibrate_log(read_log(path), "t")
    assert "one_instant" in limits(found)
    document = scenario(found, tmp_path)
    assert document["arrivals"] == [{"journey": "case", "instants": "made-arrivals-case.csv"}]


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


def test_a_journey_of_one_case_is_not_left_out(tmp_path: Path) -> None:
    rows = [f"{n},many,ask,2026-04-20T{n:02d}:00:00Z" for n in range(12)]
    path = tmp_path / "log.csv"
    rows += ["x,one,ask,2026-04-20T05:00:00Z", "x,one,ask,2026-04-20T06:00:00Z"]
    path.write_text("\n".join(["case,journey,activity,time", *rows]) + "\n", encoding="utf-8")
    found = calibrate_log(read_log(path), "t")
    assert [(j.name, j.cases) for j in found.journeys] == [("many", 12), ("one", 1)]
    assert list(scenario(found, tmp_path)["journeys"]) == ["many", "one"]


def test_a_loop_that_took_no_time_in_the_log_takes_a_microsecond(tmp_path: Path) -> None:
    ask: Visit = ("ask", "desk", 0, 0, 0)
    mend: Visit = ("mend", "desk", 0, 0, 0)
    cases = {float(n * 60): [ask, mend] if n % 2 else [mend, ask] for n in range(12)}
    document = scenario(calibrated(tmp_path, cases), tmp_path)
    assert document["stations"]["desk"]["service"] == {"constant": "1us"}
    assert document["journeys"]["case"]["nodes"]["mend"]["service"] == {"constant": "1us"}


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

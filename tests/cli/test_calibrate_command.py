"""`poligon calibrate`: from a log to a scenario that runs, its report, and what is wrong input."""

import json
import re
from pathlib import Path

import pytest

from poligon.app import run
from poligon.calibration.calibrate import CalibrateOptions, calibrate
from poligon.options import OptionError

HEAD = "case,activity,resource,start,end"


def log(folder: Path, cases: int = 40, name: str = "log.csv", activity: str = "ask") -> Path:
    """Cases of two activities, an hour apart; one event is there twice."""
    rows = []
    for n in range(cases):
        day, hour = 1 + n // 24, n % 24
        at = f"2026-04-{day:02d}T{hour:02d}"
        rows += [
            f"{n},{activity},desk,{at}:00:00+03:00,{at}:0{1 + n % 7}:{n % 60:02d}+03:00",
            f"{n},answer,desk,{at}:20:00+03:00,{at}:2{1 + n % 5}:{n % 60:02d}+03:00",
        ]
    path = folder / name
    path.write_text("\n".join([HEAD, *rows, rows[-1]]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_scenario_of_a_log_runs_and_its_report_lies_in_the_folder_of_reports(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(folder)
    assert run(["calibrate", "log.csv", "--out", "made/again.yaml", "--lang", "en"]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[:2] == [
        "Scenario: made/again.yaml",
        "Report: reports/out/calibrate_again/calibration.html",
    ]
    assert "  • Repeated events (all is the same) were left out: 1" in lines
    assert told.err.splitlines() == ["Reading the log log.csv", "Fitting parameters"]
    words = ["simulate", "made/again.yaml", "--replications", "1", "--jobs", "1"]
    assert run(words) == 0
    summary = json.loads(Path("reports/out/again/summary.json").read_text(encoding="utf-8"))
    assert summary["journeys"]["case"]["arrived"]["value"] > 10


def test_json_is_the_file_of_the_report_and_the_command_repeats_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(folder)
    words = ["calibrate", "log.csv", "--out", "s.yaml", "--holdout", "0.3", "--json"]
    assert run(words) == 0
    printed = capsys.readouterr().out
    written = Path("reports/out/calibrate_s/calibration.json").read_text(encoding="utf-8")
    assert printed == written
    data = json.loads(printed)
    assert data["command"] == "poligon calibrate log.csv --out s.yaml --holdout 0.3"
    assert (data["events"], data["cases"]) == (80, 40)
    assert (data["holdout"]["train"], data["holdout"]["test"]) == (28, 12)
    assert data["services"]["ask"]["n"] == 40
    assert data["parameters"]["arrivals.case.per_day"]["value"] == pytest.approx(24)


def test_columns_zone_country_and_name_are_taken_from_the_options(folder: Path) -> None:
    text = log(folder).read_text(encoding="utf-8").replace(HEAD, "a,b,c,d,e").replace("+03:00", "")
    (folder / "log.csv").write_text(text, encoding="utf-8")
    words = ["calibrate", "log.csv", "--out", "s.yaml", "--columns", "case=a,activity=b"]
    words += ["--columns", "resource=c,start=d,time=e", "--timezone", "Asia/Omsk"]
    words += ["--country", "KZ", "--name", "Окно", "--arrivals", "instants", "--recent", "0.5"]
    assert run(words) == 0
    made = (folder / "s.yaml").read_text(encoding="utf-8")
    assert "name: Окно\n" in made
    assert "country: KZ, timezone: Asia/Omsk, start: '2026-04-01T20:00'" in made
    assert "instants: s-arrivals-case.csv" in made
    arrivals = (folder / "s-arrivals-case.csv").read_text(encoding="utf-8").splitlines()
    assert arrivals[:2] == ["time", "2026-04-01T20:00:00+06:00"]
    assert len(arrivals) == 21


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no.csv", "--out", "s.yaml"], "no.csv: there is no such file"),
        (["log.csv", "--out", ""], "--out: expected the name of a file, got \"\""),
        (["log.csv", "--out", "."], "--out: expected the name of a file, got \".\""),
        (["log.csv", "--out", "s.yaml", "--columns", "case"],
         "--columns: expected role=column, roles: case, activity, time, start, enter, resource, "
         'lifecycle, instance, journey; got "case"'),
        (["log.csv", "--out", "s.yaml", "--columns", "case=id"],
         'log.csv:1: --columns case: there is no such column: got "id"; '
         "there are: case, activity, resource, start, end"),
        (["log.csv", "--out", "s.yaml", "--holdout", "1"],
         '--holdout: expected a share above 0 and below 1 like 0.3, got "1.0"'),
        (["log.csv", "--out", "s.yaml", "--recent", "all"],
         '--recent: expected a share above 0 and below 1 like 0.3, got "all"'),
        (["log.csv", "--out", "s.yaml", "--arrivals", "none"],
         '--arrivals: got "none"; allowed: rate, instants'),
        (["log.csv", "--out", "s.yaml", "--timezone", "Mars"],
         'log.csv: --timezone: expected a zone of the tz database like Europe/Moscow; got "Mars"'),
        (["log.csv", "--out", "s.yaml", "--country", "XX"],
         'log.csv: --country: expected a country code like RU; got "XX"'),
        (["log.csv", "--out", "log.csv/s.yaml"], "--out: "),
        (["log.csv", "--out", "s.yaml", "--report", "log.csv"], "--report: "),
        (["log.csv", "--out", "s"], '--out: expected a file .yaml or .yml, got "s"'),
        (["log.csv", "--out", "s.csv"], '--out: expected a file .yaml or .yml, got "s.csv"'),
    ],
)  # fmt: skip
def test_wrong_input_ends_with_2_and_says_what_was_expected(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    log(folder)
    assert run(["calibrate", *words, "--lang", "en"]) == 2
    error = capsys.readouterr().err.splitlines()
    assert error[-2].startswith(told)
    assert error[-1] == "1 error; nothing was done"
    assert not (folder / "s.yaml").exists()


@pytest.mark.parametrize(
    ("name", "words", "over"),
    [
        ("log.csv", ["--out", "log.csv"], "--out: log.csv"),
        ("log.csv", ["--out", "sub/../log.csv"], "--out: sub/../log.csv"),
        ("log.csv", ["--out", "link.yaml"], "--out: link.yaml"),
        # Instants are a file beside the scenario, which happens to have the name of the log.
        ("s-arrivals-case.csv", ["--out", "s.yaml", "--arrivals", "instants"],
         "--out: s-arrivals-case.csv"),
        ("log.csv", ["--out", "s.yaml", "--report", "pages"], "--report: pages/calibration.json"),
    ],
)  # fmt: skip
def test_a_log_is_never_written_over_under_whatever_name(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, words: list[str], over: str
) -> None:
    path = log(folder, 40, name)
    for link in ("link.yaml", "pages/calibration.json"):
        (folder / link).parent.mkdir(exist_ok=True)
        (folder / link).symlink_to(path)
    (folder / "sub").mkdir()
    before = path.read_bytes()
    assert run(["calibrate", name, *words, "--lang", "en"]) == 2
    told = f"{over} is the log itself, which would be lost; name another place"
    assert capsys.readouterr().err.splitlines()[-2:] == [told, "1 error; nothing was done"]
    assert path.read_bytes() == before
    assert not (folder / "s.yaml").exists()


@pytest.mark.parametrize("name", ["s.yml", "S.YAML"])
def test_either_ending_of_yaml_is_one_of_a_scenario(folder: Path, name: str) -> None:
    log(folder)
    assert run(["calibrate", "log.csv", "--out", name]) == 0
    assert (folder / name).exists()


def test_without_a_scenario_file_the_command_asks_for_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["calibrate", "log.csv", "--lang", "en"]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_holdout_that_cannot_be_predicted_is_left_out_and_the_scenario_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{n},ask,desk,2026-04-20T09:00:00Z,2026-04-20T09:{n:02d}:30Z" for n in range(28)]
    rows += [f"{n},ask,desk,2026-04-21T{n - 20}:00:00Z,2026-04-21T{n - 20}:00:30Z"
             for n in range(30, 42)]  # fmt: skip
    (folder / "log.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    words = ["calibrate", "log.csv", "--out", "s.yaml", "--holdout", "0.3", "--lang", "en"]
    assert run(words) == 0
    told = capsys.readouterr().out.splitlines()
    limits = told[told.index(next(line for line in told if line.startswith("What the log"))) :]
    assert limits[1] == (
        "  • There is no prediction (--holdout): all earlier cases of case (28) came at one "
        "instant, and no rate can be made of them to predict the others. Correct the times of "
        "first events in the log, or hold out another share."
    )
    assert (folder / "s.yaml").exists()
    data = json.loads(Path("reports/out/calibrate_s/calibration.json").read_text(encoding="utf-8"))
    assert data["holdout"] is None
    assert data["limits"][0]["code"] == "holdout_one_instant"


def test_a_call_from_python_tells_wrong_options_too(folder: Path) -> None:
    options = CalibrateOptions(holdout=2.0, recent=-1.0)
    with pytest.raises(OptionError) as caught:
        calibrate(log(folder), folder / "s.yaml", options)
    assert [problem.option for problem in caught.value.problems] == ["--holdout", "--recent"]


def test_the_report_is_in_the_language_asked_for_and_escapes_what_the_log_says(
    folder: Path,
) -> None:
    log(folder, activity="<script>alert(1)</script>")
    for lang, words in (("ru", "Чего журнал не сказал"), ("en", "What the log could not tell")):
        assert run(["calibrate", "log.csv", "--out", "s.yaml", "--lang", lang]) == 0
        page = Path("reports/out/calibrate_s/calibration.html").read_text(encoding="utf-8")
        assert f'<h2 id="limits">{words}</h2>' in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert not re.search(r"(?:src|href)=[\"']https?:", page)


def test_the_same_log_and_options_give_the_same_bytes(folder: Path) -> None:
    log(folder)
    contents = []
    for _ in range(2):
        assert run(["calibrate", "log.csv", "--out", "s.yaml", "--holdout", "0.4"]) == 0
        report = folder / "reports/out/calibrate_s"
        names = [folder / "s.yaml", report / "calibration.html", report / "calibration.json"]
        contents.append([path.read_bytes() for path in names])
    assert contents[0] == contents[1]

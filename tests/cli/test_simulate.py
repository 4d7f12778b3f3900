"""`poligon simulate` inside this process: options, errors and exit codes."""

import errno
import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from poligon import options as option_words
from poligon.app import run
from poligon.manifest import repeating_command
from poligon.options import OptionError, Options, read_options
from poligon.simulation import command as simulate_command
from poligon.simulation import simulate as simulation
from poligon.simulation.simulate import simulate
from poligon.watching import Silent
from scenarios.problems import ScenarioError
from sim.experiments import experiment as experiments
from sim.experiments import replication
from sim.experiments.checks import check_replication
from sim.experiments.event_log import CsvPart, EventFormat
from sim.experiments.experiment import Precision
from tests.cli.running import FAILING, SMALL, files_in, write

# The queue grows for ever: one server that never works.
ENDLESS = """
version: 1
name: t
calendar: {start: 2026-04-20T00:00}
stations: {desk: {servers: 0, service: {constant: 10s}}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def options(folder: Path, **given: Any) -> Options:
    return Options(**{"jobs": 1, "out": folder / "r", **given})


def value(folder: Path, *path: str) -> float:
    content = json.loads((folder / "r/summary.json").read_text(encoding="utf-8"))
    for key in path:
        content = content[key]
    return float(content["value"])


# --- what fails, and by how much ------------------------------------------------------------------


@pytest.mark.parametrize(("check", "code"), [([], 0), (["--check"], 1)])
def test_failed_objective_is_an_exit_code_only_under_check(
    tmp_path: Path, check: list[str], code: int
) -> None:
    path = write(tmp_path, FAILING)
    assert run(["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), *check]) == code


def test_junit_says_by_how_much_an_objective_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, FAILING)
    run(["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"])
    (failure,) = ET.parse(tmp_path / "r/junit.xml").getroot().iter("failure")
    details = dict(line.split("=") for line in (failure.text or "").splitlines())
    assert {key: details[key] for key in ("value", "limit", "margin")} == {
        "value": "10.0",
        "limit": "4.0",
        "margin": "-6.0",
    }
    assert "✗ quick" in capsys.readouterr().out


def test_violated_conservation_is_exit_3_and_the_report_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any) -> Any:
        flow, *rest = check_replication(*args)
        return [replace(flow, passed=False, detail="2 = 1 + 0 + 0"), *rest]

    monkeypatch.setattr(replication, "check_replication", broken)
    path = write(tmp_path, FAILING)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--check"]
    assert run(words) == 3
    told = capsys.readouterr().err.splitlines()
    assert "законы сохранения" in told[-2]
    assert told[-1] == "  flow: replication 0: 2 = 1 + 0 + 0"
    assert (tmp_path / "r/report.html").exists()


def test_fault_of_the_program_is_one_line_and_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(simulate_command, "simulate", crash)
    monkeypatch.delenv("POLIGON_DEBUG", raising=False)
    assert run(["simulate", "any.yaml"]) == 3
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "сбой Poligon: RuntimeError: two lines"
    assert [len(told), "POLIGON_DEBUG=1" in told[1]] == [2, True]
    monkeypatch.setenv("POLIGON_DEBUG", "1")
    assert run(["simulate", "any.yaml"]) == 3
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_case_that_can_never_end_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, ENDLESS)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"]
    assert run([*words, "--replications", "1"]) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("error: case 0 of journey j can never end")
    assert "node j.ask" in told
    assert not (tmp_path / "r").exists()


def test_every_problem_of_a_scenario_is_told_on_its_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = SMALL.replace("seed: 5", "seed: five").replace("servers: 2", "servers: -2")
    write(tmp_path, wrong)
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", "small.yaml"]) == 2
    told = capsys.readouterr()
    lines = told.err.splitlines()
    assert told.out == ""
    assert [line.split(": ")[0:2] for line in lines[:2]] == [
        ["small.yaml:4", "seed"],
        ["small.yaml:7", "stations.desk.servers"],
    ]
    assert lines[2:] == ["2 ошибки; ничего не сделано"]
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


def test_more_arrivals_than_can_be_run_are_refused_with_their_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--out", str(tmp_path / "r"), "--events", "csv"]
    assert run([*words, "--scale", "1e300", "--lang", "en"]) == 2
    # 10 an hour for six hours.
    assert capsys.readouterr().err == (
        "error: a replication would have about 6·10^301 cases, more than 1·10^9 can't be run; "
        "lower --scale or the scenario's rates\n"
    )
    # Capacities and arrivals are infinite.
    assert run([*words, "--scale", "1.5e308"]) == 2
    assert "около 1,8·10^308 обращений" in capsys.readouterr().err
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


def test_event_log_that_cannot_be_written_during_the_run_is_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(CsvPart, "visits", full)
    path = write(tmp_path, FAILING)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--events", "csv"]
    assert run(words) == 2
    assert "No space left on device" in capsys.readouterr().err.splitlines()[-1]
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


def test_failure_to_show_progress_is_not_told_as_a_report_that_cannot_be_written(
    tmp_path: Path,
) -> None:
    class Hung(Silent):
        def reach(self, number: int, us: int) -> None:
            raise OSError(errno.EIO, "the terminal is gone")

    path = write(tmp_path, FAILING)
    with pytest.raises(OSError, match="the terminal is gone"):
        simulate(path, options(tmp_path, events=EventFormat.CSV), Hung())
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


# --- options that are wrong -----------------------------------------------------------------------

WRONG_OPTIONS = [
    (["--replications", "0"], "--replications: expected a whole number from 1 to 1000, got \"0\""),
    (["--replications", "1001"], "from 1 to 1000, got \"1001\""),
    (["--replications", "ten"], "got \"ten\""),
    (["--replications", "1.5"], "got \"1.5\""),
    (["--jobs", "0"], "--jobs: expected a whole number from 1 to 256, got \"0\""),
    (["--jobs", "-2"], "got \"-2\""),
    (["--seed", "-1"], "--seed: expected a whole number from 0 to 9223372036854775807"),
    (["--seed", "9223372036854775808"], "--seed: expected"),
    (["--scale", "0"], "--scale: expected a finite number above 0, got \"0.0\""),
    (["--scale", "-1"], "--scale: expected"),
    (["--scale", "inf"], "got \"inf\""),
    (["--scale", "nan"], "got \"nan\""),
    (["--scale", "half"], "got \"half\""),
    (["--until-precision", "journeys.j.time.mean"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.mean=0"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.mean=1"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "=0.1"], "--until-precision: expected METRIC=SHARE"),
    (["--until-precision", "journeys.j.time.men=0.1"], "similar: journeys.j.time.mean"),
    (["--until-precision", "journeys.k.time.mean=0.1"], "no metric \"journeys.k.time.mean\""),
    (["--engine", "fast"], "--engine: got \"fast\"; allowed: auto, simpy, compiled"),
    (["--fidelity", "high"], "--fidelity: got \"high\"; allowed: flow, twin"),
    (["--backend", "dask"], "--backend dask: needs the scheduler's address: --scheduler tcp://"),
    (["--backend", "cloud"], "--backend: got \"cloud\"; allowed: local, dask"),
    (["--scheduler", "tcp://a:1"], "--scheduler: goes together with --backend dask only"),
    (["--events", "json"], "--events: got \"json\"; allowed: csv, parquet, xes"),
    (["--out", ""], "--out: expected the name of a folder, got \"\""),
    (["--out", "/proc/nothing"], "\"/proc/nothing\" is no folder and can't be made one: /proc: "),
    (["--set", "seed"], "--set"),
    (["--set", "stations.desk.servers=many"], "stations.desk.servers"),
    (["--sed", "1"], "error: --sed: there is no such option; similar: --scale, --seed, --set"),
    (["--seed"], "error: --seed: needs a value"),
    (["more.yaml"], "error: unexpected words: more.yaml"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "told"), WRONG_OPTIONS, ids=[" ".join(w) for w, _ in WRONG_OPTIONS]
)
def test_wrong_option_is_exit_2_and_says_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    path = write(tmp_path, SMALL)
    out = [] if "--out" in wrong else ["--out", str(tmp_path / "r")]
    assert run(["simulate", str(path), *out, "--lang", "en", *wrong]) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert not (tmp_path / "r").exists()


def test_wrong_options_are_told_all_at_once_in_russian(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["simulate", "x.yaml", "--jobs", "0", "--lang", "de", "--scale", "x"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "--scale: ожидалось конечное число больше 0, получено «x»",
        "--lang: получено «de»; допустимо: ru, en",
        "--jobs: ожидалось целое число от 1 до 256, получено «0»",
        "3 ошибки; ничего не сделано",
    ]


def test_parquet_without_its_package_is_refused_before_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(option_words, "missing_extra", lambda _: "parquet")
    with pytest.raises(OptionError) as caught:
        read_options(events="parquet")
    (problem,) = caught.value.problems
    assert problem.code == "option_extra"
    assert "pip install -e '.[parquet]'" in problem.text("ru")


def test_file_in_the_place_of_the_report_folder_is_refused_before_the_run(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    with pytest.raises(OptionError) as caught:
        simulate(path, options(tmp_path, out=path / "r"))
    assert [problem.code for problem in caught.value.problems] == ["option_folder"]


def test_report_that_cannot_be_written_is_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(simulation, "write", full)
    path = write(tmp_path, FAILING)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--events", "csv"]
    assert run(words) == 2
    assert "No space left on device" in capsys.readouterr().err.splitlines()[-1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["arrivals.csv", "small.yaml"]


def test_scenario_that_is_not_there_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "nowhere.yaml"]) == 2
    assert capsys.readouterr().err.splitlines()[0].startswith("nowhere.yaml: ")


# --- options that work ----------------------------------------------------------------------------


def test_every_option_reaches_the_call() -> None:
    read = read_options(
        replications="4",
        until_precision="journeys.j.time.mean=0.05",
        jobs="2",
        backend="local",
        scale="0.5",
        engine="simpy",
        fidelity="flow",
        seed="7",
        overrides=["a=1", "b=2"],
        events="xes",
        out="here",
        lang="en",
    )
    assert read == Options(
        replications=4,
        until_precision=Precision("journeys.j.time.mean", 0.05),
        jobs=2,
        backend="local",
        scale=0.5,
        engine="simpy",
        fidelity="flow",
        seed=7,
        overrides=("a=1", "b=2"),
        events=EventFormat.XES,
        out=Path("here"),
        lang="en",
    )


def test_report_is_the_same_for_any_number_of_jobs_with_and_without_events_and_again(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, SMALL)
    runs = {
        "one": options(tmp_path),
        "again": options(tmp_path),
        "csv-one": options(tmp_path, events=EventFormat.CSV),
        "csv-two": options(tmp_path, events=EventFormat.CSV, jobs=2),
    }
    for name, given in runs.items():
        simulate(path, replace(given, out=tmp_path / name))
    for file in ("summary.json", "junit.xml", "report.html"):
        assert len({(tmp_path / name / file).read_bytes() for name in runs}) == 1
    logs = [(tmp_path / name / "events.csv").read_bytes() for name in ("csv-one", "csv-two")]
    assert logs[0] == logs[1]
    assert files_in(tmp_path) == sorted([*runs, "arrivals.csv", "small.yaml"])


def test_json_prints_the_summary_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SMALL)
    monkeypatch.chdir(tmp_path)
    assert run(["simulate", str(path), "--json", "--jobs", "1", "--out", "r"]) == 0
    captured = capsys.readouterr()
    assert captured.out == (tmp_path / "r/summary.json").read_text(encoding="utf-8")
    assert json.loads(captured.out)["journeys"]["j"]["abandoned"]["value"] == 0.0
    assert "Отчёт: r/report.html" in captured.err.splitlines()


def test_pilots_of_an_automatic_warm_up_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = SMALL.replace("seed: 5", "warmup: auto").replace(
        "arrivals_until: 2026-04-20T06:00", "horizon: 6h"
    )
    path = write(tmp_path, text)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"]
    assert run(words) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "warm-up, pilot replication 1: 20\u00a0April, 06:00"
    assert lines[-1] == "replications done: 3 of 3"


def test_set_changes_the_scenario(tmp_path: Path) -> None:
    path = write(tmp_path, FAILING)
    simulate(path, options(tmp_path, overrides=("stations.desk.service.constant=3s",)))
    assert value(tmp_path, "journeys", "j", "time", "mean") == 3.0


def test_set_with_a_wrong_key_is_a_problem_of_the_scenario(tmp_path: Path) -> None:
    path = write(tmp_path, FAILING)
    with pytest.raises(ScenarioError, match="servres"):
        simulate(path, options(tmp_path, overrides=("stations.desk.servres=3",)))


def test_seed_replaces_the_scenarios(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    times = [
        simulate(path, options(tmp_path, seed=seed)).result.figures["journeys.j.time.mean"].value
        for seed in (None, 5, 6)
    ]
    assert times[0] == times[1] != times[2]


def test_scale_multiplies_arrivals(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    # 60 cases a replication on average; the mean of ten has a standard deviation of 2.4.
    arrived = simulate(path, options(tmp_path, replications=10, scale=0.1)).result
    figure = arrived.figures["journeys.j.arrived"].value
    assert figure is not None
    assert 3 <= figure <= 9
    assert arrived.scale == 0.1


def test_replications_go_on_until_the_precision_is_reached(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    wanted = Precision("journeys.j.time.mean", 0.05)
    outcome = simulate(path, options(tmp_path, until_precision=wanted))
    figure = outcome.result.figures[wanted.metric]
    assert outcome.precise
    assert outcome.result.replications > 3
    assert figure.value is not None
    assert figure.high is not None
    assert figure.low is not None
    assert (figure.high - figure.low) / 2 <= 0.05 * figure.value


def test_precision_that_is_never_reached_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(experiments, "MAX_REPLICATIONS", 4)
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"]
    assert run([*words, "--until-precision", "journeys.j.time.mean=0.0001"]) == 0
    assert "not reached in 4 replications" in capsys.readouterr().err
    manifest = json.loads((tmp_path / "r/manifest.json").read_text(encoding="utf-8"))
    assert manifest["notes"] == ["precision-not-reached"]
    page = (tmp_path / "r/report.html").read_text(encoding="utf-8")
    assert "The precision asked for was not reached" in page


def test_english_is_english_everywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, SMALL.replace("Малый", "Small"))
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"]
    assert run(words) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[0].startswith("Report: ")
    everything = (
        captured.out + captured.err + (tmp_path / "r/junit.xml").read_text(encoding="utf-8")
    )
    assert [c for c in everything if "а" <= c.lower() <= "я"] == []
    assert '<html lang="en"' in (tmp_path / "r/report.html").read_text(encoding="utf-8")


def test_manifest_tells_how_to_get_the_same_figures(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    given = options(
        tmp_path, seed=7, scale=0.5, overrides=("name=Two words",), events=EventFormat.CSV
    )
    simulate(path, given, argv=["simulate", "small.yaml"])
    manifest = json.loads((tmp_path / "r/manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == (
        f"poligon simulate {path} --scale 0.5 --seed 7 --set 'name=Two words'"
    )
    assert {
        key: manifest[key] for key in ("seed", "scale", "replications", "argv", "event_log")
    } == {
        "seed": 7,
        "scale": 0.5,
        "replications": 3,
        "argv": ["simulate", "small.yaml"],
        "event_log": "events.csv",
    }
    assert set(manifest["versions"]) == {
        "poligon", "python", "numpy", "numba", "simpy", "rulebook"
    }  # fmt: skip


@pytest.mark.parametrize("number", [0.012345678, 1 / 3, 1e-07])
def test_command_of_the_manifest_gives_the_options_back_to_the_last_digit(
    number: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[Path, Options]] = []

    def note(path: Path, given: Options, *_: object) -> None:
        read.append((path, given))
        raise OptionError([])

    monkeypatch.setattr(simulate_command, "simulate", note)
    given = Options(
        replications=4,
        until_precision=Precision("journeys.j.time.mean", number),
        scale=number,
        seed=7,
        overrides=("name=Two words", "seed=1"),
    )
    program, *words = shlex.split(repeating_command(Path("a b.yaml"), given))
    run(words)
    assert (program, read) == ("poligon", [(Path("a b.yaml"), given)])


def test_log_of_an_earlier_run_does_not_stay_beside_the_new_report(tmp_path: Path) -> None:
    path = write(tmp_path, FAILING)
    simulate(path, options(tmp_path, events=EventFormat.CSV))
    assert (tmp_path / "r/events.csv").exists()
    simulate(path, options(tmp_path, events=EventFormat.XES))
    assert not (tmp_path / "r/events.csv").exists()
    assert (tmp_path / "r/events.xes").exists()


def test_file_that_only_looks_like_a_log_stays(tmp_path: Path) -> None:
    path = write(tmp_path, FAILING)
    (tmp_path / "r").mkdir()
    (tmp_path / "r/events.csv").write_text("mine", encoding="utf-8")
    simulate(path, options(tmp_path))
    assert (tmp_path / "r/events.csv").read_text(encoding="utf-8") == "mine"


# --- engines --------------------------------------------------------------------------------------


def test_both_engines_write_the_same_summary_and_the_manifest_names_the_one_used(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, SMALL)
    for engine in ("simpy", "compiled"):
        assert (
            run(
                [
                    "simulate",
                    str(path),
                    "--engine",
                    engine,
                    "--out",
                    str(tmp_path / engine),
                    "--jobs",
                    "1",
                ]
            )
            == 0
        )
    summaries = [(tmp_path / e / "summary.json").read_bytes() for e in ("simpy", "compiled")]
    assert summaries[0] == summaries[1]
    for engine in ("simpy", "compiled"):
        manifest = json.loads((tmp_path / engine / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["engine"] == engine


def test_few_cases_are_left_to_simpy_unless_the_other_engine_is_asked_for(tmp_path: Path) -> None:
    outcome = simulate(write(tmp_path, SMALL), options(tmp_path))
    assert outcome.result.engine == "simpy"


def test_whoever_waits_for_the_compiler_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiles(name: str, on_compile: Callable[[], None]) -> None:
        on_compile()

    monkeypatch.setattr(experiments, "prepare", compiles)
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--engine", "compiled", "--jobs", "1", "--lang", "en"]
    assert run([*words, "--out", str(tmp_path / "r")]) == 0
    assert "The engine is being compiled" in capsys.readouterr().err

"""`poligon simulate` inside this process: what its options do, and what it leaves."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from poligon.app import run
from poligon.options import Options, read_options
from poligon.simulation.simulate import simulate
from scenarios.problems import ScenarioError
from sim.experiments import experiment as experiments
from sim.experiments.event_log import EventFormat
from sim.experiments.experiment import Precision
from tests.cli.running import FAILING, SMALL, files_in, options, write


def value(folder: Path, *path: str) -> float:
    content = json.loads((folder / "r/summary.json").read_text(encoding="utf-8"))
    for key in path:
        content = content[key]
    return float(content["value"])


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
    outcome = simulate(path, options(tmp_path, until_precision=wanted, engine="simpy"))
    figure = outcome.result.figures[wanted.metric]
    assert outcome.precise
    assert outcome.result.replications > 10
    assert figure.value is not None
    assert figure.high is not None
    assert figure.low is not None
    assert (figure.high - figure.low) / 2 <= 0.05 * figure.value


def test_precision_that_is_never_reached_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(experiments, "MAX_REPLICATIONS", 12)
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--jobs", "1", "--out", str(tmp_path / "r"), "--lang", "en"]
    words += ["--engine", "simpy"]
    assert run([*words, "--until-precision", "journeys.j.time.mean=0.0001"]) == 0
    assert "not reached in 12 replications" in capsys.readouterr().err
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

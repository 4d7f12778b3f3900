"""What of `poligon simulate` fails, with which exit code, and what is told and left of it."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from poligon.app import run
from poligon.simulation import command as simulate_command
from poligon.simulation import simulate as simulation
from poligon.simulation.simulate import simulate
from sim.experiments import replication
from sim.experiments.checks import check_replication
from sim.experiments.event_log import CsvPart, EventFormat
from sim.experiments.watch import Watch
from tests.cli.running import FAILING, SMALL, files_in, options, write

# The queue grows for ever: one server that never works.
ENDLESS = """
version: 1
name: t
calendar: {start: 2026-04-20T00:00}
stations: {desk: {servers: 0, service: {constant: 10s}}}
arrivals: [{journey: j, instants: arrivals.csv}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


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
    class Hung(Watch):
        def reach(self, number: int, us: int) -> None:
            raise OSError(errno.EIO, "the terminal is gone")

    path = write(tmp_path, FAILING)
    with pytest.raises(OSError, match="the terminal is gone"):
        simulate(path, options(tmp_path, events=EventFormat.CSV), Hung())
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


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

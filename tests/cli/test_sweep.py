"""`poligon sweep`: the grid, its files, what is told, and a sweep that was killed."""

import csv
import json
from pathlib import Path

import pytest

from poligon.app import run
from poligon.options import Options
from poligon.studies.sweep import sweep
from scenarios.loader import load, loads
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from tests.cli.running import SMALL, files_in, write

VARY = "stations.desk.servers=1..3"
FILES = ["runs.jsonl", "sweep.csv", "sweep.html", "sweep.json"]


def words(folder: Path, *more: str) -> list[str]:
    path, out = write(folder, SMALL), str(folder / "out")
    return ["sweep", str(path), "--jobs", "1", "--out", out, "--lang", "en", *more]


def test_each_point_has_the_figures_of_a_simulation_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    swept = sweep(path, [VARY], Options(jobs=1, out=tmp_path / "out", replications=2))
    assert [point.values for point in swept.sweep.points] == [("1",), ("2",), ("3",)]
    for point in swept.sweep.points:
        override = f"stations.desk.servers={point.values[0]}"
        alone = experiment(
            loads(SMALL, overrides=[override]), replications=2, backend=LocalBackend(1)
        )
        assert point.figures == alone.figures
        assert point.objectives == alone.objectives
    first = swept.sweep.points[0].differences["stations.desk.wait.mean"]
    assert first.verdict == "equal"


def test_files_have_every_point_and_the_table_every_objective(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--vary", VARY, "--vary", "stations.desk.discipline=fifo,priority"]
    more += ["--metric", "stations.desk.utilisation", "--replications", "2"]
    assert run(words(tmp_path, *more)) == 0
    told = capsys.readouterr()
    assert told.err.splitlines()[0] == "Малый — sweep: 12 runs, 1 process"
    assert "easy: j: share within" in told.out
    assert "6 points of 2 replications each" in told.out
    assert files_in(tmp_path / "out") == FILES
    rows = [*csv.DictReader((tmp_path / "out/sweep.csv").read_text(encoding="utf-8").splitlines())]
    chosen = [row for row in rows if row["metric"] == "stations.desk.utilisation"]
    assert [(r["stations.desk.servers"], r["stations.desk.discipline"]) for r in chosen] == [
        (servers, discipline) for servers in "123" for discipline in ("fifo", "priority")
    ]
    assert [float(chosen[0][key]) for key in ("difference", "difference_low")] == [0.0, 0.0]
    data = json.loads((tmp_path / "out/sweep.json").read_text(encoding="utf-8"))
    assert data["vary"]["stations.desk.servers"] == ["1", "2", "3"]
    assert (
        float(chosen[2]["value"])
        == data["points"][2]["metrics"]["stations.desk.utilisation"]["value"]
    )
    page = (tmp_path / "out/sweep.html").read_text(encoding="utf-8")
    assert page.count('<table class="heat">') == 2


def test_metric_may_name_a_station_by_any_name_of_its_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SMALL.replace("desk", "operators"))
    more = ["--vary", "stations.operator.servers=1,2", "--metric", "stations.operator.utilisation"]
    out = ["--jobs", "1", "--replications", "2", "--out", str(tmp_path / "out"), "--lang", "en"]
    assert run(["sweep", str(path), *more, *out]) == 0
    assert "utilisation" in capsys.readouterr().out
    data = json.loads((tmp_path / "out/sweep.json").read_text(encoding="utf-8"))
    assert data["scenario_hash"] == load(path).scenario_hash
    used = data["points"][0]["metrics"]["stations.operators.utilisation"]["value"]
    assert f"{100 * used:.1f}%" in (tmp_path / "out/sweep.html").read_text(encoding="utf-8")


def test_csv_has_no_interval_where_some_pairs_have_a_figure_at_one_point_only(
    tmp_path: Path,
) -> None:
    # A case takes a day on average: within six hours one clerk is done with none in some runs.
    text = SMALL.replace("service: {exponential: {mean: 5m}}", "service: {exponential: {mean: 1d}}")
    path = write(tmp_path, text.replace("arrivals_until:", "horizon: 6h, arrivals_until:"))
    swept = sweep(
        path, ["stations.desk.servers=1,9"], Options(jobs=1, out=tmp_path, replications=6)
    )
    found = swept.sweep.points[1].differences["journeys.j.time.mean"]
    rows = [*csv.DictReader((tmp_path / "sweep.csv").read_text(encoding="utf-8").splitlines())]
    (row,) = [
        row
        for row in rows
        if (row["metric"], row["stations.desk.servers"]) == ("journeys.j.time.mean", "9")
    ]
    assert 0 < found.one_sided < 6
    assert [row[name] for name in ("pairs", "one_sided", "verdict")] == [
        str(6 - found.one_sided), str(found.one_sided), "one_sided",
    ]  # fmt: skip
    assert float(row["difference"]) == found.difference.value
    assert (row["difference_low"], row["difference_high"]) == ("", "")
    arrived = next(row for row in rows if row["metric"] == "journeys.j.arrived")
    assert [arrived[name] for name in ("difference_low", "pairs", "one_sided", "verdict")] == [
        "0.0", "6", "0", "equal",
    ]  # fmt: skip
    objective = next(row for row in rows if row["metric"] == "objectives.easy")
    assert (objective["difference"], objective["pairs"], objective["verdict"]) == ("", "", "")


def test_curve_has_a_dot_for_each_value_and_the_bound_of_its_objective(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    sweep(path, [VARY], Options(jobs=1, out=tmp_path / "out", replications=2))
    page = (tmp_path / "out/sweep.html").read_text(encoding="utf-8")
    assert page.count('<circle class="dot"') == 3
    assert page.count('<line class="limit"') == 1


def test_everything_wrong_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--vary", "a.b", "--vary", "stations.desk.servers=3..1", "--jobs", "0"]
    assert run(words(tmp_path, *more)) == 2
    assert capsys.readouterr().err.splitlines() == [
        '--jobs: expected a whole number from 1 to 256, got "0"',
        "1 error; nothing was done",
    ]
    assert run(words(tmp_path, *more[:-2])) == 2
    assert [line.split(",")[0] for line in capsys.readouterr().err.splitlines()] == [
        "--vary: expected KEY=4",
        "--vary: expected FROM..TO[:STEP]",
        "2 errors; nothing was done",
    ]
    more = ["--vary", "stations.desk.servers=1,x,-1", "--vary", "stations.desk.servrs=2"]
    assert run(words(tmp_path, *more)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines[:-1]] == [
        "stations.desk.servers", "stations.desk.servers", "stations.desk.servrs"
    ]  # fmt: skip
    assert {line.split(": ")[0] for line in lines[:-1]} == {"--vary"}
    assert run(words(tmp_path)) == 2
    assert capsys.readouterr().err.splitlines()[0] == "--vary: this option is needed"
    assert run(words(tmp_path, "--vary", VARY, "--metric", "journeys.j.tme")) == 2
    assert "similar: journeys.j.time" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

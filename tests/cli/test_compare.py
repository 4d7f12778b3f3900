"""`poligon compare` inside this process: sides, files, errors and exit codes."""

import json
from pathlib import Path

import pytest

from poligon.app import run
from tests.cli.running import SMALL, files_in, write

FAULTY = SMALL.replace(
    "service: {exponential: {mean: 5m}}", "service: {exponential: {mean: 5m}}, timeout: 1h"
).replace("objectives:\n", """faults:
  - {id: down, service: desk, kind: outage, from: 2026-04-20T01:00, for: 30m}
objectives:
  - {id: recovers, metric: recovery.down, at_most: 1h}
""")  # fmt: skip


def compare(folder: Path, *words: str) -> int:
    path = write(folder, FAULTY)
    out = str(folder / "out")
    return run(["compare", str(path), *words, "--jobs", "1", "--out", out, "--lang", "en"])


def test_baseline_without_faults_leaves_out_objectives_about_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(tmp_path, "--set-b", "faults=[]") == 0
    told = capsys.readouterr()
    assert "Objectives whose fault side B does not have were left out: recovers." in told.out
    assert told.err.splitlines()[0] == "Comparison of two scenarios: 6 runs, 1 process"
    assert files_in(tmp_path / "out") == ["compare.html", "compare.json", "runs.jsonl"]
    data = json.loads((tmp_path / "out/compare.json").read_text(encoding="utf-8"))
    assert [*data["objectives"]] == ["easy"]
    assert data["sides"]["B"] == {"file": str(tmp_path / "small.yaml"), "changes": ["faults=[]"]}
    assert data["command"].endswith("--set-b 'faults=[]'")
    page = (tmp_path / "out/compare.html").read_text(encoding="utf-8")
    assert "Comparison of two scenarios" in page
    assert "http" not in page.replace("http-equiv", "")


def test_objective_about_a_fault_that_never_was_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(tmp_path, "--set-b", "objectives.0.metric=recovery.up") == 2
    assert "B: --set: objectives.0.metric" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_json_is_the_file_and_nothing_else_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(tmp_path, "--set-b", "stations.desk.servers=3", "--json") == 0
    told = capsys.readouterr()
    written = (tmp_path / "out/compare.json").read_text(encoding="utf-8")
    assert told.out == written
    assert "B finishes cases" in told.err or "cannot be told" in told.err


def test_problems_of_both_sides_are_told_at_once_and_common_ones_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--set", "seed=x", "--set-a", "stations.desk.servers=-1", "--set-b", "name=[]"]
    assert compare(tmp_path, *words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.rsplit(": expected")[0] for line in lines[:-1]] == [
        "--set: seed",
        "A: --set: stations.desk.servers",
        "B: --set: name",
    ]
    assert lines[-1] == "3 errors; nothing was done"


def test_scenario_is_not_compared_with_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(tmp_path) == 2
    assert capsys.readouterr().err.splitlines() == [
        "B: there is nothing to compare with: give a second scenario or --set-b (or --set-a)",
        "1 error; nothing was done",
    ]

"""`poligon plan` inside this process: the answer, its files, errors and exit codes."""

import json
from pathlib import Path

import pytest

from poligon.app import run
from scenarios.loader import load
from tests.cli.running import SMALL, files_in, write

# Ten cases an hour of five minutes each: one clerk makes them wait, two hardly.
WISHES = SMALL.replace(
    "objectives:\n", "objectives:\n  - {id: quick, metric: stations.desk.wait.mean, at_most: 3m}\n"
)


def words(folder: Path, *more: str) -> list[str]:
    path, out = write(folder, WISHES), str(folder / "out")
    return ["plan", str(path), "--jobs", "1", "--out", out, "--lang", "en", *more]


VARY = ["--vary", "stations.desk.servers=1..5"]


def test_answer_is_told_and_written_and_runs_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [*VARY, "--objective", "quick", "--objective", "easy", "--cost"]
    more += ["stations.desk.servers=2.5"]
    assert run(words(tmp_path, *more)) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[1] == (
        "stations.desk.servers=2 is enough: the cheapest of all with which quick, easy is met. "
        "Cost 5; confidence 95%."
    )
    assert lines[2].startswith("stations.desk.servers=1 is too little: quick ")
    assert told.err.splitlines()[0] == "Малый — capacity plan: 1 process"
    assert files_in(tmp_path / "out") == ["plan.html", "plan.json", "runs.jsonl"]
    data = json.loads((tmp_path / "out/plan.json").read_text(encoding="utf-8"))
    assert data["answer"]["cheapest"]["values"] == {"stations.desk.servers": "2"}
    assert data["alone"]["easy"]["cheapest"]["cost"] == 2.5
    assert data["scenario_hash"] == load(tmp_path / "small.yaml").scenario_hash
    assert data["cost"] == {"stations.desk.servers": 2.5}
    kept = (tmp_path / "out/runs.jsonl").read_bytes()
    assert data["runs"] == kept.count(b"\n")
    # Once more: nothing is left to run.
    assert run(words(tmp_path, *more, "--json")) == 0
    again = capsys.readouterr().out
    assert again == (tmp_path / "out/plan.json").read_text(encoding="utf-8")
    assert json.loads(again) == data
    assert (tmp_path / "out/runs.jsonl").read_bytes() == kept


def test_key_of_durations_is_placed_by_how_long_they_are(tmp_path: Path) -> None:
    more = ["--vary", "stations.desk.servers=2..3", "--vary", "stations.desk.timeout=30m,1h,2h"]
    assert run(words(tmp_path, *more, "--objective", "quick", "--replications", "5")) == 0
    page = (tmp_path / "out/plan.html").read_text(encoding="utf-8")
    # From 356 at the bottom to 30 at the top: 1 h is a third of the way up.
    ticks = [f'<line class="grid" x1="70" x2="700" y1="{y}" y2="{y}"/>' for y in PLACES]
    assert [tick in page for tick in ticks] == [True] * 3


PLACES = (356.0, round(356 - 326 / 3, 1), 30.0)


def test_page_of_two_keys_draws_the_frontier(tmp_path: Path) -> None:
    more = ["--vary", "stations.desk.servers=1..2", "--vary", "stations.desk.queue_limit=0..2:2"]
    assert run(words(tmp_path, *more, "--objective", "quick", "--replications", "5")) == 0
    page = (tmp_path / "out/plan.html").read_text(encoding="utf-8")
    assert '<svg class="plot stairs"' in page
    assert page.count('<circle class="best"') == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "calendar.horizon=4h",
            "error: objective easy: in no replication did a case's term (2d) end before "
            "calendar.horizon (4h); set a later horizon",
        ),
        (
            "arrivals.0.rate.per_hour=0.000001",
            "error: objective easy: no replication had a case of j",
        ),
    ],
)
def test_objective_that_no_case_can_be_judged_by_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str, told: str
) -> None:
    more = [*VARY, "--objective", "easy", "--replications", "8", "--set", change]
    if "horizon" in change:
        more += ["--set", "calendar.arrivals_until=2026-04-20T04:00"]
    assert run(words(tmp_path, *more)) == 2
    assert capsys.readouterr().err.splitlines()[-1] == told
    kept = (tmp_path / "out/runs.jsonl").read_bytes()
    assert kept.count(b"\n") == (5 if "horizon" in change else 8)
    assert files_in(tmp_path / "out") == ["runs.jsonl"]


def test_everything_wrong_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--vary", "stations.desk.servers=3,2,1", "--cost", "stations.desk.server=2", "--cost"]
    more += ["x=free", "--confidence", "1", "--replications", "1"]
    assert run(words(tmp_path, *more)) == 2
    assert capsys.readouterr().err.splitlines() == [
        '--vary: a plan needs numbers that go up, got "stations.desk.servers=3,2,1"',
        "--cost: the key stations.desk.server is not among --vary; similar: stations.desk.servers",
        '--cost: expected KEY=PRICE, the price above 0, got "x=free"',
        "--objective: this option is needed",
        '--confidence: expected a number from 0.5 and below 1, got "1.0"',
        '--replications: expected a whole number from 2 to 1000, got "1"',
        "6 errors; nothing was done",
    ]
    assert run(words(tmp_path, *VARY, "--objective", "quik", "--objective", "slow")) == 2
    assert capsys.readouterr().err.splitlines()[:2] == [
        '--objective: the scenario has no objective "quik"; it has: quick, easy; similar: quick',
        '--objective: the scenario has no objective "slow"; it has: quick, easy',
    ]
    assert run(words(tmp_path, *VARY, "--objective", "quick", "--confidence", "sure")) == 2
    assert not (tmp_path / "out").exists()

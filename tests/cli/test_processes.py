"""`poligon` as its users start it: real processes, their output, files and exit codes."""

import json
import subprocess
from pathlib import Path

from tests.cli.running import REPORT_FILES, SMALL, command, environment, poligon, write


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_simulate_writes_the_report_named_after_the_scenario_and_tells_what_it_says(
    tmp_path: Path,
) -> None:
    write(tmp_path, SMALL)
    done = poligon("simulate", "small.yaml", "--jobs", "1", "--check", cwd=tmp_path)
    assert (done.returncode, files_in(tmp_path / "reports/out/small")) == (0, REPORT_FILES)
    lines = done.stdout.splitlines()
    assert lines[0] == "Отчёт: reports/out/small/report.html"
    assert [line.startswith("  • ") for line in lines[1:6]] == [True] * 5
    assert lines[6] == "Цели:"
    assert lines[7].startswith("  ✓ easy: ")
    assert done.stderr.splitlines()[0] == "Сценарий «Малый»: 3 репликации, 1 процесс"
    assert done.stderr.splitlines()[-1] == "готово репликаций: 3 из 3"


def test_report_is_the_same_for_any_number_of_jobs_with_and_without_events_and_again(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, SMALL)
    runs = {
        "one": ["--jobs", "1"],
        "csv-one": ["--jobs", "1", "--events", "csv"],
        "csv-two": ["--jobs", "2", "--events", "csv"],
        "two-again": ["--jobs", "2"],
    }
    for name, options in runs.items():
        done = poligon("simulate", path, *options, "--out", tmp_path / name, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    for file in ("summary.json", "junit.xml", "report.html"):
        contents = {(tmp_path / name / file).read_bytes() for name in runs}
        assert len(contents) == 1
    logs = [(tmp_path / name / "events.csv").read_bytes() for name in ("csv-one", "csv-two")]
    assert logs[0] == logs[1]
    assert files_in(tmp_path) == sorted([*runs, "arrivals.csv", "small.yaml"])


def test_json_prints_the_summary_alone(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)
    done = poligon("simulate", path, "--json", "--jobs", "1", "--out", "r", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == (tmp_path / "r/summary.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout)["journeys"]["j"]["abandoned"]["value"] == 0.0
    assert "Отчёт: r/report.html" in done.stderr.splitlines()


def test_every_problem_of_a_scenario_is_told_on_its_line_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    wrong = SMALL.replace("seed: 5", "seed: five").replace("servers: 2", "servers: -2")
    write(tmp_path, wrong)
    done = poligon("simulate", "small.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert [line.split(": ")[0:2] for line in lines[:2]] == [
        ["small.yaml:4", "seed"],
        ["small.yaml:7", "stations.desk.servers"],
    ]
    assert lines[2:] == ["2 ошибки; ничего не сделано"]
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


def test_output_cut_off_by_its_reader_ends_quietly(tmp_path: Path) -> None:
    with subprocess.Popen(
        command(["schema"]), cwd=tmp_path, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        told = child.stderr.read()
    assert (child.returncode, told) == (141, b"")

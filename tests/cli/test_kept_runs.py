"""Runs that commands keep: after a kill or a full disk the same command goes on from them."""

import errno
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from poligon.app import run
from tests.cli.process_tree import DEADLINE_S, wait_until
from tests.cli.running import REPORT_FILES, SMALL, command, environment, files_in, write

VARY = ["--vary", "stations.desk.servers=1..3"]
# Each keeps 40 runs and makes them one by one; a simulation those of one variant, not its own.
STUDIES = {
    "sweep": (["--vary", "seed=1..40", "--replications", "1"], "sweep.csv"),
    "compare": (["--set-b", "stations.desk.servers=3", "--replications", "20"], "compare.json"),
    "simulate": (
        ["--sensitivity", "--set", "stations.desk.servers=1", "--replications", "40"],
        "summary.json",
    ),
}


def words(study: str, folder: Path, *more: str) -> list[str]:
    path, out = write(folder, SMALL), str(folder / "out")
    return [study, str(path), "--jobs", "1", "--out", out, "--lang", "en", *more]


@pytest.mark.parametrize("study", STUDIES)
def test_command_that_was_killed_goes_on_without_repeating_or_losing_a_run(
    study: str, tmp_path: Path
) -> None:
    more, report = STUDIES[study]
    journal = tmp_path / "out/runs.jsonl"
    with subprocess.Popen(
        command(words(study, tmp_path, *more)), cwd=tmp_path, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as child:  # fmt: skip
        wait_until(lambda: journal.exists() and journal.stat().st_size > 0, "no run was made")
        child.send_signal(signal.SIGKILL)
        child.wait(DEADLINE_S)
    kept = journal.read_bytes()
    whole = kept[: kept.rfind(b"\n") + 1]
    assert 0 < whole.count(b"\n") < 40
    assert run(words(study, tmp_path, *more)) == 0
    again = journal.read_bytes()
    assert again.startswith(whole)
    runs = [json.loads(line) for line in again.splitlines() if line.endswith(b"}")]
    assert len({(one["point"], one["replication"]) for one in runs}) == len(runs) == 40
    in_one_go = tmp_path / "other"
    in_one_go.mkdir()
    assert run(words(study, in_one_go, *more)) == 0
    written = (tmp_path / "out" / report).read_text(encoding="utf-8")
    unbroken = (in_one_go / "out" / report).read_text(encoding="utf-8")
    assert written == unbroken.replace(str(in_one_go), str(tmp_path))


def test_simulation_keeps_runs_for_its_sensitivity_alone(tmp_path: Path) -> None:
    assert run(words("simulate", tmp_path)) == 0
    assert files_in(tmp_path / "out") == REPORT_FILES


@pytest.mark.parametrize(
    ("study", "more"),
    [
        ("sweep", VARY),
        ("plan", [*VARY, "--objective", "easy"]),
        ("compare", ["--set-b", "stations.desk.servers=3"]),
        ("simulate", ["--sensitivity", "--set", "stations.desk.servers=1"]),
    ],
)
def test_disk_that_is_full_in_mid_run_is_told_with_the_folder_and_runs_before_it_are_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    study: str,
    more: list[str],
) -> None:
    synced = os.fsync
    left = [None, None]

    def sync(file: int) -> None:
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()
        synced(file)

    monkeypatch.setattr(os, "fsync", sync)
    assert run(words(study, tmp_path, *more, "--replications", "5")) == 2
    folder = tmp_path / "out"
    told = capsys.readouterr().err.splitlines()[-1]
    assert str(folder) in told
    assert told.endswith("No space left on device")
    assert files_in(folder) == ["runs.jsonl"]
    assert (folder / "runs.jsonl").read_bytes().count(b"\n") == 3

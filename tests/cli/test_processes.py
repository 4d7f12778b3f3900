"""`poligon` as its users start it: real processes, their output, files and exit codes."""

import subprocess
from pathlib import Path

from tests.cli.running import REPORT_FILES, SMALL, command, environment, files_in, poligon, write


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

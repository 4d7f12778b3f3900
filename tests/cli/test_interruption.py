"""Ctrl-C and its like: nothing half-written, no process left, the exit code a shell expects."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poligon.interruption import Interrupted, heed, interruptible
from tests.cli.process_tree import DEADLINE_S, children, needs_proc, wait_for_end, workers
from tests.cli.running import SMALL, command, environment, write

pytestmark = needs_proc

# Minutes of work: a hundred days of a case every two seconds, several times over.
LONG = SMALL.replace("per_hour: 10", "per_hour: 1800").replace(
    "arrivals_until: 2026-04-20T06:00", "arrivals_until: 2026-07-29T00:00"
).replace("servers: 2", "servers: 1000")  # fmt: skip


@contextmanager
def long_run(folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """A run in the midst of its simulation: it has told how far it is."""
    write(folder, LONG)
    words = ["simulate", "small.yaml", "--lang", "en", "--replications", "4", *options]
    words += ["--engine", "simpy"]  # the other is done with it in seconds
    child = subprocess.Popen(
        command(words), cwd=folder, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    try:
        assert child.stderr is not None
        lines = [child.stderr.readline(), child.stderr.readline()]
        assert lines[0].startswith("Scenario “Малый”: 4 replications")
        assert lines[1].startswith("replication")
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def test_signal_ends_a_run_without_a_report_and_without_orphans(tmp_path: Path) -> None:
    with long_run(tmp_path, "--jobs", "2", "--events", "csv") as child:
        processes = children(child.pid)
        assert len(workers(child.pid)) == 2
        child.send_signal(signal.SIGTERM)
        out, told = child.communicate(timeout=DEADLINE_S)
        assert (child.returncode, out) == (143, "")
        assert told.splitlines()[-1] == "interrupted; nothing was written"
        assert "Traceback" not in told
        wait_for_end(processes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arrivals.csv", "small.yaml"]


def test_ctrl_c_of_a_terminal_that_reaches_the_workers_too_shows_no_traceback(
    tmp_path: Path,
) -> None:
    with long_run(tmp_path, "--jobs", "2") as child:
        processes = children(child.pid)
        os.killpg(child.pid, signal.SIGINT)
        _, told = child.communicate(timeout=DEADLINE_S)
        assert child.returncode == 130
        assert "Traceback" not in told
        wait_for_end(processes)


def test_report_of_an_earlier_run_survives_an_interruption(tmp_path: Path) -> None:
    report = tmp_path / "reports/out/small/report.html"
    report.parent.mkdir(parents=True)
    report.write_text("earlier", encoding="utf-8")
    with long_run(tmp_path, "--jobs", "1") as child:
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=DEADLINE_S)
        assert child.returncode == 130
    assert [path.name for path in report.parent.iterdir()] == ["report.html"]
    assert report.read_text(encoding="utf-8") == "earlier"


def test_worker_killed_by_the_system_is_exit_3_in_one_line_and_ends_the_others(
    tmp_path: Path,
) -> None:
    with long_run(tmp_path, "--jobs", "2", "--events", "csv") as child:
        processes = children(child.pid)
        os.kill(workers(child.pid)[0], signal.SIGKILL)
        out, told = child.communicate(timeout=DEADLINE_S)
        assert (child.returncode, out) == (3, "")
        assert told.splitlines()[-1] == (
            "error: a worker process was ended from outside (out of memory? fewer processes: "
            "--jobs 1)"
        )
        assert "Traceback" not in told
        wait_for_end(processes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arrivals.csv", "small.yaml"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_exit_code_of_a_signal_is_the_one_of_a_shell(number: signal.Signals, code: int) -> None:
    with pytest.raises(Interrupted) as caught, interruptible():
        signal.raise_signal(number)
    assert caught.value.exit_code == code


def test_signal_that_other_code_swallowed_is_heeded_later() -> None:
    with interruptible():
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)  # the second one is left alone
        with pytest.raises(Interrupted) as caught:
            heed()
    assert caught.value.exit_code == 130
    heed()


def test_signal_turned_into_another_error_is_still_an_interruption() -> None:
    def load() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        except Interrupted:
            raise ImportError("failed to import") from None

    with pytest.raises(Interrupted) as caught, interruptible():
        load()
    assert caught.value.exit_code == 143


def test_handlers_of_the_caller_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) != before
    assert signal.getsignal(signal.SIGINT) == before

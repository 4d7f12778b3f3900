"""`--backend dask` on a real scheduler and two workers, each a process."""

import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from poligon import options as option_words
from poligon.app import run
from poligon.options import OptionError, read_options
from sim.experiments import dask_backend
from sim.experiments.dask_backend import connected
from tests.cli.running import SMALL, files_in, write
from tests.sim.cluster import Cluster, cluster
from tests.sim.cluster_tasks import MARK, endless, number, square_once_killed


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Cluster]:
    with cluster(2) as made:
        yield made


def unheard(number: int, us: int) -> None:
    pass


def test_results_are_those_of_this_machine_to_the_byte(
    tmp_path: Path, two_workers: Cluster
) -> None:
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--replications", "5"]
    on_cluster = ["--backend", "dask", "--scheduler", two_workers.address]
    assert run([*words, "--jobs", "1", "--out", str(tmp_path / "local")]) == 0
    assert run([*words, *on_cluster, "--out", str(tmp_path / "dask")]) == 0
    for name in ("summary.json", "junit.xml", "report.html"):
        local, dask = (tmp_path / place / name for place in ("local", "dask"))
        assert local.read_bytes() == dask.read_bytes(), name


def test_worker_with_other_sources_is_refused(
    tmp_path: Path,
    two_workers: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(dask_backend, "sources_digest", lambda packages: "0" * 64)
    words = ["--backend", "dask", "--scheduler", two_workers.address, "--lang", "en"]
    assert run(["simulate", str(write(tmp_path, SMALL)), *words, "--out", str(tmp_path / "o")]) == 2
    told = capsys.readouterr().err
    assert "a worker has other versions, results would differ: tcp://" in told
    assert re.search(r"sources [0-9a-f]{12} ≠ 0{12}, portal sources [0-9a-f]{12} ≠ 0{12}", told)


def test_sweep_and_plan_run_there_too(tmp_path: Path, two_workers: Cluster) -> None:
    path = write(tmp_path, SMALL)
    vary = ["--vary", "stations.desk.servers=1,2", "--replications", "3"]
    on_cluster = ["--backend", "dask", "--scheduler", two_workers.address]
    for command, more in (("sweep", []), ("plan", ["--objective", "easy"])):
        words = [command, str(path), *vary, *more]
        assert run([*words, "--jobs", "1", "--out", str(tmp_path / "local")]) == 0
        assert run([*words, *on_cluster, "--out", str(tmp_path / "dask")]) == 0
        local, dask = (tmp_path / place / f"{command}.json" for place in ("local", "dask"))
        assert local.read_bytes() == dask.read_bytes()


def test_worker_killed_in_mid_run_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, str(tmp_path / "mark"))
    with cluster(2) as made, connected(made.address) as backend:
        assert backend.workers(9) == 2
        with backend.in_order(square_once_killed, 9, unheard) as results:
            found = list(results)
        assert (tmp_path / "mark").exists()
        assert found == [n * n for n in range(9)]
        # One worker is gone, by a signal; all that was left was done by the other.
        ended = [worker.poll() for worker in made.workers]
        assert ended.count(-signal.SIGKILL) == 1
        assert backend.workers(9) == 1


def test_leaving_takes_back_what_has_begun(two_workers: Cluster) -> None:
    with connected(two_workers.address) as backend:
        with suppress(KeyboardInterrupt), backend.in_order(endless, 8, unheard) as results:
            _begun(results)
        # Both workers are free again: others' numbers are done.
        with backend.in_order(number, 4, unheard) as results:
            assert list(results) == [0, 1, 2, 3]


class Counting:
    """A client that notes which numbers were submitted."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.numbers: list[int] = []

    def submit(self, work: Any, task: Any, number: int, pure: bool) -> Any:
        self.numbers.append(number)
        return self._client.submit(work, task, number, pure=pure)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@pytest.mark.parametrize(("jobs", "ahead"), [(1, 1), (2, 2), (None, 4)])
def test_no_more_numbers_than_jobs_are_under_way(
    two_workers: Cluster, jobs: int | None, ahead: int
) -> None:
    with dask_backend.dask.Client(two_workers.address, set_as_default=False) as client:
        counting = Counting(client)
        backend = dask_backend.DaskBackend(counting, jobs)
        with backend.in_order(number, 6, unheard) as results:
            for done in results:
                assert len(counting.numbers) == min(done + ahead, 6)


def _begun(results: Iterator[int]) -> None:
    """Have numbers begun, and be interrupted while the first is waited for."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        next(results)
    finally:
        signal.signal(signal.SIGALRM, before)


# --- what is wrong --------------------------------------------------------------------------------


def test_scheduler_that_does_not_answer_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiments.dask_backend._CONNECT_S", 0.2)
    path = write(tmp_path, SMALL)
    words = ["simulate", str(path), "--backend", "dask", "--scheduler", "tcp://127.0.0.1:9"]
    assert run([*words, "--out", str(tmp_path / "r"), "--lang", "en"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[-2].startswith("--scheduler tcp://127.0.0.1:9: no scheduler of Dask answers: ")
    assert told[-1] == "1 error; nothing was done"
    assert files_in(tmp_path) == ["arrivals.csv", "small.yaml"]


def test_wrong_words_about_the_backend_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(option_words, "find_spec", lambda name: None)
    with pytest.raises(OptionError) as caught:
        read_options(backend="dask", events="csv")
    assert [problem.text("en") for problem in caught.value.problems] == [
        "--backend dask: the extra dask is not installed; install it: pip install -e '.[dask]'",
        "--backend dask: needs the scheduler's address: --scheduler tcp://host:8786",
        "--events csv: only processes of this machine write an event log: --backend local",
    ]
    with pytest.raises(OptionError) as caught:
        read_options(scheduler="tcp://127.0.0.1:8786")
    assert [problem.code for problem in caught.value.problems] == ["option_without"]

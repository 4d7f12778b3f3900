"""Numbers done in parallel processes: which are begun, in what order they come back, and what is
left behind."""

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, ClassVar

import pytest

from sim.experiments import parallel
from sim.experiments.logged_replication import UnwritableLog
from sim.experiments.parallel import Workers, in_order, workers
from tests.cli.process_tree import DEADLINE_S, children, needs_proc, wait_for_end
from tests.cli.running import ROOT, environment


def unheard(number: int, us: int) -> None:
    pass


def square(number: int, on_progress: Callable[[int], None]) -> int:
    on_progress(number * 10)
    return number * number


def killed(number: int, on_progress: Callable[[int], None]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def endless(number: int, on_progress: Callable[[int], None]) -> None:
    """Tells its process number, and never ends."""
    os.write(1, b"%d\n" % os.getpid())
    threading.Event().wait()


def run_endless() -> None:
    with in_order(endless, 2, 2, unheard) as results:
        list(results)


def slow(number: int, on_progress: Callable[[int], None]) -> None:
    raise TimeoutError("of a file system")


class Here:
    """A pool that does its work at once and in this process, and notes what it was given."""

    begun: ClassVar[list[int]] = []

    def __init__(self, jobs: int, context: object, prepare: object, known: Any) -> None:
        self.begun.clear()

    def submit(self, work: object, token: int, pickled: bytes, number: int) -> "Future[Any]":
        self.begun.append(number)
        future: Future[Any] = Future()
        try:
            future.set_result(pickle.loads(pickled)(number, lambda us: None))
        except OSError as error:
            future.set_exception(error)
        return future

    def shutdown(self, *, wait: bool, cancel_futures: bool) -> None:
        pass


@pytest.mark.parametrize("jobs", [2, 3, 7])
def test_no_number_is_begun_beyond_those_asked_for(
    jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Here)
    with in_order(square, jobs, 4, unheard) as results:
        assert next(results) == 0
        assert Here.begun == list(range(min(jobs + 1, 4)))
        assert list(results) == [1, 4, 9]
    assert Here.begun == [0, 1, 2, 3]


def test_time_out_inside_a_task_is_an_error_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Here)
    with in_order(slow, 2, 2, unheard) as results, pytest.raises(TimeoutError, match="of a file"):
        next(results)


def test_one_process_tells_how_far_each_number_is() -> None:
    told: list[tuple[int, int]] = []
    with in_order(square, 1, 3, lambda number, us: told.append((number, us))) as results:
        assert list(results) == [0, 1, 4]
    assert told == [(0, 0), (1, 10), (2, 20)]


def test_several_processes_give_results_in_order_and_are_gone_afterwards() -> None:
    with in_order(square, 2, 5, unheard) as results:
        assert list(results) == [0, 1, 4, 9, 16]
    assert multiprocessing.active_children() == []


def test_worker_that_is_killed_breaks_the_pool_and_leaves_no_other_behind() -> None:
    with in_order(killed, 2, 2, unheard) as results, pytest.raises(BrokenProcessPool):
        next(results)
    assert multiprocessing.active_children() == []


def process(number: int, on_progress: Callable[[int], None]) -> int:
    return os.getpid()


def test_workers_are_kept_for_the_next_task_unless_work_is_left_that_nobody_takes() -> None:
    with Workers(2) as pool:
        with pool.in_order(process, 4, unheard) as results:
            first = set(results)
        kept = {child.pid for child in multiprocessing.active_children()}
        assert first <= kept
        with pool.in_order(square, 9, unheard) as results:
            assert next(results) == 0
            assert {child.pid for child in multiprocessing.active_children()} == kept
        assert multiprocessing.active_children() == []
        with pool.in_order(square, 3, unheard) as results:
            assert list(results) == [0, 1, 4]
    assert multiprocessing.active_children() == []


@needs_proc
def test_workers_of_a_parent_that_is_killed_end() -> None:
    script = "from tests.sim.test_parallel import run_endless; run_endless()"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
    ) as parent:  # fmt: skip
        try:
            assert parent.stdout is not None
            started = {int(parent.stdout.readline()) for _ in range(2)}
            processes = children(parent.pid)
            assert started < {*processes}
            parent.kill()
            # The workers have the same output: it ends with the last of them.
            assert parent.communicate(timeout=DEADLINE_S)[0] == b""
            wait_for_end(processes)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(parent.pid, signal.SIGKILL)


def test_processes_are_no_more_than_numbers_and_one_for_each_processor_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert [workers(None, 10), workers(None, 4), workers(3, 10), workers(3, 2)] == [6, 4, 3, 2]


def test_unwritable_log_comes_out_of_a_worker_with_its_reason() -> None:
    assert pickle.loads(pickle.dumps(UnwritableLog("no space"))).reason == "no space"

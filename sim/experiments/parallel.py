"""Replications in parallel processes: results come back in the order of their numbers, whatever
the number of workers."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

__all__ = ["Progress", "Task", "in_order", "workers"]

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
Progress = Callable[[int, int], None]
_POLL_S = 0.2  # how often the display of progress is fed; results are waited for, not polled

_TO_END = {signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])}


class Task(Protocol[R_co]):
    """What a worker does for number `n`: pickled once, to every worker. It tells `on_progress`
    the µs of model time it reached."""

    def __call__(self, number: int, on_progress: Callable[[int], None]) -> R_co:
        """Do number `number`."""
        ...


def workers(jobs: int | None, at_most: int) -> int:
    """How many processes work on `at_most` numbers: `jobs` (None: one per processor), but no more
    than numbers."""
    return min(jobs or os.cpu_count() or 1, at_most)


@contextmanager
def in_order(
    task: Task[R], jobs: int | None, at_most: int, on_progress: Progress
) -> Iterator[Iterator[R]]:
    """An iterator of task(0), …, task(at_most - 1), computed by `workers(jobs, at_most)` processes,
    a little ahead of what is taken; one process is this one.

    `on_progress(number, µs)` is called now and then. Leaving the context, by whatever way, leaves
    no worker behind. The iterator raises BrokenProcessPool when a worker was ended from outside.
    """
    jobs = workers(jobs, at_most)
    if jobs <= 1:
        yield (task(n, partial(on_progress, n)) for n in range(at_most))
        return
    context = multiprocessing.get_context("spawn")
    reached = context.Array("q", jobs, lock=False)
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, _prepare, (task, reached))
    try:
        yield _ahead(pool, at_most, reached, on_progress)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        left = set(multiprocessing.active_children()) - before
        for worker in left:
            worker.kill()
        for worker in left:
            # The pool's own thread may reap it in the same moment; then a join does not see how.
            while worker.exitcode is None:
                worker.join(_POLL_S)


def _ahead(
    pool: ProcessPoolExecutor, at_most: int, reached: Any, on_progress: Progress
) -> Iterator[Any]:
    """Results in order, while as many numbers are under way as `reached` has places."""
    jobs = len(reached)
    pending = {n: _submitted(pool, n) for n in range(jobs)}
    for n in range(at_most):
        while not wait([pending[n]], _POLL_S).done:
            for number in pending:
                on_progress(number, reached[number % jobs])
        result = pending.pop(n).result()
        reached[n % jobs] = 0
        if n + jobs < at_most:
            pending[n + jobs] = _submitted(pool, n + jobs)
        yield result


def _submitted(pool: ProcessPoolExecutor, number: int) -> Future[Any]:
    with _signals_held():  # the pool may start a worker for it
        return pool.submit(_work, number)


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals to end wait while workers start: one half started would be left behind.

    Workers inherit what is held, so that Ctrl-C does not reach them: their parent ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TO_END)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_task: Task[Any]
_reached: Any


def _prepare(task: Task[Any], reached: Any) -> None:
    """Workers leave Ctrl-C to their parent, can be ended by others, and do not outlive it."""
    global _task, _reached
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TO_END)
    _task, _reached = task, reached
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(number: int) -> Any:
    def on_progress(us: int) -> None:
        _reached[number % len(_reached)] = us

    return _task(number, on_progress)

"""Replications in parallel processes: results come back in the order of their numbers, whatever
the number of workers."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any, Protocol, TypeVar

__all__ = ["Progress", "Task", "in_order"]

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
Progress = Callable[[int, int], None]
_POLL_S = 0.2  # how often the display of progress is fed; results are waited for, not polled
_SLOTS = 256  # workers write their progress at number % _SLOTS; more than any machine's `jobs`

_TO_END = {signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])}


class Task(Protocol[R_co]):
    """What a worker does for number `n`: pickled once, to every worker. It tells `on_progress`
    the µs of model time it reached."""

    def __call__(self, number: int, on_progress: Callable[[int], None]) -> R_co:
        """Do number `number`."""
        ...


@contextmanager
def in_order(task: Task[R], jobs: int, on_progress: Progress) -> Iterator[Iterator[R]]:
    """An endless iterator of task(0), task(1), …, computed `jobs` at a time, a little ahead of what
    is taken.

    `on_progress(number, µs)` is called now and then. Leaving the context, by whatever way, leaves
    no worker behind.
    """
    if jobs == 1:
        yield (task(n, lambda us, n=n: on_progress(n, us)) for n in count())  # type: ignore[misc]
        return
    context = multiprocessing.get_context("spawn")
    reached = context.Array("q", _SLOTS, lock=False)
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, context, _prepare, (task, reached))
    try:
        yield _ahead(pool, jobs, reached, on_progress)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - before:
            worker.kill()
            worker.join()


def _ahead(
    pool: ProcessPoolExecutor, jobs: int, reached: Any, on_progress: Progress
) -> Iterator[Any]:
    with _signals_held():
        pending: dict[int, Future[Any]] = {n: pool.submit(_work, n) for n in range(jobs)}
    for n in count():
        while True:
            try:
                result = pending[n].result(_POLL_S)
                break
            except TimeoutError:
                for number in pending:
                    on_progress(number, reached[number % _SLOTS])
        del pending[n]
        reached[n % _SLOTS] = 0
        pending[n + jobs] = pool.submit(_work, n + jobs)
        yield result


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
        _reached[number % _SLOTS] = us

    return _task(number, on_progress)

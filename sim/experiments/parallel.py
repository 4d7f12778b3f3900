"""Replications in parallel processes: results come back in the order of their numbers, whatever
the number of workers."""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol, TypeVar

__all__ = ["Progress", "Task", "Workers", "in_order", "workers"]

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
Progress = Callable[[int, int], None]
_POLL_S = 0.2  # how often the display of progress is fed; results are waited for, not polled

_TO_END = {signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])}


class Task(Protocol[R_co]):
    """What a worker does for number `n`: pickled, and unpickled once by every worker. It tells
    `on_progress` the µs of model time it reached."""

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
    """As `Workers.in_order`, with workers that end with the context."""
    with Workers(jobs) as pool, pool.in_order(task, at_most, on_progress) as results:
        yield results


class Workers:
    """Up to `jobs` processes (None: one per processor), started when they are needed and kept from
    one task to the next: starting one takes a second or two. A context that ends them."""

    def __init__(self, jobs: int | None = None) -> None:
        self.jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._before: set[Any] = set()
        self._tasks = 0
        self._reached: Any = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, whatever they do."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.shutdown(wait=False, cancel_futures=True)
        left = set(multiprocessing.active_children()) - self._before
        for worker in left:
            worker.kill()
        for worker in left:
            # The pool's own thread may reap it in the same moment; then a join does not see how.
            while worker.exitcode is None:
                worker.join(_POLL_S)

    @contextmanager
    def in_order(self, task: Task[R], at_most: int, on_progress: Progress) -> Iterator[Iterator[R]]:
        """An iterator of task(0), …, task(at_most - 1), computed by `workers(jobs, at_most)`
        processes, a little ahead of what is taken; one process is this one.

        `on_progress(number, µs)` is called now and then. Leaving the context, by whatever way,
        leaves no work behind: workers that still have some are ended. The iterator raises
        BrokenProcessPool when a worker was ended from outside.
        """
        jobs = workers(self.jobs, at_most)
        if jobs <= 1:
            yield (task(n, partial(on_progress, n)) for n in range(at_most))
            return
        pending: dict[int, Future[Any]] = {}
        try:
            yield self._ahead(task, jobs, at_most, on_progress, pending)
        except BaseException:
            self.close()
            raise
        if pending:
            self.close()

    def _ahead(
        self,
        task: Task[Any],
        jobs: int,
        at_most: int,
        on_progress: Progress,
        pending: dict[int, Future[Any]],
    ) -> Iterator[Any]:
        """Results in order, while `jobs` numbers are under way."""
        pool = self._opened()
        self._tasks += 1
        reached, pickled, places = self._reached, pickle.dumps(task), len(self._reached)
        submit = partial(_submitted, pool, self._tasks, pickled)
        pending.update({n: submit(n) for n in range(jobs)})
        for n in range(at_most):
            while not wait([pending[n]], _POLL_S).done:
                for number in pending:
                    on_progress(number, reached[number % places])
            result = pending.pop(n).result()
            reached[n % places] = 0
            if n + jobs < at_most:
                pending[n + jobs] = submit(n + jobs)
            yield result

    def _opened(self) -> ProcessPoolExecutor:
        if self._pool is None:
            most = self.jobs or os.cpu_count() or 1
            context = multiprocessing.get_context("spawn")
            self._reached = context.Array("q", most, lock=False)
            self._before = set(multiprocessing.active_children())
            self._pool = ProcessPoolExecutor(most, context, _prepare, (self._reached,))
        return self._pool


def _submitted(pool: ProcessPoolExecutor, token: int, pickled: bytes, number: int) -> Future[Any]:
    with _signals_held():  # the pool may start a worker for it
        return pool.submit(_work, token, pickled, number)


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


class _Known:
    """What a worker knows: its last task with the token of it, and where to tell how far it is."""

    token: int = 0
    task: Any = None
    reached: Any = None


def _prepare(reached: Any) -> None:
    """Workers leave Ctrl-C to their parent, can be ended by others, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TO_END)
    _Known.reached = reached
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(token: int, pickled: bytes, number: int) -> Any:
    if _Known.token != token:
        _Known.task, _Known.token = pickle.loads(pickled), token

    def on_progress(us: int) -> None:
        _Known.reached[number % len(_Known.reached)] = us

    return _Known.task(number, on_progress)

"""One thread that writes for all: whoever waits meanwhile is written together next time."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Final, Generic, TypeVar

__all__ = ["GroupWriter", "WriterClosed"]

W = TypeVar("W")

_MOST: Final = 256  # works in a group: the first of them must not wait for ever


class WriterClosed(RuntimeError):
    """It takes no more work."""


class GroupWriter(Generic[W]):
    """Gives works to `write` in groups, in the order of their coming.

    `write` answers for each with None or with why it was not done; what it raises is the answer to
    all of the group.
    """

    def __init__(self, write: Callable[[Sequence[W]], Sequence[Exception | None]]) -> None:
        self._write = write
        self._queue: SimpleQueue[tuple[W, Future[None]] | None] = SimpleQueue()
        self._entering = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="portal-store", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """About how many works wait for the next group."""
        return self._queue.qsize()

    def do(self, work: W) -> None:
        """Returns when `work` is done; raises why it was not, or WriterClosed."""
        done: Future[None] = Future()
        with self._entering:
            if self._is_closed:
                raise WriterClosed
            self._queue.put((work, done))
        done.result()

    def close(self) -> None:
        """Finish what waits, then end."""
        with self._entering:
            if not self._is_closed:
                self._is_closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, is_last = self._with_others(first)
            self._do(group)
            if is_last:
                return

    def _with_others(
        self, first: tuple[W, Future[None]]
    ) -> tuple[list[tuple[W, Future[None]]], bool]:
        group = [first]
        while len(group) < _MOST:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                return group, True
            group.append(waiting)
        return group, False

    def _do(self, group: Sequence[tuple[W, Future[None]]]) -> None:
        try:
            answers = self._write([work for work, _ in group])
        except Exception as failure:
            answers = [failure] * len(group)
        for (_, done), answer in zip(group, answers, strict=True):
            if answer is None:
                done.set_result(None)
            else:
                done.set_exception(answer)

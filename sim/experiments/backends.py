"""Backends: where the replications of an experiment are computed."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sim.experiments.parallel import Progress, Task, Workers, in_order, workers

__all__ = ["Backend", "ClusterLost", "KeptBackend", "LocalBackend", "NoCluster"]

R = TypeVar("R")


class NoCluster(Exception):
    """No use can be made of a scheduler: `reason` is `unreachable`, `workers` (there are none) or
    `versions` (`detail` says which differ)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class ClusterLost(Exception):
    """The scheduler went away, or every worker that took a replication died over it."""


class Backend(Protocol):
    """Computes numbers of a task; what comes back depends on the task and the number alone."""

    def workers(self, at_most: int) -> int:
        """How many processes work on `at_most` numbers."""
        ...

    def in_order(
        self, task: Task[R], at_most: int, on_progress: Progress
    ) -> AbstractContextManager[Iterator[R]]:
        """An iterator of task(0), …, task(at_most - 1), computed a little ahead of what is taken.

        `on_progress(number, µs)` is called now and then, as far as the backend knows. Leaving the
        context, by whatever way, leaves no work behind.
        """
        ...


@dataclass(frozen=True)
class LocalBackend:
    """`jobs` processes of this machine (None: one per processor). Raises BrokenProcessPool when
    one was ended from outside."""

    jobs: int | None = None

    def workers(self, at_most: int) -> int:
        """No more than numbers."""
        return workers(self.jobs, at_most)

    def in_order(
        self, task: Task[R], at_most: int, on_progress: Progress
    ) -> AbstractContextManager[Iterator[R]]:
        """As `parallel.in_order`: with one process it is this one."""
        return in_order(task, self.jobs, at_most, on_progress)


class KeptBackend:
    """The processes of `pool`, kept from one experiment to the next."""

    def __init__(self, pool: Workers) -> None:
        self._pool = pool

    def workers(self, at_most: int) -> int:
        """No more than numbers."""
        return workers(self._pool.jobs, at_most)

    def in_order(
        self, task: Task[R], at_most: int, on_progress: Progress
    ) -> AbstractContextManager[Iterator[R]]:
        """As `Workers.in_order`."""
        return self._pool.in_order(task, at_most, on_progress)

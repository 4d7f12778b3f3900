"""Replications on a Dask cluster: the same results, wherever they are computed.

Dask is an extra (`pip install -e '.[dask]'`); nothing else of the project imports it. Workers need
the same checkout and packages: what they have is compared with what is here before anything runs,
the checkout by a digest of its sources.
A task whose worker is lost is given to another one by Dask's scheduler.
"""

import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final, TypeVar

import distributed
from distributed import CancelledError, KilledWorker

from sim.experiments.backends import ClusterLost, NoCluster
from sim.experiments.parallel import Progress, Task
from sim.experiments.sources import FIGURES, TWIN, sources_digest

__all__ = ["DaskBackend", "connected"]

R = TypeVar("R")
dask: Any = distributed  # it has no types

_CONNECT_S: Final = 5.0
_POLL_S: Final = 0.2  # how often whoever waits hears of it; results are waited for, not polled
# Replications under way for each thread of a worker: one runs, one is at hand. With `jobs` there is
# none at hand, as a free thread would run it.
_DEPTH: Final = 2
# Those that figures depend on, beside the sources of the checkout.
_PACKAGES: Final = ("numpy", "numba", "simpy", "scipy")
_SHOWN: Final = 12  # hexadecimal digits of a digest: a person reads them


class DaskBackend:
    """Computes on the workers of `client`'s scheduler, at most `jobs` numbers at once (None: as
    many as there are threads of workers)."""

    def __init__(self, client: Any, jobs: int | None = None) -> None:
        self._client = client
        self._jobs = jobs

    def workers(self, at_most: int) -> int:
        """Threads of workers, no more than numbers."""
        threads = sum(self._client.nthreads().values())
        return max(min(self._jobs or threads, at_most), 1)

    @contextmanager
    def in_order(self, task: Task[R], at_most: int, on_progress: Progress) -> Iterator[Iterator[R]]:
        """As `Backend.in_order`; of progress it is told only that something is under way.

        Leaving the context takes back what has not begun; a replication that runs on a worker ends
        at its next sign of progress. The iterator raises ClusterLost.
        """
        pending: dict[int, Any] = {}
        try:
            yield self._ahead(task, at_most, on_progress, pending)
        finally:
            for future in pending.values():
                future.cancel(force=True)

    def _ahead(
        self, task: Task[R], at_most: int, on_progress: Progress, pending: dict[int, Any]
    ) -> Iterator[R]:
        """Results in order, while as many numbers as threads can use are under way (no more than
        `jobs`)."""
        depth = 1 if self._jobs else _DEPTH

        def submit(number: int) -> None:
            if number < at_most and number not in pending:
                pending[number] = self._client.submit(_work, task, number, pure=False)

        for number in range(at_most):
            for ahead in range(number, number + depth * self.workers(at_most)):
                submit(ahead)
            yield self._result(pending, number, on_progress)

    def _result(self, pending: dict[int, Any], number: int, on_progress: Progress) -> Any:
        while True:
            try:
                with self._client.as_current():
                    dask.wait([pending[number]], timeout=_POLL_S)
                break
            except TimeoutError:
                if self._client.status not in {"running", "connecting"}:
                    raise ClusterLost from None
                on_progress(number, 0)
            except CancelledError as error:
                raise ClusterLost from error
        try:
            return pending.pop(number).result()
        except (KilledWorker, CancelledError) as error:
            raise ClusterLost from error


@contextmanager
def connected(scheduler: str, jobs: int | None = None) -> Iterator[DaskBackend]:
    """The backend of the scheduler at an address such as `tcp://host:8786`; raises NoCluster."""
    try:
        client = dask.Client(scheduler, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster("unreachable", " ".join(str(error).split())) from error
    try:
        if not client.nthreads():
            raise NoCluster("workers")
        own = _versions()
        try:
            found = client.run(_versions)
        except ImportError as error:
            raise NoCluster("versions", str(error)) from error
        for address, theirs in sorted(found.items()):
            if theirs != own:
                raise NoCluster("versions", f"{address}: {_differing(own, theirs)}")
        yield DaskBackend(client, jobs)
    finally:
        client.close()


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "-"
    digests = {"sources": sources_digest(FIGURES), "portal sources": sources_digest(TWIN)}
    return found | {name: digest[:_SHOWN] for name, digest in digests.items()}


def _differing(own: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} {theirs.get(name, '-')} ≠ {there}"
        for name, there in own.items()
        if theirs.get(name) != there
    )


class _TakenBack(Exception):
    """Nobody waits for this replication any more."""


def _work(task: Task[Any], number: int) -> Any:
    worker = dask.get_worker()
    key = worker.get_current_task()

    def on_progress(us: int) -> None:
        state = worker.state.tasks.get(key)
        if state is None or state.state == "cancelled":
            raise _TakenBack

    return task(number, on_progress)

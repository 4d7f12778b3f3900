"""A scheduler of Dask and its workers as processes of their own, on loopback."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.cli.running import ROOT, environment

_QUIET = ["--no-dashboard", "--host", "127.0.0.1"]


def _started(*words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment(), stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip


def _line(process: "subprocess.Popen[str]", pattern: str) -> "re.Match[str]":
    """The first line of its log that has `pattern`."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"no line with {pattern}")


@dataclass
class Cluster:
    """`workers` are in the order in which they were started."""

    address: str
    scheduler: "subprocess.Popen[str]"
    workers: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def start_workers(self, number: int) -> None:
        """Start so many, and wait until the scheduler has them."""
        words = ["distributed.cli.dask_worker", self.address, "--nthreads", "1", "--no-nanny"]
        begun = [_started(*words, *_QUIET) for _ in range(number)]
        self.workers += begun
        for worker in begun:
            _line(worker, "Registered to")


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """A scheduler with so many workers; all are gone afterwards."""
    scheduler = _started("distributed.cli.dask_scheduler", "--port", "0", *_QUIET)
    processes = [scheduler]
    try:
        address = _line(scheduler, r"Scheduler at:\s+(tcp://\S+)")[1]
        made = Cluster(address, scheduler)
        processes = made.workers
        made.start_workers(workers)
        yield made
    finally:
        for process in [scheduler, *processes]:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()

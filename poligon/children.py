"""Processes that a command starts and ends again, whatever happens to either.

Each has a session of its own, so that Ctrl-C at a terminal reaches the command alone and the
command decides in which order its children end; where Linux can, they are told when it is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

__all__ = ["Child", "child"]

_GRACE_S: Final = 10.0  # a server finishes answers in flight for five seconds
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


class Child:
    """A process with all that it has started; what it writes goes into the file `log`."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process = process
        self.log = log
        self.pid = process.pid

    @property
    def exit_code(self) -> int | None:
        """What it has ended with; None while it runs."""
        return self._process.poll()

    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait(self, timeout_s: float) -> int | None:
        """Its exit code; None if it runs longer."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def end(self, grace_s: float = _GRACE_S) -> None:
        """Ask it and all it has started to end; kill what is left after `grace_s`."""
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            self.wait(grace_s)
        self._signal(signal.SIGKILL)  # workers that their master has left behind
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


@contextmanager
def child(
    words: Sequence[str | Path],
    log: Path,
    variables: Mapping[str, str] | None = None,
    processors: Collection[int] | None = None,
) -> Iterator[Child]:
    """`words` run in a process that has ended when the block is left. `variables` of its
    environment besides our own; `processors` are those it may use (None: ours)."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(variables or {})},
            start_new_session=True,
            preexec_fn=_beginning(processors),  # noqa: PLW1509 - system calls alone
        )
    started = Child(process, log)
    try:
        yield started
    finally:
        started.end()


def _beginning(processors: Collection[int] | None) -> Callable[[], None] | None:
    """Called in the child: a killed parent takes it along, and it keeps to its processors."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)

    def begin() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if processors is not None:
            os.sched_setaffinity(0, processors)

    return begin

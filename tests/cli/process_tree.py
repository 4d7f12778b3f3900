"""Processes as Linux tells of them in /proc: who was started by whom, and who still runs."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

DEADLINE_S = 60.0

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux's /proc")


def children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def workers(pid: int) -> list[int]:
    """Of the children, those that simulate."""
    return [c for c in children(pid) if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


def is_alive(pid: int) -> bool:
    """False also for one that has ended and waits for its parent to notice."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Poll: what is waited for is another process, which tells nobody."""
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, what
        os.sched_yield()


def wait_for_end(processes: list[int]) -> None:
    wait_until(lambda: not any(map(is_alive, processes)), f"{processes} still live")

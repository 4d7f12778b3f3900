"""Processors of their own for a server and for those who measure it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["processors_apart"]


@contextmanager
def processors_apart() -> Iterator[frozenset[int] | None]:
    """Keep this thread, and what it starts, to half of the processors that it may use; the other
    half is what a server that is measured gets. None, and nothing is kept, where there is but one
    or the system can't (Linux can)."""
    if sys.platform != "linux" or len(all_of_us := sorted(os.sched_getaffinity(0))) < 2:
        yield None
        return
    served = frozenset(all_of_us[: len(all_of_us) // 2])
    os.sched_setaffinity(0, set(all_of_us) - served)
    try:
        yield served
    finally:
        os.sched_setaffinity(0, all_of_us)

"""Tasks for workers that are processes of their own: light, as each of them imports this."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

MARK = "POLIGON_TEST_MARK"  # in the environment: the file that says that a worker was killed


def number(number: int, on_progress: Callable[[int], None]) -> int:
    """The number itself."""
    return number


def square_once_killed(number: int, on_progress: Callable[[int], None]) -> int:
    """The square of the number; number 3 ends its worker the first time."""
    mark = Path(os.environ[MARK])
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def endless(number: int, on_progress: Callable[[int], None]) -> int:
    """Never ends by itself."""
    while True:
        on_progress(1)
        time.sleep(0.01)

"""Signals that ask the program to end, as an exception that clears up on its way out.

Only the standard library: handlers stand before anything else is imported, which takes a second.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interrupted", "heed", "interruptible"]

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is not known everywhere


class Interrupted(BaseException):
    """A signal asks the program to end: not an error, so that nothing on the way catches it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number  # as a shell tells it: Ctrl-C is 130


_asked: list[int] = []  # the first signal that came, while somebody listens


def heed() -> None:
    """Raise Interrupted if a signal has come: code that calls back may have swallowed the first."""
    if _asked:
        raise Interrupted(_asked[0])


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the first signal to end raises Interrupted; later ones leave the clearing up alone.

    Only for the main thread. Signals that the caller of the program ignores stay ignored.
    """
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    caught = [number for number in numbers if before[number] is not signal.SIG_IGN]

    def stop(number: int, _: FrameType | None) -> None:
        if not _asked:
            _asked.append(number)
            heed()

    try:
        for number in caught:
            signal.signal(number, stop)
        yield
    except Exception:
        heed()  # compiled modules turn what is raised while they load into errors of their own
        raise
    finally:
        for number in caught:
            signal.signal(number, before[number])
        _asked.clear()

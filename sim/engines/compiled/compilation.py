"""The loop as one compiled function, and where its machine code is kept.

numba keeps code beside the source (or in the user's cache, if that cannot be written to) and looks
at the one file of a function only; so the key of what is kept holds a fingerprint of all that goes
into it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import njit
from numba.core import types

from sim.engines.compiled.fingerprint import fingerprint
from sim.engines.compiled.layout import STATE, Record
from sim.engines.compiled.loop import begin_run, end_run, run_until

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["BEGIN", "END", "RUN", "loop", "prepare"]

BEGIN, RUN, END = range(3)

_typeof: Any = numba.typeof


def loop() -> Callable[[Record, int], int]:
    """The compiled loop: `loop()(state, what)` with BEGIN, RUN or END."""
    made: Callable[[Record, int], int] = _dispatcher()
    return made


def prepare(on_compile: Callable[[], None] = lambda: None) -> None:
    """Have the loop ready to run in this process; `on_compile` is called if its machine code is
    kept nowhere, so that it takes some twenty seconds."""
    made = _dispatcher()
    if made.signatures:
        return
    signature = (_typeof(np.zeros(1, STATE)), types.int64)
    # Whoever comes second finds what the first has kept.
    with _alone(made):
        if made._cache.load_overload(signature, made.targetctx) is None:
            on_compile()
        made.compile(signature)


@contextmanager
def _alone(made: Any) -> Iterator[None]:
    """Only one process of this machine is in here, where there is a folder to keep code in and the
    system has locks on its files."""
    folder = getattr(made._cache, "cache_path", None)
    if fcntl is None or folder is None:
        yield
        return
    with (Path(folder) / "loop.lock").open("w") as lock:
        with suppress(OSError):  # a folder on a network may have none
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def _dispatcher() -> Any:
    return _kept("".join(fingerprint(part) for part in (begin_run, run_until, end_run)))


def _kept(made_of: str) -> Any:
    def act(state: Record, what: int) -> int:
        st = state[0]
        if what == RUN:
            return run_until(st)
        if what == BEGIN:
            begin_run(st)
        elif what == END:
            end_run(st)
        return len(made_of)  # a closure over it is what makes it part of the key

    compile_with: Any = njit(cache=True, error_model="numpy", nogil=True)
    try:
        return compile_with(act)
    except RuntimeError:
        return njit(error_model="numpy", nogil=True)(act)

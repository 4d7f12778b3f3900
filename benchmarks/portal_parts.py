"""Where the CPU time of submissions goes: samples of the stack, one in so much CPU time of the
process. While the submitting thread waits for the thread that writes, it is that one's time."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Final

__all__ = ["shares_of"]

_EVERY_S: Final = 0.001
_OTHER: Final = "use cases, policy, the rest"
_PARTS: Final = {
    "portal/store/group_commit": "store: transactions",
    "portal/store/prepared": "store: queries",
    "portal/store/": "records from and to JSON",
    "portal/rules/": "rules",
    "portal/registries/signatures": "signature and certificate",
    "/signatures/": "signature and certificate",
    "/pydantic/": "forms from JSON",
    "portal/certificates/": "signature and certificate",
    "portal/documents/": "rules",
    "portal/organizations/form_check": "rules",
}
"""The innermost function that is in one of these files decides."""


def shares_of(work: Callable[[], object]) -> Mapping[str, float]:
    """How the CPU time of `work` falls to parts, as shares of 1. In the main thread only."""
    seen: Counter[str] = Counter()
    with _sampling(seen):
        work()
    return {part: count / seen.total() for part, count in seen.most_common()}


@contextmanager
def _sampling(seen: Counter[str]) -> Iterator[None]:
    def sample(_: int, frame: FrameType | None) -> None:
        seen[_part_of(frame)] += 1

    before = signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, _EVERY_S, _EVERY_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _part_of(frame: FrameType | None) -> str:
    while frame is not None:
        name = frame.f_code.co_filename
        for place, part in _PARTS.items():
            if place in name:
                return part
        frame = frame.f_back
    return _OTHER

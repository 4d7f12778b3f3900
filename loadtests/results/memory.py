"""Whether a server's memory stays where it is while the same load goes on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.results.result import ServerSeries
from loadtests.samples import PREPARATION

__all__ = ["MemoryGrowth", "memory_growth", "settled_s"]

_PART: Final = 5  # of the time: its first and last fifth are compared
_FEWEST: Final = 3  # looks at the memory in each of them
_LATEST: Final = 0.5  # of the run: who is prepared later only takes somebody's place
_MOST_PREPARED: Final = 0.99  # one more is prepared whenever a case has spoilt its person


@dataclass(frozen=True)
class MemoryGrowth:
    """By which share resident memory has grown; None if a run is too short to tell."""

    share: float | None


def settled_s(samples: npt.NDArray[np.void]) -> float:
    """When the people of a run were prepared, in seconds since its start: 99 in 100 of the requests
    for that were over. 0 if everybody was beforehand."""
    prepared = samples["ended_us"][samples["journey"] == PREPARATION.encode()]
    return float(np.quantile(prepared, _MOST_PREPARED)) / 1e6 if len(prepared) else 0.0


def memory_growth(server: ServerSeries, from_s: float, to_s: float) -> MemoryGrowth | None:
    """From the first fifth of a time to its last one, by their medians; None for a server whose
    process is not visible. The time begins at `from_s`, at the latest halfway through the run: two
    moments at its end would be alike however the memory grows."""
    if not server.at:
        return None
    at, memory = np.array(server.at, float), np.array(server.memory_mb, float)
    from_s = min(from_s, _LATEST * to_s)
    part_s = (to_s - from_s) / _PART
    first = memory[(at >= from_s) & (at < from_s + part_s)]
    last = memory[(at >= to_s - part_s) & (at < to_s)]
    if min(len(first), len(last)) < _FEWEST:
        return MemoryGrowth(None)
    before = float(np.median(first))
    return MemoryGrowth(float(np.median(last)) / before - 1.0 if before > 0 else None)

"""Where the warm-up of a stationary run ends: MSER-5 (White 1997; White, Cobb, Spratt 2000) on a
few pilot replications."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engines.choice import EngineName, simulate
from sim.engines.recording import CASE, Block
from sim.experiments.backends import Backend
from sim.experiments.parallel import Progress
from sim.model.model import Model

__all__ = ["BATCH", "PILOTS", "automatic_warmup", "mser5"]

BATCH = 5
PILOTS = 5


def automatic_warmup(
    model: Model,
    replications: int,
    backend: Backend,
    on_progress: Progress,
    engine: EngineName = "simpy",
) -> int:
    """The latest cut (µs) of up to five pilots, no more than `replications`.

    MSER-5 is taken of the times in system in order of arrival. The pilots run on `backend`
    and `engine`, on which the cut does not depend.
    """
    with backend.in_order(_Pilot(model, engine), min(PILOTS, replications), on_progress) as cuts:
        return max(cuts)


@dataclass(frozen=True)
class _Pilot:
    """The task of a worker: where the warm-up of one replication ends (µs)."""

    model: Model
    engine: EngineName

    def __call__(self, number: int, on_progress: Callable[[int], None]) -> int:
        sink = _Sojourns()
        simulate(self.engine, self.model, number, [sink], on_progress=on_progress)
        rows = np.concatenate(sink.rows)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        cut = mser5((rows[:, 1] - rows[:, 0]).astype(np.float64))
        return int(rows[cut, 0]) if cut else 0


class _Sojourns:
    """A sink that keeps arrival and end (µs) of completed cases."""

    def __init__(self) -> None:
        self.rows: list[Block] = []

    def visits(self, block: Block) -> None:
        pass

    def cases(self, block: Block) -> None:
        whole = (block[:, CASE.COMPLETED] == 1) & (block[:, CASE.INNER] == 0)
        self.rows.append(block[whole][:, [CASE.ARRIVED, CASE.ENDED]])


def mser5(series: npt.NDArray[np.float64]) -> int:
    """How many leading observations to drop: the cut, in batches of five, that minimises the
    marginal standard error of what is left.

    Only cuts of at most half count: with few batches left the statistic falls for want of them. A
    cut at the half says that the run is too short.
    """
    batches = len(series) // BATCH
    if batches < 2:
        return 0
    means = series[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    left = np.arange(batches, 0, -1)
    # Deviations from the overall mean: the sums of squares then lose no digits.
    shifted = means - means.mean()
    total = np.cumsum(shifted[::-1])[::-1]
    squares = np.cumsum((shifted**2)[::-1])[::-1]
    spread = np.maximum(squares - total**2 / left, 0.0)
    marginal = spread / left.astype(np.float64) ** 2
    candidates = marginal[: batches // 2 + 1]
    return int(np.argmin(candidates)) * BATCH

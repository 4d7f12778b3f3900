"""What the model says of each case of a journey: when it ends, and how."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engines.choice import chosen, simulate
from sim.engines.recording import CASE, Block
from sim.model.model import Model
from world.microseconds import SECOND_US

__all__ = ["Cases", "predicted"]


@dataclass(frozen=True)
class Cases:
    """Cases by their number, ascending: `arrived_s` and `time_s` in seconds of the wall, whether
    they are `completed`. The others were refused or have given up, but for those who `failed`: live
    cases whose answers were wrong or that had no end."""

    number: npt.NDArray[np.int64]
    arrived_s: npt.NDArray[np.float64]
    time_s: npt.NDArray[np.float64]
    completed: npt.NDArray[np.bool_]
    failed: int = 0

    def __len__(self) -> int:
        return len(self.number)

    @property
    def times_s(self) -> npt.NDArray[np.float64]:
        """Times of the completed."""
        times: npt.NDArray[np.float64] = self.time_s[self.completed]
        return times

    @property
    def refused(self) -> int:
        """How many were not completed, and have not failed."""
        return int((~self.completed).sum()) - self.failed


def predicted(model: Model, replication: int, speed: float = 1.0) -> Cases:
    """The cases of a simulation of `model`, of whichever journey; EndlessCase."""
    rows = _Rows()
    simulate(chosen("auto", model, 1), model, replication, [rows])
    blocks = rows.blocks or [np.zeros((0, len(CASE)), np.int64)]
    cases = np.concatenate(blocks)
    cases = cases[cases[:, CASE.INNER] == 0]
    cases = cases[np.argsort(cases[:, CASE.NUMBER], kind="stable")]
    to_wall = speed * SECOND_US
    return Cases(
        number=cases[:, CASE.NUMBER],
        arrived_s=cases[:, CASE.ARRIVED] / to_wall,
        time_s=(cases[:, CASE.ENDED] - cases[:, CASE.ARRIVED]) / to_wall,
        completed=cases[:, CASE.COMPLETED] == 1,
    )


class _Rows:
    """A sink that keeps cases."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []

    def visits(self, block: Block) -> None:
        """As `sim.engines.recording` says."""

    def cases(self, block: Block) -> None:
        """As `sim.engines.recording` says."""
        self.blocks.append(block.copy())

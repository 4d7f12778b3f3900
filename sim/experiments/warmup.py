"""MSER-5: where the warm-up of a stationary run ends (White 1997; White, Cobb, Spratt 2000)."""

import numpy as np
import numpy.typing as npt

__all__ = ["BATCH", "mser5"]

BATCH = 5


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

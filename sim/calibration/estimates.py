"""Estimated parameters with their 95% intervals: means, shares, rates."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from sim.experiments.intervals import CONFIDENCE

__all__ = ["TAIL", "Estimate", "Z", "mean_of", "poisson_interval", "share_of"]

TAIL: Final = (1.0 - CONFIDENCE) / 2.0
Z: Final = float(stats.norm.ppf(1.0 - TAIL))


@dataclass(frozen=True)
class Estimate:
    """A parameter: its `key` in the report, value and 95% interval (None: the log does not bound
    it on that side), from `n` observations. `unit`: seconds, share, count, per_day, weight,
    time_of_day (minutes)."""

    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    n: int

    def holds(self, truth: float) -> bool:
        """Whether the interval has the value; rounding of the last digit is forgiven."""
        room = 1e-9 * max(1.0, abs(truth))
        return (self.low is None or self.low - room <= truth) and (
            self.high is None or truth <= self.high + room
        )


def share_of(key: str, count: int, total: int) -> Estimate:
    """A share with the exact interval of Clopper and Pearson (1934)."""
    low = stats.beta.ppf(TAIL, count, total - count + 1) if count else 0.0
    high = stats.beta.ppf(1 - TAIL, count + 1, total - count) if count < total else 1.0
    return Estimate(key, count / total, float(low), float(high), "share", total)


def poisson_interval(count: int) -> tuple[float, float]:
    """The exact interval of the mean of a Poisson count (Garwood 1936)."""
    low = stats.chi2.ppf(TAIL, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.ppf(1 - TAIL, 2 * count + 2) / 2)


def mean_of(key: str, values: npt.NDArray[np.float64]) -> Estimate:
    """A mean of seconds with Student's t; no interval from one value."""
    n = len(values)
    mean = float(np.mean(values))
    if n < 2:
        return Estimate(key, mean, None, None, "seconds", n)
    half = float(stats.t.ppf(1 - TAIL, n - 1)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return Estimate(key, mean, max(mean - half, 0.0), mean + half, "seconds", n)

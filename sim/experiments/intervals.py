"""Intervals: means over independent replications with Student's t."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from scipy.special import stdtrit

from sim.experiments.results import Figure

__all__ = ["CONFIDENCE", "half_width", "jackknifed", "mean_interval"]

CONFIDENCE = 0.95

P = TypeVar("P")


def mean_interval(values: Sequence[float | None], confidence: float = CONFIDENCE) -> Figure:
    """Mean of the values that exist and its two-sided t-interval; no interval from fewer than
    two."""
    present = [value for value in values if value is not None]
    if not present:
        return Figure(None)
    mean = math.fsum(present) / len(present)
    if len(present) == 1:
        return Figure(mean, replications=1)
    half = half_width(present, confidence)
    return Figure(mean, mean - half, mean + half, len(present))


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float:
    """Half the width of the t-interval of a mean: t(n - 1) * s / sqrt(n), for n >= 2 values."""
    n = len(values)
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return float(stdtrit(n - 1, (1.0 + confidence) / 2.0)) * math.sqrt(variance / n)


def jackknifed(parts: Sequence[P], statistic: Callable[[Sequence[P]], float]) -> Figure:
    """A statistic of all replications together, such as a quantile of what they have in all, with
    the t-interval of the jackknife's pseudo-values about it (Miller 1974); none from fewer than
    two."""
    n, whole = len(parts), statistic(parts)
    if n < 2:
        return Figure(whole, replications=n)
    without = [statistic([*parts[:i], *parts[i + 1 :]]) for i in range(n)]
    half = half_width([n * whole - (n - 1) * each for each in without])
    return Figure(whole, whole - half, whole + half, n)

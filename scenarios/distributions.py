"""Distributions of a scenario, bound to the compiled draws of the country."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from world import draws

__all__ = [
    "Distribution",
    "constant",
    "empirical",
    "erlang",
    "exponential",
    "hyperexponential",
    "lognormal",
    "triangular",
    "uniform",
]


@dataclass(frozen=True)
class Distribution:
    """A distribution of durations: `kind` and parameters of `world.draws.sample`, times in µs."""

    kind: int
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    mean_us: float = 0.0
    table: tuple[float, ...] = ()
    _array: npt.NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_array", np.array(self.table, np.float64))

    def draw(self, entity: int, node: int, visit: int, k: int) -> int:
        """The duration in µs that belongs to (entity, node, visit, k)."""
        if self.kind >= draws.HYPEREXPONENTIAL:
            return draws.draw_table(entity, node, visit, k, self.kind, self._array)
        return draws.draw(entity, node, visit, k, self.kind, self.a, self.b, self.c)

    @property
    def is_zero(self) -> bool:
        """True if every draw is 0: it takes no time."""
        return self.mean_us == 0.0


def constant(us: int) -> Distribution:
    """Always `us`."""
    return Distribution(draws.CONSTANT, float(us), mean_us=float(us))


def exponential(mean_us: float) -> Distribution:
    """Exponential with mean `mean_us`."""
    return Distribution(draws.EXPONENTIAL, mean_us, mean_us=mean_us)


def lognormal(mean_us: float, cv: float) -> Distribution:
    """With mean `mean_us` and coefficient of variation `cv` > 0.

    `a` is the mean, `b` the standard deviation of the logarithm.
    """
    variance = draws.log(1.0 + cv * cv)
    mu = draws.log(mean_us) - variance / 2.0
    return Distribution(draws.LOGNORMAL, mu, math.sqrt(variance), mean_us=mean_us)


def uniform(low_us: float, high_us: float) -> Distribution:
    """Uniform from `low_us` to `high_us`."""
    return Distribution(draws.UNIFORM, low_us, high_us, mean_us=(low_us + high_us) / 2.0)


def triangular(low_us: float, mode_us: float, high_us: float) -> Distribution:
    """Triangular from `low_us` to `high_us`, which differ, most likely near `mode_us`."""
    mean_us = (low_us + mode_us + high_us) / 3.0
    return Distribution(draws.TRIANGULAR, low_us, mode_us, high_us, mean_us)


def erlang(k: int, mean_us: float) -> Distribution:
    """The sum of `k` exponential stages, `mean_us` in all."""
    return Distribution(draws.ERLANG, mean_us, float(k), mean_us=mean_us)


def hyperexponential(p: list[float], means_us: list[float]) -> Distribution:
    """Exponential with mean `means_us[i]` with probability `p[i]`."""
    table = (*np.cumsum(p).tolist(), *(float(m) for m in means_us))
    mean_us = float(sum(share * mean for share, mean in zip(p, means_us, strict=True)))
    return Distribution(draws.HYPEREXPONENTIAL, mean_us=mean_us, table=table)


def empirical(values_us: list[int]) -> Distribution:
    """One of the observed values, each as likely; sorted, so that a draw grows with its number."""
    table = tuple(float(v) for v in sorted(values_us))
    mean_us = math.fsum(table) / len(table)
    return Distribution(draws.EMPIRICAL, mean_us=mean_us, table=table)

"""Prediction beside measurement: figures of both, how far apart they are, and how sure that is.

The relative error of a figure has an interval over replications: each has arrivals of its own, the
same in the model and live, so that what both have in common cancels out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.validation.prediction import Cases
from sim.experiments.intervals import mean_interval

__all__ = ["FIGURES", "Compared", "Pair", "compared", "quantile_curve"]

FIGURES: Final = ("mean", "p50", "p95", "p99", "throughput", "refused", "failed")
_SHARES: Final = ("refused", "failed")
_QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One replication: what was predicted, and what was measured, over `span_s` seconds."""

    predicted: Cases
    live: Cases
    span_s: float


@dataclass(frozen=True)
class Compared:
    """A figure of all replications together; times in seconds, `throughput` in cases a second that
    were completed before arrivals ended, `refused` and `failed` shares; `failed` has who failed
    and whoever the model has and the live run has not, or the other way round. `error` is relative
    (of shares: the difference), its interval `low` to `high` over replications; `tolerance` and
    `is_met` are None where none is asked for.
    """

    figure: str
    predicted: float
    live: float
    error: float
    low: float | None
    high: float | None
    tolerance: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the error is inside the tolerance."""
        return None if self.tolerance is None else abs(self.error) <= self.tolerance


def compared(pairs: Sequence[Pair], tolerances: dict[str, float]) -> list[Compared]:
    """Every figure; those of `tolerances` are judged by the value of all replications together."""
    found = []
    for figure in FIGURES:
        predicted, live = (
            _figure(figure, [getattr(pair, side) for pair in pairs], pairs)
            for side in ("predicted", "live")
        )
        errors = [
            _error(
                figure,
                _figure(figure, [pair.predicted], [pair]),
                _figure(figure, [pair.live], [pair]),
            )
            for pair in pairs
        ]
        interval = mean_interval(errors)
        found.append(
            Compared(
                figure,
                predicted,
                live,
                _error(figure, predicted, live),
                interval.low,
                interval.high,
                tolerances.get(figure),
            )
        )
    return found


def quantile_curve(times_s: Sequence[Floats], shares: Sequence[float]) -> list[float]:
    """Quantiles of all times together, at `shares`; nothing where there are no times."""
    whole = np.concatenate([np.zeros(0), *times_s])
    if not len(whole):
        return []
    curve: list[float] = np.quantile(whole, list(shares)).tolist()
    return curve


def _figure(figure: str, cases: Sequence[Cases], pairs: Sequence[Pair]) -> float:
    times = np.concatenate([np.zeros(0), *(each.times_s for each in cases)])
    if figure == "throughput":
        return sum(_ended(c, p.span_s) for c, p in zip(cases, pairs, strict=True)) / sum(
            pair.span_s for pair in pairs
        )
    if figure == "refused":
        return sum(each.refused for each in cases) / max(sum(len(each) for each in cases), 1)
    if figure == "failed":
        lost = sum(_lost(c, p) for c, p in zip(cases, pairs, strict=True))
        return lost / max(sum(len(pair.predicted) for pair in pairs), 1)
    if not len(times):
        return 0.0
    if figure == "mean":
        return float(times.mean())
    return float(np.quantile(times, _QUANTILES[figure]))


def _lost(cases: Cases, pair: Pair) -> int:
    """Cases that have failed, and those that only one side has."""
    return cases.failed + len(np.setxor1d(cases.number, pair.predicted.number))


def _ended(cases: Cases, span_s: float) -> int:
    """How many were completed while others still came."""
    return int((cases.completed & (cases.arrived_s + cases.time_s <= span_s)).sum())


def _error(figure: str, predicted: float, live: float) -> float:
    if figure in _SHARES:
        return live - predicted
    return live / predicted - 1.0 if predicted else 0.0

"""Prediction beside measurement: figures of both, how far apart they are, and how sure that is.

Figures are of all replications together, and so is the error of one, with the interval of the
jackknife over them: each has arrivals of its own, the same in the model and live, so that what both
have in common cancels out. Of a ratio it is made on its logarithm, in which too fast and too slow
weigh the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from loadtests.validation.prediction import Cases
from sim.experiments.intervals import jackknifed

__all__ = ["FIGURES", "Compared", "Pair", "compared", "quantile_curve"]

FIGURES: Final = ("mean", "p50", "p95", "p99", "throughput", "refused", "failed")
_SHARES: Final = ("refused", "failed")
_QUANTILES: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One replication: what was predicted, once or by several draws, and what was measured, over
    `span_s` seconds."""

    predicted: Sequence[Cases]
    live: Cases
    span_s: float


@dataclass(frozen=True)
class Compared:
    """A figure of all replications together; times in seconds, `throughput` in cases a second that
    were completed before arrivals ended, `refused` and `failed` shares; `failed` has who failed
    and whoever the model has and the live run has not, or the other way round. `error` is relative
    (of shares: the difference; infinite if there is nothing to relate to), `low` to `high` its 95%
    interval; `tolerance` and `is_met` are None where none is asked for.
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

    @property
    def is_shown(self) -> bool | None:
        """Whether the whole interval is: so many replications tell no other outcome."""
        if self.tolerance is None or self.low is None or self.high is None:
            return None
        return -self.tolerance <= self.low and self.high <= self.tolerance


def compared(pairs: Sequence[Pair], tolerances: dict[str, float]) -> list[Compared]:
    """Every figure; those of `tolerances` are judged by the value of all replications together."""
    return [_compared(figure, pairs, tolerances.get(figure)) for figure in FIGURES]


def _compared(figure: str, pairs: Sequence[Pair], tolerance: float | None) -> Compared:
    predicted, live = _both(figure, pairs)
    low = high = None
    if figure in _SHARES:
        apart = jackknifed(pairs, lambda some: _difference(figure, some))
        error, low, high = live - predicted, apart.low, apart.high
    elif predicted > 0.0 and live > 0.0:
        ratio = jackknifed(pairs, lambda some: _log_ratio(figure, some))
        error = live / predicted - 1.0
        if ratio.low is not None and ratio.high is not None and math.isfinite(ratio.high):
            low, high = math.expm1(ratio.low), math.expm1(ratio.high)
    else:
        error = 0.0 if predicted == live else math.inf
    return Compared(figure, predicted, live, error, low, high, tolerance)


def _both(figure: str, pairs: Sequence[Pair]) -> tuple[float, float]:
    """What is predicted, and what was live."""
    drawn = [(cases, pair) for pair in pairs for cases in pair.predicted]
    return _figure(figure, drawn), _figure(figure, [(pair.live, pair) for pair in pairs])


def _difference(figure: str, pairs: Sequence[Pair]) -> float:
    predicted, live = _both(figure, pairs)
    return live - predicted


def _log_ratio(figure: str, pairs: Sequence[Pair]) -> float:
    predicted, live = _both(figure, pairs)
    return math.log(live / predicted) if predicted > 0.0 and live > 0.0 else math.nan


def quantile_curve(times_s: Sequence[Floats], shares: Sequence[float]) -> list[float]:
    """Quantiles of all times together, at `shares`; nothing where there are no times."""
    whole = np.concatenate([np.zeros(0), *times_s])
    if not len(whole):
        return []
    curve: list[float] = np.quantile(whole, list(shares)).tolist()
    return curve


def _figure(figure: str, seen: Sequence[tuple[Cases, Pair]]) -> float:
    """Of the cases of some replications together."""
    if figure == "throughput":
        ended = sum(_ended(cases, pair.span_s) for cases, pair in seen)
        return ended / sum(pair.span_s for _, pair in seen)
    if figure == "refused":
        refused = sum(cases.refused for cases, _ in seen)
        return refused / max(sum(len(cases) for cases, _ in seen), 1)
    if figure == "failed":
        lost = sum(_lost(cases, pair) for cases, pair in seen)
        return lost / max(sum(len(pair.predicted[0]) for _, pair in seen), 1)
    times = np.concatenate([np.zeros(0), *(cases.times_s for cases, _ in seen)])
    if not len(times):
        return 0.0
    if figure == "mean":
        return float(times.mean())
    return float(np.quantile(times, _QUANTILES[figure]))


def _lost(cases: Cases, pair: Pair) -> int:
    """Cases that have failed, and those that only one side has."""
    return cases.failed + len(np.setxor1d(cases.number, pair.predicted[0].number))


def _ended(cases: Cases, span_s: float) -> int:
    """How many were completed while others still came."""
    return int((cases.completed & (cases.arrived_s + cases.time_s <= span_s)).sum())

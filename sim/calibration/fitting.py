"""Which distribution of the scenario format a sample of durations is, and how well it fits."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.calibration.estimates import Estimate, mean_of
from sim.calibration.families import FAMILIES, Candidate, thinned, written_seconds
from world.microseconds import SECOND_US

__all__ = ["FITS_WITHIN", "Fit", "fit"]

Floats = npt.NDArray[np.float64]

FITS_WITHIN: Final = 0.05
"""The largest distance of Kolmogorov and Smirnov at which a family fits, however large the sample:
no real process is exactly a family, and with many observations every one is refused."""

_CRITICAL: Final[Mapping[str, float]] = {
    "exponential": 1.308,
    "lognormal": 1.035,
    "uniform": 1.628,
    "erlang": 1.308,
    "triangular": 1.308,
    "hyperexponential": 1.308,
}
"""1% points of √n · D by family: samples of it are this far by luck. Exponential and lognormal
(with normal logarithms), fitted to the very sample: Stephens, JASA 69 (1974), 730-737. Uniform:
Kolmogorov's, as its ends are values of the sample and the rest lies between them as if they were
known. No table is at hand for the others; simulated samples of them are about as far as those of
the exponential (Erlang with k = 2: 1.2, triangular: 1.3, hyperexponential: 1.1)."""

_AS_GOOD: Final = 2.0  # AIC this near to the best is no evidence: the family with fewer parameters
_MOST_KEPT: Final = 5_000  # values in the file of an empirical distribution
_NEAR: Final = 0.25
_FEW: Final = 5  # observations that no family is fitted to
_HISTOGRAM_BINS: Final = 30


@dataclass(frozen=True)
class Fit:
    """The distribution chosen for a sample of `n` durations.

    `written` is what the scenario says; for `empirical` it lacks the file, whose values are
    `kept_us`. `mean` and `cv` are the sample's. `distance` is Kolmogorov and Smirnov's D between
    sample and family, `p` its probability by chance (too large a one: the parameters are of the
    same sample); None where nothing was fitted. `aic` is by family. `histogram`: edges in seconds,
    share of the sample and of the fit in each bin.
    """

    family: str
    written: dict[str, object]
    estimates: tuple[Estimate, ...]
    n: int
    mean: Estimate
    cv: float
    distance: float | None
    p: float | None
    aic: Mapping[str, float]
    kept_us: tuple[int, ...] = ()
    histogram: tuple[tuple[float, float, float | None], ...] = field(default=(), compare=False)

    @property
    def is_zero(self) -> bool:
        """Whether it takes no time."""
        return self.family == "constant" and self.mean.value == 0.0


def fit(us: npt.NDArray[np.int64]) -> Fit:
    """Choose the family by AIC; the one with fewer parameters if it is within 2 of the best. One
    that is further than `FITS_WITHIN` and than chance explains is refused: the sample itself is
    the distribution. `us` are durations in µs, at least one."""
    values = np.sort(us).astype(np.int64)
    x = values / SECOND_US
    mean = mean_of("mean", x)
    cv = float(np.std(x)) / mean.value if mean.value > 0 else 0.0
    if values[-1] - values[0] <= 1:
        constant: dict[str, object] = {"constant": written_seconds(float(x[0]))}
        value = Estimate("value", float(x[0]), float(x[0]), float(x[-1]), "seconds", len(x))
        return Fit("constant", constant, (value,), len(x), mean, cv, None, None, {})
    candidates = [c for c in _candidates(x) if _means_it(c, mean)] if len(x) >= _FEW else []
    aic = {candidate.family: candidate.aic(len(x)) for candidate in candidates}
    chosen = _best(candidates, aic)
    distance = None if chosen is None else _distance(x, chosen)
    p = None if distance is None else float(special.kolmogorov(distance * math.sqrt(len(x))))
    if chosen is None or distance is None or distance > _limit(chosen.family, len(x)):
        kept = tuple(thinned(values, _MOST_KEPT).tolist())
        histogram = _histogram(x, None)
        return Fit(
            "empirical", {}, (mean,), len(x), mean, cv, distance, p, aic, kept, histogram
        )  # fmt: skip
    estimates = chosen.estimates if chosen.refine is None else chosen.refine()
    histogram = _histogram(x, chosen)
    return Fit(
        chosen.family, chosen.written, estimates, len(x), mean, cv, distance, p, aic, (), histogram
    )


def _limit(family: str, n: int) -> float:
    """The distance at which a family fitted to `n` values is still taken."""
    return max(FITS_WITHIN, _CRITICAL[family] / math.sqrt(n))


def _candidates(x: Floats) -> list[Candidate]:
    found = (family(x) for family in FAMILIES.values())
    return [candidate for candidate in found if candidate is not None]


def _means_it(candidate: Candidate, mean: Estimate) -> bool:
    """Whether the family has about the sample's mean: a long tail that the sample does not have
    would rule every sum of such times."""
    near = abs(candidate.mean_s - mean.value) <= _NEAR * mean.value
    return near or (mean.holds(candidate.mean_s) and candidate.mean_s <= 2 * mean.value)


def _best(candidates: list[Candidate], aic: Mapping[str, float]) -> Candidate | None:
    if not candidates:
        return None
    least = min(aic.values())
    near = [c for c in candidates if aic[c.family] <= least + _AS_GOOD]
    return min(near, key=lambda c: (c.free, aic[c.family]))


def _distance(x: Floats, candidate: Candidate) -> float:
    n = len(x)
    expected = candidate.cdf(x)
    above = np.arange(1, n + 1) / n - expected
    below = expected - np.arange(n) / n
    return float(max(np.max(above), np.max(below)))


def _histogram(
    x: Floats, candidate: Candidate | None
) -> tuple[tuple[float, float, float | None], ...]:
    """(left edge, share of the sample, share of the fit) by bins of a logarithmic axis; the last
    edge has no shares."""
    positive = x[x > 0]
    if not len(positive):
        return ()
    low, high = float(np.quantile(positive, 0.002)), float(positive[-1])
    low = max(low, high * 1e-6)
    if high <= low * 1.0001:
        return ()
    edges = np.geomspace(low, high, _HISTOGRAM_BINS + 1)
    bounds = edges.copy()
    bounds[0], bounds[-1] = 0.0, np.inf
    places = np.searchsorted(x, bounds[:-1], side="left")
    counts = np.diff(np.append(places, len(x))) / len(x)
    fitted = None if candidate is None else np.diff(np.append(candidate.cdf(bounds[:-1]), 1.0))
    rows = [
        (float(edges[i]), float(counts[i]), None if fitted is None else float(fitted[i]))
        for i in range(_HISTOGRAM_BINS)
    ]
    return (*rows, (float(edges[-1]), 0.0, None))

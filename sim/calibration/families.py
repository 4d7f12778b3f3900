"""The distributions of the scenario format as families to fit: maximum likelihood, 95% intervals.

Durations are seconds, samples sorted. A family that cannot have made a sample gives no candidate.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from scenarios.durations import MICROSECONDS
from sim.calibration.estimates import TAIL, Estimate, Z
from world.microseconds import SECOND_US

__all__ = ["FAMILIES", "Candidate", "thinned", "written_seconds"]

Floats = npt.NDArray[np.float64]
Written = dict[str, object]
T = TypeVar("T", bound=np.generic)

_MOST_STAGES: Final = 100
_EM_STEPS: Final = 500
_RESAMPLES: Final = 100
# A unit from so many of it on.
_UNITS: Final = (("d", 2), ("h", 2), ("m", 2), ("s", 1), ("ms", 1))
_MOST_FOR_EM: Final = 20_000  # observations
_MOST_VARIED: Final = (
    20.0  # coefficient of variation: beyond it the mean is made by what nobody saw
)
_MOST_SKEWED: Final = 1.2  # a triangle's skewness is 0.57 at most
_MODES: Final = (0.15, 0.5, 0.85)  # shares of the range from which a triangle's mode is looked for
_MOST_FOR_SEARCH: Final = 5_000  # observations of a numeric search


@dataclass(frozen=True)
class Candidate:
    """A fitted family: what the scenario writes, parameters (keys without a prefix), the number of
    free ones, log-likelihood and distribution function."""

    family: str
    written: Written
    estimates: tuple[Estimate, ...]
    free: int
    mean_s: float
    log_likelihood: float
    cdf: Callable[[Floats], Floats] = field(compare=False)
    refine: Callable[[], tuple[Estimate, ...]] | None = field(default=None, compare=False)

    def aic(self, n: int) -> float:
        """Akaike's information criterion of a sample of `n`, corrected for small ones (Hurvich and
        Tsai 1989): smaller is better."""
        spare = n - self.free - 1
        if spare <= 0:
            return math.inf
        return 2.0 * self.free * n / spare - 2.0 * self.log_likelihood


def written_seconds(seconds: float) -> str:
    """A duration of a scenario: six significant digits in a unit that reads well, whole µs."""
    us = max(seconds, 0.0) * SECOND_US
    unit = next((u for u, least in _UNITS if us >= least * MICROSECONDS[u]), "us")
    number = Decimal(f"{us / MICROSECONDS[unit]:.6g}")
    if unit == "us":
        return f"{round(number)}us" if us else "0s"
    places = len(str(MICROSECONDS[unit])) - 1  # a finer part would be less than a microsecond
    plain = f"{round(number, places):f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) + unit


def _mean_written(seconds: float) -> str:
    """Of a mean, which may not be zero."""
    return written_seconds(max(seconds, 1.0 / SECOND_US))


def exponential(x: Floats) -> Candidate | None:
    """Exact interval: 2 n mean / true mean has a chi-square distribution with 2 n degrees."""
    n, mean = len(x), float(np.mean(x))
    if mean <= 0:
        return None
    bounds = _gamma_mean(mean, n)
    return Candidate(
        "exponential",
        {"exponential": {"mean": _mean_written(mean)}},
        (Estimate("mean", mean, *bounds, "seconds", n),),
        1,
        mean,
        -n * math.log(mean) - n,
        lambda t: -np.expm1(-np.maximum(t, 0) / mean),
    )


def _gamma_mean(mean: float, stages: int) -> tuple[float, float]:
    """Interval of a mean that was made by so many exponential stages in all."""
    double = 2 * stages
    low, high = stats.chi2.ppf(1 - TAIL, double), stats.chi2.ppf(TAIL, double)
    return float(double * mean / low), float(double * mean / high)


@np.errstate(over="ignore")
def lognormal(x: Floats) -> Candidate | None:
    """Intervals: of the mean by Cox's method (Zhou and Gao 1997), of the variation by chi-square of
    the variance of logarithms."""
    n = len(x)
    if x[0] <= 0 or n < 3:
        return None
    logs = np.log(x)
    mu, variance = float(np.mean(logs)), float(np.var(logs))
    if variance <= 0:
        return None
    unbiased = variance * n / (n - 1)
    mean, cv = math.exp(mu + variance / 2), math.sqrt(math.expm1(variance))
    if cv > _MOST_VARIED:
        return None
    half = Z * math.sqrt(unbiased / n + unbiased**2 / (2 * (n - 1)))
    ends = (unbiased * (n - 1) / float(stats.chi2.ppf(q, n - 1)) for q in (1 - TAIL, TAIL))
    low, high = (bounded(np.sqrt(np.expm1(end))) for end in ends)
    least, most = (bounded(np.exp(mu + unbiased / 2 + side * half)) for side in (-1, 1))
    sigma = math.sqrt(variance)
    return Candidate(
        "lognormal",
        {"lognormal": {"mean": _mean_written(mean), "cv": _digits(cv)}},
        (
            Estimate("mean", mean, least, most, "seconds", n),
            Estimate("cv", cv, low, high, "factor", n),
        ),
        2,
        mean,
        float(-np.sum(logs) - n * math.log(sigma * math.sqrt(2 * math.pi)) - n / 2),
        lambda t: special.ndtr((np.log(np.maximum(t, 1e-300)) - mu) / sigma),
    )


def uniform(x: Floats) -> Candidate | None:
    """Exact intervals: the range of the sample is short of the true one by a beta variable."""
    n, low, high = len(x), float(x[0]), float(x[-1])
    if high <= low or n < 3:
        return None
    reach = (high - low) * (TAIL ** (-1.0 / (n - 1)) - 1.0)
    return Candidate(
        "uniform",
        {"uniform": {"low": written_seconds(low), "high": written_seconds(high)}},
        (
            Estimate("low", low, max(low - reach, 0.0), low, "seconds", n),
            Estimate("high", high, high, high + reach, "seconds", n),
        ),
        2,
        (low + high) / 2,
        -n * math.log(high - low),
        lambda t: np.clip((t - low) / (high - low), 0, 1),
    )


def erlang(x: Floats) -> Candidate | None:
    """Intervals: of the mean exact for this k; of k those whose likelihood ratio is not refused."""
    n, mean = len(x), float(np.mean(x))
    if x[0] <= 0 or mean <= 0 or float(np.std(x)) >= mean:
        return None
    stages = np.arange(1, _MOST_STAGES + 1, dtype=np.float64)
    logs = float(np.sum(np.log(x)))
    likelihood = (
        n * stages * np.log(stages / mean)
        + (stages - 1) * logs
        - stages * n
        - n * special.gammaln(stages)
    )
    best = int(np.argmax(likelihood))
    near = stages[likelihood >= likelihood[best] - float(stats.chi2.ppf(1 - 2 * TAIL, 1)) / 2]
    k = best + 1
    if k < 2:
        return None
    return Candidate(
        "erlang",
        {"erlang": {"k": k, "mean": _mean_written(mean)}},
        (
            Estimate("mean", mean, *_gamma_mean(mean, n * k), "seconds", n),
            Estimate("k", k, float(near[0]), float(near[-1]), "count", n),
        ),
        2,
        mean,
        float(likelihood[best]),
        lambda t: special.gammainc(k, np.maximum(t, 0) * k / mean),
    )


@np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore")
def hyperexponential(x: Floats) -> Candidate | None:
    """Two phases by expectation maximisation; intervals from the curvature of the likelihood."""
    n, mean = len(x), float(np.mean(x))
    if mean <= 0 or n < 10 or float(np.std(x)) <= 1.05 * mean:
        return None
    some = thinned(x, _MOST_FOR_EM)
    p, first, second = _two_phases(some)
    if not (0.001 < p < 0.999 and first > 0 and second > 1.05 * first):
        return None
    scale = n / len(some)

    def minus(theta: Floats) -> float:
        share = special.expit(theta[0])
        fast, slow = np.exp(theta[1:])
        density = share / fast * np.exp(-some / fast) + (1 - share) / slow * np.exp(-some / slow)
        return -scale * float(np.sum(np.log(np.maximum(density, 1e-300))))

    theta = np.array([special.logit(p), math.log(first), math.log(second)])
    errors = _errors(minus, theta)
    if errors is None:
        return None
    low, high = theta - Z * errors, theta + Z * errors
    back = (special.expit, np.exp, np.exp)
    ends = [(bounded(f(a)), bounded(f(b))) for f, a, b in zip(back, low, high, strict=True)]
    return Candidate(
        "hyperexponential",
        {
            "hyperexponential": {
                "p": [round(p, 6), round(1 - round(p, 6), 6)],
                "means": [_mean_written(first), _mean_written(second)],
            }
        },
        (
            Estimate("p.0", p, *ends[0], "share", n),
            Estimate("means.0", first, *ends[1], "seconds", n),
            Estimate("means.1", second, *ends[2], "seconds", n),
        ),
        3,
        p * first + (1 - p) * second,
        -minus(theta),
        lambda t: (
            1 - p * np.exp(-np.maximum(t, 0) / first) - (1 - p) * np.exp(-np.maximum(t, 0) / second)
        ),
    )


def _two_phases(x: Floats) -> tuple[float, float, float]:
    """Share and mean of the faster phase, mean of the slower."""
    p, first, second = 0.5, float(np.mean(x)) / 3, float(np.mean(x)) * 2
    for _ in range(_EM_STEPS):
        a = p / first * np.exp(-x / first)
        b = (1 - p) / second * np.exp(-x / second)
        of_first = a / np.maximum(a + b, 1e-300)
        weight = float(np.sum(of_first))
        if not 0 < weight < len(x):
            break
        changed = (
            weight / len(x),
            max(float(of_first @ x) / weight, 1e-9),
            max(float((1 - of_first) @ x) / (len(x) - weight), 1e-9),
        )
        still = max(abs(a / b - 1) for a, b in zip(changed, (p, first, second), strict=True))
        p, first, second = changed
        if still < 1e-7:
            break
    return (p, first, second) if first <= second else (1 - p, second, first)


def _errors(minus: Callable[[Floats], float], theta: Floats) -> Floats | None:
    """Standard errors at the maximum, from the matrix of second differences; None if it is none."""
    size, step = len(theta), 1e-3
    hessian = np.empty((size, size))
    units = np.eye(size) * step
    for i in range(size):
        for j in range(size):
            terms = (
                a * b * minus(theta + a * units[i] + b * units[j]) for a in (1, -1) for b in (1, -1)
            )
            hessian[i, j] = sum(terms) / (4 * step * step)
    try:
        variances = np.diag(np.linalg.inv(hessian))
    except np.linalg.LinAlgError:
        return None
    return np.sqrt(variances) if np.all(variances > 0) else None


def triangular(x: Floats) -> Candidate | None:
    """By numeric search; intervals by 100 resamples of the sample."""
    n = len(x)
    if x[-1] <= x[0] or n < 10 or abs(float(stats.skew(x))) > _MOST_SKEWED:
        return None
    some = thinned(x, _MOST_FOR_SEARCH)
    low, mode, high = _triangle(some, None)
    keys = ("low", "mode", "high")
    written = {key: written_seconds(at) for key, at in zip(keys, (low, mode, high), strict=True)}

    def refine() -> tuple[Estimate, ...]:
        draws = np.random.default_rng(0)
        resamples = (np.sort(draws.choice(some, len(some))) for _ in range(_RESAMPLES))
        again = np.array([_triangle(r, (low, mode, high)) for r in resamples if r[-1] > r[0]])
        spread = Z * np.std(again, axis=0) * math.sqrt(len(some) / n)
        return tuple(
            Estimate(key, at, max(at - half, 0.0), at + half, "seconds", n)
            for key, at, half in zip(keys, (low, mode, high), spread.tolist(), strict=True)
        )

    return Candidate(
        "triangular",
        {"triangular": written},
        (),
        3,
        (low + mode + high) / 3,
        float(np.sum(np.log(_triangle_density(x, low, mode, high)))),
        lambda t: _triangle_cdf(t, low, mode, high),
        refine,
    )


def _triangle_density(x: Floats, low: float, mode: float, high: float) -> Floats:
    up = (x - low) / max(mode - low, 1e-300)
    down = (high - x) / max(high - mode, 1e-300)
    height: Floats = np.where(x < mode, up, down) * 2 / (high - low)
    return np.maximum(height, 1e-300)


def _triangle_cdf(t: Floats, low: float, mode: float, high: float) -> Floats:
    inside = np.clip(t, low, high)
    up = (inside - low) ** 2 / ((high - low) * max(mode - low, 1e-300))
    down = 1 - (high - inside) ** 2 / ((high - low) * max(high - mode, 1e-300))
    result: Floats = np.where(inside < mode, up, down)
    return result


def _triangle(x: Floats, near: tuple[float, float, float] | None) -> tuple[float, float, float]:
    """Low, mode and high of greatest likelihood; `near` is where to begin. The values differ."""
    span = float(x[-1] - x[0])

    def ends(theta: Floats) -> tuple[float, float, float]:
        low = max(float(x[0]) - span * math.exp(min(theta[0], 3.0)), 0.0)
        high = float(x[-1]) + span * math.exp(min(theta[1], 3.0))
        return low, low + (high - low) * float(special.expit(theta[2])), high

    def minus(theta: Floats) -> float:
        return -float(np.sum(np.log(_triangle_density(x, *ends(theta)))))

    shares = _MODES if near is None else ((near[1] - near[0]) / (near[2] - near[0]),)
    best: tuple[float, Floats] | None = None
    for share in shares:
        inside = float(special.logit(min(max(share, 0.02), 0.98)))
        begin = np.array([math.log(0.02), math.log(0.02), inside])
        simplex = np.vstack([begin, begin + np.diag([1.0, 1.0, 0.5])])
        found = optimize.fmin(
            minus, begin, initial_simplex=simplex, xtol=1e-3, ftol=1e-3, disp=False
        )
        reached = (minus(found), np.asarray(found, np.float64))
        if best is None or reached[0] < best[0]:
            best = reached
    assert best is not None
    return ends(best[1])


def bounded(value: float) -> float | None:
    """An end of an interval; None if it is beyond all numbers."""
    return float(value) if math.isfinite(value) else None


def thinned(values: npt.NDArray[T], most: int) -> npt.NDArray[T]:
    """At most so many of sorted values, evenly spread over their ranks."""
    n = len(values)
    if n <= most:
        return values
    return values[((np.arange(most) + 0.5) * n / most).astype(np.int64)]


def _digits(value: float) -> float:
    return float(f"{value:.6g}")


FAMILIES: Final[Mapping[str, Callable[[Floats], Candidate | None]]] = {
    "exponential": exponential,
    "lognormal": lognormal,
    "uniform": uniform,
    "erlang": erlang,
    "triangular": triangular,
    "hyperexponential": hyperexponential,
}
"""Those with a density; simpler first. `constant` and `empirical` are chosen without likelihood."""

"""Closed forms of queueing theory, to judge the simulation by.

Rates are per second, times in seconds, probabilities in [0, 1]. λ is the rate of arrivals, μ that
of one server, c the number of servers, a = λ/μ the offered load in erlangs, ρ = a/c utilisation.
GSTH with a section is Gross, Shortle, Thompson and Harris, "Fundamentals of Queueing Theory",
4th edition.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.stats import poisson

__all__ = [
    "ErlangA",
    "JacksonStation",
    "cobham_waits",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "jackson_sojourn",
    "loss_probability",
    "maximum_of_exponentials",
    "mean_number_in_bin",
    "mg1_wait",
    "mm1_sojourn_quantile",
    "mm1_transient_queue",
    "mmc_wait",
]

Floats = npt.NDArray[np.float64]

_NEGLIGIBLE = 1e-17  # where an infinite sum is cut: less than the precision of its terms


# --- one station in equilibrium -------------------------------------------------------------------


def erlang_b(servers: int, load: float) -> float:
    """Probability that M/G/c/c loses an arrival (GSTH 2.6).

    B(0) = 1, B(n) = a·B(n-1) / (n + a·B(n-1)).
    """
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival to M/M/c waits: C = B / (1 - ρ(1 - B)), B Erlang's (GSTH 2.3)."""
    utilisation = _stable(load / servers)
    blocked = erlang_b(servers, load)
    return blocked / (1.0 - utilisation * (1.0 - blocked))


def mmc_wait(servers: int, arrivals: float, service: float) -> float:
    """Mean wait in M/M/c: Wq = C(c, a) / (cμ - λ) (GSTH 2.3); with c = 1 it is ρ / (μ - λ).

    `service` is the mean, 1/μ.
    """
    return erlang_c(servers, arrivals * service) / (servers / service - arrivals)


def mm1_sojourn_quantile(p: float, arrivals: float, service: float) -> float:
    """Quantile `p` of the time in M/M/1, which is exponential with rate μ - λ (GSTH 2.2)."""
    rate = 1.0 / service - arrivals
    _stable(arrivals * service)
    return -math.log1p(-p) / rate


def mg1_wait(arrivals: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1, Pollaczek and Khinchine (GSTH 5.1).

    Wq = λ·E[S²] / 2(1 - ρ), where E[S²] = (1 + cv²)·E[S]².
    """
    utilisation = _stable(arrivals * service)
    return arrivals * service**2 * (1.0 + cv**2) / (2.0 * (1.0 - utilisation))


def loss_probability(servers: int, places: int, load: float) -> float:
    """Probability that M/M/c/K refuses an arrival, K = `servers` + `places` waiting.

    p(n) is proportional to aⁿ/n! up to c and falls by a/c from there; the loss is p(K) (GSTH 2.5).
    """
    weights = [1.0]
    for n in range(1, servers + places + 1):
        weights.append(weights[-1] * load / min(n, servers))
    return weights[-1] / math.fsum(weights)


def cobham_waits(classes: Sequence[tuple[float, float, float]]) -> list[float]:
    """Mean waits of classes in M/G/1 with non-preemptive priority (Cobham 1954; GSTH 3.4).

    `classes` are (λ, mean service, E[S²]), the most urgent first. W(k) is
    W₀ / (1 - σ(k-1))(1 - σ(k)) with W₀ = Σ λE[S²] / 2 over all classes and σ(k) = ρ(1) + … + ρ(k).
    """
    residual = math.fsum(arrivals * second for arrivals, _, second in classes) / 2.0
    waits = []
    before = 0.0
    for arrivals, service, _ in classes:
        through = _stable(before + arrivals * service)
        waits.append(residual / ((1.0 - before) * (1.0 - through)))
        before = through
    return waits


@dataclass(frozen=True)
class ErlangA:
    """M/M/c with exponential patience: P(abandon), mean wait of all and of the served (seconds)."""

    abandons: float
    wait: float
    wait_of_served: float


def erlang_a(servers: int, arrivals: float, service: float, patience: float) -> ErlangA:
    """M/M/c+M with mean `service` 1/μ and mean `patience` 1/θ (Garnett, Mandelbaum, Reiman 2002).

    Birth and death: p(n) / p(n-1) = λ / (min(n, c)·μ + (n - c)⁺·θ). To one who finds j waiting,
    something happens at rate t(j) = cμ + (j + 1)θ, and with r(j) = (cμ + jθ) / t(j) it is the queue
    ahead that moves. So it is served with probability s(j) = r(j)·s(j-1) = cμ / t(j), and with w(j)
    for the mean of its wait if served, else 0, w(j) = r(j)·(s(j-1) / t(j) + w(j-1)).
    The mean wait of all is P(abandon) / θ, for λ·P(abandon) = θ·E[Q] and E[Q] = λ·E[W].
    """
    mu, theta = 1.0 / service, 1.0 / patience
    total_rate = servers * mu
    weight, weights = 1.0, [1.0]
    for n in range(1, servers + 1):
        weight *= arrivals / (n * mu)
        weights.append(weight)
    abandoning = wait_if_served = 0.0
    served_before, waited_before = 1.0, 0.0
    ahead = 0
    while weight > _NEGLIGIBLE:
        moves = total_rate + (ahead + 1) * theta
        ratio = (total_rate + ahead * theta) / moves
        waited = ratio * (served_before / moves + waited_before)
        served = total_rate / moves
        abandoning += weight * (1.0 - served)
        wait_if_served += weight * waited
        served_before, waited_before = served, waited
        weight *= arrivals / moves
        weights.append(weight)
        ahead += 1
    all_weights = math.fsum(weights)
    abandons = abandoning / all_weights
    return ErlangA(abandons, abandons * patience, wait_if_served / all_weights / (1.0 - abandons))


# --- networks and forks ---------------------------------------------------------------------------


@dataclass(frozen=True)
class JacksonStation:
    """A station of a network: servers, mean service in seconds, mean visits of a customer to it."""

    servers: int
    service: float
    visits: float


def jackson_sojourn(arrivals: float, stations: Sequence[JacksonStation]) -> float:
    """Mean time in an open Jackson network (GSTH 4.2).

    Each station is an M/M/c by itself: Σ visits·(Wq + service).
    """
    return math.fsum(
        s.visits * (mmc_wait(s.servers, arrivals * s.visits, s.service) + s.service)
        for s in stations
    )


def maximum_of_exponentials(first: float, second: float) -> float:
    """Mean of the later of two independent exponentials of means a, b: a + b - 1 / (1/a + 1/b)."""
    return first + second - 1.0 / (1.0 / first + 1.0 / second)


# --- over time ------------------------------------------------------------------------------------


def mean_number_in_bin(
    breaks: Sequence[float], rates: Sequence[float], service: float, begin: float, end: float
) -> float:
    """Mean number in M(t)/M/∞, empty at 0, averaged over [begin, end) (Eick, Massey, Whitt 1993).

    The rate is rates[i] in [breaks[i], breaks[i + 1]) and 0 outside. m' = λ(t) - μm: over a length
    h of constant rate, with e = λ/μ, m goes from m₀ to e + (m₀ - e)·exp(-μh), and its integral is
    e·h + (m₀ - e)·(1 - exp(-μh)) / μ.
    """
    points = sorted({0.0, begin, end, *(b for b in breaks if 0.0 < b < end)})
    number = area = 0.0
    for left, right in pairwise(points):
        pieces = zip(pairwise(breaks), rates, strict=True)
        rate = next((r for (a, b), r in pieces if a <= left < b), 0.0)
        length, equilibrium = right - left, rate * service
        decayed = math.exp(-length / service)
        if left >= begin:
            area += equilibrium * length + (number - equilibrium) * (1.0 - decayed) * service
        number = equilibrium + (number - equilibrium) * decayed
    return area / (end - begin)


def mm1_transient_queue(arrivals: float, service: float, until: float, places: int = 400) -> float:
    """Mean number waiting in M/M/1, empty at 0, averaged over [0, until): not in equilibrium.

    Uniformisation (Jensen 1953): with γ = λ + μ and P the chain of its steps at rate γ, the
    integral of p(t) over [0, T] is Σ P(Poisson(γT) > n)·p(0)·Pⁿ / γ. The number inside is cut at
    `places`, which must be far beyond what is ever reached.
    """
    up = arrivals / (arrivals + 1.0 / service)
    uniform_rate = arrivals + 1.0 / service
    jumps = uniform_rate * until
    last = int(jumps + 10.0 * math.sqrt(jumps) + 50.0)
    weights: Floats = poisson.sf(np.arange(last + 1), jumps)
    now: Floats = np.zeros(places + 1)
    now[0] = 1.0
    waiting: Floats = np.maximum(np.arange(places + 1) - 1.0, 0.0)
    area = 0.0
    for weight in weights:
        area += float(weight) * float(waiting @ now)
        after = np.zeros_like(now)
        after[1:] = up * now[:-1]
        after[:-1] += (1.0 - up) * now[1:]
        after[0] += (1.0 - up) * now[0]
        after[-1] += up * now[-1]
        now = after
    return area / uniform_rate / until


def _stable(utilisation: float) -> float:
    if utilisation >= 1.0:
        raise ValueError(f"no equilibrium at utilisation {utilisation}")
    return utilisation

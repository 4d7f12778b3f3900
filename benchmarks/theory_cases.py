"""Models whose answer is known: the scenario, what to look at, and what theory says of it.

All begin empty and run until the last case has left: of the arrivals after the warm-up, none is
missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml

from benchmarks import reference_network
from benchmarks.queueing_theory import (
    cobham_waits,
    erlang_a,
    erlang_b,
    loss_probability,
    maximum_of_exponentials,
    mean_number_in_bin,
    mg1_wait,
    mm1_sojourn_quantile,
    mmc_wait,
)
from scenarios.loader import loads
from sim.experiments.replication import Replication, replicate
from sim.model.model import Model, compile_model
from world.draws import text_key
from world.microseconds import SECOND_US

__all__ = ["CASES", "Case", "Quantity", "scenario_text", "value"]

Tree = Mapping[str, Any]
Observe = Callable[[Replication], float]

_START = datetime(2026, 1, 1)
_HOUR_S = 3600.0
_UNLIMITED = 100_000  # servers: more than are ever wanted at once
_WARMUP_S = 600.0
_SEEDS = 0xFFFFFFFF  # one for each case: with a common seed they share arrivals and err together


@dataclass(frozen=True)
class Quantity:
    """One figure: its theoretical value, and how a replication shows it.

    `sharpness` is the largest relative half width that the 99.9% interval of `Case.replications`
    may have: with a wider one the comparison could not fail.
    """

    name: str
    theory: float
    sharpness: float
    observe: Observe


@dataclass(frozen=True)
class Case:
    """A scenario and the quantities that theory gives; `replications` are enough for a test."""

    name: str
    scenario: str
    quantities: tuple[Quantity, ...]
    replications: int = 20
    warmup_s: float = _WARMUP_S
    bin_s: float = 900.0

    def observe(self, replication: int) -> list[float]:
        """The quantities in one replication, in their order."""
        model = _compiled(self.scenario, text_key(self.name) & _SEEDS)
        bin_us, warmup_us = round(self.bin_s * SECOND_US), round(self.warmup_s * SECOND_US)
        seen = replicate(model, replication, [], bin_us, warmup_us)
        return [quantity.observe(seen) for quantity in self.quantities]


@cache
def _compiled(text: str, seed: int) -> Model:
    return compile_model(loads(text), seed=seed)


def scenario_text(
    stations: Tree,
    arrivals: Mapping[str, Tree],
    journeys: Mapping[str, Tree],
    *,
    horizon: str = "until_empty",
    arrivals_for: timedelta | None = None,
) -> str:
    """A scenario in UTC: a stream of arrivals for each journey, which starts at its first node."""
    calendar = {
        "country": "RU",
        "timezone": "UTC",
        "start": _local(timedelta()),
        "horizon": horizon,
    }
    if arrivals_for is not None:
        calendar["arrivals_until"] = _local(arrivals_for)
    tree = {
        "version": 1,
        "name": "theory",
        "calendar": calendar,
        "stations": dict(stations),
        "arrivals": [{"journey": name, **stream} for name, stream in arrivals.items()],
        "journeys": {
            name: {"start": next(iter(nodes)), "nodes": dict(nodes)}
            for name, nodes in journeys.items()
        },
    }
    return yaml.safe_dump(tree, sort_keys=False)


def value(replication: Replication, metric: str) -> float:
    """A figure that must exist."""
    found = replication.figures[metric]
    if found is None:
        raise ValueError(f"{metric}: nothing was there to measure")
    return found


def _local(after: timedelta) -> str:
    return (_START + after).isoformat(timespec="minutes")


def _exponential(mean_s: float) -> Tree:
    return {"exponential": {"mean": f"{mean_s}s"}}


def _rate(per_s: float) -> Tree:
    return {"rate": {"per_second": per_s}}


def _figure(metric: str) -> Observe:
    return lambda replication: value(replication, metric)


def _share(part: str) -> Observe:
    """Part of the arrivals of the journey `visit`."""
    return lambda seen: value(seen, part) / value(seen, "journeys.visit.arrived")


# --- one station ----------------------------------------------------------------------------------

_WAIT = _figure("stations.desk.wait.mean")
_VISIT: Tree = {"at": {"serve": "desk", "next": "done"}, "done": {"end": "completed"}}


def _desk(per_s: float, hours: float, **station: object) -> str:
    """One station, one journey: arrive, be served, leave."""
    return scenario_text(
        {"desk": station},
        {"visit": _rate(per_s)},
        {"visit": _VISIT},
        arrivals_for=timedelta(hours=hours),
    )


def _mm1() -> Case:
    rate, service = 0.6, 1.0
    return Case(
        "M/M/1, utilisation 0.6",
        _desk(rate, 3, servers=1, service=_exponential(service)),
        (
            Quantity("mean wait, s", mmc_wait(1, rate, service), 0.10, _WAIT),
            Quantity(
                "95% quantile of time, s",
                mm1_sojourn_quantile(0.95, rate, service),
                0.08,
                _figure("journeys.visit.time.p95"),
            ),
        ),
    )


def _mmc() -> Case:
    rate, service, servers = 3.0, 1.0, 4
    return Case(
        "M/M/4, utilisation 0.75",
        _desk(rate, 1, servers=servers, service=_exponential(service)),
        (Quantity("mean wait, s", mmc_wait(servers, rate, service), 0.10, _WAIT),),
        replications=30,
    )


def _md1() -> Case:
    rate, service = 0.7, 1.0
    return Case(
        "M/D/1, utilisation 0.7",
        _desk(rate, 3, servers=1, service={"constant": f"{service}s"}),
        (Quantity("mean wait, s", mg1_wait(rate, service, cv=0.0), 0.06, _WAIT),),
    )


def _mg1() -> Case:
    rate, service, cv = 0.5, 1.0, 1.2
    return Case(
        "M/G/1, lognormal, cv 1.2, utilisation 0.5",
        _desk(rate, 6, servers=1, service={"lognormal": {"mean": f"{service}s", "cv": cv}}),
        (Quantity("mean wait, s", mg1_wait(rate, service, cv), 0.10, _WAIT),),
    )


def _loss_with_places() -> Case:
    rate, service, servers, places = 3.0, 1.0, 3, 2
    return Case(
        "M/M/3/5, offered load 3",
        _desk(rate, 1, servers=servers, service=_exponential(service), queue_limit=places),
        (
            Quantity(
                "probability of loss",
                loss_probability(servers, places, rate * service),
                0.05,
                _share("stations.desk.refused"),
            ),
        ),
    )


def _loss() -> Case:
    rate, service, servers = 4.0, 1.0, 5
    return Case(
        "M/G/5/5, lognormal, cv 2, offered load 4",
        _desk(
            rate,
            1,
            servers=servers,
            service={"lognormal": {"mean": f"{service}s", "cv": 2}},
            queue_limit=0,
        ),
        (
            Quantity(
                "probability of loss (Erlang B)",
                erlang_b(servers, rate * service),
                0.05,
                _share("journeys.visit.abandoned"),
            ),
        ),
        replications=12,
    )


def _patience() -> Case:
    rate, service, servers, patience, hours = 6.0, 1.0, 5, 2.0, 1
    theory = erlang_a(servers, rate, service, patience)

    def wait_of_all(seen: Replication) -> float:
        """The integral of the queue, per arrival.

        Waits that straddle the end of the warm-up make it too large, by less than 0.02%.
        """
        observed_s = seen.end_us / SECOND_US - _WARMUP_S
        waited = value(seen, "stations.desk.queue.mean") * observed_s
        return waited / value(seen, "journeys.visit.arrived")

    return Case(
        "M/M/5+M, offered load 6, patience 2 s (Erlang A)",
        _desk(
            rate,
            hours,
            servers=servers,
            service=_exponential(service),
            patience=_exponential(patience),
        ),
        (
            Quantity(
                "probability of leaving", theory.abandons, 0.05, _share("stations.desk.impatient")
            ),
            Quantity("mean wait of all, s", theory.wait, 0.05, wait_of_all),
            Quantity("mean wait of the served, s", theory.wait_of_served, 0.05, _WAIT),
        ),
        replications=10,
    )


def _priority() -> Case:
    urgent, usual = (0.25, 1.0), (0.35, 1.2)  # arrivals a second, mean service in seconds
    waits = cobham_waits([(rate, mean, 2.0 * mean**2) for rate, mean in (urgent, usual)])

    def journey(priority: int, mean: float) -> Tree:
        at = {
            "serve": "desk", "service": _exponential(mean), "priority": priority, "next": "done",
        }  # fmt: skip
        return {"at": at, "done": {"end": "completed"}}

    return Case(
        "M/M/1, two classes, non-preemptive priority (Cobham)",
        scenario_text(
            {"desk": {"servers": 1, "discipline": "priority", "service": _exponential(1.0)}},
            {"urgent": _rate(urgent[0]), "usual": _rate(usual[0])},
            {"urgent": journey(0, urgent[1]), "usual": journey(1, usual[1])},
            arrivals_for=timedelta(hours=3),
        ),
        (
            Quantity(
                "mean time of the first class, s",
                waits[0] + urgent[1],
                0.04,
                _figure("journeys.urgent.time.mean"),
            ),
            Quantity(
                "mean time of the second class, s",
                waits[1] + usual[1],
                0.10,
                _figure("journeys.usual.time.mean"),
            ),
        ),
    )


# --- many stations, many servers ------------------------------------------------------------------


def _network() -> Case:
    return Case(
        "reference network, five stations at 0.85",
        scenario_text(
            reference_network.stations(),
            {"visit": _rate(reference_network.ARRIVALS_PER_S)},
            {"visit": reference_network.nodes()},
            arrivals_for=timedelta(hours=3),
        ),
        (
            Quantity(
                "mean time, s",
                reference_network.EXACT_SOJOURN_S,
                0.10,
                _figure("journeys.visit.time.mean"),
            ),
        ),
        replications=12,
        warmup_s=1800.0,  # the slowest station forgets in some 100 s
    )


def _varying_rate() -> Case:
    """A peak of one hour among four; services of 20 minutes make the number inside lag behind."""
    hours, base, factor, service, bin_s = 4, 0.2, 4.0, 1200.0, 900.0
    breaks = (0.0, _HOUR_S, 2 * _HOUR_S, hours * _HOUR_S)
    rates = (base, base * factor, base)
    peak = {"from": _local(timedelta(hours=1)), "to": _local(timedelta(hours=2)), "factor": factor}

    def quantity(number: int, when: str) -> Quantity:
        begin = number * bin_s
        theory = mean_number_in_bin(breaks, rates, service, begin, begin + bin_s)
        return Quantity(
            f"mean number {when}", theory, 0.05, lambda r: float(r.stations[0].busy[number])
        )

    return Case(
        "M(t)/M/∞, a peak of four times the rate",
        scenario_text(
            {"desk": {"servers": _UNLIMITED, "service": _exponential(service)}},
            {"visit": {**_rate(base), "peaks": [peak]}},
            {"visit": _VISIT},
            arrivals_for=timedelta(hours=hours),
        ),
        (
            quantity(0, "in the first quarter of an hour"),
            quantity(3, "just before the peak"),
            quantity(7, "as the peak ends"),
            quantity(9, "half an hour later"),
            quantity(15, "at the end"),
        ),
        replications=40,
        warmup_s=0.0,
        bin_s=bin_s,
    )


def _fork_join() -> Case:
    first, second = 3.0, 6.0
    return Case(
        "fork and join of two exponential delays",
        scenario_text(
            {},
            {"visit": _rate(1.0)},
            {
                "visit": {
                    "both": {"fork": ["one", "other"], "next": "done"},
                    "one": {"delay": _exponential(first)},
                    "other": {"delay": _exponential(second)},
                    "done": {"end": "completed"},
                }
            },
            arrivals_for=timedelta(hours=1),
        ),
        (
            Quantity(
                "mean time, s",
                maximum_of_exponentials(first, second),
                0.02,
                _figure("journeys.visit.time.mean"),
            ),
        ),
        replications=10,
        warmup_s=0.0,
    )


CASES = (
    _mm1(),
    _mmc(),
    _md1(),
    _mg1(),
    _loss_with_places(),
    _loss(),
    _priority(),
    _patience(),
    _varying_rate(),
    _network(),
    _fork_join(),
)

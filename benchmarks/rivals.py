"""The reference network in other engines, each written as its own tutorial would write it.

Every function takes the number of customers and returns what it measured: CPU seconds of the run
alone, without imports and set-up. Each keeps the customers' times in the network, no more than it
must; Ciw always keeps a record of every visit.
"""

import random
import time
from collections.abc import Generator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import simpy

from benchmarks.reference_network import (
    ARRIVALS_PER_S,
    RETURN_P,
    RETURN_STATION,
    SERVERS,
    SERVICES_S,
)

__all__ = ["Measured", "ciw_network", "naive_simpy", "salabim_network"]

_SEED = 1


@dataclass(frozen=True)
class Measured:
    """One run: customers, CPU seconds, mean time in the network in seconds."""

    customers: int
    cpu_s: float
    mean_s: float

    @property
    def per_cpu_s(self) -> float:
        """Customers per CPU-second."""
        return self.customers / self.cpu_s


def naive_simpy(customers: int) -> Measured:
    """SimPy with a `Resource` a station: a request and a timeout a visit, a process a customer."""
    chance = random.Random(_SEED)
    env = simpy.Environment()
    stations = [simpy.Resource(env, capacity=servers) for servers in SERVERS]
    times: list[float] = []

    def customer() -> Generator[simpy.Event, object, None]:
        arrived = env.now
        at = 0
        while at < len(stations):
            with stations[at].request() as request:
                yield request
                yield env.timeout(chance.expovariate(1.0 / SERVICES_S[at]))
            returns = at == RETURN_STATION and chance.random() < RETURN_P
            at = 0 if returns else at + 1
        times.append(env.now - arrived)

    def arrivals() -> Generator[simpy.Event, object, None]:
        for _ in range(customers):
            yield env.timeout(chance.expovariate(ARRIVALS_PER_S))
            env.process(customer())

    env.process(arrivals())
    began = time.process_time()
    env.run()
    return _measured(began, times)


def ciw_network(customers: int) -> Measured:
    """Ciw, with a matrix of routing probabilities."""
    ciw = import_module("ciw")

    size = len(SERVERS)
    routing = [[1.0 if to == at + 1 else 0.0 for to in range(size)] for at in range(size)]
    routing[RETURN_STATION][0] = RETURN_P
    routing[RETURN_STATION][RETURN_STATION + 1] = 1.0 - RETURN_P
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(ARRIVALS_PER_S)] + [None] * (size - 1),
        service_distributions=[ciw.dists.Exponential(1.0 / mean) for mean in SERVICES_S],
        number_of_servers=list(SERVERS),
        routing=routing,
    )
    ciw.seed(_SEED)
    simulation = ciw.Simulation(network)
    began = time.process_time()
    simulation.simulate_until_max_customers(customers, method="Finish")
    ended = time.process_time()
    records = [individual.data_records for individual in simulation.nodes[-1].all_individuals]
    times = [visits[-1].exit_date - visits[0].arrival_date for visits in records]
    return Measured(len(times), ended - began, sum(times) / len(times))


def salabim_network(customers: int) -> Measured:
    """Salabim with a `Resource` a station, its monitors switched off."""
    salabim = import_module("salabim")
    component: Any = salabim.Component

    chance = random.Random(_SEED)
    env = salabim.Environment(trace=False, yieldless=False)
    stations = [salabim.Resource(f"s{at}", capacity=n) for at, n in enumerate(SERVERS)]
    for station in stations:
        for queue in (station.requesters(), station.claimers()):
            queue.length.monitor(False)
            queue.length_of_stay.monitor(False)
        for monitor in (
            station.capacity, station.available_quantity,
            station.claimed_quantity, station.occupancy,
        ):  # fmt: skip
            monitor.monitor(False)
    times: list[float] = []

    class Customer(component):  # type: ignore[misc]
        def process(self) -> Generator[Any, object, None]:
            arrived = env.now()
            at = 0
            while at < len(stations):
                yield self.request(stations[at])
                yield self.hold(chance.expovariate(1.0 / SERVICES_S[at]))
                self.release(stations[at])
                returns = at == RETURN_STATION and chance.random() < RETURN_P
                at = 0 if returns else at + 1
            times.append(env.now() - arrived)

    class Arrivals(component):  # type: ignore[misc]
        def process(self) -> Generator[Any, object, None]:
            for _ in range(customers):
                yield self.hold(chance.expovariate(ARRIVALS_PER_S))
                Customer()

    Arrivals()
    began = time.process_time()
    env.run()
    return _measured(began, times)


def _measured(began: float, times: list[float]) -> Measured:
    return Measured(len(times), time.process_time() - began, sum(times) / len(times))

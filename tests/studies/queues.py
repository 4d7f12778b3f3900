"""Queues whose answer is known in closed form, with a target between two capacities."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.queueing_theory import erlang_b, mmc_wait
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.studies.variation import Point, Variation

SERVICE_S = 60.0

_HEAD = """
version: 1
name: queue
seed: {seed}
calendar: {{start: 2026-03-02T00:00, horizon: {hours}h}}
warmup: {warmup}h
stations: {{desk: {{servers: {servers}, service: {{exponential: {{mean: 60s}}}}{more}}}}}
arrivals: [{{journey: j, rate: {{per_hour: {per_hour}}}}}]
journeys:
  j: {{start: ask, nodes: {{ask: {{serve: desk, next: done}}, done: {{end: completed}}}}}}
objectives: [{{id: target, {objective}}}]
"""


@dataclass(frozen=True)
class Queue:
    """`offered` Erlangs, a minute of service; the target is such that `servers` meet it and one
    less do not: a bound on the mean wait (Erlang C), or on the share served at once by a station
    without waiting places (`loss`, Erlang B)."""

    offered: float
    servers: int
    loss: bool
    arrivals: int = 2000

    @property
    def target(self) -> float:
        """The bound: in the middle between what `servers` and one less give, as a ratio."""
        return math.sqrt(self._at(self.servers) * self._at(self.servers - 1))

    def _at(self, servers: int) -> float:
        if self.loss:
            return erlang_b(servers, self.offered)
        if servers <= self.offered:
            return 2.0 * SERVICE_S  # no equilibrium: any longer wait
        return mmc_wait(servers, self.offered / SERVICE_S, SERVICE_S)

    def scenario(self, servers: str, seed: int = 1) -> CompleteScenario:
        """With so many servers."""
        hours = max(self.arrivals / (self.offered * 60.0), 1.0)
        objective = (
            f"journey: j, within: 1h, at_least: {1.0 - self.target:.9f}"
            if self.loss
            else f"metric: stations.desk.wait.mean, at_most: {self.target * 1e6:.0f}us"
        )
        return loads(
            _HEAD.format(
                seed=seed,
                hours=f"{hours + 1 if self.loss else hours * 1.1:.3f}",
                warmup=f"{0.5 if self.loss else 0.1 * hours:.3f}",
                servers=servers,
                more=", queue_limit: 0" if self.loss else "",
                per_hour=f"{self.offered * 60.0:.6f}",
                objective=objective,
            )
        )

    def vary(self) -> list[Variation]:
        """From one server to four times as many as are right."""
        return [Variation("stations.desk.servers", tuple(map(str, range(1, 4 * self.servers + 1))))]

    def at(self, seed: int = 1) -> Callable[[Point], CompleteScenario]:
        """The scenario of a point of `vary`."""

        def scenario_at(point: Point) -> CompleteScenario:
            return self.scenario(point[0], seed)

        return scenario_at

"""The model: a complete scenario compiled into what an engine runs. Nothing of it changes during
a run; it can be pickled."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rulebook.kinds import KINDS, Kind
from scenarios.completion import CompleteScenario
from scenarios.format import RatedArrivals
from sim.model.applicants import Applicants
from sim.model.arrivals import Arrivals, InstantStream, RateStream, rate_stream
from sim.model.graph import CheckNode, Graph
from sim.model.judging import Judges
from sim.model.numbering import refuse_too_many
from sim.model.stations import StationSpec, compile_station
from sim.model.unfolding import defect_bits, unfold
from world.calendar import Calendar
from world.microseconds import DAY_US
from world.population import Population

__all__ = ["Model", "compile_model"]

_NEVER_ENDS = (
    100  # contract, semantics 8: a case still inside after so many arrival spans can never end
)


@dataclass(frozen=True)
class Model:
    """`horizon_us` is None when the run ends with the last case; `give_up_us` is when such a run
    is declared endless. `judges` decide at gates (None: the defects alone do)."""

    seed: int
    calendar: Calendar
    graph: Graph
    stations: tuple[StationSpec, ...]
    arrivals: tuple[Arrivals, ...]
    applicants: Applicants
    horizon_us: int | None
    arrivals_until_us: int
    scale: float
    judges: Judges | None = None

    @property
    def give_up_us(self) -> int:
        """When a run until empty is given up (µs)."""
        return _NEVER_ENDS * max(self.arrivals_until_us, DAY_US)

    @property
    def rules_at_gates(self) -> frozenset[str]:
        """Rules that some check of a journey names, also those that no defect breaks."""
        checks = (node for node in self.graph.nodes if isinstance(node, CheckNode))
        return frozenset(rule for node in checks for rule in node.rules)

    @property
    def is_stationary(self) -> bool:
        """Constant rates, constant capacities and no faults: the long-run laws hold."""
        streams = [stream for arrivals in self.arrivals for stream in arrivals.streams]
        return all(stream.is_stationary for stream in streams) and all(
            station.servers is not None and not station.faults for station in self.stations
        )


def compile_model(scenario: CompleteScenario, scale: float = 1.0, seed: int | None = None) -> Model:
    """Compile; `scale` multiplies arrival rates and capacities (servers, shifts, waiting
    places), never times.

    Raises ValueError if there is more of something than a record can bear (`numbering`).
    """
    written = scenario.scenario
    calendar = scenario.calendar
    seed = written.seed if seed is None else seed
    stations = tuple(
        compile_station(
            name,
            station,
            [fault for fault in written.faults if scenario.station_of(fault.service) == name],
            calendar,
            scale,
        )
        for name, station in scenario.stations.items()
    )
    arrivals = _arrivals(scenario, scale)
    number = {station.name: i for i, station in enumerate(stations)}
    graph = unfold(scenario, number, [a.journey for a in arrivals])
    attempts = 1 + max((s.retry.max for s in stations if s.retry is not None), default=0)
    refuse_too_many(len(graph.journeys), len(graph.nodes), attempts)
    return Model(
        seed=seed,
        calendar=calendar,
        graph=graph,
        stations=stations,
        arrivals=arrivals,
        applicants=_applicants(scenario, seed),
        horizon_us=scenario.horizon_us,
        arrivals_until_us=max(stream.span_us for a in arrivals for stream in a.streams),
        scale=scale,
    )


def _arrivals(scenario: CompleteScenario, scale: float) -> tuple[Arrivals, ...]:
    streams: dict[str, list[RateStream | InstantStream]] = {}
    until_us = scenario.arrivals_end_us or 0
    for place, written in enumerate(scenario.scenario.arrivals):
        of_journey = streams.setdefault(written.journey, [])
        if isinstance(written, RatedArrivals):
            of_journey.append(rate_stream(written, scenario.calendar, until_us, scale))
        else:
            of_journey.append(InstantStream(scenario.instants[place]))
    in_file_order = [name for name in scenario.journeys if name in streams]
    return tuple(Arrivals(name, tuple(streams[name])) for name in in_file_order)


def _applicants(scenario: CompleteScenario, seed: int) -> Applicants:
    population = scenario.scenario.population
    bits = defect_bits(scenario)
    probabilities: Mapping[Kind, np.ndarray] = {kind: np.zeros(len(bits)) for kind in KINDS}
    for name, p in population.defects.items():
        for kind, row in probabilities.items():
            if scenario.book.defects[name].rule_for(kind) is not None:
                row[bits[name]] = p
    return Applicants(
        Population(seed, population.organizations, population.kinds, population.tiers),
        probabilities,
        population.mend,
    )

"""Notes: whatever makes a run differ from what its scenario seems to say, as codes.

`reports.notes` has the words. A code may carry names after a colon.
"""

from collections.abc import Iterator

from scenarios.builtin_models import builtin_journey, default_stations
from scenarios.completion import CompleteScenario
from scenarios.journey_format import Choose, JourneyGraph
from scenarios.station_format import ShiftPlan
from sim.model.arrivals import InstantStream
from sim.model.graph import ServeNode
from sim.model.model import Model

__all__ = ["notes_of"]

_ROUNDING = 0.1  # a capacity further than this from its exact multiple is told


def notes_of(scenario: CompleteScenario, model: Model, end_us: int) -> list[str]:
    """Codes of a run that ended at `end_us`, in a stable order."""
    return [
        *_scaling(scenario, model),
        *(f"station-unused:{name}" for name in _unused_stations(scenario, model)),
        *(f"policy-unused:{key}" for key in scenario.scenario.policy if not _acts(scenario, key)),
        *(
            f"fault-not-begun:{fault.id}"
            for station in model.stations
            for fault in station.faults
            if fault.from_us >= end_us
        ),
    ]


def _scaling(scenario: CompleteScenario, model: Model) -> Iterator[str]:
    if model.scale == 1.0:
        return
    streams = [stream for arrivals in model.arrivals for stream in arrivals.streams]
    if any(isinstance(stream, InstantStream) for stream in streams):
        yield "replayed-not-scaled"
    for spec in model.stations:
        wanted = _servers(scenario.stations[spec.name].servers) * model.scale
        actual = spec.servers if spec.servers is not None else sum(s.count for s in spec.shifts)
        if abs(actual - wanted) > _ROUNDING * wanted:
            yield f"scale-rounding:{spec.name}={actual}/{wanted:g}"


def _servers(written: int | ShiftPlan) -> int:
    """Servers of a station as written; of one with shifts the sum over shifts."""
    return written if isinstance(written, int) else sum(row.count for row in written.shifts)


def _unused_stations(scenario: CompleteScenario, model: Model) -> list[str]:
    """Stations given that no node of a running journey asks: often a misspelling."""
    asked = {n.station for n in model.graph.nodes if isinstance(n, ServeNode)}
    names = {model.stations[number].name for number in asked}
    return [name for name in scenario.scenario.stations if name not in names]


def _acts(scenario: CompleteScenario, key: str) -> bool:
    """False if the model would be the same without this override of the policy."""
    others = {k: value for k, value in scenario.scenario.policy.items() if k != key}
    without = scenario.book.policy(others)
    if without[key] == scenario.policy[key]:
        return True
    for name, graph in scenario.journeys.items():
        written = scenario.scenario.journeys.get(name, "builtin")
        if written == "builtin" and builtin_journey(name, without)[0] != graph:
            return True
        if _asks(graph, key):
            return True
    defaults = default_stations(without)[0]
    return any(
        name not in scenario.scenario.stations and defaults[name] != station
        for name, station in scenario.stations.items()
    )


def _asks(graph: JourneyGraph, key: str) -> bool:
    """True if a choice of the journey depends on the parameter."""
    return any(
        choice.if_ is not None and key in (choice.if_.policy or {})
        for node in graph.nodes.values()
        if isinstance(node, Choose)
        for choice in node.choose
    )

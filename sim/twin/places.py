"""Which gate of which journey a node of the unfolded graph is; what no portal can decide about is
refused."""

import datetime as dt
from collections.abc import Iterable, Mapping

from scenarios.completion import CompleteScenario
from scenarios.journey_format import JourneyGraph, Run
from sim.model.graph import CheckNode, Graph
from world.calendar import Calendar
from world.dates import WORLD_DATE

__all__ = ["BeforeCountry", "GatesOfOwn", "UnfitPolicy", "gates_of", "refuse_before_country"]


class GatesOfOwn(ValueError):
    """Journeys of the scenario's own have gates, of which the portal knows nothing: `gates` are
    their names by journey."""

    def __init__(self, gates: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(gates)
        self.gates = gates


class BeforeCountry(ValueError):
    """The scenario starts on `start`, before the day on which the country is described."""

    def __init__(self, start: dt.date) -> None:
        super().__init__(start)
        self.start = start


class UnfitPolicy(ValueError):
    """Under the scenario's policy a good application is refused at a gate by `rules`, or a mistake
    cannot be made (`place` is the defect then, and there are no rules); `parameters` of the
    scenario's own are why."""

    def __init__(self, place: str, rules: Iterable[str], parameters: Iterable[str]) -> None:
        self.place = place
        self.rules = tuple(rules)
        self.parameters = tuple(parameters)
        super().__init__(place, self.rules, self.parameters)


def refuse_before_country(calendar: Calendar) -> None:
    """BeforeCountry if there are no papers yet at the start."""
    start = calendar.date(0)
    if start < WORLD_DATE:
        raise BeforeCountry(start)


def gates_of(scenario: CompleteScenario, graph: Graph) -> dict[int, tuple[str, str]]:
    """Journey and gate by the number of each node that is a gate; GatesOfOwn."""
    own: dict[str, list[str]] = {}
    gates: dict[int, tuple[str, str]] = {}
    for node in graph.nodes:
        if not isinstance(node, CheckNode):
            continue
        journey, gate = _place(node.path, scenario.journeys)
        if scenario.scenario.journeys.get(journey, "builtin") != "builtin":
            own.setdefault(journey, []).append(gate)
        gates[node.index] = journey, gate
    if own:
        raise GatesOfOwn({journey: tuple(dict.fromkeys(names)) for journey, names in own.items()})
    return gates


def _place(path: str, journeys: Mapping[str, JourneyGraph]) -> tuple[str, str]:
    """The journey in which a node is written, and its name there."""
    journey, _, inside = path.partition(".")
    *callers, name = inside.split("/")
    for caller in callers:
        node = journeys[journey].nodes[caller]
        assert isinstance(node, Run)
        journey = node.run
    return journey, name

"""What people call the journeys and stations of a scenario, without a run of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scenarios.completion import CompleteScenario
from sim.experiments.assembly import station_title
from sim.model.unfolding import title_of

__all__ = ["Title", "Titles", "titles_of"]


@dataclass(frozen=True)
class Title:
    """A journey or a station and its title by language."""

    name: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class Titles:
    """Of a scenario: journeys, those with arrivals first, and stations."""

    journeys: Sequence[Title]
    stations: Sequence[Title]


def titles_of(scenario: CompleteScenario) -> Titles:
    """The titles of everything that has figures."""
    arriving = [stream.journey for stream in scenario.scenario.arrivals]
    ordered = dict.fromkeys([*arriving, *scenario.journeys])
    return Titles(
        [Title(name, title_of(scenario.journeys[name], name)) for name in ordered],
        [Title(name, station_title(scenario, name)) for name in scenario.stations],
    )

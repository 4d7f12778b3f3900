"""A scenario made complete: names resolved, built-in journeys and default stations added."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rulebook import Policy, PolicyError, RuleBook
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey, default_stations
from scenarios.defaults import DefaultUsed, defaults_used
from scenarios.format import MetricObjective, Scenario
from scenarios.journey_checks import References, check_journey
from scenarios.journey_format import Check, JourneyGraph, Run, Serve
from scenarios.journey_structure import Journey
from scenarios.journey_time import check_recursion, check_time
from scenarios.metrics import parse_metric
from scenarios.positions import Document
from scenarios.problems import Problem, ScenarioError, closest
from scenarios.scenario_checks import Draft, check_scenario, make_calendar
from scenarios.sections import Sections, sections_of
from scenarios.station_format import Station
from scenarios.station_names import StationNames
from world.calendar import Calendar

__all__ = ["CompleteScenario", "complete", "find_problems"]


@dataclass(frozen=True)
class CompleteScenario:
    """All that a run needs. Model times are µs since the calendar's start.

    `stations`: those of the scenario in its order, then by name the defaults of systems that a
    journey, a fault or an objective names. `journeys`: those the scenario names, then those that
    run inside them. `instants`: observed arrivals by place in `scenario.arrivals`, ascending.
    `defaults`: what the scenario leaves to Poligon. `horizon_us`: the end of the run,
    None for until_empty; `arrivals_end_us`: where arrivals by rate end, None if nothing says so.
    `scenario_hash`: SHA-256 of the file and the overrides, empty for a scenario made in Python.
    """

    scenario: Scenario
    book: RuleBook
    policy: Policy
    calendar: Calendar
    stations: Mapping[str, Station]
    journeys: Mapping[str, JourneyGraph]
    instants: Mapping[int, tuple[int, ...]]
    defaults: tuple[DefaultUsed, ...]
    horizon_us: int | None
    arrivals_end_us: int | None
    scenario_hash: str
    names: StationNames

    def station_of(self, name: str) -> str:
        """The key in `stations` of the station that `name` means; KeyError if there is none."""
        resolved = self.names.resolve(name)
        if resolved is None:
            raise KeyError(name)
        return resolved

    def metric_of(self, path: str) -> str:
        """`path` of a metric with the name its station runs under; KeyError if there is no such."""
        metric = parse_metric(path)
        if metric is None:
            raise KeyError(path)
        if metric.family != "stations":
            return path
        return str(replace(metric, subject=self.station_of(metric.subject)))


def complete(
    scenario: Scenario,
    book: RuleBook,
    document: Document | None = None,
    folder: Path | None = None,
    scenario_hash: str = "",
) -> CompleteScenario:
    """The scenario with every name resolved; ScenarioError with all that contradicts itself.

    `document` is where the scenario was read from, `folder` what its file names are relative to.
    """
    document = document or Document("<scenario>", {})
    examined = _Examined(sections_of(scenario), document, folder or Path(), book)
    if examined.problems:
        raise ScenarioError(examined.problems)
    draft, names = examined.draft, examined.names
    assert draft.calendar is not None
    assert names is not None
    stations = _used_stations(scenario, examined.journeys, names, examined.policy)
    return CompleteScenario(
        scenario=scenario,
        book=book,
        policy=examined.policy,
        calendar=draft.calendar,
        stations=stations,
        journeys={name: journey.graph for name, journey in examined.journeys.items()},
        instants=draft.instants,
        defaults=tuple(defaults_used(scenario, stations, examined.run_by)),
        horizon_us=draft.horizon_us(),
        arrivals_end_us=draft.arrivals_end_us(),
        scenario_hash=scenario_hash,
        names=names,
    )


def find_problems(
    sections: Sections, document: Document, folder: Path, book: RuleBook
) -> list[Problem]:
    """What contradicts itself in the right sections of a scenario that is wrong elsewhere."""
    return _Examined(sections, document, folder, book).problems


class _Examined:
    """The journeys of a scenario (`run_by`: who runs those it does not name) and its problems."""

    def __init__(
        self, sections: Sections, document: Document, folder: Path, book: RuleBook
    ) -> None:
        self._sections = sections
        self._document = document
        self.policy = _policy(book, sections)
        self.problems: list[Problem] = []
        self.run_by: dict[str, str] = {}
        self.names: StationNames | None = None
        if sections.stations is not None:
            self.names = StationNames(sections.stations, default_stations(self.policy)[0], book)
        self.journeys = self._journeys()
        listed = None if sections.journeys is None else set(sections.journeys)
        used = None if listed is None else [*listed, *self.run_by]
        calendar, problems = make_calendar(sections, document)
        self.problems += problems
        self.draft = Draft(
            sections, document, folder, book, calendar, self.names, listed, used,
            self._checked_rules(), self._station, {},
        )  # fmt: skip
        self.problems += check_scenario(self.draft)
        runnable = None if listed is None else {*listed, *BUILTIN_JOURNEYS}
        self._check_journeys(References(book, self.names, runnable))

    def _station(self, name: str) -> Station | None:
        resolved = self.names.resolve(name) if self.names else None
        if resolved is None:
            return None
        given = self._sections.stations or {}
        return given[resolved] if resolved in given else default_stations(self.policy)[0][resolved]

    def _checked_rules(self) -> set[str] | None:
        """The rules of all gates; None if some journey is not wholly readable."""
        named = self._sections.journeys
        if named is None or not set(named) <= set(self.journeys):
            return None
        if any(journey.broken for journey in self.journeys.values()):
            return None
        nodes = (n for j in self.journeys.values() for n in j.graph.nodes.values())
        return {rule for node in nodes if isinstance(node, Check) for rule in node.check}

    def _journeys(self) -> dict[str, Journey]:
        """The readable journeys that the scenario names, then the built-in ones run inside them."""
        found: dict[str, Journey] = {}
        for name, entry in (self._sections.journeys or {}).items():
            if isinstance(entry, JourneyGraph):
                broken = frozenset(self._sections.broken_nodes.get(name, ()))
                prefix = ("journeys", name)
                found[name] = Journey(name, entry, self._document, prefix, broken)
            elif name in BUILTIN_JOURNEYS:
                if entry is not None:
                    found[name] = Journey(name, *builtin_journey(name, self.policy))
            elif entry is not None:
                suggestion = closest(name, BUILTIN_JOURNEYS)
                self.problems.append(
                    self._document.problem(
                        "not_builtin", ("journeys", name),
                        got=name, closest=suggestion, allowed=BUILTIN_JOURNEYS,
                    )
                )  # fmt: skip
        waiting = deque(found.values())
        while waiting:
            journey = waiting.popleft()
            for node in journey.graph.nodes.values():
                if not isinstance(node, Run) or node.run in found:
                    continue
                if node.run in BUILTIN_JOURNEYS and node.run not in (self._sections.journeys or {}):
                    found[node.run] = Journey(node.run, *builtin_journey(node.run, self.policy))
                    self.run_by[node.run] = journey.name
                    waiting.append(found[node.run])
        return found

    def _check_journeys(self, references: References) -> None:
        right = {}
        for name, journey in self.journeys.items():
            problems = check_journey(journey, references)
            self.problems += problems
            if not problems and not journey.broken:
                right[name] = journey
        self.problems += check_recursion(self.journeys)
        in_error = {f.service for f in self._sections.faults.values() if f.kind == "error"}
        error_stations = {self.names.resolve(name) for name in in_error} if self.names else set()
        served = {
            node.serve
            for journey in right.values()
            for node in journey.graph.nodes.values()
            if isinstance(node, Serve)
        }
        failing = {s for s in served if self.names and self.names.resolve(s) in error_stations}
        self.problems += check_time(right, self._station, failing)


def _policy(book: RuleBook, sections: Sections) -> Policy:
    """The scenario's policy; where it is wrong, which is told elsewhere, the book's own."""
    try:
        return book.policy(sections.policy or {})
    except PolicyError:
        return book.policy()


def _used_stations(
    scenario: Scenario, journeys: Mapping[str, Journey], names: StationNames, policy: Policy
) -> dict[str, Station]:
    mentioned = {
        node.serve
        for journey in journeys.values()
        for node in journey.graph.nodes.values()
        if isinstance(node, Serve)
    }
    mentioned |= {fault.service for fault in scenario.faults}
    for objective in scenario.objectives:
        if isinstance(objective, MetricObjective):
            metric = parse_metric(objective.metric)
            if metric is not None and metric.family == "stations":
                mentioned.add(metric.subject)
    resolved = {station for name in mentioned if (station := names.resolve(name)) is not None}
    defaults = default_stations(policy)[0]
    added = sorted(resolved - set(scenario.stations))
    return {**scenario.stations, **{name: defaults[name] for name in added}}

"""A raw scenario tree into typed sections: what is right is kept, what is wrong is told."""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from scenarios.fields import Warmup
from scenarios.format import ArrivalStream, CalendarSection, Fault, Objective, Population, Scenario
from scenarios.journey_format import JourneyEntry, JourneyGraph
from scenarios.positions import Document
from scenarios.problem_texts import TEXTS
from scenarios.problems import KeyPath, Problem, closest
from scenarios.station_format import Station

__all__ = ["Sections", "coded", "problems_of", "read_sections", "sections_of", "validated"]

_CODES: Final[Mapping[str, str]] = {
    "model_type": "mapping",
    "dict_type": "mapping",
    "list_type": "list",
    "literal_error": "choice",
}
_BY_NAME_OR_INDEX: Final = ("stations", "arrivals", "faults", "objectives")


@dataclass
class Sections:
    """The parts of a scenario that are right by themselves; None where the whole part is wrong.

    `arrivals`, `faults`, `objectives` are by their place in the list. A station or journey that is
    named but wrong inside is None; `broken_nodes` are the wrong nodes of journeys otherwise right.
    """

    calendar: CalendarSection | None = None
    population: Population | None = None
    policy: Mapping[str, object] | None = None
    warmup: Any = 0
    stations: dict[str, Station | None] | None = None
    arrivals: dict[int, Any] = field(default_factory=dict)
    journeys: dict[str, Any] | None = None
    broken_nodes: dict[str, set[str]] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    objectives: dict[int, Any] = field(default_factory=dict)


def read_sections(
    document: Document, folder: Path
) -> tuple[Scenario | None, Sections, list[Problem]]:
    """The scenario (None if anything is wrong by itself), its right sections, the problems."""
    try:
        scenario = validated(Scenario, document.value, folder)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(document, detail) for detail in details]
        return None, _right_sections(document.value, details, folder), problems
    return scenario, sections_of(scenario), []


def validated(kind: Any, value: object, folder: Path) -> Any:
    """`value` as `kind`, keys spelt as in the file; raises pydantic's ValidationError."""
    context = {"folder": folder}
    return _adapter(kind).validate_python(value, context=context, by_alias=True, by_name=False)


def problems_of(document: Document, error: ValidationError) -> list[Problem]:
    """The coded problems of a failed validation of the whole document."""
    return [_problem(document, detail) for detail in error.errors(include_url=False)]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _path(loc: tuple[int | str, ...]) -> KeyPath:
    """Where the error is in the file: without the tags of variants, such as `<serve>`."""
    tags = re.compile(r"<\w+>|\[key\]")
    return tuple(part for part in loc if not (isinstance(part, str) and tags.fullmatch(part)))


def _problem(document: Document, detail: ErrorDetails) -> Problem:
    path, code, params = coded(detail)
    return document.problem(code, path, **params)


def coded(detail: ErrorDetails) -> tuple[KeyPath, str, dict[str, object]]:
    """Where something is wrong, and the code and the parameters of its text in TEXTS."""
    path = _path(detail["loc"])
    kind = detail["type"]
    code = _CODES.get(kind, kind if kind in TEXTS else "invalid")
    context = detail.get("ctx", {})
    params: dict[str, object] = {"got": detail["input"], **context}
    params.pop("code", None)
    if kind == "literal_error":
        params = {"got": detail["input"], "allowed": re.findall(r"'([^']*)'", context["expected"])}
    elif kind == "too_short":
        params = {"got": context["actual_length"], "least": context["min_length"]}
    elif kind == "too_long":
        params = {"got": context["actual_length"], "most": context["max_length"]}
    elif kind == "unknown_key":
        allowed = context["allowed"]
        params = {"allowed": allowed, "closest": closest(path[-1], allowed)}
    elif kind == "missing":
        params = {}
    return path, code, params


def sections_of(scenario: Scenario) -> Sections:
    """All sections of a scenario that is right by itself."""
    return Sections(
        calendar=scenario.calendar,
        population=scenario.population,
        policy=scenario.policy,
        warmup=scenario.warmup,
        stations=dict(scenario.stations),
        arrivals=dict(enumerate(scenario.arrivals)),
        journeys=dict(scenario.journeys),
        faults=dict(enumerate(scenario.faults)),
        objectives=dict(enumerate(scenario.objectives)),
    )


def _right_sections(
    value: dict[str, object], details: Iterable[ErrorDetails], folder: Path
) -> Sections:
    tree = copy.deepcopy(value)
    wrong: set[KeyPath] = set()
    for detail in details:
        path = _path(detail["loc"])
        if detail["type"] == "unknown_key":
            _remove(tree, path)
        else:
            wrong.add(_component(path))
    reading = _Reading(tree, wrong, folder)
    return Sections(
        calendar=reading.section("calendar", CalendarSection, None),
        population=reading.section("population", Population, Population()),
        policy=reading.section("policy", dict[str, object], {}),
        warmup=reading.section("warmup", Warmup, 0),
        stations=reading.mapping("stations", Station),
        arrivals=reading.items("arrivals", ArrivalStream),
        journeys=reading.journeys(),
        broken_nodes=reading.broken_nodes,
        faults=reading.items("faults", Fault),
        objectives=reading.items("objectives", Objective),
    )


def _component(path: KeyPath) -> KeyPath:
    """The smallest part that is of no use when something at `path` is wrong."""
    if path and path[0] in _BY_NAME_OR_INDEX:
        return path[:2]
    if path and path[0] == "journeys":
        return path[:4] if len(path) > 3 and path[2] == "nodes" else path[:2]
    return path[:1]


def _remove(tree: Any, path: KeyPath) -> None:
    for key in path[:-1]:
        tree = tree[key]
    del tree[path[-1]]


class _Reading:
    """Reads the components of `tree` that are not among the `wrong` ones."""

    def __init__(self, tree: dict[str, Any], wrong: set[KeyPath], folder: Path) -> None:
        self.tree = tree
        self.wrong = wrong
        self.folder = folder
        self.broken_nodes: dict[str, set[str]] = {}

    def section(self, key: str, kind: Any, default: Any) -> Any:
        if (key,) in self.wrong:
            return None
        return validated(kind, self.tree[key], self.folder) if key in self.tree else default

    def items(self, key: str, kind: Any) -> dict[int, Any]:
        if (key,) in self.wrong:
            return {}
        return {
            index: validated(kind, item, self.folder)
            for index, item in enumerate(self.tree.get(key, []))
            if (key, index) not in self.wrong
        }

    def mapping(self, key: str, kind: Any) -> dict[str, Any] | None:
        if (key,) in self.wrong:
            return None
        return {
            name: None if (key, name) in self.wrong else validated(kind, item, self.folder)
            for name, item in self.tree[key].items()
        }

    def journeys(self) -> dict[str, Any] | None:
        if ("journeys",) in self.wrong:
            return None
        return {name: self._journey(name, entry) for name, entry in self.tree["journeys"].items()}

    def _journey(self, name: str, entry: Any) -> Any:
        if ("journeys", name) in self.wrong:
            return None
        broken = {str(path[3]) for path in self.wrong if path[:3] == ("journeys", name, "nodes")}
        if not broken:
            return validated(JourneyEntry, entry, self.folder)
        nodes = {key: node for key, node in entry["nodes"].items() if key not in broken}
        if not nodes:
            return None
        self.broken_nodes[name] = broken
        return validated(JourneyGraph, {**entry, "nodes": nodes}, self.folder)

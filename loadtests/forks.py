"""What a journey that a scenario draws itself may have in the model and not in a load test:
parallel branches. They would have to be several clients at once that are one case."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final

from loadtests.graph_walk import stations_not_asked
from scenarios.completion import CompleteScenario
from scenarios.journey_format import Fork, Run
from scenarios.overrides import apply_overrides
from scenarios.positions import Document, decode, parse_yaml, read_bytes
from scenarios.problems import Problem, TextTable
from sim.model.model import Model

__all__ = ["ForkProblem", "fork_problems"]

_TEXTS: Final[TextTable] = {
    "load_fork": (
        "нагрузка не проходит параллельных ветвей (fork): постройте путь без них или считайте его "
        "моделью (poligon simulate)",
        "a load test does not walk parallel branches (fork): draw the journey without them, or let "
        "the model have it (poligon simulate)",
    ),
}


class ForkProblem(Problem):
    """A fork on the way of cases that would be walked."""

    texts: ClassVar[TextTable] = _TEXTS


def fork_problems(
    scenario: CompleteScenario, model: Model, path: Path, overrides: Sequence[str]
) -> list[Problem]:
    """Each fork of the journeys that have arrivals and would be walked through the graph, with its
    place in the file `path`."""
    drawn = {name for name, entry in scenario.scenario.journeys.items() if entry != "builtin"}
    walked = [
        each.name
        for each in model.graph.journeys
        if each.name in drawn and not stations_not_asked(model, each.name)
    ]
    found = dict.fromkeys(fork for name in walked for fork in _forks(scenario, name, set()))
    if not found:
        return []
    document = _document(path, overrides, scenario)
    return [_placed(document, journey, node) for journey, node in found]


def _forks(scenario: CompleteScenario, journey: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """Journey and name of each fork in a journey and in those that run inside it."""
    seen.add(journey)
    for name, node in scenario.journeys[journey].nodes.items():
        if isinstance(node, Fork):
            yield journey, name
        elif isinstance(node, Run) and node.run not in seen:
            yield from _forks(scenario, node.run, seen)


def _document(path: Path, overrides: Sequence[str], scenario: CompleteScenario) -> Document:
    document = parse_yaml(decode(read_bytes(path), str(path)), str(path))
    apply_overrides(document, overrides, scenario.book)
    return document


def _placed(document: Document, journey: str, node: str) -> Problem:
    key = ("journeys", journey, "nodes", node)
    place = document.position(key)
    return ForkProblem("load_fork", place.file, place.line, place.column, ".".join(key))

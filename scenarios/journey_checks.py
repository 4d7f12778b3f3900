"""What must hold inside one journey: its references, its steps and its branches."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from rulebook import RuleBook
from scenarios.distribution_fields import SUM_TOLERANCE
from scenarios.journey_format import Check, Choose, Condition, Delay, End, Run, Serve
from scenarios.journey_structure import Journey, branch_heads, regions_of, steps_inside
from scenarios.policy_checks import comparison_problems
from scenarios.problems import KeyPath, Problem, closest
from scenarios.station_names import StationNames

__all__ = ["References", "check_journey"]


@dataclass(frozen=True)
class References:
    """What nodes may refer to; None where the scenario's own part is not readable."""

    book: RuleBook
    stations: StationNames | None
    journeys: Collection[str] | None


def check_journey(journey: Journey, references: References) -> list[Problem]:
    """Every problem of the journey except those that need other journeys (`journey_time`)."""
    problems = [*_start(journey)]
    for name in journey.graph.nodes:
        problems += _targets(journey, name)
    complete = not problems and not journey.broken
    for name in journey.graph.nodes:
        problems += _references(journey, name, references)
        problems += _shape(journey, name)
    problems += _paths(journey, complete)
    return problems


def _start(journey: Journey) -> Iterator[Problem]:
    if not journey.knows(journey.graph.start):
        yield _unknown_node(journey, ("start",), journey.graph.start)


def _targets(journey: Journey, name: str) -> Iterator[Problem]:
    node = journey.graph.nodes[name]
    for path, target in [*steps_inside(node), *branch_heads(node)]:
        if not journey.knows(target):
            yield _unknown_node(journey, ("nodes", name, *path), target)


def _unknown_node(journey: Journey, path: KeyPath, target: str) -> Problem:
    names = [*journey.graph.nodes, *journey.broken]
    return journey.problem("unknown_node", *path, got=target, closest=closest(target, names))


def _references(journey: Journey, name: str, references: References) -> Iterator[Problem]:
    node = journey.graph.nodes[name]
    rules = references.book.rules
    here = ("nodes", name)

    def unknown(code: str, names: Iterable[str], path: KeyPath, got: str) -> Problem:
        return journey.problem(code, *here, *path, got=got, closest=closest(got, names))

    for index, rule in enumerate(node.rules):
        if rule not in rules:
            yield unknown("unknown_rule", rules, ("rules", index), rule)
    match node:
        case Serve() if references.stations and references.stations.resolve(node.serve) is None:
            yield unknown("unknown_station", references.stations.known(), ("serve",), node.serve)
        case Check():
            for index, rule in enumerate(node.check):
                if rule not in rules:
                    yield unknown("unknown_rule", rules, ("check", index), rule)
        case Run() if references.journeys is not None and node.run not in references.journeys:
            yield unknown("unknown_journey", references.journeys, ("run",), node.run)
        case Choose():
            for index, choice in enumerate(node.choose):
                if choice.if_ is not None:
                    path = (*here, "choose", index, "if")
                    yield from _condition(journey, path, choice.if_, references.book)


def _condition(
    journey: Journey, path: KeyPath, condition: Condition, book: RuleBook
) -> Iterator[Problem]:
    one = isinstance(condition.defects, str)
    defects = [condition.defects] if one else condition.defects or []
    for index, defect in enumerate(defects):
        if defect not in book.defects:
            at = (*path, "defects") if one else (*path, "defects", index)
            suggestion = closest(defect, book.defects)
            yield journey.problem("unknown_defect", *at, got=defect, closest=suggestion)
    for node, bound in (condition.visits or {}).items():
        if not journey.knows(node):
            yield _unknown_node(journey, (*path, "visits", node), node)
        low, high = bound.at_least, bound.at_most
        if low is not None and high is not None and low > high:
            yield journey.problem("bounds_order", *path, "visits", node)
    if condition.policy:
        at = (*journey.prefix, *path, "policy")
        yield from comparison_problems(book, condition.policy, journey.document, at)


def _shape(journey: Journey, name: str) -> Iterator[Problem]:
    node = journey.graph.nodes[name]
    if isinstance(node, Choose):
        yield from _choices(journey, name, node)
    elif isinstance(node, Delay):
        if node.within is not None and node.late is None:
            yield journey.problem("late_missing", "nodes", name, "within")
        if node.late is not None and node.within is None:
            yield journey.problem("within_missing", "nodes", name, "late")


def _choices(journey: Journey, name: str, node: Choose) -> Iterator[Problem]:
    by_chance = [choice.p is not None for choice in node.choose]
    by_condition = [choice.if_ is not None for choice in node.choose]
    if any(by_chance) and (any(by_condition) or not all(by_chance)):
        yield journey.problem("choose_mixed", "nodes", name, "choose")
    elif any(by_chance):
        total = sum(choice.p or 0.0 for choice in node.choose)
        if abs(total - 1) > SUM_TOLERANCE:
            yield journey.problem("shares_sum", "nodes", name, "choose", got=round(total, 12))
    elif by_condition != [True] * (len(by_condition) - 1) + [False]:
        yield journey.problem("choose_default", "nodes", name, "choose")


def _paths(journey: Journey, complete: bool) -> Iterator[Problem]:
    """Regions; what depends on every edge is looked at only if the journey is `complete`."""
    nodes = journey.graph.nodes
    regions, strays = regions_of(journey.graph)
    dead_ends = [
        name
        for name in regions[0].nodes
        if not isinstance(node := nodes[name], Choose | End) and node.next is None
    ]
    for name in dead_ends:
        yield journey.problem("next_missing", "nodes", name)
    if not complete:
        return
    for stray in strays:
        path = ("nodes", stray.source, *stray.path)
        yield journey.problem("branch_edge", *path, got=stray.target, region=stray.region)
    for region in regions[1:]:
        for name in region.nodes:
            if isinstance(nodes[name], End):
                yield journey.problem("branch_end", "nodes", name, fork=region.fork)
    if dead_ends:  # they are why others are not reached
        return
    reached = {name for region in regions for name in region.nodes}
    for name in nodes:
        if name not in reached:
            yield journey.problem("unreachable", "nodes", name)

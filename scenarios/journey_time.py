"""Cycles that take no time, and journeys that run themselves.

A step takes no time if it may: a choice, a check, a service or delay that is constantly zero, a
refusal by a full queue. What a journey or branch can do without time is a subset of {DONE, FAILED}.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from scenarios.cycles import cyclic_groups, shortest_path
from scenarios.journey_format import Check, Choose, Delay, End, Fail, Fork, Run, Serve
from scenarios.journey_structure import AnyNode, Journey, Region, branch_heads, regions_of
from scenarios.problems import Problem
from scenarios.station_format import Station

__all__ = ["check_recursion", "check_time"]

# No node can have these names.
_DONE: Final = "<done>"
_FAILED: Final = "<failed>"

Outcomes = frozenset[str]
_TAKES_TIME: Final[Outcomes] = frozenset()


def check_recursion(journeys: Mapping[str, Journey]) -> Iterator[Problem]:
    """A problem at every `run` through which a journey comes back to itself."""
    edges = _runs(journeys)
    for group in cyclic_groups(edges):
        for name in group:
            journey = journeys[name]
            for node_name, node in journey.graph.nodes.items():
                if isinstance(node, Run) and node.run in group:
                    way = [name] if node.run == name else shortest_path(edges, node.run, name)
                    shown = _shown([name, *way])
                    yield journey.problem("journey_recursion", "nodes", node_name, "run", way=shown)


def check_time(
    journeys: Mapping[str, Journey],
    station: Callable[[str], Station | None],
    error_stations: Collection[str],
) -> Iterator[Problem]:
    """A problem for every group of nodes that a case could go round for ever without time passing.

    `journeys` are those without other problems; `station` gives the station a name means,
    `error_stations` are the names, as nodes write them, of those with a fault of kind error.
    """
    outcomes: dict[str, Outcomes] = {}
    try:
        order = list(TopologicalSorter(_runs(journeys)).static_order())
    except CycleError:
        return  # told by check_recursion; times are looked at when it is mended
    for name in order:
        steps = _Steps(journeys[name], station, error_stations, outcomes)
        outcomes[name] = steps.outcomes
        for group in cyclic_groups(steps.targets):
            way = _shown(shortest_path(steps.targets, group[0], group[0]))
            yield journeys[name].problem("cycle_without_time", "nodes", group[0], way=way)


def _runs(journeys: Mapping[str, Journey]) -> dict[str, list[str]]:
    return {
        name: [
            node.run
            for node in journey.graph.nodes.values()
            if isinstance(node, Run) and node.run in journeys
        ]
        for name, journey in journeys.items()
    }


def _shown(way: list[str]) -> str:
    most = 12  # names of a cycle that still fit a line
    return " → ".join(way if len(way) <= most else [*way[: most - 1], "…", way[-1]])


class _Steps:
    """The steps of a journey that may take no time: `targets` of each node, `outcomes` of all."""

    def __init__(
        self,
        journey: Journey,
        station: Callable[[str], Station | None],
        error_stations: Collection[str],
        runs: Mapping[str, Outcomes],
    ) -> None:
        self._station = station
        self._error_stations = error_stations
        self._runs = runs
        self._branches: dict[str, list[Outcomes]] = {}
        self.targets: dict[str, list[str]] = {}
        nodes = journey.graph.nodes
        regions, _ = regions_of(journey.graph)
        for region in reversed(regions):  # branches before the region of their fork
            for name in region.nodes:
                self.targets[name] = list(self._targets(name, nodes[name]))
            self.outcomes = self._outcomes(region)
            self._branches.setdefault(region.fork, []).append(self.outcomes)
        self.targets = {name: self.targets[name] for name in nodes if name in self.targets}

    def _outcomes(self, region: Region) -> Outcomes:
        return frozenset(
            outcome
            for outcome in (_DONE, _FAILED)
            if shortest_path(self.targets, region.head, outcome)
        )

    def _targets(self, name: str, node: AnyNode) -> Iterator[str]:
        match node:
            case End():
                yield _DONE if node.end == "completed" else _FAILED
            case Choose():
                yield from (choice.to for choice in node.choose)
            case Check():
                yield from self._after(node.next, node.fail, frozenset({_DONE, _FAILED}))
            case Delay():
                if node.delay.is_zero:
                    yield node.next or _DONE
                elif node.within == 0 and node.late is not None:
                    yield node.late
            case Serve():
                yield from self._after(node.next, node.fail, self._service(node))
            case Run():
                ways = self._runs.get(node.run, _TAKES_TIME)
                yield from self._after(node.next, node.fail, ways)
            case Fork():
                yield from (head for _, head in branch_heads(node))
                yield from self._after(node.next, node.fail, self._join(name))

    def _service(self, node: Serve) -> Outcomes:
        station = self._station(node.serve)
        if station is None:
            return _TAKES_TIME
        ways = set()
        no_service_time = (node.service or station.service).is_zero
        if no_service_time:
            ways.add(_DONE)
        paused = station.retry is not None and station.retry.backoff > 0
        in_error = no_service_time and node.serve in self._error_stations
        impatient = station.patience is not None and station.patience.is_zero
        if not paused and (station.queue_limit is not None or in_error or impatient):
            ways.add(_FAILED)
        return frozenset(ways)

    def _join(self, fork: str) -> Outcomes:
        branches = self._branches.get(fork, [_TAKES_TIME])
        if not all(branches):
            return _TAKES_TIME  # the last branch decides when the fork ends
        ways = {_DONE} if all(_DONE in branch for branch in branches) else set()
        if any(_FAILED in branch for branch in branches):
            ways.add(_FAILED)
        return frozenset(ways)

    @staticmethod
    def _after(next_node: str | None, fail: str | Fail | None, ways: Outcomes) -> Iterator[str]:
        if _DONE in ways:
            yield next_node or _DONE
        if _FAILED not in ways:
            return
        if not isinstance(fail, Fail):
            yield fail or _FAILED
            return
        if fail.after is None or fail.after.is_zero:
            yield fail.to
        if fail.max is not None:
            yield fail.give_up or _FAILED

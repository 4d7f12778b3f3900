"""The shape of a journey: edges between its nodes, the main path and the branches of its forks.

A region is the main path or one branch of one fork; each node belongs to exactly one.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scenarios.journey_format import Check, Choose, Delay, End, Fail, Fork, JourneyGraph, Run, Serve
from scenarios.positions import Document
from scenarios.problems import KeyPath, Problem

__all__ = ["AnyNode", "Journey", "Region", "Stray", "branch_heads", "regions_of", "steps_inside"]

AnyNode = Serve | Delay | Choose | Check | Fork | Run | End


@dataclass(frozen=True)
class Journey:
    """A journey with its place: `prefix` is the key path of the graph in `document`.

    `broken` are nodes left out of the graph because they are wrong by themselves.
    """

    name: str
    graph: JourneyGraph
    document: Document
    prefix: KeyPath = ()
    broken: frozenset[str] = frozenset()

    def problem(self, code: str, *path: str | int, **params: object) -> Problem:
        """The problem `code` at `path` inside the graph."""
        return self.document.problem(code, (*self.prefix, *path), **params)

    def knows(self, node: str) -> bool:
        """Whether there is such a node, right or wrong by itself."""
        return node in self.graph.nodes or node in self.broken


@dataclass
class Region:
    """The main path (`fork` empty) or branch number `branch` of `fork`, beginning at `head`."""

    head: str
    fork: str = ""
    branch: int = 0
    nodes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.fork}.fork.{self.branch}" if self.fork else "start"


@dataclass(frozen=True)
class Stray:
    """An edge at `path` of node `source` into `target`, which belongs to another `region`."""

    source: str
    path: KeyPath
    target: str
    region: Region


def steps_inside(node: AnyNode) -> Iterator[tuple[KeyPath, str]]:
    """Pairs (key path inside the node, target) of the steps that stay in the node's region."""
    match node:
        case Choose():
            for index, choice in enumerate(node.choose):
                yield ("choose", index, "to"), choice.to
        case Delay():
            yield from _present(("next",), node.next)
            yield from _present(("late",), node.late)
        case Serve() | Check() | Fork() | Run():
            yield from _present(("next",), node.next)
            if isinstance(node.fail, Fail):
                yield ("fail", "to"), node.fail.to
                yield from _present(("fail", "give_up"), node.fail.give_up)
            else:
                yield from _present(("fail",), node.fail)


def branch_heads(node: AnyNode) -> Iterator[tuple[KeyPath, str]]:
    """Pairs (key path inside the node, first node) of a fork's branches; none for other nodes."""
    if isinstance(node, Fork):
        for index, head in enumerate(node.fork):
            yield ("fork", index), head


def regions_of(graph: JourneyGraph) -> tuple[list[Region], list[Stray]]:
    """The regions, each after the one its fork lies in, and the edges that cross their borders.

    Targets that the graph does not have are passed over.
    """
    main = Region(graph.start)
    home: dict[str, Region] = {}
    regions: list[Region] = []
    strays: list[Stray] = []
    if graph.start in graph.nodes:
        home[graph.start] = main
    waiting = deque([main])
    while waiting:
        region = waiting.popleft()
        regions.append(region)
        strays += _explore(graph.nodes, region, home)
        for name in region.nodes:
            for path, head in branch_heads(graph.nodes[name]):
                branch = Region(head, name, int(path[-1]))
                if head in home:
                    strays.append(Stray(name, path, head, home[head]))
                elif head in graph.nodes:
                    home[head] = branch
                    waiting.append(branch)
    return regions, strays


def _explore(
    nodes: Mapping[str, AnyNode], region: Region, home: dict[str, Region]
) -> Iterator[Stray]:
    """Fills `region.nodes` with what is reached from its head and not at home elsewhere."""
    waiting = [region.head] if home.get(region.head) is region else []
    while waiting:
        name = waiting.pop()
        region.nodes.append(name)
        for path, target in steps_inside(nodes[name]):
            if target not in nodes:
                continue
            if target not in home:
                home[target] = region
                waiting.append(target)
            elif home[target] is not region:
                yield Stray(name, path, target, home[target])


def _present(path: KeyPath, target: str | None) -> Iterator[tuple[KeyPath, str]]:
    if target is not None:
        yield path, target

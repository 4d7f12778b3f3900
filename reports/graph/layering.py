"""The layers of a directed graph: cycles broken, layers by longest paths, few crossings.

The first steps of Sugiyama, Tagawa and Toda (1981): break cycles, layer, order by barycentres.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

__all__ = ["SWEEPS", "Item", "Layering", "Link", "Vertex", "back_links"]

# Times that layers are gone through, down and up.
SWEEPS: Final = 12
BEND_WIDTH: Final = 18.0  # pixels
# Long edges are kept straight before nodes are centred over each other.
BEND_WEIGHT: Final = 8.0


@dataclass(frozen=True)
class Item:
    """Something to place, `width` × `height` pixels; `last` keeps it in a layer below all
    others."""

    key: str
    width: float
    height: float
    last: bool = False


@dataclass(frozen=True)
class Link:
    """An edge between two items; `source_x` and `target_x` fix where it touches them, from their
    left side.
    """

    source: str
    target: str
    weight: float = 1.0
    source_x: float | None = None
    target_x: float | None = None


def back_links(keys: Sequence[str], links: Sequence[Link]) -> frozenset[int]:
    """Links to draw upwards, so that the others have no cycle: of each cycle the lightest.

    Links are taken from heavy to light, each that closes no cycle with those taken before; of equal
    ones first those that a depth-first walk from `keys` in order does not meet as returns.
    """
    returns = _returns(keys, links)
    onward: dict[str, set[str]] = defaultdict(set)
    backs = set()
    for i in sorted(range(len(links)), key=lambda i: (-links[i].weight, i in returns, i)):
        link = links[i]
        if link.source in _reached(link.target, onward):
            backs.add(i)
        else:
            onward[link.source].add(link.target)
    return frozenset(backs)


def _reached(start: str, onward: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        new = onward.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def _returns(keys: Sequence[str], links: Sequence[Link]) -> set[int]:
    """Links that lead to an item which a depth-first walk is still in."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for i, link in enumerate(links):
        leaving[link.source].append(i)
    found: set[int] = set()
    state: dict[str, int] = {}
    for root in keys:
        walk = [] if root in state else [(root, iter(leaving[root]))]
        state.setdefault(root, 1)
        while walk:
            key, rest = walk[-1]
            for i in rest:
                target = links[i].target
                if state.get(target) == 1:
                    found.add(i)
                elif target not in state:
                    state[target] = 1
                    walk.append((target, iter(leaving[target])))
                    break
            else:
                state[key] = 2
                walk.pop()
    return found


@dataclass
class Vertex:
    """An item, or a bend of a link that crosses a layer."""

    width: float
    height: float
    layer: int
    x: float = 0.0
    above: list[tuple[int, float]] = field(default_factory=list)
    below: list[tuple[int, float]] = field(default_factory=list)


class Layering:
    """Vertices in layers from top to bottom, each layer from left to right.

    `items` gives the vertex of an item, `chains` those of each link that goes down, from its source
    to its target; `backs` are the links that go up.
    """

    def __init__(self, items: Sequence[Item], links: Sequence[Link]) -> None:
        self.items = {item.key: i for i, item in enumerate(items)}
        self.links = links
        self.backs = back_links([item.key for item in items], links)
        ranks = self._ranks(items)
        self.vertices = [Vertex(item.width, item.height, ranks[item.key]) for item in items]
        self.chains = {i: self._chain(link) for i, link in enumerate(links) if i not in self.backs}
        self.layers: list[list[int]] = [[] for _ in range(1 + max(ranks.values(), default=0))]
        for number, vertex in enumerate(self.vertices):
            self.layers[vertex.layer].append(number)
        self._order()

    def _ranks(self, items: Sequence[Item]) -> dict[str, int]:
        """Layers by the longest way from a source; items that must be last share the layer after
        the last.
        """
        onward = defaultdict(list)
        unmet = dict.fromkeys(self.items, 0)
        for i, link in enumerate(self.links):
            if i not in self.backs:
                onward[link.source].append(link.target)
                unmet[link.target] += 1
        ranks = dict.fromkeys(self.items, 0)
        ready = [key for key, sources in unmet.items() if not sources]
        for key in ready:
            for target in onward[key]:
                ranks[target] = max(ranks[target], ranks[key] + 1)
                unmet[target] -= 1
                if not unmet[target]:
                    ready.append(target)
        deepest = max((ranks[item.key] for item in items if not item.last), default=-1)
        return ranks | {item.key: deepest + 1 for item in items if item.last}

    def _chain(self, link: Link) -> list[int]:
        """Vertices of a link from its source to its target, with a bend in each layer between."""
        first, last = self.items[link.source], self.items[link.target]
        chain = [first]
        for layer in range(self.vertices[first].layer + 1, self.vertices[last].layer):
            self.vertices.append(Vertex(BEND_WIDTH, 0.0, layer))
            chain.append(len(self.vertices) - 1)
        chain.append(last)
        bends = range(len(self.items), len(self.vertices))
        for upper, lower in pairwise(chain):
            weight = BEND_WEIGHT if upper in bends and lower in bends else link.weight
            self.vertices[upper].below.append((lower, weight))
            self.vertices[lower].above.append((upper, weight))
        return chain

    def _order(self) -> None:
        """Reduce crossings: sort layers by barycentres of their neighbours, down and up, keep the
        best order.
        """
        best, fewest = [list(layer) for layer in self.layers], self._crossings()
        for sweep in range(2 * SWEEPS):
            down = sweep % 2 == 0
            for layer in self.layers if down else reversed(self.layers):
                self._sort(layer, down)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(layer) for layer in self.layers], crossings
        self.layers = best

    def _positions(self) -> dict[int, int]:
        return {number: at for layer in self.layers for at, number in enumerate(layer)}

    def _sort(self, layer: list[int], down: bool) -> None:
        at = self._positions()

        def barycentre(number: int) -> float:
            vertex = self.vertices[number]
            neighbours = vertex.above if down else vertex.below
            if not neighbours:
                return at[number]
            return sum(at[other] for other, _ in neighbours) / len(neighbours)

        layer.sort(key=barycentre)

    def _crossings(self) -> int:
        at = self._positions()
        total = 0
        for layer in self.layers:
            ends = [(at[n], at[other]) for n in layer for other, _ in self.vertices[n].below]
            total += sum(
                (a[0] - b[0]) * (a[1] - b[1]) < 0 for i, a in enumerate(ends) for b in ends[:i]
            )
        return total

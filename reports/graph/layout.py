"""Where the nodes of a journey stand and how its edges run: each sub-journey is laid out on its own
and framed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.graph.arrangement import Arrangement, Point, arrange
from reports.graph.layering import Item, Link

__all__ = ["Drawing", "Edge", "Rectangle", "Size", "lay_out"]

# Pixels between a frame and what it holds.
PADDING = 16.0

Size = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """An edge between nodes by id; `weight` > 0 grows with its flow: heavy edges are drawn
    straight.
    """

    source: str
    target: str
    weight: float = 1.0


@dataclass(frozen=True)
class Rectangle:
    """A node or a frame; x and y are the left upper corner, in pixels."""

    id: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """Nodes, frames (id: the caller's path, outer ones first) and a polyline per edge; `backs` are
    edges that go up.
    """

    nodes: Sequence[Rectangle]
    frames: Sequence[Rectangle]
    routes: Sequence[Sequence[Point]]
    backs: frozenset[int]
    width: float
    height: float


def lay_out(sizes: Mapping[str, Size], edges: Sequence[Edge]) -> Drawing:
    """Lay out nodes of given sizes, in the order of `sizes`. Ids `caller/inner` are framed together
    with `caller`.
    """
    level = _Level("", list(sizes), sizes, dict(enumerate(edges)), exits=(), entries=())
    routes = [level.routes[i] for i in range(len(edges))]
    return Drawing(
        [Rectangle(node, *level.corners[node], *sizes[node]) for node in sizes],
        level.frames, routes, frozenset(level.backs), level.width, level.height,
    )  # fmt: skip


@dataclass(frozen=True)
class _Port:
    """The end of an edge that crosses a frame: the node inside, and whether the edge leaves."""

    node: str
    leaves: bool

    @property
    def key(self) -> str:
        # No node id contains a space.
        return f"{'exit' if self.leaves else 'entry'} {self.node}"


class _Level:
    """One journey, with its sub-journeys as blocks. Coordinates are relative to its own left upper
    corner.
    """

    def __init__(
        self, prefix: str, nodes: list[str], sizes: Mapping[str, Size], edges: Mapping[int, Edge],
        exits: Collection[str], entries: Collection[str],
    ) -> None:  # fmt: skip
        self.nodes, self.sizes, self.edges = nodes, sizes, edges
        self.item_of = _items(prefix, nodes)
        self.ports = [_Port(n, leaves=False) for n in entries] + [
            _Port(n, leaves=True) for n in exits
        ]
        inside: dict[str, dict[int, Edge]] = defaultdict(dict)
        self.across: dict[int, Edge] = {}
        for i, edge in edges.items():
            block = self.item_of[edge.source]
            if block == self.item_of[edge.target] and _is_block(block):
                inside[block][i] = edge
            else:
                self.across[i] = edge
        self.blocks = {
            key: self._block(key, inside[key])
            for key in dict.fromkeys(self.item_of.values())
            if _is_block(key)
        }
        self._arrange()
        self._compose()

    @property
    def width(self) -> float:
        return self.arrangement.width

    @property
    def height(self) -> float:
        return self.arrangement.height

    def _block(self, key: str, edges: Mapping[int, Edge]) -> "_Level":
        members = [node for node in self.nodes if self.item_of[node] == key]
        exits = [e.source for e in self.across.values() if self.item_of[e.source] == key]
        entries = [e.target for e in self.across.values() if self.item_of[e.target] == key]
        for port in self.ports:
            if self.item_of[port.node] == key:
                (exits if port.leaves else entries).append(port.node)
        return _Level(
            key,
            members,
            self.sizes,
            edges,
            tuple(dict.fromkeys(exits)),
            tuple(dict.fromkeys(entries)),
        )

    def _arrange(self) -> None:
        items = [Item(port.key, 6.0, 0.0) for port in self.ports if not port.leaves]
        for key in dict.fromkeys(self.item_of.values()):
            block = self.blocks.get(key)
            size = (
                (block.width + 2 * PADDING, block.height + 2 * PADDING)
                if block
                else self.sizes[key]
            )
            items.append(Item(key, *size))
        items += [Item(port.key, 6.0, 0.0, last=True) for port in self.ports if port.leaves]
        self.link_of_edge: dict[int, int] = {}
        self.link_of_port: dict[_Port, int] = {}
        links: list[Link] = []
        for i, edge in self.across.items():
            self.link_of_edge[i] = len(links)
            links.append(self._link(edge.source, edge.target, edge.weight))
        for port in self.ports:
            self.link_of_port[port] = len(links)
            links.append(self._port_link(port))
        self.arrangement: Arrangement = arrange(items, links)

    def _link(self, source: str, target: str, weight: float) -> Link:
        return Link(
            self.item_of[source], self.item_of[target], weight,
            self._port_x(_Port(source, leaves=True)), self._port_x(_Port(target, leaves=False)),
        )  # fmt: skip

    def _port_link(self, port: _Port) -> Link:
        item, x = self.item_of[port.node], self._port_x(port)
        # Ports are points: links touch them in the middle.
        return (
            Link(item, port.key, 1.0, x, 3.0) if port.leaves else Link(port.key, item, 1.0, 3.0, x)
        )

    def _port_x(self, port: _Port) -> float | None:
        """Where an edge crosses the frame of the block that holds the node; None if the node stands
        alone.
        """
        block = self.blocks.get(self.item_of[port.node])
        if block is None:
            return None
        return PADDING + block.arrangement.corners[port.key][0] + 3.0

    def _compose(self) -> None:
        """Put what the blocks hold into this level's coordinates, and join the parts of edges that
        cross frames.
        """
        corners = self.arrangement.corners
        self.corners: dict[str, Point] = {n: corners[n] for n in self.nodes if self.item_of[n] == n}
        self.frames: list[Rectangle] = []
        self.routes: dict[int, list[Point]] = {}
        self.backs: set[int] = set()
        for key, block in self.blocks.items():
            x, y = corners[key]
            self.frames.append(
                Rectangle(key[:-1], x, y, block.width + 2 * PADDING, block.height + 2 * PADDING)
            )
            x, y = x + PADDING, y + PADDING
            self.frames += [replace(f, x=f.x + x, y=f.y + y) for f in block.frames]
            self.corners |= {n: (cx + x, cy + y) for n, (cx, cy) in block.corners.items()}
            self.routes |= {i: [(px + x, py + y) for px, py in r] for i, r in block.routes.items()}
            self.backs |= block.backs
        for i, edge in self.across.items():
            link = self.link_of_edge[i]
            middle = self.arrangement.routes[link]
            self.routes[i] = [
                *self._inner(_Port(edge.source, leaves=True)),
                *middle,
                *self._inner(_Port(edge.target, leaves=False)),
            ]
            if link in self.arrangement.backs:
                self.backs.add(i)

    def _inner(self, port: _Port) -> list[Point]:
        """The part of an edge inside the block that holds its end; nothing if the end stands
        alone."""
        key = self.item_of[port.node]
        block = self.blocks.get(key)
        if block is None:
            return []
        x, y = self.arrangement.corners[key]
        return [(px + x + PADDING, py + y + PADDING) for px, py in block.port_route(port)]

    def port_route(self, port: _Port) -> list[Point]:
        """The way between a node and the frame of this level, in the direction of the edge."""
        own = self.arrangement.routes[self.link_of_port[port]]
        inner = self._inner(port)
        return [*inner, *own] if port.leaves else [*own, *inner]


def _items(prefix: str, nodes: Sequence[str]) -> dict[str, str]:
    """Node → the item of this level that holds it: itself, or its sub-journey's block, whose key
    ends with a slash.
    """
    callers = {_head(prefix, node) for node in nodes if "/" in node[len(prefix) :]}
    items = {}
    for node in nodes:
        head = _head(prefix, node)
        items[node] = head if head in callers else node
    return items


def _is_block(item: str) -> bool:
    return item.endswith("/")


def _head(prefix: str, node: str) -> str:
    return prefix + node[len(prefix) :].partition("/")[0] + "/"

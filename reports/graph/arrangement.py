"""A layered drawing of a directed graph: loops run along the right side.

The last step of Sugiyama, Tagawa and Toda (1981): place what `reports.graph.layering` has layered.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.graph.layering import SWEEPS, Item, Layering, Link

__all__ = ["Arrangement", "Point", "arrange"]

# Pixels.
GAP = 46.0
POINT_GAP = 20.0
ASIDE = 22.0
TRACK = 9.0
LANE = 13.0
# A link this much heavier than all others of its side goes straight through the middle.
DOMINANT = 1.5
# Where loops touch an item, as a share of its width from the left.
LOOP_PLACE = 0.92

INFINITY = float("inf")

Point = tuple[float, float]


@dataclass(frozen=True)
class Arrangement:
    """Left upper corners by item and a polyline per link, in its own direction; `backs` are the
    links that go up.
    """

    corners: dict[str, Point]
    routes: list[list[Point]]
    backs: frozenset[int]
    width: float
    height: float


def arrange(items: Sequence[Item], links: Sequence[Link]) -> Arrangement:
    """Place `items` (the first ones on top where the links leave a choice) and route `links` round
    them.
    """
    placing = _Placing(Layering(items, links))
    placing.place_across()
    placing.place_down()
    return placing.arrangement()


class _Placing:
    def __init__(self, layering: Layering) -> None:
        self.items, self.links, self.backs = layering.items, layering.links, layering.backs
        self.vertices, self.chains = layering.vertices, layering.chains
        self.layers = layering.layers

    def place_across(self) -> None:
        """Centre vertices over their neighbours as far as the order and the widths allow."""
        for layer in self.layers:
            x = 0.0
            for number in layer:
                self.vertices[number].x = x + self.vertices[number].width / 2
                x += self.vertices[number].width + ASIDE
        for sweep in range(2 * SWEEPS):
            for layer in self.layers if sweep % 2 == 0 else reversed(self.layers):
                self._align(layer, both=sweep >= SWEEPS, down=sweep % 2 == 0)
        for _ in range(2):
            for chain in self.chains.values():
                self._straighten(chain[1:-1])
        left = min((v.x - v.width / 2 for v in self.vertices), default=0.0)
        for vertex in self.vertices:
            vertex.x -= left

    def _align(self, layer: list[int], both: bool, down: bool) -> None:
        """Least squares under minimal distances, by pooling adjacent vertices that would
        overlap."""
        # Each block: sum of weight × wanted place of its first vertex, sum of weights, its offsets.
        blocks: list[tuple[float, float, list[tuple[int, float]]]] = []
        previous = None
        for number in layer:
            vertex = self.vertices[number]
            near = vertex.above + vertex.below if both else vertex.above if down else vertex.below
            weight = sum(w for _, w in near) or 0.1
            wanted = sum(w * self.vertices[o].x for o, w in near) / weight if near else vertex.x
            block = (weight * wanted, weight, [(number, 0.0)])
            if previous is not None:
                before = self.vertices[previous]
                distance = (before.width + vertex.width) / 2 + ASIDE
                block = (block[0], block[1], [(number, distance)])
            blocks.append(block)
            previous = number
            self._pool(blocks)
        for moment, weight, members in blocks:
            x = moment / weight
            for i, (number, distance) in enumerate(members):
                x += distance if i else 0.0
                self.vertices[number].x = x

    def _straighten(self, bends: list[int]) -> None:
        """Put runs of bends on one vertical, as long as each has room for it in its layer."""
        run: list[int] = []
        low, high = -INFINITY, INFINITY
        for number in [*bends, None]:
            left, right = (INFINITY, -INFINITY) if number is None else self._room(number)
            if max(low, left) <= min(high, right):
                low, high = max(low, left), min(high, right)
            else:
                if run:
                    x = min(max(sum(self.vertices[n].x for n in run) / len(run), low), high)
                    for n in run:
                        self.vertices[n].x = x
                run, low, high = [], left, right
            if number is not None:
                run.append(number)

    def _room(self, number: int) -> tuple[float, float]:
        """Between which places a vertex can stand when its neighbours in the layer stay."""
        vertex = self.vertices[number]
        layer = self.layers[vertex.layer]
        at = layer.index(number)
        low, high = -INFINITY, INFINITY
        if at > 0:
            before = self.vertices[layer[at - 1]]
            low = before.x + (before.width + vertex.width) / 2 + ASIDE
        if at + 1 < len(layer):
            after = self.vertices[layer[at + 1]]
            high = after.x - (after.width + vertex.width) / 2 - ASIDE
        return min(low, vertex.x), max(high, vertex.x)

    @staticmethod
    def _pool(blocks: list[tuple[float, float, list[tuple[int, float]]]]) -> None:
        while len(blocks) > 1:
            (moment, weight, members), (moment2, weight2, members2) = blocks[-2:]
            reach = sum(d for _, d in members[1:]) + members2[0][1]
            if moment2 / weight2 - moment / weight >= reach:
                return
            blocks[-2:] = [
                (moment + moment2 - weight2 * reach, weight + weight2, members + members2)
            ]

    def place_down(self) -> None:
        """Heights of layers and of the gaps between them, with a track in the gap for each loop."""
        self.leaving: dict[int, list[int]] = defaultdict(list)
        self.entering: dict[int, list[str]] = defaultdict(list)
        for i in sorted(self.backs, key=lambda i: (-self._x(self.links[i].source), i)):
            link = self.links[i]
            self.leaving[self._layer(link.source)].append(i)
            if link.target not in self.entering[self._layer(link.target)]:
                self.entering[self._layer(link.target)].append(link.target)
        self.tops, self.bottoms = [], []
        y = TRACK * (len(self.entering[0]) + 1) if self.entering[0] else 0.0
        for number, layer in enumerate(self.layers):
            self.tops.append(y)
            y += max((self.vertices[v].height for v in layer), default=0.0)
            self.bottoms.append(y)
            y += self._gap(number) + TRACK * (
                len(self.leaving[number]) + len(self.entering[number + 1])
            )
        last = self.leaving[len(self.layers) - 1]
        self.height = (self.bottoms[-1] if self.bottoms else 0.0) + (
            TRACK * (len(last) + 1) if last else 0
        )

    def _gap(self, upper: int) -> float:
        """Room under a layer: less beside a layer of points, where edges come in or go out."""
        return POINT_GAP if self._flat(upper) or self._flat(upper + 1) else GAP

    def _flat(self, number: int) -> bool:
        layer = self.layers[number] if number < len(self.layers) else []
        return not any(self.vertices[v].height for v in layer)

    def _layer(self, key: str) -> int:
        return self.vertices[self.items[key]].layer

    def _x(self, key: str) -> float:
        return self.vertices[self.items[key]].x

    # Result

    def arrangement(self) -> Arrangement:
        """Corners and routes of what was placed."""
        corners = {}
        for key, number in self.items.items():
            vertex = self.vertices[number]
            corners[key] = (vertex.x - vertex.width / 2, self.tops[vertex.layer])
        touches = self._touches()
        lanes, width = self._lanes()
        routes = [
            self._back_route(i, lanes[i], touches[i])
            if i in self.backs
            else self._route(self.chains[i], touches[i])
            for i, link in enumerate(self.links)
        ]
        return Arrangement(corners, routes, self.backs, width, self.height)

    def _touches(self) -> list[tuple[float, float]]:
        """Where each link leaves its source and meets its target: spread over the side, in the
        order of the far ends.
        """
        leaves: dict[str, list[tuple[float, int]]] = defaultdict(list)
        meets: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for i, link in enumerate(self.links):
            back = i in self.backs
            leaves[link.source].append(
                (INFINITY if back else self.vertices[self.chains[i][1]].x, i)
            )
            meets[link.target].append(
                (INFINITY if back else self.vertices[self.chains[i][-2]].x, i)
            )
        starts = self._spread(leaves, [link.source_x for link in self.links])
        ends = self._spread(meets, [link.target_x for link in self.links])
        return [(starts[i], ends[i]) for i in range(len(self.links))]

    def _spread(
        self, rows: dict[str, list[tuple[float, int]]], fixed: Sequence[float | None]
    ) -> dict[int, float]:
        places: dict[int, float] = {}
        for key, ends in rows.items():
            vertex = self.vertices[self.items[key]]
            left = vertex.x - vertex.width / 2
            places |= {
                i: left + (vertex.width * share if fixed[i] is None else fixed[i] or 0.0)
                for i, share in self._shares([i for _, i in sorted(ends)]).items()
            }
        return places

    def _shares(self, numbers: list[int]) -> dict[int, float]:
        """Places of links along a side of an item, in their order: the main one, if any, in the
        middle.
        """
        loops = [i for i in numbers if i in self.backs]
        forward = [i for i in numbers if i not in self.backs]
        shares = {i: 0.15 + 0.7 * (at + 1) / (len(forward) + 1) for at, i in enumerate(forward)}
        weights = sorted(((self.links[i].weight, i) for i in forward), reverse=True)
        if len(weights) > 1 and weights[0][0] > DOMINANT * weights[1][0]:
            main = forward.index(weights[0][1])
            before, after = forward[:main], forward[main + 1 :]
            shares = {weights[0][1]: 0.5}
            shares |= {i: 0.15 + 0.25 * (at + 0.5) / len(before) for at, i in enumerate(before)}
            shares |= {i: 0.6 + 0.25 * (at + 0.5) / len(after) for at, i in enumerate(after)}
        # Loops share the right end of the side, apart from all others.
        return shares | dict.fromkeys(loops, LOOP_PLACE)

    def _route(self, chain: list[int], touch: tuple[float, float]) -> list[Point]:
        first, last = self.vertices[chain[0]], self.vertices[chain[-1]]
        points = [(touch[0], self.tops[first.layer] + first.height)]
        if first.height < self.bottoms[first.layer] - self.tops[first.layer]:
            points.append((touch[0], self.bottoms[first.layer]))
        for number in chain[1:-1]:
            bend = self.vertices[number]
            points += [(bend.x, self.tops[bend.layer]), (bend.x, self.bottoms[bend.layer])]
        return [*points, (touch[1], self.tops[last.layer])]

    def _lanes(self) -> tuple[dict[int, float], float]:
        """A lane for each loop, right of the layers it passes, short ones inside; and the width."""
        rights = [
            max((self.vertices[v].x + self.vertices[v].width / 2 for v in layer), default=0.0)
            for layer in self.layers
        ]
        ends = {i: (self.links[i].target, self.links[i].source) for i in self.backs}
        spans = {i: (self._layer(top), self._layer(bottom)) for i, (top, bottom) in ends.items()}
        lanes = {}
        width = max(rights, default=0.0)
        for i, (top, bottom) in sorted(spans.items(), key=lambda s: (s[1][1] - s[1][0], s)):
            lanes[i] = max(rights[top : bottom + 1]) + LANE
            rights[top : bottom + 1] = [lanes[i]] * (bottom + 1 - top)
            width = max(width, lanes[i] + LANE)
        return lanes, width

    def _back_route(self, i: int, lane: float, touch: tuple[float, float]) -> list[Point]:
        link = self.links[i]
        source, target = (
            self.vertices[self.items[link.source]],
            self.vertices[self.items[link.target]],
        )
        under = self.bottoms[source.layer] + TRACK * (1 + self.leaving[source.layer].index(i))
        over = self.tops[target.layer] - TRACK * (
            1 + self.entering[target.layer].index(link.target)
        )
        return [
            (touch[0], self.tops[source.layer] + source.height),
            (touch[0], under), (lane, under), (lane, over), (touch[1], over),
            (touch[1], self.tops[target.layer]),
        ]  # fmt: skip

"""A journey as SVG: nodes with title, station and rules, edges as wide as their flow, counts on
them.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from reports.formatting import count
from reports.graph.arrangement import Point
from reports.graph.layout import Drawing, Edge, Rectangle, lay_out
from reports.objectives import station_title
from reports.texts import text
from rulebook import Language
from sim.experiments.results import FlowView, JourneyView, NodeView, Result

__all__ = ["GraphPicture", "draw"]

# Pixels, at the font sizes that the style sheet gives to the graph (12 and 11).
NODE_WIDTH = 204.0
LINE = 15.0
NODE_MARGIN = 8.0
LETTER = 6.6
LABEL_HEIGHT = 14.0
MARGIN = 12.0
THICKEST = 7.0
ARROW = 7.0
TITLE_LETTERS = 23
SMALL_LETTERS = 29
RULE_LINES = 2
# A picture is cut into bands for printing only where this much is free of nodes and labels.
CUT = 3.0


@dataclass(frozen=True)
class GraphPicture:
    """Drawing of one journey: the SVG's content, its size in pixels, and (top, height) of the bands
    to print it in.
    """

    content: Markup
    width: float
    height: float
    bands: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class _Lines:
    """What is written in a node."""

    title: list[str]
    small: list[str]
    entered: str

    @property
    def height(self) -> float:
        return 2 * NODE_MARGIN + LINE * (len(self.title) + len(self.small) + 1)


def draw(journey: JourneyView, result: Result, lang: Language) -> GraphPicture:
    """Draw a journey; targets that are no node of it (unnamed ends) are drawn as ends."""
    journey = _taken(journey)
    nodes = _nodes(journey)
    lines = {node.id: _lines(node, result, lang) for node in nodes.values()}
    most = max((flow.count for flow in journey.flows), default=0.0) or 1.0
    edges = [Edge(f.source, f.target, 1 + 12 * f.count / most) for f in journey.flows]
    drawing = lay_out({node: (NODE_WIDTH, lines[node].height) for node in nodes}, edges)
    order = sorted(range(len(edges)), key=lambda i: journey.flows[i].count)
    parts = [_frame(frame) for frame in drawing.frames]
    parts += [_edge(journey.flows[i], drawing.routes[i], most, lang) for i in order]
    parts += [_node(nodes[box.id], box, lines[box.id]) for box in drawing.nodes]
    labels = _labels(journey.flows, drawing, lang)
    parts += [_label(flow, box, lang) for flow, box in zip(journey.flows, labels, strict=True)]
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    inner = Markup("\n").join(parts)
    content = Markup('<g transform="translate({0} {0})">{1}</g>').format(_n(MARGIN), inner)
    return GraphPicture(content, width, height, _bands(drawing, labels, height))


def _taken(journey: JourneyView) -> JourneyView:
    """The journey without failures that never happened, and without what only they lead to.

    Nearly every node can fail; drawn, those edges would hide the others. The table lists them all.
    """
    flows = [flow for flow in journey.flows if flow.kind != "fail" or flow.count > 0]
    reached = {node.id for node in journey.nodes if node.entered > 0}
    waiting = list(reached)
    while waiting:
        source = waiting.pop()
        new = {flow.target for flow in flows if flow.source == source} - reached
        reached |= new
        waiting += new
    return replace(
        journey,
        nodes=[node for node in journey.nodes if node.id in reached],
        flows=[flow for flow in flows if flow.source in reached],
    )


def _nodes(journey: JourneyView) -> dict[str, NodeView]:
    nodes = {node.id: node for node in journey.nodes}
    for flow in journey.flows:
        for end in (flow.source, flow.target):
            if end not in nodes:
                entered = sum(f.count for f in journey.flows if f.target == end)
                nodes[end] = NodeView(end, {"ru": end, "en": end}, "end", None, (), entered)
    return nodes


def _lines(node: NodeView, result: Result, lang: Language) -> _Lines:
    title = textwrap.wrap(node.title[lang], TITLE_LETTERS, max_lines=3, placeholder="…") or [
        node.id
    ]
    small = []
    if node.station is not None:
        small = textwrap.wrap(
            station_title(result, node.station, lang), SMALL_LETTERS, max_lines=2, placeholder="…"
        )
    rules = textwrap.wrap(", ".join(node.rules), SMALL_LETTERS, break_on_hyphens=False)
    if len(rules) > RULE_LINES:
        named = " ".join(rules[:RULE_LINES]).rstrip(",").split(", ")[:-1]
        more = text("more_rules", lang, count=len(node.rules) - len(named))
        rules = textwrap.wrap(", ".join([*named, more]), SMALL_LETTERS, break_on_hyphens=False)
    return _Lines(title, small + rules, count(node.entered, lang))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _frame(frame: Rectangle) -> Markup:
    return Markup('<rect class="frame" x="{}" y="{}" width="{}" height="{}" rx="10"/>').format(
        *map(_n, (frame.x, frame.y, frame.width, frame.height))
    )


def _node(node: NodeView, box: Rectangle, lines: _Lines) -> Markup:
    # Round ends, cut corners for choices, everything else square: told apart without colour.
    radius = box.height / 2 if node.kind in ("end", "leave") else 4.0
    if node.kind == "choose":
        cut, (x, y, w, h) = 10.0, (box.x, box.y, box.width, box.height)
        corners = [
            (x + cut, y), (x + w - cut, y), (x + w, y + cut), (x + w, y + h - cut),
            (x + w - cut, y + h), (x + cut, y + h), (x, y + h - cut), (x, y + cut),
        ]  # fmt: skip
        points = " ".join(f"{_n(px)},{_n(py)}" for px, py in corners)
        shape = Markup('<polygon class="box" points="{}"/>').format(points)
    else:
        shape = Markup('<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
            *map(_n, (box.x, box.y, box.width, box.height, radius))
        )
    x, y = box.x + box.width / 2, box.y + NODE_MARGIN - 3
    texts = []
    for name, rows in (("t", lines.title), ("s", lines.small), ("c", [lines.entered])):
        for row in rows:
            y += LINE
            texts.append(
                Markup('<text class="{}" x="{}" y="{}">{}</text>').format(name, _n(x), _n(y), row)
            )
    tip = Markup("<title>{}</title>").format(" · ".join([node.id, *node.rules]))
    kind = "".join(c for c in node.kind if c.isalnum())
    kind += {True: " good", False: " bad", None: ""}[node.completed]
    idle = "" if node.entered > 0 else " idle"
    return Markup('<g class="node {}{}">{}{}{}</g>').format(
        kind, idle, tip, shape, Markup("").join(texts)
    )


def _edge(flow: FlowView, route: Sequence[Point], most: float, lang: Language) -> Markup:
    width = 1.0 + (THICKEST - 1.0) * flow.count / most if flow.count > 0 else 1.0
    size = ARROW + width / 2
    x, y = route[-1]
    short = [*route[:-1], (x, y - size)]
    tip = f"{flow.source} → {flow.target}: {count(flow.count, lang)}"
    head = f"{_n(x)},{_n(y)} {_n(x - size / 2)},{_n(y - size)} {_n(x + size / 2)},{_n(y - size)}"
    kind = "fail" if flow.kind == "fail" else "next"
    return Markup(
        '<g class="edge {}{}"><title>{}</title>'
        '<path d="{}" stroke-width="{}"/><polygon points="{}"/></g>'
    ).format(kind, "" if flow.count > 0 else " idle", tip, _path(short), _n(width), head)


def _path(points: Sequence[Point]) -> str:
    """Slanted parts as curves that begin and end upright, right angles rounded."""
    x, y = points[0]
    parts = [f"M{_n(x)} {_n(y)}"]
    for i, (nx, ny) in enumerate(points[1:], 1):
        if abs(nx - x) > 0.5 and abs(ny - y) > 0.5:
            middle = (y + ny) / 2
            parts.append(f"C{_n(x)} {_n(middle)} {_n(nx)} {_n(middle)} {_n(nx)} {_n(ny)}")
        elif i + 1 < len(points) and _turns((x, y), (nx, ny), points[i + 1]):
            ax, ay = points[i + 1]
            r = min(6.0, (abs(nx - x) + abs(ny - y)) / 2, (abs(ax - nx) + abs(ay - ny)) / 2)
            bx, by = nx - r * _sign(nx - x), ny - r * _sign(ny - y)
            ex, ey = nx + r * _sign(ax - nx), ny + r * _sign(ay - ny)
            parts.append(f"L{_n(bx)} {_n(by)}Q{_n(nx)} {_n(ny)} {_n(ex)} {_n(ey)}")
        else:
            parts.append(f"L{_n(nx)} {_n(ny)}")
        x, y = nx, ny
    return "".join(parts)


def _turns(a: Point, b: Point, c: Point) -> bool:
    """Whether the way a–b–c is a right angle."""
    first, second = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    flat = {abs(first[0]) > 0.5, abs(second[0]) > 0.5}
    steep = {abs(first[1]) > 0.5, abs(second[1]) > 0.5}
    return flat == {True, False} and steep == {True, False}


def _sign(value: float) -> float:
    return (value > 0.5) - (value < -0.5)


def _labels(flows: Sequence[FlowView], drawing: Drawing, lang: Language) -> list[Rectangle]:
    """A place on each edge for its count that covers no node and no other count, if there is
    one."""
    taken = list(drawing.nodes)
    boxes = []
    for flow, route in zip(flows, drawing.routes, strict=True):
        width = LETTER * len(count(flow.count, lang)) + 6
        places = [
            Rectangle("", x - width / 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT)
            for x, y in _spots(route)
        ]
        best = min(places, key=lambda place: sum(_overlap(place, other) for other in taken))
        taken.append(best)
        boxes.append(best)
    return boxes


def _spots(route: Sequence[Point]) -> list[Point]:
    """Points of a route where a label may sit, the most welcome first: near its ends, then
    anywhere.
    """
    segments = list(pairwise(route))
    segments = [
        s for s in segments if abs(s[0][0] - s[1][0]) + abs(s[0][1] - s[1][1]) > LABEL_HEIGHT
    ]
    ends = [*segments[:1], *segments[-1:], *segments[1:-1]] or [(route[0], route[-1])]
    return [
        _along(segment, at) for at in (0.5, 0.38, 0.62, 0.27, 0.73, 0.16, 0.84) for segment in ends
    ]


def _along(segment: tuple[Point, Point], t: float) -> Point:
    """The point of a segment's curve at parameter t (see `_path`)."""
    (x, y), (nx, ny) = segment
    if abs(nx - x) <= 0.5 or abs(ny - y) <= 0.5:
        return x + t * (nx - x), y + t * (ny - y)
    ease = t * t * (3 - 2 * t)
    # Both control points lie half-way down.
    down = 1.5 * t * (1 - t) + t**3
    return x + ease * (nx - x), y + down * (ny - y)


def _overlap(a: Rectangle, b: Rectangle) -> float:
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return max(across, 0.0) * max(down, 0.0)


def _label(flow: FlowView, box: Rectangle, lang: Language) -> Markup:
    kind = ("fail" if flow.kind == "fail" else "next") + ("" if flow.count > 0 else " idle")
    x, y = box.x + box.width / 2, box.y + LABEL_HEIGHT - 3.5
    return Markup('<text class="flow {}" x="{}" y="{}">{}</text>').format(
        kind, _n(x), _n(y), count(flow.count, lang)
    )


def _bands(
    drawing: Drawing, labels: Sequence[Rectangle], height: float
) -> list[tuple[float, float]]:
    """Cut the picture where no node and no label is, so that a page never ends inside one."""
    spans = sorted(
        (b.y + MARGIN - CUT, b.y + b.height + MARGIN + CUT) for b in [*drawing.nodes, *labels]
    )
    cuts, reach = [0.0], 0.0
    for top, bottom in spans:
        if top > reach > 0:
            cuts.append((reach + top) / 2)
        reach = max(reach, bottom)
    return [(a, b - a) for a, b in zip(cuts, [*cuts[1:], height], strict=True)]

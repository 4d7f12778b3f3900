"""The drawing of a journey: what stands above what, and that nothing is covered."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.graph.arrangement import arrange
from reports.graph.layering import Item, Link
from reports.graph.layout import Drawing, Edge, Rectangle, lay_out
from reports.graph.svg import draw
from sim.experiments.results import FlowView
from tests.reports.sample import sample
from tests.reports.tiny import JOURNEY, tiny

SIZE = (100.0, 40.0)


def laid_out(*edges: str) -> Drawing:
    """A drawing of edges written as "a b"."""
    pairs = [edge.split() for edge in edges]
    nodes = dict.fromkeys(name for pair in pairs for name in pair)
    return lay_out(dict.fromkeys(nodes, SIZE), [Edge(a, b) for a, b in pairs])


def overlap(a: Rectangle, b: Rectangle) -> bool:
    return (
        a.x < b.x + b.width and b.x < a.x + a.width
        and a.y < b.y + b.height and b.y < a.y + a.height
    )  # fmt: skip


def inside(inner: Rectangle, outer: Rectangle) -> bool:
    return (
        outer.x <= inner.x and inner.x + inner.width <= outer.x + outer.width
        and outer.y <= inner.y and inner.y + inner.height <= outer.y + outer.height
    )  # fmt: skip


def layers_of(drawing: Drawing) -> list[list[str]]:
    """Ids by height, from top to bottom, from left to right."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for node in drawing.nodes:
        rows.setdefault(node.y, []).append((node.x, node.id))
    return [[name for _, name in sorted(rows[y])] for y in sorted(rows)]


def test_nodes_stand_in_layers_by_the_longest_way() -> None:
    assert layers_of(laid_out("a b", "a c", "b d", "c e", "e d")) == [
        ["a"],
        ["b", "c"],
        ["e"],
        ["d"],
    ]


def test_an_edge_back_runs_along_the_right_side_and_leaves_the_layers_alone() -> None:
    drawing = laid_out("a b", "b c", "c a")
    assert layers_of(drawing) == [["a"], ["b"], ["c"]]
    assert drawing.backs == {2}
    right = max(node.x + node.width for node in drawing.nodes)
    route = drawing.routes[2]
    assert max(x for x, _ in route) > right
    a, _, c = drawing.nodes
    assert route[0][1] == c.y + c.height
    assert route[-1][1] == a.y


def test_of_a_cycle_the_lightest_edge_runs_back_wherever_a_walk_would_close_it() -> None:
    # A walk from a closes the cycle b c d at d b, but most cases enter it at d.
    weights = {"a b": 1, "a d": 9, "b c": 2, "c d": 1, "d b": 8}
    edges = [Edge(names[0], names[2], weight) for names, weight in weights.items()]
    drawing = lay_out(dict.fromkeys("abcd", SIZE), edges)
    assert drawing.backs == {3}
    assert layers_of(drawing) == [["a"], ["d"], ["b"], ["c"]]


def test_a_node_that_leads_to_itself_has_a_loop() -> None:
    drawing = laid_out("a a", "a b")
    assert drawing.backs == {0}
    assert layers_of(drawing) == [["a"], ["b"]]


def test_a_long_edge_goes_round_the_nodes_between() -> None:
    drawing = laid_out("a b", "b c", "c d", "a d")
    b, c = drawing.nodes[1], drawing.nodes[2]
    for (x, y), (nx, ny) in pairwise(drawing.routes[3]):
        for node in (b, c):
            if min(y, ny) < node.y + node.height and max(y, ny) > node.y:
                assert x == nx
                assert not node.x <= x <= node.x + node.width


def test_a_sub_journey_is_framed_with_its_caller_and_nobody_else() -> None:
    drawing = laid_out("a sub", "sub sub/x", "sub/x sub/y", "sub/y z", "a other", "other z")
    assert [frame.id for frame in drawing.frames] == ["sub"]
    frame = drawing.frames[0]
    within = {node.id for node in drawing.nodes if inside(node, frame)}
    assert within == {"sub", "sub/x", "sub/y"}
    assert not any(overlap(node, frame) for node in drawing.nodes if node.id not in within)


def test_nested_sub_journeys_have_nested_frames() -> None:
    drawing = laid_out("a s", "s s/t", "s/t s/t/u", "s/t/u s/v", "s/v b")
    outer, inner = drawing.frames
    assert [outer.id, inner.id] == ["s", "s/t"]
    assert inside(inner, outer)


def test_an_edge_across_a_frame_joins_its_two_nodes() -> None:
    drawing = laid_out("a s", "s s/x", "s/x b", "b s")
    box = {node.id: node for node in drawing.nodes}
    for edge, (source, target) in {0: ("a", "s"), 2: ("s/x", "b"), 3: ("b", "s")}.items():
        (x, y), (tx, ty) = drawing.routes[edge][0], drawing.routes[edge][-1]
        assert y == box[source].y + box[source].height
        assert box[source].x <= x <= box[source].x + box[source].width
        assert ty == box[target].y
        assert box[target].x <= tx <= box[target].x + box[target].width
    assert drawing.backs == {3}


def test_a_drawing_of_nothing_is_empty() -> None:
    assert lay_out({}, []) == Drawing([], [], [], frozenset(), 0.0, 0.0)
    assert arrange([Item("a", 10, 10)], []).corners == {"a": (0.0, 0.0)}


NAMES = ["a", "b", "c", "s", "s/x", "s/y", "s/t", "s/t/z", "d", "e"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=25))
def test_whatever_the_edges_no_node_covers_another_and_everything_is_in_the_picture(
    pairs: list[tuple[str, str]],
) -> None:
    drawing = lay_out(dict.fromkeys(NAMES, SIZE), [Edge(a, b) for a, b in pairs])
    assert not any(overlap(a, b) for a, b in combinations(drawing.nodes, 2))
    whole = Rectangle("", -0.01, -0.01, drawing.width + 0.02, drawing.height + 0.02)
    assert all(inside(box, whole) for box in [*drawing.nodes, *drawing.frames])
    for route in drawing.routes:
        assert all(-0.01 <= x <= whole.width and -0.01 <= y <= whole.height for x, y in route)


def test_heavy_links_are_straight() -> None:
    items = [Item(key, 100, 40) for key in "abcd"]
    links = [Link("a", "b", 10), Link("a", "c", 1), Link("b", "d", 10), Link("c", "d", 1)]
    routes = arrange(items, links).routes
    assert [abs(routes[i][0][0] - routes[i][-1][0]) < 12 for i in (0, 2)] == [True, True]


def test_picture_has_every_node_flow_and_rule_and_a_count_on_each_edge() -> None:
    result = sample()
    journey = result.journeys[0]
    picture = draw(journey, result, "ru")
    root = ET.fromstring(f"<svg>{picture.content}</svg>")
    titles = {title.text for title in root.iter("title")}
    assert {
        f"{node.id}{''.join(f' · {rule}' for rule in node.rules)}" for node in journey.nodes
    } <= titles
    flows = [e for e in root.iter("text") if e.attrib["class"].startswith("flow")]
    # All but the one failure that never happened.
    assert len(flows) == len(journey.flows) - 1
    kinds = {e.attrib["class"] for e in root.iter("g") if "class" in e.attrib}
    assert {"edge next", "edge fail", "edge next idle", "node end good", "node end bad"} <= kinds


def test_labels_cover_no_node() -> None:
    result = sample()
    picture = draw(result.journeys[0], result, "ru")
    assert picture.width < 1200
    boxes = [
        Rectangle("", *map(float, match))
        for match in re.findall(
            r'class="box" x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)"',
            picture.content,
        )
    ]
    places = re.findall(
        r'<text class="flow[^"]*" x="([\d.-]+)" y="([\d.-]+)">([^<]*)', picture.content
    )
    assert len(boxes) > 20
    for x, y, words in places:
        width = 6.6 * len(words)
        label = Rectangle(words, float(x) - width / 2, float(y) - 9, width, 10)
        assert not any(overlap(label, box) for box in boxes)


def test_bands_for_printing_cover_the_picture_and_cut_no_node() -> None:
    result = sample()
    picture = draw(result.journeys[0], result, "ru")
    ends = [top + height for top, height in picture.bands]
    assert picture.bands[0][0] == 0.0
    assert ends[:-1] == [top for top, _ in picture.bands[1:]]
    assert abs(ends[-1] - picture.height) < 1e-6
    assert len(picture.bands) > 10


def test_a_target_that_is_no_node_is_drawn_as_an_end() -> None:
    journey = JOURNEY.__class__(
        **{**vars(JOURNEY), "flows": [FlowView("look", "gone", "fail", 7.0)]}
    )
    content = draw(journey, tiny(journeys=[journey]), "ru").content
    assert ">gone<" in content
    assert 'class="node end"' in content


def test_hostile_titles_are_escaped() -> None:
    node = JOURNEY.nodes[0].__class__(
        "x", {"ru": "<script>alert(1)</script>", "en": "x"}, 'serve" onload="', None, ['"><b>'], 1.0
    )
    journey = JOURNEY.__class__(**{**vars(JOURNEY), "nodes": [node], "flows": []})
    content = draw(journey, tiny(), "ru").content
    assert "<script>" not in content
    assert "onload=" not in content.replace("serveonload", "")
    assert "<b>" not in content

"""Journeys as reports draw them: nodes with how many entered, edges with how many took them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sim.experiments.replication import Replication
from sim.experiments.results import FlowView, NodeView
from sim.model.graph import (
    CheckNode,
    ChooseNode,
    DelayNode,
    EndNode,
    EnterNode,
    Failure,
    ForkNode,
    JourneyStart,
    LeaveNode,
    Node,
    ServeNode,
)
from sim.model.model import Model
from sim.model.unfolding import IMPLICIT_END

__all__ = ["drawn", "node_id"]


def drawn(
    model: Model, journey: str, done: Sequence[Replication]
) -> tuple[list[NodeView], list[FlowView]]:
    """Nodes and edges of `journey` with those of the journeys that it runs, also the ones that
    nobody took; nothing for a journey without arrivals. Counts are means over `done`.
    """
    starts = [(n, start) for n, start in enumerate(model.graph.journeys) if start.name == journey]
    if not starts:
        return [], []
    number, start = starts[0]
    own = model.graph.nodes[start.first : start.first + start.size]
    counts = _mean_flows(own, done)
    entered: defaultdict[int, float] = defaultdict(float)
    entered[start.start] = sum(r.started[number] for r in done) / len(done)
    for (_, target), count in counts.items():
        entered[target] += count
    shown = {node.index for node in own if entered[node.index] or not _is_implicit_end(node)}
    nodes = [_node_view(model, node, entered[node.index]) for node in own if node.index in shown]
    return nodes, list(_flow_views(own, start, shown, counts))


def node_id(node: Node) -> str:
    """The node's path without its journey: `caller/inner` inside a sub-journey."""
    return node.path.partition(".")[2]


def _mean_flows(own: Sequence[Node], done: Sequence[Replication]) -> dict[tuple[int, int], float]:
    """(node, target) → cases over that edge."""
    total: defaultdict[tuple[int, int], float] = defaultdict(float)
    for node in own:
        for r in done:
            for target, count in r.flows[node.index].items():
                total[node.index, target] += count
    return {edge: count / len(done) for edge, count in total.items()}


def _is_implicit_end(node: Node) -> bool:
    """The end that a scenario did not draw; it is shown only if somebody reached it."""
    return isinstance(node, LeaveNode) and node_id(node).endswith(f"/{IMPLICIT_END}")


def _node_view(model: Model, node: Node, entered: float) -> NodeView:
    return NodeView(
        node_id(node),
        node.title,
        node.kind.name.lower(),
        model.stations[node.station].name if isinstance(node, ServeNode) else None,
        node.rules,
        entered,
        node.completed if isinstance(node, EndNode | LeaveNode) else None,
    )


def _flow_views(
    own: Sequence[Node],
    start: JourneyStart,
    shown: set[int],
    counts: dict[tuple[int, int], float],
) -> Iterator[FlowView]:
    for node in own:
        if node.index not in shown:
            continue
        for target, kind in _edges(node).items():
            if target in shown:
                count = counts.get((node.index, target), 0.0)
                yield FlowView(node_id(node), node_id(own[target - start.first]), kind, count)


def _edges(node: Node) -> dict[int, str]:
    """Targets of a node and the kind of edge to each; where both lead to one it counts as next."""
    match node:
        case ServeNode() | CheckNode():
            return _failing(node.fail) | {node.next: "next"}
        case ForkNode():
            return _failing(node.fail) | dict.fromkeys((*node.branches, node.next), "next")
        case LeaveNode():
            return {node.next: "next"} if node.completed else _failing(node.fail)
        case DelayNode():
            return ({} if node.within is None else {node.late: "fail"}) | {node.next: "next"}
        case ChooseNode():
            return {arm.to: "next" for arm in node.arms}
        case EnterNode():
            return {node.next: "next"}
        case _:
            return {}


def _failing(failure: Failure) -> dict[int, str]:
    return {failure.give_up: "fail", failure.to: "fail"}

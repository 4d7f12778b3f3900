"""Draws of first visits, block by block: the same numbers as `Distribution.draw`, at a fraction
of the cost of a call each."""

from collections.abc import Iterator

import numpy as np

from sim.model.graph import DelayNode, Graph, ServeNode
from world.draws import HYPEREXPONENTIAL, draw_first_visits

__all__ = ["NOT_DRAWN", "FirstDraws"]

NOT_DRAWN = -1

_BLOCK = 512  # cases: beyond some hundreds the cost of the call no longer shows


class FirstDraws:
    """For each case of one journey: its key, and by local node the µs of its first service or
    delay there (NOT_DRAWN elsewhere)."""

    def __init__(self, graph: Graph, journey: int) -> None:
        start = graph.journeys[journey]
        own = [node for node in graph.nodes if start.first <= node.index < start.first + start.size]
        durations = [
            (node.local, node.key, d)
            for node in own
            if isinstance(node, ServeNode | DelayNode)
            and (d := node.service if isinstance(node, ServeNode) else node.delay).kind
            < HYPEREXPONENTIAL
        ]
        self._size = start.size
        self._places = np.array([local for local, _, _ in durations], np.int64)
        self._nodes = np.array([key for _, key, _ in durations], np.uint64)
        self._kinds = np.array([d.kind for _, _, d in durations], np.int64)
        self._parameters = np.array([(d.a, d.b, d.c) for _, _, d in durations], np.float64).reshape(
            -1, 3
        )

    def of_cases(self, stream: int) -> Iterator[tuple[int, list[int]]]:
        """Endless: the cases 0, 1, … of `stream`."""
        entities = np.empty(_BLOCK, np.uint64)
        drawn = np.empty((_BLOCK, len(self._places)), np.int64)
        rows = np.full((_BLOCK, self._size), NOT_DRAWN, np.int64)
        first = 0
        while True:
            draw_first_visits(
                stream, first, self._nodes, self._kinds, self._parameters, entities, drawn
            )
            rows[:, self._places] = drawn
            yield from zip(entities.tolist(), rows.tolist(), strict=True)
            first += _BLOCK

"""Cycles of a directed graph given as the targets of each node."""

from collections import deque
from collections.abc import Collection, Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["cyclic_groups", "shortest_path"]


def cyclic_groups(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Groups of nodes with a cycle through any two of them, in the order of `edges`.

    Targets that are no keys of `edges` are passed over.
    """
    names = list(edges)
    if not names:
        return []
    number = {name: index for index, name in enumerate(names)}
    pairs = [(number[a], number[b]) for a in names for b in edges[a] if b in number]
    sources, targets = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    matrix = coo_array((np.ones(len(pairs)), (sources, targets)), shape=(len(names), len(names)))
    _, labels = connected_components(matrix, connection="strong")
    groups: dict[int, list[str]] = {}
    for name, label in zip(names, labels.tolist(), strict=True):
        groups.setdefault(label, []).append(name)
    return [group for group in groups.values() if len(group) > 1 or group[0] in edges[group[0]]]


def shortest_path(edges: Mapping[str, Collection[str]], source: str, target: str) -> list[str]:
    """Nodes of the shortest way from `source` to `target`, both included; [] if there is none.

    The way has at least one edge, also from a node to itself.
    """
    before: dict[str, str] = {}
    waiting = deque([source])
    while waiting:
        name = waiting.popleft()
        for step in edges.get(name, ()):
            if step not in before:
                before[step] = name
                waiting.append(step)
        if target in before:
            path = [target, before[target]]
            while path[-1] != source:
                path.append(before[path[-1]])
            return path[::-1]
    return []

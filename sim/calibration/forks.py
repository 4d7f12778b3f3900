"""What runs at the same time: activities of a case that overlap, as branches of a fork.

Two activities are parallel if they overlap. A fork is a group of activities in which each branch
holds those that do not overlap among themselves (the parallel cut of Leemans, Fahland and van der
Aalst 2013); it is believed if nothing else happens between its first and last activity.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from sim.calibration.activity_log import ActivityLog
from sim.calibration.raw_events import ABSENT

__all__ = ["Block", "Concurrency", "find_blocks", "runs_of"]

_OVERLAP: Final = 0.05  # share of the cases with both in which they overlap, from which it is meant
_FEWEST: Final = 5  # cases with an overlap
_WHOLE: Final = 0.95  # share of a block's occurrences that hold to its form
_EITHER_ORDER: Final = 0.2  # share of the rarer order, from which two activities have no order
_FEWEST_ORDERS: Final = 20  # neighbours looked at
_BRANCHES: Final = 2


@dataclass(frozen=True)
class Block:
    """A fork: the activities (numbers) of each branch."""

    branches: tuple[frozenset[int], ...]

    @property
    def activities(self) -> frozenset[int]:
        """All of them."""
        return frozenset().union(*self.branches)


@dataclass(frozen=True)
class Concurrency:
    """Forks that were found; groups of activities that overlap without being one; pairs that follow
    each other in either order, with the share of the rarer one: without starts it cannot be told
    whether they run at the same time."""

    blocks: tuple[Block, ...]
    shapeless: tuple[frozenset[int], ...]
    either_order: tuple[tuple[int, int, float], ...]


def find_blocks(log: ActivityLog) -> Concurrency:
    """Look at the cases of one journey."""
    bounds = log.first_rows
    activity, begin, end = log.activity.tolist(), log.begin.tolist(), log.end.tolist()
    timed = ((log.start != ABSENT) | (log.enter != ABSENT)).tolist()
    together: Counter[tuple[int, int]] = Counter()
    overlaps: Counter[tuple[int, int]] = Counter()
    follows: Counter[tuple[int, int]] = Counter()
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        present = sorted(set(activity[first:last]))
        together.update((a, b) for i, a in enumerate(present) for b in present[i + 1 :])
        overlaps.update(_overlapping(activity, begin, end, timed, first, last))
        follows.update(zip(activity[first:last], activity[first + 1 : last], strict=False))
    parallel = {
        pair
        for pair, cases in overlaps.items()
        if cases >= _FEWEST and cases >= _OVERLAP * together[pair]
    }
    blocks, shapeless = [], []
    for group in _connected(parallel):
        block = Block(tuple(_branches(group, parallel)))
        if len(block.branches) >= _BRANCHES and _holds(block, log, bounds.tolist()):
            blocks.append(block)
        else:
            shapeless.append(group)
    inside = frozenset().union(*(block.activities for block in blocks)) if blocks else frozenset()
    either = [(a, b, share) for a, b, share in _either_order(follows) if not {a, b} <= inside]
    return Concurrency(tuple(blocks), tuple(shapeless), tuple(either))


def _overlapping(
    activity: Sequence[int],
    begin: Sequence[int],
    end: Sequence[int],
    timed: Sequence[bool],
    first: int,
    last: int,
) -> set[tuple[int, int]]:
    """Pairs of different activities of a case that overlap; its rows are sorted by begin."""
    found = set()
    for i in range(first, last):
        for j in range(i + 1, last):
            if begin[j] >= end[i]:
                break
            if timed[i] and timed[j] and activity[i] != activity[j]:
                found.add((min(activity[i], activity[j]), max(activity[i], activity[j])))
    return found


def _connected(pairs: set[tuple[int, int]]) -> list[frozenset[int]]:
    groups: list[frozenset[int]] = []
    for pair in sorted(pairs):
        joined = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in joined]
        groups.append(frozenset(pair).union(*joined))
    return groups


def _branches(group: frozenset[int], parallel: set[tuple[int, int]]) -> list[frozenset[int]]:
    """Parts of a group inside which activities are linked by not being parallel."""
    members = sorted(group)
    linked = {
        (a, b) for i, a in enumerate(members) for b in members[i + 1 :] if (a, b) not in parallel
    }
    parts = _connected(linked)
    lonely = group.difference(*parts) if parts else group
    return sorted([*parts, *(frozenset({a}) for a in lonely)], key=min)


def _holds(block: Block, log: ActivityLog, bounds: Sequence[int]) -> bool:
    """Whether hardly anything else begins between the first begin and the last end of the block."""
    inside = np.isin(log.activity, sorted(block.activities))
    begin, end = log.begin, log.end
    whole = broken = 0
    for first, last in pairwise(bounds):
        for run in runs_of(inside[first:last].tolist()):
            a, b = first + run[0], first + run[1]
            reach = int(end[a:b].max())
            if b < last and begin[b] < reach:
                broken += 1
            else:
                whole += 1
    return whole >= _WHOLE * (whole + broken)


def runs_of(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """[first, last) of each stretch of marked places."""
    first = None
    for place, mark in enumerate(marks):
        if mark and first is None:
            first = place
        if not mark and first is not None:
            yield first, place
            first = None
    if first is not None:
        yield first, len(marks)


def _either_order(follows: Counter[tuple[int, int]]) -> list[tuple[int, int, float]]:
    found = []
    for (a, b), times in follows.items():
        back = follows.get((b, a), 0)
        if a < b and times + back >= _FEWEST_ORDERS:
            share = min(times, back) / (times + back)
            if share >= _EITHER_ORDER:
                found.append((a, b, share))
    return sorted(found, key=lambda pair: -pair[2])

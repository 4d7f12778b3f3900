"""The way of cases as a chain: what follows what how often, and how long after.

A chain knows only where a case is (first order): a loop has the same chance at each turn. A fork is
one link of the main chain, and each of its branches is a chain of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import stats

from scenarios.cycles import cyclic_groups
from sim.calibration.activity_log import ActivityLog
from sim.calibration.estimates import Estimate, share_of
from sim.calibration.fitting import Fit, fit
from sim.calibration.forks import Block, runs_of
from sim.calibration.raw_events import ABSENT

__all__ = [
    "END",
    "START",
    "Chain",
    "DelayFit",
    "Step",
    "Walk",
    "fit_chain",
    "untimed_activities",
    "walks_of",
]

START: Final = -1
END: Final = -2
"""In place of a link before the first and after the last."""

_FEWEST: Final = (
    50  # times of one edge from which they are asked whether they are unlike the others
)
_UNLIKE_P: Final = 0.001
_MOSTLY: Final = 0.9  # share of an activity's rows with a start, from which a station serves it


@dataclass(frozen=True)
class Walk:
    """What cases did in a chain: gaps in µs by edge, how often it ended after each link, and how
    many cases were cut off after each (the log says so: nothing is known of what followed)."""

    gaps: Mapping[tuple[int, int], Sequence[int]]
    ends: Mapping[int, int]
    cut: Mapping[int, int]
    overlaps: int


@dataclass(frozen=True)
class DelayFit:
    """Time from the end of a link to the beginning of `target` (to its end, where the log has no
    starts or too few). `source` is None for the pooled times of all sources that are not told
    apart."""

    target: int
    source: int | None
    fit: Fit


@dataclass(frozen=True)
class Step:
    """An edge taken `count` times, `at_once` of them without a delay. `delay` is the place of the
    delay of the others in `Chain.delays`."""

    source: int
    target: int
    count: int
    at_once: int
    share: Estimate
    delay: int | None


@dataclass(frozen=True)
class Chain:
    """A fitted chain. `loops` are groups of links with a way back."""

    steps: tuple[Step, ...]
    delays: tuple[DelayFit, ...]
    loops: tuple[tuple[int, ...], ...]
    overlaps: int

    def after(self, source: int) -> list[Step]:
        """The steps from a link, the most frequent first."""
        return sorted((s for s in self.steps if s.source == source), key=lambda s: -s.count)


# --- from rows to walks ---------------------------------------------------------------------------


@dataclass
class _Counting:
    gaps: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    ends: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    cut: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    overlaps: int = 0

    def walk(self) -> Walk:
        return Walk(self.gaps, self.ends, self.cut, self.overlaps)

    def follow(self, links: Sequence[tuple[int, int, int]], since: int, finished: bool) -> None:
        """Count a way through links (number, begin, end) that could begin at `since`."""
        before, source = since, START
        for link, begin, end in links:
            if begin < before:
                self.overlaps += 1
            self.gaps[source, link].append(max(begin - before, 0))
            before, source = max(before, end), link
        if finished:
            self.ends[source] += 1
        else:
            self.cut[source] += 1


def walks_of(
    log: ActivityLog, blocks: Sequence[Block], untimed: frozenset[int]
) -> tuple[Walk, dict[tuple[int, int], Walk]]:
    """The walk of the main chain, and those of branches by (block, branch).

    A link is an activity's number, or for block k the number of activities + k. An activity in
    `untimed` has no service: what the log tells of its beginning in some rows is not looked at, so
    that all of its time is in the gap before its end.
    """
    many = len(log.activities)
    block_of = {a: k for k, block in enumerate(blocks) for a in block.activities}
    branch_of = {
        a: (k, i) for k, block in enumerate(blocks) for i, b in enumerate(block.branches) for a in b
    }
    main = _Counting()
    inner: dict[tuple[int, int], _Counting] = {key: _Counting() for key in branch_of.values()}
    rows = list(zip(log.activity.tolist(), log.begin.tolist(), log.end.tolist(), strict=True))
    bounds = log.first_rows.tolist()
    cases = log.case
    for first, last in pairwise(bounds):
        links = rows[first:last]
        if blocks:
            links = _with_blocks(links, block_of, branch_of, blocks, inner, many, untimed)
        finished = not log.unfinished[cases[first]]
        main.follow(_at_ends(links, untimed), links[0][1], finished)
    return main.walk(), {key: counting.walk() for key, counting in inner.items()}


def _with_blocks(
    case: Sequence[tuple[int, int, int]],
    block_of: Mapping[int, int],
    branch_of: Mapping[int, tuple[int, int]],
    blocks: Sequence[Block],
    inner: Mapping[tuple[int, int], _Counting],
    many: int,
    untimed: frozenset[int],
) -> list[tuple[int, int, int]]:
    """Links of a case in which each stretch of a block is one; the stretch is counted in its
    branches."""
    links: list[tuple[int, int, int]] = []
    at = 0
    for k, first, last in _stretches(case, block_of):
        links += case[at:first]
        stretch = case[first:last]
        begin, end = min(row[1] for row in stretch), max(row[2] for row in stretch)
        for i in range(len(blocks[k].branches)):
            way = [row for row in stretch if branch_of[row[0]] == (k, i)]
            inner[k, i].follow(_at_ends(way, untimed), begin, True)
        links.append((many + k, begin, end))
        at = last
    return [*links, *case[at:]]


def _at_ends(
    links: Sequence[tuple[int, int, int]], untimed: frozenset[int]
) -> list[tuple[int, int, int]]:
    """The links in their order when those in `untimed` happen at their end."""
    known = [(link, end if link in untimed else begin, end) for link, begin, end in links]
    return sorted(known, key=lambda row: row[1])


def _stretches(
    case: Sequence[tuple[int, int, int]], block_of: Mapping[int, int]
) -> list[tuple[int, int, int]]:
    """(block, first, last) of the stretches of a case that lie in a block, in their order."""
    found = []
    for k in sorted({block_of[row[0]] for row in case if row[0] in block_of}):
        for first, last in runs_of([block_of.get(row[0]) == k for row in case]):
            found.append((k, first, last))
    return sorted(found, key=lambda stretch: stretch[1])


# --- from walks to chains -------------------------------------------------------------------------


def fit_chain(walk: Walk, untimed: frozenset[int], names: Sequence[str], key: str) -> Chain:
    """Fit shares and delays. `untimed` are links whose time in the log is their end only: all of it
    is a delay. `names` are of links, `key` begins the keys of estimates."""
    totals: dict[int, int] = defaultdict(int)
    for (source, _), gaps in walk.gaps.items():
        totals[source] += len(gaps)
    for source, times in walk.ends.items():
        totals[source] += times
    delays, place = _delays(walk, untimed)
    steps = []
    for (source, target), gaps in sorted(walk.gaps.items()):
        at_once = 0 if target in untimed else sum(1 for gap in gaps if gap == 0)
        share = share_of(_key(key, source, target, names), len(gaps), totals[source])
        delay = place.get((source, target))
        steps.append(Step(source, target, len(gaps), at_once, share, delay))
    for source, times in sorted(walk.ends.items()):
        share = share_of(_key(key, source, END, names), times, totals[source])
        steps.append(Step(source, END, times, times, share, None))
    edges: dict[str, list[str]] = defaultdict(list)
    for source, target in walk.gaps:
        if source != START:
            edges[str(source)].append(str(target))
    loops = tuple(tuple(int(link) for link in group) for group in cyclic_groups(edges))
    return Chain(tuple(steps), tuple(delays), loops, walk.overlaps)


def _key(key: str, source: int, target: int, names: Sequence[str]) -> str:
    words = {START: "start", END: "end"}
    first, last = (words[x] if x in words else names[x] for x in (source, target))
    return f"routing.{key}.{first}.{last}"


def _delays(
    walk: Walk, untimed: frozenset[int]
) -> tuple[list[DelayFit], dict[tuple[int, int], int]]:
    """Delays, and the place of each edge's among them. Times into one link are pooled, but for
    edges whose times are unlike the others'."""
    into: dict[int, dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]]] = defaultdict(dict)
    for (source, target), gaps in sorted(walk.gaps.items()):
        times = np.array(gaps, np.int64)
        if target not in untimed:
            times = times[times > 0]
        if len(times):
            into[target][source] = times
    delays: list[DelayFit] = []
    place = {}
    for target, by_source in into.items():
        apart = _unlike(by_source)
        if START in by_source and target in untimed:
            apart.add(START)
        pooled = [source for source in by_source if source not in apart]
        for source in sorted(apart):
            place[source, target] = len(delays)
            delays.append(DelayFit(target, source, fit(by_source[source])))
        if pooled:
            together = np.concatenate([by_source[source] for source in pooled])
            place |= {(source, target): len(delays) for source in pooled}
            delays.append(DelayFit(target, None, fit(together)))
    return delays, place


def _unlike(by_source: Mapping[int, np.ndarray[tuple[int], np.dtype[np.int64]]]) -> set[int]:
    """Sources whose times differ from those of all others (two-sample Kolmogorov-Smirnov)."""
    if len(by_source) < 2:
        return set()
    found = set()
    for source, times in by_source.items():
        others = np.concatenate([t for s, t in by_source.items() if s != source])
        if len(times) >= _FEWEST and len(others) >= _FEWEST:
            p = float(stats.ks_2samp(times, others, method="asymp").pvalue)
            if p < _UNLIKE_P:
                found.add(source)
    return found


def untimed_activities(log: ActivityLog) -> frozenset[int]:
    """Activities of which the log seldom has a start: waiting and service cannot be told apart."""
    many = len(log.activities)
    rows = np.bincount(log.activity, minlength=many)
    known = np.bincount(log.activity[log.start != ABSENT], minlength=many)
    seldom = (rows > 0) & (known < _MOSTLY * rows)
    return frozenset(np.flatnonzero(seldom).tolist())

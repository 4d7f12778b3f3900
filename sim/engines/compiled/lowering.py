"""Lowering: a `Model` into the arrays that the compiled loop reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rulebook.kinds import KINDS, TIERS, Kind, Tier
from scenarios.distributions import Distribution
from scenarios.durations import WorkingDays
from sim.engines.compiled import layout
from sim.engines.compiled.layout import ABSENT
from sim.model.graph import (
    UNLIMITED,
    CheckNode,
    ChoiceArm,
    ChooseNode,
    DelayNode,
    EndNode,
    EnterNode,
    Failure,
    ForkNode,
    Graph,
    LeaveNode,
    Node,
    ServeNode,
)
from sim.model.model import Model
from sim.model.stations import FaultSpec, StationSpec

__all__ = ["Lowered", "lower", "records"]


@dataclass(frozen=True)
class Lowered:
    """What of a model does not change during a run; `edges` are (node, target) of each counter of
    `flows`, `terms` the working days of each term; kinds and tiers are numbered in the order in
    which the population draws them."""

    kinds: tuple[Kind, ...]
    tiers: tuple[Tier, ...]
    nodes: Any
    arms: Any
    bounds: Any
    gates: Any
    tables: npt.NDArray[np.float64]
    stations: Any
    levels: Any
    faults: Any
    fault_ids: list[str]
    rules: list[str]
    terms: list[int]
    edges: list[tuple[int, int]]
    width: int
    counters: int
    nesting: int


def records(dtype: np.dtype[Any], count: int) -> Any:
    """So many records of zeros, at least one: an array without any has no place to begin."""
    return np.zeros(max(count, 1), dtype)


def lower(model: Model) -> Lowered:
    """Lower the graph and the stations of `model`."""
    graph = _GraphLowering(model)
    stations = _StationLowering(model.stations, graph.tables)
    priorities = stations.levels_of(graph.priorities)
    for node in model.graph.nodes:
        if isinstance(node, ServeNode):
            graph.nodes[node.index]["level"] = priorities[node.station][node.priority]
    return Lowered(
        kinds=graph.kinds,
        tiers=graph.tiers,
        nodes=graph.nodes,
        arms=_made(layout.ARM, graph.arms),
        bounds=_made(layout.BOUND, graph.bounds),
        gates=_made(layout.GATE, graph.gates),
        tables=np.array(graph.tables or [0.0], np.float64),
        stations=stations.stations,
        levels=stations.levels,
        faults=_made(layout.FAULT, stations.faults),
        fault_ids=stations.fault_ids,
        rules=graph.rules,
        terms=graph.terms,
        edges=graph.edges(),
        width=max((journey.size for journey in model.graph.journeys), default=1),
        counters=max(graph.counters, 1),
        nesting=1 + max((node.path.count("/") for node in model.graph.nodes), default=0),
    )


def _made(dtype: np.dtype[Any], rows: Sequence[tuple[Any, ...]]) -> Any:
    made = records(dtype, len(rows))
    for place, row in enumerate(rows):
        made[place] = row
    return made


def _bits(numbered: Sequence[str], chosen: Collection[str]) -> int:
    return sum(1 << number for number, name in enumerate(numbered) if name in chosen)


def _put(record: Any, name: str, given: Distribution | None, tables: list[float]) -> None:
    """Parameters of a distribution into the fields `name`_…."""
    if given is None:
        record[f"{name}_kind"] = ABSENT
        return
    for field, value in (("kind", given.kind), ("a", given.a), ("b", given.b), ("c", given.c)):
        record[f"{name}_{field}"] = value
    record[f"{name}_at"] = len(tables)
    record[f"{name}_size"] = len(given.table)
    tables.extend(given.table)


class _GraphLowering:
    """Nodes, arms and gates."""

    def __init__(self, model: Model) -> None:
        self.graph: Graph = model.graph
        population = model.applicants.population
        self.kinds = tuple(dict.fromkeys((*population.kinds, *KINDS)))
        self.tiers = tuple(dict.fromkeys((*population.tiers, *TIERS)))
        self.nodes = records(layout.NODE, len(self.graph.nodes))
        self.arms: list[tuple[Any, ...]] = []
        self.bounds: list[tuple[int, int, int]] = []
        self.gates: list[tuple[int, int]] = []
        self.tables: list[float] = []
        self.rules = sorted(model.rules_at_gates)
        self.terms: list[int] = []
        self.counters = 0
        self.priorities: list[tuple[int, int]] = []
        for start in self.graph.journeys:
            own = self.graph.nodes[start.first : start.first + start.size]
            counters: dict[int, int] = {}
            for node in own:
                self._node(node, own, counters)
            self.counters = max(self.counters, len(counters))

    def _node(self, node: Node, own: Sequence[Node], counters: dict[int, int]) -> None:
        row = self.nodes[node.index]
        row["key"], row["kind"], row["local"] = node.key, node.kind, node.local
        row["term"] = row["within"] = row["after_kind"] = row["work_kind"] = ABSENT
        row["station"] = ABSENT
        match node:
            case ServeNode():
                row["station"], row["next"] = node.station, node.next
                self.priorities.append((node.station, node.priority))
                _put(row, "work", node.service, self.tables)
                self._failure(row, node.fail, node.local, counters)
            case DelayNode():
                self._delay(row, node)
            case ChooseNode():
                row["by_p"] = node.by_probability
                self._arms(row, node.arms)
            case CheckNode():
                row["next"] = node.next
                self._gates(row, node)
                self._failure(row, node.fail, node.local, counters)
            case ForkNode():
                row["next"] = node.next
                self._arms(row, [ChoiceArm(branch) for branch in node.branches])
                self._failure(row, node.fail, node.local, counters)
            case EnterNode():
                row["next"], row["journey"] = node.next, node.journey
            case LeaveNode():
                row["next"], row["completed"] = node.next, node.completed
                self._failure(row, node.fail, node.caller, counters)
            case EndNode():
                row["completed"] = node.completed
            case _:
                raise TypeError(node)

    def _delay(self, row: Any, node: DelayNode) -> None:
        row["next"], row["late"] = node.next, node.late
        _put(row, "work", node.delay, self.tables)
        if isinstance(node.within, WorkingDays):
            if node.within.days not in self.terms:
                self.terms.append(node.within.days)
            row["term"] = self.terms.index(node.within.days)
        elif node.within is not None:
            row["within"] = node.within

    def _failure(self, row: Any, failure: Failure, local: int, counters: dict[int, int]) -> None:
        row["to"], row["give_up"], row["most"] = failure.to, failure.give_up, failure.max
        if failure.max not in (UNLIMITED, 0):
            row["counter"] = counters.setdefault(local, len(counters))
        _put(row, "after", failure.after, self.tables)

    def _arms(self, row: Any, arms: Sequence[ChoiceArm]) -> None:
        row["first"], row["count"] = len(self.arms), len(arms)
        for arm in arms:
            asked = arm.accepts
            kinds = tiers = defects = 0
            first = len(self.bounds)
            bounds: tuple[tuple[int, int, int], ...] = ()
            if asked is not None:
                kinds = _bits(self.kinds, asked.kinds)
                tiers = _bits(self.tiers, asked.tiers)
                defects, bounds = asked.defects, asked.bounds
            self.bounds.extend(bounds)
            self.arms.append((arm.to, arm.cumulated, kinds, tiers, defects, first, len(bounds)))

    def _gates(self, row: Any, node: CheckNode) -> None:
        """The same number of rules for every kind; what is missing reports nothing."""
        by_kind = []
        for kind in self.kinds:
            masks: dict[str, int] = {}
            for bit, rule in node.gates[kind].rule_of_bit.items():
                masks[rule] = masks.get(rule, 0) | 1 << bit
            by_kind.append([(self.rules.index(rule), mask) for rule, mask in masks.items()])
        most = max(map(len, by_kind))
        row["first"], row["count"] = len(self.gates), most
        for of_kind in by_kind:
            self.gates += of_kind + [(0, 0)] * (most - len(of_kind))

    def edges(self) -> list[tuple[int, int]]:
        """(node, target) of each counter; a counter that nothing passes may name anything."""
        edges = [
            (node.index, int(self.nodes[node.index][target]))
            for node in self.graph.nodes
            for target in layout.EDGES
        ]
        arms: list[tuple[int, int]] = [(0, 0)] * len(self.arms)
        for node in self.graph.nodes:
            if isinstance(node, ChooseNode | ForkNode):
                first = int(self.nodes[node.index]["first"])
                for place in range(first, first + int(self.nodes[node.index]["count"])):
                    arms[place] = node.index, self.arms[place][0]
        return edges + arms


class _StationLowering:
    """Stations, with their faults by sort."""

    def __init__(self, specs: Sequence[StationSpec], tables: list[float]) -> None:
        self.specs = specs
        self.stations = records(layout.STATION, len(specs))
        self.levels = records(layout.LEVEL, 1)
        self.faults: list[tuple[Any, ...]] = []
        self.fault_ids: list[str] = []
        for row, spec in zip(self.stations, specs, strict=False):
            self._station(row, spec, tables)

    def _station(self, row: Any, spec: StationSpec, tables: list[float]) -> None:
        for field in ("served_first", "served_last", "suspended_first", "border", "next_at"):
            row[field] = ABSENT
        row["limit"] = ABSENT if spec.queue_limit is None else spec.queue_limit
        row["timeout"] = ABSENT if spec.timeout_us is None else spec.timeout_us
        row["cancel"], row["suspend"] = spec.cancel, spec.suspend
        if spec.retry is not None:
            row["tries"], row["backoff"] = spec.retry.max, spec.retry.backoff
            row["factor"], row["jitter"] = spec.retry.factor, spec.retry.jitter
        _put(row, "patience", spec.patience, tables)
        by_id = sorted(spec.faults, key=lambda fault: fault.id)
        for sort in ("slow", "error", "outage"):
            self._faults(row, sort, [fault for fault in by_id if fault.kind == sort])
        self._faults(row, "watch", sorted(spec.faults, key=lambda f: (f.to_us, f.id)))
        row["watched"] = bool(spec.faults)
        row["lists_service"] = spec.suspend or row["outage"] < row["outage_end"]

    def _faults(self, row: Any, sort: str, faults: Sequence[FaultSpec]) -> None:
        row[sort], row[f"{sort}_end"] = len(self.faults), len(self.faults) + len(faults)
        for f in faults:
            self.faults.append((f.from_us, f.to_us, f.factor, f.p, f.retry_after_us, 0, ABSENT))
            self.fault_ids.append(f.id)

    def levels_of(self, asked: Sequence[tuple[int, int]]) -> list[dict[int, int]]:
        """A queue for each priority that nodes have at a station, if the station looks at it; the
        rank of each priority by station."""
        ranks = []
        levels = 0
        for number, (row, spec) in enumerate(zip(self.stations, self.specs, strict=False)):
            priorities = sorted({p for station, p in asked if station == number}) or [0]
            own = {p: rank if spec.priority else 0 for rank, p in enumerate(priorities)}
            row["level"] = levels
            row["levels"] = 1 + max(own.values())
            levels += int(row["levels"])
            ranks.append(own)
        self.levels = records(layout.LEVEL, levels)
        self.levels["first"] = self.levels["last"] = ABSENT
        return ranks

"""Unfolding: journeys of a scenario, with the sub-journeys they run, into one flat `Graph`.

A sub-journey is copied to where it is run: its nodes are called `caller/inner` and have visits and
draws of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import TypedDict

from rulebook.kinds import KINDS, Kind
from scenarios import journey_format as written
from scenarios.completion import CompleteScenario
from sim.model.conditions import compile_condition
from sim.model.graph import (
    ABANDON,
    JOIN,
    UNLIMITED,
    CheckNode,
    ChoiceArm,
    ChooseNode,
    DelayNode,
    EndNode,
    EnterNode,
    Failure,
    ForkNode,
    Gate,
    Graph,
    JourneyStart,
    LeaveNode,
    Node,
    NodeKind,
    ServeNode,
)
from world.draws import text_key

__all__ = ["IMPLICIT_END", "defect_bits", "unfold"]

IMPLICIT_END = (
    "abandoned"  # the end of a sub-journey that failures reach when the scenario draws none
)

_UNFILLED = EndNode(
    index=-1, local=-1, path="", key=0, kind=NodeKind.END, title={}, rules=(), completed=False
)


def defect_bits(scenario: CompleteScenario) -> dict[str, int]:
    """Defect → its bit: the order of the rule book."""
    return {defect: bit for bit, defect in enumerate(scenario.book.defects)}


def unfold(
    scenario: CompleteScenario, stations: Mapping[str, int], with_arrivals: Iterable[str]
) -> Graph:
    """The graph of the journeys `with_arrivals`; `stations` numbers the stations."""
    nodes: list[Node] = []
    names = list(with_arrivals)
    starts = []
    for name in tuple(names):
        unfolding = _Unfolding(scenario, stations, nodes, names, name)
        start = unfolding.copy(name)
        title = title_of(scenario.journeys[name], name)
        starts.append(JourneyStart(name, title, unfolding.first, start, unfolding.size))
    names += [name for name in scenario.journeys if name not in names]
    return Graph(tuple(nodes), tuple(starts), tuple(names))


def title_of(titled: written.JourneyGraph | written.NodeFields, name: str) -> Mapping[str, str]:
    """Titles by language; the name where none was written."""
    if titled.title is None:
        return {"ru": name, "en": name}
    return {"ru": titled.title.ru, "en": titled.title.en}


class _Identity(TypedDict):
    index: int
    local: int
    path: str
    key: int
    title: Mapping[str, str]


@dataclass(frozen=True)
class _Ends:
    """What stands for the ends of a sub-journey that node `caller` runs: where `completed` leads,
    and the failure that `abandoned` is."""

    caller: int
    completed: int
    abandoned: Failure


@dataclass(frozen=True)
class _Scope:
    """One copy of a journey: its nodes' numbers, its ends if it is run inside another, where a
    failure leads by default."""

    number: Mapping[str, int]
    prefix: str
    ends: _Ends | None
    in_branches: frozenset[str]
    abandon: int

    def abandon_from(self, node: str) -> int:
        """In a branch of a fork a failure fails the branch; elsewhere it ends this copy of the
        journey."""
        return ABANDON if node in self.in_branches else self.abandon


class _Unfolding:
    """Copies one journey with arrivals, numbering its nodes in file order, inner journeys after
    their caller's nodes."""

    def __init__(
        self,
        scenario: CompleteScenario,
        stations: Mapping[str, int],
        nodes: list[Node],
        names: list[str],
        journey: str,
    ) -> None:
        self.scenario = scenario
        self.stations = stations
        self.nodes = nodes
        self.names = names
        self.journey = journey
        self.first = len(nodes)
        self.bits = defect_bits(scenario)

    @property
    def size(self) -> int:
        return len(self.nodes) - self.first

    def copy(self, name: str, prefix: str = "", ends: _Ends | None = None) -> int:
        """Copy journey `name`, run inside another if it has `ends`. Returns the number of its
        start."""
        graph = self.scenario.journeys[name]
        first = len(self.nodes)
        numbers = {node: first + i for i, node in enumerate(graph.nodes)}
        self.nodes.extend([_UNFILLED] * len(numbers))
        branches = nodes_in_branches(graph)
        scope = _Scope(numbers, prefix, ends, branches, self._default_abandon(prefix, ends))
        for node, spec in graph.nodes.items():
            self.nodes[numbers[node]] = self._node(node, spec, scope)
        return numbers[graph.start]

    def _default_abandon(self, prefix: str, ends: _Ends | None) -> int:
        """Where a case goes that nothing else catches: out, or to the abandoned end of this
        copy."""
        if ends is None:
            return ABANDON
        title = {"ru": "прервано", "en": "abandoned"}
        identity = self._identity(len(self.nodes), f"{prefix}{IMPLICIT_END}", title)
        self.nodes.append(_leave(identity, (), completed=False, ends=ends))
        return identity["index"]

    def _identity(self, index: int, name: str, title: Mapping[str, str]) -> _Identity:
        path = f"{self.journey}.{name}"
        return {
            "index": index,
            "local": index - self.first,
            "path": path,
            "key": text_key(path),
            "title": title,
        }

    def _node(self, name: str, spec: written.Node, scope: _Scope) -> Node:
        base = self._identity(scope.number[name], scope.prefix + name, title_of(spec, name))
        rules = tuple(spec.rules)
        abandon = scope.abandon_from(name)
        match spec:
            case written.Serve():
                return self._serve(spec, scope, base, abandon)
            case written.Delay():
                late = abandon if spec.late is None else scope.number[spec.late]
                return DelayNode(
                    **base,
                    kind=NodeKind.DELAY,
                    rules=rules,
                    delay=spec.delay,
                    within=spec.within,
                    late=late,
                    next=_target(spec.next, scope),
                )
            case written.Choose():
                return self._choose(spec, scope, base)
            case written.Check():
                return CheckNode(
                    **base,
                    kind=NodeKind.CHECK,
                    rules=tuple(spec.check),
                    gates=self._gates(spec.check),
                    next=_target(spec.next, scope),
                    fail=_failure(spec.fail, scope, abandon),
                )
            case written.Fork():
                return ForkNode(
                    **base,
                    kind=NodeKind.FORK,
                    rules=rules,
                    branches=tuple(scope.number[b] for b in spec.fork),
                    next=_target(spec.next, scope),
                    fail=_failure(spec.fail, scope, abandon),
                )
            case written.Run():
                ends = _Ends(
                    base["local"], _target(spec.next, scope), _failure(spec.fail, scope, abandon)
                )
                inner = self.copy(spec.run, f"{scope.prefix}{name}/", ends)
                return EnterNode(
                    **base,
                    kind=NodeKind.ENTER,
                    rules=rules,
                    journey=self._number(spec.run),
                    next=inner,
                )
            case written.End():
                return self._end(spec, scope, base)

    def _serve(
        self, spec: written.Serve, scope: _Scope, base: _Identity, abandon: int
    ) -> ServeNode:
        station = self.scenario.station_of(spec.serve)
        service = spec.service or self.scenario.stations[station].service
        return ServeNode(
            **base,
            kind=NodeKind.SERVE,
            rules=tuple(spec.rules),
            station=self.stations[station],
            service=service,
            priority=spec.priority,
            next=_target(spec.next, scope),
            fail=_failure(spec.fail, scope, abandon),
        )

    def _choose(self, spec: written.Choose, scope: _Scope, base: _Identity) -> ChooseNode:
        by_probability = spec.choose[0].p is not None
        arms = []
        cumulated = accumulate(choice.p or 0.0 for choice in spec.choose)
        local_of = {name: number - self.first for name, number in scope.number.items()}
        for choice, total in zip(spec.choose, cumulated, strict=True):
            to = scope.number[choice.to]
            if choice.if_ is None:
                arms.append(ChoiceArm(to, total))
                continue
            accepts = compile_condition(choice.if_, self.scenario.policy, self.bits, local_of)
            if accepts is not None:
                arms.append(ChoiceArm(to, accepts=accepts))
        return ChooseNode(
            **base,
            kind=NodeKind.CHOOSE,
            rules=tuple(spec.rules),
            arms=tuple(arms),
            by_probability=by_probability,
        )

    def _gates(self, rules: list[str]) -> dict[Kind, Gate]:
        """Per kind of applicant: the defects whose rule is one of `rules`."""
        gates: dict[Kind, Gate] = {}
        for kind in KINDS:
            caught = {}
            for defect in self.scenario.book.defects.values():
                rule = defect.rule_for(kind)
                if rule is not None and rule in rules:
                    caught[self.bits[defect.id]] = rule
            gates[kind] = Gate(sum(1 << bit for bit in caught), caught)
        return gates

    def _end(self, spec: written.End, scope: _Scope, base: _Identity) -> Node:
        completed = spec.end == "completed"
        rules = tuple(spec.rules)
        if scope.ends is None:
            return EndNode(**base, kind=NodeKind.END, rules=rules, completed=completed)
        return _leave(base, rules, completed, scope.ends)

    def _number(self, journey: str) -> int:
        if journey not in self.names:
            self.names.append(journey)
        return self.names.index(journey)


def _leave(identity: _Identity, rules: tuple[str, ...], completed: bool, ends: _Ends) -> LeaveNode:
    return LeaveNode(
        **identity,
        kind=NodeKind.LEAVE,
        rules=rules,
        completed=completed,
        caller=ends.caller,
        next=ends.completed,
        fail=ends.abandoned,
    )


def nodes_in_branches(graph: written.JourneyGraph) -> frozenset[str]:
    """Nodes that lie in a branch of some fork."""
    heads = [
        head
        for node in graph.nodes.values()
        if isinstance(node, written.Fork)
        for head in node.fork
    ]
    reached: set[str] = set()
    while heads:
        name = heads.pop()
        if name not in reached:
            reached.add(name)
            heads.extend(targets(graph.nodes[name]))
    return frozenset(reached)


def targets(node: written.Node) -> list[str]:
    """Names of the nodes that `node` leads to, in any outcome."""
    named: list[str | None] = []
    match node:
        case written.Choose():
            named.extend(choice.to for choice in node.choose)
        case written.End():
            pass
        case written.Delay():
            named.extend((node.next, node.late))
        case _:
            named.append(node.next)
            if isinstance(node.fail, written.Fail):
                named.extend((node.fail.to, node.fail.give_up))
            else:
                named.append(node.fail)
    return [name for name in named if name is not None]


def _target(name: str | None, scope: _Scope) -> int:
    """Without `next` a node ends its branch; the loader saw to it that it is in one."""
    return JOIN if name is None else scope.number[name]


def _failure(spec: str | written.Fail | None, scope: _Scope, abandon: int) -> Failure:
    if spec is None:
        return Failure(give_up=abandon)
    if isinstance(spec, str):
        return Failure(to=scope.number[spec], max=UNLIMITED, give_up=abandon)
    return Failure(
        to=scope.number[spec.to],
        after=spec.after,
        max=UNLIMITED if spec.max is None else spec.max,
        give_up=abandon if spec.give_up is None else scope.number[spec.give_up],
    )

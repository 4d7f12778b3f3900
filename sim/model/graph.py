"""Journeys as one flat graph of nodes that an engine walks: sub-journeys unfolded, names
resolved to numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from rulebook.kinds import Kind
from scenarios.distributions import Distribution
from scenarios.durations import WorkingDays
from sim.model.conditions import Predicate, Traits

__all__ = [
    "ABANDON",
    "JOIN",
    "UNLIMITED",
    "CheckNode",
    "ChoiceArm",
    "ChooseNode",
    "DelayNode",
    "EndNode",
    "EnterNode",
    "Failure",
    "ForkNode",
    "Gate",
    "Graph",
    "JourneyStart",
    "LeaveNode",
    "Node",
    "NodeKind",
    "ServeNode",
    "Traits",
]

JOIN = -1  # the branch of a fork ends well
ABANDON = -2  # the branch fails, or the case outside of any fork is abandoned
UNLIMITED = -1


class NodeKind(IntEnum):
    """What happens at a node."""

    SERVE = 0
    DELAY = 1
    CHOOSE = 2
    CHECK = 3
    FORK = 4
    ENTER = 5
    LEAVE = 6
    END = 7


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a node's failure leads: `to` after a pause, at most `max` times per case and node,
    then `give_up`; without a `to`, always `give_up`."""

    to: int = ABANDON
    after: Distribution | None = None
    max: int = 0
    give_up: int = ABANDON


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in a journey: `path` names it in draws and reports, `local` numbers it inside its
    journey (visit counters)."""

    index: int
    local: int
    path: str
    key: int
    kind: NodeKind
    title: Mapping[str, str]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeNode(Node):
    """A visit to a station."""

    station: int
    service: Distribution
    priority: int
    next: int
    fail: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayNode(Node):
    """A pause; one longer than `within` (µs or working days) is cut there and leads to `late`."""

    delay: Distribution
    within: int | WorkingDays | None
    late: int
    next: int


@dataclass(frozen=True, slots=True)
class ChoiceArm:
    """An arm is taken when `accepts` holds, or by probability: when the draw is below
    `cumulated`."""

    to: int
    cumulated: float = 1.0
    accepts: Predicate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseNode(Node):
    """A fork in the road: the first open arm is taken."""

    arms: tuple[ChoiceArm, ...]
    by_probability: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What a check catches in applications of one kind: a mask of defects and the rule that
    reports each bit."""

    mask: int
    rule_of_bit: Mapping[int, str]

    def rules_violated(self, found: int) -> list[str]:
        """Rules that reject an application with the defects `found`, each once, in the order of
        the defects."""
        return list(
            dict.fromkeys(rule for bit, rule in self.rule_of_bit.items() if found >> bit & 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckNode(Node):
    """A gate of rules: applications with defects that its rules catch go back."""

    gates: Mapping[Kind, Gate]
    next: int
    fail: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkNode(Node):
    """All branches at once; `next` when the last has ended."""

    branches: tuple[int, ...]
    next: int
    fail: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterNode(Node):
    """Entry of a sub-journey: takes no time; `journey` numbers it in `Graph.names`."""

    journey: int
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveNode(Node):
    """An end of a sub-journey: completed leads on to `next`, abandoned takes `fail`, the failure
    of the node that ran it.

    `caller` is the local number of that node: its failures are counted there, whichever end
    they come from.
    """

    completed: bool
    caller: int
    next: int
    fail: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNode(Node):
    """The end of a case."""

    completed: bool


@dataclass(frozen=True)
class JourneyStart:
    """A journey that has arrivals: its nodes are `first` and the `size` - 1 after it, its cases
    begin at `start`."""

    name: str
    title: Mapping[str, str]
    first: int
    start: int
    size: int


@dataclass(frozen=True)
class Graph:
    """All nodes of all journeys with arrivals, in file order; `names` adds the journeys that run
    inside them, then those that no case enters."""

    nodes: tuple[Node, ...]
    journeys: tuple[JourneyStart, ...]
    names: tuple[str, ...]

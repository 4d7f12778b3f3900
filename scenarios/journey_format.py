"""Journeys in scenario format 1 as types: a graph of nodes, what a case meets at each of them and
where it goes from there.

Durations are µs.
"""

from typing import Annotated, Literal

from pydantic import Field, Tag

from rulebook.kinds import Kind, Tier
from scenarios.distribution_fields import DistributionField
from scenarios.fields import (
    Count,
    Deadline,
    FailNode,
    Name,
    Probability,
    Section,
    Text,
    Whole,
    among,
    by_key,
    by_shape,
)

__all__ = [
    "Check",
    "Choice",
    "Choose",
    "Condition",
    "Delay",
    "End",
    "Fail",
    "Fork",
    "JourneyEntry",
    "JourneyGraph",
    "Node",
    "NodeFields",
    "Run",
    "Serve",
    "Title",
    "VisitBound",
]

Ending = Literal["completed", "abandoned"]
Builtin = Literal["builtin"]


class Title(Section):
    """What people call it, in both languages."""

    ru: Text
    en: Text


class Fail(Section):
    """A failed case goes to `to` after a pause, at most `max` times, then to `give_up`."""

    to: Text
    after: DistributionField | None = None
    max: Count | None = None
    give_up: Text | None = None


NodeOrFail = Annotated[
    Annotated[FailNode, Tag("<word>")] | Annotated[Fail, Tag("<shape>")], by_shape(dict)
]


class NodeFields(Section):
    """What every node may have: a title, the rules it models, the source of its figures."""

    title: Title | None = None
    rules: list[Text] = []
    source: Text | None = None


class Serve(NodeFields):
    """Service at a station; `service` overrides the station's, smaller `priority` goes first."""

    serve: Text
    service: DistributionField | None = None
    priority: Whole = 0
    next: Text | None = None
    fail: NodeOrFail | None = None


class Delay(NodeFields):
    """Time without a queue; a delay longer than `within` ends at that term and goes to `late`."""

    delay: DistributionField
    within: Deadline | None = None
    late: Text | None = None
    next: Text | None = None


class VisitBound(Section):
    """Bounds of how often the case has entered a node, a present entry included."""

    at_least: Count | None = None
    at_most: Count | None = None


KindOrKinds = Annotated[
    Annotated[Kind, Tag("<word>")] | Annotated[list[Kind], Field(min_length=1), Tag("<shape>")],
    by_shape(list),
]
TierOrTiers = Annotated[
    Annotated[Tier, Tag("<word>")] | Annotated[list[Tier], Field(min_length=1), Tag("<shape>")],
    by_shape(list),
]
NameOrNames = Annotated[
    Annotated[Text, Tag("<word>")] | Annotated[list[Text], Field(min_length=1), Tag("<shape>")],
    by_shape(list),
]


class Condition(Section):
    """All that is given must hold; of a list any."""

    kind: KindOrKinds | None = None
    tier: TierOrTiers | None = None
    defects: NameOrNames | None = None
    visits: dict[str, VisitBound] | None = None
    policy: dict[str, object] | None = None


class Choice(Section):
    """A variant of a choice: by chance `p` or by condition `if`."""

    to: Text
    p: Probability | None = None
    if_: Condition | None = Field(default=None, alias="if")


class Choose(NodeFields):
    """A choice that takes no time."""

    choose: list[Choice] = Field(min_length=1)


class Check(NodeFields):
    """A gate of rules: passes, or reports every broken one and goes to `fail`."""

    check: list[Text] = Field(min_length=1)
    next: Text | None = None
    fail: NodeOrFail | None = None


class Fork(NodeFields):
    """Branches at once; when the last has ended, goes to `next`, or to `fail` if one failed."""

    fork: list[Text] = Field(min_length=2)
    next: Text | None = None
    fail: NodeOrFail | None = None


class Run(NodeFields):
    """Another journey inside this one."""

    run: Text
    next: Text | None = None
    fail: NodeOrFail | None = None


class End(NodeFields):
    """The end of the journey."""

    end: Annotated[Ending, among("choice", Ending)]


Node = Annotated[
    Annotated[Serve, Tag("<serve>")]
    | Annotated[Delay, Tag("<delay>")]
    | Annotated[Choose, Tag("<choose>")]
    | Annotated[Check, Tag("<check>")]
    | Annotated[Fork, Tag("<fork>")]
    | Annotated[Run, Tag("<run>")]
    | Annotated[End, Tag("<end>")],
    by_key("serve", "delay", "choose", "check", "fork", "run", "end", code="node"),
]


class JourneyGraph(Section):
    """A journey: nodes by name, the first one is `start`."""

    title: Title | None = None
    start: Text
    nodes: dict[Name, Node] = Field(min_length=1)


JourneyEntry = Annotated[
    Annotated[Builtin, among("journey", Builtin), Tag("<word>")]
    | Annotated[JourneyGraph, Tag("<shape>")],
    by_shape(dict),
]
"""What a scenario says under the name of a journey: that it is a built-in one, or its graph."""

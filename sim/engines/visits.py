"""Who walks and what they ask: cases, and their visits to stations."""

from sim.engines.recording import ENTITY_SHIFT, NODE_SHIFT, Outcome, attempt_bits
from sim.engines.simpy_clock import ATTEMPT_SHIFT, CASE_SHIFT, NODE_VISIT_SHIFT, Callback, Moment
from sim.model.conditions import Traits
from sim.model.graph import ServeNode

__all__ = ["Case", "Visit"]

# Bound once: an enum's member is looked up anew at every use.
UNFINISHED = Outcome.UNFINISHED
_UNKNOWN = Traits("legal", "small")  # of cases in models that never ask


class Case:
    """An applicant's way through one journey."""

    __slots__ = (
        "arrived",
        "defects",
        "entity",
        "fails",
        "first_draws",
        "journey",
        "key",
        "number",
        "order",
        "returns",
        "traits",
        "visits",
    )

    def __init__(
        self, journey: int, number: int, arrived: int, key: int, first_draws: list[int]
    ) -> None:
        self.journey = journey
        self.number = number
        self.entity = journey << ENTITY_SHIFT | number
        self.key = key
        self.arrived = arrived
        self.order = self.entity << CASE_SHIFT
        self.first_draws = first_draws
        self.visits = [0] * len(first_draws)
        self.fails: dict[int, int] = {}
        self.returns = 0
        self.defects = 0
        self.traits: Traits = _UNKNOWN


class Visit(Moment):
    """One request of a case to a station; as an event it is its own completion.

    `on_end` are the callbacks of its end: the station's, then the walk that waits for it. `order`
    is the place of its events among those of one instant and class. `due` is when its service
    ends, while it is suspended how much is left (µs); `resumption` completes it then.
    """

    __slots__ = (
        "attempt",
        "attempt_bits",
        "case",
        "due",
        "enter",
        "node",
        "node_visit",
        "number",
        "on_end",
        "order",
        "outcome",
        "patience",
        "resumed",
        "resumption",
        "retry_after",
        "start",
        "timer",
    )

    on_end: list[Callback]
    enter: int
    due: int
    retry_after: int

    def __init__(
        self, case: Case, node: ServeNode, number: int, attempt: int, repeat: bool
    ) -> None:
        self.case = case
        self.node = node
        self.number = number
        self.attempt = attempt
        self.node_visit = node.index << NODE_SHIFT | number
        self.order = case.order + (self.node_visit << NODE_VISIT_SHIFT)
        if attempt or repeat:
            self.attempt_bits = attempt_bits(attempt, repeat)
            self.order += attempt << ATTEMPT_SHIFT
        else:
            self.attempt_bits = 0
        self.outcome: Outcome = UNFINISHED
        self.start = -1
        self.resumed = -1
        self.timer: Moment | None = None
        self.patience: Moment | None = None
        self.resumption: Moment | None = None

"""Scenario format 1 as types: what `scenarios.loader` reads a file into.

Durations are µs, wall times naive in the calendar's zone.
"""

from typing import Annotated, Literal

from pydantic import Field, Tag

from rulebook.kinds import Kind, Tier
from scenarios.distribution_fields import DistributionField
from scenarios.fields import (
    Bound,
    Count,
    Deadline,
    Duration,
    Factor,
    FailNode,
    Horizon,
    HttpStatus,
    LocalTime,
    Name,
    NonNegative,
    PositiveCount,
    PositiveDuration,
    Probability,
    Section,
    Seed,
    ServerCount,
    ShiftStart,
    Text,
    TimeOfDay,
    Warmup,
    Whole,
    YesNo,
    among,
    by_key,
    by_shape,
)
from world.population import DEFAULT_KINDS, DEFAULT_TIERS
from world.shifts import Shift

__all__ = [
    "BUILTIN_JOURNEYS",
    "ArrivalStream",
    "CalendarSection",
    "Check",
    "Choice",
    "Choose",
    "Condition",
    "Delay",
    "End",
    "Fail",
    "Fault",
    "Fork",
    "Instants",
    "JourneyGraph",
    "LoadSection",
    "LoadUsers",
    "MetricObjective",
    "Node",
    "Objective",
    "Peak",
    "Population",
    "Profile",
    "Rate",
    "RatedArrivals",
    "Retry",
    "Run",
    "Scenario",
    "Serve",
    "ShiftPlan",
    "ShiftRow",
    "Station",
    "Title",
    "VisitBound",
    "WithinObjective",
]

BUILTIN_JOURNEYS = (
    "account",
    "registration",
    "verification",
    "activation",
    "binding",
    "sign_in",
    "recovery",
    "certificate",
    "head_change",
    "employees",
    "application",
    "support",
    "whole_path",
)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Weekday = Annotated[
    Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], among("choice", *_WEEKDAYS)
]


# --- calendar, population -------------------------------------------------------------------------


class CalendarSection(Section):
    """Whose days off and clocks hold, when the run begins and ends."""

    country: Text = "RU"
    timezone: Text = "Europe/Moscow"
    start: LocalTime
    horizon: Horizon = "until_empty"  # or µs of model time, or a local time
    arrivals_until: LocalTime | None = None


class Population(Section):
    """Who applies: shares of kinds and sizes, probability of defects and of mending one."""

    organizations: PositiveCount = 3_000_000
    kinds: dict[Kind, Probability] = dict(DEFAULT_KINDS)
    tiers: dict[Tier, Probability] = dict(DEFAULT_TIERS)
    defects: dict[str, Probability] = {}
    mend: Probability = 0.9


# --- stations -------------------------------------------------------------------------------------


class Retry(Section):
    """Repeats after a failure: a pause of `backoff` µs, `factor` times longer each time."""

    max: PositiveCount
    backoff: Duration
    factor: Factor = 1.0
    jitter: Probability = 0.0


class ShiftRow(Section):
    """`count` servers from `from` to `to`, minutes of the local day, on `days`."""

    days: Annotated[
        Annotated[
            Literal["working", "holidays", "all"],
            among("days", "working", "holidays", "all"),
            Tag("<word>"),
        ]
        | Annotated[list[Weekday], Field(min_length=1), Tag("<shape>")],
        by_shape(list),
    ]
    from_: ShiftStart = Field(alias="from")
    to: TimeOfDay
    count: Count


class ShiftPlan(Section):
    """Servers by shifts; those that overlap add up."""

    shifts: list[ShiftRow] = Field(min_length=1)

    def as_shifts(self) -> tuple[Shift, ...]:
        """The shifts as the country's calendar understands them."""
        return tuple(
            Shift(
                days=row.days
                if isinstance(row.days, str)
                else frozenset(_WEEKDAYS.index(day) for day in row.days),
                start=row.from_,
                end=row.to,
                count=row.count,
            )
            for row in self.shifts
        )


class Station(Section):
    """A queue with servers; durations in µs, `queue_limit` in waiting cases (None: unlimited)."""

    servers: Annotated[
        Annotated[ServerCount, Tag("<word>")] | Annotated[ShiftPlan, Tag("<shape>")], by_shape(dict)
    ]
    service: DistributionField
    discipline: Annotated[Literal["fifo", "priority"], among("choice", "fifo", "priority")] = "fifo"
    queue_limit: Count | None = None
    patience: DistributionField | None = None
    timeout: PositiveDuration | None = None
    cancel: YesNo = False
    retry: Retry | None = None
    shift_end: Annotated[Literal["finish", "suspend"], among("choice", "finish", "suspend")] = (
        "finish"
    )
    source: Text | None = None


# --- arrivals -------------------------------------------------------------------------------------


class Profile(Section):
    """Weights of hours, of days of the week (Monday first) and of holidays."""

    hours: list[NonNegative] = Field(min_length=24, max_length=24)
    weekdays: list[NonNegative] = Field(default=[1.0] * 7, min_length=7, max_length=7)
    holidays: NonNegative | None = None


class Rate(Section):
    """The mean rate before peaks: one of the `per_` keys, shaped by `profile`."""

    per_second: NonNegative | None = None
    per_minute: NonNegative | None = None
    per_hour: NonNegative | None = None
    per_day: NonNegative | None = None
    profile: Annotated[
        Annotated[
            Literal["flat", "office_hours", "evening"],
            among("profile", "flat", "office_hours", "evening"),
            Tag("<word>"),
        ]
        | Annotated[Profile, Tag("<shape>")],
        by_shape(dict),
    ] = "flat"


class Peak(Section):
    """Multiplies the rate from `from` (included) to `to` (excluded)."""

    from_: LocalTime = Field(alias="from")
    to: LocalTime
    factor: NonNegative


class RatedArrivals(Section):
    """A Poisson stream of cases into `journey`."""

    journey: Text
    rate: Rate
    peaks: list[Peak] = []


class Instants(Section):
    """Observed arrivals into `journey`: a CSV file with the column `time`."""

    journey: Text
    instants: Text


ArrivalStream = Annotated[
    Annotated[RatedArrivals, Tag("<rate>")] | Annotated[Instants, Tag("<instants>")],
    by_key("rate", "instants", code="arrival_stream"),
]


# --- journeys -------------------------------------------------------------------------------------


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

    end: Annotated[Literal["completed", "abandoned"], among("choice", "completed", "abandoned")]


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


# --- faults, objectives ---------------------------------------------------------------------------


class Fault(Section):
    """Without `from` it begins with the run, without `for` it lasts to the end of the run."""

    id: Name
    service: Text
    kind: Annotated[Literal["outage", "slow", "error"], among("choice", "outage", "slow", "error")]
    from_: LocalTime | None = Field(default=None, alias="from")
    for_: PositiveDuration | None = Field(default=None, alias="for")
    factor: Factor | None = None
    p: Probability | None = None
    status: HttpStatus | None = None
    retry_after: Duration | None = None


class WithinObjective(Section):
    """Of the cases of `journey` at least the share `at_least` ends within a term."""

    id: Name
    journey: Text
    within: Deadline
    at_least: Probability


class MetricObjective(Section):
    """Bounds are µs (int) for metrics that are times, plain numbers (float) for the others."""

    id: Name
    metric: Text
    at_most: Bound | None = None
    at_least: Bound | None = None


Objective = Annotated[
    Annotated[WithinObjective, Tag("<within>")] | Annotated[MetricObjective, Tag("<metric>")],
    by_key("within", "metric", code="objective"),
]


class LoadUsers(Section):
    """Closed users instead of the scenario's arrivals: `count` is the greatest number of them,
    `spawn_rate` how many come a second; `steps` are those of `step`, `mix` shares of their
    journeys."""

    shape: Annotated[
        Literal["diurnal", "step", "spike", "soak", "stress"],
        among("choice", "diurnal", "step", "spike", "soak", "stress"),
    ]
    count: PositiveCount
    spawn_rate: Factor = 100.0
    steps: PositiveCount = 10
    mix: dict[Name, NonNegative] = {}


class LoadSection(Section):
    """How the load test replays the scenario: share of the arrivals, speed-up of time.

    `for` and `drain` are durations of the wall: until when cases begin (default: until the
    scenario's arrivals end), and how long those inside may take then. Objectives of the load test
    are shares of answers that are wrong (`failed_at_most`) or shed (`shed_at_most`), of ended cases
    that failed (`failed_cases_at_most`), of all cases those that the end of the run cuts off
    (`unended_at_most`), of those planned the ones for which nobody was ready (`unready_at_most`),
    by which share the server's memory grows (`memory_growth_at_most`), and `p95_at_most` (of the
    wall, of every answer).
    """

    scale: Factor = 1.0
    speed: Factor = 1.0
    for_: PositiveDuration | None = Field(default=None, alias="for")
    drain: Duration = 30_000_000
    users: LoadUsers | None = None
    cheap_passwords: YesNo = False
    failed_at_most: Probability = 0.0
    shed_at_most: Probability = 0.05
    failed_cases_at_most: Probability = 0.0
    unended_at_most: Probability = 0.1
    unready_at_most: Probability = 0.01
    memory_growth_at_most: NonNegative | None = None
    p95_at_most: PositiveDuration | None = None


# --- the scenario ---------------------------------------------------------------------------------


JourneyEntry = Annotated[
    Annotated[Literal["builtin"], among("journey", "builtin"), Tag("<word>")]
    | Annotated[JourneyGraph, Tag("<shape>")],
    by_shape(dict),
]


class Scenario(Section):
    """A scenario file as written; `scenarios.completion` adds built-in journeys and stations."""

    version: Annotated[Literal[1], among("version", 1)]
    name: Text
    description: Text | None = None
    seed: Seed = 1
    replications: PositiveCount = 10
    warmup: Warmup = 0
    calendar: CalendarSection
    policy: dict[str, object] = {}
    population: Population = Population()
    stations: dict[Name, Station]
    arrivals: list[ArrivalStream] = Field(min_length=1)
    journeys: dict[Name, JourneyEntry]
    faults: list[Fault] = []
    objectives: list[Objective] = []
    load: LoadSection = LoadSection()

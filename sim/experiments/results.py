"""What an experiment says: figures with intervals, series, flows and checks, ready to be written
and drawn.

Times are seconds unless a name says otherwise; series share one grid of bins `bin_s` wide that
begins at the scenario's start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

__all__ = [
    "BacklogView",
    "CheckResult",
    "DayQuantiles",
    "ExcessView",
    "FaultView",
    "Figure",
    "FlowView",
    "Histogram",
    "JourneyView",
    "NodeView",
    "ObjectiveResult",
    "Result",
    "SensitivityView",
    "StationView",
    "UnfinishedView",
]


@dataclass(frozen=True)
class Figure:
    """Mean over replications with its 95% t-interval; `low` and `high` are None with one
    replication.

    `replications` counts those in which the figure exists: a mean time needs a completed case.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    replications: int = 0


@dataclass(frozen=True)
class ObjectiveResult:
    """An objective and how it went. `bound` is `at_least` or `at_most`; `margin` > 0 is the
    distance inside the bound.

    For `within` objectives the figure is a share and `undue` the mean number of cases whose
    deadline lies after the run.
    """

    id: str
    journey: str | None
    within: str | None
    metric: str
    bound: str
    limit: float
    figure: Figure
    passed: bool
    margin: float | None
    undue: Figure


@dataclass(frozen=True)
class CheckResult:
    """A conservation law checked on every replication; `detail` says what was compared, with the
    numbers of a violation."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Histogram:
    """Completed cases by time in system, all replications: `counts[i]` lie in [edges_s[i],
    edges_s[i + 1])."""

    edges_s: Sequence[float]
    counts: Sequence[int]


@dataclass(frozen=True)
class DayQuantiles:
    """Time in system of the cases that arrived on `day` and completed; quantiles are means over
    replications."""

    day: date
    arrived: float
    completed: float
    p50: float | None
    p90: float | None
    p95: float | None


@dataclass(frozen=True)
class NodeView:
    """A node of a drawn journey: `id` is its path, a node inside a sub-journey is
    `caller/inner`."""

    id: str
    title: Mapping[str, str]
    kind: str
    station: str | None
    rules: Sequence[str]
    entered: float
    completed: bool | None = None  # of an end: whether cases that reach it are completed


@dataclass(frozen=True)
class FlowView:
    """Cases over an edge, mean over replications; `kind` is `next` or `fail` (returns, refusals,
    give-ups)."""

    source: str
    target: str
    kind: str
    count: float


@dataclass(frozen=True)
class JourneyView:
    """A journey that has arrivals: its graph with flows, its times and its numbers over time."""

    name: str
    title: Mapping[str, str]
    nodes: Sequence[NodeView]
    flows: Sequence[FlowView]
    histogram: Histogram
    days: Sequence[DayQuantiles]
    arrived: Sequence[float]
    completed: Sequence[float]
    inside: Sequence[float]


@dataclass(frozen=True)
class StationView:
    """A station over time: mean number waiting, busy and scheduled servers in each bin (means
    over replications)."""

    name: str
    title: Mapping[str, str]
    from_default: bool
    waiting: Sequence[float]
    busy: Sequence[float]
    capacity: Sequence[float]


@dataclass(frozen=True)
class FaultView:
    """A fault of the plan; times in seconds from the scenario's start."""

    id: str
    station: str
    kind: str
    from_s: float
    to_s: float
    factor: float | None
    p: float | None


@dataclass(frozen=True)
class BacklogView:
    """The backlog around a fault: the mean number waiting at its station in the hour before it and
    at its worst after the fault's beginning, which was at `peak_s` on average.

    `back_s` is the time from the fault's end until no more wait than before, of the `came_back`
    replications in which that came; in the others of `replications` it had not by the run's end.
    """

    fault: str
    before: Figure
    peak: Figure
    peak_s: float
    back_s: Figure
    came_back: int
    replications: int


@dataclass(frozen=True)
class SensitivityView:
    """What a little more of something does to each objective, by paired runs: `kind` is `station`
    (its servers, `before` to `after`) or `defect` (its probability). `changes` are B − A by
    objective: nothing at all of a station at which nobody waited, which was not run; None where
    some pairs have the figure on one side only, so that the others' difference misleads.
    """

    kind: str
    name: str
    before: float
    after: float
    changes: Mapping[str, Figure]


@dataclass(frozen=True)
class ExcessView:
    """How many more cases are inside than in the same replications without any fault: the most, and
    when; `gone_s` is the time from the end of the last fault until no more are, in the `gone`
    replications in which that came."""

    peak: Figure
    peak_s: float
    gone_s: Figure
    gone: int
    replications: int


@dataclass(frozen=True)
class UnfinishedView:
    """Cases still inside at the end, by the node they were at; mean number over replications."""

    journey: str
    node: str
    count: float


@dataclass(frozen=True)
class Result:
    """Everything that `reports` writes. `figures` is keyed by the metric paths of the contract
    and ours beyond them."""

    name: str
    description: str | None
    start: datetime
    timezone: str
    seed: int
    scale: float
    engine: str
    replications: int
    warmup_s: float
    end_s: float
    until_empty: bool
    bin_s: float
    figures: Mapping[str, Figure]
    objectives: Sequence[ObjectiveResult]
    checks: Sequence[CheckResult]
    journeys: Sequence[JourneyView]
    stations: Sequence[StationView]
    faults: Sequence[FaultView]
    unfinished: Sequence[UnfinishedView]
    rules: Mapping[str, Mapping[str, str]]
    defaults: Sequence[Mapping[str, str]]
    notes: Sequence[str]
    scenario_hash: str
    rulebook_version: str
    backlogs: Sequence[BacklogView] = ()
    sensitivity: Sequence[SensitivityView] | None = None
    excess: ExcessView | None = None

"""Objectives: shares of cases inside a term, and bounds on figures, judged with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.durations import WorkingDays, format_duration
from scenarios.format import MetricObjective, WithinObjective
from sim.experiments.intervals import mean_interval
from sim.experiments.local_days import LocalDays
from sim.experiments.measures import Ints, JourneyCases
from sim.experiments.results import Figure, ObjectiveResult
from world.calendar import Calendar
from world.microseconds import SECOND_US

__all__ = [
    "AT_LEAST",
    "AT_MOST",
    "TermCount",
    "TermShare",
    "bound_value",
    "count_within",
    "judge_bound",
    "judge_term",
    "share_within",
]

AT_LEAST, AT_MOST = "at_least", "at_most"


@dataclass(frozen=True)
class TermShare:
    """Of one replication: the share of due cases that completed in time (None if none was due),
    and how many are undue."""

    share: float | None
    undue: int


@dataclass(frozen=True)
class TermCount:
    """Cases by their term: in time, due (abandoned and late ones too), undue."""

    in_time: int
    due: int
    undue: int

    def with_more(self, other: "TermCount") -> "TermCount":
        """Those of two sets of cases."""
        return TermCount(
            self.in_time + other.in_time, self.due + other.due, self.undue + other.undue
        )

    @property
    def share(self) -> TermShare:
        """The share of the due ones that was in time."""
        return TermShare(self.in_time / self.due if self.due else None, self.undue)


def share_within(
    cases: JourneyCases, within: int | WorkingDays, calendar: Calendar, end_us: int | None
) -> TermShare:
    """`count_within` as a share."""
    return count_within(cases, within, LocalDays(calendar), end_us).share


def count_within(
    cases: JourneyCases, within: int | WorkingDays, days: LocalDays, end_us: int | None
) -> TermCount:
    """Contract, semantics 9: abandoned is late; a case whose term ends after `end_us` is undue.
    `end_us` is None when the run went on until it was empty: then every outcome is known and
    nothing is undue."""
    deadlines = _deadlines(cases.arrived_us, within, days)
    open_deadlines = _deadlines(cases.open_us, within, days)
    due = np.ones(len(deadlines), bool) if end_us is None else deadlines < end_us
    open_due = len(open_deadlines) if end_us is None else int((open_deadlines < end_us).sum())
    in_time = int((due & cases.completed & (cases.ended_us <= deadlines)).sum())
    all_due = int(due.sum()) + open_due
    return TermCount(in_time, all_due, len(deadlines) + len(open_deadlines) - all_due)


def _deadlines(arrived_us: Ints, within: int | WorkingDays, days: LocalDays) -> Ints:
    """The last microsecond that is in time, for each arrival."""
    if isinstance(within, int):
        return arrived_us + within
    return days.deadlines(arrived_us, within.days)


def judge_term(objective: WithinObjective, shares: Sequence[TermShare]) -> ObjectiveResult:
    """Judge the share of cases that completed in time, one of `shares` per replication."""
    figure = _clipped(mean_interval([s.share for s in shares]))
    undue = mean_interval([float(s.undue) for s in shares])
    metric = f"journeys.{objective.journey}.within"
    limit = objective.at_least
    margin = _margin(figure, AT_LEAST, limit)
    return ObjectiveResult(
        objective.id,
        objective.journey,
        _spelled(objective.within),
        metric,
        AT_LEAST,
        limit,
        figure,
        _passed(margin, figure, len(shares)),
        margin,
        undue,
    )


def judge_bound(objective: MetricObjective, figure: Figure, replications: int) -> ObjectiveResult:
    """Judge the figure that the objective bounds."""
    bound = AT_LEAST if objective.at_most is None else AT_MOST
    limit = bound_value(objective)
    margin = _margin(figure, bound, limit)
    return ObjectiveResult(
        objective.id,
        None,
        None,
        objective.metric,
        bound,
        limit,
        figure,
        _passed(margin, figure, replications),
        margin,
        Figure(0.0),
    )


def _passed(margin: float | None, figure: Figure, replications: int) -> bool:
    """The whole interval meets the bound (with one replication the value), in every replication."""
    return margin is not None and margin >= 0.0 and figure.replications == replications


def bound_value(objective: MetricObjective) -> float:
    """The bound in the figure's own unit: seconds if it was written as a duration."""
    value = objective.at_most if objective.at_most is not None else objective.at_least
    return value / SECOND_US if isinstance(value, int) else float(value or 0.0)


def _margin(figure: Figure, bound: str, limit: float) -> float | None:
    """Distance of the interval's worse end from the bound, positive inside."""
    if figure.value is None:
        return None
    if bound == AT_LEAST:
        return (figure.value if figure.low is None else figure.low) - limit
    return limit - (figure.value if figure.high is None else figure.high)


def _clipped(share: Figure) -> Figure:
    """A share lies in [0, 1], and so does what is known of it."""
    if share.low is None or share.high is None:
        return share
    return Figure(share.value, max(share.low, 0.0), min(share.high, 1.0), share.replications)


def _spelled(within: int | WorkingDays) -> str:
    return str(within) if isinstance(within, WorkingDays) else format_duration(within)

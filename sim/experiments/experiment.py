"""An experiment: replications of one scenario until there are enough, and what they say
together."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import numpy as np

from scenarios.completion import CompleteScenario
from scenarios.format import MetricObjective, WithinObjective
from sim.engines.recording import CASE, Block
from sim.engines.simpy_engine import simulate
from sim.experiments.assembly import assemble
from sim.experiments.event_log import EventLog
from sim.experiments.intervals import half_width
from sim.experiments.parallel import Progress, in_order
from sim.experiments.replication import Replication, replicate
from sim.experiments.results import Result
from sim.experiments.warmup import mser5
from sim.model.model import Model, compile_model

__all__ = ["IMPRECISE", "MAX_REPLICATIONS", "Precision", "UnknownMetric", "experiment"]

IMPRECISE = "precision-not-reached"  # note of a result: it stopped at MAX_REPLICATIONS
MAX_REPLICATIONS = 1_000  # where stopping by precision stops anyway, and says so
_WARMUP_PILOTS = 5
_BINS_AT_MOST = 400
_BIN_CHOICES_US = [60_000_000 * m for m in (1, 5, 15, 60, 180, 360, 720, 1440, 10_080)]


class UnknownMetric(ValueError):
    """`--until-precision` names a metric that the scenario does not give."""


@dataclass(frozen=True)
class Precision:
    """Stop when the interval's half width is at most `relative` of the mean of `metric`."""

    metric: str
    relative: float

    def reached(self, replications: Sequence[Replication]) -> bool:
        """True if the replications so far are enough."""
        values = [r.figures[self.metric] for r in replications]
        present = [v for v in values if v is not None]
        if len(present) < 2:
            return False
        mean = sum(present) / len(present)
        return half_width(present) <= self.relative * abs(mean)


@dataclass(frozen=True)
class _Replicate:
    """The task of a worker: one replication of the model."""

    model: Model
    objectives: tuple[WithinObjective | MetricObjective, ...]
    bin_us: int
    warmup_us: int
    events: EventLog | None

    def __call__(self, number: int, on_progress: Callable[[int], None]) -> Replication:
        with ExitStack() as files:
            sinks = (
                []
                if self.events is None
                else [files.enter_context(self.events.sink(self.model, number))]
            )
            return replicate(
                self.model, number, self.objectives, self.bin_us, self.warmup_us, sinks, on_progress
            )


def experiment(
    scenario: CompleteScenario,
    *,
    replications: int | None = None,
    precision: Precision | None = None,
    jobs: int | None = None,
    scale: float = 1.0,
    seed: int | None = None,
    events: EventLog | None = None,
    on_progress: Progress = lambda number, us: None,
    on_done: Callable[[int], None] = lambda number: None,
) -> Result:
    """Run `scenario` and say what happened.

    `replications`: how many (default: the scenario's, 10); with `precision` the least number, at
    most MAX_REPLICATIONS. `jobs`: worker processes (default: one per processor, no more than
    replications). The result depends on neither `jobs` nor `events`. Raises EndlessCase,
    UnknownMetric.
    """
    model = compile_model(scenario, scale, seed)
    wanted = scenario.scenario.replications if replications is None else replications
    workers = min(jobs or os.cpu_count() or 1, wanted)
    bin_us = bin_width_us(model)
    warmup = scenario.scenario.warmup
    warmup_us = warmup if isinstance(warmup, int) else _automatic_warmup(model, wanted)
    task = _Replicate(model, tuple(scenario.scenario.objectives), bin_us, warmup_us, events)
    done: list[Replication] = []
    with in_order(task, workers, on_progress) as results:
        for replication in results:
            done.append(replication)
            on_progress(replication.number, replication.end_us)
            on_done(replication.number)
            if _enough(done, wanted, precision):
                break
    result = assemble(scenario, model, done, bin_us, warmup_us)
    if precision is None or precision.reached(done):
        return result
    return replace(result, notes=[*result.notes, IMPRECISE])


def bin_width_us(model: Model) -> int:
    """Width of the bins of series: the narrowest of a few round ones with which the span of
    arrivals has not too many."""
    span = model.horizon_us or model.arrivals_until_us
    for width in _BIN_CHOICES_US:
        if span <= width * _BINS_AT_MOST:
            return width
    return _BIN_CHOICES_US[-1]


def _enough(done: Sequence[Replication], wanted: int, precision: Precision | None) -> bool:
    if precision is not None and precision.metric not in done[0].figures:
        raise UnknownMetric(precision.metric)
    if len(done) < wanted:
        return False
    return precision is None or precision.reached(done) or len(done) >= MAX_REPLICATIONS


class _Sojourns:
    """A sink that keeps arrival and time in system of completed cases, for MSER-5."""

    def __init__(self) -> None:
        self.rows: list[Block] = []

    def visits(self, block: Block) -> None:
        pass

    def cases(self, block: Block) -> None:
        whole = (block[:, CASE.COMPLETED] == 1) & (block[:, CASE.INNER] == 0)
        self.rows.append(block[whole][:, [CASE.ARRIVED, CASE.ENDED]])


def _automatic_warmup(model: Model, replications: int) -> int:
    """MSER-5 on times in system in order of arrival, of a few pilot replications; the latest of
    their cuts (µs)."""
    cuts = [0]
    for number in range(min(_WARMUP_PILOTS, replications)):
        sink = _Sojourns()
        simulate(model, number, [sink])
        rows = np.concatenate(sink.rows)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        cut = mser5((rows[:, 1] - rows[:, 0]).astype(np.float64))
        if cut:
            cuts.append(int(rows[cut, 0]))
    return max(cuts)

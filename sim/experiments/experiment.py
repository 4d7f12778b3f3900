"""An experiment: replications of one scenario until there are enough, and what they say
together."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from scenarios.completion import CompleteScenario
from sim.engines.choice import chosen, prepare
from sim.experiments.assembly import assemble
from sim.experiments.backends import Backend, LocalBackend
from sim.experiments.event_log import EventLog
from sim.experiments.intervals import half_width
from sim.experiments.known_metrics import figure_path
from sim.experiments.logged_replication import LoggedReplication
from sim.experiments.replication import Replication
from sim.experiments.results import Result
from sim.experiments.setting import Setting
from sim.experiments.warmup import automatic_warmup
from sim.experiments.watch import Watch
from sim.model.model import Model, compile_model
from world.microseconds import MINUTE_US

__all__ = [
    "FEWEST_PRECISE",
    "IMPRECISE",
    "MAX_REPLICATIONS",
    "MOST_ARRIVALS",
    "Enough",
    "Precision",
    "TooManyArrivals",
    "bin_width_us",
    "experiment",
]

FEWEST_PRECISE = 10  # replications before a precision is believed
IMPRECISE = "precision-not-reached"  # note of a result: it stopped at MAX_REPLICATIONS
MAX_REPLICATIONS = 1_000  # where stopping by precision stops anyway, and says so
MOST_ARRIVALS = 1e9  # of a replication: days of work, and more memory than a machine has
Enough = Callable[[Sequence[Replication]], bool]
_BINS_AT_MOST = 400
_BIN_CHOICES_US = [m * MINUTE_US for m in (1, 5, 15, 60, 180, 360, 720, 1440, 10_080)]


class TooManyArrivals(ValueError):
    """A replication would have about `expected` arrivals, more than MOST_ARRIVALS."""

    def __init__(self, expected: float) -> None:
        super().__init__(expected)
        self.expected = expected if math.isfinite(expected) else sys.float_info.max


@dataclass(frozen=True)
class Precision:
    """Stop when the interval's half width is at most `relative` of the mean of `metric`, which
    FEWEST_PRECISE replications have at least: who stops as soon as an interval looks narrow stops
    at those that are so by luck, the more often the fewer there are (Chow and Robbins 1965)."""

    metric: str
    relative: float

    def reached(self, replications: Sequence[Replication]) -> bool:
        """True if the replications so far are enough."""
        values = [r.figures[self.metric] for r in replications]
        present = [v for v in values if v is not None]
        if len(present) < FEWEST_PRECISE:
            return False
        mean = sum(present) / len(present)
        return half_width(present) <= self.relative * abs(mean)


def experiment(
    scenario: CompleteScenario,
    setting: Setting | None = None,
    *,
    replications: int | None = None,
    first: int = 0,
    until: Precision | Enough | None = None,
    at_most: int | None = None,
    backend: Backend | None = None,
    events: EventLog | None = None,
    watch: Watch | None = None,
) -> Result:
    """Run `scenario` under `setting` and say what happened.

    `replications`: how many (default: the scenario's, 10), numbered from `first` on, so that an
    experiment may be done in parts. With `until` it is the least number and `at_most` (default:
    MAX_REPLICATIONS) the most: a precision, or what is asked after each of them, given all so far.
    `backend` computes them (default: a process of this machine per processor, no more than
    replications can be). The result depends on none of `backend`, `events`, `watch` and, but for
    its name, the engine.

    Raises UnknownMetric, TooManyArrivals, GatesOfOwn, BeforeCountry and UnfitPolicy (of a twin),
    and Unsupported (by the engine) before `watch` is told of a start, EndlessCase, UnwritableLog
    and BrokenProcessPool (a worker was killed) after it.
    """
    setting, backend, watch = setting or Setting(), backend or LocalBackend(), watch or Watch()
    model = _compiled(scenario, setting)
    count = _Count.of(scenario, model, replications, until, at_most)
    engine = chosen(setting.engine, model, count.likely)
    written = scenario.scenario
    bin_us = bin_width_us(model)
    done: list[Replication] = []
    try:
        watch.start(scenario, count.least, backend.workers(count.most))
        prepare(engine, watch.compile)
        warmup_us = (
            written.warmup
            if isinstance(written.warmup, int)
            else automatic_warmup(model, first + count.least, backend, watch.pilot, engine)
        )
        task = LoggedReplication(
            model, tuple(written.objectives), bin_us, warmup_us, events, first, engine
        )
        reach = partial(_reach, watch, first)
        with backend.in_order(task, count.most, reach) as results:
            for replication in results:
                done.append(replication)
                watch.reach(replication.number, replication.end_us)
                watch.replication(replication)
                if count.is_reached(done):
                    break
    finally:
        watch.stop()
    result = replace(assemble(scenario, model, done, bin_us, warmup_us), engine=engine)
    return result if count.is_precise(done) else replace(result, notes=[*result.notes, IMPRECISE])


def _reach(watch: Watch, first: int, number: int, us: int) -> None:
    watch.reach(first + number, us)


@dataclass(frozen=True)
class _Count:
    """How many replications there will be: `least`, `most`, and how many are `likely`."""

    least: int
    most: int
    likely: int
    until: Precision | Enough | None

    @staticmethod
    def of(
        scenario: CompleteScenario,
        model: Model,
        replications: int | None,
        until: Precision | Enough | None,
        at_most: int | None,
    ) -> "_Count":
        """What is asked for; UnknownMetric of a precision."""
        least = scenario.scenario.replications if replications is None else replications
        if until is None:
            return _Count(least, least, least, None)
        most = MAX_REPLICATIONS if at_most is None else at_most
        if not isinstance(until, Precision):
            return _Count(least, max(least, most), least, until)
        until = replace(until, metric=figure_path(until.metric, scenario, model))
        least = max(least, FEWEST_PRECISE)
        most = max(least, most)
        # Nobody knows how many a precision takes: too many for SimPy cost more than a compilation.
        return _Count(least, most, most, until)

    def is_reached(self, done: Sequence[Replication]) -> bool:
        """If no more are needed."""
        if self.until is None or len(done) < self.least:
            return False
        return self.until.reached(done) if isinstance(self.until, Precision) else self.until(done)

    def is_precise(self, done: Sequence[Replication]) -> bool:
        """If the precision asked for was reached, or none was."""
        return not isinstance(self.until, Precision) or self.until.reached(done)


def _compiled(scenario: CompleteScenario, setting: Setting) -> Model:
    """The model, if it can be run at all."""
    try:
        model = compile_model(scenario, setting.scale, setting.seed)
    except OverflowError as error:
        raise TooManyArrivals(math.inf) from error
    expected = sum(stream.expected for a in model.arrivals for stream in a.streams)
    if not expected <= MOST_ARRIVALS:  # so that NaN, of infinity times zero, is too many as well
        raise TooManyArrivals(expected)
    return _with_portal(scenario, model) if setting.fidelity == "twin" else model


def _with_portal(scenario: CompleteScenario, model: Model) -> Model:
    """The model with the portal as judge; GatesOfOwn, BeforeCountry, UnfitPolicy."""
    from sim.twin.judging import twin_of  # noqa: PLC0415 - the flow model needs no portal

    return replace(model, judges=twin_of(scenario, model.graph))


def bin_width_us(model: Model) -> int:
    """Width of the bins of series: the narrowest of a few round ones with which the span of
    arrivals has not too many."""
    span = model.horizon_us or model.arrivals_until_us
    for width in _BIN_CHOICES_US:
        if span <= width * _BINS_AT_MOST:
            return width
    return _BIN_CHOICES_US[-1]

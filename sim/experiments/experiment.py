"""An experiment: replications of one scenario until there are enough, and what they say
together."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scenarios.completion import CompleteScenario
from sim.engines.choice import Engine, chosen, prepare
from sim.experiments.assembly import assemble
from sim.experiments.backends import Backend, LocalBackend
from sim.experiments.event_log import EventLog
from sim.experiments.intervals import half_width
from sim.experiments.known_metrics import figure_path
from sim.experiments.logged_replication import LoggedReplication
from sim.experiments.parallel import Progress
from sim.experiments.replication import Replication
from sim.experiments.results import Result
from sim.experiments.warmup import automatic_warmup
from sim.model.model import Model, compile_model
from world.microseconds import MINUTE_US

__all__ = [
    "IMPRECISE",
    "MAX_REPLICATIONS",
    "MOST_ARRIVALS",
    "Enough",
    "Fidelity",
    "Precision",
    "TooManyArrivals",
    "bin_width_us",
    "experiment",
]

IMPRECISE = "precision-not-reached"  # note of a result: it stopped at MAX_REPLICATIONS
MAX_REPLICATIONS = 1_000  # where stopping by precision stops anyway, and says so
MOST_ARRIVALS = 1e9  # of a replication: days of work, and more memory than a machine has
Fidelity = Literal["flow", "twin"]
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


def experiment(
    scenario: CompleteScenario,
    *,
    replications: int | None = None,
    precision: Precision | None = None,
    first: int = 0,
    enough: Enough | None = None,
    at_most: int | None = None,
    jobs: int | None = None,
    backend: Backend | None = None,
    scale: float = 1.0,
    seed: int | None = None,
    events: EventLog | None = None,
    engine: Engine = "auto",
    fidelity: Fidelity = "flow",
    on_start: Callable[[int, int], None] = lambda replications, jobs: None,
    on_compile: Callable[[], None] = lambda: None,
    on_pilot: Progress = lambda number, us: None,
    on_progress: Progress = lambda number, us: None,
    on_replication: Callable[[Replication], None] = lambda replication: None,
    on_done: Callable[[int], None] = lambda number: None,
) -> Result:
    """Run `scenario` and say what happened.

    `replications`: how many (default: the scenario's, 10), numbered from `first` on, so that an
    experiment may be done in parts. With `precision`, or with `enough` (asked after each of them,
    given all so far), it is the least number and `at_most` (default:
    MAX_REPLICATIONS) the most. `backend` computes them
    (default: `jobs` processes of this machine, one per processor, no more than replications can
    be). The result depends on none of `jobs`, `backend`, `events` and, but for its name, `engine`.
    Under `fidelity` twin the portal's own code decides at gates (docs/twin.md).

    `on_start(replications, workers)` is called once nothing is wrong with what was asked for,
    `on_compile()` if the engine must be compiled before it can run here,
    `on_pilot(number, µs)` while an automatic warm-up is looked for, `on_progress(number, µs)`,
    `on_replication` and `on_done(number)` during the replications. Raises UnknownMetric,
    TooManyArrivals, GatesOfOwn, BeforeCountry and UnfitPolicy (of a twin), and Unsupported (by the
    engine) before `on_start`, EndlessCase, UnwritableLog and BrokenProcessPool (a worker was
    killed) after it.
    """
    model = _compiled(scenario, scale, seed)
    if fidelity == "twin":
        model = _with_portal(scenario, model)
    if precision is not None:
        precision = replace(precision, metric=figure_path(precision.metric, scenario, model))
        enough = precision.reached
    backend = backend or LocalBackend(jobs)
    written = scenario.scenario
    wanted = written.replications if replications is None else replications
    engine = chosen(engine, model, wanted)
    most = MAX_REPLICATIONS if at_most is None else at_most
    at_most = wanted if enough is None else max(wanted, most)
    on_start(wanted, backend.workers(at_most))
    prepare(engine, on_compile)
    bin_us = bin_width_us(model)
    warmup_us = (
        written.warmup
        if isinstance(written.warmup, int)
        else automatic_warmup(model, first + wanted, backend, on_pilot, engine)
    )
    task = LoggedReplication(
        model, tuple(written.objectives), bin_us, warmup_us, events, first, engine
    )
    done: list[Replication] = []
    with backend.in_order(task, at_most, lambda n, us: on_progress(first + n, us)) as results:
        for replication in results:
            done.append(replication)
            on_progress(replication.number, replication.end_us)
            on_replication(replication)
            on_done(replication.number)
            if enough is not None and len(done) >= wanted and enough(done):
                break
    result = replace(assemble(scenario, model, done, bin_us, warmup_us), engine=engine)
    if precision is None or precision.reached(done):
        return result
    return replace(result, notes=[*result.notes, IMPRECISE])


def _compiled(scenario: CompleteScenario, scale: float, seed: int | None) -> Model:
    """The model, if it can be run at all."""
    try:
        model = compile_model(scenario, scale, seed)
    except OverflowError as error:
        raise TooManyArrivals(math.inf) from error
    expected = sum(stream.expected for a in model.arrivals for stream in a.streams)
    if not expected <= MOST_ARRIVALS:  # so that NaN, of infinity times zero, is too many as well
        raise TooManyArrivals(expected)
    return model


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

"""How well a calibration predicts: learn from the earlier cases, predict the later ones, compare.

Beside it stands what costs nothing: to take the cycle times of the earlier cases for those of the
later ones.
"""

import datetime as dt
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import stats

from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.calibration.activity_log import ActivityLog
from sim.calibration.calibration import (
    FEWEST_CASES,
    ArrivalsAs,
    Calibration,
    Limit,
    calibrate_log,
    cycle_times_s,
)
from sim.calibration.estimates import TAIL
from sim.calibration.log_problems import LogError, LogProblem
from sim.calibration.scenario_text import Generated, Period, generated
from sim.engines.choice import chosen, prepare, simulate
from sim.engines.recording import CASE, Block
from sim.engines.run import EndlessCase
from sim.experiments.intervals import jackknifed, mean_interval
from sim.experiments.results import Figure
from sim.model.model import compile_model
from world.microseconds import MICROSECOND, MINUTE_US, SECOND_US

__all__ = [
    "REPLICATIONS",
    "Holdout",
    "Prediction",
    "Unpredictable",
    "hold_out",
    "scenario_of",
    "split",
]

Floats = npt.NDArray[np.float64]

REPLICATIONS: Final = 20
_RESAMPLES: Final = 200
_QUANTILES: Final = (0.5, 0.9)
_SHOWN_CASES: Final = 200  # points of a distribution function in the report
_MOST_TIMES: Final = 100  # predicted cases to those of the log, above which it is no rate


class Unpredictable(Exception):
    """The earlier cases give no prediction of the later ones; `limit` says why."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True)
class Prediction:
    """Predicted cycle times in seconds: p50 and p90 with intervals, their relative errors (NaN if
    what was seen is 0), and the Wasserstein distance to the times that were seen. Intervals: of a
    simulation over its replications, otherwise by resampling cases."""

    name: str
    p50: Figure
    p90: Figure
    error_p50: float
    error_p90: float
    distance_s: Figure
    curve_s: tuple[float, ...]


@dataclass(frozen=True)
class Holdout:
    """`train` and `test` are numbers of cases, `split` is when the first of the latter began.
    `seen_p50` and `seen_p90` are of the test cases, `curve_s` their times at even ranks."""

    share: float
    train: int
    test: int
    split: dt.datetime
    seen_p50: Figure
    seen_p90: Figure
    model: Prediction
    baseline: Prediction
    cases_predicted: Figure
    curve_s: tuple[float, ...]


def split(log: ActivityLog, share: float, recent: float = 1.0) -> tuple[ActivityLog, ActivityLog]:
    """The earlier cases and the last `share` (0 to 1) of all, by when they began. Of the earlier,
    the `recent` part that began last is kept, as it was known when the first of the later began."""
    bounds = log.first_rows[:-1]
    begin = np.minimum.reduceat(log.begin, bounds)
    order = np.argsort(begin, kind="stable")
    numbers = log.case[bounds][order]
    cut = min(round(len(numbers) * (1.0 - share)), len(numbers) - 1)
    first = cut - round(cut * recent)
    marks = [np.zeros(len(log.journey), np.bool_) for _ in range(2)]
    marks[0][numbers[first:cut]] = True
    marks[1][numbers[cut:]] = True
    return log.of_cases(marks[0]).until(int(begin[order[cut]])), log.of_cases(marks[1])


def hold_out(
    log: ActivityLog,
    share: float,
    title: str,
    country: str = "RU",
    recent: float = 1.0,
    file: str = "",
    on_done: Callable[[int], None] = lambda replication: None,
    on_compile: Callable[[], None] = lambda: None,
) -> tuple[Calibration, Holdout]:
    """Learn from the first cases, predict the last `share` of them with 20 replications;
    `on_compile` is called if the engine must be compiled for it. LogError if either part is too
    small, Unpredictable if the earlier part gives no scenario of the time of the later one."""
    earlier, later = split(log, share, recent)
    found = calibrate_log(earlier, title, country, ArrivalsAs.RATE, file)
    for journey in found.journeys:
        if journey.arrivals.kind == "instants":
            told = {"journey": journey.title or journey.name, "count": journey.cases}
            raise Unpredictable(Limit("holdout_one_instant", told))
    began, seen = cycle_times_s(later)
    if len(seen) < FEWEST_CASES:
        params = {"cases": len(seen), "least": FEWEST_CASES}
        raise LogError([LogProblem("log_few_cases", file, key="--holdout", params=params)])
    zone = found.calendar.local(0).tzinfo
    first, last = (
        dt.datetime.fromtimestamp(int(us) / SECOND_US, dt.UTC).astimezone(zone)
        for us in (began[0], began[-1])
    )
    samples = _simulated(found, first, last, len(seen), on_done, on_compile)
    naive = found.cycle_s
    counts = mean_interval([float(len(sample)) for sample in samples])
    return found, Holdout(
        share=share,
        train=len(earlier.first_rows) - 1,
        test=len(seen),
        split=first,
        seen_p50=_resampled(seen, _quantile(0.5)),
        seen_p90=_resampled(seen, _quantile(0.9)),
        model=_model(samples, seen),
        baseline=_baseline(naive, seen),
        cases_predicted=counts,
        curve_s=_curve(seen),
    )


def scenario_of(made: Generated, folder: Path) -> CompleteScenario:
    """The scenario, loaded; its files are written into `folder`. ScenarioError if it is wrong."""
    for name, content in made.files.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return loads(made.text, "<calibration>", folder)


class _CycleTimes:
    """A sink that keeps how long cases took that arrived at `since_us` or later."""

    def __init__(self, since_us: int) -> None:
        self._since_us = since_us
        self.parts: list[npt.NDArray[np.int64]] = []

    def visits(self, block: Block) -> None:
        """Visits are not looked at."""

    def cases(self, block: Block) -> None:
        wanted = (block[:, CASE.INNER] == 0) & (block[:, CASE.ARRIVED] >= self._since_us)
        whole = block[wanted]
        self.parts.append(whole[:, CASE.ENDED] - whole[:, CASE.ARRIVED])


def _simulated(
    found: Calibration,
    split: dt.datetime,
    last: dt.datetime,
    seen: int,
    on_done: Callable[[int], None],
    on_compile: Callable[[], None],
) -> list[Floats]:
    """Cycle times (s) of the cases from `split` to `last` of each replication that has such. They
    begin with the first case that was learned from, so that at the split as many are under way as
    are then. Unpredictable if none has any, if there would be too many, or if one would never
    end."""
    came = min(int(journey.arrived_us[0]) for journey in found.journeys)
    begin = Period.around(found.calendar.local(came), last).first
    period = Period(begin, Period.around(split, last).last)
    with tempfile.TemporaryDirectory() as name:
        model = compile_model(scenario_of(generated(found, "holdout", period), Path(name)))
    expected = sum(stream.expected for a in model.arrivals for stream in a.streams)
    if expected > _MOST_TIMES * (found.cases + seen):
        told = {"expected": round(expected), "seen": seen} | _busiest_minute(found)
        raise Unpredictable(Limit("holdout_rate", told))
    since_us = (split - model.calendar.local(0)) // MICROSECOND
    engine = chosen("auto", model, REPLICATIONS)
    prepare(engine, on_compile)
    samples = []
    for replication in range(REPLICATIONS):
        sink = _CycleTimes(since_us)
        try:
            simulate(engine, model, replication, [sink])
        except EndlessCase as error:
            told = {"node": error.node} | _busiest_minute(found)
            raise Unpredictable(Limit("holdout_endless", told)) from error
        samples.append(np.concatenate([*sink.parts, np.zeros(0, np.int64)]) / SECOND_US)
        on_done(replication)
    if not any(len(sample) for sample in samples):
        told = {"seen": seen, "first": _readable(split), "last": _readable(period.last)}
        raise Unpredictable(Limit("holdout_none", told))
    return [sample for sample in samples if len(sample)]


def _busiest_minute(found: Calibration) -> dict[str, object]:
    """The minute in which most cases came, and how many of all."""
    came = np.concatenate([journey.arrived_us for journey in found.journeys])
    minutes, counts = np.unique(came // MINUTE_US, return_counts=True)
    busiest = int(np.argmax(counts))
    at = found.calendar.local(int(minutes[busiest]) * MINUTE_US)
    return {"at": _readable(at), "count": int(counts[busiest]), "cases": len(came)}


def _readable(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}" + (f":{at:%S}" if at.second else "")


def _model(samples: Sequence[Floats], seen: Floats) -> Prediction:
    p50, p90 = (mean_interval([float(np.quantile(s, q)) for s in samples]) for q in _QUANTILES)
    return _prediction("model", p50, p90, _distance(samples, seen), np.concatenate(samples), seen)


def _distance(samples: Sequence[Floats], seen: Floats) -> Figure:
    """Of all replications together, which a single one is noisier than; with the interval of the
    jackknife over them."""

    def of(some: Sequence[Floats]) -> float:
        return float(stats.wasserstein_distance(np.concatenate(some), seen))

    found = jackknifed(samples, of)
    return found if found.low is None else replace(found, low=max(found.low, 0.0))


def _baseline(naive: Floats, seen: Floats) -> Prediction:
    p50, p90 = (_resampled(naive, _quantile(q)) for q in _QUANTILES)
    distance = _resampled(naive, lambda x: float(stats.wasserstein_distance(x, seen)))
    return _prediction("baseline", p50, p90, distance, naive, seen)


def _quantile(q: float) -> Callable[[Floats], float]:
    return lambda values: float(np.quantile(values, q))


def _prediction(
    name: str, p50: Figure, p90: Figure, distance: Figure, times: Floats, seen: Floats
) -> Prediction:
    errors = [
        (figure.value or 0.0) / actual - 1.0 if actual else math.nan
        for figure, actual in zip((p50, p90), np.quantile(seen, _QUANTILES), strict=True)
    ]
    return Prediction(name, p50, p90, errors[0], errors[1], distance, _curve(times))


def _resampled(values: Floats, figure: Callable[[Floats], float]) -> Figure:
    """A figure of a sample with the interval of 200 resamples (bootstrap percentiles)."""
    draws = np.random.default_rng(0)
    again = [figure(draws.choice(values, len(values))) for _ in range(_RESAMPLES)]
    low, high = np.quantile(again, [TAIL, 1 - TAIL])
    return Figure(figure(values), float(low), float(high), len(values))


def _curve(values: Floats) -> tuple[float, ...]:
    ranks = (np.arange(_SHOWN_CASES) + 0.5) / _SHOWN_CASES
    return tuple(np.quantile(values, ranks).tolist())

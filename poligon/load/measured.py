"""What a run of Locust has measured, as the report shows it. People who were prepared during the
run are load, and in no figure but their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from loadtests.plan import OPEN
from loadtests.results.figures import (
    bin_width_s,
    errors_of,
    lags_of,
    latency_of_good,
    operations_of,
    parted,
    preparation_of,
    recovered,
    saturation_of,
    series_of,
    until_done_of_good,
    whole_answers,
)
from loadtests.results.memory import memory_growth, settled_s
from loadtests.results.objectives import judged
from loadtests.results.result import ErrorKind, FaultSpan, LoadCheck, LoadNote, LoadResult
from loadtests.samples import PREPARATION
from poligon.load.locust_run import RawRun
from poligon.load.options import LoadOptions
from poligon.load.replay import Replay
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.setting import Setting
from world.microseconds import SECOND_US

__all__ = ["measured"]

_MOST_PREDICTED: Final = 20_000  # cases: some seconds of simulation
_LATE_S: Final = 0.05  # 99 in 100 requests leave no later on a machine that has time for them


def measured(
    replay: Replay,
    raw: RawRun,
    target: str,
    checks: Sequence[LoadCheck],
    options: LoadOptions,
) -> LoadResult:
    """The result of the run `raw` against `target`."""
    whole, ends = whole_answers(raw.samples), raw.ends
    samples, prepared = parted(whole)
    elapsed_s = max(raw.elapsed_s, replay.horizon_s)
    bin_s = bin_width_s(elapsed_s)
    spans = recovered(samples, _spans(replay), elapsed_s)
    walked = replay.journeys - {note.what for note in raw.notes}
    planned = len(ends)
    if replay.arrivals == OPEN:
        planned = sum(replay.due[journey] for journey in walked)
    people = Counter(each.person for each in ends)
    objectives, unjudged = judged(
        replay.scenario, samples, ends, spans, replay.speed, elapsed_s, walked, planned,
        memory_growth(raw.server, settled_s(raw.samples), replay.horizon_s),
    )  # fmt: skip
    lag_p50, lag_p99 = lags_of(samples)
    notes = [LoadNote(note.reason, {"journey": note.what}) for note in raw.notes]
    if lag_p99 > _LATE_S:
        notes.append(LoadNote("lag", {"p99_s": lag_p99}))
    return LoadResult(
        name=replay.scenario.scenario.name,
        description=replay.scenario.scenario.description,
        target=target,
        seed=replay.seed,
        scale=replay.scale,
        speed=replay.speed,
        workers=options.workers,
        horizon_s=replay.horizon_s,
        elapsed_s=elapsed_s,
        cases=len(ends),
        completed=sum(each.ending == "completed" for each in ends),
        refused_cases=sum(each.ending == "refused" for each in ends),
        failed_cases=sum(each.ending == "failed" for each in ends),
        abandoned_cases=sum(each.ending == "abandoned" for each in ends),
        planned=planned,
        unwalked_cases=planned - people["ready"] - people["late"],
        late_cases=people["late"],
        cut_off=len(raw.samples) - len(whole),
        latency=latency_of_good(samples),
        until_done=until_done_of_good(samples),
        operations=operations_of(samples),
        errors=[*errors_of(samples), *_of_preparation(errors_of(prepared))],
        bin_s=bin_s,
        series=series_of(samples, elapsed_s, bin_s),
        server=raw.server,
        saturation=saturation_of(samples, replay.horizon_s),
        lag_p50_s=lag_p50,
        lag_p99_s=lag_p99,
        faults=spans,
        objectives=objectives,
        predicted=_predicted(replay),
        unjudged=unjudged,
        checks=checks,
        notes=notes,
        preparation=preparation_of(prepared),
    )


def _of_preparation(errors: Sequence[ErrorKind]) -> list[ErrorKind]:
    return [replace(each, operation=f"{PREPARATION}: {each.operation}") for each in errors]


def _predicted(replay: Replay) -> dict[str, float | None]:
    """What the model makes of the scenario's objectives, if it is as small as a live run is."""
    expected = sum(stream.expected for a in replay.model.arrivals for stream in a.streams)
    if replay.arrivals != OPEN or expected > _MOST_PREDICTED:
        return {}
    setting = Setting(replay.scale, replay.seed)
    found = experiment(replay.scenario, setting, replications=1, backend=LocalBackend(1))
    return {each.id: each.figure.value for each in found.objectives}


def _spans(replay: Replay) -> list[FaultSpan]:
    """Faults of the scenario in seconds of the wall, as far as they lie inside the run."""
    to_wall = replay.speed * SECOND_US
    faults = [fault for station in replay.model.stations for fault in station.faults]
    spans = [FaultSpan(each.id, each.from_us / to_wall, each.to_us / to_wall) for each in faults]
    return sorted(
        (span for span in spans if span.from_s < replay.horizon_s), key=lambda span: span.from_s
    )

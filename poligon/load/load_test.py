"""A load test from a scenario file to its report: what `poligon load` does, as one call."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from loadtests.arrivals import arrivals_of
from loadtests.forks import fork_problems
from loadtests.plan import JOURNEYS, OPEN, ClosedShape, LoadPlan
from loadtests.samples import PREPARATION
from poligon.folders import REPORTS, existing, folder_problems, writing
from poligon.load.conservation import conservation
from poligon.load.locust_run import RawRun, run_locust
from poligon.load.manifest import load_manifest
from poligon.load.options import LoadOptions, problems_of_load
from poligon.load.stand import Stand, own_stand, stand_at
from poligon.load.watching import LoadWatch, Unwatched
from poligon.options import OptionError, OptionProblem
from reports.formatting import duration
from reports.load.figures import (
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
    whole_answers,
)
from reports.load.files import as_data, load_junit, write_raw
from reports.load.memory import memory_growth, settled_s
from reports.load.objectives import judged
from reports.load.page import load_page
from reports.load.result import ErrorKind, FaultSpan, LoadResult
from reports.load.texts import load_text
from reports.summary import as_json
from reports.writer import write_folder
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.problems import ScenarioError
from sim.experiments.experiment import experiment
from sim.experiments.results import CheckResult
from sim.model.model import Model, compile_model

__all__ = ["LoadOutcome", "load_test"]

PAGE: Final = "load.html"
_SUFFIX: Final = "-load"
_SECOND_US: Final = 1_000_000
_MOST_PREDICTED: Final = 20_000  # cases: some seconds of simulation
_LATE_S: Final = 0.05  # 99 in 100 requests leave no later on a machine that has time for them


@dataclass(frozen=True)
class LoadOutcome:
    """What a load test left: its result and the report in `folder`."""

    result: LoadResult
    folder: Path
    report: Path

    @property
    def is_met(self) -> bool:
        """Whether every objective that could be judged was met."""
        return all(objective.passed for objective in self.result.objectives)

    @property
    def broken_checks(self) -> list[CheckResult]:
        """Laws of conservation that do not hold."""
        return [check for check in self.result.checks if not check.passed]


def load_test(
    path: Path,
    options: LoadOptions | None = None,
    watch: LoadWatch | None = None,
    argv: Sequence[str] = (),
) -> LoadOutcome:
    """Load a stand by the scenario file `path` and write the report; `argv` goes into the manifest.

    Nothing that was started here runs when it returns or raises. Raises ScenarioError, OptionError,
    UnwritableError; StandBroken and LoaderBroken when the server or the loader ended by itself.
    """
    options = options or LoadOptions()
    watch = watch or Unwatched()
    folder = options.out or REPORTS / f"{path.stem}{_SUFFIX}"
    problems = [*problems_of_load(options), *folder_problems(folder)]
    if problems:
        raise OptionError(problems)
    begun = datetime.now(UTC)
    scenario = load(path, options.overrides)
    tested = _Tested.of(path, scenario, options)
    with tempfile.TemporaryDirectory(prefix="poligon-load-") as name:
        place = Path(name)
        raw, checks, target = _loaded(tested, options, place, watch)
        watch.phase("load_writes")
        result = _result(tested, raw, target, checks, options)
        result = replace(
            result, manifest=load_manifest(path, options, result, argv=argv, started_at=begun)
        )
        watch.stop()
        with writing(folder):
            return _written(result, raw, folder, options)


@dataclass(frozen=True)
class _Tested:
    """A scenario and how it is replayed: times in seconds of the wall."""

    path: Path
    scenario: CompleteScenario
    model: Model
    seed: int
    scale: float
    speed: float
    horizon_s: float
    drain_s: float
    arrivals: Any

    @classmethod
    def of(cls, path: Path, scenario: CompleteScenario, options: LoadOptions) -> "_Tested":
        """By the options, else by the scenario; OptionError if nobody would come, ScenarioError for
        a fork that would be walked."""
        section = scenario.scenario.load
        scale = section.scale if options.scale is None else options.scale
        speed = section.speed if options.speed is None else options.speed
        seed = scenario.scenario.seed if options.seed is None else options.seed
        model = compile_model(scenario, scale, seed)
        horizon_s = model.arrivals_until_us / _SECOND_US / speed
        if section.for_ is not None:
            horizon_s = section.for_ / _SECOND_US
        if options.duration_s is not None:
            horizon_s = options.duration_s
        users = section.users
        shape: Any = OPEN
        if users is not None:
            shape = ClosedShape(
                kind=users.shape,
                users=users.count,
                spawn_rate=users.spawn_rate,
                steps=users.steps,
            )
        drain_s = section.drain / _SECOND_US
        tested = cls(path, scenario, model, seed, scale, speed, horizon_s, drain_s, shape)
        if shape == OPEN and not (horizon_s > 0 and tested.due):
            raise OptionError([OptionProblem("load_nobody", "", path)])
        forks = fork_problems(scenario, model, path, options.overrides)
        if shape == OPEN and options.target is None and forks:
            raise ScenarioError(forks)
        return tested

    @cached_property
    def due(self) -> Counter[str]:
        """How many cases the arrivals have, by journey of the scenario."""
        due = arrivals_of(self.model, 0, self.speed, self.horizon_s)
        return Counter(each.journey for each in due)

    @property
    def journeys(self) -> frozenset[str]:
        """Journeys of the scenario of which cases are due; of closed users those in their mix."""
        if self.arrivals == OPEN:
            return frozenset(self.due)
        return frozenset(name for name, share in self._mix.items() if share > 0)

    @property
    def _mix(self) -> Mapping[str, float]:
        users = self.scenario.scenario.load.users
        return dict.fromkeys(JOURNEYS, 1.0) if users is None or not users.mix else users.mix

    def plan(self, stand: Stand, options: LoadOptions, results: Path) -> LoadPlan:
        """What Locust is told."""
        return LoadPlan(
            scenario=self.path.absolute(),
            overrides=options.overrides,
            seed=self.seed,
            scale=self.scale,
            speed=self.speed,
            portal=stand.portal,
            mocks=stand.mocks,
            administration=stand.administration,
            is_owned=options.is_mine,
            horizon_s=self.horizon_s,
            drain_s=self.drain_s,
            arrivals=self.arrivals,
            mix=dict(self._mix),
            results=results,
            workers=options.workers,
            people_from=None if options.target is not None else 0,
        )


def _loaded(
    tested: _Tested, options: LoadOptions, place: Path, watch: LoadWatch
) -> tuple[RawRun, list[CheckResult], str]:
    """The run, the checks that it allows, and what was loaded."""
    with _stand(tested, options, watch) as stand:
        watch.phase(
            "load_runs",
            tested.horizon_s + tested.drain_s,
            name=tested.scenario.scenario.name,
            target=stand.root,
            horizon=duration(tested.horizon_s, options.lang),
        )
        raw = run_locust(tested.plan(stand, options, place / "results"), stand, place, watch)
        if stand.server is None or stand.database is None:
            return raw, [], stand.root
        watch.phase("load_checks")
        stand.server.end()
        checks = conservation(stand.database, raw.acknowledged, raw.unanswered)
        return raw, checks, stand.root


@contextmanager
def _stand(tested: _Tested, options: LoadOptions, watch: LoadWatch) -> Iterator[Stand]:
    if options.target is not None:
        yield stand_at(options.target)
        return
    watch.phase("load_serves")
    written = tested.scenario.scenario
    start, cheap = written.calendar.start, written.load.cheap_passwords
    with own_stand(tested.path, options, tested.scale, start, cheap_passwords=cheap) as stand:
        yield stand


def _result(
    tested: _Tested,
    raw: RawRun,
    target: str,
    checks: Sequence[CheckResult],
    options: LoadOptions,
) -> LoadResult:
    (samples, prepared), ends = parted(whole_answers(raw.samples)), raw.ends
    elapsed_s = max(raw.elapsed_s, tested.horizon_s)
    bin_s = bin_width_s(elapsed_s)
    spans = recovered(samples, _spans(tested), elapsed_s)
    walked = tested.journeys - {note.what for note in raw.notes}
    planned = len(ends)
    if tested.arrivals == OPEN:
        planned = sum(tested.due[journey] for journey in walked)
    people = Counter(each.person for each in ends)
    objectives, unjudged = judged(
        tested.scenario, samples, ends, spans, tested.speed, elapsed_s, walked, planned,
        memory_growth(raw.server, settled_s(raw.samples), tested.horizon_s),
    )  # fmt: skip
    lag_p50, lag_p99 = lags_of(samples)
    notes = [f"{note.what}: {load_text(f'note_{note.reason}', options.lang)}" for note in raw.notes]
    if lag_p99 > _LATE_S:
        notes.append(load_text("note_lag", options.lang, lag=duration(lag_p99, options.lang)))
    return LoadResult(
        name=tested.scenario.scenario.name,
        description=tested.scenario.scenario.description,
        target=target,
        seed=tested.seed,
        scale=tested.scale,
        speed=tested.speed,
        workers=options.workers,
        horizon_s=tested.horizon_s,
        elapsed_s=elapsed_s,
        cases=len(ends),
        completed=sum(each.ending == "completed" for each in ends),
        refused_cases=sum(each.ending == "refused" for each in ends),
        failed_cases=sum(each.ending == "failed" for each in ends),
        abandoned_cases=sum(each.ending == "abandoned" for each in ends),
        planned=planned,
        unwalked_cases=planned - people["ready"] - people["late"],
        late_cases=people["late"],
        latency=latency_of_good(samples),
        operations=operations_of(samples),
        errors=[*errors_of(samples), *_of_preparation(errors_of(prepared))],
        bin_s=bin_s,
        series=series_of(samples, elapsed_s, bin_s),
        server=raw.server,
        saturation=saturation_of(samples, tested.horizon_s),
        lag_p50_s=lag_p50,
        lag_p99_s=lag_p99,
        faults=spans,
        objectives=objectives,
        predicted=_predicted(tested),
        unjudged=unjudged,
        checks=checks,
        notes=notes,
        preparation=preparation_of(prepared),
    )


def _of_preparation(errors: Sequence[ErrorKind]) -> list[ErrorKind]:
    return [replace(each, operation=f"{PREPARATION}: {each.operation}") for each in errors]


def _predicted(tested: _Tested) -> dict[str, float | None]:
    """What the model makes of the scenario's objectives, if it is as small as a live run is."""
    expected = sum(stream.expected for a in tested.model.arrivals for stream in a.streams)
    if tested.arrivals != OPEN or expected > _MOST_PREDICTED:
        return {}
    found = experiment(
        tested.scenario, replications=1, jobs=1, scale=tested.scale, seed=tested.seed
    )
    return {each.id: each.figure.value for each in found.objectives}


def _spans(tested: _Tested) -> list[FaultSpan]:
    """Faults of the scenario in seconds of the wall, as far as they lie inside the run."""
    to_wall = tested.speed * _SECOND_US
    faults = [fault for station in tested.model.stations for fault in station.faults]
    spans = [FaultSpan(each.id, each.from_us / to_wall, each.to_us / to_wall) for each in faults]
    return sorted(
        (span for span in spans if span.from_s < tested.horizon_s), key=lambda span: span.from_s
    )


def _written(result: LoadResult, raw: RawRun, folder: Path, options: LoadOptions) -> LoadOutcome:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the report: its raw files are moved into it, which a file system does at once.
    place = Path(tempfile.mkdtemp(prefix=".poligon-load-", dir=existing(folder.parent)))
    try:
        extra = write_raw(place, raw.samples, raw.ends, result.server)
        contents = {
            PAGE: lambda: load_page(result, options.lang),
            "load.json": lambda: as_json(as_data(result)),
            "manifest.json": lambda: as_json(result.manifest),
            "junit.xml": lambda: load_junit(result, options.lang),
        }
        written = write_folder(folder, contents, extra)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return LoadOutcome(result, folder, written / PAGE)

"""A simulation from a scenario file to its report: what `poligon simulate` does, as one call."""

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from poligon.manifest import MANIFEST, manifest
from poligon.options import OptionError, OptionProblem, Options, problems_of
from poligon.watching import Silent, Watch
from reports.writer import write
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.metrics import metric_paths
from sim.experiments.event_log import EventLog
from sim.experiments.experiment import IMPRECISE, experiment
from sim.experiments.results import CheckResult, ObjectiveResult, Result
from sim.model.model import compile_model

__all__ = ["Outcome", "UnwritableError", "simulate"]

REPORTS: Final = Path("reports/out")
_SIMILAR: Final = 3  # metrics named when one is unknown


class UnwritableError(Exception):
    """The report cannot be written to `folder`; `reason` is the system's."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason


@dataclass(frozen=True)
class Outcome:
    """What a simulation left: its result, the report in `folder`, the event log if one was asked
    for."""

    result: Result
    folder: Path
    report: Path
    event_log: Path | None

    @property
    def precise(self) -> bool:
        """True if the precision asked for was reached, or none was."""
        return IMPRECISE not in self.result.notes

    @property
    def failed_objectives(self) -> list[ObjectiveResult]:
        """Objectives that were not met."""
        return [objective for objective in self.result.objectives if not objective.passed]

    @property
    def broken_checks(self) -> list[CheckResult]:
        """Conservation laws that some replication violated."""
        return [check for check in self.result.checks if not check.passed]


def simulate(
    path: Path,
    options: Options | None = None,
    watch: Watch | None = None,
    argv: Sequence[str] = (),
) -> Outcome:
    """Simulate the scenario file `path` and write its report; `argv` goes into the manifest.

    The report is there whole or not at all. Raises ScenarioError, OptionError, EndlessCase,
    UnwritableError.
    """
    options = options or Options()
    watch = watch or Silent()
    folder = options.out or REPORTS / path.stem
    problems = [*problems_of(options), *_folder_problems(folder)]
    if problems:
        raise OptionError(problems)
    started_at, started = datetime.now(UTC), time.monotonic()
    scenario = load(path, options.overrides)
    options = _with_known_metric(options, scenario)
    try:
        with _log_folder(folder, options) as place:
            log = None if options.events is None else EventLog(options.events, place)
            result = _run(scenario, options, log, watch)
            joined = None if log is None else log.join(result.replications)
            content = manifest(
                path,
                options,
                result,
                argv=argv,
                started_at=started_at,
                elapsed_s=time.monotonic() - started,
                event_log=None if joined is None else joined.name,
            )
            stale = _stale_log(folder)
            extra = {} if joined is None else {joined.name: joined}
            report = write(result, content, folder, options.lang, extra)
            if stale is not None and stale.name not in extra:
                stale.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableError(folder, error.strerror or str(error)) from error
    written = None if joined is None else folder / joined.name
    return Outcome(result, folder, folder / report.name, written)


def _run(
    scenario: CompleteScenario, options: Options, log: EventLog | None, watch: Watch
) -> Result:
    wanted = options.replications or scenario.scenario.replications
    jobs = min(options.jobs or os.cpu_count() or 1, wanted)
    try:
        watch.start(scenario, wanted, jobs)
        return experiment(
            scenario,
            replications=wanted,
            precision=options.until_precision,
            jobs=jobs,
            scale=options.scale,
            seed=options.seed,
            events=log,
            on_progress=watch.reach,
            on_done=watch.done,
        )
    finally:
        watch.stop()


def _folder_problems(folder: Path) -> list[OptionProblem]:
    """Whatever keeps `folder` from being made, found before the work instead of after it."""
    existing = _existing(folder)
    if not existing.is_dir():
        reason = f"{existing}: {os.strerror(20)}"
    elif not os.access(existing, os.W_OK | os.X_OK):
        reason = f"{existing}: {os.strerror(13)}"
    else:
        return []
    return [OptionProblem("option_folder", "--out", folder, {"reason": reason})]


def _existing(folder: Path) -> Path:
    """`folder`, or the nearest place above it that exists."""
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))


@contextmanager
def _log_folder(folder: Path, options: Options) -> Iterator[Path]:
    """A folder for parts of the event log beside the report, where there is room for them."""
    if options.events is None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=".poligon-events-", dir=_existing(folder)) as name:
        yield Path(name)


def _with_known_metric(options: Options, scenario: CompleteScenario) -> Options:
    """`options` with the metric of the precision under the name its figure has."""
    wanted = options.until_precision
    if wanted is None:
        return options
    model = compile_model(scenario, options.scale, options.seed)
    known = list(
        metric_paths(
            model.graph.names,
            sorted(model.rules_at_gates),
            [station.name for station in model.stations],
            [fault.id for fault in scenario.scenario.faults],
        )
    )
    try:
        metric = scenario.metric_of(wanted.metric)
    except KeyError:
        metric = wanted.metric
    if metric not in known:
        closest = get_close_matches(metric, known, _SIMILAR)
        raise OptionError(
            [OptionProblem("option_metric", "--until-precision", metric, closest=closest)]
        )
    return replace(options, until_precision=replace(wanted, metric=metric))


def _stale_log(folder: Path) -> Path | None:
    """The event log of an earlier run, which does not belong to the report that takes its place."""
    try:
        name = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["event_log"]
        return folder / Path(name).name
    except (OSError, ValueError, KeyError, TypeError):
        return None

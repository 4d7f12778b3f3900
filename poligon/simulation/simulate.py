"""A simulation from a scenario file to its report: what `poligon simulate` does, as one call."""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from poligon.backends import backend_of
from poligon.folders import REPORTS, UnwritableError, existing, folder_problems, writing
from poligon.manifest import provenance
from poligon.options import OptionError, Options, problems_of, unknown_metric
from poligon.refusals import refusals
from poligon.studies.kept_runs import KeptRuns
from poligon.studies.listening import Listening, unheard
from reports.simulation.files import MANIFEST, write
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from sim.experiments.event_log import EventLog
from sim.experiments.experiment import IMPRECISE, experiment
from sim.experiments.known_metrics import UnknownMetric
from sim.experiments.logged_replication import UnwritableLog
from sim.experiments.results import CheckResult, ObjectiveResult, Result
from sim.experiments.watch import Kept, Watch
from sim.studies.runs import Runs
from sim.studies.sensitivity import with_sensitivity

__all__ = ["Outcome", "simulate"]


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
    listening: Listening = unheard,
) -> Outcome:
    """Simulate the scenario file `path` and write its report; `argv` goes into the manifest.
    `listening` gives who is told of the runs for `options.sensitivity`; they are kept in
    `runs.jsonl` beside the report, and not made again by the same call.

    The report is there whole or not at all. Raises ScenarioError, OptionError, TooManyArrivals,
    EndlessCase, UnwritableError, and BrokenProcessPool when a worker was killed.
    """
    options = options or Options()
    folder = options.out or REPORTS / path.stem
    problems = [*problems_of(options), *folder_problems(folder)]
    if problems:
        raise OptionError(problems)
    begun = _Begun(datetime.now(UTC), time.monotonic(), tuple(argv))
    scenario = load(path, options.overrides)
    with _log_folder(folder, options) as place:
        log = None if options.events is None else EventLog(options.events, place)
        try:
            with refusals(path):
                result = _run(scenario, options, folder, log, watch, listening)
        except UnknownMetric as error:
            problem = unknown_metric("--until-precision", error.metric, error.known)
            raise OptionError([problem]) from error
        except UnwritableLog as error:
            raise UnwritableError(folder, error.reason) from error
        with writing(folder):
            return _written(path, options, result, folder, log, begun)


@dataclass(frozen=True)
class _Begun:
    """When and by which words a run was started; `clock_s` is monotonic."""

    at: datetime
    clock_s: float
    argv: tuple[str, ...]


def _run(
    scenario: CompleteScenario,
    options: Options,
    folder: Path,
    log: EventLog | None,
    watch: Watch | None,
    listening: Listening,
) -> Result:
    kept = Kept(watch)
    with backend_of(options) as backend:
        result = experiment(
            scenario,
            options.setting,
            replications=options.replications,
            until=options.until_precision,
            backend=backend,
            events=log,
            watch=kept if options.sensitivity else watch,
        )
        if not options.sensitivity or not all(check.passed for check in result.checks):
            return result
        with KeptRuns(folder) as journal, listening(scenario) as listener:
            runs = Runs(backend, options.setting, listener, journal)
            return with_sensitivity(result, kept.done, scenario, runs)


def _written(
    path: Path,
    options: Options,
    result: Result,
    folder: Path,
    log: EventLog | None,
    begun: _Begun,
) -> Outcome:
    """The report in `folder`, in place of an earlier one."""
    joined = None if log is None else log.join(result.replications)
    elapsed_s = time.monotonic() - begun.clock_s
    made = provenance(
        path, options, result, argv=begun.argv, started_at=begun.at, elapsed_s=elapsed_s
    )
    stale = _stale_log(folder)
    written = None if joined is None else folder / joined.name
    report = write(result, made, folder, options.lang, joined)
    if stale is not None and stale != written:
        stale.unlink(missing_ok=True)
    return Outcome(result, folder, folder / report.name, written)


@contextmanager
def _log_folder(folder: Path, options: Options) -> Iterator[Path]:
    """A folder for parts of the event log beside the report, where there is room for them."""
    if options.events is None:
        yield folder
        return
    with writing(folder):
        made = tempfile.TemporaryDirectory(prefix=".poligon-events-", dir=existing(folder))
    with made as name:
        yield Path(name)


def _stale_log(folder: Path) -> Path | None:
    """The event log of an earlier run, which does not belong to the report that takes its place."""
    try:
        name = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["event_log"]
        return folder / Path(name).name
    except (OSError, ValueError, KeyError, TypeError):
        return None

"""A load test from a scenario file to its report: what `poligon load` does, as one call."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from loadtests.conservation import conservation
from loadtests.results.result import LoadCheck, LoadResult
from poligon.folders import REPORTS, existing, folder_problems, writing
from poligon.load.locust_run import RawRun, run_locust
from poligon.load.manifest import load_provenance
from poligon.load.measured import measured
from poligon.load.options import LoadOptions, problems_of_load
from poligon.load.replay import Replay
from poligon.load.stand import Stand, own_stand, stand_at
from poligon.load.watching import LoadWatch, Unwatched
from poligon.options import OptionError
from reports.formatting import duration
from reports.load.files import as_data, load_junit, load_manifest, write_raw
from reports.load.page import load_page
from reports.provenance import Provenance
from reports.summary import as_json
from reports.writer import write_folder
from scenarios.loader import load

__all__ = ["LoadOutcome", "load_test"]

PAGE: Final = "load.html"
_SUFFIX: Final = "-load"


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
    def broken_checks(self) -> list[LoadCheck]:
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
    replay = Replay.of(path, scenario, options)
    with tempfile.TemporaryDirectory(prefix="poligon-load-") as name:
        place = Path(name)
        raw, checks, target = _loaded(replay, options, place, watch)
        watch.phase("load_writes")
        result = measured(replay, raw, target, checks, options)
        made = load_provenance(path, scenario, options, argv=argv, started_at=begun)
        watch.stop()
        with writing(folder):
            return _written(result, made, raw, folder, options)


def _loaded(
    replay: Replay, options: LoadOptions, place: Path, watch: LoadWatch
) -> tuple[RawRun, list[LoadCheck], str]:
    """The run, the checks that it allows, and what was loaded."""
    with _stand(replay, options, watch) as stand:
        watch.phase(
            "load_runs",
            replay.horizon_s + replay.drain_s,
            name=replay.scenario.scenario.name,
            target=stand.root,
            horizon=duration(replay.horizon_s, options.lang),
        )
        raw = run_locust(replay.plan(stand, options, place / "results"), stand, place, watch)
        if stand.server is None or stand.database is None:
            return raw, [], stand.root
        watch.phase("load_checks")
        stand.server.end()
        checks = conservation(stand.database, raw.acknowledged, raw.unanswered)
        return raw, checks, stand.root


@contextmanager
def _stand(replay: Replay, options: LoadOptions, watch: LoadWatch) -> Iterator[Stand]:
    if options.target is not None:
        yield stand_at(options.target)
        return
    watch.phase("load_serves")
    written = replay.scenario.scenario
    start, cheap = written.calendar.start, written.load.cheap_passwords
    with own_stand(replay.path, options, replay.scale, start, cheap_passwords=cheap) as stand:
        yield stand


def _written(
    result: LoadResult, made: Provenance, raw: RawRun, folder: Path, options: LoadOptions
) -> LoadOutcome:
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the report: its raw files are moved into it, which a file system does at once.
    place = Path(tempfile.mkdtemp(prefix=".poligon-load-", dir=existing(folder.parent)))
    try:
        extra = write_raw(place, raw.samples, raw.ends, result.server)
        contents = {
            PAGE: lambda: load_page(result, made, options.lang),
            "load.json": lambda: as_json(as_data(result)),
            "manifest.json": lambda: as_json(load_manifest(result, made)),
            "junit.xml": lambda: load_junit(result, options.lang),
        }
        written = write_folder(folder, contents, extra)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return LoadOutcome(result, folder, written / PAGE)

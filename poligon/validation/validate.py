"""Whether the model predicts the live system: what `poligon load --validate` does, as one call."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from loadtests.validation.result import Level, Validation
from poligon.folders import REPORTS, folder_problems, writing
from poligon.load.manifest import load_provenance
from poligon.load.options import LoadOptions, problems_of_load
from poligon.load.stand import own_stand
from poligon.load.watching import LoadWatch, Unwatched
from poligon.options import OptionError, OptionProblem
from poligon.validation.portal import Lengths, portal_levels
from poligon.validation.portal_runs import runs_of
from poligon.validation.processors import processors_apart
from poligon.validation.registry import Asked, asked_of, registry_levels
from reports.provenance import Provenance
from reports.summary import as_json
from reports.validation.files import as_validation_data, validation_junit
from reports.validation.markdown import validation_markdown
from reports.validation.page import validation_page
from reports.writer import write_folder
from rulebook import Language
from scenarios.durations import format_duration
from scenarios.loader import load

__all__ = ["Validated", "validate"]

PAGE: Final = "validation.html"
_SUFFIX: Final = "-validation"
_MEMORY: Final = Path("/dev/shm")
_LEAST_BYTES: Final = 2**30  # the database of a whole run, several times
_WHOLE: Final = (4, Lengths(rounds=6, calibration_s=4.0, level_s=12.0))
_QUICK: Final = (1, Lengths(rounds=1, calibration_s=5.0, level_s=8.0))


@dataclass(frozen=True)
class Validated:
    """What a validation left: its result and the report in `folder`."""

    result: Validation
    folder: Path
    report: Path


def validate(
    path: Path,
    options: LoadOptions | None = None,
    watch: LoadWatch | None = None,
    argv: Sequence[str] = (),
    *,
    quick: bool = False,
) -> Validated:
    """Lay predictions beside measurements of a stand that is served here, and write the report.

    The registry is the first station of the scenario `path` that answers in 20 ms to 5 s by a
    constant number of servers; the portal is calibrated, whatever the scenario says. Raises as
    `poligon.load.load_test.load_test`, and NotMeasured if the calibration tells nothing.
    """
    options = options or LoadOptions()
    watch = watch or Unwatched()
    folder = options.out or REPORTS / f"{path.stem}{_SUFFIX}"
    problems = [*problems_of_load(options), *folder_problems(folder)]
    if options.target is not None:
        problems.append(OptionProblem("load_validate_of_target", "--validate", options.target))
    problems += _without_effect(options)
    if problems:
        raise OptionError(problems)
    begun = datetime.now(UTC)
    scenario = load(path, options.overrides)
    seed = scenario.scenario.seed if options.seed is None else options.seed
    replications, lengths = _QUICK if quick else _WHOLE
    memory = _memory()
    with tempfile.TemporaryDirectory(prefix="poligon-load-") as name, processors_apart() as served:
        place = Path(name)
        asked = asked_of(path, scenario, seed, place, options.overrides)
        own = LoadOptions(port=options.port, speed=options.speed, lang=options.lang)
        registry = _registry(asked, own, served, place, watch, replications)
        watch.phase("load_serves")
        with (
            own_stand(asked.path, own, 1.0, asked.start, processors=served, place=memory) as stand,
            runs_of(stand, served, seed, place) as runs,
        ):
            portal, calibrated = portal_levels(runs, watch, lengths)
        watch.phase("load_writes")
    more = ["--validate", *(["--quick"] if quick else [])]
    result = Validation(
        name=scenario.scenario.name,
        station=asked.name,
        servers=asked.servers,
        service=format_duration(round(asked.station.service.mean_us)),
        seed=seed,
        levels=[*registry, *portal],
        calibrated=calibrated,
        in_memory=memory is not None,
    )
    made = load_provenance(path, scenario, options, *more, argv=argv, started_at=begun)
    watch.stop()
    return Validated(result, folder, _written(result, made, folder, options.lang))


def _registry(
    asked: Asked,
    own: LoadOptions,
    served: frozenset[int] | None,
    place: Path,
    watch: LoadWatch,
    replications: int,
) -> list[Level]:
    """The levels of the registry, on a stand of their own."""
    watch.phase("load_serves")
    with own_stand(asked.path, own, 1.0, asked.start, processors=served) as stand:
        return [*registry_levels(asked, stand, own, place, watch, replications)]


def _memory() -> Path | None:
    """Where files are in memory; None where the system has no such place, or little of it.

    What the portal does itself is compared: a disk that others use as well stops for a quarter of a
    second at times, and nothing tells when.
    """
    if not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free >= _LEAST_BYTES else None


def _written(result: Validation, made: Provenance, folder: Path, lang: Language) -> Path:
    """The page, beside the other files of the report."""
    contents = {
        PAGE: lambda: validation_page(result, made, lang),
        "validation.json": lambda: as_json(as_validation_data(result, made)),
        "validation.md": lambda: validation_markdown(result, made),
        "junit.xml": lambda: validation_junit(result),
    }
    with writing(folder):
        return write_folder(folder, contents) / PAGE


def _without_effect(options: LoadOptions) -> list[OptionProblem]:
    """Options of a load test that no validation heeds: its levels are its own."""
    given = {
        "--workers": None if options.workers == 1 else options.workers,
        "--scale": options.scale,
        "--for": options.duration_s,
        "--faults": options.faults,
    }
    return [
        OptionProblem("load_validate_without", option, got)
        for option, got in given.items()
        if got is not None
    ]

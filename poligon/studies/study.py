"""What `compare`, `sweep` and `plan` do alike: runs that are kept, a page and its data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from poligon.backends import backend_of
from poligon.folders import folder_problems, writing
from poligon.manifest import repeating_command, versions
from poligon.options import OptionProblem, Options, problems_of
from poligon.refusals import refusals
from poligon.studies.kept_runs import KeptRuns
from poligon.studies.listening import Listening
from reports.provenance import Provenance
from reports.summary import as_json
from reports.writer import write_folder
from scenarios.completion import CompleteScenario
from sim.experiments.setting import Setting
from sim.model.model import compile_model
from sim.studies.runs import Runs
from sim.twin.judging import twin_of

__all__ = ["made_of", "refuse_unfit", "running", "study_problems", "write_study"]


def study_problems(options: Options, folder: Path) -> list[OptionProblem]:
    """What is wrong with `options` of a study whose report goes into `folder`."""
    of_simulate = {
        "--until-precision": options.until_precision,
        "--events": options.events,
        "--sensitivity": options.sensitivity or None,
    }
    return [
        *problems_of(options),
        *folder_problems(folder),
        *(
            OptionProblem("option_of_simulate", name, given)
            for name, given in of_simulate.items()
            if given is not None
        ),
    ]


@contextmanager
def running(
    file: Path, folder: Path, options: Options, listener: Listening, first: CompleteScenario
) -> Iterator[Runs]:
    """Runs as `options` say, kept in `folder`; who listens is told of the scenario `first`. What
    cannot be run of `file` is an OptionError."""
    with (
        refusals(file),
        KeptRuns(folder) as journal,
        backend_of(options) as backend,
        listener(first) as heard,
    ):
        yield Runs(backend, options.setting, heard, journal)


def refuse_unfit(file: Path, scenario: CompleteScenario, setting: Setting) -> None:
    """OptionError before anything is run if the portal cannot decide about `scenario`."""
    if setting.fidelity == "flow":
        return
    # Too many arrivals are told when the run begins.
    with refusals(file), suppress(OverflowError):
        twin_of(scenario, compile_model(scenario, setting.scale, setting.seed).graph)


def made_of(
    path: Path, options: Options, base: CompleteScenario, name: str, more: Sequence[str]
) -> Provenance:
    """Of the study `name` of the scenario `base` in a file; `more` are words of its command."""
    return Provenance(
        command=repeating_command(path, options, name, more),
        versions=versions(base.book.version),
        file=str(path),
        changes=list(options.overrides),
        scenario_hash=base.scenario_hash,
        fidelity=options.fidelity,
    )


def write_study(
    folder: Path,
    name: str,
    page: Callable[[], str],
    data: Mapping[str, Any],
    more: Mapping[str, Callable[[], str]] | None = None,
) -> Path:
    """Write the page and the data of the study `name`, and `more` files beside them; the page."""
    with writing(folder):
        write_folder(
            folder,
            {f"{name}.html": page, f"{name}.json": lambda: as_json(data), **(more or {})},
        )
    return folder / f"{name}.html"

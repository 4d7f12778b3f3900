"""A sweep from a scenario file to its report: what `poligon sweep` does, as one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poligon.folders import REPORTS
from poligon.options import OptionError, Options, unknown_metric
from poligon.studies.listening import Listening, unheard
from poligon.studies.study import made_of, running, study_problems, write_study
from poligon.studies.variations import VARY, checked, points_of, read_variations
from reports.studies.sweep import as_csv, as_data
from reports.studies.sweep_page import sweep_page
from scenarios.completion import CompleteScenario
from sim.experiments.known_metrics import UnknownMetric, figure_path
from sim.model.model import compile_model
from sim.studies.sweep import Sweep
from sim.studies.sweep import sweep as sweep_points

__all__ = ["Swept", "sweep"]


@dataclass(frozen=True)
class Swept:
    """What a sweep left; `metrics` are shown beside the objectives, `data` is `sweep.json`."""

    sweep: Sweep
    metrics: Sequence[str]
    report: Path
    data: dict[str, Any]


def sweep(
    path: Path,
    vary: Sequence[str],
    options: Options | None = None,
    metrics: Sequence[str] = (),
    listening: Listening = unheard,
) -> Swept:
    """Simulate every point of the grid that the words `vary` (`KEY=4,8,16`, `KEY=1..10:3`) span.

    Writes `sweep.html`, `sweep.csv` and `sweep.json`; every finished run is kept in `runs.jsonl`
    beside them and not made again by a sweep into the same folder. `metrics` are shown beside the
    objectives. Raises ScenarioError and OptionError with all that is wrong, TooManyArrivals,
    EndlessCase, BrokenLaws, UnwritableError, and BrokenProcessPool when a worker was killed.
    """
    options = options or Options()
    folder = options.out or REPORTS / f"sweep_{path.stem}"
    variations, problems = read_variations(vary)
    problems += study_problems(options, folder)
    if problems:
        raise OptionError(problems)
    base = checked(path, options.overrides, variations)
    scenario_at = points_of(path, options.overrides, variations)
    first = scenario_at(tuple(variation.values[0] for variation in variations))
    paths = _figure_paths(metrics, first)
    with running(path, folder, options, listening, first) as runs:
        done = sweep_points(variations, scenario_at, runs, options.replications)
    more = [word for one in vary for word in (VARY, one)]
    more += [word for one in metrics for word in ("--metric", one)]
    made = made_of(path, options, base, "sweep", more)
    data = {**as_data(done), **made.as_data()}
    report = write_study(
        folder,
        "sweep",
        lambda: sweep_page(done, paths, made, options.lang),
        data,
        {"sweep.csv": lambda: as_csv(done)},
    )
    return Swept(done, paths, report, data)


def _figure_paths(metrics: Sequence[str], scenario: CompleteScenario) -> list[str]:
    """`metrics` under the names of their figures; OptionError with those that runs do not have."""
    model = compile_model(scenario) if metrics else None
    found, problems = [], []
    for metric in metrics:
        assert model is not None
        try:
            found.append(figure_path(metric, scenario, model))
        except UnknownMetric as error:
            problems.append(unknown_metric("--metric", error.metric, error.known))
    if problems:
        raise OptionError(problems)
    return found

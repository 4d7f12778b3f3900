"""A sweep from a scenario file to its report: what `poligon sweep` does, as one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poligon.folders import REPORTS
from poligon.listening import Listening, unheard
from poligon.manifest import repeating_command
from poligon.options import OptionError, OptionProblem, Options, unknown_metric
from poligon.studies.study import made_with, running, study_problems, write_study
from poligon.studies.variations import VARY, checked, points_of, read_variations
from reports.studies.sweep import as_csv, as_data
from reports.studies.sweep_page import sweep_page
from scenarios.completion import CompleteScenario
from scenarios.metrics import metric_paths
from sim.model.model import compile_model
from sim.studies.sweep import Sweep
from sim.studies.sweep import sweep as sweep_points

__all__ = ["Swept", "metric_problems", "sweep"]


@dataclass(frozen=True)
class Swept:
    """What a sweep left; `data` is `sweep.json`."""

    sweep: Sweep
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
    checked(path, options.overrides, variations)
    scenario_at = points_of(path, options.overrides, variations)
    first = scenario_at(tuple(variation.values[0] for variation in variations))
    problems = metric_problems(metrics, first)
    if problems:
        raise OptionError(problems)
    with running(path, folder, options, listening, first) as runs:
        done = sweep_points(variations, scenario_at, runs, options.replications)
    more = [word for one in vary for word in (VARY, one)]
    more += [word for one in metrics for word in ("--metric", one)]
    made = {
        "file": str(path),
        "changes": list(options.overrides),
        **made_with(options, repeating_command(path, options, "sweep", more), first.book),
    }
    data = {**as_data(done), **made}
    report = write_study(
        folder,
        "sweep",
        lambda: sweep_page(done, metrics, made, options.lang),
        data,
        {"sweep.csv": lambda: as_csv(done)},
    )
    return Swept(done, report, data)


def metric_problems(metrics: Sequence[str], scenario: CompleteScenario) -> list[OptionProblem]:
    """Those of `metrics` that runs of `scenario` do not have."""
    if not metrics:
        return []
    model = compile_model(scenario)
    known = [
        *metric_paths(
            model.graph.names,
            sorted(model.rules_at_gates),
            [station.name for station in model.stations],
            [fault.id for station in model.stations for fault in station.faults],
        )
    ]
    return [unknown_metric("--metric", each, known) for each in metrics if each not in known]

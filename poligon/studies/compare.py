"""A comparison from two scenario files to its report: what `poligon compare` does, as one call."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import rulebook
from poligon.folders import REPORTS
from poligon.manifest import repeating_command, versions
from poligon.options import OptionError, OptionProblem, Options
from poligon.studies.listening import Listening, unheard
from poligon.studies.study import refuse_unfit, running, study_problems, write_study
from reports.provenance import Provenance
from reports.studies.comparison import as_data
from reports.studies.comparison_page import comparison_page
from reports.studies.texts import words
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from scenarios.overrides import apply_overrides
from scenarios.positions import decode, parse_yaml, read_bytes
from scenarios.problems import Problem, ScenarioError
from sim.studies.comparison import Comparison
from sim.studies.comparison import compare as compare_scenarios

__all__ = ["Compared", "Side", "compare"]


@dataclass(frozen=True)
class Side:
    """A scenario file and `--set` words for it alone."""

    path: Path
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """What a comparison left; `data` is `compare.json`, `notes` what it did to the scenarios."""

    comparison: Comparison
    report: Path
    data: dict[str, Any]
    notes: Sequence[str]


def compare(
    a: Side, b: Side, options: Options | None = None, listening: Listening = unheard
) -> Compared:
    """Compare two scenarios and write `compare.html` and `compare.json`.

    `options.overrides` change both. Finished runs are kept as those of a sweep. Objectives about
    the recovery from a fault that a side's changes took away are left out on that side. Raises
    ScenarioError with the problems of both, OptionError, TooManyArrivals, EndlessCase, BrokenLaws,
    UnwritableError, and BrokenProcessPool when a worker was killed.
    """
    options = options or Options()
    folder = options.out or REPORTS / f"compare_{a.path.stem}_{b.path.stem}"
    problems = study_problems(options, folder)
    if a == b:
        problems.append(OptionProblem("option_same_sides", "B", ""))
    if problems:
        raise OptionError(problems)
    loaded = _load({"A": a, "B": b}, options)
    (of_a, dropped_a), (of_b, dropped_b) = loaded["A"], loaded["B"]
    for side, scenario in ((a, of_a), (b, of_b)):
        refuse_unfit(side.path, scenario, options.setting)
    with running(a.path, folder, options, listening, of_a) as runs:
        comparison = compare_scenarios(of_a, of_b, runs, options.replications)
    notes = [
        words("cmp_dropped", options.lang, side=side, objectives=", ".join(dropped))
        for side, dropped in (("A", dropped_a), ("B", dropped_b))
        if dropped
    ]
    made = Provenance(
        command=_command(a, b, options),
        versions=versions(of_a.book.version),
        fidelity=options.fidelity,
    )
    files = {
        name: {"file": str(side.path), "changes": [*options.overrides, *side.overrides]}
        for name, side in (("A", a), ("B", b))
    }
    data = {**as_data(comparison), **made.as_data(), "sides": files, "notes": notes}
    report = write_study(
        folder,
        "compare",
        lambda: comparison_page(comparison, made, files, notes, options.lang),
        data,
    )
    return Compared(comparison, report, data, notes)


def _command(a: Side, b: Side, options: Options) -> str:
    more = [] if b.path == a.path else [str(b.path)]
    for option, side in (("--set-a", a), ("--set-b", b)):
        for override in side.overrides:
            more += [option, override]
    return repeating_command(a.path, options, "compare", more)


_Loaded = tuple[CompleteScenario, Sequence[str]]


def _load(sides: dict[str, Side], options: Options) -> dict[str, _Loaded]:
    """Both sides and the objectives each had to leave out; the problems of both at once."""
    loaded: dict[str, _Loaded] = {}
    found: dict[str, list[Problem]] = {}
    for name, side in sides.items():
        try:
            loaded[name] = _load_side(side, options.overrides)
        except ScenarioError as error:
            found[name] = error.problems
    if found:
        common = set.intersection(*map(set, found.values())) if len(found) == len(sides) else set()
        raise ScenarioError(
            problem if problem in common else replace(problem, file=f"{name}: {problem.file}")
            for name, problems in found.items()
            for problem in problems
            if problem not in common or name == "A"
        )
    return loaded


def _load_side(side: Side, both: Sequence[str]) -> _Loaded:
    overrides = [*both, *side.overrides]
    try:
        return load(side.path, overrides), ()
    except ScenarioError as error:
        gone = {
            str(problem.params.get("got"))
            for problem in error.problems
            if problem.code == "unknown_metric"
            and str(problem.params.get("got")).startswith("recovery.")
        }
        if not gone or not any(o.strip().startswith("faults") for o in overrides):
            raise
    kept, dropped = _without(side.path, overrides, gone)
    return load(side.path, [*overrides, f"objectives={kept}"]), dropped


def _without(path: Path, overrides: Sequence[str], metrics: set[str]) -> tuple[str, list[str]]:
    """The objectives of a file that do not bound `metrics`, in one line, and ids of those that
    do."""
    document = parse_yaml(decode(read_bytes(path), str(path)), str(path))
    apply_overrides(document, overrides, rulebook.load())
    kept, dropped = [], []
    written: Any = document.value.get("objectives")
    for objective in written if isinstance(written, list) else []:
        if str(objective.get("metric")) in metrics:
            dropped.append(str(objective.get("id")))
        else:
            kept.append(objective)
    return json.dumps(kept, ensure_ascii=False), dropped

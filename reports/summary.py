"""`summary.json`: every figure of a run under its metric path, for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from reports.formatting import finite
from reports.metrics import figure_of, journey_names, station_names
from scenarios.metrics import metric_paths
from sim.experiments.results import Figure, ObjectiveResult, Result

__all__ = ["as_json", "figure_data", "summary"]

Nested = dict[str, Any]


def summary(result: Result) -> Nested:
    """The figures of `result`, nested as the contract names them, each `{value, low, high}`.

    Times are seconds of completed cases; `low` and `high` are None with one replication, all three
    where nothing was there to measure. Journeys, stations and metrics keep the order of the report.
    """
    nested: Nested = {"journeys": {}, "rejections": {}, "stations": {}, "recovery": {}}
    for path in _ordered_paths(result):
        # No name in a metric path bears a dot.
        _place(nested, path.split("."), figure_data(figure_of(result, path)))
    nested["objectives"] = {objective.id: _objective(objective) for objective in result.objectives}
    nested["checks"] = [
        {"name": check.name, "pass": check.passed, "detail": check.detail}
        for check in result.checks
    ]
    if result.sensitivity is not None:
        nested["sensitivity"] = {
            f"{view.kind}.{view.name}": {
                "before": view.before,
                "after": view.after,
                "objectives": {name: figure_data(f) for name, f in view.changes.items()},
            }
            for view in result.sensitivity
        }
    return nested


def as_json(content: Mapping[str, Any]) -> str:
    """Readable JSON with a last newline; ValueError for NaN or infinity, which JSON does not
    have."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _ordered_paths(result: Result) -> list[str]:
    faults = [fault.id for fault in result.faults]
    ordered = metric_paths(journey_names(result), result.rules, station_names(result), faults)
    known = [path for path in ordered if path in result.figures]
    return list(dict.fromkeys([*known, *sorted(result.figures)]))


def _place(nested: Nested, keys: Sequence[str], content: Nested) -> None:
    for key in keys[:-1]:
        nested = nested.setdefault(key, {})
    nested[keys[-1]] = content


def figure_data(figure: Figure) -> Nested:
    """A figure as JSON has it; what is not finite is None."""
    return {"value": finite(figure.value), "low": finite(figure.low), "high": finite(figure.high)}


def _objective(objective: ObjectiveResult) -> Nested:
    return {
        "pass": objective.passed,
        **figure_data(objective.figure),
        "margin": finite(objective.margin),
        "undue": figure_data(objective.undue),
    }

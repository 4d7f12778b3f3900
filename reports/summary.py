"""`summary.json`: every figure of a run under its metric path, for programs."""

import json
from collections.abc import Mapping
from typing import Any

from reports.formatting import finite
from reports.metrics import (
    JOURNEY_METRICS,
    STATION_METRICS,
    figure_of,
    journey_names,
    path_parts,
    station_names,
)
from sim.experiments.results import Figure, ObjectiveResult, Result

__all__ = ["as_json", "summary"]

Nested = dict[str, Any]


def summary(result: Result) -> Nested:
    """The figures of `result`, nested as the contract names them, each `{value, low, high}`.

    Times are seconds of completed cases; `low` and `high` are None with one replication, all three
    where nothing was there to measure. Journeys, stations and metrics keep the order of the report.
    """
    nested: Nested = {"journeys": {}, "rejections": {}, "stations": {}, "recovery": {}}
    for path in _ordered_paths(result):
        _place(nested, path_parts(path), _figure(figure_of(result, path)))
    nested["objectives"] = {objective.id: _objective(objective) for objective in result.objectives}
    nested["checks"] = [
        {"name": check.name, "pass": check.passed, "detail": check.detail}
        for check in result.checks
    ]
    return nested


def as_json(content: Mapping[str, Any]) -> str:
    """Readable JSON with a last newline; ValueError for NaN or infinity, which JSON does not
    have."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _ordered_paths(result: Result) -> list[str]:
    ordered = [
        *(
            f"journeys.{name}.{metric}"
            for name in journey_names(result)
            for metric in JOURNEY_METRICS
        ),
        *(f"rejections.{rule}" for rule in result.rules),
        *(
            f"stations.{name}.{metric}"
            for name in station_names(result)
            for metric in STATION_METRICS
        ),
        "retry_amplification",
        *(f"recovery.{fault.id}" for fault in result.faults),
    ]
    known = [path for path in ordered if path in result.figures]
    return list(dict.fromkeys([*known, *sorted(result.figures)]))


def _place(nested: Nested, parts: tuple[str, ...], content: Nested) -> None:
    for part in parts[:-1]:
        nested = nested.setdefault(part, {})
    nested[parts[-1]] = content


def _figure(figure: Figure) -> Nested:
    return {"value": finite(figure.value), "low": finite(figure.low), "high": finite(figure.high)}


def _objective(objective: ObjectiveResult) -> Nested:
    return {
        "pass": objective.passed,
        **_figure(objective.figure),
        "margin": finite(objective.margin),
        "undue": _figure(objective.undue),
    }

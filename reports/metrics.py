"""Metric paths of the contract: their names, their order and the unit in which each is shown."""

from collections.abc import Iterable

from reports.formatting import Formatter, count, duration, factor, share
from sim.experiments.results import Figure, Result

__all__ = [
    "ABSENT_FIGURE", "JOURNEY_METRICS", "STATION_METRICS", "figure_of",
    "formatter_of", "journey_names",
    "path_parts", "station_names", "total_waiting",
]  # fmt: skip

JOURNEY_METRICS = (
    "arrived", "completed", "abandoned", "unfinished", "returns",
    "time.mean", "time.p50", "time.p90", "time.p95", "time.p99",
)  # fmt: skip
STATION_METRICS = (
    "utilisation", "wait.mean", "wait.p95", "queue.mean", "queue.max",
    "served", "refused", "impatient", "timeouts", "failures", "retries",
    "overtime", "retry_amplification",
)  # fmt: skip
ABSENT_FIGURE = Figure(None)

_KINDS = {"journeys": JOURNEY_METRICS, "stations": STATION_METRICS}


def figure_of(result: Result, path: str) -> Figure:
    """The figure of a metric path; one without a value if the run has none."""
    return result.figures.get(path, ABSENT_FIGURE)


def path_parts(path: str) -> tuple[str, ...]:
    """Keys of a metric path from the outside in: names may bear dots, the metric behind them is
    known.
    """
    kind, _, rest = path.partition(".")
    for metric in _KINDS.get(kind, ()):
        if rest.endswith(f".{metric}"):
            return (kind, rest.removesuffix(f".{metric}"), *metric.split("."))
    return (kind, rest) if rest else (kind,)


def formatter_of(path: str) -> Formatter:
    """How a metric is shown: shares, durations (seconds), ratios or counts."""
    parts = path_parts(path)
    metric = ".".join(parts[2:])
    if metric == "utilisation":
        return share
    if metric == "overtime" or metric.startswith(("time.", "wait.")) or parts[0] == "recovery":
        return duration
    if "retry_amplification" in (metric, path):
        return factor
    return count


def journey_names(result: Result) -> list[str]:
    """Journeys of the report in order, then others that have figures (sub-journeys)."""
    return _names("journeys", (journey.name for journey in result.journeys), result)


def station_names(result: Result) -> list[str]:
    """Stations of the report in order, then others that have figures."""
    return _names("stations", (station.name for station in result.stations), result)


def _names(kind: str, first: Iterable[str], result: Result) -> list[str]:
    parts = map(path_parts, result.figures)
    return list(dict.fromkeys([*first, *(p[1] for p in parts if p[0] == kind and len(p) > 2)]))


def total_waiting(result: Result, station: str) -> float:
    """Seconds that all visits of a station waited together: mean wait times served visits."""
    wait = figure_of(result, f"stations.{station}.wait.mean").value
    served = figure_of(result, f"stations.{station}.served").value
    return (wait or 0.0) * (served or 0.0)

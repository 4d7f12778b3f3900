"""Figures of a result by metric path: how they are shown, whom they are about, all waiting."""

from collections.abc import Iterable
from typing import Final

from reports.formatting import Formatter, count, duration, factor, share
from scenarios.metrics import Unit, parse_metric
from sim.experiments.results import Figure, Result

__all__ = [
    "ABSENT_FIGURE",
    "figure_of",
    "formatter_of",
    "journey_names",
    "station_names",
    "total_waiting",
]

ABSENT_FIGURE = Figure(None)

_FORMATTERS: Final[dict[Unit, Formatter]] = {
    "seconds": duration,
    "share": share,
    "count": count,
    "ratio": factor,
}


def figure_of(result: Result, path: str) -> Figure:
    """The figure of a metric path; one without a value if the run has none."""
    return result.figures.get(path, ABSENT_FIGURE)


def formatter_of(path: str) -> Formatter:
    """How the figure of a metric path is shown, by its unit; ValueError if there is no such
    metric.
    """
    metric = parse_metric(path)
    if metric is None:
        raise ValueError(f"no metric {path}")
    return _FORMATTERS[metric.unit]


def journey_names(result: Result) -> list[str]:
    """Journeys of the report in order, then others that have figures (sub-journeys)."""
    return _names("journeys", (journey.name for journey in result.journeys), result)


def station_names(result: Result) -> list[str]:
    """Stations of the report in order, then others that have figures."""
    return _names("stations", (station.name for station in result.stations), result)


def _names(family: str, first: Iterable[str], result: Result) -> list[str]:
    metrics = map(parse_metric, result.figures)
    others = (m.subject for m in metrics if m is not None and m.family == family)
    return list(dict.fromkeys([*first, *others]))


def total_waiting(result: Result, station: str) -> float:
    """Seconds waited at a station by all together after the warm-up: the mean number waiting times
    the span it is the mean of.

    So waits that ended in a timeout, in impatience or with the run count like those that ended in
    service.
    """
    waiting = figure_of(result, f"stations.{station}.queue.mean").value or 0.0
    return waiting * max(result.end_s - result.warmup_s, 0.0)

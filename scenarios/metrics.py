"""The figures a simulation reports: the paths under which objectives and summaries name them, in
the order of reports, and their units.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "JOURNEY_FIGURES",
    "RETRY_AMPLIFICATION",
    "STATION_FIGURES",
    "Metric",
    "Unit",
    "metric_paths",
    "parse_metric",
]

# A share is a part of a whole, 0 to 1; a ratio tells how many times one thing is another.
Unit = Literal["seconds", "share", "count", "ratio"]

JOURNEY_FIGURES: Final[dict[str, Unit]] = {
    "arrived": "count",
    "completed": "count",
    "abandoned": "count",
    "unfinished": "count",
    "returns": "count",
    "time.mean": "seconds",
    "time.p50": "seconds",
    "time.p90": "seconds",
    "time.p95": "seconds",
    "time.p99": "seconds",
}
STATION_FIGURES: Final[dict[str, Unit]] = {
    "utilisation": "share",
    "wait.mean": "seconds",
    "wait.p95": "seconds",
    "queue.mean": "count",
    "queue.max": "count",
    "served": "count",
    "refused": "count",
    "impatient": "count",
    "timeouts": "count",
    "failures": "count",
    "retries": "count",
    "overtime": "seconds",
    "retry_amplification": "ratio",
}
RETRY_AMPLIFICATION: Final = "retry_amplification"


@dataclass(frozen=True)
class Metric:
    """A figure: its `family`, whom it is about (`subject`, empty for the whole run), its unit."""

    family: Literal["journeys", "rejections", "stations", "retry_amplification", "recovery"]
    subject: str
    figure: str
    unit: Unit

    def __str__(self) -> str:
        return ".".join(part for part in (self.family, self.subject, self.figure) if part)


def parse_metric(path: str) -> Metric | None:
    """The metric of `path`, None if it has no such form; the subject need not exist."""
    if path == RETRY_AMPLIFICATION:
        return Metric("retry_amplification", "", "", "ratio")
    family, _, rest = path.partition(".")
    subject, _, figure = rest.partition(".")
    match family:
        case "journeys" if subject and figure in JOURNEY_FIGURES:
            return Metric("journeys", subject, figure, JOURNEY_FIGURES[figure])
        case "stations" if subject and figure in STATION_FIGURES:
            return Metric("stations", subject, figure, STATION_FIGURES[figure])
        case "rejections" if subject and not figure:
            return Metric("rejections", subject, "", "count")
        case "recovery" if subject and not figure:
            return Metric("recovery", subject, "", "seconds")
    return None


def metric_paths(
    journeys: Iterable[str], rules: Iterable[str], stations: Iterable[str], faults: Iterable[str]
) -> Iterator[str]:
    """Every path of a run with these journeys, rules, stations and faults."""
    for journey in journeys:
        yield from (f"journeys.{journey}.{figure}" for figure in JOURNEY_FIGURES)
    yield from (f"rejections.{rule}" for rule in rules)
    for station in stations:
        yield from (f"stations.{station}.{figure}" for figure in STATION_FIGURES)
    yield RETRY_AMPLIFICATION
    yield from (f"recovery.{fault}" for fault in faults)

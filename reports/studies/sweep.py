"""A sweep as rows and columns: for the terminal, for `sweep.html`, `sweep.csv` and `sweep.json`."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reports.cells import Cell, figure_cell
from reports.formatting import Formatter, finite, percent, share
from reports.metrics import formatter_of
from reports.objectives import asked, bound, metric_in_words, shown
from reports.summary import figure_data
from rulebook import Language
from sim.experiments.results import Figure, ObjectiveResult
from sim.studies.comparison import Difference
from sim.studies.sweep import Sweep, SweepPoint

__all__ = ["Column", "as_csv", "as_data", "columns"]

_ABSENT = Figure(None)
_USUAL = ("time.mean", "time.p95")  # of journeys with arrivals, where no objective says more


@dataclass(frozen=True)
class Column:
    """What a table has for each point: an objective or a metric, shown by `show`, on an axis by
    `tick`.

    `limit` is the objective's bound in the figure's unit, `passed` says whether a point meets it.
    """

    id: str
    title: str
    show: Formatter
    tick: Formatter
    of: Callable[[SweepPoint], Figure]
    bound: str
    limit: float | None
    passed: Callable[[SweepPoint], bool | None]

    def cell(self, point: SweepPoint, lang: Language) -> Cell:
        """The figure of a point."""
        return figure_cell(self.of(point), self.show, lang)


def columns(sweep: Sweep, metrics: Sequence[str], lang: Language) -> list[Column]:
    """The scenario's objectives, then `metrics`; without both, mean and p95 of journeys' times."""
    found = [_objective(one, sweep, lang) for one in sweep.points[0].objectives]
    if not found and not metrics:
        known = sweep.points[0].figures
        usual = (f"journeys.{j.name}.{figure}" for j in sweep.titles.journeys for figure in _USUAL)
        metrics = [path for path in usual if path in known]
    return found + [_metric(path, sweep, lang) for path in metrics]


def _objective(objective: ObjectiveResult, sweep: Sweep, lang: Language) -> Column:
    def at(point: SweepPoint) -> ObjectiveResult:
        return next(o for o in point.objectives if o.id == objective.id)

    return Column(
        objective.id,
        f"{objective.id}: {asked(objective, sweep.titles, lang)}",
        shown(objective),
        _tick(share if objective.within is not None else formatter_of(objective.metric)),
        lambda point: at(point).figure,
        bound(objective, lang),
        objective.limit,
        lambda point: at(point).passed,
    )


def _metric(path: str, sweep: Sweep, lang: Language) -> Column:
    return Column(
        path,
        metric_in_words(path, sweep.titles, lang),
        formatter_of(path),
        _tick(formatter_of(path)),
        lambda point: point.figures.get(path, _ABSENT),
        "",
        None,
        lambda point: None,
    )


def _tick(show: Formatter) -> Formatter:
    return percent if show is share else show


def as_data(sweep: Sweep) -> dict[str, Any]:
    """`sweep.json` without what says how it was made."""
    return {
        "scenario": sweep.name,
        "seed": sweep.seed,
        "scale": sweep.scale,
        "replications": sweep.replications,
        "vary": {v.key: list(v.values) for v in sweep.variations},
        "points": [
            {
                "values": {
                    v.key: value for v, value in zip(sweep.variations, point.values, strict=True)
                },
                "objectives": {
                    o.id: {"pass": o.passed, "margin": finite(o.margin), **figure_data(o.figure)}
                    for o in point.objectives
                },
                "metrics": {path: figure_data(figure) for path, figure in point.figures.items()},
            }
            for point in sweep.points
        ],
    }


def as_csv(sweep: Sweep) -> str:
    """`sweep.csv`: a row for each metric and objective of each point; `difference` is from the
    first point over `pairs` of replications, with its 95% interval and `verdict`. Where
    `one_sided` pairs have a figure at one of the points only, it has no interval."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    keys = [v.key for v in sweep.variations]
    rows.writerow([*keys, "metric", "value", "low", "high", *_APART])
    for point in sweep.points:
        for objective in point.objectives:
            name = f"objectives.{objective.id}"
            rows.writerow([*point.values, name, *_ends(objective.figure), *_apart(None)])
        for path, figure in point.figures.items():
            apart = _apart(point.differences.get(path))
            rows.writerow([*point.values, path, *_ends(figure), *apart])
    return text.getvalue()


_APART: Final = (
    "difference", "difference_low", "difference_high", "pairs", "one_sided", "verdict",
)  # fmt: skip


def _apart(found: Difference | None) -> list[float | str]:
    """The columns `_APART`, empty where there is nothing to compare."""
    if found is None:
        return [""] * len(_APART)
    gap = Figure(found.difference.value) if found.one_sided else found.difference
    return [*_ends(gap), found.difference.replications, found.one_sided, found.verdict]


def _ends(figure: Figure) -> list[float | str]:
    ends = (finite(figure.value), finite(figure.low), finite(figure.high))
    return ["" if end is None else end for end in ends]

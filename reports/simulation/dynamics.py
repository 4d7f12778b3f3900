"""The section on dynamics: does the backlog come back after faults, which station limits when."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.cells import Cell, figure_cell
from reports.formatting import count, duration, exact, moment, percent
from reports.formatting import figure as shown_figure
from reports.gaps import between, gap, gap_formatter
from reports.localtime import LocalTime
from reports.objectives import station_title
from reports.simulation.bottleneck import MOST_SPANS, ribbon, spans
from reports.texts import text
from rulebook import Language
from sim.experiments.results import BacklogView, Figure, Result, SensitivityView

__all__ = ["dynamics"]


@dataclass(frozen=True)
class BacklogRow:
    """A fault and the backlog around it; `down` if it came back in every replication."""

    fault: str
    before: Cell
    peak: Cell
    peak_at: str
    back: Cell
    down: bool
    verdict: str


def dynamics(result: Result, lang: Language) -> dict[str, Any]:
    """Names for the template."""
    found = spans(result)
    shown = sorted(found, key=lambda span: -span.area)[:MOST_SPANS]
    return {
        "backlogs": [_row(backlog, result, lang) for backlog in result.backlogs],
        "spans": sorted(shown, key=lambda span: span.first),
        "spans_total": len(found),
        "ribbon": ribbon(found, result, lang),
        "excess": _excess(result, lang),
        **_sensitivity(result, lang),
    }


def _excess(result: Result, lang: Language) -> str:
    excess = result.excess
    if excess is None:
        return ""
    if not excess.peak.value:
        return text("excess_none", lang)
    if excess.gone == excess.replications:
        gone = text("excess_gone", lang, time=shown_figure(excess.gone_s, lang, duration))
    elif excess.gone:
        gone = text("excess_some", lang, came=excess.gone, of=excess.replications)
    else:
        gone = text("excess_stays", lang)
    when = moment(LocalTime.of(result).at(excess.peak_s), lang)
    return text("excess", lang, moment=when, peak=shown_figure(excess.peak, lang, count), gone=gone)


@dataclass(frozen=True)
class SensitivityRow:
    """A station or a defect that was changed a little, and what that did to each objective."""

    name: str
    title: str
    change: str
    cells: Sequence[Cell]


def _sensitivity(result: Result, lang: Language) -> dict[str, Any]:
    """Those that change some objective for certain, the strongest first, and names of the rest."""
    views = result.sensitivity or ()
    rows = sorted(views, key=lambda view: -max(map(_strength, view.changes.values()), default=0.0))
    certain = [view for view in rows if _is_certain(view)]
    rest = [view for view in views if view not in certain]
    return {
        "sensitivity": [_sensitivity_row(view, result, lang) for view in certain],
        "untold": ", ".join(_title(view, result, lang) for view in rest if _is_untold(view)),
        "insensitive": ", ".join(
            _title(view, result, lang) for view in rest if not _is_untold(view)
        ),
        "sensitivity_asked": result.sensitivity is not None,
    }


def _is_certain(view: SensitivityView) -> bool:
    """Whether the interval of some change is all on one side of zero."""
    return any(_strength(change) > 1.0 for change in view.changes.values())


def _is_untold(view: SensitivityView) -> bool:
    """Whether the change of some objective is unknown."""
    return any(change.value is None for change in view.changes.values())


def _title(view: SensitivityView, result: Result, lang: Language) -> str:
    return station_title(result, view.name, lang) if view.kind == "station" else view.name


def _strength(change: Figure) -> float:
    """How many half-widths of its interval a change is."""
    if not change.value or change.low is None or change.high is None:
        return 0.0
    width = (change.high - change.low) / 2.0
    return abs(change.value) / width if width > 0 else math.inf


def _sensitivity_row(view: SensitivityView, result: Result, lang: Language) -> SensitivityRow:
    is_station = view.kind == "station"
    title = _title(view, result, lang)
    show = exact if is_station else percent
    change = f"{show(view.before, lang)} → {show(view.after, lang)}"
    cells = []
    for objective in result.objectives:
        figure = view.changes[objective.id]
        apart = gap_formatter(objective.metric)
        same = figure.low is None or figure.low == figure.high
        told = "0" if figure.value == 0.0 else gap(figure.value, lang, apart)
        cells.append(Cell(told, "" if same else between(figure, lang, apart)))
    return SensitivityRow(view.name if is_station else "", title, change, cells)


def _row(backlog: BacklogView, result: Result, lang: Language) -> BacklogRow:
    down = backlog.came_back == backlog.replications
    key = "backlog_down" if down else "backlog_some" if backlog.came_back else "backlog_up"
    return BacklogRow(
        backlog.fault,
        figure_cell(backlog.before, count, lang, result.replications),
        figure_cell(backlog.peak, count, lang, result.replications),
        moment(LocalTime.of(result).at(backlog.peak_s), lang),
        figure_cell(backlog.back_s, duration, lang, result.replications),
        down,
        text(key, lang, came=backlog.came_back, of=backlog.replications),
    )

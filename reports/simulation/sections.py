"""What each section of the page shows: names for the templates, prepared from a result."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any

from reports.cells import Cell, figure_cell
from reports.formatting import (
    count,
    exact,
    finite,
    moment,
    year_moment,
)
from reports.graph.svg import GraphPicture, draw
from reports.localtime import LocalTime
from reports.metrics import figure_of, formatter_of, journey_names, station_names, total_waiting
from reports.notes import notes_in_words
from reports.objectives import asked, bound, fault_kind, journey_title, margin, shown, station_title
from reports.provenance import Provenance
from reports.simulation.dynamics import dynamics
from reports.simulation.headline import answers, waiting_peak
from reports.simulation.time_axis import journey_bins, station_bins
from reports.texts import NOUNS, TEXTS, text
from rulebook import Language
from sim.experiments.results import JourneyView, ObjectiveResult, Result, StationView

__all__ = ["sections"]

# Below both, the charts of a station without a fault are folded up.
MINOR_QUEUE = 1.0
MINOR_UTILISATION = 0.5

Context = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of the page, for the list of contents."""

    id: str
    title: str


@dataclass(frozen=True)
class ObjectiveRow:
    """An objective as the table shows it."""

    id: str
    asked: str
    passed: bool
    cell: Cell
    bound: str
    margin: str
    undue: str


@dataclass(frozen=True)
class StationCard:
    """A station with its charts, or with nothing to draw."""

    id: str
    chart: str
    title: str
    from_default: bool
    line: str
    label: str


@dataclass(frozen=True)
class JourneyPart:
    """A journey with its charts and its graph."""

    view: JourneyView
    title: str
    chart: str
    charts: Sequence[str]
    picture: GraphPicture
    label: str
    cut: str


def sections(result: Result, made: Provenance, charts: Set[str], lang: Language) -> Context:
    """Every name of the templates but scripts and style. `charts` are the ids of those that are
    drawn.
    """
    return {
        **_words(result, lang),
        **_head(result, lang),
        **_objectives(result, lang),
        **_journeys(result, charts, lang),
        **_stations(result, lang),
        **_rejections(result),
        **dynamics(result, lang),
        **_checks(result, lang),
        **_facts(result, made, lang),
    }


def _words(result: Result, lang: Language) -> Context:
    """What all sections speak with."""
    time = LocalTime.of(result)
    return {
        "lang": lang,
        "t": partial(text, lang=lang),
        "result": result,
        "cell": partial(_cell, result=result, lang=lang),
        "figure": partial(figure_of, result),
        "finite": finite,
        "moment": lambda seconds: moment(time.at(seconds), lang),
        "year_moment": lambda seconds: year_moment(time.at(seconds), lang),
        "station_title": lambda name: station_title(result, name, lang),
        "journey_title": lambda name: journey_title(result, name, lang),
        "node_title": partial(_node_title, result, lang),
        "fault_kind": lambda fault: fault_kind(fault, lang),
    }


def _head(result: Result, lang: Language) -> Context:
    """Verdict, answers and the list of contents."""
    keys = ["times", "stations", "rejections", "journeys", "unfinished", "resilience", "dynamics"]
    shown_keys = ["objectives", *keys] if result.objectives else keys
    return {
        "one": result.replications == 1,
        "replications": NOUNS["replication"].counted(result.replications, lang),
        "scale": exact(result.scale, lang),
        "verdict": _verdict(result, lang),
        "answers": answers(result, lang),
        "sections": [Section(key, text(key, lang)) for key in [*shown_keys, "checks", "facts"]],
    }


def _objectives(result: Result, lang: Language) -> Context:
    return {
        "objectives": [_objective_row(objective, result, lang) for objective in result.objectives]
    }


def _journeys(result: Result, charts: Set[str], lang: Language) -> Context:
    """Times and graphs."""
    parts = [
        _journey(i, journey, charts, result, lang) for i, journey in enumerate(result.journeys)
    ]
    return {
        "journey_names": journey_names(result),
        "journeys": parts,
        "graphs": [part for part in parts if part.view.nodes],
    }


def _stations(result: Result, lang: Language) -> Context:
    """Stations by waiting, their charts in three groups, and retries."""
    names = sorted(station_names(result), key=lambda name: -total_waiting(result, name))
    cards = [card for name in names if (card := _station_card(name, result, lang)) is not None]
    busy = [card for card in cards if not _idle(result, card.id)]
    bins = max((len(station.waiting) for station in result.stations), default=0)
    return {
        "station_names": names,
        "total_waiting": partial(total_waiting, result),
        "cards": [card for card in busy if not _minor(result, card.id)],
        "minor": [card for card in busy if _minor(result, card.id)],
        "idle": [card for card in cards if card not in busy],
        "stations_cut": _cut(station_bins(result), bins, result, lang),
        "retried": [name for name in names if _retried(result, name)],
    }


def _rejections(result: Result) -> Context:
    """Rules that rejected, the most frequent first, and those that never did."""

    def rejected(rule: str) -> float:
        return figure_of(result, f"rejections.{rule}").value or 0.0

    return {
        "rejections": sorted(filter(rejected, result.rules), key=lambda rule: -rejected(rule)),
        "silent_rules": [rule for rule in result.rules if not rejected(rule)],
    }


def _checks(result: Result, lang: Language) -> Context:
    return {
        "checks": [
            (text(key, lang) if (key := f"check_{c.name}") in TEXTS else c.name, c)
            for c in result.checks
        ]
    }


def _facts(result: Result, made: Provenance, lang: Language) -> Context:
    return {
        "notes": notes_in_words(result.notes, lang),
        "made": made,
    }


def _cut(drawn: int, bins: int, result: Result, lang: Language) -> str:
    """What to say of an axis that ends before the run does; nothing if it does not."""
    if drawn == bins:
        return ""
    end = LocalTime.of(result).at(drawn * result.bin_s)
    return text("tail_cut", lang, moment=moment(end, lang))


def _verdict(result: Result, lang: Language) -> tuple[str, bool]:
    """One line over everything, and whether it is bad news."""
    if not all(check.passed for check in result.checks):
        return text("verdict_checks", lang), True
    total, passed = len(result.objectives), sum(o.passed for o in result.objectives)
    if total == 0:
        return text("verdict_none", lang), False
    key = "verdict_pass" if passed == total else "verdict_fail"
    noun = NOUNS["of_objectives"].after(total, lang)
    return text(key, lang, passed=passed, total=total, noun=noun), passed < total


def _cell(path: str, result: Result, lang: Language) -> Cell:
    return figure_cell(figure_of(result, path), formatter_of(path), lang, result.replications)


def _objective_row(objective: ObjectiveResult, result: Result, lang: Language) -> ObjectiveRow:
    return ObjectiveRow(
        objective.id, asked(objective, result, lang), objective.passed,
        figure_cell(objective.figure, shown(objective), lang, result.replications),
        bound(objective, lang), margin(objective, lang),
        count(objective.undue.value, lang) if objective.within is not None else "—",
    )  # fmt: skip


def _idle(result: Result, name: str) -> bool:
    """Whether nobody came: nothing served, refused, lost or waiting."""
    metrics = ("served", "refused", "impatient", "timeouts", "queue.max")
    return not any(figure_of(result, f"stations.{name}.{metric}").value for metric in metrics)


def _minor(result: Result, name: str) -> bool:
    """Whether a station hardly matters: no fault of its own, hardly a queue, much free time."""
    own = any(fault.station == name for fault in result.faults)
    most = max([0.0, *(w for s in result.stations if s.name == name for w in s.waiting)])
    utilisation = figure_of(result, f"stations.{name}.utilisation").value or 0.0
    return not own and most < MINOR_QUEUE and utilisation < MINOR_UTILISATION


def _retried(result: Result, name: str) -> bool:
    return bool(figure_of(result, f"stations.{name}.retries").value)


def _node_title(result: Result, lang: Language, journey: str, node: str) -> str:
    nodes = (n for j in result.journeys if j.name == journey for n in j.nodes if n.id == node)
    return next((n.title[lang] for n in nodes), node)


def _station_card(name: str, result: Result, lang: Language) -> StationCard | None:
    found = next(((i, s) for i, s in enumerate(result.stations) if s.name == name), None)
    if found is None:
        return None
    number_, station = found
    shown_cells = {
        key: _cell(f"stations.{name}.{path}", result, lang).value for key, path in _LINE.items()
    }
    line = text("station_line", lang, **shown_cells)
    return StationCard(
        name,
        f"station-{number_}",
        station.title[lang],
        station.from_default,
        line,
        _peak(station, result, lang),
    )


_LINE = {"utilisation": "utilisation", "wait": "wait.mean", "served": "served"}


def _peak(station: StationView, result: Result, lang: Language) -> str:
    """What the queue chart shows, for those who don't see it."""
    peak = waiting_peak(station.waiting, result)
    if peak is None:
        return text("no_queue", lang)
    return text("queue_peak", lang, queue=count(peak[1], lang), moment=moment(peak[0], lang))


def _journey(
    number_: int, journey: JourneyView, charts: Set[str], result: Result, lang: Language
) -> JourneyPart:
    chart = f"journey-{number_}"
    title = journey.title[lang]
    label = text("graph_label", lang, title=title, nodes=len(journey.nodes))
    drawn = [key for key in ("histogram", "days", "inside") if f"{chart}-{key}" in charts]
    cut = _cut(journey_bins(journey), len(journey.inside), result, lang)
    return JourneyPart(journey, title, chart, drawn, draw(journey, result, lang), label, cut)

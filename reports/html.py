"""`report.html`: one page that needs nothing but itself; the template says what stands where."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.charts import chart_data, fault_kind
from reports.formatting import (
    count,
    duration,
    factor,
    finite,
    interval,
    moment,
    number,
    plural,
    share,
    year_moment,
)
from reports.graph_svg import GraphPicture, draw
from reports.headline import answers, waiting_peak
from reports.localtime import LocalTime
from reports.metrics import figure_of, formatter_of, journey_names, station_names, total_waiting
from reports.objectives import asked, bound, journey_title, margin, shown, station_title
from reports.texts import NOUNS, TEXTS, text
from sim.experiments.results import Figure, JourneyView, ObjectiveResult, Result, StationView

__all__ = ["html"]

HERE = Path(__file__).parent
UPLOT = "static/uplot"
# Below both, the charts of a station without a fault are folded up.
MINOR_QUEUE = 1.0
MINOR_UTILISATION = 0.5


def html(result: Result, manifest: Mapping[str, Any], lang: str) -> str:
    """The page in `lang` (ru or en); of `manifest` it shows `command` and `versions` if they are
    there.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        name: partial(_in_language, show, lang)
        for name, show in {
            "count": count,
            "duration": duration,
            "share": share,
            "factor": factor,
        }.items()
    }
    page = environment.get_template("report.html.j2")
    return page.render(_context(result, manifest, lang)) + "\n"


def _in_language(show: Any, lang: str, value: float | None) -> str:
    return str(show(value, lang))


@dataclass(frozen=True)
class Cell:
    """A figure in a table: the value and, small under it, the interval (empty with one
    replication).
    """

    value: str
    interval: str


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


def _context(result: Result, manifest: Mapping[str, Any], lang: str) -> dict[str, Any]:
    t = partial(text, lang=lang)
    time = LocalTime.of(result)
    data = chart_data(result, lang)
    cell = partial(_cell, result=result, lang=lang)
    names = sorted(station_names(result), key=lambda name: -total_waiting(result, name))

    journeys = [
        _journey(i, journey, data["charts"], result, lang)
        for i, journey in enumerate(result.journeys)
    ]

    def rejected(rule: str) -> float:
        return figure_of(result, f"rejections.{rule}").value or 0.0

    cards = [card for name in names if (card := _station_card(name, result, lang)) is not None]
    busy = [card for card in cards if not _idle(result, card.id)]
    return {
        "lang": lang,
        "t": t,
        "result": result,
        "cell": cell,
        "moment": lambda seconds: moment(time.at(seconds), lang),
        "year_moment": lambda seconds: year_moment(time.at(seconds), lang),
        "station_title": lambda name: station_title(result, name, lang),
        "journey_title": lambda name: journey_title(result, name, lang),
        "fault_kind": lambda fault: fault_kind(fault, lang),
        "finite": finite,
        "one": result.replications == 1,
        "replications": _counted("replication", result.replications, lang),
        "verdict": _verdict(result, lang),
        "answers": answers(result, lang),
        "objectives": [_objective_row(objective, result, lang) for objective in result.objectives],
        "journey_names": journey_names(result),
        "journeys": journeys,
        "graphs": [part for part in journeys if part.view.nodes],
        "cards": [card for card in busy if not _minor(result, card.id)],
        "minor": [card for card in busy if _minor(result, card.id)],
        "idle": [card for card in cards if card not in busy],
        "station_names": names,
        "retried": [name for name in names if _retried(result, name)],
        "node_title": partial(_node_title, result, lang),
        "figure": partial(figure_of, result),
        "total_waiting": partial(total_waiting, result),
        "rejections": sorted(filter(rejected, result.rules), key=lambda rule: -rejected(rule)),
        "silent_rules": [rule for rule in result.rules if not rejected(rule)],
        "checks": [
            (text(key, lang) if (key := f"check_{c.name}") in TEXTS else c.name, c)
            for c in result.checks
        ],
        "notes": [
            text(key, lang) if (key := f"note_{note}") in TEXTS else note for note in result.notes
        ],
        "sections": [Section(key, t(key)) for key in _sections(result)],
        "scale": number(result.scale, lang, _decimals(result.scale)),
        "command": str(manifest.get("command", "")),
        "versions": _versions(manifest),
        "chart_data": _script_json(data),
        "style": _raw(f"{UPLOT}/uPlot.min.css") + _raw("static/report.css"),
        "uplot": _raw(f"{UPLOT}/uPlot.iife.min.js"),
        "script": _raw("static/charts.js"),
    }


def _sections(result: Result) -> list[str]:
    sections = [
        "objectives",
        "times",
        "stations",
        "rejections",
        "journeys",
        "unfinished",
        "resilience",
    ]
    return [*(sections if result.objectives else sections[1:]), "checks", "facts"]


def _verdict(result: Result, lang: str) -> tuple[str, bool]:
    """One line over everything, and whether it is bad news."""
    if not all(check.passed for check in result.checks):
        return text("verdict_checks", lang), True
    total, passed = len(result.objectives), sum(o.passed for o in result.objectives)
    if total == 0:
        return text("verdict_none", lang), False
    forms = NOUNS["of_objectives"].ru if lang == "ru" else NOUNS["of_objectives"].en
    key = "verdict_pass" if passed == total else "verdict_fail"
    return text(
        key, lang, passed=passed, total=total, noun=plural(total, forms, lang)
    ), passed < total


def _cell(path: str, result: Result, lang: str) -> Cell:
    return _figure_cell(figure_of(result, path), result, lang, formatter_of(path))


def _figure_cell(figure: Figure, result: Result, lang: str, show: Any) -> Cell:
    alone = result.replications == 1 or finite(figure.value) is None
    between = (
        "" if alone or figure.low == figure.high == figure.value else interval(figure, lang, show)
    )
    return Cell(show(figure.value, lang), between)


def _objective_row(objective: ObjectiveResult, result: Result, lang: str) -> ObjectiveRow:
    return ObjectiveRow(
        objective.id, asked(objective, result, lang), objective.passed,
        _figure_cell(objective.figure, result, lang, shown(objective)),
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


def _node_title(result: Result, lang: str, journey: str, node: str) -> str:
    nodes = (n for j in result.journeys if j.name == journey for n in j.nodes if n.id == node)
    return next((n.title[lang] for n in nodes), node)


def _station_card(name: str, result: Result, lang: str) -> StationCard | None:
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


def _peak(station: StationView, result: Result, lang: str) -> str:
    """What the queue chart shows, for those who don't see it."""
    peak = waiting_peak(station.waiting, result)
    if peak is None:
        return text("no_queue", lang)
    return text("queue_peak", lang, queue=count(peak[1], lang), moment=moment(peak[0], lang))


def _journey(
    number_: int, journey: JourneyView, charts: Mapping[str, Any], result: Result, lang: str
) -> JourneyPart:
    chart = f"journey-{number_}"
    title = journey.title[lang]
    label = text("graph_label", lang, title=title, nodes=len(journey.nodes))
    drawn = [key for key in ("histogram", "days", "inside") if f"{chart}-{key}" in charts]
    return JourneyPart(journey, title, chart, drawn, draw(journey, result, lang), label)


def _counted(noun: str, amount: int, lang: str) -> str:
    forms = NOUNS[noun].ru if lang == "ru" else NOUNS[noun].en
    return f"{number(amount, lang)} {plural(amount, forms, lang)}"


def _decimals(scale: float) -> int:
    """As many decimals as the scale was given with, at most six."""
    return len(f"{scale:.6f}".rstrip("0").partition(".")[2])


def _versions(manifest: Mapping[str, Any]) -> str:
    versions = manifest.get("versions", {})
    if isinstance(versions, Mapping):
        return ", ".join(f"{name} {version}" for name, version in versions.items())
    return str(versions)


def _script_json(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end its script element, whatever the scenario's names say."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        plain = plain.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(plain)


def _raw(path: str) -> Markup:
    """A file of ours or a vendored one, as it is."""
    return Markup((HERE / path).read_text(encoding="utf-8"))

"""Objectives in words: what each asks, what came out and how far that is from its bound; whom they
name: stations, journeys, faults.
"""

from functools import partial

from reports.formatting import Formatter, count, finite, percent, percent_points, share, term
from reports.metrics import formatter_of
from reports.texts import TEXTS, text
from reports.titles import WithTitles
from rulebook import Language
from scenarios.metrics import parse_metric
from sim.experiments.results import FaultView, ObjectiveResult

__all__ = [
    "asked",
    "bound",
    "fault_kind",
    "journey_title",
    "margin",
    "metric_in_words",
    "shown",
    "station_title",
]

# Metrics whose text has another key than their name.
_METRIC_TEXTS = {
    "unfinished": "left_unfinished",
    "retries": "retries_count",
    "retry_amplification": "amplification",
}


def shown(objective: ObjectiveResult) -> Formatter:
    """How the objective's value is shown: a share never looks equal to a bound that it misses."""
    if _is_share(objective):
        return partial(share, unlike=objective.limit)
    return formatter_of(objective.metric)


def bound(objective: ObjectiveResult, lang: Language) -> str:
    """The bound in words."""
    show = percent if _is_share(objective) else formatter_of(objective.metric)
    return text(objective.bound, lang, limit=show(objective.limit, lang))


def margin(objective: ObjectiveResult, lang: Language) -> str:
    """The distance inside the bound, negative when something is missing."""
    value = finite(objective.margin)
    show = percent_points if _is_share(objective) else formatter_of(objective.metric)
    return show(value, lang)


def _is_share(objective: ObjectiveResult) -> bool:
    return objective.within is not None or formatter_of(objective.metric) is share


def asked(objective: ObjectiveResult, result: WithTitles, lang: Language) -> str:
    """What the objective measures."""
    if objective.within is None:
        return metric_in_words(objective.metric, result, lang)
    title = journey_title(result, objective.journey or "", lang)
    return text("share_within", lang, term=term(objective.within, lang), title=title)


def metric_in_words(path: str, result: WithTitles, lang: Language) -> str:
    """A metric in words; its path where it has none."""
    metric = parse_metric(path)
    if metric is None:
        return path
    if metric.family == "recovery":
        return text("recovery_metric", lang, fault=metric.subject)
    key = _METRIC_TEXTS.get(metric.figure, metric.figure.removeprefix("time."))
    if key not in TEXTS:
        return path
    words = text(key, lang)
    words = words[:1].lower() + words[1:]
    if metric.figure.startswith("time."):
        words = text("time_metric", lang, metric=words)
    titled = journey_title if metric.family == "journeys" else station_title
    return text("named_metric", lang, title=titled(result, metric.subject, lang), metric=words)


def station_title(result: WithTitles, name: str, lang: Language) -> str:
    """The title of a station; its name if the report does not draw it."""
    titles = {station.name: station.title for station in result.stations}
    return titles.get(name, {}).get(lang, name)


def journey_title(result: WithTitles, name: str, lang: Language) -> str:
    """The title of a journey; its name if the report draws no such journey."""
    titles = {journey.name: journey.title for journey in result.journeys}
    return titles.get(name, {}).get(lang, name)


def fault_kind(fault: FaultView, lang: Language) -> str:
    """What a fault does, with its strength."""
    kind = text(f"fault_{fault.kind}", lang)
    if fault.factor is not None:
        return f"{kind} × {count(fault.factor, lang)}"
    return kind if fault.p is None else f"{kind}, {share(fault.p, lang)}"

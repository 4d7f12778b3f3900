"""An objective of a load test in words: what it measures, what came out and its bound."""

from collections.abc import Mapping
from typing import Final

from loadtests.results.objectives import P95, SHARES
from reports.formatting import Formatter, duration, percent, share, term
from reports.load.texts import TEXTS, load_text
from reports.metrics import formatter_of
from rulebook import Language
from sim.experiments.results import ObjectiveResult

__all__ = ["bound_in_words", "objective_in_words", "value_in_words"]

_SHOWN: Final[Mapping[str, Formatter]] = {**dict.fromkeys(SHARES, share), P95: duration}


def objective_in_words(objective: ObjectiveResult, lang: Language) -> str:
    """What an objective measures."""
    if objective.within is not None:
        words = {"journey": objective.journey, "term": term(objective.within, lang)}
        return load_text("within", lang, **words)
    known = objective.metric in TEXTS
    return load_text(objective.metric, lang) if known else objective.metric


def bound_in_words(objective: ObjectiveResult, lang: Language) -> str:
    """The bound of an objective."""
    show = percent if _is_share(objective) else _shown_by(objective.metric)
    return load_text(objective.bound, lang, limit=show(objective.limit, lang))


def value_in_words(objective: ObjectiveResult, lang: Language) -> str:
    """What came out; a share never looks equal to a bound that it misses."""
    value = objective.figure.value
    if _is_share(objective):
        return share(value, lang, unlike=objective.limit)
    return _shown_by(objective.metric)(value, lang)


def _is_share(objective: ObjectiveResult) -> bool:
    return objective.within is not None or _shown_by(objective.metric) is share


def _shown_by(metric: str) -> Formatter:
    return _SHOWN.get(metric) or formatter_of(metric)

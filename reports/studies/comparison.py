"""A comparison in words and rows: for the terminal, for `compare.html` and for `compare.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.formatting import ABSENT, finite, number, share
from reports.gaps import amount, between, gap, gap_formatter
from reports.metrics import formatter_of
from reports.objectives import asked, bound, journey_title, metric_in_words, shown
from reports.studies.texts import words
from reports.summary import figure_data
from rulebook import Language
from sim.experiments.results import ObjectiveResult
from sim.studies.comparison import Comparison, Difference, ObjectiveDifference, Variant
from sim.studies.titles import Titles

__all__ = ["Row", "as_data", "bounds", "main_rows", "rows", "sentences"]

_MOST_SAVING = 1000  # beyond it nobody cares by how much

_MAIN = ("time.mean", "time.p95", "abandoned")  # of a journey, what a terminal has room for


@dataclass(frozen=True)
class Row:
    """A metric of both sides and its difference, as a table shows them."""

    metric: str
    title: str
    a: str
    b: str
    gap: str
    between: str
    verdict: str
    saving: str
    pairs: str


def sentences(comparison: Comparison, lang: Language) -> list[str]:
    """What a planner asks: are cases done sooner, are more lost, are objectives met."""
    told = []
    for journey in comparison.a.titles.journeys:
        time = comparison.of(f"journeys.{journey.name}.time.mean")
        if time is None:
            continue
        title = journey_title(comparison.a.titles, journey.name, lang)
        told.append(_time(time, title, lang))
        lost = comparison.of(f"journeys.{journey.name}.abandoned")
        if lost is not None and lost.verdict in {"lower", "higher"}:
            key = "cmp_lost_fewer" if lost.verdict == "lower" else "cmp_lost_more"
            much, ends = amount(lost.difference, lang, formatter_of(lost.metric))
            told.append(words(key, lang, title=title, amount=much, between=ends))
    return told + [_objective(one, comparison.a.titles, lang) for one in comparison.objectives]


def _time(time: Difference, title: str, lang: Language) -> str:
    show = formatter_of(time.metric)
    sides = {"title": title, "a": show(time.a.value, lang), "b": show(time.b.value, lang)}
    verdict = time.verdict
    if verdict == "one_sided":
        return words("cmp_one_sided", lang, **sides, pairs=number(time.one_sided, lang))
    if verdict in {"absent", "equal"}:
        return words(f"cmp_{verdict}", lang, title=title)
    if verdict == "unclear":
        one = time.difference.low is None
        return words(
            "cmp_one" if one else "cmp_unclear", lang, **sides,
            amount=gap(time.difference.value, lang, show),
            between=between(time.difference, lang, show),
        )  # fmt: skip
    much, ends = amount(time.difference, lang, show)
    key = "cmp_sooner" if verdict == "lower" else "cmp_later"
    return words(key, lang, **sides, amount=much, between=ends)


def _objective(one: ObjectiveDifference, titles: Titles, lang: Language) -> str:
    return words(
        "cmp_objective", lang, id=one.a.id, asked=asked(one.a, titles, lang),
        bound=bounds(one, lang), a=shown(one.a)(one.a.figure.value, lang),
        b=shown(one.b)(one.b.figure.value, lang), reached=words(_reached(one.a, one.b), lang),
        told=_told(one.difference, lang),
    ).replace("..", ".")  # fmt: skip


def bounds(one: ObjectiveDifference, lang: Language) -> str:
    """The bound that both sides are judged by; each side's where they differ."""
    a, b = bound(one.a, lang), bound(one.b, lang)
    same = (one.a.bound, one.a.limit) == (one.b.bound, one.b.limit)
    return a if same else words("cmp_bounds", lang, a=a, b=b)


def _reached(a: ObjectiveResult, b: ObjectiveResult) -> str:
    if a.passed == b.passed:
        return "cmp_both" if a.passed else "cmp_neither"
    return "cmp_only_a" if a.passed else "cmp_only_b"


def _told(difference: Difference, lang: Language) -> str:
    show = gap_formatter(difference.metric)
    verdict = difference.verdict
    if verdict == "one_sided":
        return words("cmp_told_one_sided", lang, pairs=number(difference.one_sided, lang))
    if verdict in {"absent", "equal"}:
        return words(f"cmp_told_{verdict}", lang)
    one = difference.difference.low is None
    key = "one" if one else "unclear" if verdict == "unclear" else "differs"
    return words(
        f"cmp_told_{key}", lang, gap=gap(difference.difference.value, lang, show),
        between=between(difference.difference, lang, show),
    )  # fmt: skip


def rows(comparison: Comparison, lang: Language) -> list[Row]:
    """Metrics that are not the same in every pair, in the order of A's report."""
    return [
        _row(difference, metric_in_words(difference.metric, comparison.a.titles, lang), lang)
        for difference in comparison.differences
        if difference.verdict not in {"equal", "absent"}
    ]


def main_rows(comparison: Comparison, lang: Language) -> list[Row]:
    """Objectives, then times and losses of the journeys that have arrivals."""
    main = [
        _row(one.difference, f"{one.a.id}: {asked(one.a, comparison.a.titles, lang)}", lang)
        for one in comparison.objectives
    ]
    for journey in comparison.a.titles.journeys:
        for figure in _MAIN:
            difference = comparison.of(f"journeys.{journey.name}.{figure}")
            if difference is not None and difference.verdict not in {"equal", "absent"}:
                title = metric_in_words(difference.metric, comparison.a.titles, lang)
                main.append(_row(difference, title, lang))
    return main


def _row(difference: Difference, title: str, lang: Language) -> Row:
    term = difference.metric.endswith(".within")
    show = share if term else formatter_of(difference.metric)
    apart = gap_formatter(difference.metric)
    alone = difference.difference.low is None or difference.one_sided > 0
    return Row(
        difference.metric,
        title,
        show(difference.a.value, lang),
        show(difference.b.value, lang),
        gap(difference.difference.value, lang, apart),
        "" if alone else between(difference.difference, lang, apart),
        difference.verdict,
        _saving(difference.saving, lang),
        number(difference.difference.replications, lang),
    )


def _saving(saving: float | None, lang: Language) -> str:
    if saving is None:
        return ABSENT
    if saving > _MOST_SAVING:
        return f"> ×{number(_MOST_SAVING, lang)}"
    return f"×{number(saving, lang, 0 if saving >= 10 else 1)}"


def as_data(comparison: Comparison) -> dict[str, Any]:
    """`compare.json` without what says how it was made."""
    return {
        "pairs": comparison.pairs,
        "seed": comparison.seed,
        "scale": comparison.scale,
        "sides": {side: _side(one) for side, one in (("a", comparison.a), ("b", comparison.b))},
        "objectives": {
            one.a.id: {
                "pass": {"a": one.a.passed, "b": one.b.passed},
                "bound": {"a": {one.a.bound: one.a.limit}, "b": {one.b.bound: one.b.limit}},
                **_data(one.difference),
            }
            for one in comparison.objectives
        },
        "metrics": {d.metric: _data(d) for d in comparison.differences},
    }


def _side(variant: Variant) -> Mapping[str, Any]:
    return {"scenario": variant.name, "scenario_hash": variant.scenario_hash}


def _data(difference: Difference) -> dict[str, Any]:
    return {
        "a": figure_data(difference.a),
        "b": figure_data(difference.b),
        "difference": figure_data(difference.difference),
        "verdict": difference.verdict,
        "pairs": difference.difference.replications,
        "one_sided": difference.one_sided,
        "saving": finite(difference.saving),
    }

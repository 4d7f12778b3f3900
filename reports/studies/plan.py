"""A plan in words and rows: for the terminal, for `plan.html` and for `plan.json`."""

from collections.abc import Sequence
from typing import Any

from reports.cells import Cell, figure_cell
from reports.formatting import exact, number, percent
from reports.objectives import bound, shown
from reports.studies.texts import words
from reports.summary import figure_data
from rulebook import Language
from sim.experiments.results import ObjectiveResult
from sim.studies.looks import looks_up_to
from sim.studies.plan import Answer, Judged, Plan, error_of_one
from sim.studies.search import most_probes
from sim.studies.variation import point_name

__all__ = ["alone_in_words", "as_data", "method", "objective_cell", "place", "sentences"]


def sentences(plan: Plan, lang: Language) -> list[str]:
    """The answer, what is next to it and, if nothing is enough, how far one comes."""
    return answer_in_words(plan, plan.answer, lang)


def answer_in_words(plan: Plan, answer: Answer, lang: Language) -> list[str]:
    """An answer of the plan, one sentence a line."""
    objectives = ", ".join(answer.objectives)
    best = answer.cheapest
    if best is None:
        key = "plan_none" if answer.most.verdict == "fails" else "plan_none_undecided"
        return [
            words(
                key, lang, point=place(plan, answer.most), objectives=objectives,
                figures=_figures(answer.most, lang), replications=answer.most.replications,
            )
        ]  # fmt: skip
    told = [
        words(
            "plan_enough", lang, point=place(plan, best), objectives=objectives,
            cost=exact(best.cost, lang), confidence=percent(plan.confidence, lang),
        )
    ]  # fmt: skip
    for short in answer.short:
        told.append(
            words(
                f"plan_short_{short.verdict}", lang, point=place(plan, short),
                figures=_figures(short, lang), replications=short.replications,
            )
        )  # fmt: skip
    if not answer.short:
        told.append(words("plan_least", lang))
    return told


def place(plan: Plan, judged: Judged) -> str:
    """The capacity for a person."""
    return point_name(plan.variations, judged.values)


def _figures(judged: Judged, lang: Language) -> str:
    """The objectives that the verdict comes from, with their figures."""
    missed = [o for o in judged.objectives if judged.verdicts[o.id] == judged.verdict]
    return "; ".join(
        words(
            "plan_figure",
            lang,
            id=o.id,
            value=objective_cell(o, lang).in_line,
            bound=bound(o, lang),
        )
        for o in missed
    )


def objective_cell(objective: ObjectiveResult, lang: Language) -> Cell:
    """The objective's figure and its 95% interval."""
    return figure_cell(objective.figure, shown(objective), lang)


def alone_in_words(plan: Plan, name: str, lang: Language) -> str:
    """What one objective costs."""
    answer = plan.alone[name]
    if answer.cheapest is None:
        return answer_in_words(plan, answer, lang)[0]
    cost = exact(answer.cheapest.cost, lang)
    return words("plan_alone_line", lang, id=name, point=place(plan, answer.cheapest), cost=cost)


def method(plan: Plan, lang: Language) -> str:
    """How sure one may be, and by what."""
    counts = looks_up_to(plan.at_most, 1.0, 1.0).counts
    error = error_of_one(plan.confidence, plan.variations)
    cells = most_probes([len(v.values) for v in plan.variations])
    several = " " + words("plan_several", lang) if len(plan.variations) > 1 else ""
    return words(
        "plan_method", lang, looks=", ".join(map(str, counts)),
        error=percent(error, lang), cells=number(cells, lang), runs=plan.runs, several=several,
    )  # fmt: skip


def as_data(plan: Plan) -> dict[str, Any]:
    """`plan.json` without what says how it was made."""
    return {
        "scenario": plan.name,
        "seed": plan.seed,
        "scale": plan.scale,
        "confidence": plan.confidence,
        "at_most": plan.at_most,
        "runs": plan.runs,
        "vary": {v.key: list(v.values) for v in plan.variations},
        "cost": dict(plan.prices),
        "answer": _answer(plan, plan.answer),
        "alone": {name: _answer(plan, answer) for name, answer in plan.alone.items()},
        "frontier": [_judged(plan, one) for one in plan.frontier],
        "judged": [_judged(plan, one) for one in plan.judged],
    }


def _answer(plan: Plan, answer: Answer) -> dict[str, Any]:
    best = answer.cheapest
    return {
        "objectives": list(answer.objectives),
        "cheapest": None if best is None else _judged(plan, best),
        "most": _judged(plan, answer.most),
        "short": [_judged(plan, one) for one in answer.short],
    }


def _judged(plan: Plan, judged: Judged) -> dict[str, Any]:
    keys: Sequence[str] = [v.key for v in plan.variations]
    return {
        "values": dict(zip(keys, judged.values, strict=True)),
        "cost": judged.cost,
        "verdict": judged.verdict,
        "replications": judged.replications,
        "objectives": {
            o.id: {"verdict": judged.verdicts[o.id], **figure_data(o.figure)}
            for o in judged.objectives
        },
    }

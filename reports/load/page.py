"""`load.html`: one page that needs nothing but itself."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from loadtests.results.result import LoadResult, Operation
from reports.formatting import count, duration, exact, number, share
from reports.load.charts import load_charts
from reports.load.checks import check_in_words
from reports.load.notes import notes_in_words
from reports.load.objectives_in_words import bound_in_words, objective_in_words, value_in_words
from reports.load.texts import TEXTS, load_text
from reports.pages import environment, scripts
from reports.provenance import Provenance
from rulebook import Language
from sim.experiments.results import Figure, ObjectiveResult

__all__ = ["cut_off_in_words", "load_page", "people_in_words", "preparation_in_words"]


class _Answer(NamedTuple):
    topic: str
    text: str
    failed: bool = False


class _Row(NamedTuple):
    id: str
    asked: str
    value: str
    predicted: str
    bound: str
    passed: bool


def load_page(result: LoadResult, made: Provenance, lang: Language) -> str:
    """The page in `lang` (ru or en)."""
    drawn = load_charts(result, lang)
    context: dict[str, Any] = {
        "result": result,
        "made": made,
        "lang": lang,
        "t": partial(load_text, lang=lang),
        "head": _head(result, lang),
        "verdict": _verdict(result, lang),
        "answers": _answers(result, lang),
        "objectives": [_row(each, result, lang) for each in result.objectives],
        "charts": drawn.charts,
        "notes": notes_in_words(result.notes, lang),
        "checks": [
            (_check_title(each.name, lang), each, check_in_words(each, lang))
            for each in result.checks
        ],
    }
    return environment(lang).get_template("load.html.j2").render(context | scripts(drawn)) + "\n"


def people_in_words(result: LoadResult, lang: Language) -> str | None:
    """How many cases found nobody ready; None if all of them did."""
    if not result.unwalked_cases and not result.late_cases:
        return None
    return load_text(
        "people_line",
        lang,
        planned=number(result.planned, lang),
        unwalked=number(result.unwalked_cases, lang),
        late=number(result.late_cases, lang),
    )


def cut_off_in_words(result: LoadResult, lang: Language) -> str | None:
    """How many requests nobody waited for any more; None if there were none."""
    if not result.cut_off:
        return None
    return load_text("cut_off_line", lang, count=number(result.cut_off, lang))


def preparation_in_words(prepared: Operation, lang: Language) -> str:
    """What people cost who were prepared during the run."""
    return load_text(
        "preparation_line",
        lang,
        requests=number(prepared.requests, lang),
        good=number(prepared.ok + prepared.refused, lang),
        shed=number(prepared.shed, lang),
        failed=number(prepared.failed, lang),
        p95=duration(prepared.latency.p95, lang),
    )


def _row(objective: ObjectiveResult, result: LoadResult, lang: Language) -> _Row:
    predicted = "—"
    if objective.id in result.predicted:
        figure = Figure(result.predicted[objective.id], replications=1)
        predicted = value_in_words(replace(objective, figure=figure), lang)
    return _Row(
        objective.id,
        objective_in_words(objective, lang),
        value_in_words(objective, lang),
        predicted,
        bound_in_words(objective, lang),
        objective.passed,
    )


def _head(result: LoadResult, lang: Language) -> str:
    return load_text(
        "head",
        lang,
        target=result.target,
        horizon=duration(result.horizon_s, lang),
        elapsed=duration(result.elapsed_s, lang),
        scale=exact(result.scale, lang),
        speed=exact(result.speed, lang),
        workers=result.workers,
    )


def _verdict(result: LoadResult, lang: Language) -> tuple[str, bool]:
    if not all(check.passed for check in result.checks):
        return load_text("verdict_broken", lang), True
    missed = [each.id for each in result.objectives if not each.passed]
    if missed:
        return load_text("verdict_missed", lang, missed=", ".join(missed)), True
    return load_text("verdict_good", lang), False


def _answers(result: LoadResult, lang: Language) -> list[_Answer]:
    total = result.total
    most = max(total.requests, 1)
    good = total.ok + total.refused
    whole = partial(number, lang=lang)
    line = load_text(
        "load_line",
        lang,
        requests=whole(total.requests),
        elapsed=duration(result.elapsed_s, lang),
        rate=count(total.requests / max(result.elapsed_s, 1e-9), lang),
        cases=whole(result.cases),
        completed=whole(result.completed),
        refused=whole(result.refused_cases),
        failed=whole(result.failed_cases),
        abandoned=whole(result.abandoned_cases),
    )
    errors = load_text(
        "errors_line",
        lang,
        good=whole(good),
        good_share=share(good / most, lang),
        shed=whole(total.shed),
        shed_share=share(total.shed / most, lang),
        failed=whole(total.failed),
        failed_share=share(total.failed / most, lang),
    )
    p50, p99 = duration(result.lag_p50_s, lang), duration(result.lag_p99_s, lang)
    answers = [
        _Answer(load_text("answer_load", lang), line, failed=result.failed_cases > 0),
        _Answer(load_text("answer_errors", lang), errors, failed=total.failed > 0),
        _Answer(load_text("answer_saturation", lang), _saturation(result, lang)),
    ]
    if result.faults:
        answers.append(_Answer(load_text("answer_recovery", lang), _recovery(result, lang)))
    people = people_in_words(result, lang)
    if people is not None:
        answers.append(_Answer(load_text("answer_people", lang), people, failed=True))
    if result.preparation is not None:
        said = preparation_in_words(result.preparation, lang)
        wrong = result.preparation.failed > 0
        answers.append(_Answer(load_text("answer_preparation", lang), said, failed=wrong))
    cut_off = cut_off_in_words(result, lang)
    if cut_off is not None:
        answers.append(_Answer(load_text("answer_cut_off", lang), cut_off))
    lag = load_text("lag_line", lang, p50=p50, p99=p99)
    return [*answers, _Answer(load_text("answer_lag", lang), lag)]


def _saturation(result: LoadResult, lang: Language) -> str:
    found = result.saturation
    most = count(found.most_good, lang)
    if found.why is None:
        return load_text("saturation_none", lang, most=most)
    words = {"at": duration(found.at_s, lang), "offered": count(found.offered, lang), "most": most}
    return load_text(f"saturation_{found.why}", lang, **words)


def _recovery(result: LoadResult, lang: Language) -> str:
    lines = []
    for span in result.faults:
        if span.recovered_s is None:
            lines.append(load_text("recovery_none", lang, id=span.id))
        else:
            time = duration(span.recovered_s, lang)
            lines.append(load_text("recovery_line", lang, id=span.id, time=time))
    return "; ".join(lines)


def _check_title(name: str, lang: Language) -> str:
    key = f"check_{name}"
    return load_text(key, lang) if key in TEXTS else name

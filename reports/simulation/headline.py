"""The answers a planner came for, in words: how long, in time or not, what breaks first, what is
lost, what faults cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports.formatting import (
    MINUS,
    clock,
    count,
    day,
    duration,
    factor,
    figure,
    finite,
    percent,
    share,
    term,
)
from reports.localtime import LocalTime
from reports.metrics import figure_of, station_names, total_waiting
from reports.objectives import journey_title, margin, shown, station_title
from reports.texts import NOUNS, text
from rulebook import Language
from sim.experiments.results import Figure, JourneyView, ObjectiveResult, Result

__all__ = ["Headline", "answers", "headlines", "main_journey", "waiting_peak"]

MOST_FAULTS_NAMED = 3


@dataclass(frozen=True)
class Headline:
    """One answer; `failed` when it is bad news that an objective or a fault's recovery proves."""

    topic: str
    text: str
    failed: bool = False


def headlines(result: Result, lang: Language) -> list[str]:
    """The five answers as sentences, for a terminal; `lang` is ru or en."""
    return [answer.text for answer in answers(result, lang)]


def answers(result: Result, lang: Language) -> list[Headline]:
    """The five answers, each under its topic."""
    return [
        Headline(text("topic_time", lang), _time(result, lang)),
        Headline(
            text("topic_term", lang),
            _term(result, lang),
            not all(o.passed for o in result.objectives),
        ),
        Headline(text("topic_breaks", lang), _breaks(result, lang)),
        Headline(text("topic_losses", lang), _losses(result, lang)),
        Headline(
            text("topic_recovery", lang),
            _recovery(result, lang),
            any(finite(_recovery_of(result, fault.id).value) is None for fault in result.faults),
        ),
    ]


def waiting_peak(waiting: Sequence[float], result: Result) -> tuple[datetime, float] | None:
    """The local start of the bin with the most waiting (mean number), the first of equals; None if
    nobody waited.
    """
    peak = max(range(len(waiting)), key=waiting.__getitem__, default=None)
    if peak is None or not waiting[peak] > 0:
        return None
    return LocalTime.of(result).at(peak * result.bin_s), waiting[peak]


def main_journey(result: Result) -> JourneyView | None:
    """The journey the answers are about: of the first objective with a term, else the first."""
    wanted = [o.journey for o in result.objectives if o.within is not None]
    chosen = [j for j in result.journeys if wanted and j.name == wanted[0]]
    return next(iter([*chosen, *result.journeys]), None)


def _time(result: Result, lang: Language) -> str:
    main = main_journey(result)
    if main is None:
        return text("journeys_none", lang)
    p50, p95 = (figure_of(result, f"journeys.{main.name}.time.{q}") for q in ("p50", "p95"))
    if finite(p50.value) is None:
        return text("time_none", lang, title=main.title[lang])
    return text(
        "time",
        lang,
        title=main.title[lang],
        p50=figure(p50, lang, duration),
        p95=figure(p95, lang, duration),
    )


def _term(result: Result, lang: Language) -> str:
    if not result.objectives:
        return text("objectives_none", lang)
    passed, total = sum(o.passed for o in result.objectives), len(result.objectives)
    noun = NOUNS["of_objectives"].after(total, lang)
    sentences = [text("objectives_met", lang, passed=passed, total=total, noun=noun)]
    chosen = next((o for o in result.objectives if o.within is not None), None)
    if chosen is not None:
        sentences.insert(0, _share_in_term(chosen, result, lang))
    return " ".join(sentences)


def _share_in_term(objective: ObjectiveResult, result: Result, lang: Language) -> str:
    title = journey_title(result, objective.journey or "", lang)
    within = term(objective.within or "", lang)
    if finite(objective.figure.value) is None:
        return text("term_share_none", lang, title=title, term=within)
    sentence = text(
        "term_share", lang, title=title, term=within,
        share=figure(objective.figure, lang, shown(objective)),
        limit=percent(objective.limit, lang), verdict=_verdict(objective, lang),
    )  # fmt: skip
    # «п. п.» brings its own full stop.
    sentence = sentence.replace("..", ".")
    undue = finite(objective.undue.value)
    if not undue:
        return sentence
    noun = NOUNS["case"].after(undue, lang)
    return f"{sentence} {text('undue_cases', lang, undue=count(undue, lang), noun=noun)}"


def _verdict(objective: ObjectiveResult, lang: Language) -> str:
    if objective.passed:
        return text("verdict_margin", lang, margin=margin(objective, lang))
    if objective.margin is None or objective.margin >= 0:
        return text("verdict_incomplete", lang)
    inside = (objective.figure.value or 0.0) >= objective.limit
    missing = margin(objective, lang).removeprefix(MINUS)
    return text("verdict_unsure" if inside else "verdict_short", lang, margin=missing)


def _breaks(result: Result, lang: Language) -> str:
    totals = {name: total_waiting(result, name) for name in station_names(result)}
    worst = max(totals, key=totals.__getitem__, default="")
    if not totals or totals[worst] <= 0:
        return text("breaks_none", lang)
    peaks = [waiting_peak(s.waiting, result) for s in result.stations if s.name == worst]
    common = {
        "station": station_title(result, worst, lang),
        "share": share(totals[worst] / sum(totals.values()), lang),
        "wait": _wait(figure_of(result, f"stations.{worst}.wait.mean"), lang),
    }
    if not peaks or peaks[0] is None:
        return text("breaks_without_peak", lang, **common)
    when, queue = peaks[0]
    return text(
        "breaks", lang, **common, day=day(when, lang), clock=clock(when),
        queue=count(queue, lang), noun=NOUNS["case"].after(queue, lang),
    )  # fmt: skip


def _wait(mean: Figure, lang: Language) -> str:
    if finite(mean.value) is None:
        return text("breaks_no_service", lang)
    return text("breaks_wait", lang, wait=figure(mean, lang, duration))


def _losses(result: Result, lang: Language) -> str:
    main = main_journey(result)
    if main is None:
        return text("journeys_none", lang)
    of = {
        m: figure_of(result, f"journeys.{main.name}.{m}")
        for m in ("arrived", "abandoned", "unfinished", "returns")
    }
    arrived = round(finite(of["arrived"].value) or 0.0)
    sentence = text(
        "losses", lang, title=main.title[lang],
        arrived=count(arrived, lang), noun=NOUNS["of_cases"].after(arrived, lang),
        abandoned=_counted(of["abandoned"], lang), unfinished=_counted(of["unfinished"], lang),
        returns=_counted(of["returns"], lang),
    )  # fmt: skip
    return f"{sentence} {_main_rejection(result, lang)}"


def _counted(shown_figure: Figure, lang: Language) -> str:
    """A count with its interval, but a plain zero where it was zero in every replication."""
    if shown_figure.value == shown_figure.low == shown_figure.high or not shown_figure.value:
        return count(shown_figure.value, lang)
    return figure(shown_figure, lang, count)


def _main_rejection(result: Result, lang: Language) -> str:
    counts = {rule: figure_of(result, f"rejections.{rule}").value or 0.0 for rule in result.rules}
    worst = max(counts, key=counts.__getitem__, default="")
    if not counts or counts[worst] <= 0:
        return text("rejections_none", lang)
    message = result.rules[worst][lang].rstrip(".")
    number = figure(figure_of(result, f"rejections.{worst}"), lang, count)
    return text("main_rejection", lang, rule=worst, count=number, message=message)


def _recovery(result: Result, lang: Language) -> str:
    retries = figure_of(result, "retry_amplification")
    sentences = [_faults(result, lang)]
    if retries.value == 1.0:
        sentences.append(text("retries_headline_none", lang))
    elif finite(retries.value) is not None:
        sentences.append(text("retries", lang, amplification=figure(retries, lang, factor)))
    return " ".join(sentences)


def _faults(result: Result, lang: Language) -> str:
    if not result.faults:
        return text("faults_none", lang)
    ids = [fault.id for fault in result.faults]
    # Worst first: never recovered, then the longest recovery.
    ids.sort(key=lambda name: -(finite(_recovery_of(result, name).value) or 0.0))
    ids.sort(key=lambda name: finite(_recovery_of(result, name).value) is not None)
    named = [_one_fault(_recovery_of(result, name), name, lang) for name in ids[:MOST_FAULTS_NAMED]]
    if len(ids) > MOST_FAULTS_NAMED:
        named.append(text("recovery_more", lang))
    return "; ".join(named) + "."


def _one_fault(recovery: Figure, name: str, lang: Language) -> str:
    if finite(recovery.value) is None:
        return text("recovery_never", lang, fault=name)
    return text("recovery", lang, fault=name, time=figure(recovery, lang, duration))


def _recovery_of(result: Result, fault: str) -> Figure:
    return figure_of(result, f"recovery.{fault}")

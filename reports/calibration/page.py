"""`calibration.html`: what was found, plots of the fits, what the log could not tell."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from reports.calibration.charts import calibration_charts
from reports.calibration.sentences import (
    answers,
    delay_name,
    interval_in_words,
    journey_title,
    limit_in_words,
    link_title,
    profile_kind,
    repair_in_words,
    servers_in_words,
    signed_share,
    value_in_words,
)
from reports.calibration.texts import words
from reports.formatting import count, duration, number, share, span, year_moment
from reports.pages import environment, scripts
from reports.provenance import Provenance
from rulebook import Language
from sim.calibration.calibration import Calibration, JourneyFit
from sim.calibration.chains import END, START, Chain
from sim.calibration.fitting import Fit
from sim.calibration.holdout import Holdout, Prediction
from sim.experiments.results import Figure

__all__ = ["calibration_page"]

MOST_CHARTS: Final = 12
"""Distributions that are drawn: the most frequent."""

Row = dict[str, Any]


def calibration_page(
    found: Calibration,
    held: Holdout | None,
    made: Provenance,
    files: Mapping[str, str],
    lang: Language,
) -> str:
    """The page in `lang`; `files` are the `log` and the `scenario`."""
    times = _times(found, lang)
    drawn = [{**row, "chart": f"fit-{i}"} for i, row in enumerate(times) if row["fit"].histogram][
        :MOST_CHARTS
    ]
    charts = calibration_charts(found, held, {row["chart"]: row["fit"] for row in drawn}, lang)
    parts = {
        "lang": lang,
        "w": partial(words, lang=lang),
        "found": found,
        "held": held,
        "made": made,
        "files": files,
        "head": words(
            "span",
            lang,
            first=year_moment(found.first, lang),
            last=year_moment(found.last, lang),
            zone=found.calendar.timezone,
        ),
        "verdict": words(
            "verdict",
            lang,
            parameters=number(sum(1 for _ in found.estimates()), lang),
            events=number(found.events, lang),
            cases=number(found.cases, lang),
        ),
        "answers": answers(found, held, lang),
        "limits": [limit_in_words(limit, lang) for limit in found.limits],
        "repairs": [
            (repair_in_words(r, found, lang), number(r.count, lang), r.line)
            for r in found.repairs
        ],
        "arrivals": [_arrivals(j, found, i, lang) for i, j in enumerate(found.journeys)],
        "times": times,
        "drawn": drawn,
        "more": len(times) - len(drawn),
        "routing": [_routing(found, journey, lang) for journey in found.journeys],
        "stations": [_station(found, i, lang) for i in range(len(found.stations))],
        "prediction": None if held is None else _prediction(held, lang),
        "parameters": [
            (e.key, value_in_words(e.value, e.unit, lang), interval_in_words(e, lang), e.n)
            for e in found.estimates()
        ],
        "sections": [
            key
            for key, there in (
                ("prediction", held is not None), ("limits", True), ("repairs", True),
                ("arrivals", True), ("times", True), ("routing", True),
                ("stations", bool(found.stations)), ("parameters", True), ("facts", True),
            )
            if there
        ],
    }  # fmt: skip
    page = environment(lang).get_template("calibration.html.j2")
    return page.render(parts | scripts(charts)) + "\n"


def _arrivals(journey: JourneyFit, found: Calibration, index: int, lang: Language) -> Row:
    fitted = journey.arrivals
    change, ends = "", ""
    if (trend := fitted.trend) is not None:
        change = signed_share(trend.value, lang)
        ends = " – ".join(signed_share(end or 0.0, lang) for end in (trend.low, trend.high))
    return {
        "title": journey_title(journey),
        "chart": f"arrivals-{index}",
        "cases": number(journey.cases, lang),
        "per_day": count(fitted.per_day.value, lang),
        "interval": interval_in_words(fitted.per_day, lang),
        "profile": profile_kind(fitted, found.arrivals_as, lang),
        "trend": change,
        "trend_interval": ends,
        "note": words("arrivals_note", lang, dispersion=number(fitted.dispersion, lang, 2)),
    }


def _times(found: Calibration, lang: Language) -> list[Row]:
    """All distributions, the most frequent first."""
    rows = [
        (words("service_of", lang, name=found.titles[a]), fit)
        for a, fit in sorted(found.services.items())
    ]
    for journey in found.journeys:
        for chain in (journey.chain, *journey.branches.values()):
            rows += [
                (delay_name(found, journey, d.target, d.source, lang), d.fit)
                for d in chain.delays
                if not d.fit.is_zero
            ]
    rows.sort(key=lambda row: -row[1].n)
    return [_time(name, fit, lang) for name, fit in rows]


def _time(name: str, fit: Fit, lang: Language) -> Row:
    told = ", ".join(
        f"{e.key} {value_in_words(e.value, e.unit, lang)} ({interval_in_words(e, lang)})"
        for e in fit.estimates
        if fit.family not in ("empirical", "constant")
    )
    best = sorted(fit.aic.items(), key=lambda item: item[1])[:3]
    return {
        "name": name,
        "fit": fit,
        "n": number(fit.n, lang),
        "mean": duration(fit.mean.value, lang),
        "mean_interval": interval_in_words(fit.mean, lang) if fit.mean.low is not None else "",
        "cv": number(fit.cv, lang, 2),
        "family": fit.family,
        "told": told,
        "distance": "" if fit.distance is None else number(fit.distance, lang, 3),
        "p": "" if fit.p is None else number(fit.p, lang, 3),
        "aic": "; ".join(f"{family} {number(aic, lang)}" for family, aic in best),
    }


def _routing(found: Calibration, journey: JourneyFit, lang: Language) -> Row:
    rows = [*_steps(found, journey, journey.chain, "", lang)]
    forks = []
    for k, block in enumerate(journey.blocks):
        name = found.link(journey, len(found.names) + k)
        branches = [" · ".join(found.titles[a] for a in sorted(b)) for b in block.branches]
        forks.append((name, branches))
        for i in range(len(block.branches)):
            rows += _steps(found, journey, journey.branches[k, i], f"{name}, {i + 1}: ", lang)
    return {
        "title": journey_title(journey),
        "rows": rows,
        "forks": forks,
        "repeats": [
            (found.titles[a], share(e.value, lang), interval_in_words(e, lang), number(e.n, lang))
            for a, e in sorted(journey.repeats.items(), key=lambda item: -item[1].value)
        ],
    }


def _steps(
    found: Calibration, journey: JourneyFit, chain: Chain, where: str, lang: Language
) -> list[Row]:
    def title(link: int) -> str:
        words_ = {START: "begin", END: "end"}
        if link in words_:
            return words(words_[link], lang)
        return link_title(found, journey, link)

    sources = list(dict.fromkeys(step.source for step in chain.steps))
    return [
        {
            "from": where + title(step.source),
            "to": title(step.target),
            "share": share(step.share.value, lang),
            "interval": interval_in_words(step.share, lang),
            "count": number(step.count, lang),
            "at_once": "" if step.target == END else number(step.at_once, lang),
        }
        for source in sources
        for step in chain.after(source)
    ]


def _station(found: Calibration, index: int, lang: Language) -> Row:
    station = found.stations[index]
    if station.by_person:
        known = words("known_people", lang, people=len(station.people))
    elif station.full > 0:
        known = words("known_full", lang, share=share(station.full, lang))
    else:
        known = words("known_least", lang)
    return {
        "name": station.name,
        "activities": ", ".join(found.titles[a] for a in station.activities),
        "servers": servers_in_words(station, lang),
        "known": known,
    }


def _prediction(held: Holdout, lang: Language) -> Row:
    def shown(figure: Figure) -> Row:
        return {
            "value": duration(figure.value, lang),
            "interval": span(figure.low, figure.high, lang, duration),
        }

    def row(one: Prediction) -> Row:
        return {
            "name": words(one.name, lang),
            "p50": shown(one.p50),
            "p90": shown(one.p90),
            "error_p50": signed_share(one.error_p50, lang),
            "error_p90": signed_share(one.error_p90, lang),
            "distance": shown(one.distance_s),
        }

    model, baseline = held.model.distance_s, held.baseline.distance_s
    nearer = (model.high or 0.0) < (baseline.low or 0.0)
    train_p50, seen_p50 = held.baseline.p50.value or 0.0, held.seen_p50.value or 0.0
    changed = (held.baseline.p50.low or 0.0) > (held.seen_p50.high or 0.0) or (
        held.baseline.p50.high or 0.0
    ) < (held.seen_p50.low or 0.0)
    return {
        "note": words(
            "prediction_note",
            lang,
            train=number(held.train, lang),
            test=number(held.test, lang),
            split=year_moment(held.split, lang),
        ),
        "seen": {"p50": shown(held.seen_p50), "p90": shown(held.seen_p90)},
        "rows": [row(held.model), row(held.baseline)],
        "arrivals": words(
            "arrivals_predicted",
            lang,
            predicted=f"{count(held.cases_predicted.value, lang)} "
            f"({span(held.cases_predicted.low, held.cases_predicted.high, lang, count)})",
            seen=number(held.test, lang),
        ),
        "judgement": words("better" if nearer else "not_better", lang),
        "changed": words(
            "drift_explains",
            lang,
            train=duration(train_p50, lang),
            test=duration(seen_p50, lang),
        )
        if changed
        else "",
    }

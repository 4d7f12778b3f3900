"""`calibration.html`: what was found, plots of the fits, what the log could not tell."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import numpy as np

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
from reports.formatting import count, duration, number, percent, share, span, year_moment
from reports.pages import environment, scripts
from reports.simulation.charts import log_ticks, nice_ticks
from rulebook import Language
from sim.calibration.calibration import Calibration, JourneyFit
from sim.calibration.chains import END, START, Chain
from sim.calibration.fitting import Fit
from sim.calibration.holdout import Holdout, Prediction
from sim.experiments.results import Figure

__all__ = ["calibration_page"]

MOST_CHARTS: Final = 12
"""Distributions that are drawn: the most frequent."""

_BINS: Final = 40
_DIGITS: Final = 5
_WEEK_HOURS: Final = 168
_ROOM: Final = 1.12
Row = dict[str, Any]


def calibration_page(
    found: Calibration, held: Holdout | None, made: Mapping[str, Any], lang: Language
) -> str:
    """The page in `lang`; of `made` it shows `log`, `scenario`, `command` and `versions`."""
    times = _times(found, lang)
    charts, drawn = _charts(found, held, times, lang)
    parts = {
        "lang": lang,
        "w": partial(words, lang=lang),
        "found": found,
        "held": held,
        "made": made,
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
    data: dict[str, Any] = {"lang": lang, "x": [], "labels": [], "ticks": [], "charts": charts}
    page = environment(lang).get_template("calibration.html.j2")
    return page.render(parts | scripts(data)) + "\n"


# --- rows -----------------------------------------------------------------------------------------


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


# --- charts ---------------------------------------------------------------------------------------


def _charts(
    found: Calibration, held: Holdout | None, times: Sequence[Row], lang: Language
) -> tuple[dict[str, Any], list[Row]]:
    """Charts by their id, and the rows of `times` that have one."""
    charts: dict[str, Any] = {
        f"arrivals-{i}": _week_chart(journey, lang) for i, journey in enumerate(found.journeys)
    }
    drawn: list[Row] = []
    for index, row in enumerate(times):
        if len(drawn) < MOST_CHARTS and row["fit"].histogram:
            id_ = f"fit-{index}"
            charts[id_] = _fit_chart(row["fit"], lang)
            drawn.append({**row, "chart": id_})
    if held is not None:
        charts["prediction"] = _prediction_chart(held, lang)
    return charts, drawn


def _week_chart(journey: JourneyFit, lang: Language) -> Row:
    arrivals = journey.arrivals
    top = max([*arrivals.observed, *arrivals.fitted, 1e-9])
    days = words_of_days(lang)
    return _chart(
        x=[float(hour) for hour in range(_WEEK_HOURS + 1)],
        labels=[f"{days[h // 24 % 7]} {h % 24:02d}:00" for h in range(_WEEK_HOURS + 1)],
        xticks=[(24.0 * day, days[day]) for day in range(7)],
        y=nice_ticks(top, lang),
        top=top,
        series=[
            ("observed", "area", arrivals.observed, lambda v: number(v, lang, 2)),
            ("fitted", "failed", arrivals.fitted, lambda v: number(v, lang, 2)),
        ],
        lang=lang,
    )


def words_of_days(lang: Language) -> Sequence[str]:
    """Days of the week, Monday first."""
    return ("пн вт ср чт пт сб вс" if lang == "ru" else "Mon Tue Wed Thu Fri Sat Sun").split()


def _fit_chart(fit: Fit, lang: Language) -> Row:
    edges = [row[0] for row in fit.histogram]
    seen = [row[1] for row in fit.histogram[:-1]]
    series: list[Series] = [("observed", "area", seen, lambda v: share(v, lang))]
    fitted = [row[2] for row in fit.histogram[:-1]]
    whole = [value for value in fitted if value is not None]
    if len(whole) == len(fitted):
        series.append(("fitted", "failed", whole, lambda v: share(v, lang)))
    return _log_chart(edges, series, lang)


def _prediction_chart(held: Holdout, lang: Language) -> Row:
    curves = [
        ("seen", "area", held.curve_s),
        ("model", "failed", held.model.curve_s),
        ("baseline", "step", held.baseline.curve_s),
    ]
    values = np.concatenate([np.array(curve) for _, _, curve in curves])
    high = float(values.max())
    low = max(float(np.quantile(values[values > 0], 0.005)), high * 1e-6) if high > 0 else 1.0
    edges = np.geomspace(low, max(high, low * 2), _BINS + 1)
    bounds = edges.copy()
    bounds[0], bounds[-1] = 0.0, np.inf
    series: list[Series] = [
        (
            key,
            style,
            (np.histogram(curve, bounds)[0] / len(curve)).tolist(),
            lambda v: share(v, lang),
        )
        for key, style, curve in curves
    ]
    return _log_chart(edges.tolist(), series, lang)


Series = tuple[str, str, Sequence[float], Callable[[float], str]]


def _log_chart(edges: Sequence[float], series: Sequence[Series], lang: Language) -> Row:
    top = max(v for _, _, values, _ in series for v in values)
    return _chart(
        x=[math.log10(edge) for edge in edges],
        labels=[
            *(f"{duration(a, lang)} – {duration(b, lang)}" for a, b in pairwise(edges)),
            duration(edges[-1], lang),
        ],
        xticks=[(math.log10(t), duration(t, lang)) for t in log_ticks(edges[0], edges[-1])],
        y=nice_ticks(top, lang, show=percent),
        top=top,
        series=series,
        lang=lang,
    )


def _chart(
    *,
    x: Sequence[float],
    labels: Sequence[str],
    xticks: Sequence[tuple[float, str]],
    y: Sequence[tuple[float, str]],
    top: float,
    series: Sequence[Series],
    lang: Language,
) -> Row:
    """A chart with an axis of its own; a step lasts until the next value, so the last is told
    twice."""
    return {
        "kind": "log",
        "x": [round(at, _DIGITS) for at in x],
        "labels": list(labels),
        "xticks": [[at, label] for at, label in xticks],
        "y": list(y),
        "top": max(top * _ROOM, y[-1][0] if y else top),
        "bands": [],
        "series": [
            {
                "label": words(key, lang),
                "style": style,
                "values": [float(f"{v:.{_DIGITS}g}") for v in [*values, values[-1]]],
                "words": [show(v) for v in [*values, values[-1]]],
            }
            for key, style, values, show in series
        ],
    }

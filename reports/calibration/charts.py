"""Charts of a calibration: arrivals over the week, what was seen and what was fitted."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from reports.calibration.texts import DAYS, words
from reports.chart import DIGITS, NAMED_ROOM, Chart, ChartPage, Series, rounded, stepped
from reports.formatting import duration, number, percent, share
from reports.ticks import Tick, log_ticks, nice_ticks
from rulebook import Language
from sim.calibration.calibration import Calibration, JourneyFit
from sim.calibration.fitting import Fit
from sim.calibration.holdout import Holdout

__all__ = ["calibration_charts"]

_BINS: Final = 40
_WEEK_HOURS: Final = 168

Row = tuple[str, str, Sequence[float]]


def calibration_charts(
    found: Calibration, held: Holdout | None, drawn: Mapping[str, Fit], lang: Language
) -> ChartPage:
    """The week of each journey, the distributions `drawn` by the ids of their charts, and the
    prediction."""
    charts = {f"arrivals-{i}": _week(journey, lang) for i, journey in enumerate(found.journeys)}
    charts |= {id_: _fit(fit, lang) for id_, fit in drawn.items()}
    if held is not None:
        charts["prediction"] = _prediction(held, lang)
    return ChartPage(lang, charts)


def _week(journey: JourneyFit, lang: Language) -> Chart:
    arrivals = journey.arrivals
    top = max([*arrivals.observed, *arrivals.fitted, 1e-9])
    days = DAYS[lang]
    return _chart(
        [("observed", "area", arrivals.observed), ("fitted", "failed", arrivals.fitted)],
        lambda value: number(value, lang, 2),
        nice_ticks(top, lang),
        top,
        lang,
        x=[float(hour) for hour in range(_WEEK_HOURS + 1)],
        labels=[f"{days[h // 24 % 7]} {h % 24:02d}:00" for h in range(_WEEK_HOURS + 1)],
        xticks=[(24.0 * day, days[day]) for day in range(7)],
    )


def _fit(fit: Fit, lang: Language) -> Chart:
    edges = [row[0] for row in fit.histogram]
    rows: list[Row] = [("observed", "area", [row[1] for row in fit.histogram[:-1]])]
    fitted = [row[2] for row in fit.histogram[:-1]]
    whole = [value for value in fitted if value is not None]
    if len(whole) == len(fitted):
        rows.append(("fitted", "failed", whole))
    return _shares(edges, rows, lang)


def _prediction(held: Holdout, lang: Language) -> Chart:
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
    rows: list[Row] = [
        (key, style, (np.histogram(curve, bounds)[0] / len(curve)).tolist())
        for key, style, curve in curves
    ]
    return _shares(edges.tolist(), rows, lang)


def _shares(edges: Sequence[float], rows: Sequence[Row], lang: Language) -> Chart:
    """Shares of cases between `edges` of time, on a logarithmic axis."""
    top = max(value for _, _, values in rows for value in values)
    return _chart(
        rows,
        lambda value: share(value, lang),
        nice_ticks(top, lang, show=percent),
        top,
        lang,
        x=[math.log10(edge) for edge in edges],
        labels=[
            *(f"{duration(a, lang)} – {duration(b, lang)}" for a, b in pairwise(edges)),
            duration(edges[-1], lang),
        ],
        xticks=[(math.log10(t), duration(t, lang)) for t in log_ticks(edges[0], edges[-1])],
    )


def _chart(
    rows: Sequence[Row],
    show: Callable[[float], str],
    y: Sequence[Tick],
    top: float,
    lang: Language,
    *,
    x: Sequence[float],
    labels: Sequence[str],
    xticks: Sequence[Tick],
) -> Chart:
    """Bins on an axis of their own."""
    return Chart(
        "log",
        [
            Series(
                words(key, lang),
                style,
                rounded(stepped(values)),
                [show(value) for value in stepped(values)],
            )
            for key, style, values in rows
        ],
        y,
        max(top * NAMED_ROOM, y[-1][0]),
        x=[round(at, DIGITS) for at in x],
        labels=labels,
        xticks=xticks,
    )

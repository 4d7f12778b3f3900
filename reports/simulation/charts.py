"""What the report's script draws: numbers, ticks and labels worked out here, so that the page
formats next to nothing.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from reports.formatting import (
    SECONDS,
    Formatter,
    day,
    duration,
    finite,
    moment,
    number,
    percent,
    share,
)
from reports.localtime import LocalTime, tick_levels
from reports.simulation.time_axis import journey_bins, station_bins
from reports.texts import text
from rulebook import Language
from sim.experiments.results import Histogram, JourneyView, Result, StationView

__all__ = ["chart_data", "duration_ticks", "log_ticks", "nice_ticks", "occupied"]

Chart = dict[str, Any]

# Readable steps of a duration axis, in seconds.
_STEPS = (
    [ms * SECONDS["ms"] for ms in (1, 2, 5, 10, 20, 50, 100, 200, 500)] + [1, 2, 5, 10, 20, 30]
    + [m * SECONDS["m"] for m in (1, 2, 5, 10, 20, 30)]
    + [h * SECONDS["h"] for h in (1, 2, 3, 6, 12)]
    + [d * SECONDS["d"] for d in (1, 2, 5, 10, 20, 50, 100, 200, 500)]
)  # fmt: skip
_LOG_TICKS = (
    *(ms * SECONDS["ms"] for ms in (1, 10, 100)), 1, 10,
    *(m * SECONDS["m"] for m in (1, 10)), *(h * SECONDS["h"] for h in (1, 6)),
    *(d * SECONDS["d"] for d in (1, 3, 10, 30, 100)),
)  # fmt: skip
MOST_TICKS = 5
MOST_LOG_TICKS = 7
# Above the data, for the names of faults and quantiles.
NAMED_ROOM = 1.12
# Script numbers need no more digits than a screen has pixels.
DIGITS = 5


def chart_data(result: Result, lang: Language) -> Chart:
    """Everything for the script: the common time axis, of which each chart takes as much as it has
    values, bands of faults and warm-up, and charts by their id.
    """
    time = LocalTime.of(result)
    bins = max(station_bins(result), *map(journey_bins, result.journeys), 0)
    edges = [i * result.bin_s for i in range(bins + 1)]
    charts: dict[str, Chart] = {}
    for number_, journey in enumerate(result.journeys):
        charts |= _journey_charts(f"journey-{number_}", journey, result, lang)
    for number_, station in enumerate(result.stations):
        charts |= _station_charts(f"station-{number_}", station, result, lang)
    return {
        "lang": lang,
        "x": edges,
        "labels": [moment(time.at(x), lang) for x in edges],
        "ticks": tick_levels(time, edges[-1] if edges else 0.0, lang),
        "charts": charts,
    }


def _station_charts(
    id_: str, station: StationView, result: Result, lang: Language
) -> dict[str, Chart]:
    bins = station_bins(result)
    bands = _bands(station.name, result, lang)
    nameless = [band | {"label": ""} for band in bands]
    queue = _over_time([("waiting", station.waiting, "area")], bins, bands, lang, floor=1.0)
    # An unlimited station has no capacity to draw.
    capacity = [c if finite(c) is not None else None for c in station.capacity]
    series: list[Row] = [("busy", station.busy, "area")]
    if any(capacity):
        series.append(("capacity", capacity, "step"))
    load = _over_time(series, bins, nameless, lang)
    return {f"{id_}-queue": queue, f"{id_}-load": load}


def _journey_charts(
    id_: str, journey: JourneyView, result: Result, lang: Language
) -> dict[str, Chart]:
    charts = {
        f"{id_}-inside": _over_time(
            [("inside", journey.inside, "area")],
            journey_bins(journey),
            _bands(None, result, lang),
            lang,
        )
    }
    if occupied(journey.histogram):
        charts[f"{id_}-histogram"] = _histogram(journey, result, lang)
    days = [d for d in journey.days if finite(d.p50) is not None]
    if days:
        time = LocalTime.of(result)
        values = {q: [getattr(d, q) for d in days] for q in ("p50", "p90", "p95")}
        top = max(v for row in values.values() for v in row if v is not None)
        ticks = duration_ticks(top, lang)
        charts[f"{id_}-days"] = {
            "kind": "days",
            "x": [time.midnight(d.day) for d in days],
            "labels": [day(d.day, lang) for d in days],
            "until": time.midnight(days[-1].day),
            "y": ticks,
            "top": _top(top, ticks) * NAMED_ROOM,
            "bands": _bands(None, result, lang),
            "series": [
                {
                    "label": text(q, lang),
                    "style": q,
                    "values": _rounded(row),
                    "words": [duration(v, lang) for v in row],
                }
                for q, row in values.items()
            ],
        }
    return charts


Row = tuple[str, Sequence[float | None], str]


def _over_time(
    rows: Sequence[Row], bins: int, bands: list[Chart], lang: Language, floor: float = 0.0
) -> Chart:
    rows = [(key, values[:bins], style) for key, values, style in rows]
    top = max([floor, *(v for _, values, _ in rows for v in values if v is not None)])
    ticks = nice_ticks(top, lang)
    return {
        "kind": "time",
        "y": ticks,
        "top": _top(top, ticks) * (NAMED_ROOM if any(band["label"] for band in bands) else 1.0),
        "bands": bands,
        "series": [
            # A step lasts until the next value: the last bin needs its end too.
            {"label": text(key, lang), "style": style, "values": _rounded([*values, *values[-1:]])}
            for key, values, style in rows
        ],
    }


def occupied(histogram: Histogram) -> tuple[int, int] | None:
    """First and last bin that hold cases; None if there are none."""
    filled = [i for i, cases in enumerate(histogram.counts) if cases > 0]
    return (filled[0], filled[-1]) if filled else None


def _histogram(journey: JourneyView, result: Result, lang: Language) -> Chart:
    first, last = occupied(journey.histogram) or (0, 0)
    edges = list(journey.histogram.edges_s[first : last + 2])
    counts = journey.histogram.counts[first : last + 1]
    # A logarithmic axis has no place for zero; such a bin is drawn half a unit wide to its left.
    edges[0] = edges[0] if edges[0] > 0 else edges[1] / 2 if len(edges) > 1 else 1.0
    # The bin without an upper edge, if any, is drawn as wide as it needs to be seen.
    if not math.isfinite(edges[-1]):
        edges[-1] = edges[-2] * 1.5
    total = sum(journey.histogram.counts)
    shares = [c / total for c in counts]
    so_far = [0.0, *accumulate(shares)]
    ticks = nice_ticks(max(shares), lang, show=percent)
    low, high = edges[0], edges[-1]
    inside = log_ticks(low, high)
    marks = [
        {"x": math.log10(figure.value), "label": text(q, lang)}
        for q in ("p50", "p95")
        if (figure := result.figures.get(f"journeys.{journey.name}.time.{q}")) is not None
        and figure.value is not None
        and low <= figure.value <= high
    ]
    return {
        "kind": "log",
        # Logarithms here, so that the script draws an ordinary linear axis.
        "x": [math.log10(x) for x in edges],
        "labels": [
            *(f"{duration(a, lang)} – {duration(b, lang)}" for a, b in pairwise(edges)),
            duration(edges[-1], lang),
        ],
        "xticks": [[math.log10(t), duration(t, lang)] for t in inside],
        "y": ticks,
        "top": _top(max(shares), ticks) * NAMED_ROOM,
        "marks": marks,
        "bands": [],
        "series": [
            _shares("in_bin", "area", [*shares, shares[-1]], lang),
            _shares("cumulative", "cumulative", so_far, lang),
        ],
        "y2": [[v, percent(v, lang)] for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
    }  # fmt: skip


def log_ticks(low: float, high: float) -> list[float]:
    """Round durations between the ends of a logarithmic axis, no closer than a seventh of it."""
    inside: list[float] = []
    for tick in _LOG_TICKS:
        apart = not inside or math.log(tick / inside[-1]) >= math.log(high / low) / MOST_LOG_TICKS
        if low <= tick <= high and apart:
            inside.append(tick)
    return inside if len(inside) > 1 else [low, high]


def _shares(key: str, style: str, values: Sequence[float], lang: Language) -> Chart:
    words = [share(value, lang) for value in values]
    return {"label": text(key, lang), "style": style, "values": _rounded(values), "words": words}


def _bands(station: str | None, result: Result, lang: Language) -> list[Chart]:
    """Spans to shade: faults of this station named, those of others pale, the warm-up grey."""
    bands = []
    if result.warmup_s > 0:
        bands.append(
            {
                "from": 0.0,
                "to": result.warmup_s,
                "kind": "warmup",
                "label": text("warmup", lang).lower(),
            }
        )
    for fault in result.faults:
        own = station is None or fault.station == station
        bands.append({
            "from": fault.from_s, "to": min(fault.to_s, result.end_s),
            "kind": "own" if own else "other", "label": fault.id if own else "",
        })  # fmt: skip
    return bands


def nice_ticks(
    top: float, lang: Language, show: Formatter | None = None
) -> list[tuple[float, str]]:
    """At most six ticks from 0 to about `top`, 1, 2 or 5 times a power of ten apart."""
    if top <= 0:
        return [(0.0, _plain(0.0, 0, lang, show))]
    rough = top / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * (1 - 1e-9))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    values = [i * step for i in range(int(top / step + 1e-9) + 1)]
    return [(v, _plain(v, decimals, lang, show)) for v in values]


def _plain(value: float, decimals: int, lang: Language, show: Formatter | None) -> str:
    return number(value, lang, decimals) if show is None else show(round(value, 12), lang)


def duration_ticks(top: float, lang: Language) -> list[tuple[float, str]]:
    """At most six ticks from 0 to about `top` seconds, at round durations."""
    step = next((s for s in _STEPS if s * MOST_TICKS >= top), max(_STEPS[-1], top / MOST_TICKS))
    return [(i * step, duration(i * step, lang)) for i in range(int(top / step + 1e-9) + 1)]


def _top(largest: float, ticks: Iterable[tuple[float, str]]) -> float:
    """The upper end of an axis: a little room above the data, never zero."""
    return max(largest * 1.08, *(value for value, _ in ticks)) or 1.0


def _rounded(values: Iterable[float | None]) -> list[float | None]:
    return [None if finite(v) is None or v is None else float(f"{v:.{DIGITS}g}") for v in values]

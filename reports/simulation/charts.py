"""Charts of a simulation: stations and journeys over time, times of journeys."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from reports.chart import Band, Chart, ChartPage, Mark, Series, rounded, stepped, top_of
from reports.formatting import day, duration, finite, moment, percent, share
from reports.localtime import LocalTime, tick_levels
from reports.simulation.time_axis import journey_bins, station_bins
from reports.texts import text
from reports.ticks import duration_ticks, log_ticks, nice_ticks
from rulebook import Language
from sim.experiments.results import Histogram, JourneyView, Result, StationView

__all__ = ["occupied", "simulation_charts"]


def simulation_charts(result: Result, lang: Language) -> ChartPage:
    """The common time axis and the charts of each journey and station."""
    time = LocalTime.of(result)
    bins = max(station_bins(result), *map(journey_bins, result.journeys), 0)
    edges = [i * result.bin_s for i in range(bins + 1)]
    charts: dict[str, Chart] = {}
    for number, journey in enumerate(result.journeys):
        charts |= _journey_charts(f"journey-{number}", journey, result, lang)
    for number, station in enumerate(result.stations):
        charts |= _station_charts(f"station-{number}", station, result, lang)
    return ChartPage(
        lang,
        charts,
        edges,
        [moment(time.at(x), lang) for x in edges],
        tick_levels(time, edges[-1] if edges else 0.0, lang),
    )


def _station_charts(
    id_: str, station: StationView, result: Result, lang: Language
) -> dict[str, Chart]:
    bins = station_bins(result)
    bands = _bands(station.name, result, lang)
    nameless = [replace(band, label="") for band in bands]
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
    bands = _bands(None, result, lang)
    inside: list[Row] = [("inside", journey.inside, "area")]
    charts = {f"{id_}-inside": _over_time(inside, journey_bins(journey), bands, lang)}
    if occupied(journey.histogram):
        charts[f"{id_}-histogram"] = _histogram(journey, result, lang)
    if any(finite(d.p50) is not None for d in journey.days):
        charts[f"{id_}-days"] = _days(journey, bands, result, lang)
    return charts


Row = tuple[str, Sequence[float | None], str]


def _over_time(
    rows: Sequence[Row], bins: int, bands: Sequence[Band], lang: Language, floor: float = 0.0
) -> Chart:
    rows = [(key, values[:bins], style) for key, values, style in rows]
    top = max([floor, *(v for _, values, _ in rows for v in values if v is not None)])
    ticks = nice_ticks(top, lang)
    return Chart(
        "time",
        [Series(text(key, lang), style, rounded(stepped(values))) for key, values, style in rows],
        ticks,
        top_of(top, ticks, named=any(band.label for band in bands)),
        bands,
    )


def _days(journey: JourneyView, bands: Sequence[Band], result: Result, lang: Language) -> Chart:
    """Quantiles of the times of cases by the day of their arrival."""
    days = [d for d in journey.days if finite(d.p50) is not None]
    time = LocalTime.of(result)
    values = {q: [getattr(d, q) for d in days] for q in ("p50", "p90", "p95")}
    top = max(v for row in values.values() for v in row if v is not None)
    ticks = duration_ticks(top, lang)
    return Chart(
        "days",
        [
            Series(text(q, lang), q, rounded(row), [duration(v, lang) for v in row])
            for q, row in values.items()
        ],
        ticks,
        top_of(top, ticks, named=True),
        bands,
        x=[time.midnight(d.day) for d in days],
        labels=[day(d.day, lang) for d in days],
        until=time.midnight(days[-1].day),
    )


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
    return Chart(
        "log",
        [
            _shares("in_bin", "area", stepped(shares), lang),
            _shares("cumulative", "cumulative", so_far, lang),
        ],
        ticks,
        top_of(max(shares), ticks, named=True),
        # Logarithms here, so that the script draws an ordinary linear axis.
        x=[math.log10(x) for x in edges],
        labels=[
            *(f"{duration(a, lang)} – {duration(b, lang)}" for a, b in pairwise(edges)),
            duration(edges[-1], lang),
        ],
        xticks=[(math.log10(t), duration(t, lang)) for t in log_ticks(low, high)],
        marks=[
            Mark(math.log10(figure.value), text(q, lang))
            for q in ("p50", "p95")
            if (figure := result.figures.get(f"journeys.{journey.name}.time.{q}")) is not None
            and figure.value is not None
            and low <= figure.value <= high
        ],
        y2=[(v, percent(v, lang)) for v in (0.0, 0.25, 0.5, 0.75, 1.0)],
    )


def _shares(key: str, style: str, values: Sequence[float], lang: Language) -> Series:
    words = [share(value, lang) for value in values]
    return Series(text(key, lang), style, rounded(values), words)


def _bands(station: str | None, result: Result, lang: Language) -> list[Band]:
    """Spans to shade: faults of this station named, those of others pale, the warm-up grey."""
    bands = []
    if result.warmup_s > 0:
        bands.append(Band(0.0, result.warmup_s, "warmup", text("warmup", lang).lower()))
    for fault in result.faults:
        end = min(fault.to_s, result.end_s)
        if station is None or fault.station == station:
            bands.append(Band(fault.from_s, end, "own", fault.id))
        else:
            bands.append(Band(fault.from_s, end, "other"))
    return bands

"""Charts of a load test for the script of the reports: seconds of the run along the axis."""

from collections.abc import Sequence
from typing import Any

from loadtests.results.result import LoadResult
from reports.formatting import count, duration, finite
from reports.load.texts import load_text
from reports.simulation.charts import DIGITS, NAMED_ROOM, duration_ticks, nice_ticks
from rulebook import Language

__all__ = ["chart_data", "lines", "top_of"]

Chart = dict[str, Any]
Row = tuple[str, Sequence[float | None], str]


def chart_data(result: LoadResult, lang: Language) -> Chart:
    """Everything for the script: charts by their id."""
    series, server = result.series, result.server
    edges = [n * result.bin_s for n in range(len(series.offered) + 1)]
    bands = [
        {"from": span.from_s, "to": min(span.to_s, edges[-1]), "kind": "own", "label": span.id}
        for span in result.faults
        if span.from_s < edges[-1]
    ]
    rates: list[Row] = [
        ("offered", series.offered, "step"),
        ("good", series.good, "area"),
        ("shed", series.shed, "shed"),
        ("failed", series.failed, "failed"),
    ]
    latencies: list[Row] = [("p50", series.p50, "p50"), ("p95", series.p95, "p95")]
    charts = {
        "rates": lines(rates, edges, lang, bands),
        "latencies": lines(latencies, edges, lang, bands, seconds=True),
    }
    if server.at:
        charts["cpu"] = lines(
            [("own_cpu", server.cpu, "line"), ("others_cpu", server.others_cpu, "model")],
            server.at, lang,
        )  # fmt: skip
        charts["memory"] = lines([("memory", server.memory_mb, "line")], server.at, lang)
        if any(value is not None for value in server.inside):
            charts["inside"] = lines([("inside", server.inside, "line")], server.at, lang)
    return {"lang": lang, "x": edges, "labels": [], "ticks": [[]], "charts": charts}


def lines(
    rows: Sequence[Row],
    x: Sequence[float],
    lang: Language,
    bands: Sequence[Chart] = (),
    *,
    seconds: bool = False,
) -> Chart:
    """Values over seconds of the run; those of bins last until the next edge. With `seconds` the
    values are durations."""
    show = duration if seconds else count
    top = max([0.0, *(v for _, values, _ in rows for v in values if finite(v) is not None and v)])
    ticks = duration_ticks(top, lang) if seconds and top else nice_ticks(top, lang)
    return {
        "kind": "time",
        "x": list(x),
        "labels": [duration(at, lang) for at in x],
        "xticks": duration_ticks(x[-1], lang) if x and x[-1] > 0 else [(0.0, "0")],
        "y": ticks,
        "top": top_of(top, ticks) * (NAMED_ROOM if bands else 1.0),
        "bands": list(bands),
        "series": [
            {
                "label": load_text(key, lang),
                "style": style,
                "values": _rounded(values, len(x)),
                "words": [show(value, lang) for value in (*values, *values[-1:])],
            }
            for key, values, style in rows
        ],
    }


def top_of(largest: float, ticks: Sequence[tuple[float, str]]) -> float:
    """The upper end of an axis: a little room above the data, never zero."""
    return max(largest * 1.08, *(value for value, _ in ticks)) or 1.0


def _rounded(values: Sequence[float | None], length: int) -> list[float | None]:
    padded = [*values, *values[-1:]][:length]
    return [None if finite(v) is None or v is None else float(f"{v:.{DIGITS}g}") for v in padded]

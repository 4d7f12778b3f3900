"""Charts of a load test: seconds of the run along the axis."""

from collections.abc import Sequence

from loadtests.results.result import LoadResult
from reports.chart import Band, Chart, ChartPage, Series, rounded, stepped, top_of
from reports.formatting import count, duration, finite
from reports.load.texts import load_text
from reports.ticks import duration_ticks, nice_ticks
from rulebook import Language

__all__ = ["load_charts"]

Row = tuple[str, Sequence[float | None], str]


def load_charts(result: LoadResult, lang: Language) -> ChartPage:
    """Rates and latencies in bins, the server's process by instants."""
    series, server = result.series, result.server
    edges = [n * result.bin_s for n in range(len(series.offered) + 1)]
    bands = [
        Band(span.from_s, min(span.to_s, edges[-1]), "own", span.id)
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
        "rates": _lines(rates, edges, lang, bands),
        "latencies": _lines(latencies, edges, lang, bands, seconds=True),
    }
    if server.at:
        charts["cpu"] = _lines(
            [("own_cpu", server.cpu, "line"), ("others_cpu", server.others_cpu, "model")],
            server.at, lang,
        )  # fmt: skip
        charts["memory"] = _lines([("memory", server.memory_mb, "line")], server.at, lang)
        if any(value is not None for value in server.inside):
            charts["inside"] = _lines([("inside", server.inside, "line")], server.at, lang)
    return ChartPage(lang, charts, x=edges, ticks=[[]])


def _lines(
    rows: Sequence[Row],
    x: Sequence[float],
    lang: Language,
    bands: Sequence[Band] = (),
    *,
    seconds: bool = False,
) -> Chart:
    """Values over seconds of the run; those of bins last until the next edge. With `seconds` the
    values are durations."""
    show = duration if seconds else count
    top = max([0.0, *(v for _, values, _ in rows for v in values if finite(v) is not None and v)])
    ticks = duration_ticks(top, lang) if seconds and top else nice_ticks(top, lang)
    return Chart(
        "time",
        [
            Series(
                load_text(key, lang),
                style,
                rounded(stepped(values)[: len(x)]),
                [show(value, lang) for value in stepped(values)],
            )
            for key, values, style in rows
        ],
        ticks,
        top_of(top, ticks, named=bool(bands)),
        bands,
        x=list(x),
        labels=[duration(at, lang) for at in x],
        xticks=duration_ticks(x[-1], lang) if x and x[-1] > 0 else [(0.0, "0")],
    )

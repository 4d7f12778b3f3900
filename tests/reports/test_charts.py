"""Numbers for the charts."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from reports.chart import Band, Chart, ChartPage, Mark, Series, rounded, top_of
from reports.simulation.charts import occupied, simulation_charts
from sim.experiments.results import FaultView, Histogram
from tests.reports.tiny import JOURNEY, STATION, tiny, without_completions


def values(chart: Chart) -> list[Sequence[float | None]]:
    return [series.values for series in chart.series]


def test_a_station_shows_waiting_busy_and_capacity_up_to_the_end_of_the_last_bin() -> None:
    drawn = simulation_charts(tiny(), "ru")
    assert drawn.x == [0.0, 3600.0, 7200.0]
    assert drawn.labels[1] == "20\u00a0апреля, 10:00"
    queue, load = (drawn.charts[f"station-0-{kind}"] for kind in ("queue", "load"))
    assert values(queue) == [[1.0, 3.5, 3.5]]
    assert values(load) == [[1.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    assert queue.bands == [Band(600.0, 1200.0, "own", "egrul-down")]


def test_a_fault_elsewhere_is_a_pale_band_without_a_name_and_warm_up_is_marked() -> None:
    fault = FaultView("fns-down", "fns", "outage", 600.0, 1e9, None, None)
    drawn = simulation_charts(tiny(faults=[fault], warmup_s=60.0), "ru")
    assert drawn.charts["station-0-queue"].bands == [
        Band(0.0, 60.0, "warmup", "разогрев"),
        Band(600.0, 7200.0, "other"),
    ]


def test_times_are_drawn_between_the_first_and_last_bin_that_hold_cases() -> None:
    histogram = Histogram([0.0, 10.0, 100.0, 1000.0, 10000.0], [0, 30, 90, 0])
    journey = replace(JOURNEY, histogram=histogram)
    chart = simulation_charts(tiny(journeys=[journey]), "ru").charts["journey-0-histogram"]
    assert chart.x == pytest.approx([1.0, 2.0, 3.0])
    assert values(chart) == [[0.25, 0.75, 0.75], [0.0, 0.25, 1.0]]
    assert chart.series[1].words == ["0\u00a0%", "25,0\u00a0%", "100\u00a0%"]


def test_a_first_bin_from_zero_and_a_last_without_end_get_an_edge_on_the_log_axis() -> None:
    histogram = Histogram([0.0, 10.0, math.inf], [1, 1])
    journey = replace(JOURNEY, histogram=histogram)
    chart = simulation_charts(tiny(journeys=[journey]), "ru").charts["journey-0-histogram"]
    assert chart.x == pytest.approx([math.log10(5), 1.0, math.log10(15)])


def test_without_completions_there_is_no_chart_of_times() -> None:
    journey = replace(JOURNEY, histogram=Histogram([0.0, 1.0], [0]), days=[])
    drawn = simulation_charts(replace(without_completions(), journeys=[journey]), "en")
    assert sorted(drawn.charts) == ["journey-0-inside", "station-0-load", "station-0-queue"]
    assert occupied(journey.histogram) is None


def test_quantiles_stand_at_the_local_midnight_of_their_day() -> None:
    chart = simulation_charts(tiny(), "ru").charts["journey-0-days"]
    # The run starts at 09:00.
    assert chart.x == [-9 * 3600.0]
    assert values(chart) == [[60.0], [80.0], [90.0]]


def test_an_unlimited_station_has_no_line_of_capacity() -> None:
    station = replace(STATION, capacity=[math.inf, math.inf])
    load = simulation_charts(tiny(stations=[station]), "ru").charts["station-0-load"]
    assert len(load.series) == 1


def test_script_gets_what_a_chart_has_and_nothing_of_what_it_has_not() -> None:
    bare = Chart("time", [Series("ждут", "area", [1.0, None])], [(0.0, "0")], 1.08)
    band = Band(0.0, 60.0, "own", "down")
    whole = Chart(
        "log", [Series("доля", "line", [0.5], ["50%"])], [(0.0, "0")], 1.0, [band], [1.0], ["10 с"],
        [(1.0, "10 с")], 2.0, [Mark(1.0, "p95")], [(1.0, "100%")],
    )  # fmt: skip
    page = ChartPage("ru", {"a": bare, "b": whole}, [0.0, 60.0], ["09:00", "09:01"], [[(0.0, "9")]])
    assert page.as_data() == {
        "lang": "ru", "x": [0.0, 60.0], "labels": ["09:00", "09:01"], "ticks": [[(0.0, "9")]],
        "charts": {
            "a": {"kind": "time", "y": [(0.0, "0")], "top": 1.08, "bands": [],
                  "series": [{"label": "ждут", "style": "area", "values": [1.0, None]}]},
            "b": {"kind": "log", "x": [1.0], "labels": ["10 с"], "xticks": [(1.0, "10 с")],
                  "until": 2.0, "y": [(0.0, "0")], "top": 1.0,
                  "marks": [{"x": 1.0, "label": "p95"}],
                  "bands": [{"from": 0.0, "to": 60.0, "kind": "own", "label": "down"}],
                  "series": [{"label": "доля", "style": "line", "values": [0.5], "words": ["50%"]}],
                  "y2": [(1.0, "100%")]},
        },
    }  # fmt: skip


def test_axis_has_room_above_the_data_and_more_for_names_and_is_never_flat() -> None:
    ticks = [(0.0, "0"), (100.0, "100")]
    assert top_of(10.0, ticks) == 100.0
    assert top_of(100.0, ticks) == pytest.approx(108.0)
    assert top_of(100.0, ticks, named=True) == pytest.approx(120.96)
    assert top_of(0.0, [(0.0, "0")]) == 1.0


def test_numbers_for_the_script_have_five_digits_and_no_infinity() -> None:
    assert rounded([1 / 3, 123456.0, None, math.inf]) == [0.33333, 123460.0, None, None]

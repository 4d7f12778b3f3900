"""Numbers for the charts."""

import math
from dataclasses import replace

import pytest

from reports.simulation.charts import chart_data, duration_ticks, nice_ticks, occupied
from sim.experiments.results import FaultView, Histogram
from tests.reports.tiny import JOURNEY, STATION, tiny, without_completions


def test_a_station_shows_waiting_busy_and_capacity_up_to_the_end_of_the_last_bin() -> None:
    data = chart_data(tiny(), "ru")
    assert data["x"] == [0.0, 3600.0, 7200.0]
    assert data["labels"][1] == "20\u00a0апреля, 10:00"
    queue, load = (data["charts"][f"station-0-{kind}"] for kind in ("queue", "load"))
    assert [s["values"] for s in queue["series"]] == [[1.0, 3.5, 3.5]]
    assert [s["values"] for s in load["series"]] == [[1.0, 2.0, 2.0], [2.0, 2.0, 2.0]]
    assert queue["bands"] == [{"from": 600.0, "to": 1200.0, "kind": "own", "label": "egrul-down"}]


def test_a_fault_elsewhere_is_a_pale_band_without_a_name_and_warm_up_is_marked() -> None:
    fault = FaultView("fns-down", "fns", "outage", 600.0, 1e9, None, None)
    data = chart_data(tiny(faults=[fault], warmup_s=60.0), "ru")
    assert data["charts"]["station-0-queue"]["bands"] == [
        {"from": 0.0, "to": 60.0, "kind": "warmup", "label": "разогрев"},
        {"from": 600.0, "to": 7200.0, "kind": "other", "label": ""},
    ]


def test_times_are_drawn_between_the_first_and_last_bin_that_hold_cases() -> None:
    histogram = Histogram([0.0, 10.0, 100.0, 1000.0, 10000.0], [0, 30, 90, 0])
    journey = replace(JOURNEY, histogram=histogram)
    chart = chart_data(tiny(journeys=[journey]), "ru")["charts"]["journey-0-histogram"]
    assert chart["x"] == pytest.approx([1.0, 2.0, 3.0])
    assert [s["values"] for s in chart["series"]] == [[0.25, 0.75, 0.75], [0.0, 0.25, 1.0]]
    assert chart["series"][1]["words"] == ["0\u00a0%", "25,0\u00a0%", "100\u00a0%"]


def test_a_first_bin_from_zero_and_a_last_without_end_get_an_edge_on_the_log_axis() -> None:
    histogram = Histogram([0.0, 10.0, math.inf], [1, 1])
    journey = replace(JOURNEY, histogram=histogram)
    chart = chart_data(tiny(journeys=[journey]), "ru")["charts"]["journey-0-histogram"]
    assert chart["x"] == pytest.approx([math.log10(5), 1.0, math.log10(15)])


def test_without_completions_there_is_no_chart_of_times() -> None:
    journey = replace(JOURNEY, histogram=Histogram([0.0, 1.0], [0]), days=[])
    charts = chart_data(replace(without_completions(), journeys=[journey]), "en")["charts"]
    assert sorted(charts) == ["journey-0-inside", "station-0-load", "station-0-queue"]
    assert occupied(journey.histogram) is None


def test_quantiles_stand_at_the_local_midnight_of_their_day() -> None:
    chart = chart_data(tiny(), "ru")["charts"]["journey-0-days"]
    # The run starts at 09:00.
    assert chart["x"] == [-9 * 3600.0]
    assert [s["values"] for s in chart["series"]] == [[60.0], [80.0], [90.0]]


def test_an_unlimited_station_has_no_line_of_capacity() -> None:
    station = replace(STATION, capacity=[math.inf, math.inf])
    load = chart_data(tiny(stations=[station]), "ru")["charts"]["station-0-load"]
    assert len(load["series"]) == 1


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (0.0, ["0"]),
        (1.0, ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]),
        (7.0, ["0", "2", "4", "6"]),
        (1840.0, ["0", "500", "1000", "1500"]),
        (61000.0, ["0", "20\u202f000", "40\u202f000", "60\u202f000"]),
    ],
)
def test_ticks_of_counts_are_round(top: float, labels: list[str]) -> None:
    assert [label for _, label in nice_ticks(top, "ru")] == labels


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (100.0, ["0 s", "20 s", "40 s", "1 min", "1 min 20 s", "1 min 40 s"]),
        (4 * 3600.0, ["0 s", "1 h", "2 h", "3 h", "4 h"]),
        (9 * 86400.0, ["0 s", "2 days", "4 days", "6 days", "8 days"]),
    ],
)
def test_ticks_of_durations_are_round(top: float, labels: list[str]) -> None:
    assert [t.replace("\u00a0", " ") for _, t in duration_ticks(top, "en")] == labels

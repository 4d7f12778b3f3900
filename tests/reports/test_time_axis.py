"""Where time axes end."""

from dataclasses import replace

from reports.simulation.charts import simulation_charts
from reports.simulation.page import simulation_page
from reports.simulation.time_axis import drawn_bins, journey_bins, station_bins
from tests.reports.tiny import JOURNEY, MADE, STATION, tiny

BUSY = [1.0] * 9
CALM = [0.0] * 10
# A thousandth of the sum in the fifth bin and later, less in the sixth and later.
STRAGGLER = [9990.0, 0.0, 0.0, 0.0, 4.0, 2.0, 1.0, 1.0, 1.0, 1.0]


def test_a_tail_with_less_than_a_thousandth_of_the_sum_is_cut() -> None:
    assert drawn_bins([STRAGGLER]) == 5
    assert drawn_bins([[9991.0, *STRAGGLER[1:4], 3.0, *STRAGGLER[5:]]]) == 1


def test_the_axis_goes_as_far_as_any_of_its_series() -> None:
    assert drawn_bins([STRAGGLER, [0.0] * 6 + [0.001] + [0.0] * 3]) == 7
    assert drawn_bins([STRAGGLER, CALM]) == 5


def test_a_tail_shorter_than_a_tenth_of_the_axis_stays() -> None:
    assert drawn_bins([[*BUSY, 0.0]]) == 9
    assert drawn_bins([[*BUSY, *BUSY, 1.0, 0.0]]) == 20


def test_an_axis_where_nothing_happens_is_whole() -> None:
    assert drawn_bins([CALM]) == 10
    assert drawn_bins([]) == 0


def test_stations_share_one_end_and_journeys_have_their_own() -> None:
    capacity = [2.0] * 10
    early = replace(STATION, waiting=CALM, busy=STRAGGLER, capacity=capacity)
    late = replace(early, name="fns", waiting=[0.0] * 6 + [3.0] + [0.0] * 3, busy=CALM)
    journey = replace(JOURNEY, inside=STRAGGLER)
    result = tiny(stations=[early, late], journeys=[journey], end_s=36000.0)
    assert (station_bins(result), journey_bins(journey)) == (7, 5)
    drawn = simulation_charts(result, "en")
    # One more edge than bins.
    assert len(drawn.x) == len(drawn.labels) == 8
    lengths = {
        id_: {len(series.values) for series in chart.series}
        for id_, chart in drawn.charts.items()
        if chart.kind == "time"
    }
    assert lengths == {
        "station-0-queue": {8}, "station-0-load": {8}, "station-1-queue": {8},
        "station-1-load": {8}, "journey-0-inside": {6},
    }  # fmt: skip
    page = simulation_page(result, MADE, "en").replace("\u00a0", " ")
    assert page.count("After 20 April, 16:00 all is empty: what follows is less than 0.1%") == 1
    assert page.count("After 20 April, 14:00 all is empty: what follows is less than 0.1%") == 1


def test_nothing_is_said_of_an_axis_that_is_whole() -> None:
    assert "all is empty" not in simulation_page(tiny(), MADE, "en")

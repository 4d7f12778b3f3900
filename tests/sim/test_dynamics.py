"""Backlogs around faults, spans of bottlenecks, and what a little more of something does."""

from dataclasses import replace

import pytest

from reports.simulation.bottleneck import spans
from reports.simulation.dynamics import dynamics
from reports.simulation.page import simulation_page
from reports.summary import summary
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.replication import Replication
from sim.experiments.results import Figure, Result
from sim.experiments.watch import Kept
from sim.studies.listening import Unheard
from sim.studies.runs import Runs
from sim.studies.sensitivity import larger, with_sensitivity
from tests.reports.tiny import MADE, tiny

# A case a minute of half a minute of work, for six hours; the desk is slow in the third hour.
SLOW = """
version: 1
name: Slow
replications: 3
calendar: {start: 2026-04-20T00:00, HORIZON arrivals_until: 2026-04-20T06:00}
stations:
  desk: {servers: 1, service: {constant: 30s}}
  idle: {servers: 5, service: {constant: 1s}}
arrivals: [{journey: j, rate: {per_hour: 60}}]
journeys:
  j:
    start: ask
    nodes: {ask: {serve: desk, next: look}, look: {serve: idle, next: done}, done: {end: completed}}
population: {defects: {}}
faults:
  - {id: slow, service: desk, kind: slow, factor: FACTOR, from: 2026-04-20T02:00, for: 1h}
objectives:
  - {id: quick, journey: j, within: 5m, at_least: 0.9}
  - {id: recovers, metric: recovery.slow, at_most: 3h}
"""


def slow(factor: float, horizon: str = "") -> CompleteScenario:
    return loads(SLOW.replace("FACTOR", str(factor)).replace("HORIZON", horizon))


def run(scenario: CompleteScenario) -> tuple[Result, list[Replication]]:
    kept = Kept()
    return experiment(scenario, backend=LocalBackend(1), watch=kept), kept.done


def test_backlog_that_comes_back_down_is_told_with_its_peak_and_when() -> None:
    result, _ = run(slow(4))
    (backlog,) = result.backlogs
    # An hour of two minutes a case: half of some sixty wait when it ends, at one a half-minute
    # gained they are gone in about half an hour.
    assert (backlog.fault, backlog.came_back, backlog.replications) == ("slow", 3, 3)
    assert backlog.before.value is not None
    assert backlog.before.value < 2
    assert backlog.peak.value is not None
    assert 15 < backlog.peak.value < 45
    assert 2.7 * 3600 < backlog.peak_s < 3.2 * 3600
    assert backlog.back_s.value is not None
    assert 600 < backlog.back_s.value < 3 * 3600
    assert dynamics(result, "en")["backlogs"][0].verdict == "comes back down"


def test_backlog_that_stays_up_to_the_end_is_told() -> None:
    result, _ = run(slow(40, horizon="horizon: 2026-04-20T03:30,"))
    (backlog,) = result.backlogs
    assert (backlog.came_back, backlog.replications) == (0, 3)
    assert backlog.back_s.value is None
    row = dynamics(result, "en")["backlogs"][0]
    assert (row.down, row.verdict) == (
        False, "stays up to the end of the run, though the fault is over",
    )  # fmt: skip


def test_fault_that_has_not_ended_has_no_backlog_to_judge() -> None:
    result, _ = run(slow(4, horizon="horizon: 2026-04-20T02:30,"))
    assert list(result.backlogs) == []


@pytest.mark.parametrize(
    ("end", "hour", "told"),
    [("03:00", "1h", 0), ("03:01", "1h", 1), ("02:59", "3510s", 0), ("03:00", "3510s", 1)],
)
def test_fault_after_which_no_bin_is_left_has_no_backlog_to_judge(
    end: str, hour: str, told: int
) -> None:
    horizon = f"horizon: 2026-04-20T{end},"
    text = (
        SLOW.replace("FACTOR", "40").replace("HORIZON", horizon).replace("for: 1h", f"for: {hour}")
    )
    result, _ = run(loads(text))
    assert result.bin_s == 60.0
    assert len(result.backlogs) == told


def test_run_that_ends_empty_with_its_fault_came_back_down() -> None:
    text = SLOW.replace("FACTOR", "2").replace("HORIZON", "").replace("06:00", "02:00")
    result, _ = run(loads(text.replace("for: 1h", "for: 1ms")))
    (backlog,) = result.backlogs
    assert backlog.came_back == backlog.replications > 0


def test_spans_are_of_the_station_with_most_waiting_and_break_where_hardly_anybody_waits() -> None:
    base = tiny()
    station = base.stations[0]
    first = replace(station, name="a", waiting=[0.5, 2.0, 4.0, 1.0, 0.0], busy=[0, 1, 1, 1, 0],
                    capacity=[1, 1, 1, 1, 1])  # fmt: skip
    other = replace(station, name="b", waiting=[0.9, 1.0, 1.0, 3.0, 0.2], busy=[0, 0, 0, 2, 0],
                    capacity=[0, 0, 0, 0, 0])  # fmt: skip
    found = spans(replace(base, stations=[first, other], bin_s=3600.0, faults=[]))
    assert [(s.station, s.first, s.last) for s in found] == [("a", 1, 3), ("b", 3, 4)]
    assert found[0].waiting == pytest.approx(3.0)
    assert found[0].part == pytest.approx(6 / 8)
    assert found[0].utilisation == pytest.approx(1.0)
    assert found[1].utilisation is None  # closed
    assert found[1].part == pytest.approx(3 / 4)


def test_sensitivity_finds_the_station_that_matters_and_runs_none_at_which_nobody_waits() -> None:
    scenario = slow(4)
    result, done = run(scenario)
    points: list[str] = []

    class Heard(Unheard):
        def point(self, name: str) -> None:
            points.append(name)

    full = with_sensitivity(result, done, scenario, Runs(LocalBackend(1), listener=Heard()))
    assert points == ["desk", "faults=[]"]
    assert full.sensitivity is not None
    desk, idle = full.sensitivity
    assert (desk.name, desk.before, desk.after) == ("desk", 1.0, 2.0)
    more = desk.changes["quick"]
    assert more.low is not None
    assert more.low > 0.03  # a second server saves most of those who were late
    assert {figure.value for figure in idle.changes.values()} == {0.0}
    rows = dynamics(full, "en")
    assert [row.name for row in rows["sensitivity"]] == ["desk"]
    assert rows["insensitive"] == "idle"
    # Nothing else changes, and the summary has it only if it was asked for.
    assert replace(full, sensitivity=None, excess=None) == result
    assert "sensitivity" not in summary(result)
    assert summary(full)["sensitivity"]["station.desk"]["after"] == 2.0


def test_change_of_a_figure_that_some_pairs_have_on_one_side_only_is_unknown() -> None:
    scenario = slow(4)
    result, done = run(scenario)
    # As if the first run had not recovered: with a second server it does.
    never = {**done[0].figures, "recovery.slow": None}
    some = [replace(done[0], figures=never), *done[1:]]
    full = with_sensitivity(result, some, scenario, Runs(LocalBackend(1)))
    assert full.sensitivity is not None
    desk, _ = full.sensitivity
    assert desk.changes["recovers"] == Figure(None)
    assert desk.changes["quick"].value is not None
    (row,) = dynamics(full, "en")["sensitivity"]
    assert [cell.value for cell in row.cells][1:] == ["—"]
    lone = replace(desk, changes={"quick": Figure(0.0, 0.0, 0.0), "recovers": Figure(None)})
    told = dynamics(replace(full, sensitivity=[lone]), "en")
    assert (told["sensitivity"], told["untold"], told["insensitive"]) == ([], "desk", "")


def test_sensitivity_without_objectives_runs_only_what_tells_the_excess_and_says_why() -> None:
    text = SLOW.replace("FACTOR", "4").replace("HORIZON", "")
    scenario = loads(text[: text.index("objectives:")])
    result, done = run(scenario)
    points: list[str] = []

    class Heard(Unheard):
        def point(self, name: str) -> None:
            points.append(name)

    full = with_sensitivity(result, done, scenario, Runs(LocalBackend(1), listener=Heard()))
    assert points == ["faults=[]"]
    assert full.sensitivity == []
    assert full.excess is not None
    page = simulation_page(full, MADE, "en")
    assert "The scenario has no objectives, so neither capacity nor errors were changed." in page
    assert "Change no objective noticeably" not in page


def test_excess_is_what_is_inside_only_because_of_the_faults() -> None:
    scenario = slow(4)
    result, done = run(scenario)
    full = with_sensitivity(result, done, scenario, Runs(LocalBackend(1), listener=Unheard()))
    excess = full.excess
    assert excess is not None
    assert (excess.gone, excess.replications) == (3, 3)
    assert excess.peak.value is not None
    assert 15 < excess.peak.value < 45
    assert excess.gone_s.value is not None
    assert 600 < excess.gone_s.value < 3 * 3600
    told = dynamics(full, "en")["excess"].replace("\u00a0", " ")
    assert told.startswith("Against the same replications without faults, the most cases too many")
    harmless = slow(1)
    calm, runs = run(harmless)
    same = with_sensitivity(calm, runs, harmless, Runs(LocalBackend(1), listener=Unheard()))
    assert dynamics(same, "en")["excess"] == "without faults there would be as many"


def test_more_servers_are_one_more_at_least_once_scaled_and_none_stays_none() -> None:
    plan = loads(
        SLOW.replace("FACTOR", "2").replace("HORIZON", "").replace(
            "servers: 1,", "servers: {shifts: [{days: all, from: '00:00', to: '24:00', count: 30},"
            " {days: [sat], from: '00:00', to: '24:00', count: 0}]},",
        )
    )  # fmt: skip
    shifts = larger(plan.stations["desk"], 1.0).servers.shifts  # type: ignore[union-attr]
    assert [row.count for row in shifts] == [33, 0]
    small = larger(plan.stations["desk"], 0.1).servers.shifts  # type: ignore[union-attr]
    assert [row.count for row in small] == [40, 0]

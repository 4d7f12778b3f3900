"""What replications say together: drawn journeys, series, notes."""

from pathlib import Path

import pytest

from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.results import Result
from sim.experiments.setting import Setting

HEAD = """
version: 1
name: assembly
replications: 2
calendar: {start: 2026-01-05T00:00, horizon: 3h}
"""
TWO_CASES = "time\n2026-01-05T00:00:00\n2026-01-05T00:10:00\n"


def run(text: str, folder: Path, scale: float = 1.0) -> Result:
    (folder / "two.csv").write_text(TWO_CASES, encoding="utf-8")
    return experiment(loads(HEAD + text, folder=folder), Setting(scale), backend=LocalBackend(1))


def test_a_scenario_without_stations_has_series_of_its_journeys(tmp_path: Path) -> None:
    result = run(
        """
stations: {}
arrivals: [{journey: j, instants: two.csv}]
journeys: {j: {start: a, nodes: {a: {delay: {constant: 90m}, next: d}, d: {end: completed}}}}
""",
        tmp_path,
    )
    (journey,) = result.journeys
    assert result.stations == []
    assert sum(journey.arrived) == 2
    assert sum(journey.inside) * result.bin_s == 2 * 90 * 60


def test_edges_carry_the_cases_that_took_them_and_failures_are_marked(tmp_path: Path) -> None:
    result = run(
        """
stations: {desk: {servers: 1, service: {constant: 30m}, queue_limit: 0}}
arrivals: [{journey: j, instants: two.csv}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: done, fail: {to: ask, after: {constant: 30m}, max: 3, give_up: lost}}
      done: {end: completed}
      lost: {end: abandoned}
""",
        tmp_path,
    )
    (journey,) = result.journeys
    assert [(n.id, n.kind, n.station, n.entered, n.completed) for n in journey.nodes] == [
        ("ask", "serve", "desk", 3.0, None),
        ("done", "end", None, 2.0, True),
        ("lost", "end", None, 0.0, False),
    ]
    assert {(f.source, f.target, f.kind, f.count) for f in journey.flows} == {
        ("ask", "ask", "fail", 1.0),
        ("ask", "done", "next", 2.0),
        ("ask", "lost", "fail", 0.0),
    }


def test_an_undrawn_end_of_a_sub_journey_is_shown_only_if_somebody_reached_it(
    tmp_path: Path,
) -> None:
    journeys = """
arrivals: [{journey: j, instants: two.csv}]
journeys:
  j: {start: sub, nodes: {sub: {run: inner, next: done, fail: done}, done: {end: completed}}}
  inner: {start: ask, nodes: {ask: {serve: desk, next: end}, end: {end: completed}}}
"""
    roomy = run("stations: {desk: {servers: 2, service: {constant: 30m}}}" + journeys, tmp_path)
    full = run(
        "stations: {desk: {servers: 1, service: {constant: 30m}, queue_limit: 0}}" + journeys,
        tmp_path,
    )
    assert [n.id for n in roomy.journeys[0].nodes] == ["sub", "done", "sub/ask", "sub/end"]
    assert [(n.id, n.entered) for n in full.journeys[0].nodes] == [
        ("sub", 2.0), ("done", 2.0), ("sub/ask", 2.0), ("sub/end", 1.0), ("sub/abandoned", 1.0),
    ]  # fmt: skip


def test_a_scale_tells_which_capacities_it_rounded_and_that_instants_are_replayed(
    tmp_path: Path,
) -> None:
    text = """
stations:
  many: {servers: 100, service: {constant: 1m}}
  few: {servers: 5, service: {constant: 1m}}
  clerks:
    servers: {shifts: [{days: all, from: "00:00", to: "24:00", count: 4}]}
    service: {constant: 1m}
arrivals: [{journey: j, instants: two.csv}]
journeys:
  j:
    start: many
    nodes:
      many: {serve: many, next: few}
      few: {serve: few, next: clerks}
      clerks: {serve: clerks, next: done}
      done: {end: completed}
"""
    assert run(text, tmp_path).notes == []
    assert run(text, tmp_path, scale=0.1).notes == [
        "replayed-not-scaled", "scale-rounding:few=1/0.5", "scale-rounding:clerks=1/0.4",
    ]  # fmt: skip


def test_a_fault_without_an_end_is_drawn_to_the_end_of_the_charts(tmp_path: Path) -> None:
    result = run(
        """
stations: {desk: {servers: 1, service: {constant: 30m}, timeout: 10m}}
arrivals: [{journey: j, instants: two.csv}]
journeys: {j: {start: a, nodes: {a: {serve: desk, next: d}, d: {end: completed}}}}
faults: [{id: down, service: desk, kind: outage}]
""",
        tmp_path,
    )
    (fault,) = result.faults
    assert (fault.from_s, fault.to_s) == (0.0, 3 * 3600.0)
    assert result.figures["recovery.down"].value is None


def test_a_station_that_nobody_asks_is_told(tmp_path: Path) -> None:
    journeys = """
arrivals: [{journey: j, instants: two.csv}]
journeys: {j: {start: a, nodes: {a: {serve: desk, next: d}, d: {end: completed}}}}
"""
    desks = "desk: {servers: 1, service: {constant: 1m}}"
    text = f"stations: {{{desks}, desk2: {{servers: 1, service: {{constant: 1m}}}}}}" + journeys
    assert run(text, tmp_path).notes == ["station-unused:desk2"]
    assert run(f"stations: {{{desks}}}" + journeys, tmp_path).notes == []


@pytest.mark.parametrize(
    ("policy", "notes"),
    [
        ("{}", []),
        ("{BND-06.head_confirm_ttl_h: 24, BND.confirmation: head}", []),
        ("{BND-06.head_confirm_ttl_h: 72}", []),
        ("{VER-02.guarantee_working_days: 1}", ["policy-unused:VER-02.guarantee_working_days"]),
        ("{VER-02.typical_h: [12, 24]}", ["policy-unused:VER-02.typical_h"]),
    ],
)
def test_a_policy_that_the_model_does_not_read_is_told(
    policy: str, notes: list[str], tmp_path: Path
) -> None:
    text = f"""
policy: {policy}
stations: {{}}
arrivals: [{{journey: binding, instants: two.csv}}]
journeys: {{binding: builtin}}
"""
    assert run(text, tmp_path).notes == notes


def test_a_policy_that_changes_a_default_station_acts_unless_the_scenario_gives_the_station(
    tmp_path: Path,
) -> None:
    text = """
policy: {VER-02.typical_h: [12, 24]}
arrivals: [{journey: verification, instants: two.csv}]
journeys: {verification: builtin}
"""
    given = "{servers: 2, service: {constant: 1h}}"
    assert run(text + "stations: {}", tmp_path).notes == []
    both = f"stations: {{fns: {given}, pfr: {given}}}"
    assert run(text + both, tmp_path).notes == ["policy-unused:VER-02.typical_h"]


def test_a_fault_that_the_run_did_not_reach_is_told(tmp_path: Path) -> None:
    text = """
version: 1
name: late
replications: 2
calendar: {start: 2026-01-05T00:00}
stations: {desk: {servers: 1, service: {constant: 30m}, timeout: 2h}}
arrivals: [{journey: j, instants: two.csv}]
journeys: {j: {start: a, nodes: {a: {serve: desk, next: d}, d: {end: completed}}}}
faults: [{id: down, service: desk, kind: outage, from: 2026-01-05T05:00, for: 1h}]
"""
    (tmp_path / "two.csv").write_text(TWO_CASES, encoding="utf-8")
    assert experiment(loads(text, folder=tmp_path), backend=LocalBackend(1)).notes == [
        "fault-not-begun:down"
    ]

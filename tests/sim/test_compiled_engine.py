"""What the compiled loop comes back for: arrays that are full, and things it has to be told."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.engines.choice import Unsupported, chosen, simulate
from sim.engines.compiled import arrays, engine
from sim.engines.compiled.words import TooLarge, word_sizes
from sim.engines.recording import VISIT
from sim.engines.run import EndlessCase
from sim.model.judging import FlowJudge, Judge
from sim.model.model import Model, compile_model
from tests.sim.test_engines_agree import SCENARIOS, recorded, scaled
from tests.sim.tracing import ONE_DESK, scenario

DESK = "stations: {desk: {servers: 1, service: {constant: 10s}}}"


def agree(model: Model) -> None:
    assert recorded("compiled", model, 0) == recorded("simpy", model, 0)


def test_cases_in_flight_may_be_more_than_there_was_room_for() -> None:
    text = """
calendar: {start: 2026-04-20T00:00, horizon: 30h, arrivals_until: 2026-04-20T10:00}
arrivals: [{journey: j, rate: {per_hour: 300}}]
stations: {}
journeys: {j: {start: wait, nodes: {wait: {delay: {uniform: {low: 10h, high: 40h}}, next: done},
    done: {end: completed}}}}
"""
    model = compile_model(scenario(text))
    agree(model)
    run, _, _ = recorded("compiled", model, 0)
    assert not isinstance(run, str)
    assert len(run.unfinished) > 256


def test_room_is_made_in_time_however_small_the_arrays_begin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for size in ("SLOTS", "FRAMES", "ROWS"):
        monkeypatch.setattr(arrays, size, 32)
    for path in SCENARIOS[-2:]:
        agree(scaled(path))


def test_hundreds_of_servers_stop_at_one_instant() -> None:
    text = """
calendar: {start: 2026-04-20T00:00, horizon: 30h, arrivals_until: 2026-04-20T06:00}
arrivals: [{journey: j, rate: {per_hour: 160}}]
stations:
  desk:
    servers: {shifts: [{days: all, from: "00:00", to: "04:00", count: 320}]}
    service: {uniform: {low: 3h, high: 9h}}
    shift_end: suspend
    timeout: 20h
    queue_limit: 400
faults: [{id: f, service: desk, kind: outage, from: 2026-04-20T02:00, for: 20m}]
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done, fail: again},
    again: {delay: {constant: 5m}, next: ask}, done: {end: completed}}}}
"""
    agree(compile_model(scenario(text)))


def test_a_year_of_shifts_and_working_days_is_told_in_parts() -> None:
    text = """
calendar: {start: 2026-01-01T00:00, horizon: 400d}
arrivals: [{journey: j, rate: {per_day: 2}}]
stations:
  desk:
    servers: {shifts: [{days: working, from: "09:00", to: "18:00", count: 1}]}
    service: {exponential: {mean: 2h}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: answer},
    answer: {delay: {exponential: {mean: 4d}}, within: 3wd, late: lost, next: done},
    done: {end: completed}, lost: {end: abandoned}}}}
"""
    agree(compile_model(scenario(text)))


def test_cancelled_events_do_not_fill_the_heap() -> None:
    text = """
calendar: {start: 2026-04-20T00:00, horizon: until_empty, arrivals_until: 2026-04-20T09:00}
arrivals: [{journey: j, rate: {per_hour: 4000}}]
stations: {desk: {servers: 1, service: {constant: 850ms}, patience: {constant: 90h}, timeout: 99h}}
"""
    model = compile_model(scenario(text + ONE_DESK))
    agree(model)
    _, visits, _ = recorded("compiled", model, 0)
    waited = sum(row[VISIT.START] > row[VISIT.ENTER] for row in visits)
    assert 2 * waited > 1 << 16  # a timer and patience of each were cancelled
    simulation = engine._Simulation(model, 0, [], 0, None)
    simulation.run()
    assert len(simulation.arrays["cells"]) <= 1 << 16


def test_sub_journeys_that_all_end_in_one_instant_find_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrays, "ROWS", 64)
    inner = "start: go, nodes: {go: {run: s%d, next: done}, done: {end: completed}}"
    think = "start: think, nodes: {think: {delay: {exponential: {mean: 1m}}, next: done}"
    depth = 29
    text = f"""
calendar: {{start: 2026-04-20T00:00, horizon: until_empty, arrivals_until: 2026-04-20T01:00}}
arrivals: [{{journey: plain, rate: {{per_hour: 900}}}}, {{journey: s0, rate: {{per_hour: 1000}}}}]
stations: {{}}
journeys:
  plain: {{{think}, done: {{end: completed}}}}}}
{chr(10).join(f"  s{n}: {{{inner % (n + 1)}}}" for n in range(depth))}
  s{depth}: {{{think}, done: {{end: completed}}}}}}
"""
    agree(compile_model(scenario(text)))


POLLING = """
calendar: {start: 2026-04-20T00:00, horizon: 4h, arrivals_until: 2026-04-20T00:01}
arrivals: [{journey: j, rate: {per_second: 2}}]
stations: {}
journeys: {j: {start: poll, nodes: {poll: {delay: {constant: 1s}, next: again},
    again: {choose: [{to: done, p: 0.000001}, {to: poll, p: 0.999999}]}, done: {end: completed}}}}
"""


def test_a_run_that_records_nothing_tells_how_far_it_is_and_can_be_stopped() -> None:
    model = compile_model(scenario(POLLING))
    told: list[int] = []

    def interrupt(now: int) -> None:
        told.append(now)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate("compiled", model, 0, [], 0, interrupt)
    assert model.horizon_us is not None
    assert 0 < told[0] < model.horizon_us


def test_a_case_that_comes_to_a_node_too_often_is_named(tmp_path: Path) -> None:
    text = """
stations: {}
journeys: {j: {start: poll, nodes: {poll: {delay: {constant: 1us}, next: again},
    again: {choose: [{to: done, p: 1.0e-12}, {to: poll, p: 0.999999999999}]},
    done: {end: completed}}}}
"""
    model = compile_model(scenario(text, tmp_path, j=[0]))
    told, _, _ = recorded("compiled", model, 0)
    assert told == repr(EndlessCase("j", 0, "j.poll").args)


def test_replayed_arrivals_and_observed_durations(tmp_path: Path) -> None:
    (tmp_path / "seconds.csv").write_text("seconds\n1\n2\n2\n30\n", encoding="utf-8")
    text = "stations: {desk: {servers: 1, service: {empirical: seconds.csv}}}" + ONE_DESK
    agree(compile_model(scenario(text, tmp_path, j=[0, 0, 1, 1, 1.5, 40])))


def test_a_run_without_arrivals_ends_at_once(tmp_path: Path) -> None:
    text = """
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T01:00}
arrivals: [{journey: j, rate: {per_day: 0}}]
"""
    model = compile_model(scenario(text + DESK + ONE_DESK))
    agree(model)


def test_a_case_that_can_never_end_is_named_by_both_engines(tmp_path: Path) -> None:
    text = "stations: {desk: {servers: 0, service: {constant: 1s}}}"
    model = compile_model(scenario(text + ONE_DESK, tmp_path, j=[5, 3]))
    agree(model)
    told, _, _ = recorded("compiled", model, 0)
    assert told == repr(EndlessCase("j", 0, "j.ask").args)


# --- choice ---------------------------------------------------------------------------------------


class Somebody:
    """Judges that are code, not defects."""

    def of_replication(self, model: Model, replication: int) -> Judge:
        """The defects after all."""
        return FlowJudge()


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return compile_model(scenario(DESK + ONE_DESK, tmp_path, j=[0] * 10))


def test_auto_compiles_for_many_cases_only(model: Model) -> None:
    assert chosen("auto", model, 4_999) == "simpy"
    assert chosen("auto", model, 5_000) == "compiled"
    assert chosen("simpy", model, 5_000) == "simpy"
    assert chosen("compiled", model, 1) == "compiled"


def test_whose_gates_are_decided_by_other_code_runs_on_simpy(model: Model) -> None:
    judged = replace(model, judges=Somebody())
    assert chosen("auto", judged, 10**6) == "simpy"
    with pytest.raises(Unsupported) as told:
        chosen("compiled", judged, 1)
    assert told.value.reason == "judges"


def test_a_model_whose_events_fit_no_word_runs_on_simpy(tmp_path: Path) -> None:
    desk = DESK.replace("10s}", "10s}, retry: {max: 200000000, backoff: 1s}", 1)
    model = compile_model(scenario(desk + ONE_DESK, tmp_path, j=[0] * 10))
    many = replace(model, graph=replace(model.graph, nodes=model.graph.nodes * 1_000))
    with pytest.raises(TooLarge) as needed:
        word_sizes(many)
    assert needed.value.needed > 63
    assert chosen("auto", many, 10**6) == "simpy"
    with pytest.raises(Unsupported) as told:
        chosen("compiled", many, 1)
    assert told.value.reason == "size"

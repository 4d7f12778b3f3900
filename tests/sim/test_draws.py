"""Draws: each number belongs to its key, so nothing else's numbers change when a model grows."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from sim.model.first_draws import NOT_DRAWN, FirstDraws
from sim.model.graph import DelayNode, ServeNode
from sim.model.keys import entity_stream, replication_key
from sim.model.model import compile_model
from tests.sim.tracing import figures, scenario, trace_model
from world.attempts import service_k
from world.draws import combine

SMALL = """
seed: 7
arrivals: [{journey: j, rate: {per_hour: 120}}%s]
population: {organizations: 50, defects: {inn_of_other_org: 0.3}}
stations:
  desk: {servers: 1, service: {exponential: {mean: 20s}}, patience: {exponential: {mean: 60s}},
         timeout: 5m, retry: {max: 2, backoff: 5s, jitter: 0.5}}
%s
faults: [{id: f, service: desk, kind: error, p: 0.1}]
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: luck, fail: {to: ask, after: {exponential: {mean: 1m}}, max: 1}}
      luck: {choose: [{to: gate, p: 0.5}, {to: rest, p: 0.5}]}
      gate: {check: [REG-02], next: done, fail: rest}
      rest: {delay: {lognormal: {mean: 30s, cv: 1}}, next: done}
      done: {end: completed}
%s
"""
OTHER_STATION = "  other: {servers: 1, service: {exponential: {mean: 30s}}}"
OTHER_JOURNEY = """
  k: {start: ask, nodes: {ask: {serve: other, next: done}, done: {end: completed}}}
"""
OTHER_ARRIVALS = ", {journey: k, rate: {per_hour: 60}}"


def figures_of(text: str) -> dict[str, float | None]:
    return figures(scenario(text, horizon="6h")).figures


def test_an_unrelated_station_changes_no_other_figure() -> None:
    alone = figures_of(SMALL % ("", "", ""))
    grown = figures_of(SMALL % ("", OTHER_STATION, ""))
    assert {key: grown[key] for key in alone} == alone


def test_an_unrelated_journey_with_arrivals_changes_no_figure_of_the_others() -> None:
    alone = figures_of(SMALL % ("", OTHER_STATION, ""))
    grown = figures_of(SMALL % (OTHER_ARRIVALS, OTHER_STATION, OTHER_JOURNEY))
    own = [key for key in alone if key.startswith(("journeys.j.", "stations.desk.", "rejections"))]
    assert {key: grown[key] for key in own} == {key: alone[key] for key in own}
    assert grown["journeys.k.completed"] != 0.0


def test_the_same_seed_gives_the_same_figures_and_another_seed_others() -> None:
    text = SMALL % ("", "", "")
    assert figures_of(text) == figures_of(text)
    assert figures_of(text) != figures_of(text.replace("seed: 7", "seed: 8"))


def test_replications_differ() -> None:
    complete = scenario(SMALL % ("", "", ""), horizon="6h")
    assert figures(complete, 0).figures != figures(complete, 1).figures


SERVICES = """
seed: 5
arrivals: [{journey: j, rate: {per_hour: %d}}]
stations: {desk: {servers: %d, service: {exponential: {mean: 20s}}}}
journeys: {j: {start: ask, nodes: {ask: {serve: desk, next: done}, done: {end: completed}}}}
"""


def services(rate: int, servers: int) -> dict[str, float]:
    run = trace_model(compile_model(scenario(SERVICES % (rate, servers), horizon="3h")))
    return {
        case: round(end - start, 6)
        for case, _, _, start, end, outcome in run.visits
        if outcome == "served" and start is not None
    }


def test_case_k_has_the_same_service_time_whatever_the_rate_and_the_servers() -> None:
    base = services(60, 1)
    for variant in (services(120, 1), services(60, 3)):
        shared = base.keys() & variant.keys()
        assert len(shared) > 100
        assert {case: base[case] for case in shared} == {case: variant[case] for case in shared}


def test_twice_the_rate_brings_case_k_in_half_the_time() -> None:
    slow, quick = (
        [arrived for _, arrived, _, _ in trace_model(
            compile_model(scenario(SERVICES % (rate, 1000), horizon="3h"))
        ).cases]
        for rate in (60, 120)
    )  # fmt: skip
    for one, other in zip(sorted(slow), sorted(quick), strict=False):
        assert other == pytest.approx(one / 2, abs=2e-6)


def test_first_draws_are_the_draws_of_the_distributions() -> None:
    text = """
seed: 3
arrivals: [{journey: j, rate: {per_hour: 60}}]
stations: {desk: {servers: 1, service: {constant: 20s}}}
journeys:
  j:
    start: n1
    nodes:
      n1: {serve: desk, next: n2}
      n2: {serve: desk, service: {lognormal: {mean: 3m, cv: 2}}, next: n3}
      n3: {delay: {uniform: {low: 1s, high: 9s}}, next: n4}
      n4: {delay: {triangular: {low: 1s, mode: 2s, high: 9s}}, next: n5}
      n5: {delay: {erlang: {k: 3, mean: 9s}}, next: n6}
      n6: {delay: {exponential: {mean: 5m}}, next: n7}
      n7: {delay: {hyperexponential: {p: [0.5, 0.5], means: [1s, 9s]}}, next: done}
      done: {end: completed}
"""
    model = compile_model(scenario(text, horizon="1d"))
    stream = entity_stream(replication_key(3, 0), "j")
    drawn = list(islice(FirstDraws(model.graph, 0).of_cases(stream), 1100))
    for number in (0, 1, 511, 512, 1099):
        key, row = drawn[number]
        assert key == combine(stream, number)
        expected = []
        for node in model.graph.nodes:
            if isinstance(node, ServeNode):
                expected.append(node.service.draw(key, node.key, 0, service_k(0)))
            elif isinstance(node, DelayNode) and not node.path.endswith("n7"):
                expected.append(node.delay.draw(key, node.key, 0, service_k(0)))
            else:
                expected.append(NOT_DRAWN)
        assert row == expected


def test_a_second_visit_and_a_retry_draw_anew(tmp_path: Path) -> None:
    text = """
stations: {desk: {servers: 9, service: {exponential: {mean: 20s}}}}
journeys:
  j:
    start: ask
    nodes:
      ask: {serve: desk, next: again}
      again: {choose: [{to: ask, if: {visits: {ask: {at_most: 4}}}}, {to: done}]}
      done: {end: completed}
"""
    run = trace_model(compile_model(scenario(text, tmp_path, j=[0])))
    times = [end - (start or 0) for _, _, _, start, end, _ in run.visits]
    assert len(set(times)) == len(times) == 5


def test_nobody_applies_twice_before_everybody_did() -> None:
    model = compile_model(scenario(SMALL % ("", "", ""), horizon="6h"))
    people = model.applicants.population
    who = [people.organization_behind(12345, number) for number in range(100)]
    assert sorted(who[:50]) == list(range(50))
    assert who[50:] == who[:50]
    assert who[:50] != sorted(who[:50])


def test_kinds_and_tiers_come_in_their_shares() -> None:
    text = SMALL.replace("organizations: 50", "organizations: 1000000")
    model = compile_model(scenario(text % ("", "", ""), horizon="6h"))
    n = 5000
    traits = [model.applicants.traits(99, number) for number in range(n)]
    kinds = Counter(t.kind for t in traits)
    tiers = Counter(t.tier for t in traits)
    for count, share in ((kinds["legal"], 0.45), (tiers["small"], 0.94), (tiers["large"], 0.01)):
        assert abs(count - share * n) < 4 * (n * share * (1 - share)) ** 0.5

"""Plans on scenarios whose answer can be worked out: what is found, what it costs, what is said."""

import pytest

from reports.provenance import Provenance
from reports.studies.plan import as_data, method, sentences
from reports.studies.plan_page import plan_page
from reports.studies.texts import words
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.objectives import TermShare
from sim.studies.plan import Plan, error_of_one, plan
from sim.studies.runs import Enough, Runs
from sim.studies.samples import Sample
from sim.studies.variation import Point, overrides_of, parse_variation

MADE = Provenance(command="", versions={}, file="two.yaml", changes=[])
# A case every minute (about) needs both desks for a while; two objectives, one stricter.
TWO = """
version: 1
name: Two desks
calendar: {start: 2026-04-20T00:00, arrivals_until: 2026-04-20T08:00}
stations:
  a: {servers: 1, service: {exponential: {mean: 90s}}}
  b: {servers: 1, service: {exponential: {mean: 150s}}}
arrivals: [{journey: j, rate: {per_hour: 60}}]
journeys:
  j:
    start: first
    nodes: {first: {serve: a, next: second}, second: {serve: b, next: done}, done: {end: completed}}
objectives:
  - {id: fast-a, metric: stations.a.wait.mean, at_most: 5m}
  - {id: whole, journey: j, within: 15m, at_least: 0.8}
  - {id: never, metric: journeys.j.time.mean, at_most: 1s}
"""


def planned(
    objectives: list[str], *words: str, change: str = "seed=1", at_most: int = 60, **prices: float
) -> Plan:
    variations = [parse_variation(word) for word in words]

    def scenario_at(point: Point) -> CompleteScenario:
        return loads(TWO, overrides=(change, *overrides_of(variations, point)))

    return plan(
        variations, scenario_at, objectives, Runs(LocalBackend(1)), at_most=at_most,
        prices={f"stations.{key}.servers": price for key, price in prices.items()},
    )  # fmt: skip


def test_one_key_gives_the_least_that_is_enough_and_what_is_short_of_it() -> None:
    found = planned(["fast-a"], "stations.a.servers=1..16")
    assert found.answer.cheapest is not None
    assert found.answer.cheapest.values == ("2",)
    assert [(one.values, one.verdict) for one in found.answer.short] == [(("1",), "fails")]
    assert found.answer.cheapest.cost == 2.0
    assert len(found.judged) <= 5
    told = sentences(found, "en")
    assert told[0] == (
        "stations.a.servers=2 is enough: the cheapest of all with which fast-a is met. Cost 2; "
        "confidence 95%."
    )
    assert told[1].startswith("stations.a.servers=1 is too little: fast-a ")


def test_no_capacity_is_enough_and_the_best_reached_is_told() -> None:
    found = planned(["never"], "stations.a.servers=1..4")
    assert found.answer.cheapest is None
    assert found.answer.most.values == ("4",)
    assert len(found.judged) == 1
    (told,) = sentences(found, "en")
    assert told.startswith("No capacity is enough: even with the most, stations.a.servers=4, never")
    assert as_data(found)["answer"]["cheapest"] is None


def test_least_value_that_is_enough_is_told_to_be_the_least_given() -> None:
    found = planned(["fast-a"], "stations.a.servers=3..5")
    assert found.answer.cheapest is not None
    assert found.answer.cheapest.values == ("3",)
    assert sentences(found, "en")[1] == "No smaller values were given: less may be enough."


def test_each_objective_has_its_own_cost_and_all_together_the_dearest() -> None:
    both = ["fast-a", "whole"]
    found = planned(
        both, "stations.a.servers=1..4", "stations.b.servers=1..4", at_most=12, a=3.0, b=1.0
    )
    costs = {name: one.cheapest.cost for name, one in found.alone.items() if one.cheapest}
    assert found.answer.cheapest is not None
    # Two of a for the first; the second needs at least two of a and three of b, to keep up at all.
    assert costs["fast-a"] == 3.0 * 2 + 1.0
    assert found.answer.cheapest.values[0] == "2"
    assert found.answer.cheapest.cost == max(costs.values())
    assert [one.values for one in found.frontier] == sorted(
        {one.values for one in found.frontier}, key=lambda v: 3.0 * int(v[0]) + int(v[1])
    )
    for one in found.frontier:
        assert one.verdict == "meets"
        assert not any(
            other.verdict == "meets" and other.values != one.values
            and all(int(x) <= int(y) for x, y in zip(other.values, one.values, strict=True))
            for other in found.judged
        )  # fmt: skip


class Told(Runs):
    """Runs whose figures are made up by the number of desks, taking turns around their means."""

    def until(
        self, name: str, scenario: CompleteScenario, enough: Enough, at_least: int, at_most: int
    ) -> list[Sample]:
        servers = int(name.removeprefix("stations.a.servers="))
        time, spread = {2: (1.05, 0.3), 7: (0.5, 0.1), 8: (0.5, 0.1)}.get(servers, (9.0, 0.1))
        samples: list[Sample] = []
        while len(samples) < at_most and not (len(samples) >= at_least and enough(samples)):
            sign = len(samples) % 3 - 1
            figures = {
                "stations.a.wait.mean": (600.0 if servers == 1 else 10.0) + sign,
                "journeys.j.time.mean": time + sign * spread,
                "journeys.j.arrived": 100.0,
            }
            samples.append(Sample(len(samples), figures, {"whole": TermShare(1.0, 0)}))
        return samples


def test_capacity_looked_at_for_one_objective_alone_is_not_asked_for_the_others() -> None:
    variation = parse_variation("stations.a.servers=1..8")

    def scenario_at(point: Point) -> CompleteScenario:
        return loads(TWO, overrides=overrides_of([variation], point))

    found = plan([variation], scenario_at, ["fast-a", "never"], Told(LocalBackend(1)), at_most=60)
    assert found.answer.cheapest is not None
    assert found.answer.cheapest.values == ("7",)
    two = next(one for one in found.judged if one.values == ("2",))
    assert two.replications < 60
    assert two.verdicts == {"fast-a": "meets", "never": "not_asked"}
    assert two.verdict == "not_asked"
    assert words("plan_not_asked", "en") in plan_page(found, MADE, "en")
    data = next(one for one in as_data(found)["judged"] if one["values"] == {variation.key: "2"})
    assert (data["verdict"], data["objectives"]["never"]["verdict"]) == ("not_asked", "not_asked")


def test_capacity_on_its_bound_is_undecided_and_not_the_answer() -> None:
    first = planned(["fast-a"], "stations.a.servers=1..1", at_most=5).answer.most
    on_it = f"objectives.0.at_most={first.objectives[0].figure.value:.3f}s"
    found = planned(["fast-a"], "stations.a.servers=1..2", change=on_it, at_most=5)
    assert found.answer.cheapest is not None
    assert found.answer.cheapest.values[0] == "2"
    (short,) = found.answer.short
    assert (short.verdict, short.replications) == ("undecided", 5)
    told = sentences(found, "en")[1]
    assert "cannot be told even in 5 replications" in told
    assert told.endswith("It may be enough too.")


def test_error_of_a_verdict_is_divided_over_what_a_search_looks_at_and_the_method_says_so() -> None:
    one, ten = parse_variation("a=1..20"), parse_variation("b=1..10")
    assert error_of_one(0.95, [one]) == pytest.approx(0.05 / 6)
    # Ten chains of 29 at most: five halvings and one, and the largest.
    assert error_of_one(0.95, [one, ten]) == pytest.approx(0.05 / 61)
    alone = planned(["fast-a"], "stations.a.servers=1..2", at_most=8)
    told = method(alone, "en")
    assert "one capacity is wrong with a chance of 2.5% at most" in told
    assert "as many as a search looks at, 2 at most. Intervals" in told
    both = planned(["fast-a"], "stations.a.servers=1..5", "stations.b.servers=2..6", at_most=8)
    told = method(both, "en")
    assert "looks at, 26 at most. The confidence is that of the answer with its whole" in told

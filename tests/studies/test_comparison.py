"""Two scenarios on the same random numbers: pairs, their differences and what is said of them."""

import pytest

from reports.provenance import Provenance
from reports.studies.comparison import as_data, rows, sentences
from reports.studies.comparison_page import comparison_page
from scenarios.completion import CompleteScenario
from scenarios.loader import loads
from sim.experiments.backends import LocalBackend
from sim.experiments.experiment import experiment
from sim.experiments.intervals import mean_interval
from sim.experiments.replication import Replication
from sim.experiments.results import Figure
from sim.experiments.watch import Kept
from sim.studies.comparison import Comparison, Difference, compare, difference_of
from sim.studies.runs import Runs

DESK = """
version: 1
name: Desk
seed: {seed}
replications: 6
calendar: {{start: 2026-04-20T00:00, arrivals_until: 2026-04-20T08:00, horizon: {horizon}}}
stations: {{desk: {{servers: {servers}, service: {service}}}}}
arrivals: [{{journey: j, rate: {{per_hour: 10}}}}]
journeys:
  j: {{start: ask, nodes: {{ask: {{serve: desk, next: done}}, done: {{end: completed}}}}}}
objectives:
  - {{id: quick, journey: j, within: 20m, at_least: 0.9}}
  - {{id: {second}}}
"""
BUSY = "{exponential: {mean: 5m}}"
MADE = Provenance(command="", versions={})
FILES = {side: {"file": "desk.yaml", "changes": []} for side in ("A", "B")}
WAIT = "waits, metric: stations.desk.wait.mean, at_most: 5m"


def desk(
    servers: int = 1,
    service: str = BUSY,
    seed: int = 5,
    second: str = WAIT,
    horizon: str = "until_empty",
) -> CompleteScenario:
    return loads(
        DESK.format(servers=servers, service=service, seed=seed, second=second, horizon=horizon)
    )


def compared(a: CompleteScenario, b: CompleteScenario, pairs: int = 6) -> Comparison:
    return compare(a, b, Runs(LocalBackend(1)), pairs)


def of(comparison: Comparison, metric: str) -> Difference:
    found = comparison.of(metric)
    assert found is not None
    return found


def test_difference_is_the_mean_of_pairs_with_the_interval_of_the_paired_t() -> None:
    metric = "journeys.j.time.mean"
    values = {}
    for servers in (1, 2):
        done: list[Replication] = []
        kept = Kept()
        experiment(desk(servers), backend=LocalBackend(1), watch=kept)
        done += kept.done
        values[servers] = [r.figures[metric] or 0.0 for r in done]
    apart = [b - a for a, b in zip(values[1], values[2], strict=True)]
    found = of(compared(desk(1), desk(2)), metric)
    assert found.difference == mean_interval(apart)
    assert (found.a, found.b) == (mean_interval(values[1]), mean_interval(values[2]))
    assert found.verdict == "lower"


def test_scenario_compared_with_itself_differs_in_nothing() -> None:
    comparison = compared(desk(), desk())
    assert {d.verdict for d in comparison.differences} == {"equal"}
    assert rows(comparison, "en") == []
    told = sentences(comparison, "en")
    assert told[0] == "j: times are the same in every replication."
    assert [sentence.endswith("; neither meets it; no difference.") for sentence in told[1:]] == [
        True,
        True,
    ]


def test_both_sides_run_on_the_seed_of_a() -> None:
    comparison = compared(desk(seed=5), desk(seed=6))
    assert {d.verdict for d in comparison.differences} == {"equal"}
    assert comparison.seed == 5


def test_common_numbers_save_replications_against_independent_runs() -> None:
    # The same services a tenth longer: nearly all that varies is common.
    slower = desk(service="{exponential: {mean: 5.5m}}")
    found = of(compared(desk(), slower), "journeys.j.time.mean")
    assert found.verdict == "higher"
    assert found.saving is not None
    assert found.saving > 5


def test_saving_is_the_spread_of_both_sides_over_that_of_thedifference_of() -> None:
    # Var(1, 2, 4) = 7/3, Var(2, 4, 8) = 28/3, Var(1, 2, 4) = 7/3 of the differences: 5.
    found = difference_of("journeys.j.arrived", [1.0, 2.0, 4.0], [2.0, 4.0, 8.0])
    assert found.saving == pytest.approx(5.0)
    assert difference_of("journeys.j.arrived", [1.0, 2.0], [2.0, 4.0]).saving is None
    assert difference_of("journeys.j.arrived", [1.0] * 3, [2.0] * 3).saving is None


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        (Figure(-1.0, -2.0, -0.1), "lower"),
        (Figure(1.0, 0.1, 2.0), "higher"),
        (Figure(1.0, 0.0, 2.0), "unclear"),
        (Figure(-1.0, -2.0, 0.0), "unclear"),
        (Figure(0.0, 0.0, 0.0), "equal"),
        (Figure(1.0), "unclear"),
        (Figure(None), "absent"),
    ],
)
def test_verdict_needs_an_interval_that_does_not_touch_zero(
    difference: Figure, verdict: str
) -> None:
    figure = Figure(1.0)
    assert Difference("journeys.j.arrived", figure, figure, difference, None).verdict == verdict


def test_sentences_say_how_much_sooner_and_which_objectives_only_one_side_meets() -> None:
    comparison = compared(desk(1), desk(2))
    told = [sentence.replace("\u00a0", " ") for sentence in sentences(comparison, "en")]
    time = of(comparison, "journeys.j.time.mean")
    assert time.difference.high is not None
    assert told[0].startswith("j: B finishes cases ")
    assert " sooner on average (95%: " in told[0]
    assert [sentence.split(" (")[0] for sentence in told[1:]] == ["quick", "waits"]
    assert ["only B meets it" in sentence for sentence in told[1:]] == [True, True]
    russian = sentences(comparison, "ru")[0]
    assert "в варианте B обращения заканчиваются в среднем на " in russian
    assert " раньше (95%: " in russian


def test_one_pair_tells_nothing_and_says_so() -> None:
    told = sentences(compared(desk(1), desk(2), 1), "en")
    assert "nothing can be told from it, at least two are needed" in told[0]
    assert "no interval" in told[1]


def test_difference_within_its_interval_cannot_be_told() -> None:
    # Which of two streams has more cases is chance.
    other = desk(service="{lognormal: {mean: 5m, cv: 1}}")
    told = sentences(compared(desk(), other, 3), "en")
    assert told[0].startswith("j: it cannot be told whether B finishes cases sooner or later")


def test_objective_of_another_kind_under_the_same_id_is_not_compared() -> None:
    other = desk(second="waits, metric: stations.desk.wait.p95, at_most: 5m")
    assert [one.a.id for one in compared(desk(), other, 2).objectives] == ["quick"]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (WAIT, "wait, mean; ≤ 5 min): "),
        (WAIT.replace("5m", "10m"), "wait, mean; A ≤ 5 min, B ≤ 10 min): "),
        (WAIT.replace("at_most", "at_least"), "wait, mean; A ≤ 5 min, B ≥ 5 min): "),
    ],
)
def test_bounds_of_both_sides_are_told_where_they_differ(second: str, told: str) -> None:
    comparison = compared(desk(), desk(second=second), 2)
    assert told in sentences(comparison, "en")[2].replace("\u00a0", " ")
    assert told.split("; ")[1][:-3] in comparison_page(comparison, MADE, FILES, [], "en").replace(
        "\u00a0", " "
    )
    direction, limit = second.rsplit(", ", maxsplit=1)[-1].split(": ")
    assert as_data(comparison)["objectives"]["waits"]["bound"] == {
        "a": {"at_most": 300.0}, "b": {direction: 60.0 * int(limit[:-1])},
    }  # fmt: skip


def test_pair_with_a_figure_on_one_side_only_takes_the_verdict_away() -> None:
    both = difference_of("journeys.j.time.mean", [1.0, 2.0, None], [5.0, 6.5, None])
    assert (both.verdict, both.one_sided, both.difference.replications) == ("higher", 0, 2)
    one = difference_of("journeys.j.time.mean", [1.0, 2.0, None], [5.0, 6.5, 7.0])
    assert (one.verdict, one.one_sided, one.difference.replications) == ("one_sided", 1, 2)
    none = difference_of("journeys.j.time.mean", [None, None], [5.0, 6.0])
    assert (none.verdict, none.one_sided, none.difference.value) == ("one_sided", 2, None)
    assert difference_of("journeys.j.time.mean", [None], [None]).verdict == "absent"


def test_time_that_only_some_runs_of_one_side_have_is_told_to_be_that() -> None:
    # One or two cases an hour, a day of service: with a horizon of 12 h few or none complete.
    slow = "{exponential: {mean: 5d}}"
    comparison = compared(desk(2, slow, horizon="12h"), desk(2, horizon="12h"))
    missing = of(comparison, "journeys.j.time.mean").one_sided
    assert 0 < missing < 6
    told = sentences(comparison, "en")
    assert f"only one side has a mean time in {missing} of the pairs" in told[0]
    (row,) = [row for row in rows(comparison, "en") if row.metric == "journeys.j.time.mean"]
    assert (row.pairs, row.between) == (str(6 - missing), "")
    data = as_data(comparison)["metrics"]["journeys.j.time.mean"]
    assert (data["verdict"], data["pairs"], data["one_sided"]) == (
        "one_sided",
        6 - missing,
        missing,
    )
    page = comparison_page(comparison, MADE, FILES, [], "en")
    assert "no verdict: other pairs have a value on one side only" in page


def test_metrics_that_are_left_out_are_counted_by_their_reason() -> None:
    other = loads(
        DESK.format(servers=1, service=BUSY, seed=5, second=WAIT, horizon="until_empty")
        .replace("stations: {", "stations: {more: {servers: 1, service: {constant: 1s}}, ")
        .replace(
            "{serve: desk, next: done}", "{serve: desk, next: b}, b: {serve: more, next: done}"
        )
    )
    comparison = compared(desk(), other, 2)
    assert comparison.unmatched == 13
    equal = sum(d.verdict == "equal" for d in comparison.differences)
    told = (
        f"every pair ({equal}), that have a value in none (0), and that only one scenario has (13)"
    )
    assert told in comparison_page(comparison, MADE, FILES, [], "en")


def test_data_has_both_sides_their_difference_and_verdict() -> None:
    data = as_data(compared(desk(1), desk(2)))
    arrived = data["metrics"]["journeys.j.arrived"]
    assert arrived["a"] == arrived["b"]
    assert arrived["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert arrived["verdict"] == "equal"
    assert arrived["saving"] is None
    assert data["objectives"]["quick"]["pass"] == {"a": False, "b": True}

"""Sequential verdicts: when one looks, what is told, and how seldom it is wrong."""

import numpy as np
import pytest
from scipy.stats import t

from scenarios.loader import loads
from sim.experiments.objectives import TermShare
from sim.studies.looks import Looks, Verdict, looks_up_to
from sim.studies.samples import Sample
from tests.cli.running import SMALL

SCENARIO = loads(
    SMALL.replace(
        "objectives:\n",
        """objectives:
  - {id: quick, metric: stations.desk.wait.mean, at_most: 10s}
  - {id: busy, metric: stations.desk.utilisation, at_least: 0.5}
  - {id: rare, metric: stations.desk.refused, at_most: 0.2}
  - {id: none, metric: stations.desk.refused, at_most: 0}
  - {id: soon, metric: journeys.j.time.mean, at_most: 60s}
  - {id: all, journey: j, within: 2d, at_least: 1.0}
""",
    )
)


def verdict(looks: Looks, name: str, samples: list[Sample]) -> Verdict:
    objective = next(o for o in SCENARIO.scenario.objectives if o.id == name)
    return looks.verdict(samples, objective, SCENARIO)


def waits(*values: float | None, served: float = 1000) -> list[Sample]:
    rest = {"stations.desk.served": served}
    return [Sample(i, {"stations.desk.wait.mean": v, **rest}, {}) for i, v in enumerate(values)]


def refused(*values: float) -> list[Sample]:
    return [Sample(i, {"stations.desk.refused": v}, {}) for i, v in enumerate(values)]


def shares(cases: float, *values: float | None) -> list[Sample]:
    figures = {"journeys.j.arrived": cases}
    return [
        Sample(i, figures, {"easy": TermShare(v, 0), "all": TermShare(v, 0)})
        for i, v in enumerate(values)
    ]


def test_looks_grow_by_half_and_the_last_is_the_most() -> None:
    assert looks_up_to(200, 0.1, 0.1).counts == (5, 8, 11, 17, 25, 38, 57, 85, 128, 200)
    assert looks_up_to(8, 0.1, 0.1).counts == (5, 8)
    assert looks_up_to(5, 0.1, 0.1).counts == (5,)
    assert looks_up_to(2, 0.1, 0.1).counts == (2,)


def test_verdict_is_students_t_with_an_equal_part_of_the_error_at_each_look() -> None:
    # Five values of mean 0 and standard deviation 1: half-width t(4) / sqrt(5).
    five = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / np.sqrt(2.5)
    looks = Looks((5, 8), meets=0.05, fails=0.01)
    meets, fails = (t.ppf(1 - error / 2, 4) / np.sqrt(5) for error in (0.05, 0.01))
    for apart, expected in [
        (-meets - 1e-9, "meets"), (-meets + 1e-9, "undecided"),
        (fails - 1e-9, "undecided"), (fails + 1e-9, "fails"),
    ]:  # fmt: skip
        assert verdict(looks, "quick", waits(*(10.0 + apart + five))) == expected, apart


def test_bound_from_below_is_the_other_way_round() -> None:
    samples = [Sample(i, {"stations.desk.utilisation": 0.6 + i / 1000}, {}) for i in range(5)]
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "busy", samples) == "meets"
    low = [Sample(i, {"stations.desk.utilisation": 0.4 + i / 1000}, {}) for i in range(5)]
    assert verdict(looks, "busy", low) == "fails"


def test_first_verdict_stays_whatever_comes_later() -> None:
    looks = looks_up_to(8, 0.025, 0.025)
    few = waits(1.0, 1.1, 1.2, 1.1, 1.0)
    assert verdict(looks, "quick", few) == "meets"
    assert verdict(looks, "quick", few + waits(1e6, 1e6, 1e6)) == "meets"
    assert verdict(looks, "quick", few[:4]) == "undecided"


def test_replication_without_the_figure_does_not_meet_the_bound() -> None:
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "quick", waits(1.0, 1.0, None, 1.0, 1.0)) == "fails"


def test_replication_without_a_due_case_is_left_out() -> None:
    looks = looks_up_to(8, 0.025, 0.025)
    # 0.9^n <= 0.025 / 2 from n = 42 on.
    assert verdict(looks, "easy", shares(12, None, 1.0, 1.0, 1.0, 1.0)) == "meets"
    assert verdict(looks, "easy", shares(10, None, 1.0, 1.0, 1.0, 1.0)) == "undecided"
    assert verdict(looks, "easy", shares(90, None, 0.1, 0.2, 0.1, 0.2)) == "fails"
    assert verdict(looks, "easy", shares(90, *[None] * 4, 1.0)) == "undecided"


def test_journey_that_nobody_begins_is_left_out_and_one_that_nobody_ends_fails() -> None:
    looks = looks_up_to(5, 0.025, 0.025)

    def times(arrived: float) -> list[Sample]:
        seen = [(None, arrived), (50.0, 9.0), (51.0, 9.0), (50.0, 9.0), (51.0, 9.0)]
        return [
            Sample(i, {"journeys.j.time.mean": time, "journeys.j.arrived": cases}, {})
            for i, (time, cases) in enumerate(seen)
        ]

    assert verdict(looks, "soon", times(0.0)) == "meets"
    assert verdict(looks, "soon", times(1.0)) == "fails"


@pytest.mark.parametrize(
    ("cases", "expected"), [(6, "undecided"), (7, "undecided"), (8, "meets"), (60, "meets")]
)
def test_shares_of_one_need_as_many_cases_as_would_show_a_late_one(
    cases: float, expected: Verdict
) -> None:
    # 0.9^n <= 0.025 from n = 36 on, five replications of eight cases.
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "easy", shares(cases, 1.0, 1.0, 1.0, 1.0, 1.0)) == expected


def test_count_that_was_always_zero_needs_as_many_runs_as_would_show_one() -> None:
    # exp(-0.2 n) <= 0.025 / 10 from n = 30 on: the look at 38.
    looks = looks_up_to(200, 0.025, 0.025)
    assert verdict(looks, "rare", refused(*[0.0] * 25)) == "undecided"
    assert verdict(looks, "rare", refused(*[0.0] * 38)) == "meets"
    one = Looks((30,), 0.025 / 10, 0.025)
    assert verdict(one, "rare", refused(*[0.0] * 30)) == "meets"
    assert verdict(Looks((29,), 0.025 / 10, 0.025), "rare", refused(*[0.0] * 29)) == "undecided"


def test_rare_count_above_its_bound_is_hardly_ever_told_to_meet_it() -> None:
    """Poisson with a mean of 0.25 against 0.2: five zeros alone are 29% of all beginnings."""
    looks = looks_up_to(200, 0.025, 0.025)
    generator = np.random.default_rng(3)
    rounds = 300
    wrong = sum(
        verdict(looks, "rare", refused(*generator.poisson(0.25, 200).astype(float))) == "meets"
        for _ in range(rounds)
    )
    # 300 · 0.025 = 7.5; 17 would be 3.5 standard deviations more.
    assert wrong < 17, wrong


@pytest.mark.parametrize(
    ("served", "expected"), [(1592, "undecided"), (1594, "meets"), (1e6, "meets")]
)
def test_nobody_who_waited_is_enough_once_the_cases_are_many(
    served: float, expected: Verdict
) -> None:
    # Arrivals go on for 21,600 s, the bound is 10 s: ln 40 · 2160 = 7968 cases, over five runs.
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "quick", waits(*[0.0] * 5, served=served)) == expected


def test_bound_that_no_number_of_runs_can_show_is_never_told_to_be_met() -> None:
    looks = looks_up_to(8, 0.025, 0.025)
    assert verdict(looks, "all", shares(1e9, *[1.0] * 8)) == "undecided"
    assert verdict(looks, "all", shares(1e9, 1.0, 1.0, 1.0, 1.0, 0.999)) == "fails"
    assert verdict(looks, "none", refused(*[0.0] * 8)) == "undecided"
    assert verdict(looks, "none", refused(0.0, 0.0, 0.0, 0.0, 1.0)) == "fails"


@pytest.mark.parametrize(("served", "expected"), [(1592, "undecided"), (1595, "meets")])
def test_figure_that_hardly_ever_moved_needs_about_as_much_as_one_that_never_did(
    served: float, expected: Verdict
) -> None:
    # One run in which somebody waited for a millisecond makes no spread that t could use.
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "quick", waits(0.0, 0.0, 0.0, 0.0, 0.001, served=served)) == expected
    # Two of five equal are no most: then t alone tells.
    several = waits(0.0, 0.0, 0.001, 0.002, 0.003, served=served)
    assert verdict(looks, "quick", several) == "meets"


@pytest.mark.parametrize(("cases", "expected"), [(12, "undecided"), (13, "meets")])
def test_late_case_among_full_shares_is_counted_as_one(cases: float, expected: Verdict) -> None:
    # One late of n, a tenth allowed: ln(10 / n) + (n - 1) ln((1 - 1/n) / 0.9) >= ln 40 from
    # n = 63 on.
    looks = Looks((5,), 0.025, 0.025)
    one_late = shares(cases, 1.0, 1.0, 1.0, 1.0, 1.0 - 1.0 / cases)
    assert verdict(looks, "easy", one_late) == expected


def test_few_counts_above_zero_are_weighed_against_those_that_the_bound_would_make() -> None:
    # 0.2 · n - 1 + ln(1 / (0.2 · n)) >= ln 40: from n = 33 on.
    for n, expected in ((32, "undecided"), (33, "meets")):
        looks = Looks((n,), 0.025, 0.025)
        assert verdict(looks, "rare", refused(*[0.0] * (n - 1), 1.0)) == expected


def test_figure_that_mostly_lies_across_the_bound_is_not_shown_by_the_few_that_do_not() -> None:
    looks = Looks((5,), 0.4, 0.4)
    assert verdict(looks, "quick", waits(11.0, 11.0, 11.0, 0.0, 0.0, served=1e9)) == "undecided"


def test_equal_figures_on_the_wrong_side_need_as_much_to_fail() -> None:
    looks = looks_up_to(5, 0.025, 0.025)
    # Nobody in time: 0.1^n <= 0.025 from two cases on.
    assert verdict(looks, "easy", shares(0.2, *[0.0] * 5)) == "undecided"
    assert verdict(looks, "easy", shares(0.4, *[0.0] * 5)) == "fails"
    # Half of them each time: runs of full shares could still bring 0.5 up to 0.9.
    assert verdict(looks, "easy", shares(2, *[0.5] * 4, 0.5)) == "fails"
    assert verdict(looks, "easy", shares(10, *[0.8] * 5)) == "undecided"


@pytest.mark.parametrize("away", [-0.0, 0.5])
def test_wrong_verdicts_are_no_more_frequent_than_allowed(away: float) -> None:
    """Of a mean on its bound, or a little on the wrong side, `meets` is told in at most 5%."""
    looks = looks_up_to(60, 0.05, 0.05)
    generator = np.random.default_rng(1)
    rounds = 400
    wrong = sum(
        verdict(looks, "quick", waits(*generator.normal(10.0 + away, 5.0, 60))) == "meets"
        for _ in range(rounds)
    )
    # 400 · 0.05 = 20; 35 would be 3.4 standard deviations more.
    assert wrong < 35

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
""",
    )
)


def verdict(looks: Looks, name: str, samples: list[Sample]) -> Verdict:
    objective = next(o for o in SCENARIO.scenario.objectives if o.id == name)
    return looks.verdict(samples, objective, SCENARIO)


def waits(*values: float | None) -> list[Sample]:
    return [Sample(i, {"stations.desk.wait.mean": v}, {}) for i, v in enumerate(values)]


def shares(cases: float, *values: float | None) -> list[Sample]:
    figures = {"journeys.j.arrived": cases}
    return [Sample(i, figures, {"easy": TermShare(v, 0)}) for i, v in enumerate(values)]


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


@pytest.mark.parametrize(
    ("cases", "expected"), [(6, "undecided"), (7, "undecided"), (8, "meets"), (60, "meets")]
)
def test_shares_of_one_need_as_many_cases_as_would_show_a_late_one(
    cases: float, expected: Verdict
) -> None:
    # 0.9^n <= 0.025 from n = 36 on, five replications of eight cases.
    looks = looks_up_to(5, 0.025, 0.025)
    assert verdict(looks, "easy", shares(cases, 1.0, 1.0, 1.0, 1.0, 1.0)) == expected


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

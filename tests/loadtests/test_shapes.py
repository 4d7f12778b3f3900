"""Closed users over the time of a run, to the user."""

import pytest

from loadtests.plan import ClosedShape
from loadtests.shapes import UsersOfRun, relative_rate, users_at, users_beyond
from scenarios.load_format import ShapeKind
from sim.model.model import compile_model
from tests.loadtests.scenarios_of_load import scenario


def users(kind: ShapeKind, **fields: float) -> list[int | None]:
    """At every tenth of a horizon of 100 s, and at its end."""
    shape = ClosedShape(kind=kind, users=100, steps=5)
    return [users_at(shape, 10.0 * tenth, 100.0, **fields) for tenth in range(11)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("soak", [100] * 10),
        ("spike", [20, 20, 20, 20, 100, 100, 20, 20, 20, 20]),
        ("step", [20, 20, 40, 40, 60, 60, 80, 80, 100, 100]),
        ("stress", [20, 20, 40, 40, 60, 60, 80, 80, 100, 100]),
        ("diurnal", [100] * 10),
    ],
)
def test_a_shape_has_so_many_users_until_the_horizon(kind: ShapeKind, expected: list[int]) -> None:
    assert users(kind) == [*expected, None]


def test_beyond_the_limit_the_load_is_held_then_halved_then_over() -> None:
    seconds = (0.0, 19.9, 20.0, 39.9, 40.0)
    assert [users_beyond(61, at_s, 200.0) for at_s in seconds] == [61, 61, 30, 30, None]
    assert [users_beyond(1, at_s, 5.0) for at_s in (9.9, 10.0, 20.0)] == [1, 1, None]


def stressed() -> UsersOfRun:
    """Up to a hundred users in five steps over 100 s, until more than 5% have failed."""
    return UsersOfRun(ClosedShape(kind="stress", users=100, steps=5, stop_at_failures=0.05), 100.0)


def test_stress_goes_on_for_some_time_once_more_has_failed_than_may_however_it_goes_then() -> None:
    users = stressed()
    assert users.at(50.0, 0.05) == 60  # as much as may
    seen = [(55.0, 0.051), (64.9, 0.5), (65.0, 0.5), (74.9, 0.0), (75.0, 0.0), (76.0, 0.9)]
    assert [users.at(*each) for each in seen] == [60, 60, 30, 30, None, None]


def test_stress_that_breaks_just_before_its_end_keeps_its_users_for_the_last_cases() -> None:
    users = stressed()
    assert users.at(85.0, 0.0) == 100
    assert [users.at(98.0, 0.5), users.at(100.0, 0.5), users.at(130.0, 0.0)] == [100, 100, 100]


def test_other_shapes_do_not_mind_failures() -> None:
    users = UsersOfRun(ClosedShape(kind="step", users=100, steps=5), 100.0)
    assert [users.at(50.0, 1.0), users.at(99.0, 1.0), users.at(101.0, 1.0)] == [60, 100, 100]


def test_a_shape_has_one_user_at_least() -> None:
    shape = ClosedShape(kind="spike", users=2)
    assert users_at(shape, 0.0, 10.0) == 1
    assert users_at(shape, 5.0, 10.0) == 2
    assert users_at(ClosedShape(kind="diurnal", users=2), 0.0, 10.0, rate_at=lambda _: 0.0) == 1


def test_diurnal_users_follow_the_rate_of_the_scenario() -> None:
    # 18 a minute all the time and 30 more; of those four times as many from 10:10 to 10:20.
    rate_at = relative_rate(compile_model(scenario()), 60.0, 60.0)
    assert [round(rate_at(at_s) * 138) for at_s in (0.0, 9.9, 10.0, 19.9, 20.0, 59.0)] == [
        48, 48, 138, 138, 48, 48,
    ]  # fmt: skip
    shape = ClosedShape(kind="diurnal", users=1380)
    assert users_at(shape, 0.0, 60.0, rate_at=rate_at) == 480
    assert users_at(shape, 15.0, 60.0, rate_at=rate_at) == 1380

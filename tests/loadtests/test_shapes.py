"""Closed users over the time of a run, to the user."""

import pytest

from loadtests.plan import ClosedShape, ShapeKind
from loadtests.shapes import relative_rate, users_at
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


def test_stress_ends_once_more_has_failed_than_may() -> None:
    shape = ClosedShape(kind="stress", users=100, steps=5, stop_at_failures=0.05)
    assert users_at(shape, 50.0, 100.0, failures=0.05) == 60
    assert users_at(shape, 50.0, 100.0, failures=0.051) is None


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

"""How many users Locust has at a moment: those that stand by open arrivals, or a closed shape."""

from collections.abc import Callable
from typing import Any, Final

from locust import LoadTestShape

from loadtests.locust_run import LocustRun
from loadtests.plan import ClosedShape, LoadPlan
from loadtests.shapes import UsersOfRun, relative_rate
from scenarios.loader import load
from sim.model.model import compile_model

__all__ = ["ArrivalsShape", "ClosedUsers"]

_SPAWN: Final = 100.0


class ArrivalsShape(LoadTestShape):
    """Open arrivals: users only stand by, one for each worker, until all cases have ended."""

    abstract = True

    def __init__(self, run: LocustRun, workers: Callable[[], int]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._run = run
        self._workers = workers

    def tick(self) -> tuple[int, float] | None:
        """As Locust asks."""
        return None if self._run.is_over else (max(self._workers(), 1), _SPAWN)


class ClosedUsers(LoadTestShape):
    """Closed users by the plan's shape; once the horizon is over the last cases are waited for."""

    abstract = True

    def __init__(self, run: LocustRun, plan: LoadPlan, shape: ClosedShape, stats: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._run = run
        self._stats = stats
        self._spawn_rate = shape.spawn_rate
        rate_at: Callable[[float], float] | None = None
        if shape.kind == "diurnal" and plan.scenario is not None:
            model = compile_model(load(plan.scenario, [*plan.overrides]), plan.scale, plan.seed)
            rate_at = relative_rate(model, plan.speed, plan.horizon_s)
        self._users = UsersOfRun(shape, plan.horizon_s, rate_at)

    def tick(self) -> tuple[int, float] | None:
        """As Locust asks."""
        if self._run.is_over:
            return None
        now_s = self._run.now_s
        if now_s is None or now_s < 0.0:  # what fails while people are prepared is no limit
            users = self._users.at(0.0, 0.0)
        else:
            users = self._users.at(now_s, self._failures())
        return None if users is None else (users, self._spawn_rate)

    def _failures(self) -> float:
        total = self._stats.total
        return total.current_fail_per_sec / total.current_rps if total.current_rps else 0.0

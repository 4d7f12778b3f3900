"""How many users Locust has at a moment: those that stand by open arrivals, or a closed shape."""

from collections.abc import Callable
from typing import Any, Final

from locust import LoadTestShape

from loadtests.locust_run import LocustRun
from loadtests.plan import ClosedShape, LoadPlan
from loadtests.shapes import relative_rate, users_at
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
        self._plan = plan
        self._shape = shape
        self._stats = stats
        self._last = shape.users
        self._rate_at: Callable[[float], float] | None = None
        if shape.kind == "diurnal" and plan.scenario is not None:
            model = compile_model(load(plan.scenario, [*plan.overrides]), plan.scale, plan.seed)
            self._rate_at = relative_rate(model, plan.speed, plan.horizon_s)

    def tick(self) -> tuple[int, float] | None:
        """As Locust asks."""
        if self._run.is_over:
            return None
        now_s = self._run.now_s
        users = users_at(
            self._shape,
            max(now_s or 0.0, 0.0),
            self._plan.horizon_s,
            rate_at=self._rate_at,
            failures=self._failures(),
        )
        if users is None and self._run.is_closing:
            users = self._last
        if users is None:  # more than it may have failed
            return None
        self._last = users
        return users, self._shape.spawn_rate

    def _failures(self) -> float:
        total = self._stats.total
        return total.current_fail_per_sec / total.current_rps if total.current_rps else 0.0

"""A scenario as a load test replays it: how fast, how much of it, by whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from loadtests.arrivals import arrivals_of
from loadtests.forks import fork_problems
from loadtests.plan import JOURNEYS, OPEN, ClosedShape, LoadPlan
from poligon.load.options import LoadOptions
from poligon.load.stand import Stand
from poligon.options import OptionError, OptionProblem
from scenarios.completion import CompleteScenario
from scenarios.problems import ScenarioError
from sim.model.model import Model, compile_model
from world.microseconds import SECOND_US

__all__ = ["Replay"]


@dataclass(frozen=True)
class Replay:
    """A scenario and how it is replayed: times in seconds of the wall."""

    path: Path
    scenario: CompleteScenario
    model: Model
    seed: int
    scale: float
    speed: float
    horizon_s: float
    drain_s: float
    arrivals: Any

    @classmethod
    def of(cls, path: Path, scenario: CompleteScenario, options: LoadOptions) -> "Replay":
        """By the options, else by the scenario; OptionError if nobody would come, ScenarioError for
        a fork that would be walked."""
        section = scenario.scenario.load
        scale = section.scale if options.scale is None else options.scale
        speed = section.speed if options.speed is None else options.speed
        seed = scenario.scenario.seed if options.seed is None else options.seed
        model = compile_model(scenario, scale, seed)
        horizon_s = model.arrivals_until_us / SECOND_US / speed
        if section.for_ is not None:
            horizon_s = section.for_ / SECOND_US
        if options.duration_s is not None:
            horizon_s = options.duration_s
        users = section.users
        shape: Any = OPEN
        if users is not None:
            shape = ClosedShape(
                kind=users.shape,
                users=users.count,
                spawn_rate=users.spawn_rate,
                steps=users.steps,
            )
        drain_s = section.drain / SECOND_US
        replay = cls(path, scenario, model, seed, scale, speed, horizon_s, drain_s, shape)
        if shape == OPEN and not (horizon_s > 0 and replay.due):
            raise OptionError([OptionProblem("load_nobody", "", path)])
        if options.target is None:
            replay._check_forks(options)
        return replay

    @cached_property
    def due(self) -> Counter[str]:
        """How many cases the arrivals have, by journey of the scenario."""
        due = arrivals_of(self.model, 0, self.speed, self.horizon_s)
        return Counter(each.journey for each in due)

    @property
    def journeys(self) -> frozenset[str]:
        """Journeys of the scenario of which cases are due; of closed users those in their mix."""
        if self.arrivals == OPEN:
            return frozenset(self.due)
        return frozenset(name for name, share in self._mix.items() if share > 0)

    def _check_forks(self, options: LoadOptions) -> None:
        forks = fork_problems(self.scenario, self.model, self.path, options.overrides)
        if self.arrivals == OPEN and forks:
            raise ScenarioError(forks)

    @property
    def _mix(self) -> Mapping[str, float]:
        users = self.scenario.scenario.load.users
        return dict.fromkeys(JOURNEYS, 1.0) if users is None or not users.mix else users.mix

    def plan(self, stand: Stand, options: LoadOptions, results: Path) -> LoadPlan:
        """What Locust is told; ScenarioError for a fork that would be walked at that stand."""
        if stand.is_ours:
            self._check_forks(options)
        return LoadPlan(
            scenario=self.path.absolute(),
            overrides=options.overrides,
            seed=self.seed,
            scale=self.scale,
            speed=self.speed,
            portal=stand.portal,
            mocks=stand.mocks,
            administration=stand.administration,
            is_owned=options.is_mine,
            horizon_s=self.horizon_s,
            drain_s=self.drain_s,
            arrivals=self.arrivals,
            mix=dict(self._mix),
            results=results,
            workers=options.workers,
            people_from=None if options.target is not None else 0,
        )

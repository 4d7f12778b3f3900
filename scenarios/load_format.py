"""The load test of a scenario in format 1 as types: users, speed, objectives.

Durations are µs.
"""

from typing import Annotated, Literal

from pydantic import Field

from scenarios.fields import (
    Duration,
    Factor,
    Name,
    NonNegative,
    PositiveCount,
    PositiveDuration,
    Probability,
    Section,
    YesNo,
    among,
)
from world.microseconds import SECOND_US

__all__ = ["LoadSection", "LoadUsers", "ShapeKind"]

ShapeKind = Literal["diurnal", "step", "spike", "soak", "stress"]
"""How the number of closed users changes during a load test."""


class LoadUsers(Section):
    """Closed users instead of the scenario's arrivals: `count` is the greatest number of them,
    `spawn_rate` how many come a second; `steps` are those of `step`, `mix` shares of their
    journeys."""

    shape: Annotated[ShapeKind, among("choice", ShapeKind)]
    count: PositiveCount
    spawn_rate: Factor = 100.0
    steps: PositiveCount = 10
    mix: dict[Name, NonNegative] = {}


class LoadSection(Section):
    """How the load test replays the scenario: share of the arrivals, speed-up of time.

    `for` and `drain` are durations of the wall: until when cases begin (default: until the
    scenario's arrivals end), and how long those inside may take then. Objectives of the load test
    are shares of answers that are wrong (`failed_at_most`) or shed (`shed_at_most`), of ended cases
    that failed (`failed_cases_at_most`), of all cases those that the end of the run cuts off
    (`unended_at_most`), of those planned the ones for which nobody was ready (`unready_at_most`),
    by which share the server's memory grows (`memory_growth_at_most`), and `p95_at_most` (of the
    wall, of every answer).
    """

    scale: Factor = 1.0
    speed: Factor = 1.0
    for_: PositiveDuration | None = Field(default=None, alias="for")
    drain: Duration = 30 * SECOND_US
    users: LoadUsers | None = None
    cheap_passwords: YesNo = False
    failed_at_most: Probability = 0.0
    shed_at_most: Probability = 0.05
    failed_cases_at_most: Probability = 0.0
    unended_at_most: Probability = 0.1
    unready_at_most: Probability = 0.01
    memory_growth_at_most: NonNegative | None = None
    p95_at_most: PositiveDuration | None = None

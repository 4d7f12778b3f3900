"""Scenario format 1 as types: what `scenarios.loader` reads a file into.

The sections of stations, journeys and the load test are described in modules of their own.
Durations are µs, wall times naive in the calendar's zone.
"""

from typing import Annotated, Literal

from pydantic import Field, Tag

from rulebook.kinds import Kind, Tier
from scenarios.fields import (
    Bound,
    Deadline,
    Duration,
    Factor,
    Horizon,
    HttpStatus,
    LocalTime,
    Name,
    NonNegative,
    PositiveCount,
    PositiveDuration,
    Probability,
    Section,
    Seed,
    Text,
    Warmup,
    among,
    by_key,
    by_shape,
)
from scenarios.journey_format import JourneyEntry
from scenarios.load_format import LoadSection
from scenarios.station_format import Station
from world.population import DEFAULT_KINDS, DEFAULT_TIERS

__all__ = [
    "ArrivalStream",
    "CalendarSection",
    "Fault",
    "Instants",
    "MetricObjective",
    "Objective",
    "Peak",
    "Population",
    "Profile",
    "ProfileName",
    "Rate",
    "RatedArrivals",
    "Scenario",
    "WithinObjective",
]

FormatVersion = Literal[1]
FaultKind = Literal["outage", "slow", "error"]
ProfileName = Literal["flat", "office_hours", "evening"]


# --- calendar, population -------------------------------------------------------------------------


class CalendarSection(Section):
    """Whose days off and clocks hold, when the run begins and ends."""

    country: Text = "RU"
    timezone: Text = "Europe/Moscow"
    start: LocalTime
    horizon: Horizon = "until_empty"  # or µs of model time, or a local time
    arrivals_until: LocalTime | None = None


class Population(Section):
    """Who applies: shares of kinds and sizes, probability of defects and of mending one."""

    organizations: PositiveCount = 3_000_000
    kinds: dict[Kind, Probability] = dict(DEFAULT_KINDS)
    tiers: dict[Tier, Probability] = dict(DEFAULT_TIERS)
    defects: dict[str, Probability] = {}
    mend: Probability = 0.9


# --- arrivals -------------------------------------------------------------------------------------


class Profile(Section):
    """Weights of hours, of days of the week (Monday first) and of holidays."""

    hours: list[NonNegative] = Field(min_length=24, max_length=24)
    weekdays: list[NonNegative] = Field(default=[1.0] * 7, min_length=7, max_length=7)
    holidays: NonNegative | None = None


class Rate(Section):
    """The mean rate before peaks: one of the `per_` keys, shaped by `profile`."""

    per_second: NonNegative | None = None
    per_minute: NonNegative | None = None
    per_hour: NonNegative | None = None
    per_day: NonNegative | None = None
    profile: Annotated[
        Annotated[ProfileName, among("profile", ProfileName), Tag("<word>")]
        | Annotated[Profile, Tag("<shape>")],
        by_shape(dict),
    ] = "flat"


class Peak(Section):
    """Multiplies the rate from `from` (included) to `to` (excluded)."""

    from_: LocalTime = Field(alias="from")
    to: LocalTime
    factor: NonNegative


class RatedArrivals(Section):
    """A Poisson stream of cases into `journey`."""

    journey: Text
    rate: Rate
    peaks: list[Peak] = []


class Instants(Section):
    """Observed arrivals into `journey`: a CSV file with the column `time`."""

    journey: Text
    instants: Text


ArrivalStream = Annotated[
    Annotated[RatedArrivals, Tag("<rate>")] | Annotated[Instants, Tag("<instants>")],
    by_key("rate", "instants", code="arrival_stream"),
]


# --- faults, objectives ---------------------------------------------------------------------------


class Fault(Section):
    """Without `from` it begins with the run, without `for` it lasts to the end of the run."""

    id: Name
    service: Text
    kind: Annotated[FaultKind, among("choice", FaultKind)]
    from_: LocalTime | None = Field(default=None, alias="from")
    for_: PositiveDuration | None = Field(default=None, alias="for")
    factor: Factor | None = None
    p: Probability | None = None
    status: HttpStatus | None = None
    retry_after: Duration | None = None


class WithinObjective(Section):
    """Of the cases of `journey` at least the share `at_least` ends within a term."""

    id: Name
    journey: Text
    within: Deadline
    at_least: Probability


class MetricObjective(Section):
    """Bounds are µs (int) for metrics that are times, plain numbers (float) for the others."""

    id: Name
    metric: Text
    at_most: Bound | None = None
    at_least: Bound | None = None


Objective = Annotated[
    Annotated[WithinObjective, Tag("<within>")] | Annotated[MetricObjective, Tag("<metric>")],
    by_key("within", "metric", code="objective"),
]


# --- the scenario ---------------------------------------------------------------------------------


class Scenario(Section):
    """A scenario file as written; `scenarios.completion` adds built-in journeys and stations."""

    version: Annotated[FormatVersion, among("version", FormatVersion)]
    name: Text
    description: Text | None = None
    seed: Seed = 1
    replications: PositiveCount = 10
    warmup: Warmup = 0
    calendar: CalendarSection
    policy: dict[str, object] = {}
    population: Population = Population()
    stations: dict[Name, Station]
    arrivals: list[ArrivalStream] = Field(min_length=1)
    journeys: dict[Name, JourneyEntry]
    faults: list[Fault] = []
    objectives: list[Objective] = []
    load: LoadSection = LoadSection()

"""When cases of a load test begin: the model's own arrivals, compressed, and split over workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import attrgetter

from sim.model.arrivals import merged
from sim.model.keys import entity_stream, replication_key
from sim.model.model import Model
from world.draws import combine
from world.microseconds import SECOND_US

__all__ = ["Arrival", "arrivals_of", "entity_of", "share_of"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Case `number` of a journey of the scenario begins `at_us` µs of the wall after the start,
    at model time `model_us`."""

    at_us: int
    journey: str
    number: int
    model_us: int


def arrivals_of(
    model: Model, replication: int, speed: float, horizon_s: float
) -> tuple[Arrival, ...]:
    """Every arrival before `horizon_s` wall seconds, in order; at one instant by the journey's
    place in the scenario. `speed` is model seconds per wall second, and not in the draws: these
    are the arrivals that a simulation of the model with the same seed and replication has."""
    key = replication_key(model.seed, replication)
    end_us = horizon_s * SECOND_US
    found: list[Arrival] = []
    for arrivals in model.arrivals:
        instants = ((round(at / speed), at) for at in merged(arrivals, key))
        inside = takewhile(lambda each: each[0] < end_us, instants)
        found += [
            Arrival(at_us, arrivals.journey, number, model_us)
            for number, (at_us, model_us) in enumerate(inside)
        ]
    found.sort(key=attrgetter("at_us"))  # stable: journeys stay in their order
    return tuple(found)


def share_of(arrivals: Sequence[Arrival], worker: int, workers: int) -> tuple[Arrival, ...]:
    """Those of one of `workers` (counted from 0): by number modulo workers, so that all together
    are the same arrivals however many workers there are."""
    return tuple(each for each in arrivals if each.number % workers == worker)


def entity_of(model: Model, replication: int, journey: str, number: int) -> int:
    """The model's key of a case, from which all its draws are made."""
    return combine(entity_stream(replication_key(model.seed, replication), journey), number)

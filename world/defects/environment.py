"""Mistakes of the applicant's computer."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from world.defects.occasion import Occasion
from world.filings import Environment

__all__ = ["ENVIRONMENT"]

_WORST_DRIFT_S: Final = 3600  # beyond the tolerance: up to one time zone


def _clock_skew(environment: Environment, occasion: Occasion) -> Environment:
    tolerated = int(occasion.policy.number("CERT-10.max_clock_skew_s"))
    skew = tolerated + 1 + occasion.chance.below("clock/skew", _WORST_DRIFT_S)
    return replace(
        environment, clock_skew_s=occasion.chance.one_of("clock/direction", (skew, -skew))
    )


ENVIRONMENT: Final[Mapping[str, Callable[[Environment, Occasion], Environment]]] = {
    "clock_skew": _clock_skew,
}

"""What a mistake depends on besides the thing that it spoils."""

from dataclasses import dataclass

from rulebook import Policy
from world.attributes import Attributes
from world.country import World
from world.filings import Filing

__all__ = ["Occasion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The filing in which the mistake is made, its country, the limits in force and the draws."""

    filing: Filing
    world: World
    policy: Policy
    chance: Attributes

"""Who applies: organizations as functions of (seed, index), and which of them stands behind an
arrival."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from rulebook.kinds import Kind, Tier
from world import draws
from world.compiled import compiled, uint64

__all__ = [
    "DEFAULT_KINDS", "DEFAULT_TIERS", "KIND", "TIER", "Population", "chosen", "chosen_place",
    "trait_unit",
]  # fmt: skip

S = TypeVar("S", bound=Hashable)

DEFAULT_KINDS: Final[Mapping[Kind, float]] = MappingProxyType(
    {"legal": 0.45, "sole_proprietor": 0.55}
)
DEFAULT_TIERS: Final[Mapping[Tier, float]] = MappingProxyType(
    {"small": 0.94, "medium": 0.05, "large": 0.01}
)

_COUNTRY = draws.text_key("country")
KIND = draws.text_key("organization/kind")
TIER = draws.text_key("organization/tier")


@dataclass(frozen=True)
class Population:
    """`size` organizations of the country `seed`; shares of kinds and tiers sum to 1."""

    seed: int
    size: int
    kinds: Mapping[Kind, float]
    tiers: Mapping[Tier, float]

    def organization_behind(self, stream: int, number: int) -> int:
        """Index of the organization behind arrival `number` of `stream`: a permutation, so
        nobody comes twice before all came."""
        return draws.permute(stream, number % self.size, self.size)

    def kind(self, organization: int) -> Kind:
        """Legal entity or sole proprietor: the same whoever asks."""
        kinds, shares = self._kinds
        return kinds[chosen_place(shares, trait_unit(self.key, organization, KIND))]

    def tier(self, organization: int) -> Tier:
        """Size of the business (ACT-05)."""
        tiers, shares = self._tiers
        return tiers[chosen_place(shares, trait_unit(self.key, organization, TIER))]

    @cached_property
    def _kinds(self) -> tuple[list[Kind], npt.NDArray[np.float64]]:
        return [*self.kinds], np.array([*self.kinds.values()], np.float64)

    @cached_property
    def _tiers(self) -> tuple[list[Tier], npt.NDArray[np.float64]]:
        return [*self.tiers], np.array([*self.tiers.values()], np.float64)

    @cached_property
    def key(self) -> int:
        """Key of everything random in the country."""
        return draws.combine(_COUNTRY, self.seed)


@compiled("f8(u8, i8, u8)")
def trait_unit(country: int, organization: int, attribute: int) -> float:
    """The number, between 0 and 1, that decides an attribute (KIND, TIER) of an organization."""
    return draws.uniform(draws.combine(country, uint64(organization)), attribute, 0, 0)


def chosen(shares: Mapping[S, float], unit: float) -> S:
    """The value in whose share `unit`, a number between 0 and 1, lies; shares sum to 1."""
    return [*shares][chosen_place(np.array([*shares.values()], np.float64), unit)]


@compiled("i8(f8[::1], f8)")
def chosen_place(shares: npt.NDArray[np.float64], unit: float) -> int:
    """The place in `shares`, which sum to 1, of the one in which `unit` lies."""
    left = unit
    for place in range(shares.size):
        left -= shares[place]
        if left < 0.0:
            return place
    # Rounding has left a gap above the last share.
    last = shares.size - 1
    while shares[last] <= 0.0:
        last -= 1
    return last

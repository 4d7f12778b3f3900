"""Who applies: organizations as functions of (seed, index), and which of them stands behind an
arrival."""

from collections.abc import Callable, Hashable, Mapping
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

    def running_weights(
        self, organizations: range, weight: Callable[[Kind, Tier], float]
    ) -> npt.NDArray[np.float64]:
        """Running sums, over organizations in their order, of a weight by kind and tier."""
        kinds, shares_of_kinds = self._kinds
        tiers, shares_of_tiers = self._tiers
        weights = np.array([[weight(kind, tier) for tier in tiers] for kind in kinds], np.float64)
        first, count = organizations.start, len(organizations)
        return _running_weights(self.key, first, count, shares_of_kinds, shares_of_tiers, weights)

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


@compiled("f8[::1](u8, i8, i8, f8[::1], f8[::1], f8[:, ::1])")
def _running_weights(
    country: int,
    first: int,
    count: int,
    kinds: npt.NDArray[np.float64],
    tiers: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """The sums of `Population.running_weights`; shares and weights in the same order."""
    sums = np.empty(count, np.float64)
    total = 0.0
    for place in range(count):
        organization = first + place
        kind = chosen_place(kinds, trait_unit(country, organization, KIND))
        tier = chosen_place(tiers, trait_unit(country, organization, TIER))
        total += weights[kind, tier]
        sums[place] = total
    return sums

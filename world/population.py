"""Who applies: organizations as functions of (seed, index), and which of them stands behind an
arrival."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar

from rulebook.kinds import Kind, Tier
from world import draws

__all__ = ["DEFAULT_KINDS", "DEFAULT_TIERS", "Population", "chosen"]

S = TypeVar("S", bound=Hashable)

DEFAULT_KINDS: Final[Mapping[Kind, float]] = MappingProxyType(
    {"legal": 0.45, "sole_proprietor": 0.55}
)
DEFAULT_TIERS: Final[Mapping[Tier, float]] = MappingProxyType(
    {"small": 0.94, "medium": 0.05, "large": 0.01}
)

_COUNTRY = draws.text_key("country")
_KIND = draws.text_key("organization/kind")
_TIER = draws.text_key("organization/tier")


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
        return self._share(organization, _KIND, self.kinds)

    def tier(self, organization: int) -> Tier:
        """Size of the business (ACT-05)."""
        return self._share(organization, _TIER, self.tiers)

    def _share(self, organization: int, attribute: int, shares: Mapping[S, float]) -> S:
        entity = draws.combine(self._country, organization)
        return chosen(shares, draws.uniform(entity, attribute, 0, 0))

    @cached_property
    def _country(self) -> int:
        return draws.combine(_COUNTRY, self.seed)


def chosen(shares: Mapping[S, float], unit: float) -> S:
    """The value in whose share `unit`, a number between 0 and 1, lies; shares sum to 1."""
    left = unit
    for value, share in shares.items():
        left -= share
        if left < 0.0:
            return value
    # Rounding has left a gap above the last share.
    return next(value for value, share in reversed([*shares.items()]) if share > 0.0)

"""Legal forms of the country's legal entities."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from rulebook.kinds import Tier
from world.population import chosen

__all__ = ["LEGAL_FORMS", "LegalForm", "form_of"]


@dataclass(frozen=True, slots=True)
class LegalForm:
    """A legal form; `okopf` is its code (ОК 028-2012), the least charter capital is the law's."""

    short_name: str
    full_name: str
    okopf: str
    least_capital_roubles: int


LEGAL_FORMS: Final[Mapping[str, LegalForm]] = MappingProxyType(
    {
        # 14-ФЗ, art. 14
        "ООО": LegalForm("ООО", "ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ", "12300", 10_000),
        # 208-ФЗ, art. 26: a company that is not public, a public one
        "АО": LegalForm("АО", "АКЦИОНЕРНОЕ ОБЩЕСТВО", "12267", 10_000),
        "ПАО": LegalForm("ПАО", "ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО", "12247", 100_000),
    }
)
"""By the short name, with which the names of organizations begin."""

# Assumptions.
_SHARES: Final[Mapping[Tier, Mapping[str, float]]] = MappingProxyType(
    {
        "small": MappingProxyType({"ООО": 0.98, "АО": 0.02}),
        "medium": MappingProxyType({"ООО": 0.85, "АО": 0.14, "ПАО": 0.01}),
        "large": MappingProxyType({"ООО": 0.50, "АО": 0.35, "ПАО": 0.15}),
    }
)


def form_of(tier: Tier, unit: float) -> LegalForm:
    """The form in whose share among companies of this size `unit`, from 0 to 1, lies."""
    return LEGAL_FORMS[chosen(_SHARES[tier], unit)]

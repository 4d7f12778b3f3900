"""Banks of the country, from `data/banks.yaml`."""

from dataclasses import dataclass
from typing import Final

from world.data_files import entries
from world.regions import REGIONS

__all__ = ["BANKS", "Bank", "banks_of"]


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank or its branch; `correspondent` is its account at the Bank of Russia, `regions` are
    codes of those it serves."""

    name: str
    bik: str
    correspondent: str
    regions: tuple[str, ...]


def _read() -> dict[str, Bank]:
    everywhere = tuple(REGIONS)
    banks = [
        Bank(e["name"], e["bik"], e["correspondent"], tuple(e.get("regions", everywhere)))
        for e in entries("banks")
    ]
    return {bank.bik: bank for bank in banks}


BANKS: Final = _read()
"""By БИК."""

_SERVING: Final = {
    code: tuple(bank for bank in BANKS.values() if code in bank.regions) for code in REGIONS
}


def banks_of(region: str) -> tuple[Bank, ...]:
    """Banks that serve organizations of the region with this code."""
    return _SERVING[region]

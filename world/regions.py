"""Regions of the country and their tax offices, from `data/regions.yaml`."""

from dataclasses import dataclass
from typing import Final

from world.data_files import entries

__all__ = ["OFFICES", "REGIONS", "City", "Office", "Region", "region_of_okato"]


@dataclass(frozen=True, slots=True)
class City:
    """A city; `postal` are first three digits of its postal codes."""

    name: str
    postal: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """With its type, as in addresses."""
        return f"г. {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region (субъект Федерации).

    `code` begins taxpayer numbers, `okato` passport series, `area` city phones; `dative` follows
    «по»; the capital is the first of `cities`; tax offices are numbered 1 to `inspections`.
    """

    code: str
    name: str
    dative: str
    okato: str
    area: str
    inspections: int
    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """A tax office: its four-digit code begins ИНН and КПП."""

    code: str
    region: Region


def _read() -> dict[str, Region]:
    regions = {}
    for entry in entries("regions"):
        cities = tuple(City(city["name"], tuple(city["postal"])) for city in entry.pop("cities"))
        regions[entry["code"]] = Region(**entry, cities=cities)
    return regions


REGIONS: Final = _read()
"""By code, in the order of codes."""

OFFICES: Final = tuple(
    Office(f"{region.code}{number:02}", region)
    for region in REGIONS.values()
    for number in range(1, region.inspections + 1)
)
"""All tax offices; those of one region stand together."""

_BY_OKATO: Final = {region.okato: region for region in REGIONS.values()}


def region_of_okato(okato: str) -> Region | None:
    """The region whose passports begin with these two digits."""
    return _BY_OKATO.get(okato)

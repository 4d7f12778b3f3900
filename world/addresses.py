"""Postal addresses in a given region."""

from world.attributes import Attributes
from world.names import street
from world.records import Address
from world.regions import City, Region

__all__ = ["address_in", "city_in"]

_HOUSES = 150  # assumption: numbers of houses in a street
_ROOMS = 200  # assumption: numbers of flats or offices in a house


def city_in(region: Region, entity: Attributes) -> City:
    """The city of the region where the entity lives."""
    return entity.one_of("city", region.cities)


def address_in(region: Region, entity: Attributes, room: str) -> Address:
    """An address of the entity in the region; `room` is «кв.» or «оф.»."""
    city = city_in(region, entity)
    prefix = entity.one_of("postal code/city", city.postal)
    return Address(
        postal_code=f"{prefix}{entity.digits('postal code', 3)}",
        region=region.code,
        region_name=region.name,
        locality=city.full_name,
        street=street(entity),
        house=f"д. {1 + entity.below('house', _HOUSES)}",
        flat=f"{room} {1 + entity.below('room', _ROOMS)}",
    )

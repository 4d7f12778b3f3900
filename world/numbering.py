"""Index to identifier and back without a table.

A keyed permutation spreads the indices over all numbers of a kind, so an identifier tells its
index by the inverse, and neighbours have nothing in common. The spaces of numbers don't depend on
how many people and organizations there are: neither do the numbers, nor the work of finding an
owner.

Looking up gives the index to which a number would belong, or None where no index has it; whether
the country has that index, `world.country` knows.
"""

from dataclasses import dataclass
from typing import Final

from world import draws, identifiers
from world.dates import WORLD_DATE
from world.regions import OFFICES, REGIONS, Region, region_of_okato

__all__ = ["FIRST_PASSPORT_YEAR", "MOST_ORGANIZATIONS", "MOST_PEOPLE", "Numbering"]

MOST_ORGANIZATIONS: Final = 10_000_000
"""An ОГРН has seven digits for the serial."""

MOST_PEOPLE: Final = 100_000_000
"""About a fifth of all ИНН of 12 digits, so that most of the others stay nobody's."""

FIRST_PASSPORT_YEAR: Final = 1997  # постановление Правительства от 08.07.1997 № 828

_LEGAL_SERIALS: Final = 99_999  # from 1
_PERSON_SERIALS: Final = 999_999  # from 1
_OGRN_SERIALS: Final = 10**7
_OGRNIP_SERIALS: Final = 10**9
_FIRST_SNILS: Final = 1_001_999  # the first with a check number
_SNILS: Final = 10**9 - _FIRST_SNILS
_PASSPORTS_A_YEAR: Final = 999_999  # from 1
_PASSPORT_YEARS: Final = WORLD_DATE.year - FIRST_PASSPORT_YEAR
_MOBILE_CODES: Final = (*range(903, 907), *range(909, 920), *range(920, 930), *range(960, 970))
_SUBSCRIBERS: Final = 10**7

_OFFICE_PLACES: Final = {office.code: place for place, office in enumerate(OFFICES)}


@dataclass(frozen=True, slots=True)
class _Permutation:
    """A keyed order of range(size)."""

    key: int
    size: int

    def place(self, index: int) -> int:
        return draws.permute(self.key, index, self.size)

    def index(self, place: int) -> int:
        return draws.unpermute(self.key, place, self.size)


class Numbering:
    """The identifiers of the country `seed`."""

    def __init__(self, seed: int) -> None:
        def spread(name: str, size: int) -> _Permutation:
            return _Permutation(draws.combine(draws.text_key(f"numbering/{name}"), seed), size)

        self._legal_inn = spread("inn of legal", len(OFFICES) * _LEGAL_SERIALS)
        self._person_inn = spread("inn of person", len(OFFICES) * _PERSON_SERIALS)
        self._ogrn = spread("ogrn", _OGRN_SERIALS)
        self._ogrnip = spread("ogrnip", _OGRNIP_SERIALS)
        self._snils = spread("snils", _SNILS)
        self._phone = spread("phone", len(_MOBILE_CODES) * _SUBSCRIBERS)
        self._passport = {
            region.code: spread(f"passport/{region.code}", _PASSPORT_YEARS * _PASSPORTS_A_YEAR)
            for region in REGIONS.values()
        }

    # --- organizations ----------------------------------------------------------------------------

    def legal_inn(self, organization: int) -> str:
        """ИНН of a legal entity; its first four digits are its tax office."""
        office, serial = divmod(self._legal_inn.place(organization), _LEGAL_SERIALS)
        return identifiers.legal_inn(f"{OFFICES[office].code}{serial + 1:05}")

    def organization_of_inn(self, inn: str) -> int | None:
        """The organization that has `inn` if it is a legal entity."""
        if not identifiers.is_valid_legal_inn(inn):
            return None
        place = _inn_place(inn[:4], inn[4:9], _LEGAL_SERIALS)
        return None if place is None else self._legal_inn.index(place)

    def ogrn(self, organization: int, year: int, region: str) -> str:
        """ОГРН of a legal entity registered in `year` in the region of this code."""
        return identifiers.ogrn(f"1{year % 100:02}{region}{self._ogrn.place(organization):07}")

    def ogrnip(self, organization: int, year: int, region: str) -> str:
        """ОГРНИП of a sole proprietor registered in `year` in the region of this code."""
        return identifiers.ogrnip(f"3{year % 100:02}{region}{self._ogrnip.place(organization):09}")

    def organization_of_ogrn(self, ogrn: str) -> int | None:
        """The organization whose ОГРН or ОГРНИП has this serial; year and region are not looked
        at."""
        if identifiers.is_valid_ogrn(ogrn):
            return self._ogrn.index(int(ogrn[5:12]))
        if identifiers.is_valid_ogrnip(ogrn):
            return self._ogrnip.index(int(ogrn[5:14]))
        return None

    # --- people -----------------------------------------------------------------------------------

    def person_inn(self, person: int) -> str:
        """ИНН of a person; its first four digits are the tax office of their home."""
        office, serial = divmod(self._person_inn.place(person), _PERSON_SERIALS)
        return identifiers.person_inn(f"{OFFICES[office].code}{serial + 1:06}")

    def person_of_inn(self, inn: str) -> int | None:
        """The person who has `inn`."""
        if not identifiers.is_valid_person_inn(inn):
            return None
        place = _inn_place(inn[:4], inn[4:10], _PERSON_SERIALS)
        return None if place is None else self._person_inn.index(place)

    def home_region(self, person: int) -> Region:
        """The region of the person's ИНН, passport and address."""
        return OFFICES[self._person_inn.place(person) // _PERSON_SERIALS].region

    def passport(self, person: int) -> tuple[int, str]:
        """Year of print and number of a person's passport."""
        place = self._person_inn.place(person)
        region = OFFICES[place // _PERSON_SERIALS].region
        among_region = place - _first_place(region)
        year, serial = divmod(self._passport[region.code].place(among_region), _PASSPORTS_A_YEAR)
        return FIRST_PASSPORT_YEAR + year, f"{serial + 1:06}"

    def person_of_passport(self, series: str, number: str) -> int | None:
        """The person who has the passport of this series (4 digits) and number (6 digits)."""
        well_formed = identifiers.is_valid_passport_series(
            series
        ) and identifiers.is_valid_passport_number(number)
        region = region_of_okato(series[:2])
        if not well_formed or region is None or int(number) == 0:
            return None
        year = (int(series[2:]) - FIRST_PASSPORT_YEAR) % 100
        if year >= _PASSPORT_YEARS:
            return None
        among_region = self._passport[region.code].index(year * _PASSPORTS_A_YEAR + int(number) - 1)
        if among_region >= region.inspections * _PERSON_SERIALS:
            return None
        return self._person_inn.index(_first_place(region) + among_region)

    def snils(self, person: int) -> str:
        """СНИЛС of a person."""
        return identifiers.snils(f"{_FIRST_SNILS + self._snils.place(person):09}")

    def person_of_snils(self, snils: str) -> int | None:
        """The person who has `snils`."""
        if not identifiers.is_valid_snils(snils) or int(snils[:9]) < _FIRST_SNILS:
            return None
        return self._snils.index(int(snils[:9]) - _FIRST_SNILS)

    def phone(self, person: int) -> str:
        """A person's mobile phone, +79XXXXXXXXX."""
        code, subscriber = divmod(self._phone.place(person), _SUBSCRIBERS)
        return f"+7{_MOBILE_CODES[code]}{subscriber:07}"

    def person_of_phone(self, phone: str) -> int | None:
        """The person who has `phone`."""
        if not identifiers.is_valid_phone(phone) or int(phone[2:5]) not in _MOBILE_CODES:
            return None
        code = _MOBILE_CODES.index(int(phone[2:5]))
        return self._phone.index(code * _SUBSCRIBERS + int(phone[5:]))


def _inn_place(office: str, serial: str, serials: int) -> int | None:
    if office not in _OFFICE_PLACES or int(serial) == 0:
        return None
    return _OFFICE_PLACES[office] * serials + int(serial) - 1


def _first_place(region: Region) -> int:
    return _OFFICE_PLACES[f"{region.code}01"] * _PERSON_SERIALS

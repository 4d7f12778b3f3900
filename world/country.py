"""The country: its people and organizations, each found by index or by any of its numbers.

Every record is a function of (seed, index), nothing is stored. A number leads to its owner by the
inverse of the permutation that made it, so it costs the same among ten million as among a thousand.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isclose
from typing import Final

from rulebook.kinds import Kind, Tier
from world.employment import Employments
from world.numbering import MOST_ORGANIZATIONS, MOST_PEOPLE, Numbering
from world.organizations import DEFAULT_STANDING, Organizations, block_of
from world.people import DEFAULT_RESTRICTIONS, People
from world.population import DEFAULT_KINDS, DEFAULT_TIERS, Population
from world.records import Employment, Identity, Organization, PassportRestriction, Person, Standing

__all__ = ["DEFAULT_SEED", "World"]

DEFAULT_SEED: Final = 1
"""The country of whoever names none."""

_SEEDS: Final = 2**64  # a word of the draws
_CACHED_RECORDS: Final = 1024  # of each sort; about 5 MB


class World:
    """The country `seed`.

    `kinds`, `tiers` and `standing` are shares of organizations that sum to 1; `restrictions` are
    shares of passports that МВД doesn't accept, the rest it does. A record is the same whatever
    the numbers of organizations and people. ValueError for numbers and shares the country can't
    have: among others each organization needs a person who may head it.
    """

    def __init__(
        self,
        seed: int = DEFAULT_SEED,
        *,
        organizations: int = 10_000_000,
        people: int = 10_000_000,
        kinds: Mapping[Kind, float] = DEFAULT_KINDS,
        tiers: Mapping[Tier, float] = DEFAULT_TIERS,
        standing: Mapping[Standing, float] = DEFAULT_STANDING,
        restrictions: Mapping[PassportRestriction, float] = DEFAULT_RESTRICTIONS,
    ) -> None:
        if not 0 < organizations <= MOST_ORGANIZATIONS:
            raise ValueError(f"organizations: expected 1 to {MOST_ORGANIZATIONS}")
        if not organizations <= people <= MOST_PEOPLE:
            raise ValueError(f"people: expected {organizations} (organizations) to {MOST_PEOPLE}")
        for name, shares in (("kinds", kinds), ("tiers", tiers), ("standing", standing)):
            if not isclose(sum(shares.values()), 1.0) or not _are_shares(shares.values()):
                raise ValueError(f"{name}: expected shares that sum to 1")
        if sum(restrictions.values()) > 1.0 or not _are_shares(restrictions.values()):
            raise ValueError("restrictions: expected shares that sum to 1 at most")
        if not 0 <= seed < _SEEDS:
            raise ValueError(f"seed: expected 0 to {_SEEDS - 1}")
        self.seed = seed
        self.organizations = organizations
        self.people = people
        self.population = Population(seed, organizations, kinds, tiers)
        self._numbering = Numbering(seed)
        self._people = People(seed, self._numbering, restrictions)
        self._organizations = Organizations(
            self.population, self._people, self._numbering, standing
        )
        self._employments = Employments(self.population, self._organizations, self._people, people)
        self._person = lru_cache(_CACHED_RECORDS)(self._people.person)
        self._identity = lru_cache(_CACHED_RECORDS)(self._people.identity)
        self._organization = lru_cache(_CACHED_RECORDS)(self._organizations.organization)

    # --- by index ---------------------------------------------------------------------------------

    def organization(self, index: int) -> Organization:
        """The organization with this index; IndexError if there is none."""
        _inside(index, self.organizations)
        return self._organization(index)

    def person(self, index: int) -> Person:
        """The person with this index; IndexError if there is none."""
        _inside(index, self.people)
        return self._person(index)

    def identity(self, index: int) -> Identity:
        """Name, gender and ИНН of the person with this index, for less than the whole record costs;
        IndexError if there is none."""
        _inside(index, self.people)
        return self._identity(index)

    # --- by number --------------------------------------------------------------------------------

    def organization_by_inn(self, inn: str) -> Organization | None:
        """The legal entity (10 digits) or the sole proprietor (12 digits) with this ИНН."""
        legal = self._numbering.organization_of_inn(inn)
        index = self._numbering.person_of_inn(inn) if legal is None else legal
        organization = self._organization_at(index)
        return organization if organization is not None and organization.inn == inn else None

    def organization_by_ogrn(self, ogrn: str) -> Organization | None:
        """The legal entity (13 digits) or the sole proprietor (15 digits) with this number."""
        organization = self._organization_at(self._numbering.organization_of_ogrn(ogrn))
        return organization if organization is not None and organization.ogrn == ogrn else None

    def person_by_inn(self, inn: str) -> Person | None:
        """The person with this ИНН of 12 digits."""
        return self._person_at(self._numbering.person_of_inn(inn))

    def person_by_snils(self, snils: str) -> Person | None:
        """The person with this СНИЛС of 11 digits."""
        return self._person_at(self._numbering.person_of_snils(snils))

    def person_by_passport(self, series: str, number: str) -> Person | None:
        """The person with the passport of this series (4 digits) and number (6 digits)."""
        return self._person_at(self._numbering.person_of_passport(series, number))

    def person_by_phone(self, phone: str) -> Person | None:
        """The person with this mobile phone, +7 and ten digits."""
        return self._person_at(self._numbering.person_of_phone(phone))

    # --- who belongs where ------------------------------------------------------------------------

    def organizations_headed_by(self, person: int) -> tuple[Organization, ...]:
        """Organizations whose head is the person, liquidated ones too; IndexError for nobody."""
        _inside(person, self.people)
        # Heads stand in the block of what they head, and not after it.
        candidates = range(person, min(block_of(person).stop, self.organizations))
        return tuple(
            self.organization(i) for i in candidates if self._organizations.head_of(i) == person
        )

    def employer_of(self, person: int) -> Employment | None:
        """The labour contract of the person, None without one; IndexError for nobody."""
        _inside(person, self.people)
        return self._employments.employer_of(person)

    def employees_of(self, organization: int) -> tuple[Employment, ...]:
        """Labour contracts with the organization; IndexError if there is none of this index."""
        _inside(organization, self.organizations)
        return self._employments.employees_of(organization)

    def _organization_at(self, index: int | None) -> Organization | None:
        known = index is not None and index < self.organizations
        return self._organization(index) if known else None

    def _person_at(self, index: int | None) -> Person | None:
        known = index is not None and index < self.people
        return self._person(index) if known else None


def _are_shares(numbers: Iterable[float]) -> bool:
    return all(0.0 <= number <= 1.0 for number in numbers)


def _inside(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise IndexError(f"expected an index from 0 to {size - 1}, got {index}")

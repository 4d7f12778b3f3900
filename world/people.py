"""People of the country: adults with a passport, functions of (seed, index)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from world.addresses import address_in, city_in
from world.attributes import Attributes, stream_of
from world.dates import ADULT_AGE, LAST_DAY, WORLD_DATE, anniversary
from world.names import latin, person_name
from world.numbering import FIRST_PASSPORT_YEAR, Numbering
from world.population import chosen
from world.records import Gender, Identity, Passport, PassportRestriction, Person
from world.regions import Region

__all__ = ["DEFAULT_RESTRICTIONS", "People"]

DEFAULT_RESTRICTIONS: Final[Mapping[PassportRestriction, float]] = MappingProxyType(
    {"lost": 0.004, "expired": 0.004, "invalid": 0.002}
)
"""Shares of passports that МВД does not accept; assumptions."""

_GENDERS: Final[Mapping[Gender, float]] = MappingProxyType({"male": 0.55, "female": 0.45})
_MAIL_DOMAINS: Final = ("mail.test", "pochta.test", "post.test")
_DEPARTMENTS: Final = 200  # assumption: units of a region that issue passports
_CACHED_PAPERS: Final = 1024  # heads are asked for their age again and again
_LONGEST_ISSUE: Final = 60  # days after the birthday; assumption

# Who issued passports: УФМС between the reforms of 2006 and 2016 (указы Президента от 19.07.2004
# № 928 and от 05.04.2016 № 156).
_MIGRATION_SERVICE: Final = (dt.date(2006, 1, 1), dt.date(2016, 6, 1))


@dataclass(frozen=True, slots=True)
class _Occasion:
    """Why a passport that still holds was issued at one of `ages`, in the years of print from
    `first` to `last`, and how likely that is beside the others."""

    ages: range
    first: int
    last: int
    weight: float


# A passport is issued at 14, replaced at 20 and 45 (положение о паспорте, п. 7), and replaced the
# Soviet one until the end of 2003. Which of them still hold on the day of the country follows; the
# weights are assumptions.
_OCCASIONS: Final = (
    _Occasion(range(14, 15), WORLD_DATE.year - 20 + 14, LAST_DAY.year - ADULT_AGE + 14, 0.3),
    _Occasion(range(20, 21), WORLD_DATE.year - 45 + 20, LAST_DAY.year, 0.5),
    _Occasion(range(45, 46), FIRST_PASSPORT_YEAR, LAST_DAY.year, 0.5),
    _Occasion(range(46, 66), FIRST_PASSPORT_YEAR + 1, 2003, 0.5),
)


@dataclass(frozen=True, slots=True)
class _Papers:
    """Year of print and number of a passport, the age at which it was issued, and the date of birth
    that follows."""

    year: int
    number: str
    age: int
    birth_date: dt.date


class People:
    """The people of the country `seed`, of any number; `restrictions` are shares of passports that
    are not accepted, the other ones are."""

    def __init__(
        self,
        seed: int,
        numbering: Numbering,
        restrictions: Mapping[PassportRestriction, float] = DEFAULT_RESTRICTIONS,
    ) -> None:
        self._seed = seed
        self._numbering = numbering
        self._restrictions = restrictions
        self._papers = lru_cache(_CACHED_PAPERS)(self._drawn_papers)

    def identity(self, index: int) -> Identity:
        """Who the person with this index is: a third of the work of the whole record."""
        person = self.attributes(index)
        gender = person.by_share("gender", _GENDERS)
        return Identity(
            name=person_name(person, gender), gender=gender, inn=self._numbering.person_inn(index)
        )

    def person(self, index: int) -> Person:
        """The person with this index."""
        person = self.attributes(index)
        who = self.identity(index)
        name = who.name
        region = self.region(index)
        mailbox = f"{latin(name.first)}.{latin(name.last)}.{index}"
        return Person(
            index=index,
            name=name,
            gender=who.gender,
            birth_date=self._papers(index).birth_date,
            birth_place=city_in(region, person).full_name,
            inn=who.inn,
            snils=self._numbering.snils(index),
            passport=self._passport(index, region),
            address=address_in(region, person, "кв."),
            phone=self._numbering.phone(index),
            email=f"{mailbox}@{person.one_of('mail domain', _MAIL_DOMAINS)}",
        )

    def attributes(self, index: int) -> Attributes:
        """Draws of the person."""
        return Attributes("people", self._seed, index)

    @property
    def stream(self) -> int:
        """Key from which `draws.combine(stream, index)` makes that of a person's draws."""
        return stream_of("people", self._seed)

    def region(self, index: int) -> Region:
        """Where the person lives."""
        return self._numbering.home_region(index)

    def adult_since(self, index: int) -> dt.date:
        """The 18th birthday, from which one may head an organization, trade and work."""
        return anniversary(self._papers(index).birth_date, ADULT_AGE)

    def _drawn_papers(self, index: int) -> _Papers:
        person = self.attributes(index)
        year, number = self._numbering.passport(index)
        occasion = _occasion(year, person.unit("passport/occasion"))
        age = person.one_of("passport/age", occasion.ages)
        born = year - age
        birth = person.day("birth date", dt.date(born, 1, 1), dt.date(born, 12, 31))
        return _Papers(year, number, age, birth)

    def _passport(self, index: int, region: Region) -> Passport:
        person = self.attributes(index)
        papers = self._papers(index)
        entitled = anniversary(papers.birth_date, papers.age)
        issued = person.day(
            "passport/issued",
            entitled,
            min(entitled + dt.timedelta(days=_LONGEST_ISSUE), LAST_DAY),
        )
        return Passport(
            series=f"{region.okato}{papers.year % 100:02}",
            number=papers.number,
            issued=issued,
            issued_by=f"{_issuer(issued)} по {region.dative}",
            department=f"{region.code}0-{1 + person.below('passport/department', _DEPARTMENTS):03}",
            restriction=self._restriction(person.unit("passport/restriction")),
        )

    def _restriction(self, unit: float) -> PassportRestriction | None:
        left = unit
        for restriction, share in self._restrictions.items():
            left -= share
            if left < 0.0:
                return restriction
        return None


def _occasion(year: int, unit: float) -> _Occasion:
    """Why a passport printed in `year` was issued; `unit` lies between 0 and 1."""
    possible = {o: o.weight for o in _OCCASIONS if o.first <= year <= o.last}
    return chosen(possible, unit * sum(possible.values()))


def _issuer(issued: dt.date) -> str:
    founded, dissolved = _MIGRATION_SERVICE
    if issued < founded:
        return "УВД"
    return "УФМС России" if issued < dissolved else "УМВД России"

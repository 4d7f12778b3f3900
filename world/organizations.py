"""Organizations of the country: legal entities and sole proprietors, functions of (seed, index)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final

from rulebook.kinds import Tier
from world import identifiers
from world.activities import ACTIVITIES
from world.addresses import address_in, city_in
from world.attributes import Attributes
from world.banks import banks_of
from world.dates import LAST_DAY
from world.legal_forms import LegalForm, form_of
from world.names import company_title, initials, latin
from world.numbering import Numbering
from world.people import People
from world.population import Population
from world.records import BankAccount, Branch, Founder, Head, Organization, Standing
from world.regions import OFFICES, REGIONS, Region

__all__ = ["BLOCK", "DEFAULT_STANDING", "Life", "Organizations", "block_of"]

DEFAULT_STANDING: Final[Mapping[Standing, float]] = MappingProxyType(
    {"active": 0.90, "liquidating": 0.01, "liquidated": 0.06, "unreliable": 0.03}
)
"""Shares of standings; assumptions."""

BLOCK: Final = 64
"""Organizations and people of one block of indices deal with each other: whoever heads, founds or
works for an organization is found among so many, however large the country."""

# The registers begin: ЕГРЮЛ (129-ФЗ, in force on that day), ЕГРИП (76-ФЗ of 23.06.2003).
_EGRUL_BEGINS: Final = dt.date(2002, 7, 1)
_EGRIP_BEGINS: Final = dt.date(2004, 1, 1)

# Assumptions, all of them.
_HEADED_FROM_THE_START: Final = 0.6
_FOUNDERS: Final[Mapping[int, float]] = MappingProxyType({1: 0.7, 2: 0.2, 3: 0.1})
_CAPITAL_FACTORS: Final[Mapping[Tier, tuple[int, ...]]] = MappingProxyType(
    {"small": (1, 1, 1, 2, 5, 10), "medium": (1, 10, 50, 100), "large": (1_000, 10_000, 100_000)}
)
_BRANCHES: Final[Mapping[Tier, range]] = MappingProxyType(
    {"small": range(1), "medium": range(3), "large": range(1, 6)}
)
_ACTIVITIES: Final = tuple(ACTIVITIES)
_MOST_EXTRA_ACTIVITIES: Final = 4
_POSITIONS: Final[Mapping[str, float]] = MappingProxyType(
    {"Генеральный директор": 0.5, "Директор": 0.25, "Президент": 0.25}
)

_KOPECKS: Final = 100
_CACHED: Final = 4096  # one record asks for its kind and its head again and again
_LEGAL_ACCOUNT, _PROPRIETOR_ACCOUNT = "40702", "40802"  # положение Банка России № 809-П
_ROUBLES: Final = "810"  # code of the rouble in account numbers
_HEAD_OFFICE, _BRANCH = "01", "43"  # reasons of registration in a КПП


@dataclass(frozen=True, slots=True)
class Life:
    """State of an organization, when it was registered and, if liquidated, closed."""

    standing: Standing
    registered: dt.date
    closed: dt.date | None


def block_of(index: int) -> range:
    """Indices of the block to which an organization or a person belongs."""
    first = index - index % BLOCK
    return range(first, first + BLOCK)


class Organizations:
    """The organizations of `population`, with `people` as heads and founders."""

    def __init__(
        self,
        population: Population,
        people: People,
        numbering: Numbering,
        standing: Mapping[Standing, float] = DEFAULT_STANDING,
    ) -> None:
        self._population = population
        self._kind = lru_cache(_CACHED)(population.kind)
        self._attributes = lru_cache(_CACHED)(partial(Attributes, "country", population.seed))
        self._head_of = lru_cache(_CACHED)(self._drawn_head_of)
        self._people = people
        self._numbering = numbering
        self._standing = standing

    def organization(self, index: int) -> Organization:
        """The organization with this index."""
        if self._kind(index) == "legal":
            return self._legal(index)
        return self._sole_proprietor(index)

    def head_of(self, index: int) -> int:
        """Index of the head: a sole proprietor is the person of the same index, a legal entity has
        one of its block who is not above its own index, so that any country has them."""
        return self._head_of(index)

    def _drawn_head_of(self, index: int) -> int:
        if self._kind(index) == "sole_proprietor":
            return index
        first = block_of(index).start
        return first + self._attributes(index).below("head", index - first + 1)

    def life_of(self, index: int) -> Life:
        """State and dates; the head is an adult at registration."""
        organization = self._attributes(index)
        legal = self._kind(index) == "legal"
        begins = _EGRUL_BEGINS if legal else _EGRIP_BEGINS
        earliest = max(begins, self._people.adult_since(self.head_of(index)))
        registered = organization.day("registered", earliest, LAST_DAY)
        standing = organization.by_share("standing", self._standing)
        closed = None
        if standing == "liquidated":
            closed = organization.day("closed", registered, LAST_DAY)
        return Life(standing, registered, closed)

    # --- legal entities ---------------------------------------------------------------------------

    def _legal(self, index: int) -> Organization:
        organization = self._attributes(index)
        tier = self._population.tier(index)
        form = form_of(tier, organization.unit("form"))
        title = company_title(organization)
        inn = self._numbering.legal_inn(index)
        region = REGIONS[inn[:2]]
        life = self.life_of(index)
        capital = _capital(organization, tier, form)
        return Organization(
            index=index,
            kind="legal",
            tier=tier,
            standing=life.standing,
            inn=inn,
            ogrn=self._numbering.ogrn(index, life.registered.year, region.code),
            kpp=f"{inn[:4]}{_HEAD_OFFICE}001",
            full_name=f'{form.full_name} "{title.upper()}"',
            short_name=f'{form.short_name} "{title.upper()}"',
            registered=life.registered,
            closed=life.closed,
            address=address_in(region, organization, "оф."),
            head=self._head(index, life),
            capital_kopecks=capital,
            founders=self._founders(index, life, capital),
            branches=self._branches(index, tier),
            okved=_activities(organization),
            account=_account(organization, _LEGAL_ACCOUNT, region),
            phone=_city_phone(organization, region),
            email=f"info@{latin(title)}-{index}.test",
        )

    def _head(self, index: int, life: Life) -> Head:
        organization = self._attributes(index)
        since = life.registered
        if organization.unit("head/from the start") >= _HEADED_FROM_THE_START:
            since = organization.day("head/since", life.registered, life.closed or LAST_DAY)
        position = organization.by_share("head/position", _POSITIONS)
        return Head(person=self.head_of(index), position=position, since=since)

    def _founders(self, index: int, life: Life, capital: int) -> tuple[Founder, ...]:
        """The head and others of the block who were adults then; shares sum to the capital."""
        organization = self._attributes(index)
        first, head = block_of(index).start, self.head_of(index)
        wanted = organization.by_share("founders", _FOUNDERS)
        drawn = [
            first + organization.below("founder", index - first + 1, k) for k in range(1, wanted)
        ]
        adults = [p for p in drawn if self._people.adult_since(p) <= life.registered]
        people = list(dict.fromkeys([head, *adults]))
        weights = [1 + organization.below("founder/share", 9, k) for k in range(len(people))]
        shares = [capital * weight // sum(weights) for weight in weights]
        shares[0] += capital - sum(shares)
        return tuple(
            Founder(person=p, share_kopecks=s) for p, s in zip(people, shares, strict=True)
        )

    def _branches(self, index: int, tier: Tier) -> tuple[Branch, ...]:
        count = self._attributes(index).one_of("branches", _BRANCHES[tier])
        return tuple(self._branch(index, number) for number in range(1, count + 1))

    def _branch(self, index: int, number: int) -> Branch:
        branch = Attributes(f"branch {number}", self._population.seed, index)
        office = branch.one_of("office", OFFICES)
        city = city_in(office.region, branch).full_name
        return Branch(
            number=number,
            name=f"ФИЛИАЛ № {number} ({city.upper()})",
            kpp=f"{office.code}{_BRANCH}{number:03}",
            address=address_in(office.region, branch, "оф."),
        )

    # --- sole proprietors -------------------------------------------------------------------------

    def _sole_proprietor(self, index: int) -> Organization:
        organization = self._attributes(index)
        person = self._people.person(index)
        region = self._people.region(index)
        life = self.life_of(index)
        return Organization(
            index=index,
            kind="sole_proprietor",
            tier=self._population.tier(index),
            standing=life.standing,
            inn=person.inn,
            ogrn=self._numbering.ogrnip(index, life.registered.year, region.code),
            kpp=None,
            full_name=f"Индивидуальный предприниматель {person.name}",
            short_name=f"ИП {initials(person.name)}",
            registered=life.registered,
            closed=life.closed,
            address=person.address,
            head=Head(
                person=index, position="Индивидуальный предприниматель", since=life.registered
            ),
            capital_kopecks=None,
            founders=(),
            branches=(),
            okved=_activities(organization),
            account=_account(organization, _PROPRIETOR_ACCOUNT, region),
            phone=person.phone,
            email=person.email,
        )


def _capital(organization: Attributes, tier: Tier, form: LegalForm) -> int:
    factor = organization.one_of("capital", _CAPITAL_FACTORS[tier])
    return form.least_capital_roubles * factor * _KOPECKS


def _activities(organization: Attributes) -> tuple[str, ...]:
    """The main activity and some others, all different."""
    count = 1 + organization.below("activities", _MOST_EXTRA_ACTIVITIES + 1)
    return tuple(
        dict.fromkeys(organization.one_of("activity", _ACTIVITIES, k) for k in range(count))
    )


def _account(organization: Attributes, balance: str, region: Region) -> BankAccount:
    bank = organization.one_of("bank", banks_of(region.code))
    payload = f"{balance}{_ROUBLES}{organization.digits('account', 11)}"
    return BankAccount(
        number=identifiers.settlement_account(payload, bank.bik),
        bik=bank.bik,
        correspondent=bank.correspondent,
        bank=bank.name,
    )


def _city_phone(organization: Attributes, region: Region) -> str:
    """A phone in the region's capital; subscribers' numbers begin with 2 to 7."""
    rest = organization.digits("phone", 9 - len(region.area))
    return f"+7{region.area}{2 + organization.below('phone/first', 6)}{rest}"

"""What the country knows of a person and of an organization: plain records without behaviour.

Identifiers and dates are what registries print: digits as text, dates as `datetime.date`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rulebook.kinds import Kind, Tier

__all__ = [
    "Address",
    "BankAccount",
    "Branch",
    "Employment",
    "Founder",
    "FullName",
    "Gender",
    "Head",
    "Identity",
    "Organization",
    "Passport",
    "PassportRestriction",
    "Person",
    "Standing",
]

Gender: TypeAlias = Literal["male", "female"]

Standing: TypeAlias = Literal["active", "liquidating", "liquidated", "unreliable"]
"""State of a registry record (REG-06); `unreliable` is a record with an address marked untrue."""

PassportRestriction: TypeAlias = Literal["lost", "expired", "invalid"]
"""Why МВД does not accept a passport (ACC-08)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullName:
    """Last name, first name and patronymic, in full (ID-13)."""

    last: str
    first: str
    patronymic: str | None

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Russian postal address; `region` is its two-digit code, `locality` has its type."""

    postal_code: str
    region: str
    region_name: str
    locality: str
    street: str
    house: str
    flat: str | None = None

    def __str__(self) -> str:
        parts = (self.postal_code, self.region_name, self.locality, self.street, self.house)
        # Moscow, Saint Petersburg and Sevastopol are regions and cities at once.
        said_once = dict.fromkeys(part for part in (*parts, self.flat) if part)
        return ", ".join(said_once)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """An internal passport; `series` has 4 digits, `number` 6, `department` is NNN-NNN (ID-14)."""

    series: str
    number: str
    issued: dt.date
    issued_by: str
    department: str
    restriction: PassportRestriction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a person is where a registry names them: a head, a founder."""

    name: FullName
    gender: Gender
    inn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the country; `index` names them, `phone` is +79XXXXXXXXX."""

    index: int
    name: FullName
    gender: Gender
    birth_date: dt.date
    birth_place: str
    inn: str
    snils: str
    passport: Passport
    address: Address
    phone: str
    email: str

    @property
    def identity(self) -> Identity:
        """Name, gender and ИНН."""
        return Identity(name=self.name, gender=self.gender, inn=self.inn)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """A settlement account of 20 digits whose key fits the bank's BIK (ID-15)."""

    number: str
    bik: str
    correspondent: str
    bank: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who acts for a legal entity without a power of attorney; `person` is an index."""

    person: int
    position: str
    since: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """A founder and the share of the capital in kopecks; `person` is an index."""

    person: int
    share_kopecks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch of a legal entity: own KPP and address (BND-12); `number` counts from 1."""

    number: int
    name: str
    kpp: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A legal entity or a sole proprietor; `index` names it.

    A sole proprietor's `inn` and `address` are the person's, `ogrn` is ОГРНИП (15 digits), and
    `kpp`, `capital_kopecks`, `founders`, `branches` are empty; `head` is the person. `okved` begins
    with the main activity. `closed` is the date on which a liquidated one left the registry.
    """

    index: int
    kind: Kind
    tier: Tier
    standing: Standing
    inn: str
    ogrn: str
    kpp: str | None
    full_name: str
    short_name: str
    registered: dt.date
    closed: dt.date | None
    address: Address
    head: Head
    capital_kopecks: int | None
    founders: tuple[Founder, ...]
    branches: tuple[Branch, ...]
    okved: tuple[str, ...]
    account: BankAccount
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Employment:
    """A labour contract: `person` works for `organization` (indices) since a date (ROLE-06)."""

    person: int
    organization: int
    position: str
    department: str
    since: dt.date

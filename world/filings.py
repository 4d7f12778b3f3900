"""What an organization's applicant sends to the portal, and what it will be compared with.

A filing is good by construction: every rule accepts it. `world.defects` makes mistakes in it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from rulebook.kinds import Kind
from world.attributes import Attributes
from world.certificate_profiles import (
    ACCREDITED,
    ALGORITHMS,
    CARRIERS,
    LIFETIME_DAYS,
    CertificateProfile,
    CertificateSubject,
)
from world.country import World
from world.dates import ONE_DAY, WORLD_DATE, anniversary
from world.documents import TITLES, Document, DocumentKind, printed_date
from world.records import Employment, Organization, Person

__all__ = [
    "AUTHORITY",
    "REQUIRED_DOCUMENTS",
    "EmployeeEntry",
    "Environment",
    "Filing",
    "Form",
    "Subject",
    "filing_of",
]

AUTHORITY: Final[DocumentKind] = "management_power_of_attorney"
"""What shows the authority of a legal entity's representative in a good filing (REG-07)."""

REQUIRED_DOCUMENTS: Final[Mapping[Kind, tuple[DocumentKind, ...]]] = MappingProxyType(
    {
        "legal": (
            "charter",
            "registration_certificate",
            "tax_certificate",
            "egrul_extract",
            AUTHORITY,
        ),
        "sole_proprietor": ("passport", "egrip_record"),
    }
)
"""The set of REG-08; a sole proprietor shows who they are and that they are one (REG-09)."""

# Ages of good papers on the day of filing, at most; the youngest are of the day before, which
# leaves room for a term that ended in the past.
_FRESH_DAYS: Final = 30
_PAPER_DAYS: Final = 300
_NEW_JOB: Final = ("Оператор", "Отдел документооборота")
_AUTHORITY_YEARS: Final = (1, 3)  # the usual terms of a power of attorney
_SERIALS: Final = 2**52 - 1  # as many as one draw tells apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of REG-01 and BND-14 as they were typed; an empty text is a field left empty.

    `kpp`, `legal_address`, `capital` (roubles) and `founding_date` are a legal entity's alone.
    """

    full_name: str
    inn: str
    ogrn: str
    kpp: str
    legal_address: str
    capital: str
    founding_date: str
    phone: str
    email: str
    bank: str
    bik: str
    account: str
    head_name: str
    head_birth_date: str
    head_inn: str
    head_snils: str
    head_position: str
    head_appointed: str
    head_phone: str
    head_email: str
    passport_series: str
    passport_number: str
    passport_issued: str
    passport_issued_by: str
    contact_name: str
    contact_phone: str
    terms_accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the registries and the portal must say of those who stand behind the filing.

    The applicant's passport is without restriction or restricted since a day (ACC-08), their
    account confirmed since a day or not confirmed (ACC-07).
    """

    organization: Organization
    applicant: Person
    passport_restricted_on: dt.date | None
    account_confirmed_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The applicant's computer; `clock_skew_s` is how many seconds its clock is ahead (CERT-10)."""

    clock_skew_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeEntry:
    """What is typed to add an employee (ROLE-06); `employment` is what the documents say."""

    employment: Employment
    full_name: str
    inn: str
    position: str
    department: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """All that is filed for an organization on the day `as_of`."""

    as_of: dt.date
    form: Form
    documents: tuple[Document, ...]
    certificate: CertificateProfile
    subject: Subject
    environment: Environment
    employee: EmployeeEntry

    @property
    def kind(self) -> Kind:
        """The kind of applicant."""
        return self.subject.organization.kind


def filing_of(world: World, index: int, as_of: dt.date) -> Filing:
    """The good filing for organization `index` of `world` on the day `as_of`.

    For a legal entity a representative applies under a power of attorney, for a sole proprietor
    they themselves; registries find everyone in order, whatever the country's records say.
    ValueError for a day before `WORLD_DATE`: records of the country reach up to it.
    """
    if as_of < WORLD_DATE:
        raise ValueError(f"the country is described on {WORLD_DATE}, not yet on {as_of}")
    organization = replace(world.organization(index), standing="active", closed=None)
    filed = Attributes("filing", world.seed, index)
    head = world.person(organization.head.person)
    employment = _employment(world, organization, as_of, filed)
    applicant = head if organization.kind == "sole_proprietor" else world.person(employment.person)
    return Filing(
        as_of=as_of,
        form=_form(organization, head, applicant),
        documents=_documents(organization, applicant, as_of, filed),
        certificate=_certificate(organization, applicant, as_of, filed),
        subject=_subject(organization, applicant, as_of, filed),
        environment=Environment(clock_skew_s=0),
        employee=_employee(employment, world.person(employment.person)),
    )


def _form(organization: Organization, head: Person, contact: Person) -> Form:
    legal = organization.kind == "legal"
    return Form(
        full_name=organization.full_name,
        inn=organization.inn,
        ogrn=organization.ogrn,
        kpp=organization.kpp or "",
        legal_address=str(organization.address) if legal else "",
        capital=_roubles(organization.capital_kopecks) if legal else "",
        founding_date=organization.registered.isoformat() if legal else "",
        phone=organization.phone,
        email=organization.email,
        bank=organization.account.bank,
        bik=organization.account.bik,
        account=organization.account.number,
        head_name=str(head.name),
        head_birth_date=printed_date(head.birth_date),
        head_inn=head.inn,
        head_snils=head.snils,
        head_position=organization.head.position,
        head_appointed=printed_date(organization.head.since),
        head_phone=head.phone,
        head_email=head.email,
        passport_series=head.passport.series,
        passport_number=head.passport.number,
        passport_issued=printed_date(head.passport.issued),
        passport_issued_by=head.passport.issued_by,
        contact_name=str(contact.name),
        contact_phone=contact.phone,
        terms_accepted=True,
    )


def _roubles(kopecks: int | None) -> str:
    roubles, rest = divmod(kopecks or 0, 100)
    return f"{roubles},{rest:02}" if rest else str(roubles)


def _documents(
    organization: Organization, applicant: Person, as_of: dt.date, filed: Attributes
) -> tuple[Document, ...]:
    issued = {
        "egrul_extract": _recent("extract", _FRESH_DAYS, organization, as_of, filed),
        AUTHORITY: _recent("authority", _PAPER_DAYS, organization, as_of, filed),
        "passport": applicant.passport.issued,
    }
    whose = {
        AUTHORITY: f"{organization.short_name}, {applicant.name}",
        "passport": str(applicant.name),
    }
    years = filed.one_of("authority/years", _AUTHORITY_YEARS)
    return tuple(
        Document(
            kind=kind,
            holder=whose.get(kind, organization.short_name),
            issued=issued.get(kind, organization.registered),
            valid_until=anniversary(issued[kind], years) if kind == AUTHORITY else None,
            file_name=f"{TITLES[kind]}.pdf",
        )
        for kind in REQUIRED_DOCUMENTS[organization.kind]
    )


def _certificate(
    organization: Organization, signer: Person, as_of: dt.date, filed: Attributes
) -> CertificateProfile:
    legal = organization.kind == "legal"
    not_before = _recent("certificate", _PAPER_DAYS, organization, as_of, filed)
    return CertificateProfile(
        subject=CertificateSubject(
            common_name=organization.short_name if legal else str(signer.name),
            person=signer.name,
            inn=signer.inn,
            snils=signer.snils,
            legal_inn=organization.inn if legal else None,
            ogrn=organization.ogrn,
        ),
        authority=filed.one_of("certificate/authority", ACCREDITED),
        serial=f"{1 + filed.below('certificate/serial', _SERIALS):016x}",
        not_before=not_before,
        not_after=not_before + dt.timedelta(days=LIFETIME_DAYS),
        algorithm=filed.one_of("certificate/algorithm", ALGORITHMS),
        carrier=filed.one_of("certificate/carrier", CARRIERS),
    )


def _recent(
    paper: str, days: int, organization: Organization, as_of: dt.date, filed: Attributes
) -> dt.date:
    """When a paper was issued: at most `days` before the filing, not before the registration."""
    first = max(organization.registered, as_of - dt.timedelta(days=days))
    return filed.day(f"{paper}/issued", first, as_of - ONE_DAY)


def _subject(
    organization: Organization, applicant: Person, as_of: dt.date, filed: Attributes
) -> Subject:
    passport = replace(applicant.passport, restriction=None)
    yesterday = as_of - ONE_DAY
    confirmed = filed.day("account/confirmed", as_of - dt.timedelta(days=_PAPER_DAYS), yesterday)
    return Subject(
        organization=organization,
        applicant=replace(applicant, passport=passport),
        passport_restricted_on=None,
        account_confirmed_on=confirmed,
    )


def _employment(
    world: World, organization: Organization, as_of: dt.date, filed: Attributes
) -> Employment:
    """A labour contract with the organization; if it has none, somebody's newly concluded one."""
    contracts = world.employees_of(organization.index)
    if contracts:
        return filed.one_of("employee", contracts)
    others = max(world.people - 1, 1)  # a country of one person has only the head
    person = (organization.head.person + 1 + filed.below("employee", others)) % world.people
    position, department = _NEW_JOB
    return Employment(
        person=person,
        organization=organization.index,
        position=position,
        department=department,
        since=_recent("contract", _FRESH_DAYS, organization, as_of, filed),
    )


def _employee(employment: Employment, person: Person) -> EmployeeEntry:
    return EmployeeEntry(
        employment=employment,
        full_name=str(person.name),
        inn=person.inn,
        position=employment.position,
        department=employment.department,
        phone=person.phone,
        email=person.email,
    )

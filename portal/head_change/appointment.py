"""A new head as the administrator has entered them, and everything that is wrong with that
(HEAD-01, HEAD-04, BND-09)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.accounts.sign_up import full_name_of
from portal.binding.request import papers_of
from portal.certificates.signature_check import certificate_violations
from portal.organizations.organization import Organization
from portal.ports.people_registers import NamedPerson, PassportVerdict, Verdict
from portal.ports.signatures import WrongSignature
from portal.ports.unavailable import Unavailable
from portal.registration.signed_text import signature_bytes
from portal.rules import accounts, identifiers
from portal.rules import binding as binding_rules
from portal.rules import head_change as rules
from portal.rules.accounts import Occupied, PassportAnswer
from portal.rules.binding_claims import HeadFacts
from portal.rules.head_change import HeadAccount, NewHead
from portal.rules.identifiers import PassportData, Requisites, Written
from portal.rules.reasons import ANOTHERS_CERTIFICATE
from portal.rules.rule import Violation, every
from portal.store.entity import Entity
from portal.use_case import Context
from rulebook import Policy, Text
from world.documents import DocumentKind

__all__ = ["Appointment", "CheckedHead", "HeadForm", "check_head"]

_ORDER: Final[DocumentKind] = "appointment_order"
_NONE: Final = Text("сертификата нет", "there is no certificate")
_PASSPORT: Final = ("passport_series", "passport_number", "passport_issued", "passport_issued_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadForm:
    """A new head of an organization: what HEAD-01 and HEAD-04 ask for. `documents` are ids of
    uploaded ones, `certificate` is an open certificate (DER or PEM) in Base64."""

    organization: str
    full_name: str
    inn: str
    birth_date: str
    phone: str
    email: str
    position: str
    snils: str
    passport_series: str
    passport_number: str
    passport_issued: str
    passport_issued_by: str
    documents: tuple[str, ...] = ()
    certificate: str = ""
    consent: bool = False


@dataclass(frozen=True, kw_only=True)
class Appointment(Entity):
    """A new head of the organization of the same id, until the code of the role is entered."""

    KIND: ClassVar[str] = "appointment"

    full_name: str
    inn: str
    birth_date: str
    phone: str
    email: str
    position: str
    snils: str
    appointed_by: str
    at: dt.datetime


@dataclass(kw_only=True)
class CheckedHead:
    """What is wrong with a new head; `waits` is whether ФНС or МВД did not answer."""

    violations: list[Violation] = field(default_factory=list)
    waits: bool = False


def check_head(context: Context, organization: Organization, form: HeadForm) -> CheckedHead:
    """Every error of the form, of the papers, of the person by the registers, at once."""
    checked = CheckedHead()
    of_form = list(every(_of_form(form, context.policy)))
    misspelt = {each.field for each in of_form}
    named = NewHead(full_name=form.full_name, inn=form.inn, phone=form.phone, email=form.email)
    wrong_certificate, of_certificate = _certificate(context, form)
    account = HeadAccount(
        inn_confirmed=organization.state in ("verified", "active"),
        birth_date=form.birth_date,
        position=form.position,
        snils=form.snils,
        passport_series=form.passport_series,
        passport_number=form.passport_number,
        passport_issued=form.passport_issued,
        passport_issued_by=form.passport_issued_by,
        has_order=any(
            each.document_type == _ORDER and each.status != "blocked"
            for each in papers_of(context, form.documents)
        ),
        wrong_certificate=wrong_certificate,
        consent=form.consent,
    )
    checked.violations = list(
        every(
            (
                tuple(of_form),
                rules.head_is_named(named, context.policy),
                rules.head_account(account, context.policy),
                of_certificate,
                _occupied(context, form),
                _by_registers(context, checked, form, misspelt),
            )
        )
    )
    return checked


def _of_form(form: HeadForm, policy: Policy) -> Iterator[tuple[Violation, ...]]:
    typed = Requisites(kind="sole_proprietor", inn=form.inn, ogrn="")
    yield identifiers.full_name(Written(field="full_name", text=form.full_name), policy)
    yield identifiers.person_inn(typed, policy)
    yield identifiers.no_other_signs(typed, policy)
    yield identifiers.birth_date(Written(field="birth_date", text=form.birth_date), policy)
    yield identifiers.phone(Written(field="phone", text=form.phone), policy)
    yield identifiers.email(Written(field="email", text=form.email), policy)
    yield identifiers.snils(Written(field="snils", text=form.snils), policy)
    series, number, issued, issued_by = (
        Written(field=name, text=getattr(form, name)) for name in _PASSPORT
    )
    if all(getattr(form, name).strip() for name in _PASSPORT):
        passport = PassportData(series=series, number=number, issued=issued, issued_by=issued_by)
        yield identifiers.passport_data(passport, policy)


def _certificate(context: Context, form: HeadForm) -> tuple[Text | None, tuple[Violation, ...]]:
    """What HEAD-04 and the rules of certificates say against the one that was given."""
    if not form.certificate:
        return _NONE, ()
    try:
        facts = context.portal.ports.signatures.certificate(signature_bytes(form.certificate))
    except WrongSignature as wrong:
        return Text(str(wrong), "the certificate cannot be read"), ()
    if facts.inn != form.inn:
        return ANOTHERS_CERTIFICATE, ()
    return None, certificate_violations(context, facts, None)


def _occupied(context: Context, form: HeadForm) -> tuple[Violation, ...]:
    """ACC-09 for a phone that is another person's."""
    holder = context.unit.one(Account, "phone", form.phone) if form.phone else None
    claim = Occupied(phone=holder is not None and holder.inn != form.inn, inn=False)
    return accounts.not_occupied(claim, context.policy)


def _by_registers(
    context: Context, checked: CheckedHead, form: HeadForm, misspelt: set[str]
) -> tuple[Violation, ...]:
    """BND-09 and, of a passport that is not good, ACC-08, once everything that the registers are
    asked about has a right form."""
    asked = ("full_name", "inn", "birth_date", *_PASSPORT)
    if not misspelt.isdisjoint(asked) or not all(getattr(form, name).strip() for name in asked):
        return ()
    name = full_name_of(form.full_name)
    person = NamedPerson(
        last_name=name.last,
        first_name=name.first,
        patronymic=name.patronymic,
        birth_date=_day(form.birth_date),
    )
    ports = context.portal.ports
    verdict: Verdict | None = None
    differing: tuple[str, ...] = ()
    passport: PassportVerdict | None = None
    try:
        verdict, fields = ports.fns.check_person(person, form.inn)
        differing = tuple(fields)
        passport, _ = ports.mvd.check_passport(
            person, form.passport_series, form.passport_number, _day(form.passport_issued)
        )
    except Unavailable:
        checked.waits = True
    anothers = passport if passport == "mismatch" else None  # of a bad one ACC-08 tells
    claim = HeadFacts(person=verdict, fields=differing, snils="", passport=anothers)
    return (
        *binding_rules.head_is_confirmed(claim, context.policy),
        *accounts.passport_is_good(PassportAnswer(verdict=passport), context.policy),
    )


def _day(text: str) -> dt.date:
    """A day as ID-11 writes it."""
    return dt.datetime.strptime(text, "%d.%m.%Y").date()

"""The requisites of an organization that is added or bound, against all registers (BND-07 to
BND-09, BND-13, BND-14, BND-16, REG-06)."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, fields

from portal.accounts.sign_up import full_name_of
from portal.organizations.form_check import FormFields
from portal.organizations.form_check import form_violations as identifier_violations
from portal.organizations.organization import Organization
from portal.ports.people_registers import NamedPerson, PassportVerdict, Verdict
from portal.ports.registers import RegisterRecord
from portal.ports.unavailable import Unavailable
from portal.registration.application_check import number_to_ask
from portal.rules import binding as rules
from portal.rules import registration
from portal.rules.binding_claims import (
    HeadFacts,
    NewOrganization,
    Profile,
    RegisterLookup,
    RequisitesCheck,
)
from portal.rules.registration import Application, Compared, Registered
from portal.rules.rule import Violation
from portal.use_case import Context
from rulebook import Kind

__all__ = ["CheckedRequisites", "check_addition", "check_profile", "organization_of"]


@dataclass(kw_only=True)
class CheckedRequisites:
    """What is wrong with requisites, the register's record; `answered` is whether those who confirm
    them did, `waits` whether МВД did not."""

    violations: list[Violation] = field(default_factory=list)
    record: RegisterRecord | None = None
    answered: bool = True
    waits: bool = False


def check_addition(context: Context, form: Application) -> CheckedRequisites:
    """Full details of an organization that the portal has not."""
    checked = CheckedRequisites()
    policy = context.policy
    typed = FormFields(**{each.name: getattr(form, each.name) for each in fields(FormFields)})
    of_form = identifier_violations(typed, policy)
    misspelt = {each.field for each in of_form}
    checked.violations += [*of_form, *rules.full_set(form, policy)]
    checked.violations += registration.terms_accepted(form, policy)
    number = number_to_ask(form)
    if number is not None:
        _ask_register(context, checked, form.kind, number)
        present = organization_of(context, form.ogrn) or organization_of(context, form.inn)
        claim = NewOrganization(present=present is not None)
        checked.violations += rules.absent_from_portal(claim, policy)
    if checked.record is not None:
        compared = Compared(application=form, record=checked.record)
        for rule in (registration.one_record, registration.literal_name, registration.is_active):
            checked.violations += rule(compared, policy)
    account = "" if misspelt & {"inn", "bik", "account"} else form.account
    address = form.legal_address if form.kind == "legal" else ""
    _check_account(context, checked, form.inn, form.bik, account, address)
    checked.violations += _head_violations(context, checked, form, misspelt)
    return checked


def check_profile(context: Context, organization: Organization) -> CheckedRequisites:
    """The profile of an organization that the portal has."""
    checked = CheckedRequisites()
    requisites = organization.requisites
    _ask_register(context, checked, organization.kind, requisites.ogrn)
    checked.violations += registration.is_active(Registered(record=checked.record), context.policy)
    profile = Profile(
        kind=organization.kind,
        active=organization.state in ("active", "unbound")
        and (checked.record is not None or organization.standing in ("active", "liquidating")),
        fields={name: text or "" for name, text in asdict(requisites).items()},
    )
    checked.violations += rules.profile_complete(profile, context.policy)
    _check_account(
        context,
        checked,
        requisites.inn,
        requisites.bik,
        requisites.account,
        requisites.legal_address if organization.kind == "legal" else "",
    )
    return checked


def organization_of(context: Context, number: str) -> Organization | None:
    """The organization of the portal that has this ОГРН or ИНН; None if there is none."""
    by_ogrn = context.unit.one(Organization, "ogrn", number)
    return by_ogrn or context.unit.one(Organization, "inn", number)


def _ask_register(context: Context, checked: CheckedRequisites, kind: Kind, number: str) -> None:
    """BND-13; a silent register is told by `answered`."""
    try:
        checked.record = context.portal.ports.registers.find(kind, number)
    except Unavailable:
        checked.answered = False
        return
    claim = RegisterLookup(present=checked.record is not None)
    checked.violations += rules.in_register(claim, context.policy)


def _check_account(
    context: Context, checked: CheckedRequisites, inn: str, bik: str, account: str, address: str
) -> None:
    """BND-16; an account that is not given is nobody's."""
    is_known: bool | None = None
    if account and bik:
        try:
            is_known = context.portal.ports.fns.check_account(inn, bik, account)
        except Unavailable:
            checked.answered = False
    record = checked.record
    claim = RequisitesCheck(
        account_is_known=is_known,
        address=address,
        register_address=None if record is None else record.address,
    )
    checked.violations += rules.account_and_address(claim, context.policy)


def _head_violations(
    context: Context, checked: CheckedRequisites, form: Application, misspelt: Collection[str]
) -> Iterator[Violation]:
    """BND-09 for what is filled in and has a right form."""
    if not {"head_name", "head_birth_date"}.isdisjoint(misspelt) or not (
        form.head_name and form.head_birth_date
    ):
        return
    name = full_name_of(form.head_name)
    person = NamedPerson(
        last_name=name.last,
        first_name=name.first,
        patronymic=name.patronymic,
        birth_date=_day(form.head_birth_date),
    )
    verdict: Verdict | None = None
    differing: Collection[str] = ()
    if form.head_inn and "head_inn" not in misspelt:
        try:
            verdict, differing = context.portal.ports.fns.check_person(person, form.head_inn)
        except Unavailable:
            checked.answered = False
    claim = HeadFacts(
        person=verdict,
        fields=differing,
        snils="" if "head_snils" in misspelt else form.head_snils,
        passport=_passport(context, checked, form, person, misspelt),
    )
    yield from rules.head_is_confirmed(claim, context.policy)


def _passport(
    context: Context,
    checked: CheckedRequisites,
    form: Application,
    person: NamedPerson,
    misspelt: Collection[str],
) -> PassportVerdict | None:
    parts = ("passport_series", "passport_number", "passport_issued", "passport_issued_by")
    if set(parts) & set(misspelt) or not all(getattr(form, part).strip() for part in parts):
        return None
    series, number, issued = form.passport_series, form.passport_number, form.passport_issued
    try:
        verdict, _ = context.portal.ports.mvd.check_passport(person, series, number, _day(issued))
    except Unavailable:
        checked.waits = True
        return None
    return verdict


def _day(text: str) -> dt.date:
    """A day as ID-11 writes it."""
    return dt.datetime.strptime(text, "%d.%m.%Y").date()

"""A form of an organization is checked while it is filled in, before it is sent and before any
registry is asked (chapter ID)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.rules import identifiers
from portal.rules.identifiers import FormRefusal, Kpp, Requisites, Written
from portal.rules.rule import Rule, Violation, every
from portal.use_case import Context, Outcome, refused, use_case
from rulebook import Kind, Policy

__all__ = ["FormFields", "check_form", "form_violations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFields:
    """Fields of REG-01 and BND-14 that have a form of their own, as far as they are filled in; an
    empty text is a field left empty."""

    kind: Kind
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""
    founding_date: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    bik: str = ""
    account: str = ""
    head_name: str = ""
    head_birth_date: str = ""
    head_inn: str = ""
    head_snils: str = ""
    head_phone: str = ""
    head_email: str = ""
    passport_series: str = ""
    passport_number: str = ""
    passport_issued: str = ""
    passport_issued_by: str = ""
    contact_name: str = ""
    contact_phone: str = ""


_FIELDS: Final[dict[str, Rule[Written]]] = {
    "founding_date": identifiers.founding_date,
    "phone": identifiers.phone,
    "email": identifiers.email,
    "head_name": identifiers.full_name,
    "head_birth_date": identifiers.birth_date,
    "head_snils": identifiers.snils,
    "head_phone": identifiers.phone,
    "head_email": identifiers.email,
    "contact_name": identifiers.full_name,
    "contact_phone": identifiers.phone,
}
_REQUISITES: Final = (
    identifiers.legal_inn,
    identifiers.person_inn,
    identifiers.legal_ogrn,
    identifiers.ogrnip,
    identifiers.no_other_signs,
    identifiers.not_swapped,
)


@use_case(FormFields, signed_in=False)
def check_form(context: Context, form: FormFields) -> Outcome:
    """Every field that is filled in wrong, at once (ID-16)."""
    found = form_violations(form, context.policy)
    told = [
        *found,
        *identifiers.every_error_at_once(FormRefusal(told=found, found=found), context.policy),
    ]
    return refused(told) if told else Outcome(state="checked")


def form_violations(form: FormFields, policy: Policy) -> list[Violation]:
    """What rules of chapter ID find in the form, in the order of its fields."""
    return list(every(_checks(form, policy)))


def _checks(form: FormFields, policy: Policy) -> Iterator[tuple[Violation, ...]]:
    requisites = Requisites(kind=form.kind, inn=form.inn, ogrn=form.ogrn)
    head = Requisites(kind="sole_proprietor", inn=form.head_inn, ogrn="", inn_field="head_inn")
    for rule in _REQUISITES:
        yield rule(requisites, policy)
        yield rule(head, policy)
    yield identifiers.kpp(Kpp(kind=form.kind, text=form.kpp), policy)
    for field, check in _FIELDS.items():
        yield check(_written(form, field), policy)
    passport = identifiers.PassportData(
        series=_written(form, "passport_series"),
        number=_written(form, "passport_number"),
        issued=_written(form, "passport_issued"),
        issued_by=_written(form, "passport_issued_by"),
    )
    if any(
        part.text
        for part in (passport.series, passport.number, passport.issued, passport.issued_by)
    ):
        yield identifiers.passport_data(passport, policy)
    bank = identifiers.BankDetails(
        bik=_written(form, "bik"), account=_written(form, "account"), bank=_written(form, "bank")
    )
    if bank.bik.text or bank.account.text or bank.bank.text:
        yield identifiers.bank_details(bank, policy)


def _written(form: FormFields, field: str) -> Written:
    return Written(field=field, text=getattr(form, field))

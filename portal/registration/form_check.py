"""What of an application's form and of its comparison with a register breaks rules, all at once."""

from collections.abc import Iterator
from typing import Final

from portal.ports.registers import RegisterRecord
from portal.rules import identifiers, registration
from portal.rules.identifiers import BankDetails, Kpp, PassportData, Requisites, Written
from portal.rules.registration import Application, Compared
from portal.rules.rule import Violation
from rulebook import Policy
from world.identifiers import (
    is_valid_legal_inn,
    is_valid_ogrn,
    is_valid_ogrnip,
    is_valid_person_inn,
)

__all__ = ["comparison_violations", "form_violations", "number_to_ask"]

_PHONES: Final = ("phone", "head_phone", "contact_phone")
_EMAILS: Final = ("email", "head_email")
_NAMES: Final = ("head_name", "contact_name")


def form_violations(form: Application, policy: Policy) -> Iterator[Violation]:
    """What breaks the rules that need nothing but the form (ID, REG-01, REG-12)."""
    numbers = Requisites(kind=form.kind, inn=form.inn, ogrn=form.ogrn)
    for rule in (
        identifiers.legal_inn,
        identifiers.person_inn,
        identifiers.legal_ogrn,
        identifiers.ogrnip,
        identifiers.no_other_signs,
        identifiers.not_swapped,
    ):
        yield from rule(numbers, policy)
    yield from identifiers.kpp(Kpp(kind=form.kind, text=form.kpp), policy)
    yield from _head(form, policy)
    for field in _PHONES:
        yield from identifiers.phone(_written(form, field), policy)
    for field in _EMAILS:
        yield from identifiers.email(_written(form, field), policy)
    for field in _NAMES:
        yield from identifiers.full_name(_written(form, field), policy)
    yield from identifiers.founding_date(_written(form, "founding_date"), policy)
    if any((form.bank, form.bik, form.account)):
        bank = BankDetails(
            bik=_written(form, "bik"),
            account=_written(form, "account"),
            bank=_written(form, "bank"),
        )
        yield from identifiers.bank_details(bank, policy)
    yield from registration.required_fields(form, policy)
    yield from registration.terms_accepted(form, policy)


def _head(form: Application, policy: Policy) -> Iterator[Violation]:
    own_inn = Requisites(
        kind="sole_proprietor", inn=form.head_inn, ogrn="", inn_field="head_inn", ogrn_field=""
    )
    yield from identifiers.person_inn(own_inn, policy)
    yield from identifiers.snils(_written(form, "head_snils"), policy)
    for field in ("head_birth_date", "head_appointed"):
        yield from identifiers.birth_date(_written(form, field), policy)
    passport = PassportData(
        series=_written(form, "passport_series"),
        number=_written(form, "passport_number"),
        issued=_written(form, "passport_issued"),
        issued_by=_written(form, "passport_issued_by"),
    )
    parts = (passport.series, passport.number, passport.issued, passport.issued_by)
    if any(part.text.strip() for part in parts):  # none of them: REG-01
        yield from identifiers.passport_data(passport, policy)


def comparison_violations(
    form: Application, record: RegisterRecord | None, policy: Policy
) -> Iterator[Violation]:
    """What of the form the register does not bear out (REG-02 to REG-06)."""
    compared = Compared(application=form, record=record)
    for rule in (
        registration.one_record,
        registration.literal_name,
        registration.legal_address,
        registration.capital,
        registration.is_active,
    ):
        yield from rule(compared, policy)


def number_to_ask(form: Application) -> str | None:
    """The number to ask the register about: ОГРН, or ИНН if the ОГРН has a wrong form; None if
    neither has a right one."""
    if form.kind == "legal":
        is_ogrn, is_inn = is_valid_ogrn, is_valid_legal_inn
    else:
        is_ogrn, is_inn = is_valid_ogrnip, is_valid_person_inn
    if is_ogrn(form.ogrn):
        return form.ogrn
    return form.inn if is_inn(form.inn) else None


def _written(form: Application, field: str) -> Written:
    return Written(field=field, text=getattr(form, field))

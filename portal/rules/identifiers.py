"""Chapter ID: the forms of identifiers, checked before any registry is asked.

The forms are those of `world.identifiers`; here it is said which of them a field must have, and
what exactly is wrong with it. An empty field breaks no rule of form: REG-01, BND-14 and their like
ask for it.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from email_validator import EmailNotValidError, validate_email

from portal.rules.rule import Found, Violation, rule
from rulebook import Kind, Policy, Text
from world import identifiers

__all__ = [
    "BankDetails",
    "FormRefusal",
    "Kpp",
    "PassportData",
    "Requisites",
    "Written",
    "bank_details",
    "birth_date",
    "email",
    "every_error_at_once",
    "founding_date",
    "full_name",
    "is_email_address",
    "kpp",
    "legal_inn",
    "legal_ogrn",
    "no_other_signs",
    "not_swapped",
    "ogrnip",
    "passport_data",
    "person_inn",
    "phone",
    "snils",
]

_INITIALS: Final = re.compile(r"\b\w\.|\b\w\b")  # «И.», «И. И.», a lone letter
_NAME: Final = re.compile(r"[А-ЯЁ][А-Яа-яЁё'-]+(?: [А-ЯЁа-яё][А-Яа-яЁё'-]+)+")
_LONGEST_ADDRESS: Final = 320  # RFC 3696, 3: 64 signs, @ and 255; what is longer is not looked at
_BIRTH_DATE: Final = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)
_FOUNDING_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was typed into a field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisites:
    """ИНН and ОГРН (ОГРНИП) of an organization, as typed, and the names of their fields."""

    kind: Kind
    inn: str
    ogrn: str
    inn_field: str = "inn"
    ogrn_field: str = "ogrn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpp:
    """КПП of an organization of that kind, as typed."""

    kind: Kind
    text: str
    field: str = "kpp"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportData:
    """The four parts of a passport's data by the names of their fields."""

    series: Written
    number: Written
    issued: Written
    issued_by: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetails:
    """БИК, settlement account and bank's name by the names of their fields."""

    bik: Written
    account: Written
    bank: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRefusal:
    """What a form was refused for, and all that rules have found in it."""

    told: Collection[Violation]
    found: Collection[Violation]


# --- ИНН, ОГРН, КПП -------------------------------------------------------------------------------


@rule("ID-01")
def legal_inn(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """A legal entity's ИНН has 10 digits, the last of them the check digit."""
    if claim.kind == "legal" and _is_to_check(claim, claim.inn):
        yield from _number(claim.inn_field, claim.inn, 10, identifiers.is_valid_legal_inn)


@rule("ID-02")
def person_inn(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """The ИНН of a person and of a sole proprietor has 12 digits, the last two check digits."""
    if claim.kind == "sole_proprietor" and _is_to_check(claim, claim.inn):
        yield from _number(claim.inn_field, claim.inn, 12, identifiers.is_valid_person_inn)


@rule("ID-03")
def legal_ogrn(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """A legal entity's ОГРН has 13 digits, leading zeros included, the last the check digit."""
    if claim.kind == "legal" and _is_to_check(claim, claim.ogrn):
        yield from _number(claim.ogrn_field, claim.ogrn, 13, identifiers.is_valid_ogrn)


@rule("ID-04")
def ogrnip(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """ОГРНИП has 15 digits, the last the check digit."""
    if claim.kind == "sole_proprietor" and _is_to_check(claim, claim.ogrn):
        yield from _number(claim.ogrn_field, claim.ogrn, 15, identifiers.is_valid_ogrnip)


@rule("ID-05")
def kpp(claim: Kpp, policy: Policy) -> Iterator[Found]:
    """A legal entity has a КПП of 9 signs, a sole proprietor none."""
    if claim.kind == "sole_proprietor" and claim.text:
        yield Found(claim.field, Text("у ИП нет КПП", "a sole proprietor has no KPP"))
    if claim.kind == "legal" and claim.text and not identifiers.is_valid_kpp(claim.text):
        yield Found(claim.field, _length(9, len(claim.text)))


@rule("ID-07")
def no_other_signs(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """ИНН and ОГРН are typed as digits in a row: any other sign is refused, never stripped."""
    for field, text in ((claim.inn_field, claim.inn), (claim.ogrn_field, claim.ogrn)):
        others = sorted({sign for sign in text if not _is_digit(sign)})
        if others:
            shown = " ".join(f"«{sign}»" for sign in others[:3])
            yield Found(field, Text(f"лишние знаки: {shown}", f"extra characters: {shown}"))


@rule("ID-08")
def not_swapped(claim: Requisites, policy: Policy) -> Iterator[Found]:
    """ИНН in the place of ОГРН and the other way round is recognised as such."""
    if _are_swapped(claim):
        yield Found(claim.inn_field, Text("здесь ОГРН", "this is the OGRN"))
        yield Found(claim.ogrn_field, Text("здесь ИНН", "this is the INN"))


# --- people ---------------------------------------------------------------------------------------


@rule("ID-06")
def snils(claim: Written, policy: Policy) -> Iterator[Found]:
    """СНИЛС is 11 digits without spaces and hyphens, with the right check number."""
    if claim.text:
        yield from _number(claim.field, claim.text, 11, identifiers.is_valid_snils)


@rule("ID-09")
def phone(claim: Written, policy: Policy) -> Iterator[Found]:
    """A phone is +7 and ten digits."""
    if claim.text and not identifiers.is_valid_phone(claim.text):
        yield Found(claim.field)


@rule("ID-10")
def email(claim: Written, policy: Policy) -> Iterator[Found]:
    """An e-mail address is one by its syntax (RFC 5321, RFC 6531)."""
    if claim.text and not (len(claim.text) <= _LONGEST_ADDRESS and is_email_address(claim.text)):
        yield Found(claim.field)


@rule("ID-11")
def birth_date(claim: Written, policy: Policy) -> Iterator[Found]:
    """A birth date is a day of the calendar, as ДД.ММ.ГГГГ."""
    if claim.text and _day(_BIRTH_DATE, claim.text, (3, 2, 1)) is None:
        yield Found(claim.field)


@rule("ID-12")
def founding_date(claim: Written, policy: Policy) -> Iterator[Found]:
    """A founding date is a day of the calendar, as ГГГГ-ММ-ДД."""
    if claim.text and _day(_FOUNDING_DATE, claim.text, (1, 2, 3)) is None:
        yield Found(claim.field)


@rule("ID-13")
def full_name(claim: Written, policy: Policy) -> Iterator[Found]:
    """A name is in full: last name, first name, patronymic if there is one, no initials."""
    if not claim.text:
        return
    if _INITIALS.search(claim.text):
        yield Found(claim.field, Text("инициалы вместо имени", "initials instead of a name"))
    elif not _NAME.fullmatch(claim.text):
        yield Found(claim.field)


@rule("ID-14")
def passport_data(claim: PassportData, policy: Policy) -> Iterator[Found]:
    """Series, number, date of issue and who has issued: all four, each in its form."""
    for part, is_valid in (
        (claim.series, identifiers.is_valid_passport_series),
        (claim.number, identifiers.is_valid_passport_number),
        (claim.issued, lambda text: _day(_BIRTH_DATE, text, (3, 2, 1)) is not None),
        (claim.issued_by, lambda text: bool(text.strip())),
    ):
        if not is_valid(part.text):
            yield Found(part.field)


@rule("ID-15")
def bank_details(claim: BankDetails, policy: Policy) -> Iterator[Found]:
    """БИК of 9 digits, an account of 20 whose key fits it, the name of the bank."""
    bik, account = claim.bik, claim.account
    if not identifiers.is_valid_bik(bik.text):
        yield Found(bik.field, _length(9, len(bik.text)))
    elif not identifiers.is_valid_settlement_account(account.text, bik.text):
        key = Text("ключ счёта не подходит к БИК", "the account's key does not fit the BIK")
        yield Found(
            account.field, key if len(account.text) == 20 else _length(20, len(account.text))
        )
    if not claim.bank.text.strip():
        yield Found(claim.bank.field)


# --- the form as a whole --------------------------------------------------------------------------


@rule("ID-16")
def every_error_at_once(claim: FormRefusal, policy: Policy) -> Iterator[Found]:
    """A refusal names every wrong field, not only the first."""
    for kept_back in dict.fromkeys(claim.found):
        if kept_back not in claim.told:
            yield Found(kept_back.field)


# --- inside ---------------------------------------------------------------------------------------


def _is_to_check(claim: Requisites, text: str) -> bool:
    """Whether a number's own form is asked: what ID-07 and ID-08 name is named once."""
    return bool(text) and all(map(_is_digit, text)) and not _are_swapped(claim)


def _are_swapped(claim: Requisites) -> bool:
    if claim.kind == "legal":
        is_inn, is_ogrn = identifiers.is_valid_legal_inn, identifiers.is_valid_ogrn
    else:
        is_inn, is_ogrn = identifiers.is_valid_person_inn, identifiers.is_valid_ogrnip
    return is_inn(claim.ogrn) and is_ogrn(claim.inn)


def _number(field: str, text: str, length: int, is_valid: Callable[[str], bool]) -> Iterator[Found]:
    if len(text) != length:
        yield Found(field, _length(length, len(text)))
    elif not is_valid(text):
        wrong = Text("контрольный разряд не сходится", "the check digit does not agree")
        yield Found(field, wrong)


def _length(expected: int, got: int) -> Text:
    return Text(f"знаков {got}, а нужно {expected}", f"{got} characters instead of {expected}")


def _is_digit(sign: str) -> bool:
    return "0" <= sign <= "9"


@lru_cache(1024)  # an applicant's addresses are checked with each of their forms
def is_email_address(text: str) -> bool:
    """Whether it is written as one."""
    try:
        # Names under .test are those of the country's people.
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


def _day(form: re.Pattern[str], text: str, order: tuple[int, int, int]) -> dt.date | None:
    """The day that is written; `order` are the groups of year, month and day."""
    match = form.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(match[group]) for group in order)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None

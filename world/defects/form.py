"""Mistakes of typing: in the application's form and in the entry of an employee."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Any, Final

from rulebook.kinds import Kind
from world.defects.occasion import Occasion
from world.documents import printed_date
from world.filings import EmployeeEntry, Form
from world.identifiers import (
    is_valid_legal_inn,
    is_valid_ogrn,
    is_valid_ogrnip,
    is_valid_person_inn,
    is_valid_snils,
    settlement_account,
)
from world.records import Organization, Person

__all__ = ["EMPLOYEE", "FORM"]

_INN: Final[dict[Kind, Callable[[str], bool]]] = {
    "legal": is_valid_legal_inn,
    "sole_proprietor": is_valid_person_inn,
}
_OGRN: Final[dict[Kind, Callable[[str], bool]]] = {
    "legal": is_valid_ogrn,
    "sole_proprietor": is_valid_ogrnip,
}

# Fields of REG-01 that have no format rule of their own and that no other defect spoils.
_REQUIRED: Final = ("head_name", "head_birth_date", "head_inn", "head_position")

_GROUPS: Final = (2, 3, 4)
_SEPARATORS: Final = (" ", "-")
_SERIALS: Final = 10**7  # the last seven digits of a settlement account number it in the branch
_KEY_PLACE: Final = 8


def _inn_of_other_org(form: Form, occasion: Occasion) -> Form:
    return replace(form, inn=_other_organization(occasion, "inn/other").inn)


def _inn_typo(form: Form, occasion: Occasion) -> Form:
    return _mistyped(form, "inn", _INN[occasion.filing.kind], occasion)


def _ogrn_typo(form: Form, occasion: Occasion) -> Form:
    return _mistyped(form, "ogrn", _OGRN[occasion.filing.kind], occasion)


def _snils_typo(form: Form, occasion: Occasion) -> Form:
    return _mistyped(form, "head_snils", is_valid_snils, occasion)


def _spaces_in_requisites(form: Form, occasion: Occasion) -> Form:
    """Digits in groups, as people read them aloud: «7701 2345 67», «770-123-456-7»."""
    field = occasion.chance.one_of("requisites/field", ("inn", "ogrn"))
    size = occasion.chance.one_of("requisites/group", _GROUPS)
    separator = occasion.chance.one_of("requisites/separator", _SEPARATORS)
    number = getattr(form, field)
    groups = (number[start : start + size] for start in range(0, len(number), size))
    return _retyped(form, field, separator.join(groups))


def _inn_ogrn_swapped(form: Form, occasion: Occasion) -> Form:
    return replace(form, inn=form.ogrn, ogrn=form.inn)


def _name_abbreviated(form: Form, occasion: Occasion) -> Form:
    return replace(form, full_name=occasion.filing.subject.organization.short_name)


def _address_outdated(form: Form, occasion: Occasion) -> Form:
    return replace(form, legal_address=str(_other_organization(occasion, "address/former").address))


def _capital_missing(form: Form, occasion: Occasion) -> Form:
    return replace(form, capital=occasion.chance.one_of("capital", ("", "0")))


def _phone_without_code(form: Form, occasion: Occasion) -> Form:
    """«9161234567», or «89161234567»: 8 is the way out of a town, not a country."""
    field = occasion.chance.one_of("phone/field", ("phone", "head_phone", "contact_phone"))
    prefix = occasion.chance.one_of("phone/prefix", ("", "8"))
    return _retyped(form, field, prefix + getattr(form, field).removeprefix("+7"))


def _email_invalid(form: Form, occasion: Occasion) -> Form:
    field = occasion.chance.one_of("email/field", ("email", "head_email"))
    name, _, domain = getattr(form, field).partition("@")
    spellings = (
        f"{name}{domain}",
        f"{name}@@{domain}",
        f"{name}@",
        f"{name} @{domain}",
        f"{name}@{domain.replace('.', ',')}",
        f"{name}@{domain.replace('.', '..')}",
    )
    return _retyped(form, field, occasion.chance.one_of("email/spelling", spellings))


def _required_field_missing(form: Form, occasion: Occasion) -> Form:
    return _retyped(form, occasion.chance.one_of("required", _REQUIRED), "")


def _founding_date_format(form: Form, occasion: Occasion) -> Form:
    return replace(
        form, founding_date=printed_date(occasion.filing.subject.organization.registered)
    )


def _bank_account_mismatch(form: Form, occasion: Occasion) -> Form:
    """Another account of the same branch of the same bank, with a key that fits."""
    own = int(occasion.filing.subject.organization.account.number[-7:])
    serial = (own + 1 + occasion.chance.below("account/other", _SERIALS - 1)) % _SERIALS
    branch = form.account[:_KEY_PLACE] + form.account[_KEY_PLACE + 1 : -7]
    return replace(form, account=settlement_account(f"{branch}{serial:07}", form.bik))


def _terms_not_accepted(form: Form, occasion: Occasion) -> Form:
    return replace(form, terms_accepted=False)


def _employee_data_mismatch(entry: EmployeeEntry, occasion: Occasion) -> EmployeeEntry:
    """The former surname, somebody else's INN, or the employer's head's position."""
    employee = occasion.world.person(entry.employment.person)
    match occasion.chance.one_of("employee/field", ("name", "inn", "position")):
        case "name":
            other = _other_person(occasion, "employee/other", employee)
            return replace(entry, full_name=str(replace(employee.name, last=other.name.last)))
        case "inn":
            return replace(entry, inn=_other_person(occasion, "employee/other", employee).inn)
        case _:
            return replace(entry, position=occasion.filing.subject.organization.head.position)


def _retyped(form: Form, field: str, text: str) -> Form:
    changes: dict[str, Any] = {field: text}
    return replace(form, **changes)


def _mistyped(form: Form, field: str, is_valid: Callable[[str], bool], occasion: Occasion) -> Form:
    """The form with one wrong digit in a field, so that its check digits disagree.

    They may agree by chance (remainders 0 and 10 are both written 0): then another digit is wrong.
    """
    number = getattr(form, field)
    spellings = (_with_a_wrong_digit(number, field, occasion, k) for k in count())
    wrong = next(each for each in spellings if not is_valid("".join(filter(str.isdigit, each))))
    return _retyped(form, field, wrong)


def _with_a_wrong_digit(number: str, field: str, occasion: Occasion, k: int) -> str:
    """The first digit stays, it tells the kind of a number; so do spaces and hyphens."""
    places = [place for place, character in enumerate(number) if character.isdigit()][1:]
    place = occasion.chance.one_of(f"{field}/place", places, k)
    digit = (int(number[place]) + 1 + occasion.chance.below(f"{field}/digit", 9, k)) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def _other_organization(occasion: Occasion, what: str) -> Organization:
    """Another one of the same kind, with another address; ValueError if the country has none."""
    own = occasion.filing.subject.organization
    for index in _others(occasion, what, own.index, occasion.world.organizations):
        if occasion.world.population.kind(index) == own.kind:
            other = occasion.world.organization(index)
            if str(other.address) != str(own.address):
                return other
    raise ValueError(f"the country has no other organization of the kind {own.kind}")


def _other_person(occasion: Occasion, what: str, own: Person) -> Person:
    """Another person of the same gender, of another family; ValueError if there is none."""
    for index in _others(occasion, what, own.index, occasion.world.people):
        other = occasion.world.person(index)
        if other.gender == own.gender and other.name.last != own.name.last:
            return other
    raise ValueError("the country has nobody else of another family")


def _others(occasion: Occasion, what: str, own: int, size: int) -> Iterator[int]:
    """All other indices below `size`, in a circle from a drawn one."""
    start = occasion.chance.below(what, size)
    return (index for n in range(size) if (index := (start + n) % size) != own)


FORM: Final[Mapping[str, Callable[[Form, Occasion], Form]]] = {
    # What number it is, how it is mistyped, how it is written, where it gets.
    "inn_of_other_org": _inn_of_other_org,
    "inn_typo": _inn_typo,
    "ogrn_typo": _ogrn_typo,
    "spaces_in_requisites": _spaces_in_requisites,
    "inn_ogrn_swapped": _inn_ogrn_swapped,
    "name_abbreviated": _name_abbreviated,
    "address_outdated": _address_outdated,
    "capital_missing": _capital_missing,
    "phone_without_code": _phone_without_code,
    "email_invalid": _email_invalid,
    "snils_typo": _snils_typo,
    "required_field_missing": _required_field_missing,
    "founding_date_format": _founding_date_format,
    "bank_account_mismatch": _bank_account_mismatch,
    "terms_not_accepted": _terms_not_accepted,
}

EMPLOYEE: Final[Mapping[str, Callable[[EmployeeEntry, Occasion], EmployeeEntry]]] = {
    "employee_data_mismatch": _employee_data_mismatch,
}

"""Who signs in, and for which organizations they may act."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mocks.core.records import Records
from world.identifiers import is_valid_snils
from world.records import Organization, Person

__all__ = ["Role", "known_person", "person_of_login", "roles_of"]

_NOISE: Final = re.compile(r"[\s()\-]")
_MAILBOX: Final = re.compile(r"[a-z.\-']{1,200}\.([0-9]{1,9})@[a-z.]{1,100}")
_NATIONAL: Final = 10  # digits of a phone after +7 or 8


@dataclass(frozen=True, slots=True)
class Role:
    """An organization and what the person is there: `chief` acts without a power of attorney."""

    organization: Organization
    position: str
    chief: bool


def known_person(records: Records, index: int) -> Person | None:
    """The person of an index that was kept; None once a test has taken back what it added."""
    try:
        return records.person(index)
    except IndexError:
        return None


def person_of_login(records: Records, login: str) -> Person | None:
    """Whose СНИЛС, mobile phone or e-mail it is, as people type them; None if nobody's."""
    text = login.strip().lower()
    if "@" in text:
        return _by_email(records, text)
    plain = _NOISE.sub("", text)
    if is_valid_snils(plain):
        person = records.person_by_snils(plain)
        if person is not None:
            return person
    digits = plain.removeprefix("+")
    if len(digits) == _NATIONAL + 1 and digits.isascii() and digits.isdigit() and digits[0] in "78":
        return records.person_by_phone(f"+7{digits[1:]}")
    return None


def roles_of(records: Records, person: Person) -> list[Role]:
    """Organizations that the person heads or works for, liquidated ones too, by index."""
    roles = {one.index: Role(one, one.head.position, True) for one in _headed(records, person)}
    contract = None if person.index < 0 else records.world.employer_of(person.index)
    if contract is not None and contract.organization not in roles:
        organization = records.organization(contract.organization)
        roles[organization.index] = Role(organization, contract.position, False)
    return [roles[index] for index in sorted(roles)]


def _headed(records: Records, person: Person) -> Iterator[Organization]:
    changed = [one for one in records.changed() if isinstance(one, Organization)]
    if person.index >= 0:
        seen = {one.index for one in changed}
        for one in records.world.organizations_headed_by(person.index):
            if one.index not in seen:
                yield one
    yield from (one for one in changed if one.head.person == person.index)


def _by_email(records: Records, email: str) -> Person | None:
    """An address of the country ends with its owner's index; others were given by tests."""
    for record in records.changed():
        if isinstance(record, Person) and record.email.lower() == email:
            return record
    match = _MAILBOX.fullmatch(email)
    person = None if match is None else known_person(records, int(match[1]))
    return person if person is not None and person.email.lower() == email else None

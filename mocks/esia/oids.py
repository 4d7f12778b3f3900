"""Numbers of accounts (OID): a function of a person's or an organization's index, and back.

Ten digits beginning with 1, as real ones, so that clients may keep them in 32 bits.
"""

from typing import Final

from mocks.core.records import Records
from mocks.esia.people import known_person
from world.numbering import MOST_ORGANIZATIONS, MOST_PEOPLE
from world.records import Organization, Person

__all__ = ["organization_by_oid", "organization_oid", "person_by_oid", "person_oid"]

_PERSON: Final = 1_000_000_000
_ORGANIZATION: Final = 1_200_000_000
_MOST_ADDED: Final = 1_000_000  # records that tests add have indices from -1 downwards


def person_oid(index: int) -> int:
    """The number of a person's account."""
    return _PERSON + index


def organization_oid(index: int) -> int:
    """The number of an organization's account."""
    return _ORGANIZATION + index


def person_by_oid(records: Records, oid: int) -> Person | None:
    """Whose account it is; None if no person's."""
    index = oid - _PERSON
    if not -_MOST_ADDED <= index < MOST_PEOPLE:
        return None
    return known_person(records, index)


def organization_by_oid(records: Records, oid: int) -> Organization | None:
    """Whose account it is; None if no organization's."""
    index = oid - _ORGANIZATION
    if not -_MOST_ADDED <= index < MOST_ORGANIZATIONS:
        return None
    return records.known_organization(index)

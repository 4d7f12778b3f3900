"""A record as JSON for clients that want no XML."""

import datetime as dt
from typing import Any

from mocks.extracts.offices import tax_office, tax_office_code
from mocks.extracts.register import PersonOf
from mocks.extracts.sections import activity_name
from world.records import Address, Organization

__all__ = ["summary"]


def summary(organization: Organization, person_of: PersonOf, on: dt.date) -> dict[str, Any]:
    """What the register says of `organization` on that day; amounts are in kopecks."""
    office = tax_office_code(organization)
    return {
        "ogrn": organization.ogrn,
        "inn": organization.inn,
        "kpp": organization.kpp,
        "full_name": organization.full_name,
        "short_name": organization.short_name,
        "standing": organization.standing,
        "registered": organization.registered.isoformat(),
        "closed": None if organization.closed is None else organization.closed.isoformat(),
        "address": _address(organization.address),
        "tax_office": {"code": office, "name": tax_office(office)},
        "head": {
            **_person(organization.head.person, person_of),
            "position": organization.head.position,
            "since": organization.head.since.isoformat(),
        },
        "capital_kopecks": organization.capital_kopecks,
        "founders": [
            {**_person(founder.person, person_of), "share_kopecks": founder.share_kopecks}
            for founder in organization.founders
        ],
        "branches": [
            {
                "number": branch.number,
                "name": branch.name,
                "kpp": branch.kpp,
                "address": _address(branch.address),
            }
            for branch in organization.branches
        ],
        "activities": [{"code": code, "name": activity_name(code)} for code in organization.okved],
        "as_of": on.isoformat(),
    }


def _person(index: int, person_of: PersonOf) -> dict[str, str]:
    person = person_of(index)
    return {"name": str(person.name), "inn": person.inn}


def _address(address: Address) -> dict[str, str]:
    return {
        "text": str(address),
        "postal_code": address.postal_code,
        "region": address.region,
    }

"""What ЕСИА tells of a person, in its own field names."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from mocks.esia.oids import organization_oid, person_oid
from mocks.esia.people import Role
from mocks.esia.rest import Element, stamped
from world.documents import printed_date
from world.numbering import MOST_PEOPLE
from world.records import Address, Person

__all__ = [
    "address_fields",
    "addresses",
    "contacts",
    "documents",
    "main_fields",
    "organization_type",
    "phone_text",
    "role_fields",
]

_KINDS: Final = 10  # numbers of a person's documents, contacts and addresses, one after another
_PASSPORT, _MOBILE, _EMAIL, _LIVING, _REGISTERED = range(1, 6)


def main_fields(person: Person, names: Collection[str]) -> dict[str, Any]:
    """The account itself with the fields that the areas `names` open."""
    name = person.name
    fields: dict[str, Any] = {"stateFacts": ["EntityRoot"]}
    if "fullname" in names:
        fields |= {"firstName": name.first, "lastName": name.last}
        if name.patronymic is not None:
            fields["middleName"] = name.patronymic
    if "birthdate" in names:
        fields["birthDate"] = printed_date(person.birth_date)
    if "birthplace" in names:
        fields["birthPlace"] = person.birth_place
    if "gender" in names:
        fields["gender"] = "M" if person.gender == "male" else "F"
    fields["trusted"] = True
    if "citizenship" in names or "id_doc" in names:
        fields["citizenship"] = "RUS"
    if "snils" in names:
        fields["snils"] = _snils_text(person.snils)
    if "inn" in names:
        fields["inn"] = person.inn
    fields |= {
        "updatedOn": _epoch(person.passport.issued),
        "status": "REGISTERED",
        "verifying": False,
        "rIdDoc": _number(person, _PASSPORT),
        "containsUpCfmCode": False,
    }
    return stamped(fields)


def contacts(person: Person, names: frozenset[str]) -> list[Element]:
    """Mobile phone and e-mail, as far as the areas open them."""
    found = []
    if names & {"contacts", "mobile"}:
        found.append(_contact(person, _MOBILE, "MBT", phone_text(person.phone)))
    if names & {"contacts", "email"}:
        found.append(_contact(person, _EMAIL, "EML", person.email))
    return found


def addresses(person: Person) -> list[Element]:
    """Where the person lives and is registered: the same address."""
    return [
        _element(
            person,
            "addrs",
            number,
            {"stateFacts": ["Identifiable"], "type": kind, **address_fields(person.address)},
        )
        for number, kind in ((_LIVING, "PLV"), (_REGISTERED, "PRG"))
    ]


def documents(person: Person) -> list[Element]:
    """The internal passport; one that МВД does not accept is not verified."""
    passport = person.passport
    fields = {
        "stateFacts": ["EntityRoot"],
        "type": "RF_PASSPORT",
        "vrfStu": "VERIFIED" if passport.restriction is None else "NOT_VERIFIED",
        "series": passport.series,
        "number": passport.number,
        "issueDate": printed_date(passport.issued),
        "issueId": passport.department.replace("-", ""),
        "issuedBy": passport.issued_by,
    }
    return [_element(person, "docs", _PASSPORT, fields)]


def role_fields(person: Person, role: Role) -> dict[str, Any]:
    """An organization and what the person is there; the chief administers its account."""
    organization = role.organization
    return {
        "oid": organization_oid(organization.index),
        "prnOid": person_oid(person.index),
        "fullName": organization.full_name,
        "shortName": organization.short_name,
        "ogrn": organization.ogrn,
        "type": organization_type(organization.kind),
        "chief": role.chief,
        "admin": role.chief,
        "phone": phone_text(organization.phone),
        "email": organization.email,
        "active": True,
        "hasRightOfSubstitution": role.chief,
        "hasApprovalTabAccess": False,
        "isLiquidated": organization.standing == "liquidated",
    }


def organization_type(kind: str) -> str:
    """`LEGAL` or, of a sole proprietor, `BUSINESS`."""
    return "LEGAL" if kind == "legal" else "BUSINESS"


def address_fields(address: Address) -> dict[str, Any]:
    """An address; numbers without «д.», «кв.», «оф.»."""
    fields = {
        "addressStr": str(address),
        "countryId": "RUS",
        "zipCode": address.postal_code,
        "region": address.region_name,
        "city": address.locality,
        "street": address.street,
        "house": address.house.removeprefix("д. "),
    }
    if address.flat is not None:
        fields["flat"] = address.flat.rpartition(" ")[2]
    return fields


def phone_text(phone: str) -> str:
    """`+7(969)9678493`; an odd number as it is."""
    if len(phone) != len("+79000000000"):
        return phone
    return f"{phone[:2]}({phone[2:5]}){phone[5:]}"


def _contact(person: Person, number: int, kind: str, value: str) -> Element:
    fields = {"stateFacts": ["Identifiable"], "type": kind, "vrfStu": "VERIFIED", "value": value}
    return _element(person, "ctts", number, fields)


def _element(person: Person, part: str, number: int, fields: dict[str, Any]) -> Element:
    own = _number(person, number)
    path = f"/rs/prns/{person_oid(person.index)}/{part}/{own}"
    return path, stamped({"stateFacts": fields.pop("stateFacts"), "id": own, **fields})


def _number(person: Person, kind: int) -> int:
    """A number of its own in 32 bits; people added by tests have those of the last ones."""
    return person.index % MOST_PEOPLE * _KINDS + kind


def _snils_text(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def _epoch(day: dt.date) -> int:
    return int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())

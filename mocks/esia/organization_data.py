"""What ЕСИА tells of an organization, in its own field names."""

from collections.abc import Collection
from typing import Any, Final

from mocks.core.records import Records
from mocks.esia.oids import organization_oid, person_oid
from mocks.esia.person_data import address_fields, organization_type, phone_text
from mocks.esia.rest import Element, stamped
from world.legal_forms import LEGAL_FORMS
from world.records import Address, Organization

__all__ = [
    "addresses",
    "branches",
    "contacts",
    "employees",
    "groups",
    "main_fields",
]

_SOLE_PROPRIETOR: Final = "50102"  # ОК 028-2012
_ADMINISTRATORS: Final = "ORG_ADMIN"
_KINDS: Final = 10  # numbers of an organization's contacts and addresses, one after another
_NUMBERS: Final = 200_000_000  # of organizations' elements in 32 bits
_PHONE, _EMAIL, _LEGAL, _POSTAL = range(1, 5)


def main_fields(
    records: Records, organization: Organization, names: Collection[str]
) -> dict[str, Any]:
    """The account itself with the fields that the areas `names` open."""
    said: dict[str, Any] = {
        "org_shortname": {"shortName": organization.short_name},
        "org_fullname": {"fullName": organization.full_name},
        "org_type": {"type": organization_type(organization.kind)},
        "org_ogrn": {"ogrn": organization.ogrn},
        "org_inn": {"inn": organization.inn},
        "org_kpp": {} if organization.kpp is None else {"kpp": organization.kpp},
        "org_leg": {"leg": _legal_form(organization)},
        "org_emps": {"staffCount": len(employees(records, organization))},
        "org_brhs": {"branchesCount": len(organization.branches)},
    }
    fields: dict[str, Any] = {
        "stateFacts": ["Identifiable"],
        "oid": organization_oid(organization.index),
    }
    for name, part in said.items():
        if name in names:
            fields |= part
    fields["isLiquidated"] = organization.standing == "liquidated"
    return stamped(fields)


def contacts(organization: Organization) -> list[Element]:
    """Phone and e-mail."""
    return [
        _numbered(organization, "ctts", number, type=kind, vrfStu="VERIFIED", value=value)
        for number, kind, value in (
            (_PHONE, "OPH", phone_text(organization.phone)),
            (_EMAIL, "OEM", organization.email),
        )
    ]


def addresses(organization: Organization) -> list[Element]:
    """Legal and postal: the same address."""
    return [
        _numbered(organization, "addrs", number, type=kind, **address_fields(place))
        for number, kind, place in (
            (_LEGAL, "OLG", organization.address),
            (_POSTAL, "OPS", organization.address),
        )
    ]


def employees(records: Records, organization: Organization) -> list[Element]:
    """The head, and who works there."""
    staff = {organization.head.person: organization.head.position}
    if organization.index >= 0:  # of one that a test has added the country knows no contracts
        for contract in records.world.employees_of(organization.index):
            staff.setdefault(contract.person, contract.position)
    return [
        _employee(records, organization, person, position) for person, position in staff.items()
    ]


def groups(organization: Organization) -> list[Element]:
    """Groups of access: the administrators, to whom the head alone belongs."""
    path = f"/rs/orgs/{organization_oid(organization.index)}/grps/{_ADMINISTRATORS}"
    fields = {
        "stateFacts": ["Identifiable"],
        "grp_id": _ADMINISTRATORS,
        "name": "Администраторы профиля организации",
        "description": "Ведут профиль организации и список её сотрудников",
        "system": True,
        "itSystem": "ESIA",
    }
    return [(path, stamped(fields))]


def branches(organization: Organization, names: Collection[str]) -> list[Element]:
    """Branches; their addresses need an area of their own."""
    return [
        (
            f"/rs/orgs/{organization_oid(organization.index)}/brhs/{branch.number}",
            stamped(
                {
                    "stateFacts": ["Identifiable"],
                    "id": branch.number,
                    "name": branch.name,
                    "kpp": branch.kpp,
                    **(_branch_address(branch.address) if "org_brhs_addrs" in names else {}),
                }
            ),
        )
        for branch in organization.branches
    ]


def _branch_address(address: Address) -> dict[str, Any]:
    return {"addresses": [{"type": "OLG", **address_fields(address)}]}


def _employee(records: Records, organization: Organization, person: int, position: str) -> Element:
    name = records.identity(person).name
    told = {"firstName": name.first, "lastName": name.last}
    if name.patronymic is not None:
        told["middleName"] = name.patronymic
    oid, own = organization_oid(organization.index), person_oid(person)
    fields = {
        "stateFacts": ["Identifiable"],
        "prnOid": own,
        "orgOid": oid,
        "chief": person == organization.head.person,
        "position": position,
        "blocked": False,
        "person": told,
    }
    return f"/rs/orgs/{oid}/emps/{own}", stamped(fields)


def _numbered(organization: Organization, part: str, number: int, **fields: Any) -> Element:
    own = organization.index % _NUMBERS * _KINDS + number
    path = f"/rs/orgs/{organization_oid(organization.index)}/{part}/{own}"
    return path, stamped({"stateFacts": ["Identifiable"], "id": own, **fields})


def _legal_form(organization: Organization) -> str:
    """The code of the legal form; empty for a name that begins with none that is known."""
    if organization.kind != "legal":
        return _SOLE_PROPRIETOR
    form = LEGAL_FORMS.get(organization.short_name.partition(" ")[0])
    return "" if form is None else form.okopf

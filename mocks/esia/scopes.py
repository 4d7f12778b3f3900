"""Areas of access (scope): what a client may ask for, how it writes it, what the consent says.

A person's are written `fullname` or `fullname?oid=1000000001`, an organization's
`http://esia.gosuslugi.ru/org_emps?org_oid=1200000001`, without the address by some clients.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from mocks.esia.errors import Declined

__all__ = ["OPENID", "ORGANIZATION_SCOPES", "PERSON_SCOPES", "Scope", "scopes_of"]

OPENID: Final = "openid"

PERSON_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OPENID: "Проведение входа в систему",
        "fullname": "Просмотр фамилии, имени и отчества",
        "birthdate": "Просмотр даты рождения",
        "birthplace": "Просмотр места рождения",
        "gender": "Просмотр пола",
        "citizenship": "Просмотр гражданства",
        "snils": "Просмотр СНИЛС",
        "inn": "Просмотр ИНН",
        "id_doc": "Просмотр данных о документе, удостоверяющем личность",
        "medical_doc": "Просмотр данных полиса обязательного медицинского страхования",
        "military_doc": "Просмотр данных военного билета",
        "foreign_passport_doc": "Просмотр данных заграничного паспорта",
        "drivers_licence_doc": "Просмотр данных водительского удостоверения",
        "birth_cert_doc": "Просмотр данных свидетельства о рождении",
        "residence_doc": "Просмотр данных вида на жительство",
        "temporary_residence_doc": "Просмотр данных разрешения на временное проживание",
        "email": "Просмотр адреса электронной почты",
        "mobile": "Просмотр номера мобильного телефона",
        "contacts": "Просмотр контактных данных и адресов",
        "addresses": "Просмотр адресов",
        "vehicles": "Просмотр данных о транспортных средствах",
        "kid_fullname": "Просмотр фамилии, имени и отчества детей",
        "kid_birthdate": "Просмотр дат рождения детей",
        "usr_org": "Просмотр списка организаций пользователя",
    }
)
"""Names and what a person is told about them."""

ORGANIZATION_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "org_shortname": "Просмотр сокращённого наименования организации",
        "org_fullname": "Просмотр полного наименования организации",
        "org_type": "Просмотр типа организации",
        "org_ogrn": "Просмотр ОГРН организации",
        "org_inn": "Просмотр ИНН организации",
        "org_kpp": "Просмотр КПП организации",
        "org_leg": "Просмотр организационно-правовой формы",
        "org_agencyterrange": "Просмотр территориальной принадлежности ведомства",
        "org_agencytype": "Просмотр типа ведомства",
        "org_oktmo": "Просмотр ОКТМО организации",
        "org_ctts": "Просмотр контактов организации",
        "org_addrs": "Просмотр адресов организации",
        "org_emps": "Просмотр списка сотрудников организации",
        "org_grps": "Просмотр групп доступа организации",
        "org_brhs": "Просмотр списка филиалов",
        "org_brhs_ctts": "Просмотр контактов филиалов",
        "org_brhs_addrs": "Просмотр адресов филиалов",
        "org_vhls": "Просмотр транспортных средств организации",
    }
)

MOST: Final = 60
"""Areas of access in a request; assumption."""

_ADDRESS: Final = "http://esia.gosuslugi.ru/"
_FORM: Final = re.compile(
    r"(http://esia\.gosuslugi\.ru/)?([a-z_]{1,64})(?:\?(org_)?oid=([0-9]{1,10}))?"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """One area of access: `oid` is the person's or the organization's (None: not said), `address`
    whether the client wrote it in full."""

    name: str
    oid: int | None = None
    address: bool = False

    @property
    def is_organizations(self) -> bool:
        """Whether it is about an organization."""
        return self.name in ORGANIZATION_SCOPES

    @property
    def title(self) -> str:
        """What the consent says."""
        return ORGANIZATION_SCOPES.get(self.name) or PERSON_SCOPES[self.name]

    def of(self, oid: int) -> "Scope":
        """The same, of a certain person or organization."""
        return replace(self, oid=oid)

    def __str__(self) -> str:
        """As markers have it."""
        text = f"{_ADDRESS}{self.name}" if self.address else self.name
        if self.oid is None or self.name == OPENID:
            return text
        return f"{text}?{'org_' if self.is_organizations else ''}oid={self.oid}"


def scopes_of(text: str) -> tuple[Scope, ...]:
    """The areas of a request, each once.

    Declined 007013 if there are none, 007006 for one that is unknown or written wrongly.
    """
    words = text.split(" ") if text else []
    if not words:
        raise Declined("007013")
    if len(words) > MOST:
        raise Declined("007006", f"больше {MOST} областей")
    return tuple(dict.fromkeys(_scope(word) for word in words))


def _scope(word: str) -> Scope:
    match = _FORM.fullmatch(word)
    if match is None:
        raise Declined("007006", word[:100])
    address, name, organizations, oid = match.groups()
    known = ORGANIZATION_SCOPES if organizations else {**PERSON_SCOPES, **ORGANIZATION_SCOPES}
    if name not in known or (oid and not organizations and name in ORGANIZATION_SCOPES):
        raise Declined("007006", word[:100])
    return Scope(name, int(oid) if oid else None, bool(address))

"""An organization in the portal, and who belongs to it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, TypeAlias

from portal.ports.registers import Standing
from portal.rules.roles import AccessLevel
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.store.unit import Unit
from rulebook import Kind, Tier

__all__ = [
    "ORGANIZATION_STATES",
    "Membership",
    "Organization",
    "OrganizationState",
    "Requisites",
    "kept_organization",
    "membership_id",
]

OrganizationState: TypeAlias = Literal[
    "registered", "verifying", "remarks", "verified", "active", "unbound"
]

ORGANIZATION_STATES: Final[StateTable[OrganizationState]] = StateTable(
    name="organization",
    titles={
        "registered": "Зарегистрирована",
        "verifying": "В проверке",
        "remarks": "Есть замечания",
        "verified": "Проверка завершена",
        "active": "Активна",
        "unbound": "Откреплена",
    },
    first="registered",
    transitions={
        ("registered", "verify"): "verifying",  # VER-01
        ("registered", "open"): "active",  # REG-09
        ("registered", "remark"): "remarks",
        ("remarks", "open"): "active",
        ("remarks", "wait"): "registered",  # VER-09: corrected while the register is silent
        ("verifying", "remark"): "remarks",  # VER-03
        ("remarks", "verify"): "verifying",
        ("verifying", "verify"): "verifying",  # VER-04
        ("verifying", "complete"): "verified",  # VER-07
        ("verified", "verify"): "verifying",  # VER-04
        ("verified", "activate"): "active",  # ACT-01
        ("active", "unbind"): "unbound",  # UNB-04
        ("verified", "unbind"): "unbound",
        ("unbound", "bind"): "active",  # UNB-04: bound anew
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requisites:
    """What REG-01 and BND-14 ask of an organization, as it was accepted."""

    full_name: str
    inn: str
    ogrn: str
    kpp: str | None
    legal_address: str
    phone: str
    email: str
    bank: str
    bik: str
    account: str
    head_name: str
    head_inn: str
    head_position: str
    head_appointed: str
    contact_name: str
    contact_phone: str
    actual_address: str = ""
    site: str = ""


@dataclass(frozen=True, kw_only=True)
class Organization(Entity):
    """An organization that was registered or added; its ОГРН is nobody else's.

    `owner` is the account it is bound to (BND-03: one at most), None while it is not. `standing` is
    what the register says of it (REG-06, REG-15), `mistaken` are fields that it was bound with by
    mistake and that are not corrected yet (BND-19). `services` are those switched on (ACT-06).
    """

    KIND: ClassVar[str] = "organization"

    kind: Kind
    tier: Tier
    requisites: Requisites
    state: OrganizationState = "registered"
    standing: Standing = "active"
    owner: str | None = None
    registered_at: dt.datetime | None = None
    activated_at: dt.datetime | None = None
    mistaken: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def keys(self) -> Mapping[str, str]:
        """By the account it is bound to."""
        return {} if self.owner is None else {"owner": self.owner}

    def unique(self) -> Mapping[str, str]:
        """By ОГРН and by ИНН."""
        return {"ogrn": self.requisites.ogrn, "inn": self.requisites.inn}


@dataclass(frozen=True, kw_only=True)
class Membership(Entity):
    """That an account acts for an organization in a role of the rule book's `roles` or of the
    organization's own; its id is `membership_id`. Extra rights come from a power of attorney
    (REG-07). A new head signs once their signature is confirmed (HEAD-03); `headed_until` is when
    they ceased to be head. `documents` and `applications` are the levels of access that its rights
    reach (ROLE-13)."""

    KIND: ClassVar[str] = "membership"

    account: str
    organization: str
    role: str
    since: dt.datetime
    extra_rights: tuple[str, ...] = field(default=())
    signature_confirmed: bool = True
    headed_until: dt.datetime | None = None
    documents: AccessLevel = "manage"
    applications: AccessLevel = "manage"

    def keys(self) -> Mapping[str, str]:
        """By both sides."""
        return {"account": self.account, "organization": self.organization}


def kept_organization(unit: Unit, organization_id: str) -> Organization:
    """The organization that another record names; none is ever deleted, so LookupError says that
    the record is wrong."""
    found = unit.get(Organization, organization_id)
    if found is None:
        raise LookupError(f"no organization {organization_id}")
    return found


def membership_id(account: str, organization: str) -> str:
    """The id of the membership of an account in an organization."""
    return f"{organization}/{account}"

"""Claims of chapter BND: what is asserted of somebody who ties an organization to their account,
and what is known. Rules about them are in `portal.rules.binding`."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from portal.ports.people_registers import PassportVerdict, Verdict
from portal.ports.signatures import CertificateFacts
from portal.rules.rule import Violation
from rulebook import Kind, Text

__all__ = [
    "BIND_RIGHTS",
    "BOUND_TITLE",
    "WAYS",
    "BindingRefusal",
    "BindingStanding",
    "CertificateMatch",
    "Division",
    "EnteredCode",
    "FailedBindings",
    "FullRights",
    "HeadFacts",
    "HeadRequest",
    "KnownOrganization",
    "MistakenBinding",
    "NewOrganization",
    "Ownership",
    "Profile",
    "RegisterLookup",
    "RequisitesCheck",
    "RequisitesConfirmation",
    "StatedRole",
    "Way",
]

Way: TypeAlias = Literal["sms", "signature", "head"]
"""How the right to an organization is confirmed (BND-04 to BND-06)."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)

BIND_RIGHTS: Final = (
    "view_applications",
    "edit_organization",
    "sign_and_submit",
    "manage_users",
    "manage_certificates",
)
"""The full set of BND-08, of the rule book's rights."""

BOUND_TITLE: Final = "Привязана"
"""What BND-18 calls an organization that is bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    """Whether the portal has the organization that is to be added."""

    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrganization:
    """Whether the portal has the organization that is to be bound, and how its right is to be
    confirmed."""

    present: bool
    kind: Kind
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """The account that an organization is bound to (None: to none), and who wants to bind it."""

    owner: str | None
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredCode:
    """What is wrong with the code that was entered (None: it is the one that was sent)."""

    wrong: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateMatch:
    """The certificate of a signature (None: there is no signature) and the numbers of the
    organization; `names` are those it may bear (none: they are not known)."""

    facts: CertificateFacts | None
    kind: Kind
    inn: str
    ogrn: str
    names: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadRequest:
    """A request to the head: the contacts it goes to, those of whoever asks (empty: the head asks),
    when it went (None: it is to go now), the moment, and whether the head has answered."""

    email: str
    phone: str
    own_contacts: Collection[str]
    sent: dt.datetime | None
    now: dt.datetime
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Whether the organization's account is active, and what its profile says by field."""

    kind: Kind
    active: bool
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FullRights:
    """Rights in the organization of whoever binds it; None while their role is not confirmed."""

    rights: Collection[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFacts:
    """What ФНС says of a head's name and birth date and МВД of the passport; None: not asked, or
    told by another rule (ACC-08)."""

    person: Verdict | None
    fields: Collection[str]
    snils: str
    passport: PassportVerdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRefusal:
    """What was found in a request to bind, and what of it the refusal tells."""

    found: Collection[Violation]
    told: Collection[Violation]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBindings:
    """Wrong attempts to bind in a row, the last of them, and now."""

    in_row: int
    last: dt.datetime | None
    now: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Codes (КПП) of the divisions of an organization, its own first, and what was given."""

    codes: Collection[str]
    branch_code: str
    branch_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLookup:
    """Whether the register has the organization; None: it did not answer."""

    present: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRole:
    """The role that somebody states, their ИНН and that of the head by the register (None: not
    known), and whether a fitting document shows the role."""

    role: str
    inn: str
    head_inn: str | None
    documented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitesCheck:
    """Whether ФНС knows the settlement account as the organization's, and both addresses; None:
    nobody has answered, or there is none."""

    account_is_known: bool | None
    address: str | None
    register_address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequisitesConfirmation:
    """Whether the registers could be asked, and how the right is confirmed."""

    answered: bool
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingStanding:
    """Whether an organization is bound, what its status is called, whether it is listed under «My
    organizations»; `wants_service`: somebody wants a service for it."""

    bound: bool
    title: str = ""
    listed: bool = False
    wants_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakenBinding:
    """Fields of a bound organization that are wrong until they are corrected."""

    wrong: Collection[str]

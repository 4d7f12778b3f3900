"""Chapter ROLE: who belongs to an organization, and what they may do there."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from portal.rules.reasons import ANOTHERS_SIGNATURE, NOT_FILLED_IN
from portal.rules.rights import (
    MANAGE_ALL_DOCUMENTS,
    MANAGE_USERS,
    PREPARE_APPLICATIONS,
    REQUEST_EXTRACTS,
    SUBMIT_APPLICATIONS,
    SUBMIT_REPORTS,
    UPLOAD_DOCUMENTS,
)
from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "ACCESS_LEVELS",
    "AREAS",
    "LEVEL_NEEDED",
    "SEES_ALL",
    "AccessLevel",
    "AccessReview",
    "AdminAct",
    "AdminCandidate",
    "AdminsLeft",
    "Area",
    "ChosenRole",
    "Dismissed",
    "EmployeeData",
    "EmployeeFile",
    "EntryLevel",
    "HeldElsewhere",
    "HeldRight",
    "Invitation",
    "OwnRoleDraft",
    "OwnedThing",
    "Risk",
    "RoleNotice",
    "SignedRequest",
    "access_is_reviewed",
    "adder_may",
    "admin_candidate",
    "admin_is_appointed",
    "audit_due",
    "dismissed_has_no_access",
    "employee_data",
    "imported_rows",
    "invitation_end",
    "invitation_is_accepted",
    "last_admin_stays",
    "level_is_enough",
    "own_role_of_rights",
    "own_things_only",
    "right_with_signature",
    "role_gives_right",
    "role_is_of_one_inn",
    "role_is_told",
]

AccessLevel: TypeAlias = Literal["view", "edit", "manage"]
Area: TypeAlias = Literal["documents", "applications"]
OwnedArea: TypeAlias = Literal["documents", "applications", "reports"]
Risk: TypeAlias = Literal["high", "normal"]
AdminWish: TypeAlias = Literal["appoint", "replace", "remove"]

ACCESS_LEVELS: Final[tuple[AccessLevel, ...]] = ("view", "edit", "manage")
AREAS: Final[tuple[Area, ...]] = ("documents", "applications")

LEVEL_NEEDED: Final[Mapping[str, tuple[Area, AccessLevel]]] = MappingProxyType(
    {
        UPLOAD_DOCUMENTS: ("documents", "edit"),
        MANAGE_ALL_DOCUMENTS: ("documents", "manage"),
        PREPARE_APPLICATIONS: ("applications", "edit"),
        REQUEST_EXTRACTS: ("applications", "edit"),
        SUBMIT_APPLICATIONS: ("applications", "manage"),
        SUBMIT_REPORTS: ("applications", "manage"),
    }
)
"""Rights that an access level may be too low for (ROLE-13); seeing takes none."""

SEES_ALL: Final[Mapping[OwnedArea, str]] = MappingProxyType(
    {"documents": MANAGE_ALL_DOCUMENTS, "applications": MANAGE_USERS, "reports": MANAGE_USERS}
)
"""The right by which somebody sees and manages what is their colleagues' (ROLE-11). Reports
are seen by `view_reports`, a right of people who file none; managing them takes this one."""

_NAMED: Final = ("full_name", "inn", "position", "department", "phone", "email")
_DIFFERS: Final = Text("не совпадает с документами", "differs from the documents")
_NO_CONTRACT: Final = Text("трудовой договор не действует", "there is no labour contract in force")
_WRONG_CODE: Final = Text("подразделения с таким кодом нет", "no department has this code")
_ANOTHER_CODE: Final = Text("это код другого подразделения", "this is another department's code")
_APPOINTERS: Final[Mapping[AdminWish, tuple[str, ...]]] = MappingProxyType(
    {"appoint": ("head",), "replace": ("head", "admin"), "remove": ("head", "admin")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRight:
    """The right that an act wants, and those that somebody has in its organization."""

    right: str
    rights: Collection[str]
    field: str = "organization"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenRole:
    """A role that is to be given to an employee, and those that there are; some are given in
    another way: by a power of attorney, by a head, by who appoints administrators."""

    role: str
    known: Collection[str]
    given_otherwise: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRoleDraft:
    """A role of an organization's own: its title, its rights, and the rights that there are."""

    title: str
    rights: Collection[str]
    known: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """Whether whoever asks has the right, and whether what they have shown is their signature
    (True as well if the act wants none)."""

    has_right: bool
    is_own_signature: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation that was `sent` (None: there is none) and whether it was `used`; whether it is
    for whoever follows it, and what is wrong with the code of whoever has added them (None:
    nothing, or it is not time for it yet)."""

    now: dt.datetime
    sent: dt.datetime | None = None
    used: bool = False
    is_addressee: bool = True
    wrong_code: Text | None = None
    wants_access: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeData:
    """What is typed about an employee, and the organization's `departments` (names by code).

    `differing` are fields that are not what the documents say, `employment` among them if there is
    no contract in force; `consent` is why the documents cannot be asked (None: they could, or it is
    not time for it yet), `known` whether somebody has that СНИЛС.
    """

    full_name: str
    inn: str
    position: str
    department: str
    department_code: str
    phone: str
    email: str
    departments: Mapping[str, str]
    differing: Collection[str] = ()
    consent: Text | None = None
    known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeFile:
    """A list of employees: why it cannot be read (None: it can), and what is wrong with its rows,
    by line."""

    unreadable: Text | None = None
    rows: Mapping[int, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminCandidate:
    """Who is to be an administrator: whether the ИНН is in force, the phone confirmed, and whether
    the account is blocked."""

    inn_is_valid: bool
    phone_confirmed: bool
    is_restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminsLeft:
    """How many administrators an organization would have left; `removes` one: it had more."""

    left: int
    removes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessReview:
    """What there is of an organization's entries on a day: days without use by account, rights
    beyond their preset role by account; when they were last reviewed, at what risk."""

    now: dt.datetime
    since: dt.datetime
    risk: Risk
    unused_days: Mapping[str, int] = field(default_factory=dict)
    excessive: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedThing:
    """A document, an application or a report, whether it is the own one of whoever wants it, and
    their rights."""

    area: OwnedArea
    is_own: bool
    rights: Collection[str]
    field: str = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed:
    """Whether somebody was dismissed who wants access, and how many sessions they have open."""

    dismissed: bool
    sessions: int = 0
    wants_access: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLevel:
    """The right that an act wants, and the levels of the entry."""

    right: str
    documents: AccessLevel
    applications: AccessLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldElsewhere:
    """The right that an act wants, who has it in the act's organization or only in another one."""

    right: str
    here: Collection[str]
    elsewhere: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAct:
    """What is wanted of an administrator by somebody in a role, and what is wrong with the code or
    the token (None: nothing)."""

    wish: AdminWish
    by_role: str
    wrong: Text | None = None
    second: str = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNotice:
    """What a notice of a role says: the functions and where the instruction is."""

    functions: Collection[str]
    instruction: str
    was_sent: bool = True


@rule("ROLE-01")
def role_gives_right(claim: HeldRight | ChosenRole, policy: Policy) -> Iterator[Found]:
    """A role is one of the book's or of the organization's own, and gives its rights alone."""
    match claim:
        case HeldRight():
            if claim.right not in claim.rights:
                yield Found(claim.field)
        case ChosenRole():
            if claim.role not in claim.known:
                yield Found("role", Text("такой роли нет", "there is no such role"))
            elif claim.role in claim.given_otherwise:
                yield Found("role", Text("эту роль дают иначе", "it is given otherwise"))


@rule("ROLE-02")
def own_role_of_rights(claim: OwnRoleDraft, policy: Policy) -> Iterator[Found]:
    """A role of one's own has a title and rights, each of which there is."""
    if not claim.title.strip():
        yield Found("title", NOT_FILLED_IN)
    if not claim.rights:
        yield Found("rights", Text("прав нет", "there are no rights"))
    for right in claim.rights:
        if right not in claim.known:
            yield Found("rights", Text(f"права «{right}» нет", f"no right «{right}»"))


@rule("ROLE-03")
def right_with_signature(claim: SignedRequest, policy: Policy) -> Iterator[Found]:
    """Whoever signs has the right to, and the signature is theirs."""
    if not claim.has_right:
        yield Found("organization", Text("нет права подписи", "no right to sign"))
    if not claim.is_own_signature:
        yield Found("signature", ANOTHERS_SIGNATURE)


@rule("ROLE-04")
def adder_may(claim: HeldRight, policy: Policy) -> Iterator[Found]:
    """The head or an administrator adds employees."""
    if claim.right not in claim.rights:
        yield Found(claim.field)


@rule("ROLE-05")
def invitation_is_accepted(claim: Invitation, policy: Policy) -> Iterator[Found]:
    """The code is the one sent, and the employee accepts the invitation in time."""
    if claim.wrong_code is not None:
        yield Found("code", claim.wrong_code)
    elif not claim.wants_access:
        return
    elif claim.sent is None or not claim.is_addressee:
        yield Found("invitation", Text("приглашения нет", "there is no invitation"))
    elif claim.used:
        yield Found("invitation", Text("уже принято", "accepted already"))
    elif claim.now >= invitation_end(claim.sent, policy):
        yield Found("invitation", Text("приглашение устарело", "the invitation has expired"))


def invitation_end(sent: dt.datetime, policy: Policy) -> dt.datetime:
    """The moment from which an invitation is good for nothing any more (ROLE-05)."""
    return sent + dt.timedelta(hours=policy.number("ROLE-05.invite_ttl_h"))


@rule("ROLE-06")
def employee_data(claim: EmployeeData, policy: Policy) -> Iterator[Found]:
    """Filled in, the department by its code, all of it as the documents say, under a contract."""
    for name in _NAMED:
        if not getattr(claim, name).strip():
            yield Found(name, NOT_FILLED_IN)
    named = claim.departments.get(claim.department_code)
    if named is None:
        yield Found("department_code", _WRONG_CODE)
    elif named != claim.department.strip():
        yield Found("department_code", _ANOTHER_CODE)
    if not claim.known:
        yield Found("snils", Text("гражданина с таким СНИЛС нет", "nobody has this SNILS"))
    if claim.consent is not None:
        yield Found("consent", claim.consent)
    for name in claim.differing:
        yield Found(name, _NO_CONTRACT if name == "employment" else _DIFFERS)


@rule("ROLE-07")
def imported_rows(claim: EmployeeFile, policy: Policy) -> Iterator[Found]:
    """A list can be read; each of its wrong rows is named, with the reason."""
    if claim.unreadable is not None:
        yield Found("content", claim.unreadable)
    for line, reason in claim.rows.items():
        yield Found(f"lines.{line}", reason)


@rule("ROLE-08")
def admin_candidate(claim: AdminCandidate, policy: Policy) -> Iterator[Found]:
    """An administrator has an ИНН in force, a confirmed phone, and no restrictions."""
    if not claim.inn_is_valid:
        yield Found("inn", Text("ИНН не действует", "the INN is not in force"))
    if not claim.phone_confirmed:
        yield Found("phone", Text("телефон не подтверждён", "the phone is not confirmed"))
    if claim.is_restricted:
        yield Found("account", Text("запись заблокирована", "the account is blocked"))


@rule("ROLE-09")
def last_admin_stays(claim: AdminsLeft, policy: Policy) -> Iterator[Found]:
    """An organization is not left without an administrator."""
    if claim.removes and claim.left < 1:
        yield Found("employee")


@rule("ROLE-10")
def access_is_reviewed(claim: AccessReview, policy: Policy) -> Iterator[Found]:
    """Reviewed as often as the risk wants, with nothing left that is unused or excessive."""
    if claim.now >= audit_due(claim.since, claim.risk, policy):
        yield Found("review", Text("срок ревизии наступил", "the review is due"))
    longest = policy.count("ROLE-10.unused_days")
    for account, days in claim.unused_days.items():
        if days >= longest:
            reason = Text(f"не используется {days} дней", f"not used for {days} days")
            yield Found(f"entries.{account}", reason)
    for account, rights in claim.excessive.items():
        beyond = ", ".join(sorted(rights))
        if beyond:
            reason = Text(f"лишние права: {beyond}", f"excessive rights: {beyond}")
            yield Found(f"entries.{account}", reason)


def audit_due(since: dt.datetime, risk: Risk, policy: Policy) -> dt.datetime:
    """When rights have to be reviewed that were last reviewed at `since` (ROLE-10)."""
    days: Any = policy["ROLE-10.audit_every_days"]
    return since + dt.timedelta(days=days[risk])


@rule("ROLE-11")
def own_things_only(claim: OwnedThing, policy: Policy) -> Iterator[Found]:
    """An employee has their own; all of them only whoever manages all."""
    if not claim.is_own and SEES_ALL[claim.area] not in claim.rights:
        yield Found(claim.field)


@rule("ROLE-12")
def dismissed_has_no_access(claim: Dismissed, policy: Policy) -> Iterator[Found]:
    """Whoever was dismissed has no session and gets no access."""
    if claim.dismissed and (claim.sessions or claim.wants_access):
        yield Found("session")


@rule("ROLE-13")
def level_is_enough(claim: EntryLevel, policy: Policy) -> Iterator[Found]:
    """The level of the entry is as high as the right wants, by documents and applications apart."""
    needed = LEVEL_NEEDED.get(claim.right)
    if needed is None:
        return
    area, level = needed
    held: AccessLevel = claim.documents if area == "documents" else claim.applications
    if ACCESS_LEVELS.index(held) < ACCESS_LEVELS.index(level):
        yield Found(area)


@rule("ROLE-14")
def role_is_of_one_inn(claim: HeldElsewhere, policy: Policy) -> Iterator[Found]:
    """A right that somebody has in another organization is none here."""
    if claim.right in claim.elsewhere and claim.right not in claim.here:
        yield Found("organization")


@rule("ROLE-15")
def admin_is_appointed(claim: AdminAct, policy: Policy) -> Iterator[Found]:
    """The head appoints, an administrator may replace or remove another; by code or token."""
    if claim.by_role not in _APPOINTERS[claim.wish]:
        yield Found("organization", Text("нет полномочий руководителя", "not a head's powers"))
    if claim.wrong is not None:
        yield Found(claim.second, claim.wrong)


@rule("ROLE-16")
def role_is_told(claim: RoleNotice, policy: Policy) -> Iterator[Found]:
    """A notice of a new role has the functions and the instruction."""
    if not claim.was_sent or not claim.functions or not claim.instruction:
        yield Found("notice")

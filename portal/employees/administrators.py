"""Administrators: appointed by the head, replaced and removed by one another as well, by a code or
a token (ROLE-08, ROLE-09, ROLE-15)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from portal.accounts.account import Account
from portal.accounts.legal_force import Backing, with_legal_force
from portal.accounts.one_time_codes import (
    CodeWanted,
    TypedCode,
    code_outcome,
    send_code_to,
    wrong_code,
)
from portal.certificates.signature_check import checked_signature
from portal.employees.entries import ADMIN, HEAD, OfEntry, entry_of, without_admin
from portal.employees.notice import tell_of_role
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import membership_of
from portal.organizations.organization import Membership, Organization
from portal.ports.people_registers import NamedPerson
from portal.registration.signed_text import signature_bytes
from portal.rules import roles
from portal.rules.reasons import ANOTHERS_SIGNATURE
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import AdminAct, AdminCandidate, AdminWish
from portal.rules.rule import Violation, every
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Text

__all__ = [
    "AdminCode",
    "AdminForm",
    "AdminReplacement",
    "AdminTextQuery",
    "admin_act_to_sign",
    "appoint_admin",
    "remove_admin",
    "replace_admin",
    "request_admin_code",
]

_EMPLOYEE: Final = "emp"
"""What a former administrator is until somebody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class AdminCode(CodeWanted):
    """The organization whose administrators are to be others, and how the code is to come."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class AdminTextQuery:
    """Who is to be, or to be no more, administrator of an organization."""

    organization: str
    account: str


@dataclass(frozen=True, kw_only=True)
class AdminForm(OfEntry, TypedCode):
    """Who is meant, and the confirmation: `sms` takes the `code` that has come, `token` a CMS
    signature (Base64) over `admin_act_to_sign` by one's own key."""

    second: Literal["sms", "token"] = "sms"
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class AdminReplacement(AdminForm):
    """`account` is administrator in place of the administrator `former`."""

    former: str


@use_case(AdminCode)
@in_organization(MANAGE_USERS)
def request_admin_code(context: Context, form: AdminCode, found: Organization) -> Outcome:
    """Send a code to whoever is about to change the administrators."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    in_vain = send_code_to(context, _purpose(context, found), account, form.channel)
    return code_outcome(in_vain, form.channel)


@view(AdminTextQuery)
@in_organization(MANAGE_USERS)
def admin_act_to_sign(context: Context, query: AdminTextQuery, found: Organization) -> Outcome:
    """What a token signs: UTF-8, nothing added. It is good for one change of that entry."""
    member = entry_of(context, found, query.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state="shown", data={"text": _text(found, member)})


def _backing(context: Context, form: AdminForm) -> Backing:
    return "signature" if form.second == "token" else "sign_in"


@use_case(AdminForm)
@with_legal_force(_backing)
@in_organization(MANAGE_USERS)
def appoint_admin(context: Context, form: AdminForm, found: Organization) -> Outcome:
    """Make somebody of the organization an administrator: only the head does."""
    member = entry_of(context, found, form.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    if member.role in (HEAD, ADMIN):
        return Outcome(state=member.role, refusal="state")
    candidate = _candidate(context, member)
    return _decided(context, found, form, "appoint", candidate) or _appointed(
        context, found, member
    )


@use_case(AdminReplacement)
@with_legal_force(_backing)
@in_organization(MANAGE_USERS)
def replace_admin(context: Context, form: AdminReplacement, found: Organization) -> Outcome:
    """Make somebody an administrator in place of another."""
    member = entry_of(context, found, form.account)
    former = entry_of(context, found, form.former)
    if member is None or former is None:
        return Outcome(state="absent", refusal="absent")
    if former.role != ADMIN or member.role in (HEAD, ADMIN):
        return Outcome(state=member.role, refusal="state")
    refusal = _decided(context, found, form, "replace", _candidate(context, member))
    if refusal is not None:
        return refusal
    _removed(context, found, former)
    return _appointed(context, found, member)


@use_case(AdminForm)
@with_legal_force(_backing)
@in_organization(MANAGE_USERS)
def remove_admin(context: Context, form: AdminForm, found: Organization) -> Outcome:
    """Make an administrator an employee again; the last one stays."""
    member = entry_of(context, found, form.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    if member.role != ADMIN:
        return Outcome(state=member.role, refusal="state")
    last = without_admin(context, found, member)
    if last:
        return noted_refusal(context, found.id, refused(last, "state"))
    return _decided(context, found, form, "remove", ()) or _removed(context, found, member)


# --- inside ---------------------------------------------------------------------------------------


def _decided(
    context: Context,
    organization: Organization,
    form: AdminForm,
    wish: AdminWish,
    candidate: tuple[Violation, ...],
) -> Outcome | None:
    """The refusal of what may not be done; None if it may. A right code is used up only by an act
    that is done."""
    violations = tuple(every(_against(context, organization, form, wish, candidate)))
    return noted_refusal(context, organization.id, refused(violations)) if violations else None


def _against(
    context: Context,
    organization: Organization,
    form: AdminForm,
    wish: AdminWish,
    candidate: tuple[Violation, ...],
) -> Iterator[tuple[Violation, ...]]:
    member = membership_of(context, context.actor.account, organization.id)
    by_role = "" if member is None else member.role
    powers = roles.admin_is_appointed(AdminAct(wish=wish, by_role=by_role), context.policy)
    yield powers
    yield candidate
    wrong: Text | None = None
    if form.second == "token":
        meant = entry_of(context, organization, form.account)
        content = b"" if meant is None else _text(organization, meant).encode()
        checked = checked_signature(context, signature_bytes(form.signature), content, None)
        yield checked.violations
        account = context.unit.get(Account, context.actor.account or "")
        facts = checked.facts
        if facts is not None and (account is None or facts.certificate.inn != account.inn):
            wrong = ANOTHERS_SIGNATURE
    elif not powers and not candidate:
        wrong = wrong_code(context, _purpose(context, organization), form.code)
    second = "signature" if form.second == "token" else "code"
    confirmed = AdminAct(wish=wish, by_role=by_role, wrong=wrong, second=second)
    yield roles.admin_is_appointed(confirmed, context.policy)


def _candidate(context: Context, member: Membership) -> tuple[Violation, ...]:
    """ROLE-08, by the account and by ФНС; Unavailable."""
    account = context.unit.get(Account, member.account)
    if account is None:
        nobody = AdminCandidate(inn_is_valid=False, phone_confirmed=False, is_restricted=False)
        return roles.admin_candidate(nobody, context.policy)
    person = NamedPerson(
        last_name=account.name.last,
        first_name=account.name.first,
        patronymic=account.name.patronymic,
        birth_date=account.birth_date,
    )
    verdict, _ = context.portal.ports.fns.check_person(person, account.inn)
    claim = AdminCandidate(
        inn_is_valid=verdict != "not_found",
        phone_confirmed=account.phone_confirmed,
        is_restricted=account.blocked_at is not None,
    )
    return roles.admin_candidate(claim, context.policy)


def _appointed(context: Context, organization: Organization, member: Membership) -> Outcome:
    return _with_role(context, organization, member, ADMIN, "appointed")


def _removed(context: Context, organization: Organization, member: Membership) -> Outcome:
    return _with_role(context, organization, member, _EMPLOYEE, "removed")


def _with_role(
    context: Context, organization: Organization, member: Membership, role: str, state: str
) -> Outcome:
    """In a role from now on, with access to all that it gives."""
    changed = context.unit.put(
        replace(member, role=role, documents="manage", applications="manage")
    )
    untold = tell_of_role(context, organization, changed)
    context.note(context.act, organization.id, state, employee=member.account)
    data = {"organization": organization.id, "account": member.account, "role": role}
    return Outcome(state=state, data=data, violations=untold)


def _text(organization: Organization, member: Membership) -> str:
    """With the version of the entry: what was signed before it changed is signed anew."""
    ogrn, version = organization.requisites.ogrn, member.version
    return f"Администраторы организации: ОГРН {ogrn}, запись {member.account}, версия {version}"


def _purpose(context: Context, organization: Organization) -> str:
    return f"administrators/{organization.id}/{context.actor.account}"

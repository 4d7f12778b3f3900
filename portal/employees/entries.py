"""The entries of an organization's people: who there is, in which role, and ending one
(ROLE-09, ROLE-11, ROLE-12, ROLE-16)."""

from dataclasses import dataclass, replace
from typing import Any

from portal.accounts.account import Account
from portal.accounts.session import Session, close_session
from portal.employees.employee import EMPLOYEE_STATES, Employee, employee_of, shown
from portal.employees.employee_check import GIVEN_OTHERWISE
from portal.employees.notice import tell_of_role
from portal.events import Event, publish
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of, membership_of
from portal.organizations.organization import Membership, Organization
from portal.organizations.own_role import known_roles, role_title
from portal.organizations.rights import rights_in
from portal.ports.messenger import Letter
from portal.rules import roles
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import AccessLevel, AdminsLeft, ChosenRole, Dismissed
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "ADMIN",
    "HEAD",
    "EmployeesQuery",
    "EntryChange",
    "OfEntry",
    "change_employee_access",
    "dismiss_employee",
    "employees",
    "end_entry",
    "entry_of",
    "without_admin",
]

HEAD, ADMIN = "head", "admin"


@dataclass(frozen=True, kw_only=True)
class OfEntry:
    """Somebody who acts for an organization, by their account."""

    organization: str
    account: str


@dataclass(frozen=True, kw_only=True)
class EntryChange(OfEntry):
    """The role and the levels of access that an entry is to have."""

    role: str
    documents: AccessLevel = "manage"
    applications: AccessLevel = "manage"


@dataclass(frozen=True, kw_only=True)
class EmployeesQuery:
    """The organization whose people are wanted."""

    organization: str


@view(EmployeesQuery)
@in_organization()
def employees(context: Context, query: EmployeesQuery, found: Organization) -> Outcome:
    """Everybody there is by name, and those who are invited; to whoever may not add employees only
    they themselves (ROLE-11)."""
    known = context.unit.find(Employee, "organization", found.id)
    items = [shown(context, each) for each in known]
    accounts = {each.account for each in known}
    members = [each for each in members_of(context, found.id) if each.account not in accounts]
    items += [_of_member(context, each) for each in members]
    if MANAGE_USERS not in rights_in(context, found.id):
        items = [each for each in items if each["account"] == context.actor.account]
    items.sort(key=lambda each: (each["full_name"], each["id"]))
    return Outcome(state="shown", data={"items": items})


@use_case(EntryChange)
@in_organization(MANAGE_USERS)
def change_employee_access(context: Context, form: EntryChange, found: Organization) -> Outcome:
    """Give somebody another role or other levels of access; they hold at once."""
    member = entry_of(context, found, form.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    if member.role in GIVEN_OTHERWISE:
        return Outcome(state=member.role, refusal="state")
    known = known_roles(context, found.id)
    chosen = ChosenRole(role=form.role, known=known, given_otherwise=GIVEN_OTHERWISE)
    violations = roles.role_gives_right(chosen, context.policy)
    if violations:
        return refused(violations)
    changed = context.unit.put(
        replace(
            member,
            role=form.role,
            documents=form.documents,
            applications=form.applications,
        )
    )
    untold = tell_of_role(context, found, changed)
    context.note(
        "change_employee_access", found.id, "changed", employee=form.account, role=form.role
    )
    data = {"account": form.account, "role": form.role}
    return Outcome(state="changed", data=data, violations=untold)


@use_case(OfEntry)
@in_organization(MANAGE_USERS)
def dismiss_employee(context: Context, form: OfEntry, found: Organization) -> Outcome:
    """Close somebody's access: their sessions of the organization end at once. Another head is
    appointed, an administrator is removed, the owner unbinds before."""
    member = entry_of(context, found, form.account)
    if member is None:
        return Outcome(state="absent", refusal="absent")
    if member.role == HEAD:
        return Outcome(state=member.role, refusal="state")
    violations = without_admin(context, found, member)
    if violations:
        return noted_refusal(context, found.id, refused(violations, "state"))
    if member.role == ADMIN:
        return Outcome(state=member.role, refusal="state")
    if found.owner == form.account:
        return Outcome(state="owner", refusal="state")
    left = end_entry(context, found, member, "dismiss_employee")
    return Outcome(state="dismissed", data={"account": form.account}, violations=left)


def entry_of(context: Context, organization: Organization, account: str) -> Membership | None:
    """Somebody's entry in an organization; None if there is none."""
    return membership_of(context, account, organization.id)


def without_admin(
    context: Context, organization: Organization, member: Membership
) -> tuple[Violation, ...]:
    """ROLE-09, if that member were administrator no more."""
    others = [
        each
        for each in members_of(context, organization.id)
        if each.role == ADMIN and each.account != member.account
    ]
    claim = AdminsLeft(left=len(others), removes=member.role == ADMIN)
    return roles.last_admin_stays(claim, context.policy)


def end_entry(
    context: Context, organization: Organization, member: Membership, act: str
) -> tuple[Violation, ...]:
    """Let a member act for the organization no more, close their sessions of it and tell them; what
    ROLE-12 says of what is left."""
    context.unit.delete(member)
    for session in _sessions(context, member):
        close_session(context, session, "dismissed")
    employee = employee_of(context, member.account, organization.id)
    if employee is not None:
        state = EMPLOYEE_STATES.after(employee.state, "dismiss")
        context.unit.put(replace(employee, state=state))
    account = context.unit.get(Account, member.account)
    if account is not None:
        context.send(
            Letter(
                id=f"dismissed/{member.id}/{context.now:%Y%m%d%H%M%S}",
                channel="email",
                to=account.email,
                subject="Доступ к кабинету закрыт",
                text=f"{organization.requisites.full_name}: ваш доступ к кабинету закрыт.",
            )
        )
    publish(
        context,
        Event(
            id=f"dismissed/{member.id}/{context.now:%Y%m%d%H%M%S%f}",
            organization=organization.id,
            kind="data_change",
            subject=member.account,
            title="Сотрудник больше не в организации",
            text="Доступ сотрудника к кабинету закрыт",
            details={"account": member.account},
            at=context.now,
        ),
    )
    context.note(act, organization.id, "dismissed", employee=member.account)
    claim = Dismissed(dismissed=True, sessions=len(_sessions(context, member)))
    return roles.dismissed_has_no_access(claim, context.policy)


# --- inside ---------------------------------------------------------------------------------------


def _sessions(context: Context, member: Membership) -> list[Session]:
    found = context.unit.find(Session, "account", member.account)
    return [
        each
        for each in found
        if each.organization == member.organization and each.is_open(context.now)
    ]


def _of_member(context: Context, member: Membership) -> dict[str, Any]:
    """Somebody whom no one has added: the head, a representative."""
    account = context.unit.get(Account, member.account)
    return {
        "id": member.id,
        "account": member.account,
        "full_name": "" if account is None else str(account.name),
        "inn": "" if account is None else account.inn,
        "state": "active",
        "state_title": EMPLOYEE_STATES.titles["active"],
        "role": member.role,
        "role_title": role_title(context, member.role),
        "documents": member.documents,
        "applications": member.applications,
    }

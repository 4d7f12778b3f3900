"""The invitation of an employee: until they accept it, nobody belongs to anything (ROLE-05)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.employees.access_plan import begin_reviews
from portal.employees.employee import EMPLOYEE_STATES, Employee, invitation_id, shown
from portal.employees.employee_check import unlike
from portal.employees.notice import tell_of_role
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import join, membership_of
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.ports.messenger import Letter
from portal.rules import roles
from portal.rules.accounts import AccountStanding, confirmed_before_organization
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import Invitation, invitation_end
from portal.rules.rule import Violation, every
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case

__all__ = [
    "InvitationLink",
    "OfEmployee",
    "accept_invitation",
    "found_employee",
    "invite",
    "repeat_invitation",
    "withdraw_invitation",
]


@dataclass(frozen=True, kw_only=True)
class InvitationLink:
    """What the link of the letter holds."""

    invitation: str


@dataclass(frozen=True, kw_only=True)
class OfEmployee:
    """An employee of an organization, by the id that `employees` shows."""

    organization: str
    employee: str


@use_case(InvitationLink)
def accept_invitation(context: Context, form: InvitationLink) -> Outcome:
    """Accept: from this moment on the employee acts for the organization in the role that was meant
    for them. Whoever has added them learns if their data are not those of the documents."""
    employee = context.unit.one(Employee, "invitation", form.invitation)
    account = context.unit.get(Account, context.actor.account or "")
    is_addressee = employee is not None and account is not None and account.inn == employee.inn
    if employee is None or account is None or not is_addressee:
        if employee is not None:
            context.note("accept_invitation", employee.organization, "another's")
        nothing = Invitation(now=context.now, is_addressee=False)
        return refused(roles.invitation_is_accepted(nothing, context.policy), "absent", "absent")
    organization = context.unit.get(Organization, employee.organization)
    if organization is None or employee.state == "dismissed":
        return Outcome(state="absent", refusal="absent")
    violations = list(every(_in_the_way(context, organization, employee, account)))
    if violations:
        _tell_adder(context, employee, violations)
        refusal = refused(violations, "state", employee.state)
        return noted_refusal(context, organization.id, refusal)
    return _joined(context, organization, employee, account)


@use_case(OfEmployee)
@in_organization(MANAGE_USERS)
def repeat_invitation(context: Context, form: OfEmployee, found: Organization) -> Outcome:
    """Invite once more; the invitation before is good for nothing from now on."""
    employee = found_employee(context, found, form.employee)
    if employee is None:
        return Outcome(state="absent", refusal="absent")
    if employee.state not in ("invited", "lapsed"):
        return Outcome(state=employee.state, refusal="state")
    invited = invite(context, found, employee)
    context.note("repeat_invitation", found.id, "invited", employee=employee.id)
    return Outcome(state=invited.state, data={"employee": invited.id})


@use_case(OfEmployee)
@in_organization(MANAGE_USERS)
def withdraw_invitation(context: Context, form: OfEmployee, found: Organization) -> Outcome:
    """Take back an invitation that is not accepted yet."""
    employee = found_employee(context, found, form.employee)
    if employee is None:
        return Outcome(state="absent", refusal="absent")
    if employee.state != "invited":
        return Outcome(state=employee.state, refusal="state")
    state = EMPLOYEE_STATES.after(employee.state, "dismiss")
    context.unit.put(replace(employee, state=state))
    context.note("withdraw_invitation", found.id, "withdrawn", employee=employee.id)
    return Outcome(state=state, data={"employee": employee.id})


def found_employee(
    context: Context, organization: Organization, employee_id: str
) -> Employee | None:
    """The employee, if they are the organization's."""
    employee = context.unit.get(Employee, employee_id)
    return of_organization(context, organization, employee, "employee")


def invite(context: Context, organization: Organization, employee: Employee) -> Employee:
    """Send an employee an invitation, which lapses in time."""
    invited = context.unit.put(
        replace(
            employee,
            state=EMPLOYEE_STATES.after(employee.state, "invite"),
            attempt=employee.attempt + 1,
            invited_at=context.now,
        )
    )
    number = invitation_id(invited.id, invited.attempt)
    end = invitation_end(context.now, context.policy)
    context.send(
        Letter(
            id=f"invitation/{number}",
            channel="email",
            to=invited.email,
            subject="Приглашение в кабинет организации",
            text=(
                f"{organization.requisites.full_name} приглашает вас в свой кабинет. Чтобы принять "
                f"приглашение до {end:%d.%m.%Y %H:%M}, войдите и перейдите по ссылке: "
                f"/invitations/{number}"
            ),
        )
    )
    schedule(context.unit, "lapse_invitation", invited.id, end)
    return invited


@task
def lapse_invitation(context: Context, planned: Task) -> None:
    """Nobody has accepted the last invitation in time."""
    employee = context.unit.get(Employee, planned.subject)
    if employee is None or employee.state != "invited":
        return
    context.unit.put(replace(employee, state=EMPLOYEE_STATES.after(employee.state, "lapse")))
    context.note("lapse_invitation", employee.organization, "lapsed", employee=employee.id)


# --- inside ---------------------------------------------------------------------------------------


def _in_the_way(
    context: Context, organization: Organization, employee: Employee, account: Account
) -> Iterator[tuple[Violation, ...]]:
    """Of those who come too late no register is asked."""
    claim = Invitation(now=context.now, sent=employee.invited_at, used=employee.state == "active")
    late = roles.invitation_is_accepted(claim, context.policy)
    yield late
    identity = AccountStanding(confirmed=account.is_confirmed)
    yield confirmed_before_organization(identity, context.policy)
    if not late:
        yield unlike(context, organization, employee, wants_access=True)


def _joined(
    context: Context, organization: Organization, employee: Employee, account: Account
) -> Outcome:
    active = context.unit.put(
        replace(
            employee,
            state=EMPLOYEE_STATES.after(employee.state, "accept"),
            account=account.id,
        )
    )
    member = membership_of(context, account.id, organization.id)
    if member is None:
        member = join(
            context,
            account.id,
            organization.id,
            employee.role,
            documents=employee.documents,
            applications=employee.applications,
        )
    begin_reviews(context, organization)
    untold = tell_of_role(context, organization, member)
    context.note(
        "accept_invitation", organization.id, active.state, role=member.role, employee=active.id
    )
    data = {"organization": organization.id, **shown(context, active)}
    return Outcome(state=active.state, data=data, violations=untold)


def _tell_adder(context: Context, employee: Employee, violations: list[Violation]) -> None:
    """Only of what the documents say otherwise: whoever has added them can mend that."""
    fields = sorted(
        {each.field for each in violations if each.rule == "ROLE-06" and each.field != "consent"}
    )
    adder = context.unit.get(Account, employee.added_by)
    if not fields or adder is None:
        return
    context.send(
        Letter(
            id=f"employee differs/{employee.id}/{context.now:%Y%m%d%H%M%S}",
            channel="email",
            to=adder.email,
            subject="Сведения сотрудника не совпали",
            text=f"{employee.full_name}: не совпадает с документами — {', '.join(fields)}.",
        )
    )

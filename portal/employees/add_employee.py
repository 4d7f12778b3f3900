"""Adding an employee: everything wrong with it at once, then the code of whoever adds them
(ROLE-04, ROLE-05, ROLE-06)."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from portal.accounts.account import Account
from portal.accounts.one_time_codes import TypedCode, send_code_to, wrong_code
from portal.employees.employee import EMPLOYEE_STATES, Employee, employee_id
from portal.employees.employee_check import EmployeeEntry, entry_violations, known_of, unlike
from portal.employees.invitation import OfEmployee, found_employee, invite
from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.membership import membership_of
from portal.organizations.organization import Organization
from portal.rules import roles
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import HeldRight, Invitation
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case
from rulebook import Policy

__all__ = [
    "AddedCode",
    "NewEmployee",
    "add_employee",
    "confirm_employee",
    "employee_code",
    "entered",
    "is_there",
    "may_add",
]


@dataclass(frozen=True, kw_only=True)
class NewEmployee(EmployeeEntry):
    """An employee to be added to an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class AddedCode(TypedCode):
    """The code that has come to whoever adds an employee."""

    organization: str
    employee: str


def may_add(rights: Collection[str], policy: Policy) -> tuple[Violation, ...]:
    """What ROLE-04 says of somebody's rights."""
    return roles.adder_may(HeldRight(right=MANAGE_USERS, rights=rights), policy)


@use_case(NewEmployee)
@in_organization(MANAGE_USERS, may_add)
def add_employee(context: Context, form: NewEmployee, found: Organization) -> Outcome:
    """Take an employee's data, and send a code to whoever adds them. The person is asked for their
    consent, without which nothing tells yet whether the data are right."""
    violations = entry_violations(form, known_of(context, found.id), context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    before = context.unit.get(Employee, employee_id(found.id, form.inn))
    if is_there(context, found.id, form.inn, before):
        return Outcome(state="active" if before is None else before.state, refusal="state")
    employee = entered(context, found, form, before)
    differing = unlike(context, found, employee, wants_access=False)
    if differing:
        return noted_refusal(context, found.id, refused(differing))
    context.unit.put(employee)
    in_vain = _send_code(context, employee)
    if in_vain:
        return refused(in_vain, "state", employee.state, {"employee": employee.id})
    context.note("add_employee", found.id, "code_sent", employee=employee.id)
    return Outcome(state="code_sent", data={"employee": employee.id})


@use_case(OfEmployee)
@in_organization(MANAGE_USERS, may_add)
def employee_code(context: Context, form: OfEmployee, found: Organization) -> Outcome:
    """Send whoever adds an employee another code."""
    employee = found_employee(context, found, form.employee)
    if employee is None:
        return Outcome(state="absent", refusal="absent")
    if employee.state != "adding":
        return Outcome(state=employee.state, refusal="state")
    in_vain = _send_code(context, employee)
    data = {"employee": employee.id}
    return refused(in_vain, "state", "adding", data) if in_vain else Outcome(state="code_sent")


@use_case(AddedCode)
@in_organization(MANAGE_USERS, may_add)
def confirm_employee(context: Context, form: AddedCode, found: Organization) -> Outcome:
    """Confirm by the code that the employee is to be added: the invitation goes to their mail."""
    employee = found_employee(context, found, form.employee)
    if employee is None:
        return Outcome(state="absent", refusal="absent")
    if employee.state != "adding":
        return Outcome(state=employee.state, refusal="state")
    wrong = wrong_code(context, _purpose(context, employee), form.code)
    claim = Invitation(now=context.now, wrong_code=wrong, wants_access=False)
    violations = roles.invitation_is_accepted(claim, context.policy)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    invited = invite(context, found, employee)
    context.note("confirm_employee", found.id, invited.state, employee=employee.id)
    return Outcome(state=invited.state, data={"employee": invited.id})


def is_there(context: Context, organization: str, inn: str, before: Employee | None) -> bool:
    """Whether the person with that ИНН acts for the organization, or is about to."""
    if before is not None and not EMPLOYEE_STATES.allows(before.state, "add"):
        return True
    account = context.unit.one(Account, "inn", inn)
    return account is not None and membership_of(context, account.id, organization) is not None


def entered(
    context: Context, organization: Organization, entry: EmployeeEntry, before: Employee | None
) -> Employee:
    """An employee as they are typed, in place of the one they were `before`; the attempts are
    counted on, so that no earlier invitation comes true."""
    typed: dict[str, Any] = {each.name: getattr(entry, each.name) for each in fields(EmployeeEntry)}
    return Employee(
        id=employee_id(organization.id, entry.inn),
        version=0 if before is None else before.version,
        organization=organization.id,
        added_by=context.actor.account or "",
        attempt=0 if before is None else before.attempt,
        **typed,
    )


# --- inside ---------------------------------------------------------------------------------------


def _send_code(context: Context, employee: Employee) -> tuple[Violation, ...]:
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return ()
    return send_code_to(context, _purpose(context, employee), account)


def _purpose(context: Context, employee: Employee) -> str:
    return f"employee/{employee.id}/{context.actor.account}"

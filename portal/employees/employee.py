"""An employee of an organization, from the first word of them until they are dismissed."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.organizations.membership import membership_of
from portal.organizations.own_role import role_title
from portal.rules.roles import AccessLevel
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context

__all__ = [
    "EMPLOYEE_STATES",
    "Employee",
    "EmployeeState",
    "dismiss_all",
    "employee_id",
    "employee_of",
    "invitation_id",
    "shown",
]

EmployeeState: TypeAlias = Literal["adding", "invited", "lapsed", "active", "dismissed"]

EMPLOYEE_STATES: Final[StateTable[EmployeeState]] = StateTable(
    name="employee",
    titles={
        "adding": "Добавление не подтверждено",
        "invited": "Приглашён",
        "lapsed": "Приглашение устарело",
        "active": "Работает в кабинете",
        "dismissed": "Доступ закрыт",
    },
    first="adding",
    transitions={
        ("adding", "add"): "adding",
        ("adding", "invite"): "invited",  # ROLE-05
        ("invited", "invite"): "invited",
        ("invited", "accept"): "active",  # ROLE-05
        ("invited", "lapse"): "lapsed",  # ROLE-05
        ("adding", "dismiss"): "dismissed",
        ("invited", "dismiss"): "dismissed",
        ("lapsed", "dismiss"): "dismissed",
        ("lapsed", "add"): "adding",
        ("lapsed", "invite"): "invited",
        ("active", "dismiss"): "dismissed",  # ROLE-12
        ("dismissed", "add"): "adding",
    },
)


@dataclass(frozen=True, kw_only=True)
class Employee(Entity):
    """What an organization says of an employee; its id is `employee_id`.

    `role`, `documents` and `applications` are what the entry begins with. `attempt` counts the
    invitations, of which the last one counts; `account` is theirs once they have accepted it.
    """

    KIND: ClassVar[str] = "employee"

    organization: str
    full_name: str
    inn: str
    snils: str
    position: str
    department: str
    department_code: str
    phone: str
    email: str
    role: str
    documents: AccessLevel
    applications: AccessLevel
    added_by: str
    state: EmployeeState = "adding"
    attempt: int = 0
    invited_at: dt.datetime | None = None
    account: str | None = None

    def keys(self) -> Mapping[str, str]:
        """By the organization, and by the account once there is one."""
        account = {} if self.account is None else {"account": self.account}
        return {"organization": self.organization, **account}

    def unique(self) -> Mapping[str, str]:
        """By the last invitation."""
        return {"invitation": invitation_id(self.id, self.attempt)} if self.attempt else {}


def employee_id(organization: str, inn: str) -> str:
    """The id of the employee with that ИНН: there is one in an organization."""
    return f"{organization}/{inn}"


def invitation_id(employee: str, attempt: int) -> str:
    """The number of an invitation. It is no secret: only the account with the employee's ИНН
    accepts it."""
    return hashlib.sha256(f"invitation/{employee}/{attempt}".encode()).hexdigest()[:32]


def employee_of(context: Context, account: str, organization: str) -> Employee | None:
    """The employee whose account that is, if the organization has one."""
    found = context.unit.find(Employee, "account", account)
    return next((each for each in found if each.organization == organization), None)


def dismiss_all(context: Context, organization: str) -> None:
    """Nobody is employed or invited any more: the organization is unbound (UNB-04)."""
    for employee in context.unit.find(Employee, "organization", organization):
        if EMPLOYEE_STATES.allows(employee.state, "dismiss"):
            state = EMPLOYEE_STATES.after(employee.state, "dismiss")
            context.unit.put(replace(employee, state=state))


def shown(context: Context, employee: Employee) -> dict[str, Any]:
    """An employee as lists show them, with the role they have by now."""
    member = membership_of(context, employee.account, employee.organization)
    entry = employee if member is None else member
    return {
        "id": employee.id,
        "account": employee.account,
        "full_name": employee.full_name,
        "inn": employee.inn,
        "position": employee.position,
        "department": employee.department,
        "department_code": employee.department_code,
        "phone": employee.phone,
        "email": employee.email,
        "state": employee.state,
        "state_title": EMPLOYEE_STATES.titles[employee.state],
        "role": entry.role,
        "role_title": role_title(context, entry.role),
        "documents": entry.documents,
        "applications": entry.applications,
    }

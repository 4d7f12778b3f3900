"""Everything that is wrong with what is typed about an employee, and with their employment
(ROLE-01, ROLE-06)."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.employees.departments import departments_of
from portal.employees.employee import Employee
from portal.organizations.organization import Organization
from portal.organizations.own_role import known_roles
from portal.ports.employment import ConsentState, TypedEmployee
from portal.rules import identifiers, roles
from portal.rules.identifiers import Requisites, Written
from portal.rules.roles import AccessLevel, ChosenRole, EmployeeData
from portal.rules.rule import Violation, every
from portal.use_case import Context
from rulebook import Policy, Text

__all__ = ["GIVEN_OTHERWISE", "EmployeeEntry", "Known", "entry_violations", "known_of", "unlike"]

GIVEN_OTHERWISE: Final = ("head", "admin", "rep")
"""Roles by HEAD-01, ROLE-15 and REG-07."""

_FACTS: Final = (
    *("full_name", "inn", "position", "department", "department_code"),
    *("phone", "email"),
)
_ENDED: Final[Mapping[ConsentState, Text]] = {
    "requested": Text("сотрудник ещё не дал согласия", "the employee has not consented yet"),
    "declined": Text("сотрудник отказал в согласии", "the employee has declined"),
    "lapsed": Text("сотрудник не ответил в срок", "the employee has not answered in time"),
    "withdrawn": Text("сотрудник отозвал согласие", "the employee has withdrawn the consent"),
    "expired": Text("срок согласия истёк", "the consent has expired"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeEntry:
    """What ROLE-06 asks for, the role of the entry and its levels of access (ROLE-13)."""

    full_name: str
    inn: str
    snils: str
    position: str
    department: str
    department_code: str
    phone: str
    email: str
    role: str = "emp"
    documents: AccessLevel = "manage"
    applications: AccessLevel = "manage"


@dataclass(frozen=True, slots=True)
class Known:
    """What an entry is compared with: departments by code, and the ids of roles."""

    departments: Mapping[str, str]
    roles: Collection[str]


def known_of(context: Context, organization: str) -> Known:
    """What an organization has by now."""
    return Known(departments_of(context, organization), known_roles(context, organization))


def entry_violations(entry: EmployeeEntry, known: Known, policy: Policy) -> list[Violation]:
    """What is wrong with an entry as it is typed, all of it."""
    return list(every(_typed(entry, known, policy)))


def unlike(
    context: Context, organization: Organization, employee: Employee, *, wants_access: bool
) -> tuple[Violation, ...]:
    """ROLE-06 by the person's employment. Without their consent nothing can be compared: that
    stands in the way of whoever `wants_access`. Unavailable."""
    employment = context.portal.ports.employment
    attempt = employee.attempt + (employee.state == "adding")  # the one that is to come
    request = f"{organization.id}/{employee.snils}/{attempt}"
    number = hashlib.sha256(request.encode()).hexdigest()[:48]
    consent = employment.ask_consent(number, organization.requisites.inn, employee.snils)
    if consent is None:
        return _by_documents(employee, context.policy, known=False)
    if consent.state != "approved":
        missing = _ENDED[consent.state] if wants_access else None
        return _by_documents(employee, context.policy, consent=missing)
    typed = TypedEmployee(
        full_name=employee.full_name,
        inn=employee.inn,
        position=employee.position,
        department=employee.department,
    )
    differing = employment.differing(consent, typed)
    return _by_documents(employee, context.policy, differing=differing)


# --- inside ---------------------------------------------------------------------------------------


def _typed(entry: EmployeeEntry, known: Known, policy: Policy) -> Iterator[tuple[Violation, ...]]:
    typed = Requisites(kind="sole_proprietor", inn=entry.inn, ogrn="")
    yield identifiers.full_name(Written(field="full_name", text=entry.full_name), policy)
    yield identifiers.person_inn(typed, policy)
    yield identifiers.no_other_signs(typed, policy)
    yield identifiers.snils(Written(field="snils", text=entry.snils), policy)
    yield identifiers.phone(Written(field="phone", text=entry.phone), policy)
    yield identifiers.email(Written(field="email", text=entry.email), policy)
    chosen = ChosenRole(role=entry.role, known=known.roles, given_otherwise=GIVEN_OTHERWISE)
    yield roles.role_gives_right(chosen, policy)
    claim = EmployeeData(**_facts(entry), departments=known.departments)
    yield roles.employee_data(claim, policy)


def _by_documents(
    employee: Employee,
    policy: Policy,
    *,
    known: bool = True,
    consent: Text | None = None,
    differing: Collection[str] = (),
) -> tuple[Violation, ...]:
    """The departments were looked at when the entry was typed: later they may be called
    otherwise."""
    claim = EmployeeData(
        **_facts(employee),
        departments={employee.department_code: employee.department.strip()},
        differing=differing,
        consent=consent,
        known=known,
    )
    return roles.employee_data(claim, policy)


def _facts(entry: EmployeeEntry | Employee) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FACTS}

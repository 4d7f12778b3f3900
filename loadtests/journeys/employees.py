"""An employee is added, confirmed by a code, invited, and accepts."""

from typing import Any, Final

from loadtests.answers import Expected
from loadtests.case import Case, CaseRefused
from loadtests.journeys.beginnings import (
    cabinet,
    confirm_in_person,
    enter,
    enter_by_bank,
    sign_up,
)
from loadtests.journeys.rules_shown import EMPLOYEE

__all__ = ["prepare", "walk"]

_CODE: Final = "10"


def prepare(case: Case) -> None:
    """A cabinet with a department, and a colleague with a confirmed account and a contract."""
    subject = case.subject
    cabinet(case)
    employment = subject.applicant.good.employee.employment
    form = {
        "organization": subject.known["organization"],
        "departments": [{"code": _CODE, "name": employment.department}],
    }
    case.act("set_departments", form)
    colleague = subject.colleague
    sign_up(case, colleague)
    confirm_in_person(case, colleague)
    contract = {
        "request_id": f"hired-{colleague.person.index}-{employment.organization}",
        "inn": subject.applicant.good.subject.organization.inn,
        "snils": colleague.person.snils,
        "event": "ПРИЕМ",
        "date": case.timing.model_now().date().isoformat(),
        "position": employment.position,
        "department": employment.department,
    }
    case.target.employ(case.wire, contract)


def walk(case: Case) -> None:
    """From the head's sign-in to the colleague's acceptance."""
    subject = case.subject
    organization = subject.known["organization"]
    case.show(EMPLOYEE)
    enter_by_bank(case)
    case.think()
    case.read("employees", {"organization": organization}, into=("shown",))
    case.think()

    asked_us = case.timing.now_us()
    added = case.act(
        "add_employee",
        _entry(case, organization),
        into=("code_sent",),
        submits="employee",
        node="submit",
    )
    employee = {"organization": organization, "employee": added.told.data["employee"]}
    case.confirm(
        lambda: case.act("employee_code", employee),
        subject.visitor.person.phone,
        "confirm_employee",
        lambda code: {**employee, "code": code},
        into=("invited",),
        asked_us=asked_us,
    )
    colleague = subject.colleague
    enter(case, colleague)
    link = case.link(colleague.person.email, "/invitations/", colleague)
    case.target.consent(case.wire, colleague.person.snils)
    case.think()
    mistakes = frozenset(case.mistakes(EMPLOYEE).values())
    if mistakes:  # with another's ИНН the invitation itself is another's
        mistakes |= {"ROLE-05"}
    accepted = case.act(
        "accept_invitation",
        {"invitation": link},
        who=colleague,
        node="link",
        expected=Expected(refusals=mistakes, has_to_refuse=bool(mistakes)),
    )
    if accepted.outcome == "refused":
        raise CaseRefused  # what was typed about a colleague is theirs to see, not to mend


def _entry(case: Case, organization: str) -> dict[str, Any]:
    applicant = case.subject.applicant
    typed = case.filing.employee
    return {
        "organization": organization,
        "full_name": typed.full_name,
        "inn": typed.inn,
        "snils": applicant.colleague.snils,
        "position": typed.position,
        "department": typed.department,
        "department_code": _CODE,
        "phone": typed.phone,
        "email": typed.email,
        "role": "emp",
    }

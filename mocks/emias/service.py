"""ЕМИАС: periodic medical examinations of employees, their sick leaves, monthly reports.

An organization is answered about its own employees alone, and never with a diagnosis. Paths and
field names are ours; codes of sick leaves are those of the social fund's exchange.
"""

import datetime as dt
import re
from collections import Counter
from functools import partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission, asked_organization, organization_of
from mocks.case_work.cases import Case
from mocks.case_work.filing import filed
from mocks.case_work.terms import last_moment
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.emias.employees import employee_of, employees_of, strangers_among
from mocks.emias.examinations import (
    CONCLUSIONS,
    MOST_EMPLOYEES,
    SERVICE,
    Examination,
    Examinations,
)
from mocks.emias.sick_leaves import SickLeave, last_day_of, sick_leaves
from world.documents import printed_date
from world.file_formats import file_content
from world.records import Organization

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "lost_result": "результат одного из работников теряется: осмотр не завершается",
        "duplicate_leaves": "больничные листы приходят в списке дважды",
        "report_late": "отчёт за прошедший месяц ещё не сформирован, хотя срок прошёл",
    },
)

EXAMINATION_WORKING_DAYS: Final = 45
"""Assumption: when the final act is promised at the latest."""

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class Employee(BaseModel):
    """An employee to be examined, with points of the list of factors of приказ № 29н."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    snils: str
    factors: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2}){0,3}$")], ...],
        Field(min_length=1, max_length=20),
    ]


class ExaminationOrder(Submission):
    """The list of employees who are to be examined."""

    employees: Annotated[tuple[Employee, ...], Field(min_length=1, max_length=MOST_EMPLOYEES)]


# --- examinations


@service.post("/v1/examinations")
def order_examination(call: Call) -> Answer:
    """Submit a list: 201 with a case, 200 with the same case for a repetition.

    Refusal 403 names everybody of the list who is not the organization's employee.
    """
    asked = call.request.read(ExaminationOrder)
    docket = call.tenant.state(Examinations).docket
    return filed(docket, asked, lambda: _opened(call, asked), partial(_view, call))


def _opened(call: Call, asked: ExaminationOrder) -> Case[Examination]:
    state = call.tenant.state(Examinations)
    organization = organization_of(call, asked.inn, asked.ogrn)
    numbers = tuple(employee.snils for employee in asked.employees)
    if len(set(numbers)) != len(numbers):
        raise Refusal(422, "listed-twice", "Работник назван в списке дважды", field="employees")
    strangers = strangers_among(call.tenant.records, organization, numbers)
    if strangers:
        message = f"Не работают в организации: {', '.join(strangers)}"
        raise Refusal(403, "not-employees", message, field="employees")
    factors = {employee.snils: employee.factors for employee in asked.employees}
    due_us = call.tenant.clock.calendar.deadline_working_days(call.now_us, EXAMINATION_WORKING_DAYS)
    examination = Examination(organization.index, factors)
    case = state.docket.open(call, asked, examination, "Список работников принят", due_us)
    state.begin(case, numbers[0] if call.hit("lost_result") else None, call.now_us)
    return case


@service.get("/v1/examinations")
def examinations(call: Call) -> Answer:
    """Examinations of the organization of parameter `inn`."""
    cases = call.tenant.state(Examinations).docket.of(asked_organization(call).inn)
    return json_answer({"examinations": [_view(call, case) for case in cases]})


@service.get("/v1/examinations/{number}")
def examination(call: Call) -> Answer:
    """Where an examination stands, with the results so far; of one's own alone."""
    return json_answer(_view(call, _own_case(call)))


@service.get("/v1/examinations/{number}/act")
def final_act(call: Call) -> Answer:
    """The final act as a PDF; Refusal 409 before everybody has a result."""
    case = _own_case(call)
    case.require("completed")
    counts = Counter(result.conclusion for result in case.subject.results.values())
    ended = call.tenant.clock.calendar.date(case.history[-1].at_us)
    lines = (
        f"Заключительный акт № {case.number}",
        f"Работодатель: ИНН {case.inn}",
        f"Осмотрено работников: {len(case.subject.results)}",
        *(f"{title}: {counts[code]}" for code, title in CONCLUSIONS.items()),
        f"Дата: {printed_date(ended)}",
    )
    return Answer(200, file_content("pdf", lines), "application/pdf")


@service.get("/v1/employees/{snils}/conclusion")
def conclusion(call: Call) -> Answer:
    """The last conclusion about one's own employee; Refusal 403 for anybody else, 404 if there is
    none yet."""
    organization, snils = asked_organization(call), call.values["snils"]
    if employee_of(call.tenant.records, organization, snils) is None:
        raise Refusal(403, "not-employee", f"{snils} не работает в организации")
    result = call.tenant.state(Examinations).latest(snils)
    if result is None:
        raise Refusal(404, "not-examined", f"Заключений о работнике {snils} нет")
    return json_answer(result.view(_today(call)))


def _own_case(call: Call) -> Case[Examination]:
    organization = asked_organization(call)
    case = call.tenant.state(Examinations).docket.case(call.values["number"])
    if case.inn != organization.inn:
        raise Refusal(403, "foreign-examination", "Осмотр назначен другой организацией")
    return case


def _view(call: Call, case: Case[Examination]) -> dict[str, Any]:
    today = _today(call)
    return {
        **case.view(call.tenant, call.now_us),
        "results": [result.view(today) for result in case.subject.results.values()],
        "waiting": case.subject.waiting,
    }


# --- sick leaves and reports


@service.get("/v1/sick-leaves")
def leaves(call: Call) -> Answer:
    """Leaves of one's own employees that began in the month of parameter `month`, YYYY-MM."""
    organization, (year, month) = asked_organization(call), _asked_month(call)
    found = _leaves_of(call, organization, year, month)
    if call.hit("duplicate_leaves"):
        found = [leave for leave in found for _ in range(2)]
    return json_answer({"sick_leaves": [leave.view(_today(call)) for leave in found]})


@service.get("/v1/reports")
def report(call: Call) -> Answer:
    """The report about a month, formed by itself when the month is over; Refusal 409 before."""
    organization, (year, month) = asked_organization(call), _asked_month(call)
    last = last_day_of(year, month)
    over = call.now_us > last_moment(call.tenant.clock.calendar, last)
    if not over or call.hit("report_late"):
        message = f"Отчёт за {year}-{month:02} ещё не сформирован"
        raise Refusal(409, "report-not-formed", message, field="month")
    staff = employees_of(call.tenant.records, organization)
    state = call.tenant.state(Examinations)
    results = [result for one in staff if (result := state.latest(one.snils)) is not None]
    valid = Counter(result.conclusion for result in results if last <= result.valid_until)
    begun = _leaves_of(call, organization, year, month)
    return json_answer(
        {
            "inn": organization.inn,
            "month": f"{year}-{month:02}",
            "employees": len(staff),
            "conclusions": {code: valid[code] for code in CONCLUSIONS},
            "sick_leaves": len(begun),
            "days_of_leave": sum((leave.ends - leave.begins).days + 1 for leave in begun),
        }
    )


def _leaves_of(call: Call, organization: Organization, year: int, month: int) -> list[SickLeave]:
    records = call.tenant.records
    return [
        leave
        for person in employees_of(records, organization)
        for leave in sick_leaves(records.world.seed, person, year, month, _today(call))
    ]


def _asked_month(call: Call) -> tuple[int, int]:
    match = _MONTH.fullmatch(call.request.parameter("month") or "")
    if match is None:
        raise Refusal(400, "bad-month", "Нужен параметр month: ГГГГ-ММ", field="month")
    return int(match[1]), int(match[2])


def _today(call: Call) -> dt.date:
    return call.tenant.clock.calendar.date(call.now_us)

"""Both agencies check the data: sending, asking how it goes, what they say (VER-01 to VER-10).

Each step is a task of its own about an organization and an agency. An agency that does not answer
is asked again after the pauses of tasks (VER-09).
"""

import datetime as dt
from dataclasses import replace
from typing import Final, get_args

from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.verification import Agency, CaseView, UnknownCase
from portal.registration.registration import Registration
from portal.rules.registration import kopecks
from portal.tasks import Task, schedule
from portal.use_case import Context, task
from portal.verification.notices import (
    tell_applicant,
    tell_of_finished_check,
    tell_person_in_charge,
)
from portal.verification.verification import AGENCIES, Check, Verification

__all__ = ["POLL_PAUSE", "agency_data", "poll_agency", "send_to_agencies", "send_to_agency"]

POLL_PAUSE: Final = dt.timedelta(minutes=30)
"""Between questions how a check goes on, at least: an assumption, as in the journey `verification`.
Before checks end as a rule (VER-02), it is as long as the check has taken so far, then a twelfth of
that: every question costs the signatures of three messages."""

_SECOND: Final = dt.timedelta(seconds=1)
_LATE: Final = 12  # an end is seen later than it was by that part of the whole at most

_EVENTS: Final = {"clarification": "ask", "remarks": "remark", "completed": "complete"}
_NO_REMARKS: Final = "Замечаний нет."


def send_to_agencies(context: Context, verification: Verification) -> None:
    """Plan the sending of what was submitted in this round to both agencies."""
    for agency in AGENCIES:
        _plan(context, "send_to_agency", verification, agency, context.now)


@task
def send_to_agency(context: Context, planned: Task) -> None:
    """Open a case, or give the one that is open other data (VER-04) or a reply (VER-10)."""
    found = _found(context, planned)
    if found is None:
        return
    registration, verification, agency, check = found
    port = context.portal.ports.verification
    data = agency_data(registration)
    request_id = f"{verification.id}-{agency}-{verification.round}-{check.lost}"
    try:
        if check.number is None:
            number = port.submit(agency, request_id, data)
        elif registration.answer:
            number = port.reply(agency, check.number, request_id, registration.answer, data)
        else:
            number = port.change(agency, check.number, request_id, data)
    except UnknownCase:
        _lost(context, verification, agency, check)
        return
    context.unit.put(verification.with_check(agency, replace(check, number=number)))
    context.note("send_to_agency", verification.id, "sent", agency=agency, number=number)
    _plan(context, "poll_agency", verification, agency, _next_question(context, verification))


@task
def poll_agency(context: Context, planned: Task) -> None:
    """Ask how the check goes on; what has come of it is told (VER-05)."""
    found = _found(context, planned)
    if found is None:
        return
    registration, verification, agency, check = found
    if check.number is None:
        return
    try:
        inn = registration.application.inn
        case = context.portal.ports.verification.state(agency, check.number, inn)
    except UnknownCase:
        _lost(context, verification, agency, check)
        return
    if case.state in _EVENTS:
        _take_in(context, registration, verification, agency, case)
        return
    if case.state == "in_progress" and check.state == "waiting":
        moved = verification.with_check(agency, check.after("begin", context.now))
        verification = context.unit.put(moved)
    _plan(context, "poll_agency", verification, agency, _next_question(context, verification))


def agency_data(registration: Registration) -> dict[str, str]:
    """What agencies compare; amounts in kopecks, days as ГГГГ-ММ-ДД, nothing that is empty."""
    form = registration.application
    last, first, patronymic = (*form.head_name.split(maxsplit=2), "", "", "")[:3]
    capital = kopecks(form.capital)
    registered = registration.registered
    data = {
        "inn": form.inn,
        "ogrn": form.ogrn,
        "kpp": form.kpp,
        "full_name": form.full_name,
        "address": form.legal_address,
        "registered": form.founding_date or ("" if registered is None else registered.isoformat()),
        "capital_kopecks": "" if capital is None else str(capital),
        "head_last_name": last,
        "head_first_name": first,
        "head_patronymic": patronymic,
        "head_inn": form.head_inn,
        "insurer_number": form.insurer_number,
        "employees": form.employees,
    }
    return {name: value for name, value in data.items() if value}


# --- inside ---------------------------------------------------------------------------------------


def _next_question(context: Context, verification: Verification) -> dt.datetime:
    shortest_h, _ = context.policy.range("VER-02.typical_h")
    taken = context.now - verification.begun
    left = dt.timedelta(hours=shortest_h) - taken
    pause = max(min(taken, left), taken / _LATE, POLL_PAUSE)
    return context.now + dt.timedelta(seconds=pause // _SECOND)


def _take_in(
    context: Context,
    registration: Registration,
    verification: Verification,
    agency: Agency,
    case: CaseView,
) -> None:
    """What an agency has said: it is over without remarks, with remarks, or it asks."""
    check = verification.checks[agency].after(_EVENTS[case.state], context.now, tuple(case.remarks))
    verification = verification.with_check(agency, check)
    context.note("check", verification.id, check.state, agency=agency)
    remarks = "; ".join(f"{each.field}: {each.text}" for each in case.remarks)
    if check.state == "clarification":
        message = context.portal.book.rules["VER-10"].message.ru
        letter_id = f"query/{verification.id}/{verification.round}/{agency}"
        tell_person_in_charge(context, registration, letter_id, f"{message} {remarks}".rstrip())
    else:
        told = f"Замечания: {remarks}." if remarks else _NO_REMARKS
        tell_of_finished_check(context, registration, verification.round, agency, told)
    if check.state != "completed":
        _move(context, verification, "remark")
    elif verification.agrees(context):
        verification = replace(verification, finished=context.now)
        _move(context, verification, "complete")
        letter_id = f"verified/{verification.id}/{verification.round}"
        text = f"Проверка завершена: {registration.application.full_name}. Активируйте кабинет."
        tell_applicant(context, registration, letter_id, text)
    context.unit.put(verification)


def _move(context: Context, verification: Verification, event: str) -> None:
    organization = context.unit.get(Organization, verification.id)
    if organization is not None and ORGANIZATION_STATES.allows(organization.state, event):
        state = ORGANIZATION_STATES.after(organization.state, event)
        context.unit.put(replace(organization, state=state))
        context.note("verification", verification.id, state)


def _lost(context: Context, verification: Verification, agency: Agency, check: Check) -> None:
    """The agency knows nothing of the case: it is opened anew (VER-09)."""
    anew = replace(check, number=None, lost=check.lost + 1)
    verification = context.unit.put(verification.with_check(agency, anew))
    context.note("check", verification.id, "lost", agency=agency)
    _plan(context, "send_to_agency", verification, agency, context.now)


def _found(
    context: Context, planned: Task
) -> tuple[Registration, Verification, Agency, Check] | None:
    """What a task is about; None if another round has begun since."""
    agency = next(each for each in get_args(Agency) if each == planned.details["agency"])
    registration = context.unit.get(Registration, planned.subject)
    verification = context.unit.get(Verification, planned.subject)
    if registration is None or verification is None:
        return None
    if str(verification.round) != planned.details["round"]:
        return None
    return registration, verification, agency, verification.checks[agency]


def _plan(
    context: Context, name: str, verification: Verification, agency: Agency, due: dt.datetime
) -> None:
    details = {"agency": agency, "round": str(verification.round)}
    schedule(context.unit, name, verification.id, due, details, part=agency)

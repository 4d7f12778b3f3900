"""Росстандарт: the registry of conformity, expertise that takes days, declarations.

Numbers are those of the unified forms of the customs union; paths and field names are ours: the
real registry is searched by people on its site.
"""

import datetime as dt
from functools import partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import (
    Submission,
    asked_organization,
    in_force,
    organization_of,
    standing_of,
)
from mocks.case_work.cases import Case
from mocks.case_work.entry_routes import add_orders, asked_entries
from mocks.case_work.filing import filed
from mocks.case_work.terms import years_after
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.rosstandart.certificates import LONGEST_YEARS, REGULATIONS, Certificate
from mocks.rosstandart.expertise import (
    EXPERTISE_WORKING_DAYS,
    SERVICE,
    STATES,
    Expertise,
    Expertises,
)
from world.documents import printed_date
from world.file_formats import file_content

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "lost_case": "заявка на экспертизу принята и потеряна: результата не будет",
        "false_refusal": "годный образец признан не соответствующим требованиям (OPS-07)",
        "stale_registry": "реестр показывает состояние суточной давности",
    },
)

Product = Annotated[str, Field(min_length=1, max_length=300)]
Years = Annotated[int, Field(ge=1, le=LONGEST_YEARS)]


class ExpertiseApplication(Submission):
    """A product to be examined by a technical regulation; a conforming one gets a certificate for
    `years`."""

    product: Product
    regulation: str
    years: Years


class Declaration(Submission):
    """The applicant's own statement on the ground of an expertise."""

    expertise: str
    years: Years


class CertificateCheck(BaseModel):
    """A certificate as an organization has it, to be compared with the registry."""

    model_config = ConfigDict(extra="forbid")

    number: str
    inn: str
    product: Product
    valid_until: dt.date


# --- expertise


@service.post("/v1/expertises")
def submit_expertise(call: Call) -> Answer:
    """Submit samples: 201 with a case, 200 with the same case for a repetition."""
    asked = call.request.read(ExpertiseApplication)
    docket = call.tenant.state(Expertises).docket
    return filed(docket, asked, lambda: _opened(call, asked), partial(_expertise_view, call))


def _opened(call: Call, asked: ExpertiseApplication) -> Case[Expertise]:
    state = call.tenant.state(Expertises)
    organization_of(call, asked.inn, asked.ogrn)
    if asked.regulation not in REGULATIONS:
        message = f"Технический регламент: ожидается один из {', '.join(REGULATIONS)}"
        raise Refusal(422, "no-such-regulation", message, field="regulation")
    calendar = call.tenant.clock.calendar
    due_us = calendar.deadline_working_days(call.now_us, EXPERTISE_WORKING_DAYS)
    falsely = call.hit("false_refusal")
    expertise = Expertise(asked.product, asked.regulation, asked.years, falsely)
    case = state.docket.open(call, asked, expertise, "Образцы приняты", due_us)
    if not call.hit("lost_case"):
        state.examine(case, call.now_us)
    return case


@service.get("/v1/expertises")
def expertises(call: Call) -> Answer:
    """Expertises of the organization of parameter `inn`."""
    cases = call.tenant.state(Expertises).docket.of(asked_organization(call).inn)
    return json_answer({"expertises": [_expertise_view(call, case) for case in cases]})


@service.get("/v1/expertises/{number}")
def expertise(call: Call) -> Answer:
    """Where an expertise stands."""
    case = call.tenant.state(Expertises).docket.case(call.values["number"])
    return json_answer(_expertise_view(call, case))


@service.get("/v1/expertises/{number}/protocol")
def protocol(call: Call) -> Answer:
    """The protocol of tests as a PDF; Refusal 409 before there is a result."""
    case = call.tenant.state(Expertises).docket.case(call.values["number"])
    case.require("conforming", "non_conforming")
    ended = call.tenant.clock.calendar.date(case.history[-1].at_us)
    lines = (
        f"Протокол испытаний № {case.number}",
        f"Заявитель: ИНН {case.inn}",
        f"Продукция: {case.subject.product}",
        f"Регламент: {case.subject.regulation}",
        f"Результат: {STATES.titles[case.state]}",
        f"Дата: {printed_date(ended)}",
    )
    return Answer(200, file_content("pdf", lines), "application/pdf")


def _expertise_view(call: Call, case: Case[Expertise]) -> dict[str, Any]:
    return {
        **case.view(call.tenant, call.now_us),
        "product": case.subject.product,
        "regulation": case.subject.regulation,
        "certificate": case.subject.certificate,
        "declaration": case.subject.declaration,
    }


# --- the registry


@service.get("/v1/certificates")
def search(call: Call) -> Answer:
    """Entries by `number`, or those of the organization of `inn`."""
    registry = call.tenant.state(Expertises).certificates
    return json_answer({"certificates": asked_entries(call, registry)})


@service.get("/v1/certificates/{id}")
def certificate(call: Call) -> Answer:
    """One entry."""
    return json_answer(_certificate(call).view(call.tenant, call.now_us))


@service.post("/v1/certificate-checks")
def check_certificate(call: Call) -> Answer:
    """Is what an organization uploads still what the registry says: which fields differ."""
    asked = call.request.read(CertificateCheck)
    found = call.tenant.state(Expertises).certificates.by_number(asked.number)
    if found is None:
        return json_answer({"result": "not_found", "differs": [], "status": None})
    differs = [
        name
        for name in ("inn", "product", "valid_until")
        if getattr(asked, name) != getattr(found, name)
    ]
    actual = not differs and found.state == "active"
    result = "actual" if actual else "outdated"
    return json_answer({"result": result, "differs": differs, "status": found.state})


@service.post("/v1/declarations")
def declare(call: Call) -> Answer:
    """Register a declaration on the ground of one's own conforming expertise: 201, or 200 for a
    repetition."""
    asked = call.request.read(Declaration)
    state = call.tenant.state(Expertises)
    organization = organization_of(call, asked.inn, asked.ogrn)
    case = state.docket.case(asked.expertise)
    if case.inn != asked.inn:
        message = "Экспертиза выполнена для другого заявителя"
        raise Refusal(403, "foreign-expertise", message, field="expertise")
    case.require("conforming")
    calendar = call.tenant.clock.calendar
    if case.subject.declaration is not None:
        known = state.certificates.by_id(case.subject.declaration)
        if known is None or known.valid_until != years_after(
            calendar, calendar.midnight(known.valid_from), asked.years
        ):
            message = f"По экспертизе {case.number} декларация уже зарегистрирована"
            raise Refusal(409, "already-declared", message, field="expertise")
        return json_answer(known.view(call.tenant, call.now_us))
    if not in_force(organization):
        message = f"Заявитель: {standing_of(organization)}"
        raise Refusal(422, "organization-not-active", message, field="inn")
    declaration = state.certificates.issue(
        organization,
        "declaration",
        case.subject.product,
        case.subject.regulation,
        years_after(calendar, call.now_us, asked.years),
        case.number,
        call.now_us,
    )
    case.subject.declaration = declaration.id
    return json_answer(declaration.view(call.tenant, call.now_us), 201)


def _certificate(call: Call) -> Certificate:
    found = call.tenant.state(Expertises).certificates.by_id(call.values["id"])
    if found is None:
        raise Refusal(404, "no-such-certificate", f"Записи {call.values['id']} в реестре нет")
    return found


def _move(call: Call, certificate: Certificate, state: str, reason: str) -> None:
    call.tenant.state(Expertises).certificates.move(certificate, state, call.now_us, reason)


add_orders(service, "/v1/certificates/{id}", _certificate, _move)

"""Licensing bodies: applications with a set of documents, decisions, the registry of licences.

Bodies get applications through СМЭВ in messages of their own; these REST paths and names are ours.
States, terms and numbers follow 99-ФЗ.
"""

import datetime as dt
from functools import partial
from typing import Any, Final

from mocks.case_work.applicants import asked_organization, organization_of
from mocks.case_work.attachments import DocumentSet, Supplement, formats_of
from mocks.case_work.cases import Case
from mocks.case_work.entry_routes import add_orders, asked_entries
from mocks.case_work.filing import filed
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.licence_registry.licences import Licence
from mocks.licence_registry.registry import LicenceRegistry
from mocks.licensing.applications import Application, LicenceApplication
from mocks.licensing.examination import SERVICE, Licensing
from mocks.licensing.kinds import Requirements, requirements_of
from world.dates import anniversary
from world.documents import printed_date
from world.file_formats import file_content

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "lost_case": "заявление принято, но до исполнителя не доходит: срок решения истекает",
        "false_refusal": "в лицензии отказано, хотя оснований для отказа нет (OPS-07)",
        "stale_registry": "реестр лицензий показывает состояние суточной давности",
    },
    begin=lambda tenant: tenant.state(LicenceRegistry),
    most_body=32 * 2**20,  # a set of files of up to 5 MB (DOC-01), in Base64
)

# --- applications


@service.get("/v1/kinds")
def kinds(call: Call) -> Answer:
    """Kinds of licences and permits, with the documents each asks for."""
    return json_answer(
        {
            "kinds": [
                {
                    "kind": kind,
                    "longest_years": requirements_of(kind).longest_years,
                    "documents": [
                        {"kind": code, "title": title}
                        for code, title in requirements_of(kind).documents.items()
                    ],
                }
                for kind in call.tenant.policy.texts("APP-09.kinds")
            ]
        }
    )


@service.post("/v1/applications")
def apply(call: Call) -> Answer:
    """File an application: 201 with the notice, 200 with the same case for a repetition."""
    asked = call.request.read(LicenceApplication)
    docket = call.tenant.state(Licensing).docket
    return filed(docket, asked, lambda: _opened(call, asked), partial(_case_view, call))


def _opened(call: Call, asked: LicenceApplication) -> Case[Application]:
    licensing = call.tenant.state(Licensing)
    organization_of(call, asked.inn, asked.ogrn)
    if asked.kind not in call.tenant.policy.texts("APP-09.kinds"):
        raise Refusal(422, "no-such-kind", f"Нет вида лицензии «{asked.kind}»", field="kind")
    _check_term(call, asked, requirements_of(asked.kind))
    application = Application(
        kind=asked.kind,
        head_name=asked.head_name,
        activity=asked.activity,
        valid_until=asked.valid_until,
        renews=asked.renews,
        documents=DocumentSet(formats_of(asked.documents)),
        false_refusal=call.hit("false_refusal"),
    )
    case = licensing.docket.open(call, asked, application, "Заявление поступило")
    licensing.check_set(case, call)
    return case


@service.post("/v1/applications/{number}/documents")
def supplement(call: Call) -> Answer:
    """Bring what is missing; a complete set goes into examination (APP-03)."""
    asked = call.request.read(Supplement)
    licensing = call.tenant.state(Licensing)
    case = licensing.docket.case(call.values["number"])
    if not case.subject.documents.repeats(asked):
        case.require("awaiting_documents")
        case.subject.documents.take(asked)
        licensing.check_set(case, call)
    return json_answer(_case_view(call, case))


@service.get("/v1/applications")
def applications(call: Call) -> Answer:
    """Cases of the organization of parameter `inn`."""
    organization = asked_organization(call)
    cases = call.tenant.state(Licensing).docket.of(organization.inn)
    return json_answer({"applications": [_case_view(call, case) for case in cases]})


@service.get("/v1/applications/{number}")
def application(call: Call) -> Answer:
    """Where a case stands."""
    case = call.tenant.state(Licensing).docket.case(call.values["number"])
    return json_answer(_case_view(call, case))


def _check_term(call: Call, asked: LicenceApplication, requirements: Requirements) -> None:
    today = call.tenant.clock.calendar.date(call.now_us)
    if requirements.longest_years is None:
        if asked.valid_until is not None or asked.renews is not None:
            message = f"Лицензия вида «{asked.kind}» бессрочна"
            raise Refusal(422, "no-term", message, field="valid_until")
        return
    latest = anniversary(today, requirements.longest_years) - dt.timedelta(days=1)
    if asked.valid_until is None or not today < asked.valid_until <= latest:
        message = f"Срок действия: дата после {today} и не позже {latest}"
        raise Refusal(422, "bad-term", message, field="valid_until")


def _case_view(call: Call, case: Case[Application]) -> dict[str, Any]:
    application = case.subject
    return {
        **case.view(call.tenant, call.now_us),
        "kind": application.kind,
        "missing": application.missing,
        "reasons": application.reasons,
        "licence": application.licence,
    }


# --- the registry


@service.get("/v1/licences")
def search(call: Call) -> Answer:
    """Entries by `number`, or those of the organization of `inn`."""
    registry = call.tenant.state(Licensing).registry
    return json_answer({"licences": asked_entries(call, registry)})


@service.get("/v1/licences/{serial}")
def licence(call: Call) -> Answer:
    """One entry."""
    return json_answer(_licence(call).view(call.tenant, call.now_us))


@service.get("/v1/licences/{serial}/document")
def document(call: Call) -> Answer:
    """The licence as a PDF: as it stands today."""
    found = _licence(call)
    holder = call.tenant.records.known_organization(found.organization)
    if holder is None:
        raise Refusal(404, "no-such-organization", f"ИНН {found.inn} нет в реестрах")
    term = "бессрочно"
    if found.valid_until is not None:
        term = f"по {printed_date(found.valid_until)} включительно"
    lines = (
        f"Выписка из реестра лицензий № {found.number}",
        f"Вид: {found.kind}",
        f"Лицензиат: {holder.short_name}",
        f"ИНН {holder.inn}, ОГРН {holder.ogrn}",
        f"Деятельность: {found.activity}",
        f"Предоставлена {printed_date(found.valid_from)}, действует {term}",
        f"Статус: {found.states.titles[found.state]}",
    )
    name = f'attachment; filename="licence-{found.serial}.pdf"'
    pdf = file_content("pdf", lines)
    return Answer(200, pdf, "application/pdf", (("Content-Disposition", name),))


def _licence(call: Call) -> Licence:
    found = call.tenant.state(Licensing).registry.by_serial(call.values["serial"])
    if found is None:
        message = f"Лицензии с номером {call.values['serial']} в реестре нет"
        raise Refusal(404, "no-such-licence", message)
    return found


def _move(call: Call, licence: Licence, state: str, reason: str) -> None:
    call.tenant.state(Licensing).registry.move(licence, state, call.now_us, reason)


add_orders(service, "/v1/licences/{serial}", _licence, _move)

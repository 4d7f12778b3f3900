"""The routes of the taxpayer's cabinet: the portal's under `/v1`, the taxpayer's under `/lk`."""

from functools import partial
from typing import Any, Final

from mocks.case_work.applicants import STANDINGS, check_numbers
from mocks.case_work.cases import Case
from mocks.case_work.filing import filed
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.inboxes import Message
from mocks.core.moments import moment
from mocks.core.service import Call, Handler, Service
from mocks.core.tenant import Tenant
from mocks.extracts.offices import tax_office, tax_office_code
from mocks.tax_cabinet.consents import (
    LOST_CONFIRMATION,
    AccessRequest,
    Consent,
    Consents,
    Decision,
)
from world.records import Organization

__all__ = ["service"]

service: Final = Service(
    "tax_cabinet",
    own_faults={
        "status_lag": "статус запроса доступа отстаёт: портал видит прежний (OPS-07)",
        "false_absence": "организация есть в реестре, а кабинет её не находит (OPS-07)",
        LOST_CONFIRMATION: "подтверждение в кабинете теряется: запрос всё ещё ждёт",
        "maintenance": "кабинет закрыт на технические работы: налогоплательщик не может войти",
    },
    most_body=65_536,
)

_MAINTENANCE_S: Final = 3600  # assumption


# --- the portal's side


@service.post("/v1/access-requests")
def ask_for_access(call: Call) -> Answer:
    """Ask for access to an organization's tax services; the same request again asks no
    second time; Refusal 422 if it is closed."""
    request = call.request.read(AccessRequest)
    consents = call.tenant.state(Consents)
    view = partial(_shown, consents)
    return filed(consents.docket, request, lambda: _asked(call, request), view)


def _asked(call: Call, request: AccessRequest) -> Case[Consent]:
    organization = _organization(call, request.inn, request.ogrn)
    if organization.standing == "liquidated":
        message = f"Организация {STANDINGS['liquidated']}: доступ не открывается"
        raise Refusal(422, "organization-not-active", message, field="inn")
    return call.tenant.state(Consents).ask(call, request, organization)


@service.get("/v1/access-requests/{number}")
def show_access(call: Call) -> Answer:
    """What has become of a request."""
    consents = call.tenant.state(Consents)
    case = consents.docket.case(call.values["number"])
    earlier = case.subject.shown
    if earlier is not None and call.hit("status_lag"):
        return json_answer(earlier)
    return json_answer(_shown(consents, case))


@service.get("/v1/organizations/{inn}")
def show_organization(call: Call) -> Answer:
    """`?access_request=`: what the cabinet shows of an organization that has given access."""
    organization = _organization(call, call.values["inn"])
    number = call.request.parameter("access_request")
    if number is None:
        message = "Нужен параметр access_request"
        raise Refusal(400, "no-access-request", message, field="access_request")
    call.tenant.state(Consents).open_for(number, organization.inn, "registration")
    return json_answer(_card(call.tenant, organization))


service.get("/v1/events")(feed_page)


# --- the taxpayer's side


@service.get("/lk/{person}/messages")
def show_messages(call: Call) -> Answer:
    """What ФНС has sent to the person."""
    _check_open(call)
    person = call.tenant.records.person_by_inn(call.values["person"])
    if person is None:
        raise Refusal(404, "no-such-person", "Налогоплательщика с таким ИНН нет")
    return json_answer(_messages(call.tenant, person.inn))


@service.get("/lk/{person}/organizations/{inn}/messages")
def show_organization_messages(call: Call) -> Answer:
    """What ФНС has sent to the person's organization."""
    return json_answer(_messages(call.tenant, _headed(call).inn))


@service.get("/lk/{person}/organizations/{inn}/access-requests")
def show_requests(call: Call) -> Answer:
    """Requests of access to the person's organization, oldest first."""
    consents = call.tenant.state(Consents)
    cases = consents.docket.of(_headed(call).inn)
    return json_answer({"access_requests": [consents.view(case) for case in cases]})


def _decision(decision: Decision) -> Handler:
    def decide(call: Call) -> Answer:
        organization = _headed(call)
        consents = call.tenant.state(Consents)
        case = consents.docket.case(call.values["number"])
        if case.inn != organization.inn:
            message = f"Запроса {case.number} у этой организации нет"
            raise Refusal(404, "no-such-case", message)
        consents.decide(call, case, decision)
        return json_answer(consents.view(case))

    return decide


_REQUEST: Final = "/lk/{person}/organizations/{inn}/access-requests/{number}"
service.post(f"{_REQUEST}/confirmation")(_decision("confirmation"))
service.post(f"{_REQUEST}/refusal")(_decision("refusal"))
service.post(f"{_REQUEST}/revocation")(_decision("revocation"))


def _shown(consents: Consents, case: Case[Consent]) -> dict[str, Any]:
    case.subject.shown = consents.view(case)
    return case.subject.shown


def _organization(call: Call, inn: str, ogrn: str | None = None) -> Organization:
    """The organization of these numbers; Refusal 404 advises what to check (BND-13)."""
    check_numbers(inn, ogrn)
    organization = call.tenant.records.organization_by_inn(inn)
    found = organization is not None and ogrn in (None, organization.ogrn)
    if organization is None or not found or call.hit("false_absence"):
        message = "Организации нет в реестре: сверьте ИНН и ОГРН и посмотрите её статус в ФНС"
        raise Refusal(404, "no-such-organization", message, field="inn")
    return organization


def _headed(call: Call) -> Organization:
    """The organization of the path if the person of the path is its head; Refusal 403, 404."""
    _check_open(call)
    records = call.tenant.records
    person = records.person_by_inn(call.values["person"])
    organization = records.organization_by_inn(call.values["inn"])
    if person is None or organization is None:
        raise Refusal(404, "no-such-taxpayer", "Такого налогоплательщика нет")
    if organization.head.person != person.index:
        message = "Кабинет организации открыт только её руководителю"
        raise Refusal(403, "not-head", message)
    return organization


def _check_open(call: Call) -> None:
    if call.hit("maintenance"):
        message = "В кабинете ведутся технические работы"
        raise Refusal(503, "maintenance", message, retry_after_s=_MAINTENANCE_S)


def _messages(tenant: Tenant, inn: str) -> dict[str, Any]:
    return {"messages": [_message(tenant, message) for message in tenant.inboxes.of(inn)]}


def _message(tenant: Tenant, message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "at": moment(tenant, message.delivered_us),
        "sender": message.sender,
        "subject": message.subject,
        "text": message.text,
    }


def _card(tenant: Tenant, organization: Organization) -> dict[str, Any]:
    head = tenant.records.person(organization.head.person)
    return {
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "kpp": organization.kpp,
        "full_name": organization.full_name,
        "short_name": organization.short_name,
        "standing": organization.standing,
        "standing_title": STANDINGS[organization.standing],
        "registered": organization.registered.isoformat(),
        "closed": None if organization.closed is None else organization.closed.isoformat(),
        "address": str(organization.address),
        "head": {
            "name": str(head.name),
            "inn": head.inn,
            "position": organization.head.position,
            "since": organization.head.since.isoformat(),
        },
        "okved": list(organization.okved),
        "tax_office": tax_office(tax_office_code(organization)),
    }

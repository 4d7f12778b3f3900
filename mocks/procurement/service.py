"""Procurement: accreditation, notices of tenders, signed documents with receipts.

Terms are those of 44-ФЗ, containers those of RFC 5652; the real ЕИС takes packages of its own XML,
these paths and names are ours.
"""

from functools import partial
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from mocks.case_work.applicants import Submission, asked_organization, organization_of
from mocks.case_work.cases import Case
from mocks.case_work.filing import filed
from mocks.case_work.signed_documents import SignedDocument, SignedDocuments, receipt_of, taken
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.procurement.notices import SERVICE, Notices
from mocks.procurement.participants import (
    REGISTRATION_WORKING_DAYS,
    Accreditation,
    Participants,
    may_bid,
)
from world.records import Organization

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "receipt_lost": "документ принят, но квитанция не выдана: отправитель должен повторить",
        "false_refusal": "верный контейнер подписи отвергается (OPS-07)",
        "stale_accreditation": "новая аккредитация ещё не видна: заявка участника отклоняется",
    },
    most_body=32 * 2**20,  # a document of up to 20 MB (DOC-04), in Base64
)


class AccreditationApplication(Submission):
    """An organization that wants to take part in procurement."""

    e_mail: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]


# --- accreditation


@service.post("/v1/accreditations")
def apply(call: Call) -> Answer:
    """Apply for accreditation: 201 with a case, 200 with the same case for a repetition."""
    asked = call.request.read(AccreditationApplication)
    docket = call.tenant.state(Participants).docket
    return filed(docket, asked, lambda: _opened(call, asked), partial(_case_view, call))


def _opened(call: Call, asked: AccreditationApplication) -> Case[Accreditation]:
    state = call.tenant.state(Participants)
    organization_of(call, asked.inn, asked.ogrn)
    calendar = call.tenant.clock.calendar
    due_us = calendar.deadline_working_days(call.now_us, REGISTRATION_WORKING_DAYS)
    case = state.docket.open(call, asked, Accreditation(asked.e_mail), "Заявка принята", due_us)
    state.examine(case, call.now_us)
    return case


@service.get("/v1/accreditations/{number}")
def accreditation(call: Call) -> Answer:
    """Where an application stands."""
    case = call.tenant.state(Participants).docket.case(call.values["number"])
    return json_answer(_case_view(call, case))


@service.get("/v1/participants")
def participant(call: Call) -> Answer:
    """The entry of the organization of parameter `inn`."""
    organization = asked_organization(call)
    found = call.tenant.state(Participants).of(organization.index)
    shown = [] if found is None else [found.view(call.tenant, call.now_us)]
    return json_answer({"participants": shown})


def _case_view(call: Call, case: Case[Accreditation]) -> dict[str, Any]:
    shown = case.view(call.tenant, call.now_us)
    return {**shown, "e_mail": case.subject.e_mail, "participant": case.subject.participant}


# --- notices


@service.get("/v1/notices")
def notices(call: Call) -> Answer:
    """Notices of tenders, as events."""
    call.tenant.state(Notices)
    return feed_page(call)


# --- signed documents


class ProcurementDocument(SignedDocument):
    """What goes to procurement: bids for tenders, contracts, documents for registration."""

    kind: Literal["bid", "contract", "registration", "complaint"]


@service.post("/v1/documents")
def receive(call: Call) -> Answer:
    """Take a signed document (EDI-03): 201 with a receipt, 200 with the same receipt for the same
    document again, 409 for another one under its id."""
    document = call.request.read(ProcurementDocument)

    def check(organization: Organization) -> None:
        if call.hit("false_refusal"):
            message = "Подпись — не контейнер CMS SignedData в DER"
            raise Refusal(422, "bad-signature-container", message, field="signature")
        if document.kind == "bid":
            _check_bid(call, document, organization)

    answer = taken(call, call.tenant.state(SignedDocuments), document, check)
    if answer.status == 201 and call.hit("receipt_lost"):
        raise Refusal(500, "receipt-lost", "Внутренняя ошибка при выдаче квитанции")
    return answer


@service.get("/v1/documents")
def receipts(call: Call) -> Answer:
    """Receipts of the organization of parameter `inn`."""
    found = call.tenant.state(SignedDocuments).of(asked_organization(call).inn)
    return json_answer({"documents": [one.view(call.tenant) for one in found]})


@service.get("/v1/documents/{document_id}/receipt")
def receipt(call: Call) -> Answer:
    """The receipt of a document of the organization of parameter `inn`."""
    return receipt_of(call, call.tenant.state(SignedDocuments))


def _check_bid(call: Call, document: SignedDocument, organization: Organization) -> None:
    """A bid names a tender that still takes bids, and its sender may bid."""
    found = call.tenant.state(Participants).of(organization.index)
    today = call.tenant.clock.calendar.date(call.now_us)
    if found is None or not may_bid(found, today) or call.hit("stale_accreditation"):
        message = "Отправитель не аккредитован или срок аккредитации на исходе"
        raise Refusal(403, "not-accredited", message, field="inn")
    notice = call.tenant.state(Notices).by_number(document.notice or "")
    if notice is None:
        raise Refusal(422, "no-such-notice", "Извещения с таким номером нет", field="notice")
    if call.now_us > notice.bids_until_us:
        message = "Срок подачи заявок истёк"
        raise Refusal(422, "bids-closed", message, field="notice")

"""Signed documents that the portal sends on to the tax service by itself (EDI-03)."""

from typing import Literal

from mocks.case_work.applicants import in_force, standing_of
from mocks.case_work.signed_documents import SignedDocument, SignedDocuments, receipt_of, taken
from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from world.records import Organization

__all__ = ["TaxDocuments", "receive_document", "show_receipt"]


class TaxDocument(SignedDocument):
    """What goes to the tax service: explanations, answers to demands."""

    kind: Literal["tax"]


class TaxDocuments(SignedDocuments):
    """Those of a tenant, apart from the documents of other services."""


def receive_document(call: Call) -> Answer:
    """Take a signed document: 201 with a receipt, 200 with the same for the same document again,
    409 for another one under its id, 403 from who is no taxpayer any more."""
    document = call.request.read(TaxDocument)
    return taken(call, call.tenant.state(TaxDocuments), document, _check_sender)


def show_receipt(call: Call) -> Answer:
    """The receipt of a document of the organization of parameter `inn`."""
    return receipt_of(call, call.tenant.state(TaxDocuments))


def _check_sender(organization: Organization) -> None:
    if not in_force(organization):
        message = f"Отправитель снят с учёта: {standing_of(organization)}"
        raise Refusal(403, "not-a-taxpayer", message, field="inn")

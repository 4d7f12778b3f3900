"""The routes of ФНС."""

from typing import Final

from mocks.case_work.verification import OWN_FAULTS
from mocks.case_work.verification_routes import add_verification
from mocks.core.feed_page import feed_page
from mocks.core.service import Service
from mocks.fns import (
    audits,
    authority,
    documents,
    inquiries,
    people,
    reports,
    requisites,
    settlements,
)
from mocks.fns.registration import Registration, RegistrationChecks

__all__ = ["service"]

service: Final = Service(
    "fns",
    works=True,
    own_faults={
        **OWN_FAULTS,
        reports.LATE_RECEIPT: "квитанция о приёме отчёта приходит на сутки позже",
        settlements.STALE_SETTLEMENT: "статус расчётов отстаёт на сутки: платежи ещё не видны",
    },
    hosts=("service.nalog.ru",),
    most_body=32 * 2**20,  # a document of up to 20 MB (DOC-04), in Base64
)

add_verification(service, RegistrationChecks, Registration)
service.get("/v1/events")(feed_page)
service.post("/v1/person-checks")(people.check_person)
service.post("/v1/account-checks")(requisites.check_account)
service.post("/v1/address-checks")(requisites.check_address)
service.post("/v1/reports")(reports.file_report)
service.get("/v1/reports/{number}")(reports.show_report)
service.get("/v1/reports/{number}/papers/{state}")(reports.show_paper)
service.post("/v1/documents")(documents.receive_document)
service.get("/v1/documents/{document_id}/receipt")(documents.show_receipt)
service.get("/v1/settlements")(settlements.show_settlement)
service.post("/v1/payments")(settlements.record_payment)
service.get("/v1/audit-notices")(audits.show_notices)
service.post("/v1/authority-codes")(authority.send)
service.get("/v1/authority-codes/{number}")(authority.show)
service.post("/v1/authority-codes/{number}/confirmation")(authority.confirm)
service.post("/v1/inquiries")(inquiries.ask)
service.get("/v1/inquiries/{number}")(inquiries.show)
service.post("/inn-proc.do")(people.find_inn_at_once)
service.post("/inn-new-proc.do")(people.find_inn)
service.post("/inn-new-proc.json")(people.find_inn)

"""The routes of ПФР."""

from typing import Final

from mocks.case_work.verification import FALSE_REFUSAL, OWN_FAULTS
from mocks.case_work.verification_routes import add_verification
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.person_match import NamedPerson, verdict
from mocks.core.service import Call, Service
from mocks.pfr import certificates
from mocks.pfr.insurers import Insurer, InsurerChecks
from world.identifiers import is_valid_snils

__all__ = ["service"]

service: Final = Service(
    "pfr",
    works=True,
    own_faults={
        **OWN_FAULTS,
        certificates.LATE_CERTIFICATE: "справка о регистрации опаздывает ещё на один срок",
    },
    most_body=65_536,
)


class SnilsCheck(NamedPerson):
    """Whose СНИЛС it is said to be; 11 digits without hyphens."""

    snils: str


def check_snils(call: Call) -> Answer:
    """Whether name, birth date and СНИЛС are one person's; Refusal 422 for a wrong check number."""
    asked = call.request.read(SnilsCheck)
    if not is_valid_snils(asked.snils):
        message = "СНИЛС: ожидается 11 цифр с верным контрольным числом"
        raise Refusal(422, "bad-snils", message, field="snils")
    holder = call.tenant.records.person_by_snils(asked.snils)
    if holder is not None and call.hit(FALSE_REFUSAL):
        holder = None
    nobodys, confirmed = "СНИЛС никому не присвоен", "СНИЛС принадлежит этому лицу"
    return json_answer(verdict(asked, holder, nobodys, confirmed))


add_verification(service, InsurerChecks, Insurer)
service.get("/v1/events")(feed_page)
service.post("/v1/snils-checks")(check_snils)
service.post("/v1/registration-certificates")(certificates.order)
service.get("/v1/registration-certificates/{number}")(certificates.show)
service.get("/v1/registration-certificates/{number}/document")(certificates.show_document)

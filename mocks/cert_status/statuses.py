"""The same in JSON, for tests and people."""

from mocks.cert_status.issuers import asked_issuer
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.pki.authorities import Authorities
from mocks.pki.issued import SERIAL
from signatures.revocation import Revocation

__all__ = ["show_status"]


def show_status(call: Call) -> Answer:
    """What OCSP says now of the certificate with that serial number, without its faults."""
    key, serial = asked_issuer(call), call.values["serial"].lower()
    if not SERIAL.fullmatch(serial):
        message = "Серийный номер: от 1 до 40 шестнадцатеричных цифр"
        raise Refusal(422, "bad-serial", message, field="serial")
    status = call.tenant.state(Authorities).status(key, int(serial, 16), call.now_us)
    if not isinstance(status, Revocation):
        return json_answer({"serial": serial, "status": status, "since": None, "reason": None})
    since = moment(call.tenant, call.tenant.clock.calendar.instant(status.at))
    return json_answer(
        {"serial": serial, "status": "revoked", "since": since, "reason": status.reason}
    )

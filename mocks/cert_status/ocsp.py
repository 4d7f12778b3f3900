"""OCSP (RFC 6960): whether certificates work now."""

import base64
from typing import Final

from mocks.cert_status.issuers import asked_issuer
from mocks.core.http import Answer
from mocks.core.service import Call
from mocks.pki.authorities import Authorities
from mocks.pki.forgery import ForgingKey
from mocks.pki.issued import IssuerKey
from signatures import der
from signatures.certificates import Issuer
from signatures.keys import SigningKey
from signatures.revocation import (
    Asked,
    CertificateStatus,
    StatusRequest,
    status_refusal,
    status_request,
    status_response,
)
from world.microseconds import DAY_US, HOUR_US

__all__ = ["ANSWER_LIFETIME_US", "OWN_FAULTS", "answer_get", "answer_post"]

STALE: Final = "stale_ocsp"
UNKNOWN: Final = "ocsp_unknown"
LATER: Final = "ocsp_try_later"
FORGED: Final = "forged_ocsp"
NONCE: Final = "ocsp_wrong_nonce"
OWN_FAULTS: Final = {
    STALE: "ответ OCSP вчерашний: срок его действия прошёл",
    UNKNOWN: "OCSP не знает ни одного сертификата (unknown)",
    LATER: "OCSP просит повторить позже (tryLater)",
    FORGED: "подпись ответа OCSP неверна",
    NONCE: "в ответе OCSP не то случайное число (nonce), что в запросе",
}

ANSWER_LIFETIME_US: Final = HOUR_US
"""Assumption: an answer may be kept for an hour."""

_OTHER_NONCE: Final = der.octets(der.octets(bytes(16)))


def answer_post(call: Call) -> Answer:
    """A request in the body."""
    return _answer(_response(call, call.request.body))


def answer_get(call: Call) -> Answer:
    """A request in the path, Base64 (RFC 6960, A.1)."""
    try:
        content = base64.b64decode(call.values["request"], validate=True)
    except ValueError:
        content = b""  # which is no request either
    return _answer(_response(call, content))


def _response(call: Call, content: bytes) -> bytes:
    key = asked_issuer(call)
    try:
        request = status_request(content)
    except ValueError:
        return status_refusal("malformed_request")
    if call.hit(LATER):
        return status_refusal("try_later")
    if call.hit(NONCE):
        request = StatusRequest(request.asked, _OTHER_NONCE)
    knows = not call.hit(UNKNOWN)
    now_us = call.now_us - (DAY_US if call.hit(STALE) else 0)
    calendar = call.tenant.clock.calendar
    return status_response(
        _responder(call, key),
        request,
        {each: _status(call, key, each) if knows else "unknown" for each in request.asked},
        calendar.local(now_us),
        calendar.local(now_us + ANSWER_LIFETIME_US),
    )


def _status(call: Call, key: IssuerKey, asked: Asked) -> CertificateStatus:
    authorities = call.tenant.state(Authorities)
    if not asked.is_of(authorities.issuer(*key).certificate):
        return "unknown"
    return authorities.status(key, asked.serial, call.now_us)


def _responder(call: Call, key: IssuerKey) -> Issuer:
    found = call.tenant.state(Authorities).responder(key)
    signing: SigningKey = ForgingKey(found.key) if call.hit(FORGED) else found.key
    return Issuer(certificate=found.certificate, key=signing)


def _answer(response: bytes) -> Answer:
    return Answer(200, response, "application/ocsp-response")

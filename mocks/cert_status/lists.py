"""Lists of revoked certificates (RFC 5280, 5)."""

from typing import Final

from mocks.cert_status.issuers import asked_issuer
from mocks.core.http import Answer
from mocks.core.service import Call
from mocks.pki.authorities import Authorities
from mocks.pki.forgery import forged
from mocks.pki.lists import LIST_LIFETIME_US

__all__ = ["OWN_FAULTS", "show_list"]

STALE: Final = "stale_crl"
FORGED: Final = "forged_crl"
OWN_FAULTS: Final = {
    STALE: "список отозванных позавчерашний: срок следующего обновления прошёл",
    FORGED: "подпись списка отозванных неверна",
}

_STALE_US: Final = 2 * LIST_LIFETIME_US  # how old it is


def show_list(call: Call) -> Answer:
    """The latest list of an authority or a root, DER; its signature is at its end."""
    key = asked_issuer(call)
    at_us = call.now_us - (_STALE_US if call.hit(STALE) else 0)
    content = call.tenant.state(Authorities).revocation_list(key, at_us).dump()
    return Answer(200, forged(content) if call.hit(FORGED) else content, "application/pkix-crl")

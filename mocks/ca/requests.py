"""The request PKCS#10 that comes with an application (CERT-07)."""

import base64
from typing import Final

from mocks.ca.applications import CertificateApplication
from mocks.core.http import Refusal
from signatures.refusals import SignatureRefused
from signatures.signing_requests import requested_key

__all__ = ["requested_spki"]

_CODES: Final = {
    "malformed": "bad-request",
    "algorithm": "wrong-algorithm",
    "weak-key": "weak-key",
    "signature": "bad-signature",
}


def requested_spki(asked: CertificateApplication) -> bytes | None:
    """The public key of the request; None if the authority is to make the key.

    Refusal 422 `no-request` for a token without one, `bad-request`, `wrong-algorithm` (also one
    that is not the application's), `weak-key`, `bad-signature`.
    """
    if asked.csr is None:
        if asked.delivery == "token":
            message = "Ключ на токене создаёт заявитель: нужен запрос PKCS#10"
            raise Refusal(422, "no-request", message, field="csr")
        return None
    try:
        key = requested_key(_decoded(asked.csr))
    except SignatureRefused as refusal:
        raise Refusal(422, _CODES[refusal.code], refusal.message, field="csr") from None
    if key.algorithm != asked.algorithm:
        message = f"Ключ в запросе {key.algorithm}, а в заявке {asked.algorithm}"
        raise Refusal(422, "wrong-algorithm", message, field="csr")
    return key.spki


def _decoded(text: str) -> bytes:
    if text.lstrip().startswith("-----"):
        return text.strip().encode()
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""  # which is no request either

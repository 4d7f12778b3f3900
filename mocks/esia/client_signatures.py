"""`client_secret`: the signature of a system over what it asks for.

The first version is a detached CMS signature over scope, timestamp, client_id and state; the second
one a bare signature by the certificate that `client_certificate_hash` names, over client_id, scope,
scope_org, timestamp, state, redirect_uri and what the request is about.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Final

from mocks.core.service import Call
from mocks.esia.clients import Client, RegisteredCertificate
from mocks.esia.errors import Declined
from mocks.esia.parameters import Parameters, required
from mocks.pki.authorities import Authorities
from signatures import cms, gost
from signatures.certificates import Certificate
from signatures.gost import GostUnavailable
from signatures.keys import from_plain
from signatures.refusals import SignatureRefused

__all__ = ["check_v1", "check_v2"]

_STANDARD: Final = str.maketrans("-_", "+/")
_PLAIN_BYTES: Final = 64  # r||s of P-256


def check_v1(call: Call, client: Client, given: Parameters) -> None:
    """Check a CMS signature, detached or with its content.

    Declined 007014 without one, 007053 for a wrong one or a certificate that is not good, 007005
    for a certificate of somebody else.
    """
    content = "".join(given.get(name, "") for name in ("scope", "timestamp", "client_id", "state"))
    message = _decoded(required(given, "client_secret"))
    try:
        certificate = cms.signed(message, content.encode()).certificate
    except (SignatureRefused, GostUnavailable) as refused:
        raise Declined("007053", _reason(refused)) from None
    if client.by_fingerprint(certificate) is None:
        raise Declined("007005", f"сертификат не зарегистрирован за системой {client.mnemonic}")
    _check_certificate(call, certificate)


def check_v2(
    call: Call,
    client: Client,
    given: Parameters,
    endings: Iterable[str],
    *,
    needs_hash: bool = True,
) -> None:
    """Check a bare signature; what is signed may end with any of `endings`.

    Without `needs_hash` any registered certificate will do. Declined 007014 for a parameter that is
    not there, 007053 for all the rest.
    """
    signature = _decoded(required(given, "client_secret"))
    if needs_hash:
        required(given, "client_certificate_hash")
    names = ("client_id", "scope", "scope_org", "timestamp", "state")
    beginning = "".join(given.get(name, "") for name in names)
    contents = [f"{beginning}{ending}".encode() for ending in endings]
    for certificate in _candidates(client, given):
        if any(_is_signature(signature, content, certificate) for content in contents):
            _check_certificate(call, certificate.certificate)
            return
    raise Declined("007053", "подпись не соответствует параметрам запроса")


def _candidates(client: Client, given: Parameters) -> Sequence[RegisteredCertificate]:
    named = given.get("client_certificate_hash")
    if not named:
        return client.certificates
    found = client.by_hash(named)
    if found is None:
        raise Declined("007053", "client_certificate_hash — не от сертификата этой системы")
    return [found]


def _is_signature(signature: bytes, content: bytes, certificate: RegisteredCertificate) -> bool:
    return any(
        certificate.key.verify(form, content)
        for form in _forms(signature, certificate.key.algorithm)
    )


def _forms(signature: bytes, algorithm: str) -> Iterable[bytes]:
    """The signature in the form of certificates, whichever of its forms it has come in."""
    yield signature
    if algorithm == "gost" and len(signature) == gost.SIGNATURE_BYTES:
        yield signature[::-1]  # as КриптоПро CSP gives it
    if algorithm == "ecc" and len(signature) == _PLAIN_BYTES:
        yield from_plain(signature)


def _check_certificate(call: Call, certificate: Certificate) -> None:
    try:
        call.tenant.state(Authorities).check(certificate, call.now_us)
    except (SignatureRefused, GostUnavailable) as refused:
        raise Declined("007053", _reason(refused)) from None


def _reason(refused: SignatureRefused | GostUnavailable) -> str:
    if isinstance(refused, SignatureRefused):
        return refused.message
    return "ГОСТ на этой машине недоступен"


def _decoded(text: str) -> bytes:
    """Bytes of base64, with either alphabet, padded or not."""
    plain = text.translate(_STANDARD).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Declined("007053", "client_secret: ожидается base64url") from None

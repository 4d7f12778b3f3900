"""Whose message it is, by its signature; and the signatures that СМЭВ and its registries make."""

import base64
from typing import Final

from lxml import etree

from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.pki.authorities import Authorities
from mocks.smev.errors import SignatureProblem, SmevError, invalid_content, unsigned
from mocks.smev.participants import Participant, Participants
from mocks.smev.settings import Settings
from signatures import cms, xmldsig
from signatures.canonical_xml import canonical
from signatures.certificates import Certificate
from signatures.gost import GostUnavailable
from signatures.refusals import SignatureRefused
from signatures.smev_transform import transformed

__all__ = [
    "FAULTS",
    "check_attachment",
    "check_signable",
    "sign_answer",
    "sign_as",
    "sign_bytes",
    "signer_of_bytes",
    "signer_of_element",
]

FAULTS: Final = {
    "signature_refused": "верная подпись объявляется неверной: SMEV-100 (OPS-07)",
    "wrong_signature": "подпись СМЭВ под ответом не подходит к нему",
}
"""Faults of signatures."""

SMEV: Final = "SMEV"
"""The information system that СМЭВ signs as."""

_PROBLEMS: Final[dict[str, SignatureProblem]] = {
    "expired": "CertificateIsExpired",
    "not-yet-valid": "CertificateIsExpired",
    "no-certificate": "CertificateIsNotFound",
    "revoked": "CertificateIsNotFound",
    "on-hold": "CertificateIsNotFound",
    "unknown-root": "CertificateIsNotFound",
    "status-unknown": "CertificateIsNotFound",
    "wrong-usage": "CertificateIsNotFound",
}
"""What refused certificates are called; a signature that does not fit is SignatureIsInvalid."""

_REFERENCE: Final = f"{{{xmldsig.NAMESPACE}}}SignedInfo/{{{xmldsig.NAMESPACE}}}Reference"


def signer_of_element(
    call: Call, target: etree._Element, signature: etree._Element | None
) -> Participant:
    """Who has signed `target`. SmevError SignatureVerificationFault, SenderIsNotRegistered."""
    if signature is None:
        raise unsigned("NoSignatureFound", "Отсутствует ЭП-ОВ")
    reference = signature.find(_REFERENCE)
    if reference is not None and reference.get("URI") != f"#{target.get('Id')}":
        raise unsigned("IncorrectSignatureTarget", "ЭП-ОВ подписывает не ту часть сообщения")
    try:
        certificate = xmldsig.signed(signature, target, xmldsig.SMEV).certificate
        return _participant(call, certificate)
    except (SignatureRefused, GostUnavailable) as refusal:
        raise _fault(refusal) from None


def signer_of_bytes(call: Call, data: bytes, signature: bytes | None) -> Participant:
    """Who has signed `data` with a detached PKCS#7; SmevError as above."""
    if signature is None:
        raise unsigned("NoSignatureFound", "Отсутствует ЭП-ОВ")
    try:
        return _participant(call, cms.signed(signature, data).certificate)
    except (SignatureRefused, GostUnavailable) as refusal:
        raise _fault(refusal) from None


def check_attachment(tenant: Tenant, content: bytes, signature: bytes) -> None:
    """Refuse a file whose PKCS#7 is not good; whoever in the country may have signed it.

    SmevError SignatureVerificationFault.
    """
    try:
        certificate = cms.signed(signature, content).certificate
        tenant.state(Authorities).check(certificate, tenant.now_us)
    except (SignatureRefused, GostUnavailable) as refusal:
        raise _fault(refusal) from None


def check_signable(element: etree._Element) -> None:
    """Refuse what СМЭВ could not sign when it hands it on; SmevError InvalidContent."""
    try:
        transformed(canonical(element))
    except ValueError as error:
        raise invalid_content(f"СМЭВ не может это подписать: {error}") from None


def sign_answer(call: Call, element: etree._Element) -> etree._Element:
    """СМЭВ's signature over `element` of its answer to `call`."""
    tenant = call.tenant
    signature = sign_as(tenant, SMEV, element)
    if call.hit("wrong_signature"):
        value = signature.find(f"{{{xmldsig.NAMESPACE}}}SignatureValue")
        assert value is not None  # xmldsig makes it
        octets = bytearray(base64.b64decode(value.text or ""))
        octets[-1] ^= 1
        value.text = base64.b64encode(octets).decode()
    return signature


def sign_as(tenant: Tenant, mnemonic: str, element: etree._Element) -> etree._Element:
    """The signature of an information system over `element`, which has an Id."""
    identity = tenant.state(Authorities).identity(mnemonic, tenant.state(Settings).algorithm)
    return xmldsig.sign(element, identity.key, identity.certificate, xmldsig.SMEV)


def sign_bytes(call: Call, data: bytes) -> bytes:
    """СМЭВ's detached PKCS#7 over an answer of the JSON face."""
    tenant = call.tenant
    identity = tenant.state(Authorities).identity(SMEV, tenant.state(Settings).algorithm)
    signed = data + b" " if call.hit("wrong_signature") else data
    at = tenant.clock.calendar.local(call.now_us)
    return cms.sign(signed, identity.key, identity.certificate, at=at)


def _participant(call: Call, certificate: Certificate) -> Participant:
    tenant = call.tenant
    tenant.state(Authorities).check(certificate, call.now_us)
    owner = tenant.state(Participants).owner(certificate)
    if owner is None:
        raise SmevError("SenderIsNotRegistered")
    if call.hit("signature_refused"):
        raise unsigned("SignatureIsInvalid", "ЭП-ОВ не соответствует подписанным данным")
    return owner


def _fault(refusal: SignatureRefused | GostUnavailable) -> SmevError:
    if isinstance(refusal, GostUnavailable):
        return unsigned("SignatureIsInvalid", "Алгоритмы ГОСТ здесь не работают")
    return unsigned(_PROBLEMS.get(refusal.code, "SignatureIsInvalid"), refusal.message)

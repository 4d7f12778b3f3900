"""What lists (CRL) and answers (OCSP) say of a certificate at a moment.

`pyhanko-certvalidator` could say it too, but not of a GOST responder, and not for the very second
of a revocation. A list or an answer that is not fresh, not whole, or not signed by the issuer or
for it, is no word at all.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from asn1crypto import algos
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from cryptography.exceptions import InvalidSignature

from signatures.algorithms import CountrySignatureValidator
from signatures.certificates import Certificate, key_id, parsed
from signatures.der import MALFORMED_ASN1
from signatures.refusals import SignatureRefused
from signatures.revocation import Asked, CertificateStatus, Reason, Revocation

__all__ = ["StatusSource"]

_VALIDATOR: Final = CountrySignatureValidator()
_REMEMBERED: Final = 64  # lists that have been read
_HOLD: Final = "certificate_hold"


@dataclass(frozen=True)
class StatusSource:
    """Lists and answers to be asked about certificates `at` a moment.

    With `later` they may also be of a later time than the moment.
    """

    crls: Collection[CertificateList]
    ocsps: Collection[OCSPResponse]
    at: dt.datetime
    later: bool = False

    def require_good(self, certificate: Certificate, issuer: Certificate) -> None:
        """SignatureRefused `revoked`, `on-hold`, or `status-unknown` if nothing fresh is said.

        A revocation holds from its own instant on, and outweighs a good word. GostUnavailable.
        """
        said = [*self._listed(certificate, issuer), *self._answered(certificate, issuer)]
        for each in said:
            if isinstance(each, Revocation) and each.at <= self.at:
                raise SignatureRefused("on-hold" if each.reason == _HOLD else "revoked")
        if all(each == "unknown" for each in said):
            raise SignatureRefused("status-unknown")

    def _listed(self, certificate: Certificate, issuer: Certificate) -> Iterator[CertificateStatus]:
        for each in self.crls:
            try:
                body = each["tbs_cert_list"]
                if body["issuer"].dump() != issuer.subject.dump():
                    continue
                entries = _entries(each.dump(), issuer.dump())
                fresh = self._fresh(body["this_update"].native, body["next_update"].native)
            except MALFORMED_ASN1:
                continue
            if entries is not None and fresh:
                yield entries.get(certificate.serial_number, "good")

    def _answered(
        self, certificate: Certificate, issuer: Certificate
    ) -> Iterator[CertificateStatus]:
        for each in self.ocsps:
            try:
                found = [
                    answer
                    for answer in self._signed_answers(each, issuer)
                    if Asked(answer["cert_id"]).serial == certificate.serial_number
                    and Asked(answer["cert_id"]).is_of(issuer)
                    and self._fresh(answer["this_update"].native, answer["next_update"].native)
                ]
                said = [_said(answer["cert_status"], certificate) for answer in found]
            except MALFORMED_ASN1:
                continue
            yield from said

    def _signed_answers(self, response: OCSPResponse, issuer: Certificate) -> Collection[Any]:
        """The answers of a response that `issuer` or a responder of its own has signed."""
        if response["response_status"].native != "successful":
            return ()
        basic = response.basic_ocsp_response
        content = basic["tbs_response_data"].dump()
        candidates = [issuer, *(each for each in basic["certs"] or ())]
        named = basic["tbs_response_data"]["responder_id"]
        for responder in candidates:
            if (
                _is_named(responder, named)
                and (responder is issuer or self._may_respond(responder, issuer))
                and _signed(
                    basic["signature"].native, content, responder, basic["signature_algorithm"]
                )
            ):
                answers: Collection[Any] = basic["tbs_response_data"]["responses"]
                return answers
        return ()

    def _may_respond(self, responder: Certificate, issuer: Certificate) -> bool:
        """RFC 6960, 4.2.2.2: `issuer` itself has certified it for this."""
        usage = responder.extended_key_usage_value
        return (
            usage is not None
            and "ocsp_signing" in usage.native
            and responder.not_valid_before <= self.at <= responder.not_valid_after
            and responder.issuer.dump() == issuer.subject.dump()
            and _signed(
                responder["signature_value"].native,
                responder["tbs_certificate"].dump(),
                issuer,
                responder["signature_algorithm"],
            )
        )

    def _fresh(self, this_update: dt.datetime, next_update: dt.datetime | None) -> bool:
        if self.later and this_update >= self.at:
            return True
        return this_update <= self.at and next_update is not None and self.at <= next_update


@lru_cache(_REMEMBERED)
def _entries(content: bytes, issued_by: bytes) -> Mapping[int, Revocation] | None:
    """Revocations of a list by serial number; None for a list that is not the issuer's own, or not
    of all that it has issued (RFC 5280, 5.2: such a list has a critical extension)."""
    whole, issuer = CertificateList.load(content), parsed(issued_by)
    usage = issuer.key_usage_value
    if whole.critical_extensions or usage is None or "crl_sign" not in usage.native:
        return None
    body = whole["tbs_cert_list"]
    if not _signed(whole["signature"].native, body.dump(), issuer, whole["signature_algorithm"]):
        return None
    found: dict[int, Revocation] = {}
    for entry in body["revoked_certificates"] or ():
        serial: int = entry["user_certificate"].native
        found[serial] = Revocation(
            serial, entry["revocation_date"].native, _reason(entry.crl_reason_value)
        )
    return found


def _said(status: Any, certificate: Certificate) -> CertificateStatus:
    if status.name != "revoked":
        return "good" if status.name == "good" else "unknown"
    told = status.chosen
    since, reason = told["revocation_time"].native, _reason(told["revocation_reason"])
    return Revocation(certificate.serial_number, since, reason)


def _reason(told: Any) -> Reason:
    reason: Reason | None = None if told is None else told.native
    return reason or "unspecified"


def _is_named(certificate: Certificate, named: Any) -> bool:
    if named.name == "by_key":
        spki = certificate["tbs_certificate"]["subject_public_key_info"].dump()
        return bool(named.chosen.native == key_id(spki))
    return bool(named.chosen == certificate.subject)


def _signed(
    signature: bytes,
    content: bytes,
    signer: Certificate,
    algorithm: algos.SignedDigestAlgorithm,
) -> bool:
    key = signer["tbs_certificate"]["subject_public_key_info"]
    try:
        _VALIDATOR.validate_signature(signature, content, key, algorithm)
    except InvalidSignature:
        return False
    return True

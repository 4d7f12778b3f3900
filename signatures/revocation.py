"""Revocation: lists (CRL, RFC 5280, 5) and answers about one certificate (OCSP, RFC 6960)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from asn1crypto import core, crl, ocsp, x509

from signatures import der
from signatures.algorithms import signed_algorithm
from signatures.certificates import Certificate, Issuer, key_bits, key_id
from signatures.der import MALFORMED_ASN1

__all__ = [
    "Asked",
    "CertificateStatus",
    "Reason",
    "Revocation",
    "StatusRequest",
    "revocation_list",
    "status_refusal",
    "status_request",
    "status_response",
]

Reason: TypeAlias = Literal[
    "unspecified",
    "key_compromise",
    "ca_compromise",
    "affiliation_changed",
    "superseded",
    "cessation_of_operation",
    "certificate_hold",
    "privilege_withdrawn",
]
"""Why a certificate does not work; `certificate_hold` is the only one that may be lifted."""

_MOST_ASKED: Final = 100  # certificates in one OCSP request
_DIGESTS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_AUTHORITY_KEY_OID: Final = "2.5.29.35"
_CRL_NUMBER_OID: Final = "2.5.29.20"
_REASON_OID: Final = "2.5.29.21"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a certificate has not worked since `at`, and why."""

    serial: int
    at: dt.datetime
    reason: Reason


CertificateStatus: TypeAlias = Revocation | Literal["good", "unknown"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A certificate that is asked about: its serial number and its issuer's digests."""

    cert_id: ocsp.CertId

    @property
    def serial(self) -> int:
        """The serial number."""
        number: int = self.cert_id["serial_number"].native
        return number

    def is_of(self, issuer: Certificate) -> bool:
        """Whether `issuer` is the one that is meant; not for digests but SHA-1 and SHA-256."""
        digest = _DIGESTS.get(self.cert_id["hash_algorithm"]["algorithm"].native)
        if digest is None:
            return False
        spki = issuer["tbs_certificate"]["subject_public_key_info"].dump()
        return bool(
            self.cert_id["issuer_name_hash"].native == digest(issuer.subject.dump()).digest()
            and self.cert_id["issuer_key_hash"].native == digest(key_bits(spki)).digest()
        )


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """An OCSP request; `nonce` is the DER that is to come back, if there is one."""

    asked: tuple[Asked, ...]
    nonce: bytes | None


def revocation_list(
    issuer: Issuer,
    revoked: Iterable[Revocation],
    this_update: dt.datetime,
    next_update: dt.datetime,
    number: int,
) -> crl.CertificateList:
    """The CRL of `issuer` with `number`; revocations by serial number. GostUnavailable."""
    algorithm: bytes = signed_algorithm(issuer.key.algorithm).dump()
    entries = [_entry(each) for each in sorted(revoked, key=lambda each: each.serial)]
    key_identifier = x509.AuthorityKeyIdentifier({"key_identifier": key_id(issuer.key.spki)})
    extensions = der.sequence(
        _extension(_AUTHORITY_KEY_OID, key_identifier.dump()),
        _extension(_CRL_NUMBER_OID, der.integer(number)),
    )
    to_sign = der.sequence(
        der.integer(1),
        algorithm,
        issuer.certificate.subject.dump(),
        der.time(this_update),
        der.time(next_update),
        *([der.sequence(*entries)] if entries else []),  # RFC 5280, 5.1.2.6: never an empty one
        der.explicit(0, extensions),
    )
    signature = core.OctetBitString(issuer.key.sign(to_sign)).dump()
    return crl.CertificateList.load(der.sequence(to_sign, algorithm, signature))


def status_request(data: bytes) -> StatusRequest:
    """The OCSP request in DER; ValueError if it is none, or asks for nothing or too much."""
    try:
        request = ocsp.OCSPRequest.load(data, strict=True)["tbs_request"]
        asked = tuple(Asked(each["req_cert"]) for each in request["request_list"])
        for each in asked:
            _ = each.cert_id.native
            if each.cert_id.dump() != each.cert_id.dump(force=True):
                raise ValueError("not DER, and it is to come back in the answer")
        nonces = [
            extension["extn_value"].dump()
            for extension in request["request_extensions"] or ()
            if extension["extn_id"].native == "nonce"
        ]
    except MALFORMED_ASN1:
        raise ValueError("not an OCSP request") from None
    if not 0 < len(asked) <= _MOST_ASKED:
        raise ValueError(f"an OCSP request asks about 1 to {_MOST_ASKED} certificates")
    return StatusRequest(asked, nonces[0] if nonces else None)


def status_response(
    responder: Issuer,
    request: StatusRequest,
    statuses: Mapping[Asked, CertificateStatus],
    now: dt.datetime,
    next_update: dt.datetime,
) -> bytes:
    """The DER of a successful answer, signed by `responder`, whose certificate goes along."""
    now = _whole(now)
    algorithm = signed_algorithm(responder.key.algorithm)
    body: dict[str, Any] = {
        "responder_id": ocsp.ResponderId(name="by_key", value=key_id(responder.key.spki)),
        "produced_at": now,
        "responses": [
            {
                "cert_id": asked.cert_id,
                "cert_status": _status(statuses[asked]),
                "this_update": now,
                "next_update": _whole(next_update),
            }
            for asked in request.asked
        ],
    }
    if request.nonce is not None:
        value = core.ParsableOctetString.load(request.nonce)
        body["response_extensions"] = [{"extn_id": "nonce", "extn_value": value}]
    to_sign = ocsp.ResponseData(body)
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": to_sign,
            "signature_algorithm": algorithm,
            "signature": responder.key.sign(to_sign.dump()),
            "certs": [responder.certificate],
        }
    )
    answer = {"response_type": "basic_ocsp_response", "response": basic}
    response = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": answer})
    whole: bytes = response.dump()
    return whole


def status_refusal(status: Literal["malformed_request", "try_later", "unauthorized"]) -> bytes:
    """The DER of an answer without statuses (RFC 6960, 2.3)."""
    whole: bytes = ocsp.OCSPResponse({"response_status": status}).dump()
    return whole


def _entry(revocation: Revocation) -> bytes:
    reason: list[bytes] = []
    if revocation.reason != "unspecified":  # RFC 5280, 5.3.1: that is said by saying nothing
        reason = [der.sequence(_extension(_REASON_OID, _reason(revocation.reason)))]
    return der.sequence(der.integer(revocation.serial), der.time(revocation.at), *reason)


@lru_cache
def _reason(reason: Reason) -> bytes:
    whole: bytes = crl.CRLReason(reason).dump()
    return whole


def _extension(oid: str, value: bytes) -> bytes:
    return der.sequence(der.identifier(oid), der.octets(value))


def _status(status: CertificateStatus) -> ocsp.CertStatus:
    if not isinstance(status, Revocation):
        return ocsp.CertStatus(name=status, value=core.Null())
    revoked = {"revocation_time": _whole(status.at), "revocation_reason": status.reason}
    return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(revoked))


def _whole(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)

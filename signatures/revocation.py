"""Revocation: lists (CRL, RFC 5280, 5) and answers about one certificate (OCSP, RFC 6960)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from asn1crypto import core, crl, ocsp, x509

from signatures.algorithms import signed_algorithm
from signatures.certificates import Certificate, Issuer, key_bits, key_id
from signatures.cms import MALFORMED_ASN1

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
_CRL_TIME_LAST: Final = 2050  # RFC 5280, 5.1.2.4


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
    algorithm = signed_algorithm(issuer.key.algorithm)
    body: dict[str, Any] = {
        "version": "v2",
        "signature": algorithm,
        "issuer": issuer.certificate.subject,
        "this_update": _time(this_update),
        "next_update": _time(next_update),
        "crl_extensions": [
            {
                "extn_id": "authority_key_identifier",
                "extn_value": x509.AuthorityKeyIdentifier(
                    {"key_identifier": key_id(issuer.key.spki)}
                ),
            },
            {"extn_id": "crl_number", "extn_value": core.Integer(number)},
        ],
    }
    entries = [_entry(each) for each in sorted(revoked, key=lambda each: each.serial)]
    if entries:  # RFC 5280, 5.1.2.6: an empty list is left out
        body["revoked_certificates"] = entries
    to_sign = crl.TbsCertList(body)
    return crl.CertificateList(
        {
            "tbs_cert_list": to_sign,
            "signature_algorithm": algorithm,
            "signature": issuer.key.sign(to_sign.dump()),
        }
    )


def status_request(data: bytes) -> StatusRequest:
    """The OCSP request in DER; ValueError if it is none, or asks for nothing or too much."""
    try:
        request = ocsp.OCSPRequest.load(data, strict=True)["tbs_request"]
        asked = tuple(Asked(each["req_cert"]) for each in request["request_list"])
        for each in asked:
            _ = each.cert_id.native
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
    der: bytes = response.dump()
    return der


def status_refusal(status: Literal["malformed_request", "try_later", "unauthorized"]) -> bytes:
    """The DER of an answer without statuses (RFC 6960, 2.3)."""
    der: bytes = ocsp.OCSPResponse({"response_status": status}).dump()
    return der


def _entry(revocation: Revocation) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "user_certificate": revocation.serial,
        "revocation_date": _time(revocation.at),
    }
    if revocation.reason != "unspecified":  # RFC 5280, 5.3.1: that is said by saying nothing
        entry["crl_entry_extensions"] = [
            {"extn_id": "crl_reason", "extn_value": crl.CRLReason(revocation.reason)}
        ]
    return entry


def _status(status: CertificateStatus) -> ocsp.CertStatus:
    if not isinstance(status, Revocation):
        return ocsp.CertStatus(name=status, value=core.Null())
    revoked = {"revocation_time": _whole(status.at), "revocation_reason": status.reason}
    return ocsp.CertStatus(name="revoked", value=ocsp.RevokedInfo(revoked))


def _time(moment: dt.datetime) -> x509.Time:
    moment = _whole(moment)
    kind = "utc_time" if moment.year < _CRL_TIME_LAST else "general_time"
    return x509.Time(name=kind, value=moment)


def _whole(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)

"""Whether a certificate is good at a moment: chain, validity and revocation (RFC 5280, 6).

`pyhanko-certvalidator` does the work, with the signatures of the country's algorithms checked by
`signatures.algorithms`; here its findings become the codes of `signatures.refusals`.
"""

import datetime as dt
from collections.abc import Collection, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain as chain_of
from itertools import pairwise
from typing import Any, Final, TypeAlias, TypeVar

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.validate import validate_usage

from signatures.algorithms import CountrySignatureValidator
from signatures.certificates import Certificate
from signatures.der import MALFORMED_ASN1
from signatures.refusals import SignatureRefused
from signatures.revocation import Asked

__all__ = ["SIGNING", "Trust", "check"]

T = TypeVar("T")

SIGNING: Final = frozenset({"digital_signature"})
"""The key usage of a certificate that signs."""

_HOLD: Final = "certificate_hold"
_Word: TypeAlias = tuple[dt.datetime, str | None]


@dataclass(frozen=True)
class Trust:
    """What a certificate is checked with.

    `roots` are believed, `known` are certificates of authorities that may lie between; without
    `crls` and `ocsps` revocation is not asked about, with them every certificate below a root needs
    fresh word of it.
    """

    roots: Sequence[Certificate]
    known: Sequence[Certificate] = ()
    crls: Sequence[CertificateList] = ()
    ocsps: Sequence[OCSPResponse] = ()


def check(
    certificate: Certificate,
    at: dt.datetime,
    trust: Trust,
    *,
    usage: Collection[str] = SIGNING,
    extended_usage: Collection[str] = (),
    later_lists: bool = False,
) -> tuple[Certificate, ...]:
    """The chain from a root of `trust` to `certificate`, good at that moment.

    With `later_lists` the lists may be of a later time than the moment, as when an old signature is
    checked today: a revocation counts from its date. SignatureRefused `not-yet-valid`, `expired`,
    `revoked`, `on-hold`, `unknown-root`, `status-unknown`, `wrong-usage`, `algorithm`,
    `signature` (of a certificate of the chain), `malformed`. GostUnavailable.
    """
    asks = bool(trust.crls or trust.ocsps)
    context = ValidationContext(
        trust_roots=list(trust.roots),
        other_certs=list(trust.known),
        moment=at,
        crls=list(trust.crls),
        ocsps=list(trust.ocsps),
        revocation_mode="require" if asks else "soft-fail",
        retroactive_revinfo=later_lists,
        time_tolerance=dt.timedelta(0),
        signature_validator=CountrySignatureValidator(),
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = _awaited(validator.async_validate_path())
        validate_usage(certificate, set(usage), set(extended_usage), extended_optional=False)
    except (PathBuildingError, PathValidationError, InvalidCertificateError) as error:
        raise _refusal(error) from None
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed") from None
    chain = tuple(path)
    _check_root(chain[0], at)
    _check_instant(chain, at, trust)
    return chain


def _check_root(root: Certificate, at: dt.datetime) -> None:
    """RFC 5280 leaves the validity of a root to who trusts it; CERT-02 does not."""
    if at < root.not_valid_before:
        raise SignatureRefused("not-yet-valid", "корневой сертификат")
    if at > root.not_valid_after:
        raise SignatureRefused("expired", "корневой сертификат")


def _check_instant(chain: Sequence[Certificate], at: dt.datetime, trust: Trust) -> None:
    """A revocation holds from its own instant on; the library counts it from the next one."""
    for issuer, certificate in pairwise(chain):
        words = chain_of(_listed(certificate, trust), _answered(certificate, issuer, trust))
        for since, reason in words:
            if since == at:
                raise _no_longer(reason)


def _listed(certificate: Certificate, trust: Trust) -> Iterator[_Word]:
    """What lists say of a certificate: since when it is revoked, and why."""
    for each in trust.crls:
        to_sign = each["tbs_cert_list"]
        if to_sign["issuer"] == certificate.issuer:
            for entry in to_sign["revoked_certificates"] or ():
                if entry["user_certificate"].native == certificate.serial_number:
                    reason = entry.crl_reason_value
                    yield entry["revocation_date"].native, reason and reason.native


def _answered(certificate: Certificate, issuer: Certificate, trust: Trust) -> Iterator[_Word]:
    """The same of OCSP answers."""
    for each in trust.ocsps:
        answers = each.basic_ocsp_response["tbs_response_data"]["responses"]
        for answer in answers if each["response_status"].native == "successful" else ():
            asked = Asked(answer["cert_id"])
            status = answer["cert_status"]
            if (
                status.name == "revoked"
                and asked.serial == certificate.serial_number
                and asked.is_of(issuer)
            ):
                since = status.chosen["revocation_time"].native
                yield since, status.chosen["revocation_reason"].native


def _no_longer(reason: str | None) -> SignatureRefused:
    return SignatureRefused("on-hold" if reason == _HOLD else "revoked")


def _refusal(error: Exception) -> SignatureRefused:
    match error:
        case RevokedError(reason=reason):
            return _no_longer(reason.native)
        case ExpiredError():
            return SignatureRefused("expired")
        case NotYetValidError():
            return SignatureRefused("not-yet-valid")
        case InsufficientRevinfoError():
            return SignatureRefused("status-unknown")
        case DisallowedAlgorithmError():
            return SignatureRefused("algorithm")
        case InvalidCertificateError():
            return SignatureRefused("wrong-usage")
        case PathBuildingError():
            return SignatureRefused("unknown-root")
    return SignatureRefused("signature", "цепочка сертификатов")


def _awaited(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that waits for nothing: all that it needs has been brought along, and
    it may be called inside of an event loop."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("the check of a certificate waits for something outside")

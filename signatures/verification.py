"""Whether a certificate is good at a moment: chain, validity and revocation (RFC 5280, 6).

`pyhanko-certvalidator` builds and checks the chain, with the signatures of the country's algorithms
checked by `signatures.algorithms`; here its findings become the codes of `signatures.refusals`.
"""

import datetime as dt
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, TypeVar

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
)
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager
from pyhanko_certvalidator.validate import validate_usage

from signatures.algorithms import CountrySignatureValidator
from signatures.certificates import Certificate
from signatures.der import MALFORMED_ASN1
from signatures.refusals import SignatureRefused
from signatures.revocation_check import StatusSource

__all__ = ["SIGNING", "Trust", "check"]

T = TypeVar("T")

# Of revocation `signatures.revocation_check` knows.
_NO_REVOCATION: Final = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        ee_certificate_rule=RevocationCheckingRule.NO_CHECK,
        intermediate_ca_cert_rule=RevocationCheckingRule.NO_CHECK,
    )
)

SIGNING: Final = frozenset({"digital_signature"})
"""The key usage of a certificate that signs."""


@dataclass(frozen=True)
class Trust:
    """What a certificate is checked with.

    `roots` are believed, `known` are certificates of authorities that may lie between; without
    `crls` and `ocsps` revocation is not asked about, with them every certificate below a root needs
    fresh word of it. Whoever checks many certificates with one object spares its preparation.
    """

    roots: Sequence[Certificate]
    known: Sequence[Certificate] = ()
    crls: Sequence[CertificateList] = ()
    ocsps: Sequence[OCSPResponse] = ()

    @cached_property
    def anchors(self) -> SimpleTrustManager:
        """The roots as the library wants them."""
        return SimpleTrustManager.build(trust_roots=list(self.roots))

    @cached_property
    def register(self) -> CertificateRegistry:
        """The certificates that may lie between, likewise."""
        register: CertificateRegistry = CertificateRegistry.build(self.known)
        return register


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
    context = ValidationContext(
        trust_manager=trust.anchors,
        certificate_registry=trust.register,
        moment=at,
        revinfo_policy=_NO_REVOCATION,
        time_tolerance=dt.timedelta(0),
        signature_validator=CountrySignatureValidator(),
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        path = _awaited(validator.async_validate_path())
        _check_usage(certificate, usage, extended_usage)
    except (PathBuildingError, InvalidCertificateError):  # the latter of a self-signed one
        raise SignatureRefused("unknown-root") from None
    except PathValidationError as error:
        raise _refusal(error) from None
    except MALFORMED_ASN1:
        raise SignatureRefused("malformed") from None
    except UnboundLocalError:  # asn1crypto's, of the size of a GOST key said to sign in RSA or DSA
        raise SignatureRefused("algorithm") from None
    chain = tuple(path)
    _check_root(chain[0], at)
    if trust.crls or trust.ocsps:
        source = StatusSource(trust.crls, trust.ocsps, at, later_lists)
        for issuer, issued in pairwise(chain):
            source.require_good(issued, issuer)
    return chain


def _check_root(root: Certificate, at: dt.datetime) -> None:
    """RFC 5280 leaves the validity of a root to who trusts it; CERT-02 does not."""
    if at < root.not_valid_before:
        raise SignatureRefused("not-yet-valid", "корневой сертификат")
    if at > root.not_valid_after:
        raise SignatureRefused("expired", "корневой сертификат")


def _check_usage(
    certificate: Certificate, usage: Collection[str], extended_usage: Collection[str]
) -> None:
    try:
        validate_usage(certificate, set(usage), set(extended_usage), extended_optional=False)
    except InvalidCertificateError:
        raise SignatureRefused("wrong-usage") from None


def _refusal(error: PathValidationError) -> SignatureRefused:
    match error:
        case ExpiredError():
            return SignatureRefused("expired")
        case NotYetValidError():
            return SignatureRefused("not-yet-valid")
        case DisallowedAlgorithmError():
            return SignatureRefused("algorithm")
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

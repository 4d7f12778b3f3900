"""A signature with a certificate of the cabinet, as the signer's program reports it (CERT-09,
CERT-12, CERT-16)."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from portal.certificates.acting import signer_inn, signer_of
from portal.certificates.bound_certificate import BoundCertificate
from portal.certificates.signature_check import CheckedSignature, checked_signature
from portal.organizations.organization import Organization
from portal.rules import certificates
from portal.rules.certificate_claims import CabinetCertificate, KeyAccess, PinEntry
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = ["KeyReport", "ReportedSignature", "cabinet_signature", "key_violations"]

KeyReport: TypeAlias = Literal["used", "wrong_pin", "unavailable"]
"""What has become of the key: it has signed, its PIN was wrong, or it was not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSignature:
    """A signature (CMS) over `content`, named by the field it came in."""

    signature: bytes
    content: bytes
    field: str = "signature"


def key_violations(
    context: Context, certificate: BoundCertificate, report: KeyReport
) -> tuple[Violation, ...]:
    """What keeps the key of a bound certificate from signing for the actor now; wrong PINs are
    counted, and forgotten once one is right."""
    policy = context.policy
    ended = CabinetCertificate(not_after=certificate.not_after, at=context.now)
    entry = PinEntry(is_right=report != "wrong_pin", failed_before=certificate.pin_failures)
    access = KeyAccess(
        carrier=certificate.carrier,
        available=report != "unavailable",
        owner_inn=certificate.signer_inn,
        signer_inn=signer_inn(context),
    )
    violations = (
        *certificates.not_expired_since(ended, policy),
        *certificates.pin(entry, policy),
        *certificates.key_is_at_hand(access, policy),
    )
    if report == "wrong_pin":
        failed = replace(certificate, pin_failures=certificate.pin_failures + 1)
        context.unit.put(failed)
    elif certificate.pin_failures and not violations:
        context.unit.put(replace(certificate, pin_failures=0))
    return violations


def cabinet_signature(
    context: Context, organization: Organization, reported: ReportedSignature
) -> CheckedSignature:
    """The signature itself, with whichever certificate of the organization."""
    return checked_signature(
        context,
        reported.signature,
        reported.content,
        signer_of(organization),
        reported.field,
    )

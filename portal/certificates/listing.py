"""The certificates of a cabinet, and what of them needs attention (CERT-11, CERT-12, CERT-14)."""

from dataclasses import dataclass

from portal.certificates.acting import organization_here
from portal.certificates.bound_certificate import BoundCertificate, bound_to, shown
from portal.rules import certificates
from portal.rules.certificate_claims import CabinetCertificate, Expiring, Trial
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, view

__all__ = ["AllCertificates", "certificate_warnings", "list_certificates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllCertificates:
    """Those of the organization that the actor acts for."""


@view(AllCertificates)
def list_certificates(context: Context, query: AllCertificates) -> Outcome:
    """Every bound certificate, the latest first."""
    found = _bound(context)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    return Outcome(state="shown", data={"items": [shown(each, context.policy) for each in found]})


@view(AllCertificates)
def certificate_warnings(context: Context, query: AllCertificates) -> Outcome:
    """What keeps certificates from being used, now or soon, each by its own rule; the fields are
    the numbers of certificates in the list."""
    found = _bound(context)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    warnings = [
        warning
        for number, each in enumerate(found)
        for warning in _warnings(context, each, f"items.{number}")
    ]
    return refused(warnings, "state", "warned") if warnings else Outcome(state="in_order")


def _warnings(context: Context, certificate: BoundCertificate, field: str) -> tuple[Violation, ...]:
    end, now, policy = certificate.not_after, context.now, context.policy
    is_tried = certificate.state != "bound"
    return (
        *certificates.not_expired_since(
            CabinetCertificate(not_after=end, at=now, field=field), policy
        ),
        *certificates.reminded(Expiring(not_after=end, at=now, field=field), policy),
        *certificates.trial_made(Trial(made=is_tried, field=field), policy),
    )


def _bound(context: Context) -> list[BoundCertificate] | None:
    organization = organization_here(context)
    if organization is None:
        return None
    found = bound_to(context, organization.id)
    return sorted(found, key=lambda each: (each.bound_at, each.id), reverse=True)

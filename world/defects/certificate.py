"""Mistakes of choosing or keeping the certificate that a filing is signed with."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from world.certificate_profiles import LIFETIME_DAYS, NOT_ACCREDITED, CertificateProfile
from world.defects.occasion import Occasion

__all__ = ["CERTIFICATE"]

_LATEST_EXPIRY_DAYS: Final = 60  # how long people go on with a certificate that has expired


def _expired(profile: CertificateProfile, occasion: Occasion) -> CertificateProfile:
    """The certificate before the present one; a revocation stays inside its validity."""
    as_of, registered = occasion.filing.as_of, occasion.filing.subject.organization.registered
    first = max(as_of - dt.timedelta(days=_LATEST_EXPIRY_DAYS), registered)
    not_after = occasion.chance.day("certificate/expired", first, as_of - dt.timedelta(days=1))
    not_before = max(not_after - dt.timedelta(days=LIFETIME_DAYS), registered)
    revoked = profile.revoked_on
    return replace(
        profile,
        not_before=not_before,
        not_after=not_after,
        revoked_on=revoked and min(max(revoked, not_before), not_after),
    )


def _revoked(profile: CertificateProfile, occasion: Occasion) -> CertificateProfile:
    last = min(occasion.filing.as_of, profile.not_after)
    revoked = occasion.chance.day("certificate/revoked", profile.not_before, last)
    return replace(profile, revoked_on=revoked)


def _not_accredited(profile: CertificateProfile, occasion: Occasion) -> CertificateProfile:
    authority = occasion.chance.one_of("certificate/authority", NOT_ACCREDITED)
    return replace(profile, authority=authority)


def _personal(profile: CertificateProfile, occasion: Occasion) -> CertificateProfile:
    """The signer's own: without ИННЮЛ and ОГРН of the organization (CERT-04)."""
    name = str(profile.subject.person)
    subject = replace(profile.subject, common_name=name, legal_inn=None, ogrn=None)
    return replace(profile, subject=subject)


def _container(profile: CertificateProfile, occasion: Occasion) -> CertificateProfile:
    return replace(profile, file="pfx")


# A revocation is dated inside the validity, so it is the second to be applied.
CERTIFICATE: Final[Mapping[str, Callable[[CertificateProfile, Occasion], CertificateProfile]]] = {
    "cert_expired": _expired,
    "cert_revoked": _revoked,
    "cert_not_accredited": _not_accredited,
    "cert_personal": _personal,
    "cert_container_pfx": _container,
}

"""Who acts for which organization in matters of certificates (CERT-18)."""

from portal.accounts.account import Account
from portal.certificates.bound_certificate import BoundCertificate
from portal.certificates.signature_check import SignerOf
from portal.organizations.membership import membership_of
from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.rules import certificates
from portal.rules.certificate_claims import Management
from portal.rules.rule import Violation
from portal.use_case import Context

__all__ = [
    "certificate_here",
    "forbidden",
    "is_anothers",
    "organization_here",
    "signer_inn",
    "signer_of",
]


def organization_here(context: Context) -> Organization | None:
    """The organization that the actor acts for and belongs to; that somebody acts for another's is
    noted."""
    actor = context.actor
    if actor.account is None or actor.organization is None:
        return None
    if membership_of(context, actor.account, actor.organization) is None:
        context.note(context.act, actor.organization, "another's")
        return None
    return context.unit.get(Organization, actor.organization)


def certificate_here(context: Context, certificate_id: str) -> BoundCertificate | None:
    """A bound certificate of the organization that the actor acts for; that somebody reaches for
    another's is noted."""
    organization = organization_here(context)
    found = context.unit.get(BoundCertificate, certificate_id)
    if organization is None or found is None or not found.is_bound:
        return None
    return None if is_anothers(context, organization, found) else found


def is_anothers(
    context: Context, organization: Organization, certificate: BoundCertificate
) -> bool:
    """Whether a certificate is of another organization than the actor acts for; that they reach for
    it is noted."""
    if certificate.organization == organization.id:
        return False
    context.note(context.act, certificate.organization, "another's", certificate=certificate.id)
    return True


def forbidden(context: Context, organization: Organization) -> tuple[Violation, ...]:
    """CERT-18 if the actor may not manage the organization's certificates; that is noted."""
    claim = Management(rights=rights_in(context, organization.id))
    violations = certificates.manager(claim, context.policy)
    if violations:
        context.note(context.act, organization.id, "forbidden", rule="CERT-18")
    return violations


def signer_inn(context: Context) -> str | None:
    """The ИНН of the person who acts, whose key a signature has to be of (CERT-16)."""
    account = context.unit.get(Account, context.actor.account or "")
    return None if account is None else account.inn


def signer_of(organization: Organization) -> SignerOf:
    """Whose certificate is expected of an organization."""
    requisites = organization.requisites
    return SignerOf(kind=organization.kind, inn=requisites.inn, ogrn=requisites.ogrn)

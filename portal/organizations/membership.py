"""Who belongs to an organization."""

from portal.organizations.organization import Membership, membership_id
from portal.rules.roles import AccessLevel
from portal.use_case import Context

__all__ = ["join", "members_of", "membership_of"]


def membership_of(context: Context, account: str | None, organization: str) -> Membership | None:
    """The membership of an account (None: nobody's) in an organization; None if there is none."""
    if account is None:
        return None
    return context.unit.get(Membership, membership_id(account, organization))


def members_of(context: Context, organization: str) -> list[Membership]:
    """Everybody who acts for an organization, by id."""
    return context.unit.find(Membership, "organization", organization)


def join(
    context: Context,
    account: str,
    organization: str,
    role: str,
    *,
    extra_rights: tuple[str, ...] = (),
    signature_confirmed: bool = True,
    documents: AccessLevel = "manage",
    applications: AccessLevel = "manage",
) -> Membership:
    """Let an account act for an organization from now on in that role and no other, as far as the
    levels of access reach (ROLE-13)."""
    before = membership_of(context, account, organization)
    return context.unit.put(
        Membership(
            id=membership_id(account, organization),
            version=0 if before is None else before.version,
            account=account,
            organization=organization,
            role=role,
            since=context.now,
            extra_rights=extra_rights,
            signature_confirmed=signature_confirmed,
            documents=documents,
            applications=applications,
        )
    )

"""Whose application it is."""

from portal.organizations.organization import Membership, membership_id
from portal.registration.registration import Registration
from portal.use_case import Context

__all__ = ["own_registration"]


def own_registration(context: Context, organization: str) -> Registration | None:
    """The application for an organization that the actor has filed or belongs to; that somebody
    reaches for another's is noted."""
    found = context.unit.get(Registration, organization)
    account = context.actor.account or ""
    if found is None or found.account == account:
        return found
    if context.unit.get(Membership, membership_id(account, organization)) is not None:
        return found
    context.note("registration", organization, "another's")
    return None

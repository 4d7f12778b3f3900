"""Whose application it is."""

from portal.organizations.rights import rights_in
from portal.registration.registration import Registration
from portal.use_case import Context

__all__ = ["own_registration"]


def own_registration(context: Context, organization: str, right: str) -> Registration | None:
    """The application for an organization, if the actor has filed it or has `right` there; that
    somebody reaches for another's is noted."""
    found = context.unit.get(Registration, organization)
    if found is None or found.account == context.actor.account:
        return found
    if right in rights_in(context, organization):
        return found
    context.note(context.act, organization, "another's")
    return None

"""Who may do what in which organization: the rule book's roles and rights, asked in one place."""

from collections.abc import Collection
from typing import Final

from portal.organizations.membership import membership_of
from portal.organizations.organization import Membership, Organization
from portal.use_case import Context, Outcome

__all__ = ["SIGN", "organization_here", "organization_with", "rights_in", "rights_of"]

SIGN: Final = "sign_and_submit"
"""The right to sign for an organization, which a new head has once their signature is confirmed
(HEAD-03)."""


def rights_of(context: Context, membership: Membership | None) -> frozenset[str]:
    """Rights by role and by power of attorney; none without a membership."""
    if membership is None:
        return frozenset()
    rights = {*context.portal.book.rights_of(membership.role), *membership.extra_rights}
    return frozenset(rights if membership.signature_confirmed else rights - {SIGN})


def rights_in(context: Context, organization: str) -> Collection[str]:
    """The actor's rights in an organization."""
    return rights_of(context, membership_of(context, context.actor.account, organization))


def organization_here(context: Context, organization: str, act: str) -> Organization | Outcome:
    """The organization, if the actor belongs to it; otherwise it is absent for them, and that they
    have tried `act` is noted."""
    found = context.unit.get(Organization, organization)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    belongs = membership_of(context, context.actor.account, organization) is not None
    if not belongs and found.owner != context.actor.account:
        context.note(act, organization, "another's")
        return Outcome(state="absent", refusal="absent")
    return found


def organization_with(
    context: Context, organization: str, right: str, act: str
) -> Organization | Outcome:
    """The organization, if the actor belongs to it and has `right` there; that they have tried
    `act` without it is noted."""
    found = organization_here(context, organization, act)
    if isinstance(found, Organization) and right not in rights_in(context, organization):
        context.note(act, organization, "forbidden", right=right)
        return Outcome(state="refused", refusal="forbidden")
    return found

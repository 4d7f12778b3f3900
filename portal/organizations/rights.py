"""Who may do what in which organization: the rule book's roles and rights, asked in one place."""

from collections.abc import Collection

from portal.organizations.membership import membership_of
from portal.organizations.organization import Membership, Organization
from portal.organizations.own_role import role_rights
from portal.rules import integration, roles
from portal.rules.rights import SIGN
from portal.rules.roles import EntryLevel, HeldElsewhere, HeldRight
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused

__all__ = [
    "organization_here",
    "organization_with",
    "rights_in",
    "rights_of",
    "why_without",
]


def rights_of(context: Context, membership: Membership | None) -> frozenset[str]:
    """Rights by role and by power of attorney, as far as the levels of the entry reach (ROLE-13);
    none without a membership."""
    if membership is None:
        return frozenset()
    rights = {*role_rights(context, membership.role), *membership.extra_rights}
    if not membership.signature_confirmed:
        rights -= {SIGN}
    return frozenset(right for right in rights if not _too_low(context, membership, right))


def rights_in(context: Context, organization: str) -> Collection[str]:
    """The actor's rights in an organization; with a key of the API no more than it has (INT-04)."""
    held = rights_of(context, membership_of(context, context.actor.account, organization))
    key = context.actor.key
    if key is None:
        return held
    return frozenset() if _is_beyond_key(context, organization) else held & key.rights


def organization_here(context: Context, organization: str, act: str) -> Organization | Outcome:
    """The organization, if the actor belongs to it; otherwise it is absent for them, and that they
    have tried `act` is noted."""
    found = context.unit.get(Organization, organization)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    belongs = membership_of(context, context.actor.account, organization) is not None
    is_ours = belongs or found.owner == context.actor.account
    if not is_ours or _is_beyond_key(context, organization):
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
        return refused(why_without(context, organization, right), "forbidden")
    return found


def why_without(context: Context, organization: str, right: str) -> tuple[Violation, ...]:
    """Why the actor, who belongs to an organization, has not that right in it: the level of their
    entry is too low (ROLE-13), they have it in another one (ROLE-14), or the role does not give it
    (ROLE-01); with a key of the API, that the key has it not (INT-04)."""
    if context.actor.key is not None:
        use = integration.KeyUse(
            in_force=True, rights=rights_in(context, organization), right=right
        )
        return integration.key_is_allowed(use, context.policy)
    member = membership_of(context, context.actor.account, organization)
    if member is not None and right in role_rights(context, member.role):
        low = _too_low(context, member, right)
        if low:
            return low
    here = rights_in(context, organization)
    others = context.unit.find(Membership, "account", context.actor.account or "")
    elsewhere = frozenset().union(*(rights_of(context, each) for each in others))
    claim = HeldElsewhere(right=right, here=here, elsewhere=elsewhere)
    return roles.role_is_of_one_inn(claim, context.policy) or roles.role_gives_right(
        HeldRight(right=right, rights=here), context.policy
    )


def _is_beyond_key(context: Context, organization: str) -> bool:
    """Whether the actor has come with a key, and it is another organization's."""
    return context.actor.key is not None and organization != context.actor.organization


def _too_low(context: Context, membership: Membership, right: str) -> tuple[Violation, ...]:
    claim = EntryLevel(
        right=right, documents=membership.documents, applications=membership.applications
    )
    return roles.level_is_enough(claim, context.policy)

"""Whose a thing of an organization is: people have their own, all of them only whoever manages all
(ROLE-11)."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.rules.roles import Area, OwnedThing, own_things_only
from portal.use_case import Context, Outcome, refused

__all__ = ["OfOrganization", "own_or_absent"]


class OfOrganization(Protocol):
    """Something that an organization has."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def organization(self) -> str:
        """The id of whose it is."""


T = TypeVar("T", bound=OfOrganization)


def own_or_absent(
    context: Context,
    organization: Organization,
    found: T | None,
    *,
    area: Area,
    field: str,
    is_own: Callable[[T], bool],
) -> T | Outcome:
    """What was `found` (None: nothing), if it is that organization's and the actor, who belongs to
    it, may have it. It is absent for others, and that they have tried is noted; `field` names it in
    forms and in the journal."""
    if found is None:
        return refused((), "absent", "absent")
    if found.organization != organization.id:
        context.note(context.act, found.organization, "another's", **{field: found.id})
        return refused((), "absent", "absent")
    claim = OwnedThing(
        area=area,
        is_own=is_own(found),
        rights=rights_in(context, organization.id),
        field=field,
    )
    violations = own_things_only(claim, context.policy)
    if violations:
        context.note(context.act, organization.id, "another's", **{field: found.id})
        return refused(violations, "absent", "absent")
    return found

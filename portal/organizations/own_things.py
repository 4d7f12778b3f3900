"""Whose a thing is: an organization's is absent for others; people have their own, all of them only
whoever manages all (ROLE-11)."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from portal.organizations.organization import Organization
from portal.organizations.rights import rights_in
from portal.rules.roles import OwnedArea, OwnedThing, own_things_only
from portal.use_case import Context, Outcome, refused

__all__ = ["OfOrganization", "of_organization", "own_or_absent"]


class OfOrganization(Protocol):
    """Something that an organization has."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def organization(self) -> str:
        """The id of whose it is."""


T = TypeVar("T", bound=OfOrganization)


def of_organization(
    context: Context, organization: Organization, found: T | None, field: str
) -> T | None:
    """What was `found`, if it is that organization's; of another's there is nothing, and its
    journal has a line that somebody has tried, where `field` names it."""
    if found is None or found.organization == organization.id:
        return found
    context.note(context.act, found.organization, "another's", **{field: found.id})
    return None


def own_or_absent(
    context: Context,
    organization: Organization,
    found: T | None,
    *,
    area: OwnedArea,
    field: str,
    is_own: Callable[[T], bool],
) -> T | Outcome:
    """The same, if the actor, who belongs to the organization, may have it. It is absent for their
    colleagues, and that they have tried is noted; `field` names it in forms as well."""
    ours = of_organization(context, organization, found, field)
    if ours is None:
        return refused((), "absent", "absent")
    claim = OwnedThing(
        area=area,
        is_own=is_own(ours),
        rights=rights_in(context, organization.id),
        field=field,
    )
    violations = own_things_only(claim, context.policy)
    if violations:
        context.note(context.act, organization.id, "another's", **{field: ours.id})
        return refused(violations, "absent", "absent")
    return ours

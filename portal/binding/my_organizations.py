"""«My organizations»: those that one acts for and those that one is about to bind (BND-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.binding.binding import Binding, shown
from portal.organizations.organization import ORGANIZATION_STATES, Membership, Organization
from portal.organizations.own_role import role_title
from portal.organizations.rights import rights_of
from portal.rules import binding as rules
from portal.rules.binding_claims import (
    BOUND_TITLE,
    BindingStanding,
    HeadRequest,
    MistakenBinding,
)
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, view

__all__ = ["MyOrganizationsQuery", "my_organizations", "not_bound"]


@dataclass(frozen=True, kw_only=True)
class MyOrganizationsQuery:
    """All of one's own."""


@view(MyOrganizationsQuery, during_maintenance=True)
def my_organizations(context: Context, query: MyOrganizationsQuery) -> Outcome:
    """Organizations by name, then bindings that are not confirmed. Rules that are named tell what
    is wanted: to ask the head again (BND-06), to correct a mistake (BND-19)."""
    account = context.actor.account or ""
    found = []
    for membership in context.unit.find(Membership, "account", account):
        organization = context.unit.get(Organization, membership.organization)
        if organization is not None:
            found.append((organization, membership))
    found.sort(key=lambda each: (each[0].requisites.full_name, each[0].id))
    asked = [
        each
        for each in context.unit.find(Binding, "account", account)
        if each.state in ("confirming", "unanswered")
    ]
    return Outcome(
        state="shown",
        data={
            "items": [_line(context, *each) for each in found],
            "asked": [shown(each) for each in asked],
        },
        violations=tuple(_wanted(context, [each for each, _ in found], asked)),
    )


def not_bound(context: Context, organization: Organization) -> tuple[Violation, ...]:
    """What BND-18 says against a service for an organization."""
    is_bound = organization.owner is not None
    claim = BindingStanding(
        bound=is_bound, title=BOUND_TITLE if is_bound else "", listed=is_bound, wants_service=True
    )
    return rules.bound_before_services(claim, context.policy)


def _line(context: Context, organization: Organization, membership: Membership) -> dict[str, Any]:
    requisites = organization.requisites
    return {
        "organization": organization.id,
        "full_name": requisites.full_name,
        "inn": requisites.inn,
        "ogrn": requisites.ogrn,
        "state": organization.state,
        "state_title": ORGANIZATION_STATES.titles[organization.state],
        "bound": organization.owner is not None,
        "status": None if organization.owner is None else BOUND_TITLE,
        "owned": organization.owner == context.actor.account,
        "role": membership.role,
        "role_title": role_title(context, membership.role),
        "rights": sorted(rights_of(context, membership)),
        "mistaken": list(organization.mistaken),
    }


def _wanted(
    context: Context, organizations: list[Organization], asked: list[Binding]
) -> Iterator[Violation]:
    for organization in organizations:
        mistaken = MistakenBinding(wrong=organization.mistaken)
        yield from rules.no_mistake(mistaken, context.policy)
    for binding in asked:
        if binding.way == "head":
            claim = HeadRequest(
                email=binding.head_email,
                phone=binding.head_phone,
                own_contacts=(),
                sent=binding.asked_at,
                now=context.now,
            )
            yield from rules.head_answers(claim, context.policy)

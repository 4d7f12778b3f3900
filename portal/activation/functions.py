"""What the size of a business gives its cabinet (ACT-05)."""

from dataclasses import dataclass, replace

from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.versions import change_organization
from portal.rules import activation as rules
from portal.rules.activation import FOR_ALL, FunctionUse
from portal.rules.rights import EDIT_ORGANIZATION
from portal.use_case import Context, Outcome, refused, use_case, view
from rulebook import Tier

__all__ = [
    "FunctionQuery",
    "FunctionsQuery",
    "TierChoice",
    "cabinet_function",
    "cabinet_functions",
    "choose_tier",
]


@dataclass(frozen=True, kw_only=True)
class FunctionsQuery:
    """The functions of an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class FunctionQuery:
    """One function, by its id in the rule book's `tiers`."""

    organization: str
    function: str


@dataclass(frozen=True, kw_only=True)
class TierChoice:
    """The size of the business, as the organization knows it."""

    organization: str
    tier: Tier


@view(FunctionsQuery)
@in_organization()
def cabinet_functions(context: Context, query: FunctionsQuery, found: Organization) -> Outcome:
    """The functions of the organization's size of business, and those of all."""
    functions = [*FOR_ALL, *context.portal.book.features(found.tier)]
    return Outcome(state="shown", data={"tier": found.tier, "functions": functions})


@view(FunctionQuery)
@in_organization()
def cabinet_function(context: Context, query: FunctionQuery, found: Organization) -> Outcome:
    """Whether a function is in the set."""
    claim = FunctionUse(function=query.function, of_tier=_features(context, found))
    violations = rules.function_of_tier(claim, context.policy)
    return refused(violations, "forbidden") if violations else Outcome(state="open")


@use_case(TierChoice)
@in_organization(EDIT_ORGANIZATION)
def choose_tier(context: Context, form: TierChoice, found: Organization) -> Outcome:
    """Change the size of the business in the settings."""
    change_organization(context, found, replace(found, tier=form.tier), "choose_tier")
    context.note("choose_tier", found.id, form.tier)
    return Outcome(state="chosen", data={"tier": form.tier})


def _features(context: Context, organization: Organization) -> tuple[str, ...]:
    return context.portal.book.features(organization.tier)

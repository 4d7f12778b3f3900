"""What an organization was refused is told in its journal."""

from portal.organizations.organization import Organization
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, Refusal, refused

__all__ = ["noted_refusal"]


def noted_refusal(
    context: Context,
    organization: Organization,
    violations: tuple[Violation, ...],
    refusal: Refusal = "wrong",
) -> Outcome:
    """The outcome of what broke rules, with a line of the journal that names them."""
    broken = sorted({each.rule for each in violations})
    context.note(context.act, organization.id, "refused", rules=broken)
    return refused(violations, refusal)

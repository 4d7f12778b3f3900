"""Who may unbind an organization (UNB-01)."""

from portal.accounts.account import Account
from portal.organizations.organization import Organization
from portal.organizations.rights import organization_here, rights_in
from portal.rules import unbinding as rules
from portal.rules.unbinding import Unbinder
from portal.use_case import Context, Outcome, refused

__all__ = ["unbinder"]


def unbinder(
    context: Context, organization: str, act: str
) -> tuple[Organization, Account] | Outcome:
    """The organization and the account of the actor, if they may unbind it; otherwise why not, and
    that they have tried `act` is noted."""
    found = organization_here(context, organization, act)
    if isinstance(found, Outcome):
        return found
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    claim = Unbinder(rights=rights_in(context, found.id))
    violations = rules.may_unbind(claim, context.policy)
    if violations:
        context.note(act, found.id, "forbidden", rule="UNB-01")
        return refused(violations, "forbidden")
    return found, account

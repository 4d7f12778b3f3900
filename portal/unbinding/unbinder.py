"""Who may unbind an organization (UNB-01)."""

import functools
from collections.abc import Callable, Collection
from typing import TypeAlias, TypeVar

from portal.accounts.account import Account
from portal.organizations.admission import ForOrganization, Run, in_organization
from portal.organizations.organization import Organization
from portal.rules import unbinding as rules
from portal.rules.rights import UNBIND
from portal.rules.rule import Violation
from portal.rules.unbinding import Unbinder
from portal.use_case import Context, Outcome
from rulebook import Policy

__all__ = ["for_unbinders"]

F = TypeVar("F", bound=ForOrganization)
ByUnbinder: TypeAlias = Callable[[Context, F, Organization, Account], Outcome]


def for_unbinders(run: ByUnbinder[F]) -> Run[F]:
    """Let the decorated act be done only by whoever may unbind the organization; it is given the
    organization and the actor's account."""

    @in_organization(UNBIND, _may_unbind)
    @functools.wraps(run)
    def with_account(context: Context, form: F, found: Organization) -> Outcome:
        account = context.unit.get(Account, context.actor.account or "")
        if account is None:
            return Outcome(state="absent", refusal="absent")
        return run(context, form, found, account)

    return with_account


def _may_unbind(rights: Collection[str], policy: Policy) -> tuple[Violation, ...]:
    return rules.may_unbind(Unbinder(rights=rights), policy)

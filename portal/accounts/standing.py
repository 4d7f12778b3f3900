"""Whether the person who acts may: what every use case of an account asks first, and what a person
may ask before they begin."""

from dataclasses import dataclass
from typing import Literal

from portal.accounts.account import Account
from portal.rules.accounts import (
    AccountAccess,
    AccountStanding,
    activated_and_reachable,
    confirmed_before_legal_action,
    confirmed_before_organization,
)
from portal.rules.rule import Violation, every
from portal.rules.sign_in import ActionLevel, level_is_enough
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["Action", "ask_for_action", "unfit_for_functions", "unfit_for_legal_action"]


@dataclass(frozen=True, kw_only=True)
class Action:
    """What somebody is about to do: use a function, add or bind an organization, or act with legal
    force."""

    action: Literal["function", "organization", "legal"]


@use_case(Action)
def ask_for_action(context: Context, form: Action) -> Outcome:
    """Say before a form is opened whether it will be taken, and what is lacking (ACC-02, ACC-07,
    ACC-10, AUTH-16)."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    found = unfit_for_functions(context, account)
    identity = AccountStanding(confirmed=account.is_confirmed)
    if form.action == "organization":
        found += confirmed_before_organization(identity, context.policy)
    elif form.action == "legal":
        found = unfit_for_legal_action(context, account)
    return refused(found, "forbidden") if found else Outcome(state="open")


def unfit_for_functions(context: Context, account: Account) -> list[Violation]:
    """What ACC-02 says against an account that uses a function of the portal."""
    claim = AccountAccess(
        activated=account.state != "new",
        phone_confirmed=account.phone_confirmed,
        email_confirmed=account.email_confirmed,
        wants="function",
    )
    return list(activated_and_reachable(claim, context.policy))


def unfit_for_legal_action(
    context: Context, account: Account, *, signed: bool = False, ties_organization: bool = False
) -> list[Violation]:
    """What stands against an action with legal force: a contact that nobody has confirmed (ACC-02),
    an identity that nobody has (ACC-10, or ACC-07 for one that adds or binds an organization), a
    session that was opened by less than a signature or the bank while the action itself is not
    `signed` (AUTH-16)."""
    identity = AccountStanding(confirmed=account.is_confirmed)
    level = ActionLevel(method=context.actor.signed_in_by, significant=not signed)
    confirmed = confirmed_before_legal_action
    if ties_organization:
        confirmed = confirmed_before_organization
    return list(
        every(
            (
                unfit_for_functions(context, account),
                confirmed(identity, context.policy),
                level_is_enough(level, context.policy),
            )
        )
    )

"""Whether the person who acts may: what every use case of an account asks first."""

from portal.accounts.account import Account
from portal.rules.accounts import (
    AccountAccess,
    AccountStanding,
    activated_and_reachable,
    confirmed_before_legal_action,
)
from portal.rules.rule import Violation, every
from portal.rules.sign_in import ActionLevel, level_is_enough
from portal.use_case import Context

__all__ = ["unfit_for_functions", "unfit_for_legal_action"]


def unfit_for_functions(context: Context, account: Account) -> list[Violation]:
    """What ACC-02 says against an account that uses a function of the portal."""
    claim = AccountAccess(
        activated=account.state != "new",
        phone_confirmed=account.phone_confirmed,
        email_confirmed=account.email_confirmed,
        wants="function",
    )
    return list(activated_and_reachable(claim, context.policy))


def unfit_for_legal_action(context: Context, account: Account) -> list[Violation]:
    """What stands against an action with legal force: a contact that nobody has confirmed (ACC-02),
    an identity that nobody has (ACC-10), a session that was opened by less than a signature or the
    bank (AUTH-16)."""
    identity = AccountStanding(confirmed=account.is_confirmed)
    level = ActionLevel(method=context.actor.signed_in_by, significant=True)
    return list(
        every(
            (
                unfit_for_functions(context, account),
                confirmed_before_legal_action(identity, context.policy),
                level_is_enough(level, context.policy),
            )
        )
    )

"""The password typed once more, for acts that change who else may come in: a session alone may be a
stolen one."""

from dataclasses import dataclass

from portal.accounts.account import Account
from portal.accounts.lockout import count_failure, lock_of
from portal.rules.sign_in import LoginPair, pair_matches
from portal.use_case import Context, Outcome, refused, secret

__all__ = ["RetypedPassword", "proven_account"]


@dataclass(frozen=True, kw_only=True)
class RetypedPassword:
    """The password of whoever acts: what every such form has."""

    password: str = secret()


def proven_account(context: Context, password: str) -> tuple[Account | None, Outcome]:
    """The actor's account, if the password is its own; otherwise why not. A wrong one counts as a
    failure to sign in (AUTH-02, AUTH-03)."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return None, Outcome(state="absent", refusal="absent")
    locked = lock_of(context, account, "")
    if locked:
        return None, refused(locked, "forbidden")
    if not context.portal.ports.passwords.verify(account.password, password):
        count_failure(context, account, "")
        return None, refused(pair_matches(LoginPair(matches=False), context.policy))
    return account, Outcome(state=account.state)

"""The portal's application on a person's phone: where it is, so that codes come to it (BND-04)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.my_account import NoForm
from portal.accounts.retyped_password import RetypedPassword, proven_account
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["InstalledApp", "connect_app", "disconnect_app"]


@dataclass(frozen=True, kw_only=True)
class InstalledApp(RetypedPassword):
    """The token by which the push service knows the application."""

    token: str


@use_case(InstalledApp)
def connect_app(context: Context, form: InstalledApp) -> Outcome:
    """The application in which one is signed in gets codes from now on, and no other."""
    account, closed = proven_account(context, form.password)
    return closed if account is None else _with(context, account, form.token or None)


@use_case(NoForm)
def disconnect_app(context: Context, form: NoForm) -> Outcome:
    """No application gets codes any more."""
    account = context.unit.get(Account, context.actor.account or "")
    return refused([], "absent") if account is None else _with(context, account, None)


def _with(context: Context, account: Account, token: str | None) -> Outcome:
    context.unit.put(replace(account, app=token))
    state = "disconnected" if token is None else "connected"
    context.note("connect_app", account.id, state)
    return Outcome(state=state)

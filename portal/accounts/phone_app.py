"""The portal's application on a person's phone: where it is, so that codes come to it (BND-04)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.my_account import NoForm
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["InstalledApp", "connect_app", "disconnect_app"]


@dataclass(frozen=True, kw_only=True)
class InstalledApp:
    """The token by which the push service knows the application."""

    token: str


@use_case(InstalledApp)
def connect_app(context: Context, form: InstalledApp) -> Outcome:
    """The application in which one is signed in gets codes from now on, and no other."""
    return _with(context, form.token or None)


@use_case(NoForm)
def disconnect_app(context: Context, form: NoForm) -> Outcome:
    """No application gets codes any more."""
    return _with(context, None)


def _with(context: Context, token: str | None) -> Outcome:
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    context.unit.put(replace(account, app=token))
    state = "disconnected" if token is None else "connected"
    context.note("connect_app", account.id, state)
    return Outcome(state=state)

"""Changing one's own password (PWD-01 to PWD-03), and choosing a second factor (AUTH-04)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.password_setting import chosen_password, wrong_with_password
from portal.accounts.retyped_password import RetypedPassword, proven_account
from portal.accounts.session import close_session, open_sessions_of
from portal.rules.passwords import is_recommended
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = ["PasswordChange", "SecondFactorChoice", "change_password", "choose_second_factor"]


@dataclass(frozen=True, kw_only=True)
class PasswordChange:
    """The password as it was and as it is to be."""

    old: str = secret()
    password: str = secret()


@dataclass(frozen=True, kw_only=True)
class SecondFactorChoice(RetypedPassword):
    """Whether every sign-in by password is to take a code as well."""

    on: bool


@use_case(PasswordChange)
def change_password(context: Context, form: PasswordChange) -> Outcome:
    """Set another password; sessions elsewhere end."""
    account, closed = proven_account(context, form.old)
    if account is None:
        return closed
    found = wrong_with_password(context, account, form.password)
    if found:
        return refused(found)
    context.unit.put(chosen_password(context, account, form.password))
    close_others(context, account)
    context.note("change_password", account.id, "changed")
    advice = [] if is_recommended(form.password, context.policy) else ["longer_password"]
    return Outcome(state="changed", data={"advice": advice})


@use_case(SecondFactorChoice)
def choose_second_factor(context: Context, form: SecondFactorChoice) -> Outcome:
    """Switch one's own second factor on or off; an organization's cabinet takes it anyway."""
    account, closed = proven_account(context, form.password)
    if account is None:
        return closed
    context.unit.put(replace(account, second_factor=form.on))
    context.note("choose_second_factor", account.id, "on" if form.on else "off")
    return Outcome(state="on" if form.on else "off")


def close_others(context: Context, account: Account) -> None:
    """End the sessions of an account other than the one in which it acts."""
    for session in open_sessions_of(context, account.id):
        if session.id != context.actor.session:
            close_session(context, session, "password")

"""Going on with a sign-in by password: codes, the application, a new password (AUTH-04 to 06)."""

from dataclasses import dataclass, replace

from portal.accounts.code_generator import generated
from portal.accounts.lockout import count_failure, lock_of
from portal.accounts.one_time_codes import (
    CodeWanted,
    OneTimeCode,
    TypedCode,
    code_outcome,
    contact_of,
    enter_code,
    is_live,
    send_code,
)
from portal.accounts.password_setting import chosen_password, wrong_with_password
from portal.accounts.pending_sign_in import next_step, purpose_of, waiting
from portal.accounts.sign_up import confirmed_by_code
from portal.rules.sign_in import SecondFactorMeans
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = [
    "AnotherCodeOfSignIn",
    "CodeOfSignIn",
    "NewPasswordOfSignIn",
    "OfSignIn",
    "confirm_sign_in",
    "continue_sign_in",
    "enter_sign_in_code",
    "resend_sign_in_code",
    "set_password_and_sign_in",
]


@dataclass(frozen=True, kw_only=True)
class OfSignIn:
    """A sign-in by its id."""

    sign_in: str


@dataclass(frozen=True, kw_only=True)
class CodeOfSignIn(OfSignIn, TypedCode):
    """The code that came for a sign-in."""


@dataclass(frozen=True, kw_only=True)
class AnotherCodeOfSignIn(OfSignIn, CodeWanted):
    """Another code is wanted for a sign-in."""


@dataclass(frozen=True, kw_only=True)
class NewPasswordOfSignIn(OfSignIn):
    """The password that a sign-in goes on with."""

    password: str = secret()


@use_case(CodeOfSignIn, signed_in=False, remembered=False, during_maintenance=True)
def enter_sign_in_code(context: Context, form: CodeOfSignIn) -> Outcome:
    """Go on with the code that came, or with one of the generator; a wrong one counts as a failure
    to sign in, and when the code is good for nothing any more the sign-in begins anew (AUTH-05)."""
    begun, account = waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    locked = lock_of(context, account, "")
    if locked:
        return refused(locked, "forbidden")
    if generated(context, account, form.code):
        return next_step(context, replace(begun, given="generator"), account)
    code, found = enter_code(context, purpose_of(begun), form.code)
    if code is None:
        count_failure(context, account, "")
        if not is_live(context, purpose_of(begun)):
            context.unit.delete(begun)
        return refused(found)
    account = context.unit.put(confirmed_by_code(account, code))
    return next_step(context, replace(begun, given=_means(code)), account)


def _means(code: OneTimeCode) -> SecondFactorMeans:
    return "app" if code.channel == "push" else code.channel


@use_case(AnotherCodeOfSignIn, signed_in=False, during_maintenance=True)
def resend_sign_in_code(context: Context, form: AnotherCodeOfSignIn) -> Outcome:
    """Send another code for a sign-in, after the interval or by the other channel (AUTH-06)."""
    begun, account = waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    to = contact_of(account, form.channel)
    return code_outcome(send_code(context, purpose_of(begun), form.channel, to), form.channel)


@use_case(OfSignIn, during_maintenance=True)
def confirm_sign_in(context: Context, form: OfSignIn) -> Outcome:
    """Confirm a sign-in of one's own in the application, where one is signed in (AUTH-04)."""
    begun, account = waiting(context, form.sign_in, "code")
    if begun is None or account is None or account.id != context.actor.account:
        return refused([], "absent")
    context.unit.put(replace(begun, given="app"))
    context.note("confirm_sign_in", account.id, "confirmed")
    return Outcome(state="confirmed")


@use_case(OfSignIn, signed_in=False, remembered=False, during_maintenance=True)
def continue_sign_in(context: Context, form: OfSignIn) -> Outcome:
    """Go on with a sign-in that was confirmed in the application."""
    begun, account = waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    if begun.given is None:
        return Outcome(state="code_needed", data={"sign_in": begun.id})
    return next_step(context, begun, account)


@use_case(NewPasswordOfSignIn, signed_in=False, remembered=False, during_maintenance=True)
def set_password_and_sign_in(context: Context, form: NewPasswordOfSignIn) -> Outcome:
    """Replace a password that is temporary or too old, and come in with that (PWD-03, PWD-04)."""
    begun, account = waiting(context, form.sign_in, "new_password")
    if begun is None or account is None:
        return refused([], "absent")
    found = wrong_with_password(context, account, form.password)
    if found:
        return refused(found)
    account = context.unit.put(chosen_password(context, account, form.password))
    context.note("change_password", account.id, "changed")
    return next_step(context, begun, account)

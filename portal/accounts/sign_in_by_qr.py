"""Sign-in by a QR code that one confirms in the application, where one is signed in (AUTH-08)."""

from dataclasses import dataclass, replace

from portal.accounts.account import Account
from portal.accounts.admission import admit
from portal.accounts.attempts import Attempt, attempt_of, begin_attempt, use_up
from portal.rules.rule import Violation
from portal.rules.sign_in import QrConfirmation, qr_is_live
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["BeginQr", "OfQr", "begin_qr_sign_in", "confirm_qr", "finish_qr_sign_in"]


@dataclass(frozen=True, kw_only=True)
class BeginQr:
    """A QR code is wanted; `organization` is the ОГРН whose cabinet is to be entered."""

    organization: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfQr:
    """A QR code by what it says."""

    qr: str


@use_case(BeginQr, signed_in=False, remembered=False, during_maintenance=True)
def begin_qr_sign_in(context: Context, form: BeginQr) -> Outcome:
    """Show a QR code."""
    attempt = begin_attempt(context, "qr", organization=form.organization)
    return Outcome(state="shown", data={"qr": attempt.id})


@use_case(OfQr, during_maintenance=True)
def confirm_qr(context: Context, form: OfQr) -> Outcome:
    """Confirm in the application what it has read from a screen: once, and soon."""
    attempt = attempt_of(context, "qr", form.qr)
    if attempt is None:
        return refused([], "absent")
    found = _live(context, attempt, used=attempt.account is not None)
    if found:
        return refused(found)
    context.unit.put(replace(attempt, account=context.actor.account))
    context.note("confirm_qr", context.actor.account or "", "confirmed")
    return Outcome(state="confirmed")


@use_case(OfQr, signed_in=False, remembered=False, during_maintenance=True)
def finish_qr_sign_in(context: Context, form: OfQr) -> Outcome:
    """Come in on the screen that has shown the code, once it is confirmed."""
    attempt = attempt_of(context, "qr", form.qr)
    if attempt is None:
        return refused([], "absent")
    found = _live(context, attempt, used=attempt.used)
    if found:
        return refused(found, "unauthenticated")
    if attempt.account is None:
        return Outcome(state="waiting")
    account = context.unit.get(Account, attempt.account)
    if account is None:
        return refused([], "absent")
    use_up(context, attempt)
    return admit(context, account, attempt.organization, "qr")


def _live(context: Context, attempt: Attempt, *, used: bool) -> tuple[Violation, ...]:
    claim = QrConfirmation(shown=attempt.started, now=context.now, used=used)
    return qr_is_live(claim, context.policy)

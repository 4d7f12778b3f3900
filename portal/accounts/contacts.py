"""The phone and the e-mail of an account: confirming them by a code, replacing them (ACC-02)."""

from dataclasses import dataclass, replace
from typing import Literal

from portal.accounts.account import Account
from portal.accounts.one_time_codes import (
    CodeChannel,
    OneTimeCode,
    TypedCode,
    code_outcome,
    enter_code,
    send_code,
)
from portal.accounts.sign_up import occupied
from portal.rules import identifiers
from portal.rules.identifiers import Written
from portal.rules.rule import every
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["ContactCode", "ContactRequest", "confirm_contact", "request_contact_code"]


@dataclass(frozen=True, kw_only=True)
class ContactRequest:
    """The contact that a code is to confirm; `value` replaces the one of the account."""

    contact: Literal["phone", "email"]
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactCode(TypedCode):
    """The code that came to the contact."""

    contact: Literal["phone", "email"]


@use_case(ContactRequest)
def request_contact_code(context: Context, form: ContactRequest) -> Outcome:
    """Send a code to a contact of one's own, or to the one that is to replace it."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    current = account.phone if form.contact == "phone" else account.email
    to = current if form.value is None else form.value
    typed = Written(field="value", text=to)
    is_phone = form.contact == "phone"
    check = identifiers.phone if is_phone else identifiers.email
    taken = occupied(context, to, "") if is_phone and to != current else ()
    found = list(every((check(typed, context.policy), taken)))
    if found or not to:
        return refused(found)
    channel: CodeChannel = "sms" if is_phone else "email"
    in_vain = send_code(context, _purpose(account, form.contact), channel, to)
    return code_outcome(in_vain, channel)


@use_case(ContactCode)
def confirm_contact(context: Context, form: ContactCode) -> Outcome:
    """Confirm a contact by the code that came to it; from now on it is the account's."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    code, found = enter_code(context, _purpose(account, form.contact), form.code)
    if code is None:
        return refused(found)
    taken = occupied(context, code.to, "") if form.contact == "phone" else ()
    if taken and code.to != account.phone:
        return refused(taken)
    context.unit.put(_with_contact(account, code))
    context.note("confirm_contact", account.id, "confirmed", contact=form.contact)
    return Outcome(state="confirmed")


def _with_contact(account: Account, code: OneTimeCode) -> Account:
    if code.channel == "sms":
        return replace(account, phone=code.to, phone_confirmed=True)
    return replace(account, email=code.to, email_confirmed=True)


def _purpose(account: Account, contact: str) -> str:
    return f"{contact}/{account.id}"

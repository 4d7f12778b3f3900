"""From nothing to an account that can sign in: the form, the code, the code again (ACC-01, 02)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.one_time_codes import (
    CodeWanted,
    OneTimeCode,
    TypedCode,
    code_outcome,
    contact_of,
    enter_code,
    send_code,
)
from portal.accounts.password_setting import chosen_password
from portal.noted_refusal import noted_refusal
from portal.rules import accounts, identifiers
from portal.rules.accounts import AccountForm, Occupied
from portal.rules.identifiers import Requisites, Written
from portal.rules.passwords import NewPassword, is_recommended, strong_enough
from portal.rules.rule import Violation, every
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task, use_case
from rulebook import Policy
from world.records import FullName

__all__ = [
    "Activation",
    "AnotherCode",
    "SignUp",
    "activate_account",
    "confirmed_by_code",
    "full_name_of",
    "occupied",
    "resend_code",
    "sign_up",
]

_UNACTIVATED_KEPT: Final = dt.timedelta(days=1)  # else a stranger would keep an ИНН for ever


@dataclass(frozen=True, kw_only=True)
class SignUp(CodeWanted):
    """The form of a new account, as typed: `name` in full, `birth_date` as ДД.ММ.ГГГГ."""

    name: str
    birth_date: str
    inn: str
    phone: str
    email: str
    password: str = secret()


@dataclass(frozen=True, kw_only=True)
class Activation(TypedCode):
    """The code that has come, for the account of an id."""

    account: str


@dataclass(frozen=True, kw_only=True)
class AnotherCode(CodeWanted):
    """Another code is wanted for an account that is not active yet."""

    account: str


@use_case(SignUp, signed_in=False)
def sign_up(context: Context, form: SignUp) -> Outcome:
    """Make an account and send the code that activates it."""
    taken = occupied(context, form.phone, form.inn)
    found = list(every((*_form_errors(form, context.policy), taken)))
    if found:
        return refused(found)
    account = _account(context, form)
    context.unit.put(chosen_password(context, account, form.password))
    send_code(context, _purpose(account), form.channel, contact_of(account, form.channel))
    schedule(context.unit, "forget_unactivated", account.id, context.now + _UNACTIVATED_KEPT)
    context.note("sign_up", account.id, "new")
    advice = [] if is_recommended(form.password, context.policy) else ["longer_password"]
    return Outcome(state="new", data={"account": account.id, "advice": advice})


@use_case(Activation, signed_in=False)
def activate_account(context: Context, form: Activation) -> Outcome:
    """Activate an account by the code; the contact it came to is confirmed by that (ACC-02)."""
    account = context.unit.get(Account, form.account)
    if account is None:
        return refused([], "absent")
    if not ACCOUNT_STATES.allows(account.state, "activate"):
        return refused([], "state", state=account.state)
    code, found = enter_code(context, _purpose(account), form.code)
    if code is None:
        return noted_refusal(context, account.id, refused(found))
    state = ACCOUNT_STATES.after(account.state, "activate")
    activated = replace(confirmed_by_code(account, code), state=state)
    context.unit.put(activated)
    context.note("activate_account", account.id, activated.state)
    return Outcome(state=activated.state, data={"account": account.id})


@use_case(AnotherCode, signed_in=False)
def resend_code(context: Context, form: AnotherCode) -> Outcome:
    """Send the code of activation again, or by the other channel (AUTH-06)."""
    account = context.unit.get(Account, form.account)
    if account is None:
        return refused([], "absent")
    if not ACCOUNT_STATES.allows(account.state, "activate"):
        return refused([], "state", state=account.state)
    to = contact_of(account, form.channel)
    return code_outcome(send_code(context, _purpose(account), form.channel, to), form.channel)


@task
def forget_unactivated(context: Context, planned: Task) -> None:
    """Nobody has entered the code: ИНН and phone are free again."""
    account = context.unit.get(Account, planned.subject)
    if account is not None and account.state == "new":
        context.unit.delete(account)
        context.note("forget_unactivated", account.id, "deleted")


def confirmed_by_code(account: Account, code: OneTimeCode) -> Account:
    """The account with the contact confirmed that a code came to."""
    if code.channel == "sms":
        return replace(account, phone_confirmed=True)
    return replace(account, email_confirmed=account.email_confirmed or code.channel == "email")


def full_name_of(text: str) -> FullName:
    """A name that ID-13 has accepted, by its parts: all after the first name is the patronymic."""
    last, first, *rest = text.split()
    return FullName(last=last, first=first, patronymic=" ".join(rest) or None)


def occupied(context: Context, phone: str, inn: str) -> tuple[Violation, ...]:
    """What ACC-09 says of a phone and an ИНН; an empty text is not asked about."""
    claim = Occupied(
        phone=bool(phone) and context.unit.one(Account, "phone", phone) is not None,
        inn=bool(inn) and context.unit.one(Account, "inn", inn) is not None,
    )
    return accounts.not_occupied(claim, context.policy)


def _form_errors(form: SignUp, policy: Policy) -> Iterable[tuple[Violation, ...]]:
    filled = AccountForm(
        name=form.name,
        birth_date=form.birth_date,
        inn=form.inn,
        phone=form.phone,
        email=form.email,
    )
    number = Requisites(kind="sole_proprietor", inn=form.inn, ogrn="")
    return (
        accounts.form_is_full(filled, policy),
        identifiers.full_name(Written(field="name", text=form.name), policy),
        identifiers.birth_date(Written(field="birth_date", text=form.birth_date), policy),
        identifiers.person_inn(number, policy),
        identifiers.no_other_signs(number, policy),
        identifiers.phone(Written(field="phone", text=form.phone), policy),
        identifiers.email(Written(field="email", text=form.email), policy),
        strong_enough(NewPassword(text=form.password, strict=False), policy),
    )


def _account(context: Context, form: SignUp) -> Account:
    return Account(
        id=context.portal.ports.entropy.token("account"),
        inn=form.inn,
        name=full_name_of(form.name),
        birth_date=dt.datetime.strptime(form.birth_date, "%d.%m.%Y").date(),
        phone=form.phone,
        email=form.email,
    )


def _purpose(account: Account) -> str:
    return f"activation/{account.id}"

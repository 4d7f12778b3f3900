"""Sign-in by login and password, with the second factor where it is needed (AUTH-01 to AUTH-06)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, TypeAlias

from portal.accounts.account import Account
from portal.accounts.admission import admit, barred
from portal.accounts.lockout import count_failure, lock_of
from portal.accounts.one_time_codes import CodeChannel, enter_code, is_live, send_code
from portal.accounts.password_setting import chosen_password, wrong_with_password
from portal.accounts.sign_up import confirmed_by_code, contact_of
from portal.organizations.organization import Membership, Organization
from portal.rules.passwords import (
    PasswordAge,
    TemporaryPassword,
    not_too_old,
    own_instead_of_temporary,
)
from portal.rules.rule import Violation, every
from portal.rules.sign_in import (
    FirstSignIn,
    LoginPair,
    SecondFactor,
    SecondFactorMeans,
    TypedLogin,
    first_sign_in_by_code,
    login_kind,
    login_recognised,
    pair_matches,
    second_factor_given,
)
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task, use_case

__all__ = [
    "CodeOfSignIn",
    "Credentials",
    "NewPasswordOfSignIn",
    "SignIn",
    "confirm_sign_in",
    "continue_sign_in",
    "enter_sign_in_code",
    "resend_sign_in_code",
    "set_password_and_sign_in",
    "sign_in",
]

_LASTS: Final = dt.timedelta(minutes=15)  # assumption: to fetch a code and think of a password
_MOST_OF_ONE_EMAIL: Final = 5  # accounts tried; each costs the time of a slow hash

Stage: TypeAlias = Literal["code", "new_password"]


@dataclass(frozen=True, kw_only=True)
class SignIn(Entity):
    """A sign-in whose password was right and which waits for more; `organization` is an ОГРН."""

    KIND: ClassVar[str] = "sign_in"

    account: str
    organization: str | None
    started: dt.datetime
    stage: Stage = "code"
    given: SecondFactorMeans | None = None

    def is_over(self, now: dt.datetime) -> bool:
        """Whether it has waited too long."""
        return now >= self.started + _LASTS


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Login and password, and the ОГРН of the organization whose cabinet is entered. A login that
    is an organization's names it too."""

    login: str
    password: str = secret()
    organization: str | None = None


@dataclass(frozen=True, kw_only=True)
class CodeOfSignIn:
    """The code that came for a sign-in."""

    sign_in: str
    code: str = secret()


@dataclass(frozen=True, kw_only=True)
class AnotherCodeOfSignIn:
    """Another code is wanted for a sign-in, by this channel."""

    sign_in: str
    channel: CodeChannel = "sms"


@dataclass(frozen=True, kw_only=True)
class NewPasswordOfSignIn:
    """The password that a sign-in goes on with."""

    sign_in: str
    password: str = secret()


@dataclass(frozen=True, kw_only=True)
class OfSignIn:
    """A sign-in by its id."""

    sign_in: str


@use_case(Credentials, signed_in=False, remembered=False)
def sign_in(context: Context, form: Credentials) -> Outcome:
    """Begin a sign-in: a session at once, or what is needed before."""
    found = login_recognised(TypedLogin(text=form.login), context.policy)
    if found:
        return refused(found)
    candidates, implied = _candidates(context, form.login)
    locks = {each.id: lock_of(context, each, form.login) for each in candidates}
    locked = lock_of(context, None, form.login) if not candidates else _all_locked(locks)
    if locked:
        return refused(locked, "forbidden")
    unlocked = [each for each in candidates if not locks[each.id]]
    account = _of_password(context, unlocked, form.password)
    if account is None:
        for each in unlocked:
            count_failure(context, each, form.login)
        if not unlocked:
            count_failure(context, None, form.login)
        return refused(pair_matches(LoginPair(matches=False), context.policy), "unauthenticated")
    ogrn = form.organization or implied
    closed = barred(context, account, ogrn)
    if closed is not None:
        return closed
    begun = SignIn(
        id=context.portal.ports.entropy.token("sign_in"),
        account=account.id,
        organization=ogrn,
        started=context.now,
    )
    schedule(context.unit, "forget_sign_in", begun.id, context.now + _LASTS)
    return _next(context, begun, account)


@use_case(CodeOfSignIn, signed_in=False, remembered=False)
def enter_sign_in_code(context: Context, form: CodeOfSignIn) -> Outcome:
    """Go on with the code that came; a wrong one counts as a failure to sign in, and when the code
    is good for nothing any more the sign-in begins anew (AUTH-05)."""
    begun, account = _waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    locked = lock_of(context, account, "")
    if locked:
        return refused(locked, "forbidden")
    code, found = enter_code(context, _purpose(begun), form.code)
    if code is None:
        count_failure(context, account, "")
        if not is_live(context, _purpose(begun)):
            context.unit.delete(begun)
        return refused(found)
    account = context.unit.put(confirmed_by_code(account, code))
    return _next(context, replace(begun, given=code.channel), account)


@use_case(AnotherCodeOfSignIn, signed_in=False)
def resend_sign_in_code(context: Context, form: AnotherCodeOfSignIn) -> Outcome:
    """Send another code for a sign-in, after the interval or by the other channel (AUTH-06)."""
    begun, account = _waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    to = contact_of(account, form.channel)
    found = send_code(context, _purpose(begun), form.channel, to)
    return refused(found) if found else Outcome(state="code_sent", data={"channel": form.channel})


@use_case(OfSignIn)
def confirm_sign_in(context: Context, form: OfSignIn) -> Outcome:
    """Confirm a sign-in of one's own in the application, where one is signed in (AUTH-04)."""
    begun, account = _waiting(context, form.sign_in, "code")
    if begun is None or account is None or account.id != context.actor.account:
        return refused([], "absent")
    context.unit.put(replace(begun, given="app"))
    context.note("confirm_sign_in", account.id, "confirmed")
    return Outcome(state="confirmed")


@use_case(OfSignIn, signed_in=False, remembered=False)
def continue_sign_in(context: Context, form: OfSignIn) -> Outcome:
    """Go on with a sign-in that was confirmed in the application."""
    begun, account = _waiting(context, form.sign_in, "code")
    if begun is None or account is None:
        return refused([], "absent")
    if begun.given is None:
        return Outcome(state="code_needed", data={"sign_in": begun.id})
    return _next(context, begun, account)


@use_case(NewPasswordOfSignIn, signed_in=False, remembered=False)
def set_password_and_sign_in(context: Context, form: NewPasswordOfSignIn) -> Outcome:
    """Replace a password that is temporary or too old, and come in with that (PWD-03, PWD-04)."""
    begun, account = _waiting(context, form.sign_in, "new_password")
    if begun is None or account is None:
        return refused([], "absent")
    found = wrong_with_password(context, account, form.password)
    if found:
        return refused(found)
    account = context.unit.put(chosen_password(context, account, form.password))
    context.note("change_password", account.id, "changed")
    return _next(context, begun, account)


@task
def forget_sign_in(context: Context, planned: Task) -> None:
    """Nobody has gone on with a sign-in."""
    begun = context.unit.get(SignIn, planned.subject)
    if begun is not None:
        context.unit.delete(begun)


def _candidates(context: Context, login: str) -> tuple[list[Account], str | None]:
    """Accounts that a login may mean, and the ОГРН that it names."""
    kind = login_kind(login)
    if kind == "email":
        found = context.unit.find(Account, "email", login.casefold())
        return found[:_MOST_OF_ONE_EMAIL], None
    if kind in ("legal_inn", "ogrn"):
        key = "inn" if kind == "legal_inn" else "ogrn"
        organization = context.unit.one(Organization, key, login)
        if organization is None:
            return [], None
        return _heads_of(context, organization), organization.requisites.ogrn
    key = {"phone": "phone", "person_inn": "inn"}.get(str(kind), "login_code")
    return context.unit.find(Account, key, login), None


def _heads_of(context: Context, organization: Organization) -> list[Account]:
    """The owner of an organization; as long as it has none, its head."""
    members = context.unit.find(Membership, "organization", organization.id)
    heads = [each.account for each in members if each.role == "head"]
    owners = heads if organization.owner is None else [organization.owner]
    found = (context.unit.get(Account, each) for each in owners)
    return [account for account in found if account is not None]


def _all_locked(locks: dict[str, tuple[Violation, ...]]) -> tuple[Violation, ...]:
    return next(iter(locks.values())) if all(locks.values()) else ()


def _of_password(context: Context, accounts: list[Account], password: str) -> Account | None:
    """The account whose password it is; it takes as long where there is none."""
    passwords = context.portal.ports.passwords
    if not accounts:
        passwords.verify("", password)
        return None
    matching = [each for each in accounts if passwords.verify(each.password, password)]
    return matching[0] if matching else None


def _next(context: Context, begun: SignIn, account: Account) -> Outcome:
    """What follows: the second factor, then a password of one's own, then the session."""
    needed = _second_factor(context, begun, account)
    if needed:
        return _ask_for_code(context, begun, account, needed)
    stale = _stale_password(context, account)
    if stale:
        context.unit.put(replace(begun, stage="new_password"))
        return Outcome(state="password_change_needed", violations=stale, data={"sign_in": begun.id})
    if begun.version:
        context.unit.delete(begun)
    method: Literal["password", "password_code"] = (
        "password" if begun.given is None else "password_code"
    )
    return admit(context, account, begun.organization, method)


def _second_factor(context: Context, begun: SignIn, account: Account) -> tuple[Violation, ...]:
    factor = SecondFactor(
        target="person" if begun.organization is None else "organization",
        switched_on=account.second_factor,
        given=begun.given,
    )
    first = FirstSignIn(first=account.signed_in_at is None, code_given=begun.given is not None)
    return tuple(
        every(
            (
                second_factor_given(factor, context.policy),
                first_sign_in_by_code(first, context.policy),
            )
        )
    )


def _stale_password(context: Context, account: Account) -> tuple[Violation, ...]:
    own = TemporaryPassword(temporary=account.password_is_temporary)
    found = [own_instead_of_temporary(own, context.policy)]
    if account.password_set_at is not None and not account.password_is_temporary:
        age = PasswordAge(set_at=account.password_set_at, now=context.now)
        found.append(not_too_old(age, context.policy))
    return tuple(every(found))


def _ask_for_code(
    context: Context, begun: SignIn, account: Account, needed: tuple[Violation, ...]
) -> Outcome:
    channel: CodeChannel = (
        "sms" if account.phone_confirmed or not account.email_confirmed else "email"
    )
    other: CodeChannel = "email" if channel == "sms" else "sms"
    send_code(
        context,
        _purpose(begun),
        channel,
        contact_of(account, channel),
        otherwise=[(other, contact_of(account, other))],
    )
    context.unit.put(begun)
    return Outcome(
        state="code_needed", violations=needed, data={"sign_in": begun.id, "channel": channel}
    )


def _waiting(
    context: Context, sign_in_id: str, stage: Stage
) -> tuple[SignIn | None, Account | None]:
    """The sign-in of that id that waits for that, and its account."""
    begun = context.unit.get(SignIn, sign_in_id)
    if begun is None or begun.stage != stage or begun.is_over(context.now):
        return None, None
    return begun, context.unit.get(Account, begun.account)


def _purpose(begun: SignIn) -> str:
    return f"sign_in/{begun.id}"

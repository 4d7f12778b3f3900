"""A sign-in by password on its way: the second factor, a password of one's own, the session."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Literal, TypeAlias

from portal.accounts.account import Account
from portal.accounts.admission import admit
from portal.accounts.one_time_codes import CodeChannel, send_code
from portal.rules.passwords import (
    PasswordAge,
    TemporaryPassword,
    not_too_old,
    own_instead_of_temporary,
)
from portal.rules.rule import Violation, every
from portal.rules.sign_in import (
    FirstSignIn,
    SecondFactor,
    SecondFactorMeans,
    first_sign_in_by_code,
    second_factor_given,
)
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, task

__all__ = ["SignIn", "begin_sign_in", "next_step", "purpose_of", "waiting"]

_LASTS: Final = dt.timedelta(minutes=15)  # assumption: to fetch a code and think of a password

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


def begin_sign_in(context: Context, account: Account, ogrn: str | None) -> Outcome:
    """What follows a right password: the session, or what is needed before."""
    begun = SignIn(
        id=context.portal.ports.entropy.token("sign_in"),
        account=account.id,
        organization=ogrn,
        started=context.now,
    )
    schedule(context.unit, "forget_sign_in", begun.id, context.now + _LASTS)
    return next_step(context, begun, account)


def next_step(context: Context, begun: SignIn, account: Account) -> Outcome:
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
    by_sms: tuple[CodeChannel, str] = ("sms", account.phone)
    by_email: tuple[CodeChannel, str] = ("email", account.email)
    confirmed = [
        contact
        for contact, is_confirmed in (
            (by_sms, account.phone_confirmed),
            (by_email, account.email_confirmed),
        )
        if is_confirmed
    ]
    (channel, to), *otherwise = confirmed or [by_sms]
    send_code(context, purpose_of(begun), channel, to, otherwise)
    context.unit.put(begun)
    return Outcome(
        state="code_needed", violations=needed, data={"sign_in": begun.id, "channel": channel}
    )


def waiting(
    context: Context, sign_in_id: str, stage: Stage
) -> tuple[SignIn | None, Account | None]:
    """The sign-in of that id that waits for that, and its account."""
    begun = context.unit.get(SignIn, sign_in_id)
    if begun is None or begun.stage != stage or begun.is_over(context.now):
        return None, None
    return begun, context.unit.get(Account, begun.account)


def purpose_of(begun: SignIn) -> str:
    """What the code of a sign-in is for."""
    return f"sign_in/{begun.id}"


@task
def forget_sign_in(context: Context, planned: Task) -> None:
    """Nobody has gone on with a sign-in."""
    begun = context.unit.get(SignIn, planned.subject)
    if begun is not None:
        context.unit.delete(begun)

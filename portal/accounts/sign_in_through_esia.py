"""Sign-in through ЕСИА, for oneself or for an organization (AUTH-10, INT-02)."""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from portal.accounts.account import Account
from portal.accounts.admission import admit
from portal.accounts.attempts import attempt_of, begin_attempt, use_up
from portal.ports.esia import EsiaPerson, EsiaRefused
from portal.ports.unavailable import Unavailable
from portal.rules.integration import EsiaAccess, esia_checks_access
from portal.rules.rule import Violation
from portal.rules.sign_in import EsiaAnswered, esia_vouches
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["BeginEsia", "EsiaReturn", "begin_esia_sign_in", "finish_esia_sign_in"]

_FRESH: Final = dt.timedelta(minutes=15)  # as long as ЕСИА's own page waits


@dataclass(frozen=True, kw_only=True)
class BeginEsia:
    """Nothing but the wish."""


@dataclass(frozen=True, kw_only=True)
class EsiaReturn:
    """What the browser has come back with; `role` is what the person has chosen."""

    code: str
    state: str
    role: Literal["person", "organization"] | None = None


@use_case(BeginEsia, signed_in=False, remembered=False, during_maintenance=True)
def begin_esia_sign_in(context: Context, form: BeginEsia) -> Outcome:
    """The address that the browser goes to."""
    attempt = begin_attempt(context, "esia")
    try:
        address = context.portal.ports.esia.sign_in_address(attempt.id)
    except Unavailable:
        return refused([], "later")
    return Outcome(state="redirect", data={"address": address, "state": attempt.id})


@use_case(EsiaReturn, signed_in=False, remembered=False, during_maintenance=True)
def finish_esia_sign_in(context: Context, form: EsiaReturn) -> Outcome:
    """Come in with the code that ЕСИА gave."""
    attempt = attempt_of(context, "esia", form.state)
    is_ours = attempt is not None and not attempt.used
    fresh = attempt is not None and context.now < attempt.started + _FRESH
    person: EsiaPerson | None = None
    if attempt is not None and is_ours and fresh:
        try:
            person = context.portal.ports.esia.person(form.code, form.state)
        except EsiaRefused:
            person = None
        except Unavailable:
            return refused([], "later")
        use_up(context, attempt)
    account = None if person is None else _account_of(context, person)
    claim = EsiaAnswered(
        accepted=person is not None,
        state_matches=is_ours,
        fresh=fresh,
        role=form.role,
        known=account is not None,
    )
    found = esia_vouches(claim, context.policy) or _without_access(context, form, person)
    if found or person is None or account is None:
        return refused(found, "unauthenticated")
    ogrn = person.organization if form.role == "organization" else None
    return admit(context, account, ogrn, "esia")


def _without_access(
    context: Context, form: EsiaReturn, person: EsiaPerson | None
) -> tuple[Violation, ...]:
    """What INT-02 says: ЕСИА trusts the account, and gives it the organization it comes for."""
    claim = EsiaAccess(
        vouched=person is not None and person.trusted,
        gives_organization=form.role != "organization"
        or (person is not None and person.organization is not None),
    )
    return esia_checks_access(claim, context.policy)


def _account_of(context: Context, person: EsiaPerson) -> Account | None:
    found = context.unit.one(Account, "inn", person.inn)
    return found or context.unit.one(Account, "snils", person.snils)

"""Failures in a row, the lock they bring, and the block of what looks like somebody else's hand."""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.accounts.session import Device, close_session, device_id, open_sessions_of
from portal.organizations.organization import Membership
from portal.ports.messenger import Letter
from portal.rules.rule import Violation
from portal.rules.sign_in import Activity, Failures, SignInPlace, activity_unsuspicious, not_locked
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = [
    "FailedSignIns",
    "block",
    "count_failure",
    "forget_failures",
    "lock_of",
    "place_of",
    "suspicion",
]

_FORGOTTEN_AFTER: Final = dt.timedelta(days=1)  # failures this far apart are not in a row
_ADMINISTRATORS: Final = ("head", "admin")
_ALERT: Final = "Учётная запись заблокирована из-за подозрительной активности: {}. Проверьте её."


@dataclass(frozen=True, kw_only=True)
class FailedSignIns(Entity):
    """Failures in a row of an account, or of a login that is nobody's: both are locked alike, so
    that a lock does not tell which logins there are (AUTH-02)."""

    KIND: ClassVar[str] = "failed_sign_ins"

    in_row: int
    last: dt.datetime


def lock_of(context: Context, account: Account | None, login: str) -> tuple[Violation, ...]:
    """What AUTH-03 says against a sign-in now."""
    failed = context.unit.get(FailedSignIns, _subject(account, login))
    claim = Failures(
        in_row=0 if failed is None else failed.in_row,
        last=None if failed is None else failed.last,
        now=context.now,
    )
    return not_locked(claim, context.policy)


def count_failure(context: Context, account: Account | None, login: str) -> None:
    """One more failure; too many of them block an account (AUTH-14)."""
    subject = _subject(account, login)
    failed = context.unit.get(FailedSignIns, subject)
    counted = FailedSignIns(
        id=subject,
        version=0 if failed is None else failed.version,
        in_row=1 if failed is None else failed.in_row + 1,
        last=context.now,
    )
    context.unit.put(counted)
    schedule(context.unit, "forget_failed_sign_ins", subject, context.now + _FORGOTTEN_AFTER)
    if account is None:
        return
    context.note("sign_in", account.id, "failed", in_row=counted.in_row)
    if account.blocked_at is None and suspicion(context, account):
        block(context, account)


def forget_failures(context: Context, account: Account) -> None:
    """The person has come in: what failed before is in a row no more."""
    failed = context.unit.get(FailedSignIns, _subject(account, ""))
    if failed is not None:
        context.unit.delete(failed)


def suspicion(
    context: Context, account: Account, place: SignInPlace | None = None
) -> tuple[Violation, ...]:
    """What AUTH-14 says of the failures so far and of the place of a sign-in (None: none yet)."""
    failed = context.unit.get(FailedSignIns, _subject(account, ""))
    claim = Activity(
        failures=0 if failed is None else failed.in_row,
        place=place or SignInPlace(device_known=True, region_usual=True),
        blocked=account.blocked_at is not None,
    )
    return activity_unsuspicious(claim, context.policy)


def place_of(context: Context, account: Account) -> SignInPlace:
    """Where the actor is, against the devices of the account; a region that nobody can tell is
    usual, and so is everything at the first sign-in, which a code confirms (AUTH-17)."""
    devices = context.unit.find(Device, "account", account.id)
    region = context.actor.region
    if account.signed_in_at is None:
        return SignInPlace(device_known=True, region_usual=True)
    return SignInPlace(
        device_known=device_id(account.id, context.actor.device) in {each.id for each in devices},
        region_usual=not region or region in {each.region for each in devices},
    )


def block(context: Context, account: Account) -> Account:
    """Let nobody in with an account; its sessions end, its organizations' administrators know."""
    for session in open_sessions_of(context, account.id):
        close_session(context, session, "blocked")
    for address in sorted({account.email, *_administrators(context, account)}):
        context.send(
            Letter(
                id=context.portal.ports.entropy.token("letter"),
                channel="email",
                to=address,
                subject="Подозрительная активность",
                text=_ALERT.format(account.name),
            )
        )
    context.note("block", account.id, "blocked", rule="AUTH-14")
    return context.unit.put(replace(account, blocked_at=context.now))


@task
def forget_failed_sign_ins(context: Context, planned: Task) -> None:
    """There has been no failure for a day."""
    failed = context.unit.get(FailedSignIns, planned.subject)
    if failed is not None:
        context.unit.delete(failed)


def _administrators(context: Context, account: Account) -> set[str]:
    """E-mails of those who administrate the organizations of an account."""
    found = set()
    for own in context.unit.find(Membership, "account", account.id):
        for member in context.unit.find(Membership, "organization", own.organization):
            administrator = context.unit.get(Account, member.account)
            if member.role in _ADMINISTRATORS and administrator is not None:
                found.add(administrator.email)
    return found


def _subject(account: Account | None, login: str) -> str:
    if account is not None:
        return account.id
    return f"login/{hashlib.sha256(login.casefold().encode()).hexdigest()}"

"""Sign-in by login and password (AUTH-01 to AUTH-03)."""

from dataclasses import dataclass
from typing import Final

from portal.accounts.account import Account
from portal.accounts.admission import barred
from portal.accounts.lockout import count_failure, lock_of
from portal.accounts.pending_sign_in import begin_sign_in
from portal.organizations.organization import Membership, Organization
from portal.rules.rule import Violation
from portal.rules.sign_in import (
    LoginPair,
    TypedLogin,
    login_kind,
    login_recognised,
    pair_matches,
)
from portal.use_case import Context, Outcome, refused, secret, use_case

__all__ = ["Credentials", "sign_in"]

_MOST_OF_ONE_EMAIL: Final = 5  # accounts tried; each costs the time of a slow hash


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Login and password, and the ОГРН of the organization whose cabinet is entered. A login that
    is an organization's names it too."""

    login: str
    password: str = secret()
    organization: str | None = None


@use_case(Credentials, signed_in=False, remembered=False, during_maintenance=True)
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
    return begin_sign_in(context, account, ogrn)


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

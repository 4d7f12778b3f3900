"""A profile that the client program keeps on a trusted device and signs in with (ENV-02)."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Final

from portal.accounts.account import Account
from portal.accounts.admission import barred
from portal.accounts.lockout import lock_of
from portal.accounts.pending_sign_in import begin_sign_in
from portal.accounts.retyped_password import RetypedPassword, proven_account
from portal.accounts.session import Device, Session, device_id
from portal.accounts.token_digest import token_digest
from portal.noted_refusal import noted_refusal
from portal.organizations.organization import Organization
from portal.rules.workplace import SavedProfile, workplace_is_fit
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, secret, task, use_case

__all__ = ["KeptProfile", "ProfileSignIn", "save_profile", "sign_in_by_profile"]

_LASTS: Final = dt.timedelta(days=90)  # assumption: as long as a password often does


@dataclass(frozen=True, kw_only=True)
class KeptProfile(Entity):
    """A profile that was saved on a device. Its id is the SHA-256 of what the program keeps;
    `password` is the account's hash then: with another password it is good no more."""

    KIND: ClassVar[str] = "saved_profile"

    account: str
    organization: str | None
    device: str
    password: str
    saved_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class ProfileSignIn:
    """What the program has kept."""

    profile: str = secret()


@use_case(RetypedPassword, remembered=False)
def save_profile(context: Context, form: RetypedPassword) -> Outcome:
    """Let the device of this session sign in to where the session is; `profile` is shown now and
    never again."""
    session = context.unit.get(Session, context.actor.session or "")
    if session is None:
        return refused([], "unauthenticated")
    account, closed = proven_account(context, form.password)
    if account is None:
        return closed
    profile = context.portal.ports.entropy.token("profile")
    made = context.unit.put(
        KeptProfile(
            id=token_digest(profile),
            account=account.id,
            organization=session.organization,
            device=session.device,
            password=account.password,
            saved_at=context.now,
        )
    )
    until = context.now + _LASTS
    schedule(context.unit, "forget_profile", made.id, until)
    context.note("save_profile", account.id, "saved")
    return Outcome(state="saved", data={"profile": profile, "until": until.isoformat()})


@use_case(ProfileSignIn, signed_in=False, remembered=False, during_maintenance=True)
def sign_in_by_profile(context: Context, form: ProfileSignIn) -> Outcome:
    """Come in as whoever has saved the profile on this device: it stands for the password, so that
    the cabinet of an organization takes a second factor all the same (AUTH-04)."""
    kept = context.unit.get(KeptProfile, token_digest(form.profile))
    account = None if kept is None else context.unit.get(Account, kept.account)
    violations = workplace_is_fit(_standing(context, kept, account), context.policy)
    if violations or kept is None or account is None:
        refusal = refused(violations, "unauthenticated")
        return refusal if account is None else noted_refusal(context, account.id, refusal)
    locked = lock_of(context, account, "")
    if locked:
        return refused(locked, "forbidden")
    organization = context.unit.get(Organization, kept.organization or "")
    ogrn = None if organization is None else organization.requisites.ogrn
    closed = barred(context, account, ogrn)
    return begin_sign_in(context, account, ogrn) if closed is None else closed


@task
def forget_profile(context: Context, planned: Task) -> None:
    """A profile has been kept as long as it may."""
    kept = context.unit.get(KeptProfile, planned.subject)
    if kept is not None:
        context.unit.delete(kept)


def _standing(context: Context, kept: KeptProfile | None, account: Account | None) -> SavedProfile:
    if kept is None or account is None:
        return SavedProfile(known=False, fresh=False, same_device=False)
    here = device_id(account.id, context.actor.device)
    return SavedProfile(
        known=True,
        fresh=context.now < kept.saved_at + _LASTS and account.password == kept.password,
        same_device=kept.device == here and context.unit.get(Device, here) is not None,
    )

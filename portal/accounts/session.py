"""Sessions and the devices they are on (AUTH-11 to AUTH-13)."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from portal.accounts.account import Account
from portal.accounts.token_digest import token_digest
from portal.api_keys.api_key import PREFIX, ApiKey, key_id
from portal.organizations.organization import Organization
from portal.rules.binding import no_mistake
from portal.rules.binding_claims import MistakenBinding
from portal.rules.integration import KeyUse, key_is_allowed
from portal.rules.roles import Dismissed, dismissed_has_no_access
from portal.rules.rule import Violation
from portal.rules.sign_in import (
    DeviceStanding,
    Method,
    OpenSessions,
    device_trusted,
    session_to_spare,
)
from portal.store.entity import Entity
from portal.store.unit import Unit
from portal.tasks import Task, schedule
from portal.use_case import Actor, Context, HeldKey, task
from rulebook import Policy

if TYPE_CHECKING:
    from portal.portal import Portal

__all__ = [
    "ClosedFor",
    "Device",
    "Session",
    "SignedIn",
    "actor_of",
    "close_session",
    "device_id",
    "level_of",
    "open_session",
    "open_sessions_of",
    "too_many_sessions",
]

SESSION_LASTS: Final = dt.timedelta(hours=12)  # assumption: a working day with its evening

ClosedFor: TypeAlias = Literal["sign_out", "device", "password", "blocked", "dismissed"]


@dataclass(frozen=True, kw_only=True)
class Session(Entity):
    """An open sign-in. Its id is the SHA-256 of the token, which only the person has.

    `slot` is its place among the sessions of the `organization` it is for; `closed_for` says why it
    has ended before its time.
    """

    KIND: ClassVar[str] = "session"

    account: str
    organization: str | None
    method: Method
    device: str
    ip: str
    region: str
    opened: dt.datetime
    slot: int | None = None
    closed_for: ClosedFor | None = None

    def keys(self) -> Mapping[str, str]:
        """By the account, and by the organization."""
        organization = {} if self.organization is None else {"organization": self.organization}
        return {"account": self.account, **organization}

    def unique(self) -> Mapping[str, str]:
        """By its place among its organization's sessions: two are never in one (AUTH-11)."""
        return {} if self.slot is None else {"slot": f"{self.organization}/{self.slot}"}

    def is_open(self, now: dt.datetime) -> bool:
        """Whether it still is."""
        return self.closed_for is None and now < self.opened + SESSION_LASTS


@dataclass(frozen=True, kw_only=True)
class Device(Entity):
    """A device that an account has signed in from with success: trusted until it is removed."""

    KIND: ClassVar[str] = "device"

    account: str
    name: str
    region: str
    since: dt.datetime
    last_seen: dt.datetime

    def keys(self) -> Mapping[str, str]:
        """By the account."""
        return {"account": self.account}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who bears a token: nobody (`actor` without account) and perhaps why not."""

    actor: Actor
    violations: tuple[Violation, ...] = ()


def actor_of(portal: "Portal", token: str, *, ip: str, device: str, region: str) -> SignedIn:
    """Who acts with a session's token or a key of the API, from where; a closed or unknown session,
    a revoked, old or unknown key is nobody's, and so is one whose issuer is blocked (AUTH-14) or
    whose organization is closed until it is corrected (BND-19)."""
    nobody = Actor(ip=ip, device=device, region=region)
    if token.startswith(PREFIX):
        return _bearer_of_key(portal, token, nobody)
    session = Unit(portal.ports.store).get(Session, token_digest(token))
    if session is None:
        return SignedIn(actor=nobody)
    if not session.is_open(portal.ports.clock.now()):
        return SignedIn(actor=nobody, violations=_why_closed(session, portal.policy))
    actor = replace(
        nobody,
        account=session.account,
        organization=session.organization,
        session=session.id,
        signed_in_by=session.method,
    )
    return SignedIn(actor=actor)


def too_many_sessions(context: Context, organization: str) -> tuple[Violation, ...]:
    """What AUTH-11 says against one more session of an organization."""
    found = context.unit.find(Session, "organization", organization)
    already = sum(each.is_open(context.now) for each in found)
    return session_to_spare(OpenSessions(open=already), context.policy)


def open_session(
    context: Context, account: Account, organization: str | None, method: Method
) -> tuple[Session, str]:
    """A new session of the actor's device, and its token, which nobody else may see."""
    token = context.portal.ports.entropy.token("session")
    session = Session(
        id=token_digest(token),
        account=account.id,
        organization=organization,
        method=method,
        device=device_id(account.id, context.actor.device),
        ip=context.actor.ip,
        region=context.actor.region,
        opened=context.now,
        slot=None if organization is None else _free_slot(context, organization),
    )
    context.unit.put(session)
    _trust(context, account.id)
    schedule(context.unit, "end_session", session.id, context.now + SESSION_LASTS)
    return session, token


def close_session(context: Context, session: Session, why: ClosedFor) -> None:
    """End a session now; it is still told why until it would have ended itself."""
    context.unit.put(replace(session, closed_for=why, slot=None))
    context.note("close_session", session.account, why, session=session.id[:8])


def open_sessions_of(context: Context, account: str) -> list[Session]:
    """The open sessions of an account, by when they were opened."""
    found = context.unit.find(Session, "account", account)
    return sorted(
        (each for each in found if each.is_open(context.now)),
        key=lambda session: (session.opened, session.id),
    )


def device_id(account: str, device: str) -> str:
    """The id of the device that calls itself `device`."""
    return f"{account}/{hashlib.sha256(device.encode()).hexdigest()[:16]}"


def level_of(method: str, high: tuple[str, ...]) -> Literal["high", "basic"]:
    """How far a method of sign-in carries (AUTH-16)."""
    return "high" if method in high else "basic"


@task
def end_session(context: Context, planned: Task) -> None:
    """A session has lasted as long as it may."""
    session = context.unit.get(Session, planned.subject)
    if session is not None:
        context.unit.delete(session)


def _bearer_of_key(portal: "Portal", token: str, nobody: Actor) -> SignedIn:
    unit = Unit(portal.ports.store)
    key = unit.get(ApiKey, key_id(token))
    if key is None or not key.is_in_force(portal.ports.clock.now()):
        claim = KeyUse(in_force=False, rights=(), right=None)
        return SignedIn(actor=nobody, violations=key_is_allowed(claim, portal.policy))
    closed = _closed_to_key(unit, key, portal.policy)
    if closed:
        return SignedIn(actor=nobody, violations=closed)
    actor = replace(
        nobody,
        account=key.issued_by,
        organization=key.organization,
        signed_in_by="api_key",
        key=HeldKey(key.id, frozenset(key.rights)),
    )
    return SignedIn(actor=actor)


def _closed_to_key(unit: Unit, key: ApiKey, policy: Policy) -> tuple[Violation, ...]:
    """What keeps everybody out whom a key stands for."""
    issuer = unit.get(Account, key.issued_by)
    if issuer is not None and issuer.blocked_at is not None:
        claim = KeyUse(in_force=True, issuer_blocked=True, rights=key.rights, right=None)
        return key_is_allowed(claim, policy)
    organization = unit.get(Organization, key.organization)
    mistaken = () if organization is None else organization.mistaken
    return no_mistake(MistakenBinding(wrong=mistaken), policy)


def _why_closed(session: Session, policy: Policy) -> tuple[Violation, ...]:
    removed = DeviceStanding(removed=session.closed_for == "device")
    dismissed = Dismissed(dismissed=session.closed_for == "dismissed", wants_access=True)
    return (
        *device_trusted(removed, policy),
        *dismissed_has_no_access(dismissed, policy),
    )


def _free_slot(context: Context, organization: str) -> int:
    """The first place that no session has. Two who take the same are in Conflict, and the later one
    looks again."""
    found = context.unit.find(Session, "organization", organization)
    taken = {each.slot for each in found}
    return next(slot for slot in range(len(taken) + 1) if slot not in taken)


def _trust(context: Context, account: str) -> None:
    device, known = context.actor.device, device_id(account, context.actor.device)
    before = context.unit.get(Device, known)
    context.unit.put(
        Device(
            id=known,
            version=0 if before is None else before.version,
            account=account,
            name=device,
            region=context.actor.region,
            since=context.now if before is None else before.since,
            last_seen=context.now,
        )
    )

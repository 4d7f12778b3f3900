"""What a person sees of their own account, and what they may end: sessions, devices."""

from dataclasses import dataclass

from portal.accounts.account import ACCOUNT_STATES, Account
from portal.accounts.code_generator import code_generator_of
from portal.accounts.identity_record import standing_violations
from portal.accounts.session import Device, Session, close_session, level_of, open_sessions_of
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "NoForm",
    "OfDevice",
    "OfSession",
    "end_session_of_mine",
    "my_account",
    "my_devices",
    "my_sessions",
    "remove_device",
    "sign_out",
]


@dataclass(frozen=True, kw_only=True)
class NoForm:
    """Nothing is asked."""


@dataclass(frozen=True, kw_only=True)
class OfSession:
    """A session by its id."""

    session: str


@dataclass(frozen=True, kw_only=True)
class OfDevice:
    """A device by its id."""

    device: str


@view(NoForm)
def my_account(context: Context, asked: NoForm) -> Outcome:
    """The account, and what stands between it and its confirmation."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return refused([], "absent")
    return Outcome(
        state=account.state,
        violations=tuple(standing_violations(context, account)),
        data={
            "title": ACCOUNT_STATES.titles[account.state],
            "name": str(account.name),
            "birth_date": account.birth_date.isoformat(),
            "inn": account.inn,
            "snils": account.snils,
            "phone": account.phone,
            "phone_confirmed": account.phone_confirmed,
            "email": account.email,
            "email_confirmed": account.email_confirmed,
            "confirmed_by": account.confirmed_by,
            "second_factor": account.second_factor,
            "code_generator": code_generator_of(context, account) is not None,
        },
    )


@view(NoForm)
def my_sessions(context: Context, asked: NoForm) -> Outcome:
    """Open sessions by when they were opened: how, when and from where (AUTH-12)."""
    high = context.policy.texts("AUTH-16.high")
    return Outcome(
        state="shown",
        data={
            "sessions": [
                {
                    "session": each.id,
                    "organization": each.organization,
                    "method": each.method,
                    "level": level_of(each.method, high),
                    "device": each.device,
                    "ip": each.ip,
                    "region": each.region,
                    "opened": each.opened.isoformat(),
                    "current": each.id == context.actor.session,
                }
                for each in open_sessions_of(context, context.actor.account or "")
            ]
        },
    )


@view(NoForm)
def my_devices(context: Context, asked: NoForm) -> Outcome:
    """Trusted devices by since when they are (AUTH-13)."""
    found = context.unit.find(Device, "account", context.actor.account or "")
    return Outcome(
        state="shown",
        data={
            "devices": [
                {
                    "device": each.id,
                    "name": each.name,
                    "region": each.region,
                    "since": each.since.isoformat(),
                    "last_seen": each.last_seen.isoformat(),
                }
                for each in sorted(found, key=lambda device: (device.since, device.id))
            ]
        },
    )


@use_case(NoForm, during_maintenance=True)
def sign_out(context: Context, form: NoForm) -> Outcome:
    """End the session in which one acts."""
    return _end(context, context.actor.session or "")


@use_case(OfSession)
def end_session_of_mine(context: Context, form: OfSession) -> Outcome:
    """End a session of one's own, here or elsewhere (AUTH-11)."""
    return _end(context, form.session)


@use_case(OfDevice)
def remove_device(context: Context, form: OfDevice) -> Outcome:
    """Trust a device no longer; the sessions on it end, and are told why (AUTH-13)."""
    device = context.unit.get(Device, form.device)
    if device is None or device.account != context.actor.account:
        return refused([], "absent")
    context.unit.delete(device)
    ended = [
        session
        for session in open_sessions_of(context, device.account)
        if session.device == device.id
    ]
    for session in ended:
        close_session(context, session, "device")
    context.note("remove_device", device.account, "removed")
    return Outcome(state="removed", data={"sessions_closed": len(ended)})


def _end(context: Context, session_id: str) -> Outcome:
    session = context.unit.get(Session, session_id)
    if session is None or session.account != context.actor.account:
        return refused([], "absent")
    if session.is_open(context.now):
        close_session(context, session, "sign_out")
    return Outcome(state="signed_out")

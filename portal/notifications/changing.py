"""Settings of notices are changed by a code to a registered contact, each change is in the journal
(NTF-01 to NTF-03, NTF-06)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from portal.accounts.account import Account
from portal.accounts.one_time_codes import (
    CodeWanted,
    TypedCode,
    code_outcome,
    enter_code,
    send_code,
    send_code_to,
    wrong_code,
)
from portal.notifications.delivery import catch_up, hold
from portal.notifications.settings import NotificationSettings, contact_by, settings_id
from portal.notifications.sources import listen_to_sources
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules import identifiers
from portal.rules import notifications as rules
from portal.rules.identifiers import Written
from portal.rules.notifications import (
    CHANNELS,
    FREQUENCIES,
    ConfirmedChange,
    Subscription,
    WantedFrequency,
    WantedNotices,
    WantedSubscriptions,
)
from portal.rules.rights import NOTIFICATION_SETTINGS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = [
    "AddedContact",
    "AddedContactCode",
    "NotificationChange",
    "SettingsQuery",
    "change_notifications",
    "confirm_notification_contact",
    "notification_settings",
    "own_settings",
    "request_notification_code",
    "request_notification_contact",
]


@dataclass(frozen=True, kw_only=True)
class ChangeCode(CodeWanted):
    """A code for a change of one's settings in an organization."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class NotificationChange:
    """What is to be changed, and the code; what is left out stays as it is.

    The first of the `channels` (email, sms, push) is tried first. `frequency` is at_once, daily or
    weekly. A subscription names an agency (a system of the rule book, `portal` or `any`) and a kind
    of events of NTF-01.
    """

    organization: str
    channels: tuple[str, ...] | None = None
    subscriptions: tuple[Subscription, ...] | None = None
    frequency: str | None = None
    paused: bool | None = None
    code: str = field(default="", metadata={"secret": True})


@dataclass(frozen=True, kw_only=True)
class AddedContact:
    """A phone or an address where notices are to go, in place of the account's own."""

    organization: str
    channel: Literal["email", "sms"] = "email"
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class AddedContactCode(TypedCode):
    """The code that came to the contact."""

    organization: str
    channel: Literal["email", "sms"] = "email"


@dataclass(frozen=True, kw_only=True)
class SettingsQuery:
    """One's own in an organization."""

    organization: str


@use_case(ChangeCode)
@in_organization(NOTIFICATION_SETTINGS)
def request_notification_code(context: Context, form: ChangeCode, found: Organization) -> Outcome:
    """Send the code without which no setting changes (NTF-02)."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    in_vain = send_code_to(context, _purpose(account, found), account, form.channel)
    return code_outcome(in_vain, form.channel)


@use_case(NotificationChange)
@in_organization(NOTIFICATION_SETTINGS)
def change_notifications(
    context: Context, form: NotificationChange, found: Organization
) -> Outcome:
    """Choose channels, events and frequency, pause or resume: by a code (NTF-02). What has
    gathered meanwhile goes as the settings are from now on."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    before = own_settings(context, found) or _unset(context, account, found)
    violations = [*_unfit(context, form, account, before)]
    if not form.code or not violations:
        violations += _unconfirmed(context, form.code, _purpose(account, found))
    if violations:
        return refused(violations)
    after = context.unit.put(_changed(context, form, before))
    context.note("change_notifications", found.id, "changed", **_differing(before, after))
    listen_to_sources(context, found, after)
    if after.is_paused:
        hold(context, after)
    else:
        catch_up(context, after)
    return Outcome(state="paused" if after.is_paused else "changed", data=after.shown())


@use_case(AddedContact)
@in_organization(NOTIFICATION_SETTINGS)
def request_notification_contact(
    context: Context, form: AddedContact, found: Organization
) -> Outcome:
    """Send a code to a contact that is to be added, and again if it did not come (NTF-04)."""
    claim = WantedSubscriptions(
        subscriptions=(), agencies=(), contacts={form.channel: form.value.strip()}
    )
    typed = Written(field="value", text=form.value)
    check = identifiers.phone if form.channel == "sms" else identifiers.email
    violations = rules.subscriptions_are_whole(claim, context.policy) or check(
        typed, context.policy
    )
    if violations:
        return refused(violations)
    purpose = _contact_purpose(context, found, form.channel)
    return code_outcome(send_code(context, purpose, form.channel, form.value), form.channel)


@use_case(AddedContactCode)
@in_organization(NOTIFICATION_SETTINGS)
def confirm_notification_contact(
    context: Context, form: AddedContactCode, found: Organization
) -> Outcome:
    """Add the contact that the code came to."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    code, violations = enter_code(
        context, _contact_purpose(context, found, form.channel), form.code
    )
    if code is None:
        return refused(violations)
    before = own_settings(context, found) or _unset(context, account, found)
    contacts = {**before.contacts, form.channel: code.to}
    after = context.unit.put(replace(before, contacts=contacts, changed_at=context.now))
    context.note("confirm_notification_contact", found.id, "added", channel=form.channel)
    return Outcome(state="added", data=after.shown())


@view(SettingsQuery)
@in_organization(NOTIFICATION_SETTINGS)
def notification_settings(context: Context, query: SettingsQuery, found: Organization) -> Outcome:
    """One's settings; `unset` while nothing was chosen: then nothing is told (NTF-01)."""
    settings = own_settings(context, found)
    if settings is None or not settings.channels:
        return Outcome(state="unset", data={} if settings is None else settings.shown())
    return Outcome(state="paused" if settings.is_paused else "set", data=settings.shown())


def own_settings(context: Context, found: Organization) -> NotificationSettings | None:
    """The actor's settings in an organization; None before they have set anything."""
    whose = settings_id(context.actor.account or "", found.id)
    return context.unit.get(NotificationSettings, whose)


# --- inside


def _unset(context: Context, account: Account, found: Organization) -> NotificationSettings:
    return NotificationSettings(
        id=settings_id(account.id, found.id),
        account=account.id,
        organization=found.id,
        changed_at=context.now,
    )


def _unfit(
    context: Context, form: NotificationChange, account: Account, before: NotificationSettings
) -> Iterator[Violation]:
    """What is wrong with the settings as they would be."""
    channels = before.channels if form.channels is None else form.channels
    chosen = before.subscriptions if form.subscriptions is None else form.subscriptions
    yield from rules.notices_are_chosen(
        WantedNotices(channels=channels, kinds=[each.kind for each in chosen]), context.policy
    )
    if form.frequency is not None:
        yield from rules.frequency_is_known(
            WantedFrequency(frequency=form.frequency), context.policy
        )
    known = [each for each in CHANNELS if each in channels]
    claim = WantedSubscriptions(
        subscriptions=chosen,
        agencies=context.portal.book.systems,
        contacts={each: contact_by(account, before.contacts, each) for each in known},
    )
    yield from rules.subscriptions_are_whole(claim, context.policy)


def _unconfirmed(context: Context, code: str, purpose: str) -> tuple[Violation, ...]:
    wrong = wrong_code(context, purpose, code) if code else None
    claim = ConfirmedChange(is_typed=bool(code), wrong=wrong)
    return rules.change_is_confirmed(claim, context.policy)


def _changed(
    context: Context, form: NotificationChange, before: NotificationSettings
) -> NotificationSettings:
    """What was typed is known to be good."""
    wanted: dict[str, Any] = {}
    if form.channels is not None:
        wanted["channels"] = tuple(
            channel for name in form.channels for channel in CHANNELS if channel == name
        )
    if form.subscriptions is not None:
        wanted["subscriptions"] = form.subscriptions
    if form.frequency is not None:
        wanted["frequency"] = next(each for each in FREQUENCIES if each == form.frequency)
    if form.paused is not None:
        wanted["is_paused"] = form.paused
    return replace(before, **wanted, changed_at=context.now)


def _differing(before: NotificationSettings, after: NotificationSettings) -> dict[str, Any]:
    """What a change was about, for the journal: contacts themselves are not in it."""
    was, now = before.shown(), after.shown()
    return {name: now[name] for name in now if name != "contacts" and was[name] != now[name]}


def _purpose(account: Account, found: Organization) -> str:
    return f"notifications/{account.id}/{found.id}"


def _contact_purpose(context: Context, found: Organization, channel: str) -> str:
    return f"notification_contact/{context.actor.account}/{found.id}/{channel}"

"""Notices on their way: gathered, sent at once or in a digest, by another channel if one fails
(NTF-03, NTF-04).

The portal asks the gateway what has become of a message. It sends another, and then takes another
channel, only once the gateway has given the message up: so nothing comes twice. A gateway that
takes nothing is asked again, a few times, before that.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from portal.accounts.account import Account
from portal.events import Event, subscriber
from portal.notifications.notice import NOTICE_STATES, Dispatch, Notice
from portal.notifications.settings import NotificationSettings
from portal.notifications.wording import subject_of, texts_of
from portal.organizations.membership import membership_of
from portal.ports.messenger import Channel, Letter, NotSent
from portal.rules.notifications import next_digest
from portal.tasks import Task, retry_pause, schedule
from portal.use_case import Context, task

__all__ = ["catch_up", "hold", "notify", "send_notices"]

_ATTEMPTS: Final = 5  # assumption: with a gateway that takes nothing, before another channel
_REPEATS: Final = 1  # assumption: of a message that a gateway has given up
_VALID: Final = dt.timedelta(days=1)  # assumption: how long a gateway tries
_CRITICAL_VALID: Final = dt.timedelta(hours=1)  # assumption


@subscriber
def notify(context: Context, event: Event) -> None:
    """Let everybody in the organization know who has subscribed to such events."""
    for settings in context.unit.find(NotificationSettings, "organization", event.organization):
        notice_id = f"{event.id}/{settings.account}"
        is_known = context.unit.get(Notice, notice_id) is not None
        if is_known or not settings.wants(event) or _has_left(context, settings):
            continue
        notice = context.unit.put(
            Notice(
                id=notice_id,
                settings=settings.id,
                event=event.id,
                kind=event.kind,
                agency=event.agency,
                title=event.title,
                text=event.text,
                is_critical=event.is_critical,
                at=event.at,
            )
        )
        _let_go(context, settings, [notice])


def catch_up(context: Context, settings: NotificationSettings) -> None:
    """What waits goes as the settings are now: at once, or in a digest that is planned anew."""
    planned = context.unit.get(Task, f"send_digest/{settings.id}")
    if planned is not None:
        context.unit.delete(planned)
    _let_go(context, settings, _waiting(context, settings))


def hold(context: Context, settings: NotificationSettings) -> None:
    """What no gateway has taken yet waits: the mailing is paused."""
    for dispatch in context.unit.find(Dispatch, "settings", settings.id):
        if not dispatch.looks:
            _take_back(context, dispatch)


def send_notices(
    context: Context,
    settings: NotificationSettings,
    notices: Sequence[Notice],
    tried: tuple[Channel, ...] = (),
) -> None:
    """Let notices go by the first channel that was not tried; without any they are given up."""
    account = context.unit.get(Account, settings.account)
    ways = {} if account is None or _has_left(context, settings) else settings.ways(account)
    left = [(channel, contact) for channel, contact in ways.items() if channel not in tried]
    if not left:
        _put_in(context, notices, "give_up")
        if notices:
            context.note(
                "notify",
                settings.organization,
                "undelivered",
                recipient=settings.account,
                notices=[each.event for each in notices],
            )
        return
    channel, contact = left[0]
    batch = context.portal.ports.entropy.token("dispatch")
    for number, (part, text) in enumerate(texts_of(notices, channel)):
        term = _CRITICAL_VALID if any(each.is_critical for each in part) else _VALID
        dispatch = context.unit.put(
            Dispatch(
                id=f"{batch}-{number:04}",  # they go in this order
                settings=settings.id,
                notices=tuple(each.id for each in part),
                channel=channel,
                contact=contact,
                subject=subject_of(part),
                text=text,
                validity_s=int(term.total_seconds()),
                tried=tried,
            )
        )
        _put_in(context, part, "dispatch")
        schedule(context.unit, "deliver_notices", dispatch.id, context.now)


@task
def send_digest(context: Context, planned: Task) -> None:
    """What has gathered by now goes in one digest."""
    settings = context.unit.get(NotificationSettings, planned.subject)
    if settings is not None and not settings.is_paused:
        send_notices(context, settings, _waiting(context, settings))


@task
def deliver_notices(context: Context, planned: Task) -> None:
    """Hand a message over, or ask what has become of it; another channel once it has failed."""
    dispatch = context.unit.get(Dispatch, planned.subject)
    settings = (
        None if dispatch is None else context.unit.get(NotificationSettings, dispatch.settings)
    )
    if dispatch is None or settings is None:
        return
    if not dispatch.looks and dispatch.channel not in settings.channels:
        _go_another_way(context, settings, dispatch)  # it was switched off meanwhile
        return
    try:
        fate = context.portal.ports.messenger.fate(_letter(dispatch))
    except NotSent:
        _put_off(context, settings, replace(dispatch, failures=dispatch.failures + 1))
        return
    if fate == "delivered":
        _put_in(context, _notices(context, dispatch), "deliver", dispatch.channel)
        context.unit.delete(dispatch)
    elif fate == "failed":
        _repeat(context, settings, dispatch)
    else:
        _put_off(context, settings, replace(dispatch, failures=0, looks=dispatch.looks + 1))


# --- inside


def _let_go(context: Context, settings: NotificationSettings, notices: Iterable[Notice]) -> None:
    """At once what is critical (NTF-03), or all if that is the frequency; the rest in a digest."""
    if settings.is_paused:
        return
    is_at_once = settings.frequency == "at_once"
    urgent = [each for each in notices if is_at_once or each.is_critical]
    if urgent:
        send_notices(context, settings, urgent)
    if is_at_once:
        return
    planned = context.unit.get(Task, f"send_digest/{settings.id}")
    if planned is not None:
        context.unit.put(planned)  # a conflict with a digest that goes just now, without these
    elif _waiting(context, settings):
        calendar = context.portal.ports.clock.calendar
        due = next_digest(settings.frequency, context.now, calendar)
        schedule(context.unit, "send_digest", settings.id, due)


def _put_off(context: Context, settings: NotificationSettings, dispatch: Dispatch) -> None:
    if dispatch.failures >= _ATTEMPTS and not dispatch.looks:
        _go_another_way(context, settings, dispatch)
        return
    context.unit.put(dispatch)
    pause = retry_pause(dispatch.failures + dispatch.looks)
    schedule(context.unit, "deliver_notices", dispatch.id, context.now + pause)


def _repeat(context: Context, settings: NotificationSettings, dispatch: Dispatch) -> None:
    """Once more by the same channel, as another message; then by another one."""
    if dispatch.repeats >= _REPEATS:
        _go_another_way(context, settings, dispatch)
        return
    again = replace(dispatch, repeats=dispatch.repeats + 1, failures=0, looks=0)
    context.unit.put(again)
    pause = retry_pause(again.repeats)
    schedule(context.unit, "deliver_notices", again.id, context.now + pause)


def _go_another_way(context: Context, settings: NotificationSettings, dispatch: Dispatch) -> None:
    context.unit.delete(dispatch)
    tried = (*dispatch.tried, dispatch.channel)
    send_notices(context, settings, _notices(context, dispatch), tried)


def _take_back(context: Context, dispatch: Dispatch) -> None:
    _put_in(context, _notices(context, dispatch), "hold")
    context.unit.delete(dispatch)


def _waiting(context: Context, settings: NotificationSettings) -> list[Notice]:
    found = context.unit.find(Notice, "waiting", settings.id)
    return sorted(found, key=lambda each: (each.at, each.id))


def _notices(context: Context, dispatch: Dispatch) -> list[Notice]:
    found = (context.unit.get(Notice, each) for each in dispatch.notices)
    return [each for each in found if each is not None]


def _put_in(context: Context, notices: Iterable[Notice], event: str, channel: str = "") -> None:
    for each in notices:
        state = NOTICE_STATES.after(each.state, event)
        context.unit.put(replace(each, state=state, channel=channel))


def _has_left(context: Context, settings: NotificationSettings) -> bool:
    return membership_of(context, settings.account, settings.organization) is None


def _letter(dispatch: Dispatch) -> Letter:
    return Letter(
        id=f"{dispatch.id}-{dispatch.repeats}",
        channel=dispatch.channel,
        to=dispatch.contact,
        subject="" if dispatch.channel == "sms" else dispatch.subject,
        text=dispatch.text,
        validity_s=dispatch.validity_s,
    )

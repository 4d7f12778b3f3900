"""Events from outside: courts, legislation and terms, read from their sources once somebody wants
them (NTF-01, NTF-05)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.events import Event, EventKind, publish
from portal.notifications.settings import NotificationSettings
from portal.notifications.terms import Term, TermKind, set_term
from portal.organizations.organization import Organization
from portal.ports.public_events import PublicEvent
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["SYSTEM", "SourceSubscription", "listen_to_sources"]

SYSTEM: Final = "courts_law"
_LOOKS: Final = dt.timedelta(hours=1)  # assumption: how often the feed is read
_KINDS: Final[Mapping[str, EventKind]] = {"court": "court", "legislation": "law"}
_TERMS: Final[Mapping[str, TermKind]] = {"report": "report", "payment": "payment"}
_WANTED: Final = frozenset({"court", "law", "deadline"})


@dataclass(frozen=True, kw_only=True)
class SourceSubscription(Entity):
    """An organization (its id) whose events are in the feed under a `number`."""

    KIND: ClassVar[str] = "source_subscription"

    number: str
    inn: str

    def keys(self) -> Mapping[str, str]:
        """By the number."""
        return {"number": self.number}


@dataclass(frozen=True, kw_only=True)
class SourceCursor(Entity):
    """How far the feed of a source (its id) was read."""

    KIND: ClassVar[str] = "source_cursor"

    number: int = 0


def listen_to_sources(
    context: Context, organization: Organization, settings: NotificationSettings
) -> None:
    """Have the sources tell of an organization, if that is wanted and they do not yet."""
    is_wanted = any(each.kind in _WANTED for each in settings.subscriptions)
    if is_wanted and context.unit.get(SourceSubscription, organization.id) is None:
        schedule(context.unit, "subscribe_to_sources", organization.id, context.now)


@task
def subscribe_to_sources(context: Context, planned: Task) -> None:
    """Subscribe to what is about an organization; Unavailable plans it again."""
    organization = context.unit.get(Organization, planned.subject)
    if organization is None:
        return
    inn = organization.requisites.inn
    number = context.portal.ports.public_events.subscribe(f"portal-{organization.id}", inn)
    if number is None:
        context.note("subscribe_to_sources", organization.id, "unknown")
        return
    context.unit.put(SourceSubscription(id=organization.id, number=number, inn=inn))
    if context.unit.get(Task, f"read_sources/{SYSTEM}") is None:
        schedule(context.unit, "read_sources", SYSTEM, context.now + _LOOKS)


@task
def read_sources(context: Context, planned: Task) -> None:
    """Tell what is new in the feed, once; Unavailable plans it again."""
    cursor = context.unit.get(SourceCursor, SYSTEM) or SourceCursor(id=SYSTEM)
    found = context.portal.ports.public_events.after(cursor.number)
    for each in found:
        _tell(context, each)
    if found:
        context.unit.put(replace(cursor, number=found[-1].number))
    pause = dt.timedelta() if found else _LOOKS
    schedule(context.unit, "read_sources", SYSTEM, context.now + pause)


def _tell(context: Context, told: PublicEvent) -> None:
    subscription = context.unit.one(SourceSubscription, "number", told.subscription)
    if subscription is None:
        return
    if told.inn != subscription.inn:  # it is about somebody else, whatever list it is in
        context.note("read_sources", subscription.id, "misaddressed", event=told.id)
        return
    if told.topic == "deadline":
        _set_term(context, subscription, told)
        return
    kind = _KINDS.get(told.topic)
    if kind is None:
        return
    publish(
        context,
        Event(
            id=f"{SYSTEM}/{told.id}",
            organization=subscription.id,
            kind=kind,
            agency=SYSTEM,
            subject=told.id,
            title=told.title,
            text=str(told.details.get("court") or told.details.get("law") or ""),
            details={name: str(value) for name, value in told.details.items()},
            at=context.now,
        ),
    )


def _set_term(context: Context, subscription: SourceSubscription, told: PublicEvent) -> None:
    """The last day is until midnight; a term that makes no sense is noted."""
    details = told.details
    kind = _TERMS.get(str(details.get("kind")))
    try:
        last = dt.date.fromisoformat(str(details.get("due")))
    except ValueError:
        kind = None
    if kind is None:
        context.note("read_sources", subscription.id, "unreadable", event=told.id)
        return
    calendar = context.portal.ports.clock.calendar
    title, period = str(details.get("title") or told.title), str(details.get("period") or "")
    set_term(
        context,
        Term(
            id=f"{subscription.id}/{details.get('code')}/{period}/{last}",
            organization=subscription.id,
            kind=kind,
            title=f"{title}, {period}" if period else title,
            due=calendar.local(calendar.midnight(last + dt.timedelta(days=1))),
            agency=SYSTEM,
        ),
    )

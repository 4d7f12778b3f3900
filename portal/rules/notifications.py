"""Chapter NTF: what is told to whom by which way, how often, and how settings are changed."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from portal.events import EventKind
from portal.ports.messenger import Channel
from portal.rules.reasons import NOT_STATED
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from world.calendar import Calendar

__all__ = [
    "ANY",
    "CHANNELS",
    "FREQUENCIES",
    "KINDS",
    "OWN",
    "REMINDED",
    "ConfirmedChange",
    "Frequency",
    "NoticeOnItsWay",
    "Subscription",
    "TermAhead",
    "WantedFrequency",
    "WantedNotices",
    "WantedSubscriptions",
    "change_is_confirmed",
    "frequency_is_known",
    "next_digest",
    "notice_is_delivered",
    "notices_are_chosen",
    "subscriptions_are_whole",
    "term_is_told",
]

Frequency: TypeAlias = Literal["at_once", "daily", "weekly"]

CHANNELS: Final[tuple[Channel, ...]] = ("email", "sms", "push")
"""By which people are told (NTF-01)."""

KINDS: Final[tuple[EventKind, ...]] = get_args(EventKind)

FREQUENCIES: Final[Mapping[Frequency, Text]] = MappingProxyType(
    {
        "at_once": Text("сразу", "at once"),
        "daily": Text("раз в сутки", "daily"),
        "weekly": Text("раз в неделю", "weekly"),
    }
)


ANY: Final = "any"
"""Stands for every agency in a subscription."""

OWN: Final = "portal"
"""Stands for the portal itself, whose events name no agency."""

REMINDED: Final = (dt.timedelta(days=14), dt.timedelta(days=7), dt.timedelta(days=1))
"""Assumption: how long before a term people are reminded of it."""

_DIGEST_AT: Final = dt.time(9)  # assumption: when digests go, local time
_DIGEST_ON: Final = 0  # assumption: weekly ones on Mondays


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Events of a `kind` of an `agency`: a system of the rule book, OWN or ANY."""

    agency: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedNotices:
    """Channels and kinds of events as they were typed."""

    channels: Sequence[str]
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedChange:
    """A change of settings: whether a code was typed, and what is wrong with it (None: nothing)."""

    is_typed: bool
    wrong: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedFrequency:
    """How often somebody wants to be told, as it was typed."""

    frequency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOnItsWay:
    """What has become of a notice, by its `title`; `was_given_up` once every way was tried."""

    title: str
    was_given_up: bool
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAhead:
    """A report, a payment or a signature that is due at a moment, and what time it is now."""

    title: str
    due: dt.datetime
    now: dt.datetime
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSubscriptions:
    """What somebody subscribes to, the agencies that there are, and by channel of their choice the
    contact by which they are told (empty: there is none)."""

    subscriptions: Sequence[Subscription]
    agencies: Collection[str]
    contacts: Mapping[str, str]


@rule("NTF-01")
def notices_are_chosen(claim: WantedNotices, policy: Policy) -> Iterator[Found]:
    """One channel at least and one kind of events, of those that there are."""
    if not claim.channels:
        yield Found("channels", Text("ни одного канала", "no channel"))
    if not claim.kinds:
        yield Found("subscriptions", Text("ни одного события", "no event"))
    for place, channel in enumerate(claim.channels):
        if channel not in CHANNELS:
            yield Found(f"channels.{place}", _no_such(channel))
    for place, kind in enumerate(claim.kinds):
        if kind and kind not in KINDS:
            yield Found(f"subscriptions.{place}.kind", _no_such(kind))


@rule("NTF-02")
def change_is_confirmed(claim: ConfirmedChange, policy: Policy) -> Iterator[Found]:
    """Whoever changes settings types the code that came to a registered contact."""
    if not claim.is_typed:
        yield Found("code", Text("кода нет", "there is no code"))
    elif claim.wrong is not None:
        yield Found("code", claim.wrong)


@rule("NTF-03")
def frequency_is_known(claim: WantedFrequency, policy: Policy) -> Iterator[Found]:
    """At once, daily or weekly."""
    if claim.frequency not in FREQUENCIES:
        yield Found("frequency", _no_such(claim.frequency))


@rule("NTF-04")
def notice_is_delivered(claim: NoticeOnItsWay, policy: Policy) -> Iterator[Found]:
    """What went by no channel is not lost: people see it and send it again."""
    if claim.was_given_up:
        yield Found(claim.field, Text(claim.title, claim.title))


@rule("NTF-05")
def term_is_told(claim: TermAhead, policy: Policy) -> Iterator[Found]:
    """A term is told of before it ends, from the first reminder on."""
    if claim.due - max(REMINDED) <= claim.now < claim.due:
        day = f"{claim.due:%d.%m.%Y}"
        yield Found(claim.field, Text(f"{claim.title}, до {day}", f"{claim.title}, by {day}"))


@rule("NTF-06")
def subscriptions_are_whole(claim: WantedSubscriptions, policy: Policy) -> Iterator[Found]:
    """Each subscription names an agency and an event, each channel has a contact."""
    for place, each in enumerate(claim.subscriptions):
        if each.agency not in (ANY, *claim.agencies):
            reason = _no_such(each.agency) if each.agency else NOT_STATED
            yield Found(f"subscriptions.{place}.agency", reason)
        if not each.kind:
            yield Found(f"subscriptions.{place}.kind", NOT_STATED)
    for channel, contact in claim.contacts.items():
        if not contact:
            yield Found("channels", Text(f"{channel}: нет контакта", f"{channel}: no contact"))


def next_digest(frequency: Frequency, now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """When what has gathered goes next; later than `now` but for those who are told at once."""
    if frequency == "at_once":
        return now
    day = now.date() + dt.timedelta(days=0 if now.time() < _DIGEST_AT else 1)
    if frequency == "weekly":
        day += dt.timedelta(days=(_DIGEST_ON - day.weekday()) % 7)
    return calendar.local(calendar.instant(dt.datetime.combine(day, _DIGEST_AT)))


def _no_such(named: str) -> Text:
    return Text(f"«{named}» нет", f"there is no «{named}»")

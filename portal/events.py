"""What happens to organizations and others want to know of (NTF-01): told to every subscriber in
the unit of work in which it happened, so that nothing is told that was not done, or not told that
was."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, Literal, TypeAlias

from portal.store.entity import Entity
from portal.use_case import Context

__all__ = ["SUBSCRIBERS", "Event", "EventKind", "publish", "subscriber"]

EventKind: TypeAlias = Literal[
    "application", "payment", "data_change", "court", "deadline", "law", "document"
]
"""The kinds of NTF-01."""


@dataclass(frozen=True, kw_only=True)
class Event(Entity):
    """Something of a `kind` happened to an organization, about `subject` (an id), at a moment.

    `agency` is whose business it is (a system of the rule book; empty: the portal's own), `title`
    and `text` are what people read, `details` what programs read. What `is_critical` waits for no
    digest (NTF-03).
    """

    KIND: ClassVar[str] = "event"

    organization: str
    kind: EventKind
    agency: str = ""
    subject: str
    title: str
    text: str
    details: Mapping[str, str] = field(default_factory=dict)
    is_critical: bool = False
    at: dt.datetime


Subscriber: TypeAlias = Callable[[Context, Event], None]

_SUBSCRIBERS: Final[dict[str, Subscriber]] = {}
SUBSCRIBERS: Final[Mapping[str, Subscriber]] = MappingProxyType(_SUBSCRIBERS)


def subscriber(tell: Subscriber) -> Subscriber:
    """Let the decorated function hear of every event; what takes time it plans as a task.
    ValueError for a name that is taken."""
    if tell.__name__ in _SUBSCRIBERS:
        raise ValueError(f"subscriber {tell.__name__} is written twice")
    _SUBSCRIBERS[tell.__name__] = tell
    return tell


def publish(context: Context, event: Event) -> None:
    """Keep an event and tell it to all subscribers; one whose id is known was told before."""
    if context.unit.get(Event, event.id) is not None:
        return
    context.unit.put(event)
    for name in sorted(_SUBSCRIBERS):
        _SUBSCRIBERS[name](context, event)

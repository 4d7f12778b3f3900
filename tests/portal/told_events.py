"""Events by the organization that they happened to: the portal itself finds them by id alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from portal.events import Event
from portal.ports.store import Store
from portal.store.entity import Entity
from portal.store.unit import Unit
from portal.use_case import Context

__all__ = ["events_of", "keep_told_event"]


@dataclass(frozen=True, kw_only=True)
class ToldEvent(Entity):
    """An event that subscribers have been told of, under its own id."""

    KIND: ClassVar[str] = "told_event"

    event: Event

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.event.organization}


def keep_told_event(context: Context, event: Event) -> None:
    """A subscriber, of tests that have the fixture `kept_events`."""
    context.unit.put(ToldEvent(id=event.id, event=event))


def events_of(store: Store, organization: str) -> list[Event]:
    """What has happened to an organization, by id."""
    return [each.event for each in Unit(store).find(ToldEvent, "organization", organization)]

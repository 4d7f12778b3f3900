"""Receivers of an organization, and what is to be delivered to them, as the portal keeps it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.events import EventKind
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context

__all__ = [
    "DELIVERY_STATES",
    "DeliveryState",
    "WebhookDelivery",
    "WebhookProgress",
    "WebhookReceiver",
    "delivery_id",
    "delivery_ids",
    "in_state",
    "progress_of",
]

DeliveryState: TypeAlias = Literal["waiting", "delivered", "undelivered", "repeated"]

DELIVERY_STATES: Final[StateTable[DeliveryState]] = StateTable(
    name="webhook delivery",
    titles={
        "waiting": "Ждёт доставки",
        "delivered": "Доставлено",
        "undelivered": "Не доставлено",
        "repeated": "Отправлено снова",
    },
    first="waiting",
    transitions={
        ("waiting", "taken"): "delivered",
        ("waiting", "not_taken"): "waiting",
        ("waiting", "give_up"): "undelivered",
        ("undelivered", "repeat"): "repeated",
    },
)


@dataclass(frozen=True, kw_only=True)
class WebhookReceiver(Entity):
    """A program of an organization that hears of events of some `kinds` (none: of all) at `url`.

    `secret` is kept as it is, for bodies are signed with it; no view shows it. `planned` is the
    number of the last delivery that was planned.
    """

    KIND: ClassVar[str] = "webhook_receiver"

    organization: str
    url: str
    secret: str
    kinds: tuple[EventKind, ...]
    added_by: str
    added_at: dt.datetime
    planned: int = 0
    removed_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"organization": self.organization}

    def shown(self, waiting: int = 0) -> dict[str, Any]:
        """As those see it who manage access; so many deliveries are `waiting`."""
        return {
            "receiver": self.id,
            "url": self.url,
            "kinds": list(self.kinds),
            "added_by": self.added_by,
            "added_at": self.added_at.isoformat(),
            "waiting": waiting,
        }


@dataclass(frozen=True, kw_only=True)
class WebhookProgress(Entity):
    """How far the receiver of the same id has got: the number of the last delivery that has come to
    its end. One is not begun before the one before has.

    It is apart from the receiver, so that events that come during a delivery do not undo it.
    """

    KIND: ClassVar[str] = "webhook_progress"

    ended: int = 0


@dataclass(frozen=True, kw_only=True)
class WebhookDelivery(Entity):
    """An event on its way to a receiver, the `number`-th for it; `body` is what is signed.
    `trouble` says why the latest of the `attempts` came to nothing, `due` when the next one is."""

    KIND: ClassVar[str] = "webhook_delivery"

    receiver: str
    number: int
    event: str
    title: str
    body: str
    planned_at: dt.datetime
    due: dt.datetime
    state: DeliveryState = "waiting"
    attempts: int = 0
    trouble: str = ""
    ended_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By its receiver, and by that in its state."""
        return {"receiver": self.receiver, "in_state": in_state(self.receiver, self.state)}

    def shown(self) -> dict[str, Any]:
        """As those see it who manage access."""
        return {
            "delivery": self.id,
            "number": self.number,
            "event": self.event,
            "title": self.title,
            "state": self.state,
            "state_title": DELIVERY_STATES.titles[self.state],
            "attempts": self.attempts,
            "trouble": self.trouble,
            "planned_at": self.planned_at.isoformat(),
            "due": self.due.isoformat() if self.state == "waiting" else None,
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(),
        }


def progress_of(context: Context, receiver: WebhookReceiver) -> WebhookProgress:
    """How far a receiver has got."""
    found = context.unit.get(WebhookProgress, receiver.id)
    return found or WebhookProgress(id=receiver.id)


def in_state(receiver: str, state: DeliveryState) -> str:
    """By what deliveries to a receiver are found in a state."""
    return f"{receiver}/{state}"


def delivery_id(receiver: str, number: int) -> str:
    """The id of the `number`-th delivery; ids sort by number."""
    return f"{receiver}/{number:09d}"


def delivery_ids(receiver: str) -> re.Pattern[str]:
    """What ids of deliveries to a receiver look like."""
    return re.compile(rf"{re.escape(receiver)}/[0-9]{{9}}")

"""A ticket: a request to support as the portal keeps it (SUP-01)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.listed import listed
from portal.rules.support import ADDRESSEES, CHANNELS, Addressee, TicketChannel, Topic
from portal.state_table import StateTable
from portal.store.entity import Entity

__all__ = ["TICKET_STATES", "Priority", "Ticket", "TicketState"]

TicketState: TypeAlias = Literal["waiting", "working", "forwarded", "answered", "closed"]
Priority: TypeAlias = Literal["normal", "high"]

TICKET_STATES: Final[StateTable[TicketState]] = StateTable(
    name="ticket",
    titles={
        "waiting": "Ждёт данных заявителя",
        "working": "В работе",
        "forwarded": "Передано по принадлежности",
        "answered": "Дан ответ",
        "closed": "Закрыто",
    },
    first="waiting",
    transitions={
        ("waiting", "accept"): "working",
        ("waiting", "forward"): "forwarded",  # SUP-05
        ("working", "answer"): "answered",
        ("answered", "repeat"): "working",  # SUP-03
        ("answered", "close"): "closed",
        ("forwarded", "close"): "closed",
        ("working", "close"): "closed",
        ("waiting", "close"): "closed",
    },
)


@dataclass(frozen=True, kw_only=True)
class Ticket(Entity):
    """A request of `account` by a channel, with the `number` that people are told.

    `screenshot` and `log` are ids of uploaded documents, `incident` that of a report of a failure
    (OPS-06), empty without one. `due` is when the answer is to be there, `steps` what the applicant
    has done against the failure before it came again.
    """

    KIND: ClassVar[str] = "ticket"

    number: str
    account: str
    channel: TicketChannel
    topic: Topic
    inn: str = ""
    kpp: str = ""
    snils: str = ""
    passport: str = ""
    description: str = ""
    screenshot: str = ""
    log: str = ""
    incident: str = ""
    addressee: Addressee
    priority: Priority = "normal"
    state: TicketState = "waiting"
    asked_at: dt.datetime
    due: dt.datetime
    answer: str = ""
    answered_by: str = ""
    answered_at: dt.datetime | None = None
    steps: str = ""

    def keys(self) -> Mapping[str, str]:
        """By being open or worked on; in the list of whose it is."""
        is_open = {"open": "yes"} if self.state in ("waiting", "working") else {}
        is_awaited = {"awaited_by": self.account} if self.state == "working" else {}
        place = listed(self.account, self.asked_at, self.id)
        return {"listed": place, **is_open, **is_awaited}

    def unique(self) -> Mapping[str, str]:
        """By its number."""
        return {"number": self.number}

    def shown(self) -> dict[str, Any]:
        """As the applicant and the staff see it; who the applicant is stays out of it."""
        return {
            "ticket": self.id,
            "number": self.number,
            "channel": self.channel,
            "channel_title": CHANNELS[self.channel].ru,
            "topic": self.topic,
            "description": self.description,
            "screenshot": self.screenshot,
            "log": self.log,
            "incident": self.incident,
            "addressee": self.addressee,
            "addressee_title": ADDRESSEES[self.addressee].ru,
            "priority": self.priority,
            "state": self.state,
            "state_title": TICKET_STATES.titles[self.state],
            "asked_at": self.asked_at.isoformat(),
            "due": self.due.isoformat(),
            "answer": self.answer,
            "answered_at": None if self.answered_at is None else self.answered_at.isoformat(),
            "steps": self.steps,
        }

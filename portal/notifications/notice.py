"""A notice: one event for one person, until it has come by some channel or is given up (NTF-04)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.events import EventKind
from portal.listed import listed
from portal.ports.messenger import Channel
from portal.state_table import StateTable
from portal.store.entity import Entity

__all__ = ["NOTICE_STATES", "Dispatch", "Notice", "NoticeState"]

NoticeState: TypeAlias = Literal["waiting", "going", "delivered", "undelivered"]

NOTICE_STATES: Final[StateTable[NoticeState]] = StateTable(
    name="notice",
    titles={
        "waiting": "Ждёт сводки",
        "going": "Отправляется",
        "delivered": "Доставлено",
        "undelivered": "Не доставлено",
    },
    first="waiting",
    transitions={
        ("waiting", "dispatch"): "going",
        ("waiting", "give_up"): "undelivered",
        ("going", "dispatch"): "going",  # by another channel
        ("going", "deliver"): "delivered",
        ("going", "give_up"): "undelivered",
        ("going", "hold"): "waiting",  # a pause
        ("undelivered", "dispatch"): "going",
        ("undelivered", "give_up"): "undelivered",  # again in vain
    },
)


@dataclass(frozen=True, kw_only=True)
class Notice(Entity):
    """An event for whoever has the `settings` (an id); `channel` is the one it has come by."""

    KIND: ClassVar[str] = "notice"

    settings: str
    event: str
    kind: EventKind
    agency: str
    title: str
    text: str
    is_critical: bool
    at: dt.datetime
    state: NoticeState = "waiting"
    channel: str = ""

    def keys(self) -> Mapping[str, str]:
        """By waiting; in its recipient's list of all and that of its state."""
        waits = {"waiting": self.settings} if self.state == "waiting" else {}
        return {
            "listed": listed(self.settings, self.at, self.id),
            "listed_in_state": listed(f"{self.settings}/{self.state}", self.at, self.id),
            **waits,
        }

    def shown(self) -> dict[str, Any]:
        """As its recipient sees it."""
        return {
            "notice": self.id,
            "event": self.event,
            "kind": self.kind,
            "agency": self.agency,
            "title": self.title,
            "text": self.text,
            "critical": self.is_critical,
            "at": self.at.isoformat(),
            "state": self.state,
            "state_title": NOTICE_STATES.titles[self.state],
            "channel": self.channel,
        }


@dataclass(frozen=True, kw_only=True)
class Dispatch(Entity):
    """Some `notices` (ids) on their way by a channel in one message, the `repeats`th after the
    first.

    The gateway has not taken it `failures` times in a row, and has been asked `looks` times what
    has become of it. `tried` are the channels that are behind.
    """

    KIND: ClassVar[str] = "dispatch"

    settings: str
    notices: tuple[str, ...]
    channel: Channel
    contact: str
    subject: str
    text: str
    validity_s: int
    tried: tuple[Channel, ...] = ()
    repeats: int = 0
    failures: int = 0
    looks: int = 0

    def keys(self) -> Mapping[str, str]:
        """By whose it is."""
        return {"settings": self.settings}

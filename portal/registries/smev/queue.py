"""Questions to systems behind СМЭВ whose answers come later: what is asked is kept, so that it goes
on after a restart, and every question is answered once (VER-09, OPS-07).

Whoever asks asks again until the answer is there: a task of the portal. On the way to the own
answer everybody keeps those of others.
"""

import datetime as dt
import hashlib
import itertools
import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from lxml import etree

from portal.ports.clock import Clock
from portal.ports.store import Conflict, Store
from portal.ports.unavailable import NotBelieved, OnItsWay, Unavailable
from portal.registries.smev.envelopes import Kind, Received, xml_root
from portal.registries.smev.hub import SmevHub
from portal.store.entity import Entity
from portal.store.unit import Unit

__all__ = ["LOOK_AGAIN_S", "LOST_AFTER", "SILENT_AFTER", "Question", "SmevQueue"]

_log: Final = logging.getLogger(__name__)

# Assumptions: how long an answer is waited for.
LOOK_AGAIN_S: Final = 30
SILENT_AFTER: Final = dt.timedelta(minutes=5)  # then the system behind СМЭВ is taken for silent
LOST_AFTER: Final = dt.timedelta(hours=4)  # then the question is sent under a new identifier
_ATTEMPTS: Final = 5  # to keep an answer while others change its question
_MOST_AT_ONCE: Final = 100  # messages that one look takes out

_EPOCH: Final = dt.datetime(1582, 10, 15, tzinfo=dt.UTC)  # of the times in UUIDs (RFC 4122, 4.1.4)
_TICKS_PER_US: Final = 10
_MULTICAST: Final = 1 << 40  # marks a node that is no real address (RFC 4122, 4.5)


@dataclass(frozen=True, kw_only=True)
class Question(Entity):
    """What is asked, under the `id` of whoever asks; `message_id` is its present identifier there.

    `answer` is the document that has come (None: nothing yet), `rejection` why it went nowhere,
    `flaw` why what has come instead of an answer could not be believed.
    """

    KIND: ClassVar[str] = "smev_question"

    message_id: str
    content: str
    asked: dt.datetime
    is_sent: bool = False
    answer: str | None = None
    rejection: str = ""
    flaw: str = ""

    def unique(self) -> Mapping[str, str]:
        """By the identifier that answers name."""
        return {"message_id": self.message_id}


class SmevQueue:
    """Questions and answers through `hub`, kept in `store`. Thread-safe."""

    def __init__(self, hub: SmevHub, store: Store, clock: Clock) -> None:
        self._hub = hub
        self._store = store
        self._clock = clock
        self._count = itertools.count(1)

    def ask(self, system: str, kind: Kind, name: str, content: etree._Element) -> etree._Element:
        """The answer of `system` to the question `name`, which is over with that: asked again, it
        is another one.

        OnItsWay while the answer may come any moment, Unavailable when it does not come, when СМЭВ
        rejects the question (the next time it is sent anew), or СМЭВ itself fails; NotBelieved when
        what has come is not signed by СМЭВ, or is no answer (likewise).
        """
        question = self._sent(name, content)
        if not _is_over(question):
            self._take_in(kind, question.message_id)
            question = self._found(name) or question
        if question.answer is not None:
            self.forget(name)
            return xml_root(question.answer.encode())
        if question.rejection:
            self.forget(name)
            raise Unavailable(self._hub.system, f"rejected: {question.rejection}")
        if question.flaw:
            self.forget(name)
            raise NotBelieved(self._hub.system, question.flaw)
        waited = self._clock.now() - question.asked
        if waited >= LOST_AFTER:
            self.forget(name)
        if waited >= SILENT_AFTER:
            raise Unavailable(system, f"no answer to message {question.message_id}")
        raise OnItsWay(system, f"message {question.message_id} is on its way", LOOK_AGAIN_S)

    def forget(self, name: str) -> None:
        """Nobody wants the answer to a question any more."""
        unit = Unit(self._store)
        found = unit.get(Question, name)
        if found is not None:
            unit.delete(found)
            _committed(unit)

    # --- inside

    def _sent(self, name: str, content: etree._Element) -> Question:
        """The question, which is kept before it is sent: what a crash interrupts is sent again
        under its identifier, of which СМЭВ takes the first alone."""
        question = self._found(name) or self._kept(self._new(name, content))
        if not question.is_sent and not _is_over(question):
            self._hub.send(question.message_id, xml_root(question.content.encode()))
            question = self._kept(replace(question, is_sent=True))
        return question

    def _new(self, name: str, content: etree._Element) -> Question:
        now = self._clock.now()
        return Question(
            id=name,
            message_id=_message_id(f"{next(self._count)}/{name}", now),
            content=etree.tostring(content, encoding="unicode"),
            asked=now,
        )

    def _take_in(self, kind: Kind, wanted: str) -> None:
        """What the queue has of a kind, as far as the answer to the `wanted` message: kept first,
        then acknowledged; one that cannot be believed as not accepted, so that it holds up none
        behind it."""
        for _ in range(_MOST_AT_ONCE):
            message = self._hub.next_response(kind)
            if message is None:
                return
            self._keep_answer(message)
            try:
                self._hub.acknowledge(message.message_id, accepted=not message.flaw)
            except Unavailable as why:
                _log.info("message %s will come again: %s", message.message_id, why)
            if message.original_id == wanted:
                return

    def _keep_answer(self, message: Received) -> None:
        """For the question that it answers; what nobody waits for (any more) is let go. That a
        message is not believed is told in the journal (INT-01)."""
        for _ in range(_ATTEMPTS):
            unit = Unit(self._store)
            question = unit.one(Question, "message_id", message.original_id)
            if question is None or _is_over(question):
                _log.info("message %s answers nothing that is open", message.message_id)
            else:
                unit.put(_answered(question, message))
            if message.flaw:
                unit.note(self._hub.system, self._doubt(message))
            if _committed(unit):
                return
        raise Unavailable(self._hub.system, f"message {message.message_id} could not be kept")

    def _doubt(self, message: Received) -> bytes:
        """The line of the journal about a message that is not believed."""
        line = {
            "at": self._clock.now().isoformat(),
            "action": "take_message",
            "result": "not_believed",
            "message": message.message_id,
            "answers": message.original_id,
            "why": message.flaw,
        }
        return json.dumps(line, ensure_ascii=False).encode()

    def _found(self, name: str) -> Question | None:
        return Unit(self._store).get(Question, name)

    def _kept(self, question: Question) -> Question:
        """As it is in the store from now on; another's is as good: it is of the same question."""
        unit = Unit(self._store)
        unit.put(question)
        _committed(unit)
        return self._found(question.id) or question


def _is_over(question: Question) -> bool:
    return question.answer is not None or bool(question.rejection or question.flaw)


def _answered(question: Question, message: Received) -> Question:
    if message.flaw:
        return replace(question, flaw=message.flaw)
    if message.content is None:
        return replace(question, rejection=message.rejection or "no reason")
    document = etree.tostring(message.content, encoding="unicode", with_tail=False)
    return replace(question, answer=document)


def _committed(unit: Unit) -> bool:
    """Whether it was not another worker who was first."""
    try:
        unit.commit()
    except Conflict as conflict:
        _log.info("another worker was first: %s", conflict)
        return False
    return True


def _message_id(name: str, at: dt.datetime) -> str:
    """A UUID of version 1, of the moment and of what is asked; the same run makes the same."""
    ticks = (at - _EPOCH) // dt.timedelta(microseconds=1) * _TICKS_PER_US
    word = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    low, middle, high = ticks & 0xFFFF_FFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF
    clock, node = word >> 48, _MULTICAST | word & 0xFFFF_FFFF_FFFF
    fields = (low, middle, high, clock >> 8 & 0x3F, clock & 0xFF, node)
    return str(uuid.UUID(fields=fields, version=1))

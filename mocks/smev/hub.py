"""СМЭВ itself: it takes messages, leads them to whom they are for, and hands them out.

What each operation does is here, whatever face it is asked through; who asks has been found out
before, by the signature.
"""

import base64
import json
from collections import deque
from functools import partial
from typing import Final

from lxml import etree

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from mocks.smev import replies
from mocks.smev.directory import Directory
from mocks.smev.errors import SmevError, invalid_content, overflow
from mocks.smev.letters import Attachment, Category, Kind, Letter, Letters, Notice
from mocks.smev.message_ids import made_at, new_message_id
from mocks.smev.namespaces import MessageType
from mocks.smev.participants import Participants
from mocks.smev.provided import Provided, provided
from mocks.smev.queues import Queue
from mocks.smev.registries import Inquiry, Registry
from mocks.smev.settings import Settings
from mocks.smev.signing import SMEV, sign_as
from world.calendar import CalendarError
from world.microseconds import SECOND_US

__all__ = ["FAULTS", "SERVICE", "Hub"]

SERVICE: Final = "smev"

FAULTS: Final = {
    "access_denied": "право на запрос отрицается: AccessDenied",
    "already_sent": "новый идентификатор объявляется известным: MessageIsAlreadySent (OPS-07)",
    "lost_ack": "подтверждение принято, но не учтено: сообщение выдаётся снова",
    "lost_delivery": "выданное сообщение не доходит до получателя: ответ пуст",
    "lost_status": "уведомление о статусе пропадает",
    "overflow": "очередь получателя переполнена: DestinationOverflow",
    "reject": "верный запрос отклоняется асинхронно: requestIsRejectedBySmev, SMEV-403 (OPS-07)",
    "smev_failure": "сбой в СМЭВ: SMEVFailure",
}
"""Faults of what becomes of messages."""

MOST_NOTICES: Final = 1_000  # that a participant has not read, the latest

_MNEMONIC: Final = "smev"  # of СМЭВ as the sender of what it answers itself
_TOLD: Final[dict[Category, str]] = {
    "requestIsAcceptedBySmev": "Запрос принят и передаётся поставщику",
    "responseIsAcceptedBySmev": "Ответ принят и передаётся потребителю",
    "messageIsDelivered": "Сообщение получено получателем",
}


class Hub:
    """The messages of `tenant`. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._settings = tenant.state(Settings)
        self._directory = tenant.state(Directory)
        self._participants = tenant.state(Participants)
        self._queues: dict[tuple[str, Kind], Queue[MessageType, Letter]] = {}
        self._notices: dict[str, deque[Notice]] = {}
        self._inquiries: dict[str, Inquiry] = {}
        self._letters = Letters()

    # --- operations

    def send_request(
        self, call: Call, caller: str, asked: Provided, attachments: tuple[Attachment, ...]
    ) -> Letter:
        """Take a request. SmevError of OPERATIONS."""
        self._check_identifier(call, asked.message_id)
        eol_us = self._end_of_life(asked)
        assert asked.type is not None  # the schema wants requests to have content
        addressee = self._directory.addressee(caller, asked.type)
        if call.hit("access_denied"):
            raise SmevError("AccessDenied")
        letter = self._letter(
            "request", caller, addressee.mnemonic, addressee.types, asked, call.key
        )
        self._take(call, letter, attachments)
        if call.hit("reject"):
            self._reject(letter, _not_of_schema(letter, "сбой проверки"))
        else:
            self._route(letter, addressee.registry, asked.content)
        if eol_us is not None and not letter.done:
            letter.expiry = self._tenant.agenda.at(eol_us, partial(self._expire, letter))
        return letter

    def send_response(
        self, call: Call, caller: str, asked: Provided, attachments: tuple[Attachment, ...]
    ) -> Letter:
        """Take a response to a request that `caller` is the recipient of. SmevError of
        OPERATIONS."""
        self._check_identifier(call, asked.message_id)
        request = self._letters.by_reply_to(asked.to)
        if request is None or request.recipient != caller:
            raise SmevError("RecipientIsNotFound")
        kinds = request.types
        if asked.type is not None:
            if self._directory.is_request(asked.type):
                raise SmevError("IncorrectResponseContentType")
            kinds |= {asked.type}
        letter = self._letter("response", caller, request.sender, kinds, asked, call.key)
        letter.original = request
        self._take(call, letter, attachments)
        self._respond(letter)
        return letter

    def get_request(self, call: Call, caller: str, wanted: MessageType | None) -> Letter | None:
        """The next request to `caller`, None if there is none. SmevError UnknownMessageType for a
        type that it does not answer."""
        if wanted is not None and not self._directory.is_answered_by(caller, wanted):
            raise SmevError("UnknownMessageType")
        return self._get(call, caller, "request", wanted)

    def get_response(self, call: Call, caller: str, wanted: MessageType | None) -> Letter | None:
        """The next response to `caller`, None if there is none; its type is that of the request or
        of the response. SmevError UnknownMessageType for a type of nobody."""
        if wanted is not None and not self._directory.is_known(wanted):
            raise SmevError("UnknownMessageType")
        return self._get(call, caller, "response", wanted)

    def get_status(self, caller: str) -> Notice | None:
        """The next word about what `caller` has sent; each is given once."""
        notices = self._notices.get(caller)
        return notices.popleft() if notices else None

    def acknowledge(self, call: Call, caller: str, message_id: str) -> None:
        """A message that `caller` was handed is not handed out again; SmevError
        TargetMessageIsNotFound unless it has that message to acknowledge now."""
        now_us = self._tenant.now_us
        for kind in ("request", "response"):
            queue = self._queue(caller, kind)
            letter = queue.handed_out(message_id, now_us)
            if letter is not None:
                if not call.hit("lost_ack"):
                    queue.acknowledge(message_id, now_us)
                    self._deliver(letter)
                return
        message = f"Сообщение {message_id} не найдено среди неподтверждённых."
        raise SmevError("TargetMessageIsNotFound", message)

    # --- checks

    def _check_identifier(self, call: Call, message_id: str) -> None:
        made = made_at(message_id)
        if made is None:
            raise SmevError("InvalidMessageIdFormat")
        if self._letters.find(message_id) is not None or call.hit("already_sent"):
            raise SmevError("MessageIsAlreadySent")
        if self._settings.is_stale(made, self._tenant.clock.calendar.local(self._tenant.now_us)):
            raise SmevError("StaleMessageId")

    def _end_of_life(self, asked: Provided) -> int | None:
        if asked.eol is None:
            return None
        try:
            eol_us = self._tenant.clock.calendar.instant(asked.eol)
        except CalendarError:
            raise invalid_content(f"EOL: {asked.eol.isoformat()} вне календаря") from None
        if eol_us <= self._tenant.now_us:
            raise SmevError("EndOfLifeReached")
        return eol_us

    # --- the way of a message

    def _letter(
        self,
        kind: Kind,
        sender: str,
        recipient: str,
        kinds: frozenset[MessageType],
        asked: Provided,
        key: DrawKey,
    ) -> Letter:
        return Letter(
            id=asked.message_id,
            kind=kind,
            sender=sender,
            recipient=recipient,
            types=kinds,
            data=asked.data,
            signature=asked.signature,
            sent_us=self._tenant.now_us,
            key=key,
            reply_to=_reply_to(asked.message_id, sender) if kind == "request" else "",
            transaction_code=asked.transaction_code,
            reference_id=asked.reference_id,
        )

    def _take(self, call: Call, letter: Letter, attachments: tuple[Attachment, ...]) -> None:
        """Keep what a participant sends; SmevError DestinationOverflow, QuoteLimitExceeded."""
        if call.hit("overflow"):
            raise overflow(letter.recipient)
        letter.attachments = attachments
        self._letters.check_room(letter)
        self._letters.keep(letter)

    def _route(self, request: Letter, registry: Registry | None, content: bytes) -> None:
        """Hold the content against its schema, and let the request go on; asynchronous in life."""
        if registry is None:
            self._notify(request, "requestIsAcceptedBySmev")
            self._enqueue(request)
            return
        try:
            registry.check(content)
        except Refusal as refusal:
            error = _not_of_schema(request, f"{refusal.code}: {refusal.message}")
            self._reject(request, error)
            return
        self._notify(request, "requestIsAcceptedBySmev")
        self._inquire(request, registry, content)

    def _inquire(self, request: Letter, registry: Registry, content: bytes) -> None:
        def answer(document: etree._Element) -> None:
            del self._inquiries[request.id]
            self._deliver(request)
            message_id = self._new_id(request)
            data = replies.registry_reply(message_id, request.reply_to, document)
            self._respond(self._own(request, data, registry.mnemonic, registry.mnemonic))

        inquiry = Inquiry(self._tenant, registry, content, request.key, answer)
        self._inquiries[request.id] = inquiry
        inquiry.begin()

    def _reject(self, request: Letter, error: SmevError) -> None:
        self._notify(request, "requestIsRejectedBySmev", error)
        data = replies.rejection(self._new_id(request), request.reply_to, request.id, error)
        self._letters.finish(request)
        self._enqueue(self._own(request, data, _MNEMONIC, SMEV))

    def _expire(self, request: Letter, _: int) -> None:
        inquiry = self._inquiries.pop(request.id, None)
        if inquiry is not None:
            inquiry.withdraw()
        self._queue(request.recipient, "request").remove(request.id)
        self._reject(request, SmevError("EndOfLifeReached"))

    def _own(self, request: Letter, data: etree._Element, sender: str, system: str) -> Letter:
        """A response that СМЭВ or a registry makes; for what was asked there is room."""
        asked = provided(data, sign_as(self._tenant, system, data))
        kinds = request.types if asked.type is None else request.types | {asked.type}
        key = request.key.about("response")
        letter = self._letter("response", sender, request.sender, kinds, asked, key)
        letter.original = request
        self._letters.keep(letter)
        return letter

    def _respond(self, response: Letter) -> None:
        self._notify(response, "responseIsAcceptedBySmev")
        self._enqueue(response)

    def _enqueue(self, letter: Letter) -> None:
        if self._hit("loss", letter.key):
            self._letters.finish(letter)
            return
        self._queue(letter.recipient, letter.kind).put(
            letter.id,
            letter.types,
            letter,
            doubled=self._hit("duplicate", letter.key),
            late=self._hit("reorder", letter.key),
        )

    def _get(
        self, call: Call, caller: str, kind: Kind, wanted: MessageType | None
    ) -> Letter | None:
        visibility_us = self._settings.visibility_s * SECOND_US
        letter = self._queue(caller, kind).get(wanted, self._tenant.now_us, visibility_us)
        return None if letter is not None and call.hit("lost_delivery") else letter

    def _deliver(self, letter: Letter) -> None:
        self._letters.finish(letter)
        self._notify(letter, "messageIsDelivered")

    def _notify(self, letter: Letter, category: Category, error: SmevError | None = None) -> None:
        """Tell the sender of a message what has become of it."""
        to_participant = self._participants.find(letter.sender) is not None
        if not to_participant or self._hit("lost_status", letter.key.about(category)):
            return
        notices = self._notices.setdefault(letter.sender, deque(maxlen=MOST_NOTICES))
        details = _TOLD[category] if error is None else error.text
        notices.append(Notice(letter.id, category, details, error))

    # --- small change

    def _new_id(self, request: Letter) -> str:
        at = self._tenant.clock.calendar.local(self._tenant.now_us)
        key = self._tenant.keys.made(SERVICE, f"response to {request.id}")
        return new_message_id(at, key, "id")

    def _queue(self, mnemonic: str, kind: Kind) -> Queue[MessageType, Letter]:
        return self._queues.setdefault((mnemonic, kind), Queue())

    def _hit(self, kind: str, key: DrawKey) -> bool:
        return self._tenant.hit(kind, SERVICE, key)


def _reply_to(message_id: str, sender: str) -> str:
    """Whatever СМЭВ can find the way back by; participants must not read it."""
    way_back = json.dumps({"mid": message_id, "mnm": sender}, separators=(",", ":"))
    return base64.b64encode(way_back.encode()).decode()


def _not_of_schema(request: Letter, error: str) -> SmevError:
    text = (
        "Бизнес-данные сообщения не соответствуют схеме, зарегистрированной в СМЭВ. "
        f"MessageId = {request.id}"
    )
    return invalid_content(error, text=text)

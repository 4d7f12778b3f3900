"""СМЭВ itself: it takes messages, leads them to whom they are for, and hands them out.

What each operation does is here, whatever face it is asked through; who asks has been found out
before, by the signature.
"""

import base64
import json
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Final

from lxml import etree

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
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
        self, caller: str, asked: Provided, attachments: Sequence[Attachment], key: DrawKey
    ) -> Letter:
        """Take a request. SmevError of OPERATIONS."""
        self._check_identifier(asked.message_id, key)
        eol_us = self._end_of_life(asked)
        assert asked.type is not None  # the schema wants requests to have content
        addressee = self._directory.addressee(caller, asked.type)
        if self._hit("access_denied", key):
            raise SmevError("AccessDenied")
        letter = self._letter("request", caller, addressee.mnemonic, addressee.types, asked, key)
        self._take(letter, attachments)
        self._route(letter, addressee.registry, asked.content)
        if eol_us is not None and not letter.done:
            letter.expiry = self._tenant.agenda.at(eol_us, partial(self._expire, letter))
        return letter

    def send_response(
        self, caller: str, asked: Provided, attachments: Sequence[Attachment], key: DrawKey
    ) -> Letter:
        """Take a response to a request that `caller` is the recipient of. SmevError of
        OPERATIONS."""
        self._check_identifier(asked.message_id, key)
        request = self._letters.by_reply_to(asked.to)
        if request is None or request.recipient != caller:
            raise SmevError("RecipientIsNotFound")
        kinds = request.types
        if asked.type is not None:
            if self._directory.is_request(asked.type):
                raise SmevError("IncorrectResponseContentType")
            kinds |= {asked.type}
        letter = self._letter("response", caller, request.sender, kinds, asked, key)
        letter.original = request
        self._take(letter, attachments)
        self._respond(letter)
        return letter

    def get_request(self, caller: str, wanted: MessageType | None, key: DrawKey) -> Letter | None:
        """The next request to `caller`, None if there is none. SmevError UnknownMessageType for a
        type that it does not answer."""
        if wanted is not None and not self._directory.is_answered_by(caller, wanted):
            raise SmevError("UnknownMessageType")
        return self._get(caller, "request", wanted, key)

    def get_response(self, caller: str, wanted: MessageType | None, key: DrawKey) -> Letter | None:
        """The next response to `caller`, None if there is none; its type is that of the request or
        of the response. SmevError UnknownMessageType for a type of nobody."""
        if wanted is not None and not self._directory.is_known(wanted):
            raise SmevError("UnknownMessageType")
        return self._get(caller, "response", wanted, key)

    def get_status(self, caller: str) -> Notice | None:
        """The next word about what `caller` has sent; each is given once."""
        notices = self._notices.get(caller)
        return notices.popleft() if notices else None

    def acknowledge(self, caller: str, message_id: str, key: DrawKey) -> None:
        """A message that `caller` was handed is not handed out again; SmevError
        TargetMessageIsNotFound unless it has that message to acknowledge now."""
        now_us = self._tenant.now_us
        for kind in ("request", "response"):
            queue = self._queue(caller, kind)
            letter = queue.handed_out(message_id, now_us)
            if letter is not None:
                if not self._hit("lost_ack", key):
                    queue.acknowledge(message_id, now_us)
                    self._deliver(letter)
                return
        message = f"Сообщение {message_id} не найдено среди неподтверждённых."
        raise SmevError("TargetMessageIsNotFound", message)

    def check_health(self, key: DrawKey) -> None:
        """SmevError SMEVFailure if the plan of faults has it."""
        if self._hit("smev_failure", key):
            raise SmevError("SMEVFailure")

    # --- checks

    def _check_identifier(self, message_id: str, key: DrawKey) -> None:
        made = made_at(message_id)
        if made is None:
            raise SmevError("InvalidMessageIdFormat")
        if self._letters.find(message_id) is not None or self._hit("already_sent", key):
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

    def _take(self, letter: Letter, attachments: Sequence[Attachment]) -> None:
        """Keep what a participant sends; SmevError DestinationOverflow, QuoteLimitExceeded."""
        if self._hit("overflow", letter.key):
            raise overflow(letter.recipient)
        letter.attachments = tuple(attachments)
        self._letters.check_room(letter)
        self._letters.keep(letter)

    def _route(self, request: Letter, registry: Registry | None, content: bytes) -> None:
        """Asynchronous in life: the content is held against its schema, the request goes on."""
        if self._hit("reject", request.key):
            self._reject(request, _not_of_schema(request, "сбой проверки"))
            return
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
        """A response that СМЭВ or a registry makes, signed and taken: there is room for what was
        asked."""
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
        self, caller: str, kind: Kind, wanted: MessageType | None, key: DrawKey
    ) -> Letter | None:
        visibility_us = self._settings.visibility_s * 1_000_000
        letter = self._queue(caller, kind).get(wanted, self._tenant.now_us, visibility_us)
        return None if letter is not None and self._hit("lost_delivery", key) else letter

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

"""Submission of letters by JSON, as mail services offer it, and the recipient's side behind it.

Paths and field names are ours; addresses, letters and codes are those of RFC 5321, 5322 and 3463,
the pauses between attempts and the lifetime in the queue are Postfix's defaults. There is no SMTP
socket. `PUT /v1/mailboxes/{address}` stands for the person who owns the mailbox.
"""

import base64
import binascii
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.delivery.delivery import FAULTS, Backoff, Delivery
from mocks.delivery.parcels import Arrival, Arrived, Deferred, Parcel, Rejected
from mocks.delivery.tracking import add_tracking
from mocks.mail_server.mailboxes import Mailboxes, MailboxState
from mocks.mail_server.mime import Attachment, source_of
from mocks.mail_server.spam_filter import THRESHOLD, Letter, SenderHistory, signs_of
from world.microseconds import SECOND_US

__all__ = ["service"]

service: Final = Service(
    "mail_server",
    works=True,
    own_faults={
        **FAULTS,
        "spam": "фильтр получателя ошибается и кладёт письмо в спам (NTF-04, REG-13)",
        "greylisting": "сервер получателя откладывает письмо при первой попытке (серый список)",
        "sender_blocked": "сервер получателя не принимает писем этого отправителя",
    },
)

# Postfix: minimal_backoff_time, maximal_backoff_time.
_BACKOFF: Final = Backoff(300 * SECOND_US, 4_000 * SECOND_US)
_DEFAULT_VALIDITY_S: Final = 432_000  # five days: maximal_queue_lifetime of Postfix
_SHORTEST_VALIDITY_S: Final = 60
_MOST_TEXT: Final = 65_536
_MOST_FILES: Final = 10
_MOST_DOMAINS: Final = 1_000
_MOST_SOURCE_BYTES: Final = 64 * 2**20

# A dot-atom and at least two labels of letters, digits and hyphens (RFC 5321, 4.1.2).
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@{_LABEL}(?:\.{_LABEL})+")
_MOST_LOCAL: Final = 64
_MOST_ADDRESS: Final = 254
# Every character that ends a line for somebody: letters with one in their head are torn apart.
_ONE_LINE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"


def _address(text: str) -> str:
    match = _ADDRESS.fullmatch(text)
    if match is None or len(match["local"]) > _MOST_LOCAL or len(text) > _MOST_ADDRESS:
        raise ValueError("ожидается адрес электронной почты")
    return text.lower()


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("ожидается base64") from None
    return text


EmailAddress = Annotated[str, AfterValidator(_address)]


class Sender(BaseModel):
    """Who writes: an address and a name to show."""

    model_config = ConfigDict(extra="forbid")

    email: EmailAddress
    name: Annotated[str, Field(max_length=100, pattern=_ONE_LINE)] = ""


class File(BaseModel):
    """An attachment; `content` is base64."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=255, pattern=_ONE_LINE)]
    type: Annotated[str, Field(pattern=r"^(application|image|text|audio|video)/[a-z0-9.+-]+$")]
    content: Annotated[str, AfterValidator(_base64)]

    def decoded(self) -> Attachment:
        """The file itself."""
        return Attachment(self.name, self.type, base64.b64decode(self.content))


class Submission(BaseModel):
    """A letter to send; `id` is the client's own, repeated safely."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    sender: Annotated[Sender, Field(alias="from")]
    to: EmailAddress
    subject: Annotated[str, Field(min_length=1, max_length=255, pattern=_ONE_LINE)]
    text: Annotated[str, Field(max_length=_MOST_TEXT)] = ""
    html: Annotated[str, Field(min_length=1, max_length=_MOST_TEXT)] | None = None
    attachments: Annotated[list[File], Field(max_length=_MOST_FILES)] = []
    validity_s: Annotated[int, Field(ge=_SHORTEST_VALIDITY_S, le=_DEFAULT_VALIDITY_S)] = (
        _DEFAULT_VALIDITY_S
    )

    @model_validator(mode="after")
    def _has_body(self) -> Self:
        if not self.text and self.html is None:
            raise ValueError("text, html: нужен хотя бы один вид содержания")
        return self

    def digest(self) -> str:
        """The same for the same letter."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class MailboxChange(BaseModel):
    """What its owner does with a mailbox; what is not given stays."""

    model_config = ConfigDict(extra="forbid")

    state: MailboxState | None = None
    trusted: Annotated[list[EmailAddress], Field(max_length=100)] | None = None


@dataclass(eq=False, kw_only=True)
class Mail(Parcel):
    """A letter on its way."""

    letter: Letter

    @property
    def chars(self) -> int:
        """Text and HTML."""
        return len(self.letter.text) + len(self.letter.html or "")


class MailDelivery(Delivery[Mail]):
    """The letters of one tenant; sources of at most 64 MB are kept, the latest ones."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__(tenant, service.id, "email", _BACKOFF)
        self._histories: OrderedDict[str, SenderHistory] = OrderedDict()
        self._sources: OrderedDict[str, tuple[Callable[[], bytes], int]] = OrderedDict()
        self._source_bytes = 0

    def arrive(self, parcel: Mail, now_us: int) -> Arrival:
        """What the recipient's server answers, and where its filter puts the letter."""
        history = self.history(parcel.sender)
        if parcel.attempts == 1:
            history.letters += 1
            if self.hit("greylisting", parcel):
                return Deferred("4.7.1", "Серый список: повторите попытку позже")
        mailbox = self.tenant.state(Mailboxes).find(parcel.to)
        if mailbox is None:
            history.bounced += 1
            return Rejected("5.1.1", "Почтового ящика не существует")
        if self.hit("sender_blocked", parcel):
            return Rejected("5.7.1", "Отправитель в чёрном списке сервера получателя")
        if mailbox.state == "closed":
            return Rejected("5.2.1", "Почтовый ящик отключён")
        if mailbox.state == "full":
            return Deferred("4.2.2", "Почтовый ящик переполнен")
        if parcel.sender in mailbox.trusted:
            return Arrived()
        points = sum(signs_of(parcel.letter, history).values())
        is_spam = points >= THRESHOLD or self.hit("spam", parcel)
        return Arrived("spam" if is_spam else "inbox")

    def history(self, sender: str) -> SenderHistory:
        """What is known of the domain of `sender`; the latest 1,000 domains are."""
        domain = sender.partition("@")[2]
        found = self._histories.setdefault(domain, SenderHistory())
        self._histories.move_to_end(domain)
        if len(self._histories) > _MOST_DOMAINS:
            self._histories.popitem(last=False)
        return found

    def keep_source(self, message_id: str, source: Callable[[], bytes], size: int) -> None:
        """Remember the letter as it went over the wire: what makes it, as few are ever looked at,
        and the bytes that this takes."""
        self._sources[message_id] = source, size
        self._source_bytes += size
        while self._source_bytes > _MOST_SOURCE_BYTES:
            _, (_, dropped) = self._sources.popitem(last=False)
            self._source_bytes -= dropped

    def source(self, message_id: str) -> bytes:
        """The letter as it went over the wire; Refusal 404 if it is not kept."""
        found = self._sources.get(message_id)
        if found is None:
            raise Refusal(404, "no-such-message", f"Исходный текст письма {message_id} не хранится")
        return found[0]()


@service.post("/v1/messages")
def send_letter(call: Call) -> Answer:
    """Take a letter over: 202; the same `id` with the same content again: 200, nothing is sent."""
    asked = call.request.read(Submission)
    delivery = call.tenant.state(MailDelivery)
    known = delivery.known(asked.id, asked.digest())
    if known is not None:
        return json_answer(delivery.view(known))
    mail = _mail(call, asked, delivery)
    delivery.submit(mail)
    delivery.keep_source(mail.id, _source(call, asked, mail), len(call.request.body))
    return json_answer(delivery.view(mail), 202)


@service.get("/v1/messages/{id}/source")
def show_source(call: Call) -> Answer:
    """The letter with its MIME parts."""
    source = call.tenant.state(MailDelivery).source(call.values["id"])
    return Answer(200, source, "message/rfc822")


@service.get("/v1/messages/{id}/spam-signs")
def show_spam_signs(call: Call) -> Answer:
    """What the recipient's filter sees in a letter, in points; the sender's own view of a letter
    never tells."""
    delivery = call.tenant.state(MailDelivery)
    mail = delivery.find(call.values["id"])
    signs = signs_of(mail.letter, delivery.history(mail.sender))
    return json_answer(
        {
            "signs": {name: tenths / 10 for name, tenths in signs.items()},
            "score": sum(signs.values()) / 10,
            "required_score": THRESHOLD / 10,
        }
    )


@service.route("PUT", "/v1/mailboxes/{address}")
def change_mailbox(call: Call) -> Answer:
    """The owner fills, empties or closes the mailbox, or trusts senders; an address of nobody gets
    one."""
    try:
        address = _address(call.values["address"])
    except ValueError as error:
        raise Refusal(422, "invalid", f"address: {error}", field="address") from None
    asked = call.request.read(MailboxChange)
    trusted = None if asked.trusted is None else frozenset(asked.trusted)
    mailbox = call.tenant.state(Mailboxes).change(address, asked.state, trusted)
    if mailbox.state == "open":
        call.tenant.state(MailDelivery).try_again(address, call.now_us)
    seen: dict[str, Any] = {"address": address, "state": mailbox.state}
    return json_answer({**seen, "trusted": sorted(mailbox.trusted)})


add_tracking(service, MailDelivery)


def _mail(call: Call, asked: Submission, delivery: MailDelivery) -> Mail:
    files = tuple(file.name for file in asked.attachments)
    return Mail(
        id=delivery.new_id(call.key),
        client_id=asked.id,
        asked=asked.digest(),
        key=call.key,
        to=asked.to,
        text=asked.text or asked.html or "",
        subject=asked.subject,
        sender=asked.sender.email,
        fields={"attachments": ", ".join(files)} if files else {},
        submitted_us=call.now_us,
        expires_us=call.now_us + asked.validity_s * SECOND_US,
        letter=Letter(asked.subject, asked.text, asked.html, files),
    )


def _source(call: Call, asked: Submission, mail: Mail) -> Callable[[], bytes]:
    return partial(
        source_of,
        message_id=mail.id,
        sent=call.tenant.clock.calendar.local(mail.submitted_us),
        sender=(asked.sender.name, asked.sender.email),
        to=asked.to,
        subject=asked.subject,
        text=asked.text,
        html=asked.html,
        attachments=tuple(file.decoded() for file in asked.attachments),
    )

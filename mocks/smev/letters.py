"""Messages that СМЭВ has taken: what is known of each, and how many are kept."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.smev.errors import SmevError, overflow, quota_exceeded
from mocks.smev.namespaces import MessageType

__all__ = ["Attachment", "Category", "Kind", "Letter", "Letters", "Notice"]

Kind: TypeAlias = Literal["request", "response"]

Category: TypeAlias = Literal[
    "requestIsAcceptedBySmev",
    "requestIsRejectedBySmev",
    "responseIsAcceptedBySmev",
    "messageIsDelivered",
]
"""What СМЭВ tells of a message; `done`: nobody is handed it any more."""

MOST_LETTERS: Final = 10_000  # of a tenant; their identifiers are known as long
MOST_BYTES: Final = 64 * 2**20  # of those not acknowledged yet


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a message; `signature` is PKCS#7 over it, detached, if it is signed."""

    content_id: str
    mime_type: str
    content: bytes
    signature: bytes | None


@dataclass(eq=False, slots=True)
class Letter:
    """A message on its way.

    `data` is SenderProvidedRequestData or SenderProvidedResponseData as its sender wrote it, as
    XML, and `signature` the sender's ds:Signature over that (None: signed in another manner). A
    `response` has its `original`, a request the `reply_to` that leads answers back to it.
    """

    id: str
    kind: Kind
    sender: str
    recipient: str
    types: frozenset[MessageType]
    data: bytes
    signature: bytes | None
    sent_us: int
    key: DrawKey
    reply_to: str
    transaction_code: str | None
    reference_id: str | None
    attachments: tuple[Attachment, ...] = ()
    original: "Letter | None" = None
    expiry: Appointment | None = None
    done: bool = False

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.data) + sum(len(each.content) for each in self.attachments)


@dataclass(frozen=True, slots=True)
class Notice:
    """What СМЭВ tells the sender of a message by itself (GetStatus)."""

    original_id: str
    category: Category
    details: str
    fault: SmevError | None = None


class Letters:
    """The latest 10,000 messages of a tenant by their identifiers, 64 MiB of them on their way."""

    def __init__(self) -> None:
        self._letters: OrderedDict[str, Letter] = OrderedDict()
        self._by_reply_to: dict[str, Letter] = {}
        self._bytes = 0

    def find(self, message_id: str) -> Letter | None:
        """The message of that identifier, also one that is done."""
        return self._letters.get(message_id)

    def by_reply_to(self, reply_to: str) -> Letter | None:
        """The request that answers sent `reply_to` belong to."""
        return self._by_reply_to.get(reply_to)

    def check_room(self, letter: Letter) -> None:
        """Refuse a message that there is no room for: SmevError DestinationOverflow or
        QuoteLimitExceeded."""
        if len(self._letters) >= MOST_LETTERS and self._oldest_done() is None:
            raise overflow(letter.recipient)
        if self._bytes + letter.size > MOST_BYTES:
            raise quota_exceeded(MOST_BYTES - self._bytes, letter.size)

    def keep(self, letter: Letter) -> None:
        """Add a message; the oldest that is done goes if there are too many."""
        self._letters[letter.id] = letter
        self._bytes += letter.size
        if letter.reply_to:
            self._by_reply_to[letter.reply_to] = letter
        if len(self._letters) > MOST_LETTERS and (oldest := self._oldest_done()) is not None:
            del self._letters[oldest.id]
            self._by_reply_to.pop(oldest.reply_to, None)

    def finish(self, letter: Letter) -> None:
        """A message is not needed any more; that there was one is remembered."""
        self._bytes -= letter.size
        letter.done = True
        if letter.expiry is not None:
            letter.expiry.cancel()
        letter.data, letter.signature, letter.attachments = b"", None, ()

    def _oldest_done(self) -> Letter | None:
        return next((each for each in self._letters.values() if each.done), None)

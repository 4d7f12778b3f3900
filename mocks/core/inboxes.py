"""What people have received: SMS, letters and push messages, which tests can read."""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

__all__ = ["Channel", "Inboxes", "Message"]

Channel: TypeAlias = Literal["sms", "email", "push"]

_MOST_MESSAGES: Final = 1_000  # kept per contact: a test reads the latest
_MOST_IN_ALL: Final = 50_000
_MOST_CHARS: Final = 32 * 2**20  # of all their texts


@dataclass(frozen=True, slots=True)
class Message:
    """A delivered message; `folder` is `spam` if the recipient's filter took it (NTF-04)."""

    id: str
    channel: Channel
    to: str
    text: str
    sent_us: int
    delivered_us: int
    subject: str = ""
    sender: str = ""
    folder: Literal["inbox", "spam"] = "inbox"
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def chars(self) -> int:
        """How much text it keeps in memory."""
        return len(self.subject) + len(self.text) + sum(map(len, self.fields.values()))


class Inboxes:
    """Messages by contact (phone, address or device), oldest first.

    The latest 1,000 of a contact are kept, 50,000 in all, of 32 million characters: then the
    oldest ones of the contact that has received nothing for longest are forgotten. Not locked: its
    tenant locks.
    """

    def __init__(self) -> None:
        self._messages: OrderedDict[str, deque[Message]] = OrderedDict()
        self._kept = 0
        self._chars = 0

    def deliver(self, message: Message) -> None:
        """Put a message into its recipient's inbox or spam folder."""
        inbox = self._messages.setdefault(message.to, deque())
        self._messages.move_to_end(message.to)
        inbox.append(message)
        self._kept += 1
        self._chars += message.chars
        if len(inbox) > _MOST_MESSAGES:
            self._forget_oldest(message.to)
        while self._kept > _MOST_IN_ALL or self._chars > _MOST_CHARS:
            self._forget_oldest(next(iter(self._messages)))

    def of(self, contact: str, folder: str | None = "inbox") -> tuple[Message, ...]:
        """What `contact` has in `folder`; None is every folder."""
        messages = self._messages.get(contact, ())
        return tuple(m for m in messages if folder is None or m.folder == folder)

    def contacts(self) -> Iterator[tuple[str, int]]:
        """Everybody who has received something, and how many messages."""
        return ((contact, len(messages)) for contact, messages in self._messages.items())

    def clear(self, contact: str | None = None) -> None:
        """Forget the messages of `contact`, or of everybody."""
        for each in list(self._messages) if contact is None else [contact]:
            while each in self._messages:
                self._forget_oldest(each)

    def _forget_oldest(self, contact: str) -> None:
        inbox = self._messages[contact]
        self._chars -= inbox.popleft().chars
        self._kept -= 1
        if not inbox:
            del self._messages[contact]

"""What people have received: SMS, letters and push messages, which tests can read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

__all__ = ["Channel", "Inboxes", "Message"]

Channel: TypeAlias = Literal["sms", "email", "push"]

_MOST_MESSAGES: Final = 1_000  # kept per contact: a test reads the latest


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


class Inboxes:
    """Messages by contact (phone, address or device), oldest first; the latest 1,000 are kept.

    Not locked: its tenant locks.
    """

    def __init__(self) -> None:
        self._messages: defaultdict[str, list[Message]] = defaultdict(list)

    def deliver(self, message: Message) -> None:
        """Put a message into its recipient's inbox or spam folder."""
        inbox = self._messages[message.to]
        inbox.append(message)
        del inbox[:-_MOST_MESSAGES]

    def of(self, contact: str, folder: str | None = "inbox") -> tuple[Message, ...]:
        """What `contact` has in `folder`; None is every folder."""
        messages = self._messages.get(contact, [])
        return tuple(m for m in messages if folder is None or m.folder == folder)

    def contacts(self) -> Iterator[tuple[str, int]]:
        """Everybody who has received something, and how many messages."""
        return ((contact, len(messages)) for contact, messages in self._messages.items())

    def clear(self, contact: str | None = None) -> None:
        """Forget the messages of `contact`, or of everybody."""
        if contact is None:
            self._messages.clear()
        else:
            self._messages.pop(contact, None)

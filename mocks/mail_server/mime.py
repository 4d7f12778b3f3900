"""The letter as it goes over the wire (RFC 5322, RFC 2045)."""

import datetime as dt
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

__all__ = ["Attachment", "source_of"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a letter; `media_type` is such as application/pdf."""

    name: str
    media_type: str
    content: bytes


def source_of(
    message_id: str,
    sent: dt.datetime,
    sender: tuple[str, str],
    to: str,
    subject: str,
    text: str,
    html: str | None,
    attachments: tuple[Attachment, ...],
) -> bytes:
    """The whole message; the same arguments give the same bytes. `sender` is a name, perhaps empty,
    and an address."""
    letter = EmailMessage(SMTP)
    name, address = sender
    letter["From"] = Address(name, addr_spec=address)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(sent)
    letter["Message-ID"] = f"<{message_id}@{address.partition('@')[2]}>"
    if text or html is None:
        letter.set_content(text, cte="base64")
        if html is not None:
            letter.add_alternative(html, subtype="html", cte="base64")
    else:
        letter.set_content(html, subtype="html", cte="base64")
    for file in attachments:
        main, _, sub = file.media_type.partition("/")
        letter.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    for number, part in enumerate(letter.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{message_id}_{number}")
    return letter.as_bytes()

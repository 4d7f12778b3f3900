"""What a sender provides: SenderProvidedRequestData or SenderProvidedResponseData, read."""

import base64
import binascii
import datetime as dt
from dataclasses import dataclass
from typing import Final

from lxml import etree

from mocks.smev.errors import invalid_content
from mocks.smev.namespaces import MessageType, basic, type_of, types

__all__ = ["Header", "Provided", "octets_of", "provided", "string_of", "text_of"]

_STRING: Final = etree.XPath("string()")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a file beside the message; `signature` is its PKCS#7."""

    content_id: str
    mime_type: str
    signature: bytes | None


@dataclass(frozen=True, slots=True)
class Provided:
    """A message as its sender made it; `data` is the element read, as XML.

    `content` is the root of the content as XML, of `type`; a response may have none. `to` is of a
    response; `eol` naive means the tenant's zone.
    """

    data: bytes
    signature: bytes | None
    message_id: str
    content: bytes
    type: MessageType | None
    headers: tuple[Header, ...]
    to: str = ""
    eol: dt.datetime | None = None
    transaction_code: str | None = None
    reference_id: str | None = None


def provided(data: etree._Element, signature: etree._Element | None) -> Provided:
    """Read an element that its schema allows, with the sender's ds:Signature over it.

    SmevError InvalidContent for a moment that no calendar has.
    """
    content = data.find(f"{basic('MessagePrimaryContent')}/*")
    eol = text_of(data, types("EOL"))
    headers = data.iterfind(f"{basic('AttachmentHeaderList')}/{basic('AttachmentHeader')}")
    return Provided(
        data=_xml(data),
        signature=None if signature is None else _xml(signature),
        message_id=text_of(data, types("MessageID")) or "",
        content=b"" if content is None else _xml(content),
        type=None if content is None else type_of(content),
        headers=tuple(map(_header, headers)),
        to=text_of(data, types("To")) or "",
        eol=None if eol is None else _moment(eol),
        transaction_code=text_of(data, types("TransactionCode")),
        reference_id=text_of(data, types("ReferenceMessageID")),
    )


def string_of(element: etree._Element) -> str:
    """The text inside `element`, comments left out."""
    return str(_STRING(element)).strip()


def text_of(parent: etree._Element, name: str) -> str | None:
    """The text inside the child of that name; None without such a child."""
    child = parent.find(name)
    return None if child is None else string_of(child)


def octets_of(text: str, name: str) -> bytes:
    """What base64 in the field `name` says; SmevError InvalidContent if it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise invalid_content(f"{name}: ожидается base64") from None


def _header(element: etree._Element) -> Header:
    signature = text_of(element, basic("SignaturePKCS7"))
    return Header(
        content_id=text_of(element, basic("contentId")) or "",
        mime_type=text_of(element, basic("MimeType")) or "",
        signature=None if signature is None else octets_of(signature, "SignaturePKCS7"),
    )


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise invalid_content(f"EOL: {text[:40]} — не дата и время") from None


def _xml(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8", with_tail=False)

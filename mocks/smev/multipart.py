"""Messages in parts: multipart/related with the XML first and files after it (MTOM, SwA)."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Final

from mocks.core.http import Request
from mocks.smev.errors import invalid_content

__all__ = ["Parts", "parts_of"]

MOST_PARTS: Final = 100
_LARGEST_HEAD: Final = 8_192  # bytes of a part's headers


@dataclass(frozen=True, slots=True)
class Parts:
    """The XML of a message, and what its other parts hold by their Content-ID."""

    root: bytes
    by_id: Mapping[str, bytes]


def parts_of(request: Request) -> Parts:
    """The parts of a body; one that is not multipart is the XML itself.

    SmevError InvalidContent for a body that its boundary does not part.
    """
    head = Message()
    media_type = request.header("Content-Type") or "text/xml"
    head["Content-Type"] = media_type.encode("ascii", "replace").decode()
    if head.get_content_type() != "multipart/related":
        return Parts(request.body, {})
    boundary = head.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:  # RFC 2231 has no place in it
        raise invalid_content("multipart/related без boundary")
    contents = dict(_read(each) for each in _split(request.body, boundary.encode()))
    start = _bare(str(head.get_param("start", "")))
    if not start:
        start = next(iter(contents))
    if start not in contents:
        raise invalid_content(f"multipart/related: нет части {start[:80]!a}")
    root = contents.pop(start)
    return Parts(root, contents)


def _split(body: bytes, boundary: bytes) -> list[bytes]:
    """What lies between the boundaries (RFC 2046, 5.1.1)."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    parts, end = pieces[1:-1], pieces[-1]
    if not parts or not end.startswith(b"--"):
        raise invalid_content("multipart/related: нет частей или последней границы")
    if len(parts) > MOST_PARTS:
        raise invalid_content(f"multipart/related: частей больше {MOST_PARTS}")
    return parts


def _read(part: bytes) -> tuple[str, bytes]:
    """The Content-ID of a part ("" if it has none) and its content."""
    head, blank, content = part.lstrip(b" \t").partition(b"\r\n\r\n")
    if not blank or len(head) > _LARGEST_HEAD:
        raise invalid_content("multipart/related: часть без заголовков или с длинными")
    headers = BytesHeaderParser().parsebytes(head.lstrip(b"\r\n"))
    return _bare(str(headers.get("Content-ID", ""))), content


def _bare(content_id: str) -> str:
    return content_id.strip().removeprefix("<").removesuffix(">")

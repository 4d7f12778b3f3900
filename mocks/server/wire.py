"""Answers as bytes: the same headers in the same order whoever writes them.

There is no Date and no Server, so that the same answer is the same bytes.
"""

from http import HTTPStatus
from typing import Final

from starlette.types import Send

from mocks.core.http import Answer

__all__ = ["rendered_head", "send_whole"]

_WITHOUT_BODY: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def rendered_head(answer: Answer, method: str, *, closes: bool = False) -> bytes:
    """The status line and the headers; `closes` if the connection ends with this answer."""
    headers = _headers_of(answer, method)
    if closes:
        headers.append((b"connection", b"close"))
    phrase = _PHRASES.get(answer.status, "")
    lines = [f"HTTP/1.1 {answer.status} {phrase}".encode()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def send_whole(answer: Answer, method: str, send: Send) -> None:
    """Send `answer` to a request of `method` as it should be."""
    headers = _headers_of(answer, method)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def _headers_of(answer: Answer, method: str) -> list[tuple[bytes, bytes]]:
    """The headers of `answer`. That to HEAD does not tell a length: only GET's would be right
    (RFC 9110, 8.6)."""
    if answer.status in _WITHOUT_BODY:
        given = answer.headers
    else:
        given = (("content-type", answer.media_type), *answer.headers)
        if method != "HEAD":
            given = (*given, ("content-length", str(len(answer.body))))
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in given]

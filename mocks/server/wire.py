"""Answers as bytes: the same headers in the same order whoever writes them.

There is no Date and no Server, so that the same answer is the same bytes.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from starlette.types import Send

from mocks.core.http import Answer

__all__ = ["headers_of", "phrase_of", "rendered_head", "send_whole"]

_WITHOUT_BODY: Final = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
_PHRASES: Final = {status.value: status.phrase for status in HTTPStatus}


def rendered_head(answer: Answer, method: str, *, closes: bool = False) -> bytes:
    """The status line and the headers; `closes` if the connection ends with this answer."""
    headers = _encoded(headers_of(answer, method))
    if closes:
        headers.append((b"connection", b"close"))
    lines = [f"HTTP/1.1 {answer.status} {phrase_of(answer.status)}".encode()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def send_whole(answer: Answer, method: str, send: Send) -> None:
    """Send `answer` to a request of `method` as it should be."""
    headers = _encoded(headers_of(answer, method))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def phrase_of(status: int) -> str:
    """What stands after a status in its line; empty for one that is not registered."""
    return _PHRASES.get(status, "")


def headers_of(answer: Answer, method: str) -> list[tuple[str, str]]:
    """The headers of `answer`, their names in lower case. That to HEAD does not tell a length: only
    GET's would be right (RFC 9110, 8.6)."""
    if answer.status in _WITHOUT_BODY:
        given = answer.headers
    else:
        given = (("content-type", answer.media_type), *answer.headers)
        if method != "HEAD":
            given = (*given, ("content-length", str(len(answer.body))))
    return [(name.lower(), value) for name, value in given]


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

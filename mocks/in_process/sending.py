"""What http.client would send of a request, and what of it the caller keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests import PreparedRequest

__all__ = ["can_be_sent", "content_of", "resent"]


def can_be_sent(request: PreparedRequest) -> bool:
    """Whether http.client writes such headers: names in ASCII, values in Latin-1."""
    return all(
        _fits(name, "ascii") and _fits(value, "latin-1") for name, value in request.headers.items()
    )


def content_of(body: Any) -> bytes:
    """The whole body, of whatever form `requests` takes; a file is read to its end, an iterator
    used up, as a socket does."""
    if body is None:
        return b""
    if isinstance(body, str | bytes):
        return body.encode() if isinstance(body, str) else body
    if hasattr(body, "read"):
        return content_of(body.read())
    return b"".join(content_of(part) for part in body)


@contextmanager
def resent(request: PreparedRequest, content: bytes) -> Iterator[None]:
    """Let a body that has been read up be sent inside; after it the request has its own again, read
    up as before."""
    own = request.body
    if own is None or isinstance(own, str | bytes):
        yield
        return
    request.body = content
    try:
        yield
    finally:
        request.body = own


def _fits(text: str | bytes, encoding: str) -> bool:
    if isinstance(text, bytes):
        return True
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

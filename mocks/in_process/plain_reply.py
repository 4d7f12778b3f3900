"""The short way of an ordinary answer: as urllib3 and http.client would have read it.

Most answers come whole, at once, with nothing to do again; writing their heads for http.client to
parse costs more than the services' own work. Everything else goes the long way (`wire`).
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse, Retry

from mocks.core.exchange import Reply
from mocks.core.http import Answer
from mocks.in_process.wire import Carry
from mocks.server.wire import headers_of, phrase_of

__all__ = ["plain_response"]

_LONG_WAY: Final = frozenset({"set-cookie", "transfer-encoding", "content-encoding"})
_WITH_BODY: Final = frozenset({*range(200, 300), *range(400, 600)} - {204, 205})  # and leads on
_HTTP_1_1: Final = 11


def plain_response(
    adapter: HTTPAdapter, request: PreparedRequest, timeout: Any, carry: Carry
) -> Response | Carry:
    """The response to a request that `carry` answers in the ordinary way; otherwise what carries
    the request on the long way, whose first attempt this was."""
    limit = _read_limit(timeout)
    if limit is None:
        return carry
    try:
        reply = carry(limit[0])
    except (TimeoutError, ConnectionResetError) as failure:
        return _first(failure, carry)
    headers = _plain_headers(reply, request, adapter.max_retries)
    if headers is None:
        return _first(reply, carry)
    return adapter.build_response(request, _read(reply.answer, headers, request))


def _read_limit(timeout: Any) -> tuple[float | None] | None:
    """How long the client waits for the answer, in a tuple; None for what urllib3 has to judge."""
    both = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(both) == 2 and all(each is None or _is_time(each) for each in both):
        return (both[1],)
    return None


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and value > 0


def _plain_headers(reply: Reply, request: PreparedRequest, retries: Retry) -> dict[str, str] | None:
    """The headers of an answer that http.client would read as they are; None for another one."""
    answer = reply.answer
    if reply.manner != "whole" or answer.status not in _WITH_BODY:
        return None
    headers: dict[str, str] = {}
    for name, value in headers_of(answer, str(request.method)):
        if name in headers or name in _LONG_WAY or not _is_plain(value):
            return None
        headers[name] = value
    if retries.is_retry(str(request.method), answer.status, "retry-after" in headers):
        return None
    return headers


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def _read(answer: Answer, headers: dict[str, str], request: PreparedRequest) -> HTTPResponse:
    return HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=headers,
        status=answer.status,
        version=_HTTP_1_1,
        version_string="HTTP/1.1",
        reason=phrase_of(answer.status),
        preload_content=False,
        decode_content=False,
        request_method=request.method,
        request_url=request.path_url,
    )


def _first(outcome: Reply | OSError, carry: Carry) -> Carry:
    """Carries the first attempt to what has come of it, the others as `carry` does."""
    outcomes: Iterator[Reply | OSError] = iter((outcome,))

    def carried(limit_s: float | None) -> Reply:
        known = next(outcomes, None)
        if isinstance(known, OSError):
            raise known
        return carry(limit_s) if known is None else known

    return carried

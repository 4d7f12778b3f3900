"""The connection between `requests` and the country: a socket that is none.

Only the socket is replaced. urllib3 and http.client write the request and read the answer as they
always do, so timeouts, retries, broken bodies and the exceptions of all these are their own. An
ordinary answer takes a shorter way (`plain_reply`).
"""

import copy
import io
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, Retry
from urllib3.connection import HTTPConnection

from mocks.core.damage import kept_bytes
from mocks.core.exchange import Reply
from mocks.server.wire import rendered_head

__all__ = ["Carry", "WireAdapter"]

Carry = Callable[[float | None], Reply]
"""Answers a request whose client waits so many seconds (None: for ever). Raises TimeoutError or
ConnectionResetError as a socket does."""


class WireAdapter(HTTPAdapter):
    """Sends one request by `carry`. `patient`: the session's own pauses between retries are kept;
    otherwise it retries at once."""

    def __init__(self, carry: Carry, retries: Retry, patient: bool) -> None:
        super().__init__(max_retries=retries if patient else _hasty(retries))
        self._carry = carry

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: Any,
        proxies: Any = None,
        cert: Any = None,
    ) -> HTTPConnectionPool:
        """A pool with the one connection that the request needs."""
        url = urlsplit(str(request.url))
        pool = HTTPConnectionPool(url.hostname or "", url.port)
        pool.ConnectionCls = partial(_Connection, self._carry)  # type: ignore[assignment]
        return pool


class _Connection(HTTPConnection):
    def __init__(self, carry: Carry, **options: Any) -> None:
        super().__init__(**options)
        self._carry = carry

    @property
    def is_connected(self) -> bool:
        """It carries one request, so none is found connected by the next."""
        return False

    def connect(self) -> None:
        self.sock = _Socket(self._carry)


class _Socket:
    """What http.client needs of a socket."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry
        self._timeout_s: float | None = None
        self._method = ""

    def settimeout(self, timeout_s: float | None) -> None:
        self._timeout_s = timeout_s

    def sendall(self, data: bytes) -> None:
        self._method = self._method or data.partition(b" ")[0].decode()

    def setsockopt(self, *option: int) -> None:
        """There is nothing to tune."""

    def makefile(self, mode: str) -> io.BytesIO:
        reply = self._carry(self._timeout_s)
        answer, cut = reply.answer, reply.manner == "truncated"
        body = answer.body[: kept_bytes(answer)] if cut else answer.body
        return io.BytesIO(rendered_head(answer, self._method, closes=cut) + body)

    def shutdown(self, how: int) -> None:
        """Nothing more comes anyway."""

    def close(self) -> None:
        """There is nothing to close."""


class _NoPause:
    def sleep(self, response: object = None) -> None:
        """Time is skipped."""


def _hasty(retries: Retry) -> Retry:
    """The same retries without pauses between them; its successors are made of its class."""
    hasty = copy.copy(retries)
    hasty.__class__ = type("Hasty", (_NoPause, type(retries)), {})
    return hasty

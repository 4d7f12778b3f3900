"""Where calls of this process go: one patch of `requests` for all countries that run in it.

`responses` replaces `HTTPAdapter.send` for the whole process, so the countries share a router; it
is in place as long as one of them runs. Thread-safe.
"""

import threading
from collections.abc import Callable
from contextvars import ContextVar
from itertools import count
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from responses import RequestsMock

from mocks.core.country import MAIN
from mocks.core.exchange import Reply
from mocks.core.http import Request, problem_answer
from mocks.in_process.plain_reply import plain_response
from mocks.in_process.sending import can_be_sent, content_of, resent
from mocks.in_process.visit import NoTimeoutError
from mocks.in_process.wire import WireAdapter
from mocks.server.heads import head_refusal
from mocks.server.limits import Limits

__all__ = ["ROUTER", "Destination", "Router"]

_HOST: Final = "country{}.poligon.test"
_LIMITS: Final = Limits()
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Destination(Protocol):
    """A country that calls can reach."""

    hosts: dict[str, str]
    """The service behind each production host."""

    loopback: bool
    patient: bool

    def carry(self, request: Request, limit_s: float | None) -> Reply:
        """The reply to a client that waits `limit_s` seconds; raises as a socket does."""


_entered: ContextVar[tuple[Destination, ...]] = ContextVar("entered", default=())


class Router(RequestsMock):
    """Takes what `requests` sends to the country whose host is called.

    A production host belongs to the country entered last in the calling context (thread, task) that
    has it; in a context that has entered none, to the only country that has it.
    """

    def __init__(self) -> None:
        super().__init__(assert_all_requests_are_fired=False)
        self._by_host: dict[str, Destination] = {}
        self._changing = threading.Lock()

    def enter(self, country: Destination) -> str:
        """Let calls reach `country`; returns its own host, free again after `leave`."""
        with self._changing:
            names = (_HOST.format(f"-{n}" if n > 1 else "") for n in count(1))
            host = next(name for name in names if name not in self._by_host)
            if not self._by_host:
                self.start()
            self._by_host = {**self._by_host, host: country}
        _entered.set((*_entered.get(), country))
        return host

    def leave(self, host: str) -> None:
        """Calls no longer reach the country; after the last one `requests` is as it was."""
        with self._changing:
            country = self._by_host[host]
            self._by_host = {h: c for h, c in self._by_host.items() if h != host}
            if not self._by_host:
                self.stop()
        _entered.set(tuple(c for c in _entered.get() if c is not country))

    def unbound_on_send(self) -> Callable[..., Response]:
        """What stands in for `HTTPAdapter.send`."""

        def send(
            adapter: HTTPAdapter,
            request: PreparedRequest,
            stream: bool = False,
            timeout: Any = None,
            verify: Any = True,
            cert: Any = None,
            proxies: Any = None,
        ) -> Response:
            options = {
                "stream": stream,
                "timeout": timeout,
                "verify": verify,
                "cert": cert,
                "proxies": proxies,
            }
            url = urlsplit(str(request.url))
            host = url.hostname or ""
            running = self._by_host
            by_loopback = host in _LOOPBACK and any(c.loopback for c in running.values())
            if by_loopback or not running:  # another mock may put this back after the last country
                return self._send_by_socket(adapter, request, options)
            country, prefix = self._destination(host, request)
            sendable = can_be_sent(request)
            own = _request(request, prefix)
            refusal = head_refusal(str(request.path_url), own.headers, _LIMITS)

            def carry(limit_s: float | None) -> Reply:
                if refusal is not None:
                    return Reply(problem_answer(refusal))
                return country.carry(own, limit_s)

            try:
                given = plain_response(adapter, request, timeout, carry) if sendable else carry
                if isinstance(given, Response):
                    return given
                wire = WireAdapter(given, adapter.max_retries, country.patient)
                with resent(request, own.body):
                    return self._send_by_socket(wire, request, options)
            except NoTimeoutError as error:
                raise requests.ReadTimeout(str(error), request=request) from None

        return send

    def _send_by_socket(
        self, adapter: HTTPAdapter, request: PreparedRequest, options: dict[str, Any]
    ) -> Response:
        """`HTTPAdapter.send` as it was before anybody replaced it."""
        send: Callable[..., Response] = self._real_send
        return send(adapter, request, **options)

    def _destination(self, host: str, request: PreparedRequest) -> tuple[Destination, str]:
        """The country that `host` belongs to, and what its paths begin with there."""
        running = self._by_host
        if host in running:
            return running[host], ""
        having = [country for country in running.values() if host in country.hosts]
        near = [country for country in _entered.get() if country in having]
        if near or len(having) == 1:
            country = (near or having)[-1]
            return country, f"/{MAIN}/{country.hosts[host]}"
        if having:
            message = (
                f"{host}: {len(having)} countries run in this process and none was entered in this "
                f"thread; call the one you mean by its url"
            )
        else:
            known = sorted({*running, *(h for c in running.values() for h in c.hosts)})
            message = (
                f"{host}: no service answers for this host, and nothing leaves this machine while "
                f"a country runs; hosts: {', '.join(known)}"
            )
        raise requests.ConnectionError(message, request=request)


ROUTER: Final = Router()


def _request(request: PreparedRequest, prefix: str) -> Request:
    url = urlsplit(str(request.url))
    headers = {_text(name).lower(): _text(value) for name, value in request.headers.items()}
    headers.setdefault("host", url.netloc.rpartition("@")[2])
    return Request(
        method=str(request.method),
        path=prefix + (url.path or "/"),
        query=url.query,
        headers=headers,
        body=content_of(request.body),
        scheme=url.scheme,
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")

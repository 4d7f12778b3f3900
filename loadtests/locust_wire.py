"""Requests by Locust's fast client: those of the load go into Locust's statistics."""

import time
from collections.abc import Mapping
from typing import Any, Final

import gevent  # type: ignore[import-untyped]
from geventhttpclient.client import HTTPClientPool
from locust.contrib.fasthttp import FastHttpSession

from loadtests.answers import Reply, Verdict
from loadtests.wire import Judge

__all__ = ["NETWORK_TIMEOUT_S", "LocustWire", "session"]

NETWORK_TIMEOUT_S: Final = 60.0
_IDLE_S: Final = 5.0  # after which a connection is opened anew; Poligon's server waits for 15


def session(host: str, environment: Any) -> FastHttpSession:
    """A client with connections of its own, of no Locust user."""
    return FastHttpSession(
        base_url=host,
        request_event=environment.events.request,
        user=None,
        insecure=True,
        network_timeout=NETWORK_TIMEOUT_S,
        connection_timeout=NETWORK_TIMEOUT_S,
        max_retries=0,
    )


class _OncePool(HTTPClientPool):
    """Clients that send a request once. By themselves they repeat one that may be repeated (a GET)
    when the server closes the connection without an answer: as often as there are connections, and
    once more, whatever `max_retries` says."""

    def get_client(self, url: Any) -> Any:
        """As the parent says; its size counts nothing but repetitions once it is made."""
        client: Any = super().get_client(url)
        client._connection_pool.size = -1
        return client


class LocustWire:
    """The wire over one `FastHttpSession`: each request is sent once."""

    def __init__(self, client: FastHttpSession) -> None:
        self._client: Any = client  # its stubs know no bytes
        agent = self._client.client
        if not isinstance(agent.clientpool, _OncePool):
            agent.clientpool = _OncePool(**agent.clientpool.client_args)
        self._used_s = time.monotonic()

    def send(
        self,
        method: str,
        url: str,
        *,
        name: str,
        headers: Mapping[str, str],
        body: bytes | None,
        judge: Judge,
        timeout_s: float | None = None,
    ) -> Verdict:
        """As the protocol says."""
        self._refresh()
        timer = None if timeout_s is None else gevent.Timeout.start_new(timeout_s)
        try:
            answering = self._client.request(
                method,
                url,
                name=name,
                data=body,
                headers=dict(headers),
                catch_response=True,
                allow_redirects=False,
            )
        finally:
            if timer is not None:
                timer.close()
        with answering as answer:
            verdict = judge(_reply(answer))
            if verdict.is_good:
                answer.success()
            else:
                answer.failure(f"{verdict.outcome}: {verdict.detail}")
        return verdict

    def fetch(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """As the protocol says: an answer that is caught, and whose context is never entered, is
        told to nobody."""
        self._refresh()
        return _reply(
            self._client.request(
                method,
                url,
                data=body,
                headers=dict(headers),
                catch_response=True,
                allow_redirects=False,
            )
        )

    def _refresh(self) -> None:
        """Let connections go that the server may have closed meanwhile, as browsers do: a request
        on one of them would be lost, and not by any fault of the portal's."""
        now_s = time.monotonic()
        if now_s - self._used_s > _IDLE_S:
            self._client.client.close()
        self._used_s = now_s


def _reply(answer: Any) -> Reply:
    """What came back; Locust gives no answer at all as one with status 0."""
    if not answer.status_code:
        error = getattr(answer, "error", None)
        cause = getattr(error, "original", None) or error
        return Reply(status=0, error="no answer" if cause is None else type(cause).__name__)
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return Reply(status=answer.status_code, headers=headers, body=answer.content or b"")

"""Bodies of requests, read whole and within bounds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mocks.core.exchange import too_large
from mocks.core.http import Refusal, problem_answer
from mocks.server.connection import connection_of
from mocks.server.limits import Limits

__all__ = ["Bodies", "ClientLeft"]

_RETRY_FULL_S: Final = 1


class ClientLeft(Exception):
    """The client is gone before its request was whole."""


class Bodies:
    """All bodies that are held at a time, not more than `limits.bodies_bytes` together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    @asynccontextmanager
    async def reading(self, scope: Scope, receive: Receive, most: int) -> AsyncIterator[bytes]:
        """The body of a request, counted until the end of the block.

        Refusal 413 above `most` bytes, without reading more of it; 408 if it does not come in its
        time; 503 if there is no room; ClientLeft.
        """
        if _declared(scope) > most:
            raise too_large(most)
        body = bytearray()
        try:
            try:
                async with asyncio.timeout(self._limits.body_s):
                    while await self._read_part(receive, body, most):
                        pass
            except TimeoutError:
                message = f"Тело запроса не пришло за {self._limits.body_s:g} с"
                raise Refusal(408, "too-slow", message) from None
            yield bytes(body)
        finally:
            self._held -= len(body)

    def bounded(self, app: ASGIApp, most: int) -> ASGIApp:
        """`app` with bodies that have been read within bounds before it is asked."""

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                async with self.reading(scope, receive, most) as body:
                    await app(scope, _replayed(body, receive), send)
            except Refusal as refusal:
                connection_of(scope).refuse(problem_answer(refusal))
            except ClientLeft:
                return

        return asked

    async def _read_part(self, receive: Receive, body: bytearray, most: int) -> bool:
        """Adds a part to `body`; whether there is more."""
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        part = message["body"]
        body += part
        self._held += len(part)
        if len(body) > most:
            raise too_large(most)
        if self._held > self._limits.bodies_bytes:
            text = "Слишком много запросов с телами, повторите позже"
            raise Refusal(503, "busy", text, retry_after_s=_RETRY_FULL_S)
        return bool(message["more_body"])


def _declared(scope: Scope) -> int:
    """What Content-Length says (a number, the parser has seen to it), 0 without it."""
    return next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)


def _replayed(body: bytes, receive: Receive) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay

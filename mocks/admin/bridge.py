"""An ASGI application called as a function: no event loop is needed, and none is kept waiting."""

import asyncio
from typing import Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mocks.core.http import Answer, Request

__all__ = ["ask_application", "call_in_thread", "is_stepped"]

_STEPPED: Final = "poligon.stepped"


def ask_application(application: ASGIApp, mounted_at: str, request: Request) -> Answer:
    """What `application` answers where it is mounted; RuntimeError if it waits for anything but
    the request."""
    return _answer(_stepped(application, _scope(mounted_at, request), request.body))


async def call_in_thread(application: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a request by `application` in a thread; RuntimeError as above."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    for answer in await asyncio.to_thread(_stepped, application, scope, body):
        await send(answer)


def is_stepped(scope: Scope) -> bool:
    """Whether the application is called as a function, with the whole request at hand."""
    return _STEPPED in scope


def _stepped(application: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    """What it sends."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await application({**scope, _STEPPED: True}, receive, send)

    call = run()
    try:
        call.send(None)
    except StopIteration:
        return sent
    call.close()
    raise RuntimeError(f"{scope['method']} {scope['path']} waits for an event loop")


def _scope(mounted_at: str, request: Request) -> Scope:
    headers = [(name.encode("latin-1"), v.encode("latin-1")) for name, v in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": request.query.encode("latin-1"),
        "root_path": mounted_at,
        "headers": headers,
        "client": None,
        "server": None,
    }


def _answer(sent: list[Message]) -> Answer:
    start, *rest = sent
    headers = [(name.decode("latin-1"), v.decode("latin-1")) for name, v in start["headers"]]
    own = [(n, v) for n, v in headers if n not in ("content-type", "content-length")]
    return Answer(
        status=start["status"],
        body=b"".join(message.get("body", b"") for message in rest),
        media_type=dict(headers).get("content-type", ""),
        headers=tuple(own),
    )

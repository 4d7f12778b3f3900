"""A client that sends any bytes and sees what the wire brings."""

import os
import select
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPResponse
from types import TracebackType
from typing import Self

from mocks.server.serving import Server

DEADLINE_S = 30.0  # after which a test is stuck; nothing is expected to come near it


@dataclass(frozen=True)
class Seen:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class RawClient:
    """One connection to a server."""

    def __init__(self, server: Server, trust: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), DEADLINE_S)
        if trust is not None:
            self.socket = trust.wrap_socket(self.socket, server_hostname="localhost")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Self:
        self.socket.sendall(data)
        return self

    def get(self, path: str, *headers: str, method: str = "GET") -> Self:
        return self.send(head(method, path, *headers))

    def post(self, path: str, body: bytes) -> Self:
        return self.send(head("POST", path, f"Content-Length: {len(body)}") + body)

    def answer(self, method: str = "GET") -> Seen:
        """The next answer; nothing of later ones is read."""
        response = HTTPResponse(self.socket, method=method)
        response.begin()
        with response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Seen(response.status, headers, response.read())

    def rest(self) -> bytes:
        """Everything until the connection ends; ConnectionResetError if it is reset."""
        return _all_of(self.socket)

    def rest_below_tls(self) -> bytes:
        """Like `rest`, encrypted: Python's TLS tells a reset as an end."""
        with socket.socket(fileno=os.dup(self.socket.fileno())) as bare:
            bare.settimeout(DEADLINE_S)
            return _all_of(bare)

    @property
    def has_something(self) -> bool:
        """Whether anything has come, the end of the connection included."""
        return bool(select.select([self.socket], [], [], 0)[0])


def head(method: str, path: str, *headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _all_of(connected: socket.socket) -> bytes:
    parts = []
    while part := connected.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Poll: what is waited for is in another thread, which tells nobody."""
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, what
        os.sched_yield()

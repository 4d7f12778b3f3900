"""An ASGI application really served on loopback, and a client of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn
from starlette.types import ASGIApp

__all__ = ["Client", "served"]


class Client:
    """Asks one application by paths."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = requests.Session()
        self._session.trust_env = False

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(
            method, self.address + path, timeout=60, allow_redirects=False, **options
        )

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        return self.request("POST", path, **options)

    def close(self) -> None:
        self._session.close()


@contextmanager
def served(app: ASGIApp) -> Iterator[Client]:
    """A client of `app`, which is served inside the block."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    client = Client(f"http://127.0.0.1:{bound.getsockname()[1]}")
    try:
        yield client
    finally:
        client.close()
        server.should_exit = True
        thread.join()
        bound.close()

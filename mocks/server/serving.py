"""A country served over HTTP from a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from typing import Final

from uvicorn import Config
from uvicorn.server import ServerState

from mocks.core.country import Country
from mocks.server.app import application
from mocks.server.connection import Connection
from mocks.server.crowd import Crowd
from mocks.server.guests import NO_GUESTS, Guests
from mocks.server.limits import Limits
from mocks.server.timekeeper import Timekeeper
from mocks.server.tls import Authority

__all__ = ["Server", "serving"]

_BACKLOG: Final = 2048  # connections that the system keeps for us until we accept them
_THREADS: Final = 64  # of the administration, some of them waiting for a tenant that is busy


@contextmanager
def serving(
    country: Country,
    tls: Authority | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    limits: Limits | None = None,
    guests: Guests = NO_GUESTS,
) -> Iterator["Server"]:
    """`country` with its `guests` at `server.url` inside the block; port 0 is any free one.

    OSError if the address cannot be had, UnicodeError if the host has not the form of a name (with
    `tls`: of one that a certificate may bear). At the end answers in flight are finished, for
    `limits.grace_s` at most.
    """
    server = Server(country, tls, host, port, limits or Limits(), guests)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Server:
    """The server of a country: bound when made, accepting once `start` returns."""

    def __init__(
        self,
        country: Country,
        tls: Authority | None,
        host: str,
        port: int,
        limits: Limits,
        guests: Guests = NO_GUESTS,
    ) -> None:
        self._country = country
        self._guests = guests
        self._tls = None if tls is None else tls.context(country.policy, host)
        self._limits = limits
        self._socket = _bound(host, port)
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._ended = threading.Event()
        self._stopping = asyncio.Event()
        self._stopping_now = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="poligon-server")
        scheme = "http" if tls is None else "https"
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{scheme}://{_shown(host)}:{self.port}"

    def start(self) -> None:
        """Accept clients from now on."""
        self._thread.start()
        self._started.result()

    def ask_to_stop(self, *, now: bool = False) -> None:
        """Let the server stop, at once with `now`; does not wait, so a handler of signals may ask.

        Before `start` there is nothing to stop.
        """
        if self._thread.ident is None or self._started.exception() is not None:
            return
        with suppress(RuntimeError):  # it has stopped already
            event = self._stopping_now if now else self._stopping
            self._started.result().call_soon_threadsafe(event.set)

    def wait(self) -> None:
        """Returns once the server has stopped."""
        if self._thread.ident is not None:
            self._ended.wait()  # a signal may interrupt it; a `join` would be broken by that
            self._thread.join()
        self._socket.close()

    def stop(self) -> None:
        """Finish answers in flight, for `grace_s` at most, then stop."""
        self.ask_to_stop()
        self.wait()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._started.done():
                raise
            self._started.set_exception(error)
        finally:
            self._ended.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_THREADS, "poligon-admin"))
        times = Timekeeper(self._country)
        crowd = Crowd(self._limits.connections)
        config = self._config(times)
        state = ServerState()
        listener = await loop.create_server(
            partial(Connection, config, state, crowd, self._limits),
            sock=self._socket,
            ssl=self._tls,
            ssl_handshake_timeout=None if self._tls is None else self._limits.head_s,
            # Until then the last answer is sent, not only a farewell awaited.
            ssl_shutdown_timeout=None if self._tls is None else self._limits.unread_s,
            backlog=_BACKLOG,
        )
        self._started.set_result(loop)
        await self._stopping.wait()
        loop.remove_reader(self._socket)
        await asyncio.sleep(0)  # asyncio drops connections half accepted by a closed listener
        listener.close()
        times.stop()
        await self._finish(crowd, state)
        times.close()
        await _end_tasks()
        await crowd.emptied()

    def _config(self, times: Timekeeper) -> Config:
        config = Config(
            application(self._country, times, self._limits, self._guests),
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=self._limits.idle_s,
        )
        config.load()
        return config

    async def _finish(self, crowd: Crowd, state: ServerState) -> None:
        """Idle connections are closed, the others after their answers, or when time is up."""
        crowd.close()
        for connection in list(state.connections):
            connection.shutdown()
        emptied = asyncio.ensure_future(crowd.emptied())
        hurried = asyncio.ensure_future(self._stopping_now.wait())
        await asyncio.wait(
            (emptied, hurried),
            timeout=self._limits.grace_s,
            return_when=asyncio.FIRST_COMPLETED,
        )
        hurried.cancel()
        for connection in list(state.connections):
            connection.transport.abort()
        await emptied


async def _end_tasks() -> None:
    """Whatever the loop still does: answers that nobody reads, connections half accepted."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _bound(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)  # asyncio sets TCP_NODELAY if it knows TCP by it
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(_BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _shown(host: str) -> str:
    """`host` as a URL has it: an address that can be asked."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "[::1]"
    return host if address.version == 4 else f"[{host}]"

"""A connection of uvicorn's with bounds, and with the ill manners that faults need.

httptools refuses what smuggles requests (Content-Length beside Transfer-Encoding, several lengths,
folded headers, bare line feeds); it has no limits of its own, so they are here.
"""

import asyncio
import socket
import struct
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from uvicorn import Config
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from mocks.core.http import Answer, Refusal, problem_answer
from mocks.server.crowd import Crowd
from mocks.server.heads import headers_too_large, url_too_long
from mocks.server.limits import Limits
from mocks.server.wire import rendered_head

__all__ = ["Connection", "connection_of"]

_KEY: Final = "connection"
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER for no time: RST instead of FIN
_VERSIONS: Final = ("1.0", "1.1")


def connection_of(scope: Any) -> "Connection":
    """The connection that an ASGI request came by: uvicorn has it until the application returns."""
    connection: Connection = scope["state"][_KEY]()
    return connection


class Connection(HttpToolsProtocol):
    """A client's connection, whose requests are answered one after the other.

    `gone`: the client has left; `on_leave` is called when it does. After `refuse`, `cut_off` and
    `reset` the request in hand is over and the connection ends.
    """

    def __init__(self, config: Config, state: ServerState, crowd: Crowd, limits: Limits) -> None:
        super().__init__(config, state, {})
        self.gone = False
        self.on_leave: Callable[[], None] | None = None
        self._crowd = crowd
        self._limits = limits
        self._active: RequestResponseCycle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._in_head = False
        self._in_body = False
        self._deaf = False
        self._broken: Answer | None = None  # told after the answers that come before
        self._wrong: Refusal | None = None  # what the parser is stopped for
        self._swallowed = 0  # bytes since the parser last had something to tell
        self._head_bytes = 0
        self._headers = 0

    # --- coming and going

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected: a head must come in its time."""
        super().connection_made(transport)
        self._await_head()
        self._crowd.come(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is no more, whoever has ended it."""
        self.gone = True
        self._unset_timer()
        self._unset_unread_timer()
        self._unset_keepalive_if_required()
        self._crowd.leave(self)
        self._end_active()
        super().connection_lost(exc)
        if self.on_leave is not None:
            self.on_leave()

    def give_way(self) -> None:
        """Leave for a newcomer."""
        self.transport.abort()

    def turn_away(self) -> None:
        """Refuse a client that there is no room for."""
        message = "Слишком много соединений, повторите позже"
        self.refuse(problem_answer(Refusal(503, "too-many-connections", message, retry_after_s=1)))

    def shutdown(self) -> None:
        """The server ends: close if no answer is awaited, else after it."""
        if self.transport.is_closing():
            return
        unsent = self.transport.get_write_buffer_size()
        super().shutdown()
        if self.transport.is_closing() and not unsent:
            self.transport.abort()  # a TLS connection would wait for the client's farewell

    @property
    def answering(self) -> bool:
        """Whether a request is being answered."""
        return self._active is not None and not self._active.response_complete

    # --- how answers end that are not whole

    def refuse(self, answer: Answer) -> None:
        """Send `answer` as the last one. The client is listened to a while longer: a connection
        closed upon unread data is reset, and the answer lost."""
        self._end_active()
        if not self.transport.is_closing():
            self.transport.write(rendered_head(answer, "GET", closes=True) + answer.body)
            self._linger()

    def cut_off(self, data: bytes) -> None:
        """Send `data` and close, however much more was promised."""
        if not self.transport.is_closing():
            self.transport.write(data)
        self.close()

    def reset(self) -> None:
        """Close with a TCP reset."""
        self._end_active()
        sock = None if self.gone else self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()

    def close(self) -> None:
        """Close without an answer."""
        self._end_active()
        if not self.transport.is_closing():
            self.transport.close()
            self._set_timer(self._limits.unread_s, self.transport.abort)

    def watch_client(self) -> None:
        """Go on reading, which is how the client's leaving is noticed."""
        if not self.transport.is_closing():  # one of TLS that is closed cannot be asked
            self.flow.resume_reading()

    def pause_writing(self) -> None:
        """The client leaves a large answer unread; the next one would wait for ever to be sent."""
        super().pause_writing()
        self._unread_timer = self.loop.call_later(self._limits.unread_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It has read."""
        super().resume_writing()
        self._unset_unread_timer()

    def _linger(self) -> None:
        self._deaf = True
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            with suppress(OSError):  # the client has reset the connection
                self.transport.write_eof()
        self._set_timer(self._limits.linger_s, self.transport.abort)

    def _end_active(self) -> None:
        if self._active is not None:
            self._active.disconnected = True
            self._active.message_event.set()

    # --- what the client sends

    def data_received(self, data: bytes) -> None:
        """Bytes have come; those after a refusal, or decrypted while TLS says goodbye, are
        nobody's."""
        if self._deaf or self.transport.is_closing():
            return
        if not self._in_body:
            self._await_head()
        if self._swallowed > self._limits.head_bytes:
            self._break(headers_too_large(self._limits))
            return
        self._swallowed += len(data)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """The parser has stopped: the client is told why, in its turn."""
        message = "Запрос нарушает правила HTTP"
        wrong, self._wrong = self._wrong, None  # its traceback has the connection
        self._break(wrong or Refusal(400, "bad-request", message))

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        # Else each connection is a circle, and they are all found at once, when nobody is answered.
        self.scope["state"][_KEY] = weakref.ref(self)
        self._begin_head()
        self._in_head = True
        self._await_head()

    def on_url(self, url: bytes) -> None:
        """A part of the URL."""
        super().on_url(url)
        if len(self.url) > self._limits.url_bytes:
            raise self._stop(url_too_long(self._limits))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those after the body only count."""
        self._head_bytes += len(name) + len(value)
        self._headers += 1
        self._swallowed = 0
        too_many = self._headers > self._limits.headers
        if too_many or self._head_bytes > self._limits.head_bytes:
            raise self._stop(headers_too_large(self._limits))
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A whole head: its request is begun, or waits for earlier answers."""
        self._check_head()
        self._unset_timer()
        self._in_head = False
        self._in_body = True
        self._swallowed = 0
        super().on_headers_complete()
        if self.pipeline:
            self.watch_client()

    def on_body(self, body: bytes) -> None:
        """A part of the body. In the pipeline bodies are bounded instead of not being read: by
        reading it is noticed that a client leaves."""
        self._swallowed = 0
        super().on_body(body)
        if self.pipeline:
            most = self._limits.pipelined_bytes
            if sum(len(cycle.body) for cycle, _ in self.pipeline) > most:
                message = f"Тела запросов, которые ждут ответа на прежние, больше {most} байт"
                raise self._stop(Refusal(429, "pipeline-full", message))
            self.watch_client()

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._in_body = False
        self._begin_head()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer is written: the next request in the pipeline is begun, or none."""
        unread = self._active is not None and self._active.more_body
        super().on_response_complete()
        if self.transport.is_closing():
            self._set_timer(self._limits.unread_s, self.transport.abort)
        elif unread:
            self._linger()
        elif not self.answering:
            self._crowd.idle(self)
            if self._broken is not None:
                self.refuse(self._broken)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came after an answer."""
        self.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._active = cycle
        self._crowd.busy(self)
        super()._start_asgi_task(cycle, app)

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade is not taken up (RFC 9110, 7.8); what follows its request is not parsed."""
        self._deaf = True
        self.cycle.keep_alive = False

    def _begin_head(self) -> None:
        self._swallowed = self._head_bytes = self._headers = 0

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        chunked = any(name == b"transfer-encoding" for name, _ in self.headers)
        if version not in _VERSIONS:
            raise self._stop(Refusal(505, "http-version", "Ожидалась версия HTTP 1.1"))
        if hosts > 1 or (version == "1.1" and not hosts):
            raise self._stop(Refusal(400, "bad-host", "Ожидался один заголовок Host"))
        if version == "1.0":
            self.expect_100_continue = False  # it knows no such answer (RFC 9110, 10.1.1)
        if version == "1.0" and chunked:
            message = "Transfer-Encoding не бывает в HTTP/1.0"
            raise self._stop(Refusal(400, "bad-request", message))
        if len(self.pipeline) >= self._limits.pipelined:
            message = f"Ответа уже ждут {self._limits.pipelined} запросов этого соединения"
            raise self._stop(Refusal(429, "pipeline-full", message))

    def _stop(self, refusal: Refusal) -> Refusal:
        """Remember why the parser is stopped, which tells it in no other way."""
        self._wrong = refusal
        return refusal

    def _break(self, refusal: Refusal) -> None:
        """Nothing more is read from this client; `refusal` comes after the answers it waits for."""
        self._deaf = True
        self._unset_timer()
        if self.pipeline and self.cycle.more_body:
            self.pipeline.popleft()  # what is broken is its body, which would be waited for
        active, answer = self._active, problem_answer(refusal)
        if active is not None and self.answering and not active.more_body:
            self._broken = answer  # not the refusal: its traceback has the connection
        else:
            self.refuse(answer)

    def _too_slow(self) -> None:
        self._timer = None
        if self._in_head:
            message = f"Запрос не пришёл за {self._limits.head_s:g} с"
            self._break(Refusal(408, "too-slow", message))
        elif not self.answering:
            self.close()

    def _await_head(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self._limits.head_s, self._too_slow)

    def _set_timer(self, seconds: float, act: Callable[[], None]) -> None:
        self._unset_timer()
        self._timer = self.loop.call_later(seconds, act)

    def _unset_unread_timer(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _unset_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

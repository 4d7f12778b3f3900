"""Programs of organizations that hear of events: really there, on this machine."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pytest
from pytest_bdd import given, parsers, then, when

from features.acts.doing import done
from features.scene import Scene

__all__: list[str] = []

_NAME: Final = r"«(?P<name>[^»]+)»"
_WORKS: Final = rf"программа {_NAME} (?P<how>слушает|не отвечает|снова отвечает)"
_GOOD: Final = "по порядку и с верной подписью"
_HEARD: Final = rf"программа {_NAME} получила сообщений: (?P<count>\d+), {_GOOD}"


@dataclass
class _Programs:
    """Programs of a scenario, by persona."""

    running: dict[str, "_Program"] = field(default_factory=dict)

    def of(self, name: str) -> "_Program":
        if name not in self.running:
            self.running[name] = _Program()
        return self.running[name]


class _Program(ThreadingHTTPServer):
    """Takes deliveries while it `works`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.works = True
        self.taken: list[tuple[int, str, bytes]] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hooks"

    def end(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.works:
            headers = self.headers
            number, signature = headers["Poligon-Delivery"], headers["Poligon-Signature"]
            self.server.taken.append((int(number), signature, body))
        self.send_response(204 if self.server.works else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@pytest.fixture
def programs() -> Iterator[_Programs]:
    """Programs that end with the scenario."""
    found = _Programs()
    yield found
    for each in found.running.values():
        each.end()


@given(parsers.re(_WORKS))
@when(parsers.re(_WORKS))
def _works(scene: Scene, programs: _Programs, name: str, how: str) -> None:
    program = programs.of(name)
    program.works = how != "не отвечает"
    scene.programs[name] = program.url


@then(parsers.re(_HEARD))
def _heard(scene: Scene, programs: _Programs, name: str, count: str) -> None:
    """Each with a number above the one before; the signature is checked with the secret that the
    persona was shown."""
    taken = programs.of(name).taken
    numbers = [number for number, _, _ in taken]
    assert len(numbers) == int(count), f"получено сообщений: {len(numbers)}, ожидалось {count}"
    assert numbers == sorted(set(numbers)), f"не по порядку: {numbers}"
    secret = str(scene.known(scene.cast[name], "secret"))
    for _, signature, body in taken:
        told = dict(part.split("=", 1) for part in signature.split(","))
        signed = told["t"].encode() + b"." + body
        code = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(code, told["v1"]), "подпись не сходится"
    scene.asserted.accepted = True


@given(parsers.re(rf"{_NAME} с приёмником webhook, который не отвечает"))
def _down(scene: Scene, programs: _Programs, name: str) -> None:
    """Connected while it still listened."""
    _works(scene, programs, name, "слушает")
    done(scene, scene.cast[name], "подключает приёмник webhook")
    _works(scene, programs, name, "не отвечает")

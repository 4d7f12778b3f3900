"""Servers in processes of their own, and a client of one connection to each."""

import argparse
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config
from uvicorn import Server as Uvicorn

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving

_ROOT = Path(__file__).parents[1]
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
_PAGES = Path("/proc/self/statm")


# --- servers --------------------------------------------------------------------------------------


def serve(kind: str, size: int) -> None:
    """In a process of its own: say the port, then answer every line with what has been used."""
    if kind == "bare":
        # Without the protocol's number asyncio would leave Nagle's algorithm on: 40 ms an answer.
        with socket.socket(proto=socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()  # whoever comes before the server accepts waits for it
            tell({"port": listener.getsockname()[1]})
            _run_bare(listener, size)
    else:
        with serving(Country(SERVICES)) as server:
            tell({"port": server.port})
            _tell_usage()


def _run_bare(listener: socket.socket, size: int) -> None:
    body = b"x" * size

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(body, media_type="application/json")

    async def used(_: Request) -> Response:
        return Response(json.dumps(usage()))

    routes = [Route("/usage", used), Route("/{path:path}", answer, methods=["GET", "POST"])]
    config = Config(Starlette(routes=routes), log_level="error", access_log=False)
    Uvicorn(config).run([listener])


def _tell_usage() -> None:
    for _ in sys.stdin:
        tell(usage())


def usage() -> dict[str, float]:
    """CPU seconds that this process has used, its memory in MB."""
    return {"cpu_s": time.process_time(), "memory_mb": _resident_bytes() / 1e6}


def _resident_bytes() -> int:
    """Memory now where the system tells it, the peak elsewhere."""
    if _PAGES.exists():
        return int(_PAGES.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def tell(what: object) -> None:
    """A line of JSON for who has started this process."""
    print(json.dumps(what), flush=True)


# --- a client -------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """One keep-alive connection to a server and a way to ask what it has used."""

    def __init__(self, kind: str, port: int, control: IO[str], told: IO[str]) -> None:
        self.kind = kind
        self._port = port
        self._control = control
        self._told = told
        self.connect()

    def connect(self) -> None:
        """Begin a new connection: servers close those that have been idle for some seconds."""
        self._socket = socket.create_connection(("127.0.0.1", self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")

    def ask(self, request: bytes) -> Answer:
        """Send a request as it is written, and wait for its answer."""
        self._socket.sendall(request)
        status = int(self._answers.readline().split()[1])
        headers: dict[str, str] = {}
        while (line := self._answers.readline()) != b"\r\n":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Answer(status, headers, self._answers.read(int(headers.get("content-length", 0))))

    def usage(self) -> dict[str, float]:
        """CPU seconds used so far, memory in MB."""
        if self.kind == "bare":
            found: dict[str, float] = json.loads(self.ask(get("/usage")).body)
        else:
            self._control.write("\n")
            self._control.flush()
            found = json.loads(self._told.readline())
        return found


@contextmanager
def client_of(kind: str, size: int = 0) -> Iterator[Client]:
    """A client of a new server: `poligon`, or a `bare` one whose answers have so many bytes."""
    words = ["-m", "benchmarks.served", kind, "--size", str(size)]
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            port = json.loads(process.stdout.readline())["port"]
            yield Client(kind, port, process.stdin, process.stdout)
        finally:
            process.kill()


def get(path: str, **headers: str) -> bytes:
    """A GET request as it is sent."""
    return _head("GET", path, headers) + b"\r\n"


def post(path: str, body: bytes, media_type: str, method: str = "POST", **others: str) -> bytes:
    """A request with a body; in names of `others`, underscores are dashes."""
    headers = {"Content-Type": media_type, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in others.items()}
    return _head(method, path, headers) + b"\r\n" + body


def _head(method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "".join(f"{line}\r\n" for line in lines).encode()


def main() -> None:
    """Serve until the end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["poligon", "bare"])
    parser.add_argument("--size", type=int, default=0)
    options = parser.parse_args()
    serve(options.kind, options.size)


if __name__ == "__main__":
    main()

"""How much the mocks' server costs beside a bare one, and how much it keeps.

    python -m benchmarks.mocks [--requests N] [--rounds R] [--quick]

ЕГРЮЛ of the country answers about organizations that nobody has asked about before, in JSON and in
XML; a Starlette application of one route answers the same requests with the same number of bytes.
Rounds take the servers in turn, each server is a process of its own. A rate is requests per second
of the server's CPU time, which is what one core could answer; added latency is the difference of
quantiles against the bare server in the same round, over one loopback connection. Exit code 1 if
JSON is below 1,500 a CPU-second, adds 2 ms at p50 or more, or the server grows by 100 MB over
100,000 requests; the aims are 2,000 a second and 1 ms.
"""

import argparse
import json
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config
from uvicorn import Server as Uvicorn

from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving
from world.country import World

_ROOT = Path(__file__).parents[1]
_REQUESTS, _ROUNDS, _MANY = 2_000, 7, 100_000
_QUICK_REQUESTS, _QUICK_ROUNDS, _QUICK_MANY = 500, 3, 5_000
_MOST_GROWTH_MB, _LEAST_RATE, _MOST_ADDED_MS = 100.0, 1_500.0, 2.0
_AIMED_RATE, _AIMED_ADDED_MS = 2_000.0, 1.0
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
_PAGES = Path("/proc/self/statm")
_NAMESPACE = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"


# --- servers --------------------------------------------------------------------------------------


def serve(kind: str, size: int) -> None:
    """In a process of its own: say the port, then answer every line with what has been used."""
    if kind == "bare":
        # Without the protocol's number asyncio would leave Nagle's algorithm on: 40 ms an answer.
        with socket.socket(proto=socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()  # whoever comes before the server accepts waits for it
            _tell({"port": listener.getsockname()[1]})
            _run_bare(listener, size)
    else:
        with serving(Country(SERVICES)) as server:
            _tell({"port": server.port})
            _tell_usage()


def _run_bare(listener: socket.socket, size: int) -> None:
    body = b"x" * size

    async def answer(request: Request) -> Response:
        await request.body()
        return Response(body, media_type="application/json")

    async def usage(_: Request) -> Response:
        return Response(json.dumps(_usage()))

    routes = [Route("/usage", usage), Route("/{path:path}", answer, methods=["GET", "POST"])]
    config = Config(Starlette(routes=routes), log_level="error", access_log=False)
    Uvicorn(config).run([listener])


def _tell_usage() -> None:
    for _ in sys.stdin:
        _tell(_usage())


def _usage() -> dict[str, float]:
    return {"cpu_s": time.process_time(), "memory_mb": _resident_bytes() / 1e6}


def _resident_bytes() -> int:
    """Memory now where the system tells it, the peak elsewhere."""
    if _PAGES.exists():
        return int(_PAGES.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


# --- a client -------------------------------------------------------------------------------------


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

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._socket.sendall(request)
        status = int(self._answers.readline().split()[1])
        length = 0
        while (line := self._answers.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return status, self._answers.read(length)

    def usage(self) -> dict[str, float]:
        """CPU seconds used so far, memory in MB."""
        if self.kind == "bare":
            found: dict[str, float] = json.loads(self.ask(_get("/usage"))[1])
        else:
            self._control.write("\n")
            self._control.flush()
            found = json.loads(self._told.readline())
        return found


@contextmanager
def client_of(kind: str, size: int = 0) -> Iterator[Client]:
    """A client of a new server of that kind."""
    words = ["-m", "benchmarks.mocks", "--serve", kind, "--size", str(size)]
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


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Requests:
    """Endless requests about legal entities, each asked about once."""

    def __init__(self) -> None:
        self._world = World(1)
        self._next = 0

    def take(self, form: str, count: int) -> list[bytes]:
        """The next `count` requests in that form: json or xml."""
        taken: list[bytes] = []
        while len(taken) < count:
            if self._world.population.kind(self._next) == "legal":
                organization = self._world.organization(self._next)
                taken.append(_request(form, organization.inn))
            self._next += 1
        return taken


def _request(form: str, inn: str) -> bytes:
    if form == "json":
        return _get(f"/egrul/v1/organizations/{inn}")
    body = (
        f'<FNSVipULRequest xmlns="{_NAMESPACE}" ИдДок="3fa85f64-5717-4562-b3fc-2c963f66afa6">'
        f"<ЗапросЮЛ><ИННЮЛ>{inn}</ИННЮЛ></ЗапросЮЛ></FNSVipULRequest>"
    )
    return _post("/egrul/smev", body.encode())


# --- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Round:
    """What a server did with some requests: per CPU-second, latency in ms."""

    rate: float
    p50_ms: float
    p99_ms: float


def measured(client: Client, requests: Sequence[bytes]) -> Round:
    """Ask one after the other."""
    client.connect()
    before = client.usage()["cpu_s"]
    times = []
    for request in requests:
        began = time.perf_counter()
        status, _ = client.ask(request)
        times.append((time.perf_counter() - began) * 1e3)
        assert status == 200, status
    used = client.usage()["cpu_s"] - before
    cuts = statistics.quantiles(times, n=100)
    return Round(len(requests) / used, cuts[49], cuts[98])


def take_turns(count: int, rounds: int) -> dict[str, list[Round]]:
    """Rounds of the bare server, of JSON and of XML, in turn."""
    source = Requests()
    seen: dict[str, list[Round]] = {"bare": [], "json": [], "xml": []}
    with client_of("poligon") as poligon:
        sizes = [len(poligon.ask(request)[1]) for request in source.take("json", 200)]
        with client_of("bare", round(statistics.mean(sizes))) as bare:
            measured(bare, source.take("json", 200))
            measured(poligon, source.take("xml", 200))
            for number in range(rounds):
                seen["bare"].append(measured(bare, source.take("json", count)))
                for form in ("json", "xml"):
                    seen[form].append(measured(poligon, source.take(form, count)))
                print(f"round {number + 1}/{rounds}", file=sys.stderr, flush=True)
    return seen


def growth_mb(many: int) -> float:
    """By how much so many requests raise the memory of a server that has answered some."""
    source = Requests()
    with client_of("poligon") as client:
        for request in source.take("json", 200):
            client.ask(request)
        before = client.usage()["memory_mb"]
        for _ in range(many // 1_000):
            requests = source.take("json", 1_000)
            client.connect()
            for request in requests:
                client.ask(request)
        return client.usage()["memory_mb"] - before


# --- what is printed ------------------------------------------------------------------------------


def table(seen: dict[str, list[Round]]) -> Table:
    """Rates and latencies, medians over rounds and their range."""
    drawn = Table(
        "server", "per CPU-second", "p50, ms", "p99, ms", "added at p50, ms", "at p99, ms"
    )
    for name, rounds in seen.items():
        p50 = [r.p50_ms - b.p50_ms for r, b in zip(rounds, seen["bare"], strict=True)]
        p99 = [r.p99_ms - b.p99_ms for r, b in zip(rounds, seen["bare"], strict=True)]
        drawn.add_row(
            name,
            _ranged([r.rate for r in rounds], 0),
            _ranged([r.p50_ms for r in rounds], 2),
            _ranged([r.p99_ms for r in rounds], 2),
            "" if name == "bare" else _ranged(p50, 2),
            "" if name == "bare" else _ranged(p99, 2),
        )
    return drawn


def _ranged(values: Sequence[float], digits: int) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f} … {high:,.{digits}f})"


def main() -> int:
    """Measure and print; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, help=f"in each round (default: {_REQUESTS})")
    parser.add_argument("--rounds", type=int, help=f"default: {_ROUNDS}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--serve", choices=["poligon", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.size)
        return 0
    count = options.requests or (_QUICK_REQUESTS if options.quick else _REQUESTS)
    rounds = options.rounds or (_QUICK_ROUNDS if options.quick else _ROUNDS)
    many = _QUICK_MANY if options.quick else _MANY
    seen = take_turns(count, rounds)
    growth = growth_mb(many)
    Console(width=None if sys.stdout.isatty() else 160).print(table(seen))
    rate = statistics.median(r.rate for r in seen["json"])
    added = statistics.median(
        r.p50_ms - b.p50_ms for r, b in zip(seen["json"], seen["bare"], strict=True)
    )
    print(f"JSON: {rate:,.0f} per CPU-second (aim {_AIMED_RATE:,.0f})")
    print(f"JSON: {added:.2f} ms added at p50 (aim {_AIMED_ADDED_MS:g})")
    print(f"{many:,} requests raise the memory by {growth:.0f} MB (limit {_MOST_GROWTH_MB:g})")
    missed = growth >= _MOST_GROWTH_MB or rate < _LEAST_RATE or added >= _MOST_ADDED_MS
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

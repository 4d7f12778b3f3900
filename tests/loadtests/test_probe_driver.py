"""Probes as a server gets them: at their instants, or from clients one after another."""

import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from loadtests.samples import OUTCOMES, read_samples
from loadtests.validation.probes import Probe, ProbeTask

OPERATIONS = ("account", "list", "register", "register")
PROBES = [Probe(name, "GET", f"/{name}") for name in OPERATIONS]


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.path != "/list" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Nothing is told."""


@contextmanager
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def driven(
    folder: Path, probes: list[Probe], clients: int, duration_s: float, taken_ns: int = 400
) -> Any:
    """Where a piece takes the server's processor so long, for 400 ns at speed 1."""
    pieces = folder / "pieces"
    pieces.write_bytes(struct.pack("<3q", 0, taken_ns, 0) * 5)
    with served() as host:
        task = ProbeTask(host, str(folder), probes, clients, duration_s, str(pieces), 400.0)
        task.write(folder / "task.json")
        words = [sys.executable, "-m", "loadtests.validation.probe_driver"]
        subprocess.run([*words, folder / "task.json"], check=True)
    return read_samples(folder)


@pytest.mark.parametrize("clients", [3, 4])
def test_each_client_sends_the_whole_mix_from_its_own_place_on(
    tmp_path: Path, clients: int
) -> None:
    samples = driven(tmp_path, PROBES, clients, 0.7)
    assert len(set(samples["entity"].tolist())) == len(samples)
    for client in range(clients):
        own = samples[samples["entity"] % clients == client]
        asked = [each.decode() for each in own[own["entity"].argsort()]["operation"].tolist()]
        assert len(set(asked)) > 1
        assert asked == [OPERATIONS[(client + n) % len(OPERATIONS)] for n in range(len(asked))]


def test_probes_go_at_their_instants_and_what_was_not_expected_has_failed(tmp_path: Path) -> None:
    probes = [Probe(name, "GET", f"/{name}", at_us=10_000 * n) for n, name in enumerate(OPERATIONS)]
    samples = driven(tmp_path, probes, 0, 0.0)
    samples = samples[samples["entity"].argsort()]
    assert samples["intended_us"].tolist() == [0, 10_000, 20_000, 30_000]
    assert (samples["sent_us"] >= samples["intended_us"]).all()
    told = [OUTCOMES[each] for each in samples["outcome"]]
    assert told == ["ok", "failed", "ok", "ok"]


def test_probes_come_by_the_speed_of_the_servers_processor(tmp_path: Path) -> None:
    probes = [Probe(name, "GET", f"/{name}", at_us=10_000 * n) for n, name in enumerate(OPERATIONS)]
    samples = driven(tmp_path, probes, 0, 0.0, taken_ns=800)
    samples = samples[samples["entity"].argsort()]
    assert samples["intended_us"].tolist() == pytest.approx([0, 20_000, 40_000, 60_000], abs=2)

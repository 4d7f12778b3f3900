"""Locust itself, as a process of its own, against portals that are really served."""

import struct
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from loadtests.arrivals import arrivals_of
from loadtests.plan import ClosedShape, LoadPlan
from loadtests.samples import (
    OUTCOMES,
    Note,
    read_acknowledged,
    read_journeys,
    read_notes,
    read_samples,
)
from loadtests.validation.probes import Probe, ProbeTask
from scenarios.loader import load
from sim.model.model import compile_model
from tests.loadtests.scenarios_of_load import SCENARIO
from tests.loadtests.served_portal import locust, served

SPEED = 30.0


@pytest.fixture(name="path")
def path_of_scenario(tmp_path: Path) -> Path:
    path = tmp_path / "load.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_open_arrivals_come_when_the_model_says_and_are_answered_rightly(
    path: Path, tmp_path: Path
) -> None:
    scenario, results = load(path), tmp_path / "results"
    with served(scenario) as url:
        plan = LoadPlan(
            scenario=path,
            seed=7,
            speed=SPEED,
            portal=f"{url}/main/portal",
            mocks=f"{url}/main",
            administration=f"{url}/_admin/tenants/main",
            horizon_s=3.0,
            drain_s=60.0,
            mix={"account": 1.0, "registries": 1.0},
            results=results,
        )
        ran = locust(plan)
    samples, ends = read_samples(results), read_journeys(results)
    assert ran.returncode == 0, ran.stderr
    told = {each["detail"].decode() for each in samples if each["outcome"] != 0}
    assert told == set(), ran.stderr
    assert Counter(each.ending for each in ends) == Counter(completed=len(ends))
    due = arrivals_of(compile_model(scenario), 0, SPEED, 3.0)
    expected = [(e.at_us, e.journey, e.number) for e in due if e.journey != "registration"]
    assert [(e.intended_us, e.journey, e.entity) for e in ends] == expected
    assert len(expected) > 40
    first = {(each["journey"].decode(), int(each["entity"])): each for each in samples[::-1]}
    assert {key: int(each["intended_us"]) for key, each in first.items()} == {
        (journey, number): at_us for at_us, journey, number in expected
    }
    accounts = sum(journey == "account" for _, journey, _ in expected)
    assert Counter(each.kind for each in read_acknowledged(results))["account"] == accounts


def test_in_a_stress_everybody_is_ready_before_the_first_user_comes(
    path: Path, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    with served(load(path)) as url:
        plan = LoadPlan(
            scenario=path,
            seed=7,
            speed=SPEED,
            portal=f"{url}/main/portal",
            mocks=f"{url}/main",
            administration=f"{url}/_admin/tenants/main",
            horizon_s=2.0,
            drain_s=30.0,
            arrivals=ClosedShape(kind="stress", users=4, steps=2),
            mix={"sign_in": 1.0},
            results=results,
        )
        ran = locust(plan)
    samples, ends = read_samples(results), read_journeys(results)
    assert {each.decode() for each in samples["journey"]} == {"sign_in"}, ran.stderr
    assert {(each.ending, each.person) for each in ends} == {("completed", "ready")}
    # Four people were prepared, numbered from 0: whoever comes later has another number.
    assert min(each.entity for each in ends) == 4
    assert ran.returncode == 0, ran.stderr


@contextmanager
def broken_portal() -> Iterator[str]:
    """Somebody's portal that cannot do anything."""

    class Broken(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_error(500)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_broken_endpoint_makes_failures_and_what_needs_an_inbox_is_left_out(
    tmp_path: Path,
) -> None:
    results = tmp_path / "results"
    with broken_portal() as url:
        plan = LoadPlan(
            scenario=None,
            seed=1,
            portal=url,
            horizon_s=2.0,
            drain_s=5.0,
            arrivals=ClosedShape(kind="soak", users=2),
            mix={"account": 1.0, "recovery": 1.0},
            results=results,
        )
        ran = locust(plan)
    samples = read_samples(results)
    assert ran.returncode == 1
    assert {OUTCOMES[each] for each in samples["outcome"]} == {"failed"}
    assert {each.decode() for each in samples["operation"]} == {"POST sign-up"}
    assert {each.decode() for each in samples["detail"]} == {"500 no-json"}
    assert {each.ending for each in read_journeys(results)} == {"failed"}
    assert read_notes(results) == [Note("recovery", "no-inbox")]
    assert "POST sign-up: failed: 500 no-json" in " ".join(ran.stderr.split())


def test_a_request_is_sent_once_although_the_server_closes_without_an_answer(
    tmp_path: Path,
) -> None:
    seen: list[str] = []

    class Silent(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != "/healthz":
                seen.append(self.path)
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            probes = [Probe("x", "GET", f"/{n}", 0, 200, {}, None) for n in range(3)]
            pieces = tmp_path / "pieces"
            pieces.write_bytes(struct.pack("<3q", 0, 1, 0))
            task = ProbeTask(url, str(tmp_path), probes, pieces=str(pieces))
            task.write(tmp_path / "task.json")
            words = [sys.executable, "-m", "loadtests.validation.probe_driver"]
            subprocess.run([*words, tmp_path / "task.json"], check=True, timeout=120)
        finally:
            server.shutdown()
            thread.join()
    assert sorted(seen) == ["/0", "/1", "/2"]
    samples = read_samples(tmp_path)
    assert [(int(e["entity"]), int(e["status"])) for e in samples] == [(0, 0), (1, 0), (2, 0)]
    assert {OUTCOMES[each] for each in samples["outcome"]} == {"failed"}

"""What the locustfile's own options mean, and which are refused before anything is sent."""

import argparse
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from loadtests.locust_options import add_options, plan_of
from loadtests.plan import JOURNEYS, OPEN, ClosedShape, LoadPlan, PlanError
from tests.loadtests.scenarios_of_load import SCENARIO


class Parser(argparse.ArgumentParser):
    """Locust's parser, as far as options use it."""

    def add_argument(self, *names: str, **how: Any) -> argparse.Action:
        how.pop("include_in_web_ui", None)
        return super().add_argument(*names, **how)


def planned(host: str, *words: str) -> LoadPlan:
    parser = Parser()
    add_options(parser)
    parser.add_argument("-u", dest="num_users", type=int)
    parser.add_argument("-r", dest="spawn_rate", type=float)
    parser.add_argument("-t", dest="run_time", type=int)
    return plan_of(parser.parse_args([*words]), host)


@contextmanager
def answering(seed: int | None) -> Iterator[str]:
    """A stand of that seed, or somebody else's server."""

    class Stand(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if seed is None or self.path != "/_admin/tenants/main":
                self.send_error(404)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"name": "main", "seed": seed}).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with listening(Stand) as url:
        yield url


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_stand_is_known_by_its_administration(tmp_path: Path) -> None:
    with answering(7) as url:
        plan = planned(url, "--tenant", "b", "--results", str(tmp_path), "-u", "30", "-t", "60")
    assert plan.seed == 7
    assert plan.portal == f"{url}/b/portal"
    assert plan.mocks == f"{url}/b"
    assert plan.administration == f"{url}/_admin/tenants/b"
    assert plan.horizon_s == 60.0
    assert plan.arrivals == ClosedShape(kind="soak", users=30, spawn_rate=10.0)
    assert set(plan.mix) == {*JOURNEYS} - {"registries"}
    assert plan.results.parent == tmp_path


def test_a_foreign_portal_is_its_address_alone() -> None:
    with answering(None) as url:
        plan = planned(url, "--journeys", "account=3,recovery")
    assert (plan.portal, plan.mocks, plan.administration) == (url, None, None)
    assert plan.mix == {"account": 3.0, "recovery": 1.0}


def test_open_arrivals_take_a_scenario(tmp_path: Path) -> None:
    path = tmp_path / "load.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with answering(9) as url:
        plan = planned(url, "--arrivals", "open", "--scenario", str(path), "--speed", "40")
        with pytest.raises(PlanError, match="--arrivals open: expected --scenario FILE"):
            planned(url, "--arrivals", "open")
    assert (plan.arrivals, plan.scenario, plan.seed, plan.speed) == (OPEN, path, 9, 40.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--journeys", "account=many"], "--journeys account: expected a number, got many"),
        (["--journeys", "shopping"], "mix.shopping: expected a journey of"),
        (["--speed", "0"], "speed: expected a finite number above zero"),
    ],
)
def test_a_wrong_option_is_told(words: list[str], told: str) -> None:
    with answering(7) as url, pytest.raises(PlanError, match=told):
        planned(url, *words)


def test_another_machine_is_not_asked_without_consent() -> None:
    with pytest.raises(PlanError, match=r"--host: expected an address of this machine, got") as no:
        planned("http://192.0.2.1:8080")
    assert "--i-own-this-target" in str(no.value)


def test_a_target_where_nobody_answers_is_told() -> None:
    with answering(7) as url:
        pass
    with pytest.raises(PlanError, match=f"--host {url}: nobody answers there: "):
        planned(url)


def test_a_port_that_speaks_no_http_is_told() -> None:
    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"SSH-2.0-x\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=[listener])
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        told = f"--host {url}: no HTTP is spoken there: BadStatusLine: SSH-2.0-x"
        with pytest.raises(PlanError, match=told):
            planned(url)
        thread.join()


@pytest.mark.parametrize(
    "host", ["ftp://127.0.0.1", "http://127.0.0.1:abc", "http://[::1", "http://a\\@127.0.0.1"]
)
def test_an_address_that_is_none_is_told(host: str) -> None:
    with pytest.raises(PlanError, match=r"--host: expected http://…"):
        planned(host, "--i-own-this-target")


def test_a_redirect_leads_nowhere() -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://{self.headers['Host']}/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with listening(Elsewhere) as url:
        plan = planned(url)
    assert asked == ["/_admin/tenants/main"]
    assert plan.administration is None

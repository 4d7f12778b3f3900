"""A server's start and end: addresses, readiness, graceful stop, TLS."""

import gc
import socket
import ssl
import threading
from pathlib import Path

import pytest
import requests

import rulebook
from mocks.core.country import Country
from mocks.server.carrier import Carrier
from mocks.server.connection import Connection
from mocks.server.limits import Limits
from mocks.server.serving import Server, serving
from mocks.server.tls import Authority
from tests.mocks.desk import LARGE, country
from tests.mocks.raw_client import RawClient, head, wait_until

LATE = {"id": "late", "kind": "delay", "delay": {"constant": "1h"}}
HOUR_US = 3_600_000_000


def served(it: Country, number: int = 1) -> None:
    wait_until(lambda: it.tenant().slots("egrul").busy == number, "nobody is served")


def test_server_is_at_a_free_port_and_lives_and_is_ready() -> None:
    with serving(country()) as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert requests.get(f"{server.url}/healthz", timeout=30).text == "ok"
        assert requests.get(f"{server.url}/readyz", timeout=30).text == "ok"


def test_connection_that_has_ended_is_gone_without_a_collection_of_garbage() -> None:
    def left() -> list[object]:
        return [each for each in gc.get_objects() if isinstance(each, Connection | Carrier)]

    with serving(country()) as server:
        gc.collect()
        before = len(left())
        gc.disable()
        try:
            for _ in range(3):
                with RawClient(server) as client, RawClient(server) as refused:
                    client.post("/egrul/count", b"")
                    assert client.answer().status == 200
                    refused.send(head("GET", "/egrul/count", "Host: another"))
                    assert refused.answer().status == 400
            wait_until(lambda: len(left()) <= before, "connections are left")
        finally:
            gc.enable()


def test_two_servers_of_one_country_stand_side_by_side() -> None:
    it = country()
    with serving(it) as one, serving(it) as two:
        for number, server in enumerate((one, two), 1):
            answer = requests.post(f"{server.url}/egrul/count", timeout=30).json()
            assert answer["count"] == number


def test_taken_port_is_an_error_before_anything_is_served() -> None:
    it = country()
    with serving(it) as server, pytest.raises(OSError, match="Address already in use"):
        serving(it, port=server.port).__enter__()


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="needs IPv6")
def test_ipv6_address_is_shown_in_brackets() -> None:
    with serving(country(), host="::1") as server:
        assert server.url == f"http://[::1]:{server.port}"
        assert requests.get(f"{server.url}/healthz", timeout=30).text == "ok"


def test_every_address_is_shown_as_one_that_can_be_asked() -> None:
    with serving(country(), host="0.0.0.0") as server:
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_administration_is_mounted_and_its_bodies_are_bounded() -> None:
    with serving(country()) as server, RawClient(server) as client:
        assert client.get("/_admin/tenants").answer().status == 200
        client.send(head("POST", "/_admin/tenants", f"Content-Length: {2**23 + 1}"))
        assert client.answer().status == 413


# --- the end


def stopping(server: Server) -> threading.Thread:
    thread = threading.Thread(target=server.stop)
    thread.start()
    wait_until(lambda: not _accepts(server), "it accepts still")
    return thread


def _accepts(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 30).close()
    except ConnectionError:
        return False
    return True


def test_stop_finishes_answers_in_flight_and_closes_idle_connections() -> None:
    it = country(LATE)
    with (
        serving(it, limits=Limits(grace_s=30.0)) as server,
        RawClient(server) as busy,
        RawClient(server) as idle,
    ):
        assert idle.get("/healthz").answer().status == 200
        busy.post("/egrul/count", b"")
        served(it)
        thread = stopping(server)
        assert idle.rest() == b""
        busy_still = it.tenant().slots("egrul").busy
        it.tenant().advance(HOUR_US)
        seen = busy.answer()
        assert (busy_still, seen.status, seen.headers["connection"]) == (1, 200, "close")
        thread.join()


def test_stop_lets_those_go_who_wait_for_the_end_of_an_outage() -> None:
    it = country({"id": "down", "kind": "outage"})
    limits = Limits(grace_s=3600.0)
    with serving(it, limits=limits) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        wait_until(lambda: it.tenant().slots("egrul").waiting == 1, "nobody waits")
        server.stop()
        assert client.rest() == b""
    assert it.tenant().slots("egrul").waiting == 0


def test_stop_waits_no_longer_than_the_grace() -> None:
    it = country(LATE)
    with serving(it, limits=Limits(grace_s=0.05)) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        served(it)
        server.stop()
        assert client.rest() == b""
    assert [entry.outcome for entry in it.tenant().journal] == ["abandoned"]
    assert it.tenant().slots("egrul").busy == 0


def test_second_request_to_stop_stops_at_once() -> None:
    it = country(LATE)
    with serving(it, limits=Limits(grace_s=3600.0)) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        served(it)
        thread = stopping(server)
        assert it.tenant().slots("egrul").busy == 1
        server.ask_to_stop(now=True)
        thread.join()
        assert client.rest() == b""


def test_stop_lets_those_go_whose_tenant_is_deleted() -> None:
    it = country({"id": "mute", "kind": "timeout"})
    deleted = it.create_tenant("deleted")
    limits = Limits(grace_s=3600.0)
    with serving(it, limits=limits) as server, RawClient(server) as silent:
        silent.post("/deleted/egrul/count", b"")
        wait_until(lambda: [e.outcome for e in deleted.journal] == ["silent"], "it is not silent")
        it.delete_tenant("deleted")
        it.create_tenant("other").remove_fault("mute")
        with RawClient(server) as client:
            assert client.post("/other/egrul/count", b"").answer().status == 200
        server.stop()
        assert silent.rest() == b""


def test_stop_while_a_tenant_is_busy_says_nothing_and_leaves_nothing_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    it = country(LATE)
    tenant = it.tenant()
    with (
        serving(it, limits=Limits(grace_s=0.05)) as server,
        RawClient(server) as client,
        RawClient(server) as admin,
        RawClient(server) as last,
    ):
        with tenant.lock:
            client.post("/egrul/count", b"")
            admin.get("/_admin/tenants/main")
            assert last.get("/healthz").answer().status == 200  # so the others have been read
            thread = stopping(server)
            assert (client.rest(), admin.rest()) == (b"", b"")
        thread.join()
    assert (tenant.slots("egrul").busy, len(tenant.journal), tenant.on_move) == (0, 0, [])
    assert caplog.text == ""


def test_country_outlives_its_server() -> None:
    it = country()
    with serving(it) as server:
        assert requests.post(f"{server.url}/egrul/count", timeout=30).json()["count"] == 1
    it.tenant().advance(1)
    with serving(it) as server:
        assert requests.post(f"{server.url}/egrul/count", timeout=30).json()["count"] == 2


# --- TLS


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_client_that_trusts_the_authority_is_served(name: str, tmp_path: Path) -> None:
    authority = Authority()
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.pem)
    with serving(country(), authority) as server:
        assert server.url == f"https://127.0.0.1:{server.port}"
        url = f"https://{name}:{server.port}/egrul/name/a"
        assert requests.get(url, verify=str(path), timeout=30).json()["name"] == "a"


def test_client_that_does_not_know_the_authority_refuses() -> None:
    with serving(country(), Authority()) as server, pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{server.url}/healthz", timeout=30)


@pytest.mark.parametrize(
    ("version", "agreed"),
    [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")],
)
def test_tls_from_the_floor_of_the_rule_book_up_is_spoken(
    version: ssl.TLSVersion, agreed: str
) -> None:
    authority = Authority()
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    trust.minimum_version = trust.maximum_version = version
    with serving(country(), authority) as server, RawClient(server, trust) as client:
        assert isinstance(client.socket, ssl.SSLSocket)
        assert client.socket.version() == agreed
        assert client.get("/healthz").answer().body == b"ok"


def test_tls_below_the_floor_is_refused() -> None:
    authority = Authority()
    it = country()
    it.policy = rulebook.load().policy({"SEC-01.tls_floor": "1.3"})
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(it, authority) as server, pytest.raises(ssl.SSLError):
        RawClient(server, trust)


def test_client_that_reads_late_through_tls_gets_the_whole_answer() -> None:
    authority = Authority()
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    it = country()
    limits = Limits(linger_s=0.01)
    with serving(it, authority, limits=limits) as server, RawClient(server, trust) as client:
        client.get("/egrul/large", "Connection: close")
        wait_until(lambda: [e.status for e in it.tenant().journal] == [200], "it was not asked")
        with RawClient(server, trust) as other:  # is listened to for `linger_s` from now on
            assert other.send(b"garbage\r\n\r\n").answer().status == 400
            assert other.rest() == b""
        assert len(client.answer().body) == LARGE


def test_plain_http_to_a_tls_port_is_not_answered_and_harms_nobody() -> None:
    authority = Authority()
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    with serving(country(), authority) as server:
        with RawClient(server) as client:
            came = client.get("/healthz").rest()
        assert b"HTTP/" not in came
        with RawClient(server, trust) as client:
            assert client.get("/healthz").answer().body == b"ok"

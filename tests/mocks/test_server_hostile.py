"""Clients that send too much, too slowly, or what no client should: each is refused by the rules of
HTTP, and the others are served."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocks.core.country import Country
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Service
from mocks.server.limits import Limits
from mocks.server.serving import Server, serving
from tests.mocks.desk import LARGE, country, desk
from tests.mocks.raw_client import RawClient, head, wait_until

QUICK = Limits(head_s=0.05, body_s=0.05, idle_s=0, linger_s=1.0)
SMALL = 100  # bytes, the largest body of the small service


@contextmanager
def small(limits: Limits | None = None) -> Iterator[tuple[Country, Server]]:
    """A server that still serves at the end, whatever the test has done to it."""
    it = Country([desk(most_body=SMALL)])
    with serving(it, limits=limits) as server:
        yield it, server
        with RawClient(server) as client:
            assert client.get("/healthz").answer().body == b"ok"


def refused(server: Server, data: bytes) -> tuple[int, str]:
    """Status and code of the refusal of `data`, after which the connection must end."""
    with RawClient(server) as client:
        seen = client.send(data).answer()
        assert client.rest() == b""
    assert seen.headers["connection"] == "close"
    return seen.status, json.loads(seen.body)["error"]


# --- bodies


def test_body_of_exactly_the_most_is_taken_and_one_byte_more_refused() -> None:
    with small() as (_, server), RawClient(server) as client:
        assert client.post("/egrul/size", b"x" * SMALL).answer().body == b'{"size":100}'
        seen = client.post("/egrul/size", b"x" * (SMALL + 1)).answer()
        assert (seen.status, seen.headers["connection"]) == (413, "close")
        assert json.loads(seen.body) == {
            "error": "too-large", "message": "Тело запроса больше 100 байт",
        }  # fmt: skip


def test_declared_length_is_refused_before_the_body_comes_and_the_journal_has_it() -> None:
    with small() as (it, server):
        data = head("POST", "/egrul/size", "Content-Length: 101", "Expect: 100-continue")
        assert refused(server, data) == (413, "too-large")
        (entry,) = it.tenant().journal
        assert (entry.outcome, entry.status, entry.path) == ("refused", 413, "/size")


def test_chunks_are_refused_once_they_are_too_many() -> None:
    with small() as (_, server):
        chunk = b"32\r\n" + b"x" * 50 + b"\r\n"
        data = head("POST", "/egrul/size", "Transfer-Encoding: chunked") + 3 * chunk
        assert refused(server, data) == (413, "too-large")


def test_fifty_megabytes_are_refused_though_the_client_sends_them_all() -> None:
    with small() as (_, server), RawClient(server) as client:
        client.post("/egrul/size", b"<a>" + b"x" * 50_000_000)
        assert client.answer().status == 413


def test_body_to_a_service_that_is_not_there_is_read_within_bounds() -> None:
    with small() as (_, server), RawClient(server) as client:
        assert client.post("/nobody/x", b"x" * 1000).answer().status == 404
        assert client.post("/egrul/size", b"x").answer().body == b'{"size":1}'
        assert refused(server, head("POST", "/nobody/x", "Content-Length: 1048577")) == (
            413, "too-large",
        )  # fmt: skip


def test_expected_continue_is_given_to_a_body_that_will_be_taken() -> None:
    with small() as (_, server), RawClient(server) as client:
        client.send(head("POST", "/egrul/size", "Content-Length: 3", "Expect: 100-continue"))
        assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert client.send(b"abc").answer().body == b'{"size":3}'


def test_bodies_of_all_clients_together_are_bounded() -> None:
    limits = Limits(bodies_bytes=150)
    with small(limits) as (_, server), RawClient(server) as first, RawClient(server) as second:
        first.send(head("POST", "/egrul/size", "Content-Length: 100", "Expect: 100-continue"))
        assert first.socket.recv(100).startswith(b"HTTP/1.1 100")
        first.send(b"x" * 99)
        data = head("POST", "/egrul/size", "Content-Length: 99") + b"x" * 99

        def full() -> bool:
            with RawClient(server) as third:
                return third.send(data).answer().status == 503

        wait_until(full, "there is always room")
        assert first.send(b"x").answer().body == b'{"size":100}'
        assert second.send(data).answer().body == b'{"size":99}'


# --- heads


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (head("GET", "/egrul/" + "a" * 20_000), (414, "url-too-long")),
        (b"GET /" + b"a" * 5_000_000, (414, "url-too-long")),
        (head("GET", "/healthz", "X: " + "a" * 70_000), (431, "headers-too-large")),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 5_000_000, (431, "headers-too-large")),
        (head("GET", "/healthz", *(f"X{n}: 1" for n in range(100))), (431, "headers-too-large")),
        (
            head("POST", "/egrul/size", "Transfer-Encoding: chunked") + b"0" * 5_000_000,
            (431, "headers-too-large"),
        ),
        (
            head("POST", "/egrul/size", "Transfer-Encoding: chunked")
            + b"1;" + b"a" * 5_000_000,
            (431, "headers-too-large"),
        ),
        (
            head("POST", "/egrul/size", "Transfer-Encoding: chunked")
            + b"0\r\nX: " + b"a" * 5_000_000,
            (431, "headers-too-large"),
        ),
    ],
    ids=["url", "endless url", "header", "endless header", "many headers", "endless chunk size",
         "endless chunk extension", "endless trailer"],
)  # fmt: skip
def test_head_that_is_too_large_is_refused(data: bytes, told: tuple[int, str]) -> None:
    with small() as (_, server):
        assert refused(server, data) == told


def test_hundred_headers_and_a_url_of_sixteen_thousand_bytes_are_taken() -> None:
    with small() as (_, server), RawClient(server) as client:
        name = "a" * (16_384 - len("/egrul/name/"))
        headers = [f"X{n}: 1" for n in range(99)]
        assert client.get(f"/egrul/name/{name}", *headers).answer().status == 200


LENGTH, CHUNKED = "Content-Length: 4", "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    "data",
    [
        head("POST", "/egrul/size", LENGTH, CHUNKED) + b"0\r\n\r\n",
        head("POST", "/egrul/size", CHUNKED, LENGTH) + b"0\r\n\r\n",
        head("POST", "/egrul/size", "Content-Length: 1", "Content-Length: 2") + b"ab",
        head("POST", "/egrul/size", "Content-Length: +1") + b"a",
        head("POST", "/egrul/size", "Content-Length: 1, 1") + b"a",
        head("POST", "/egrul/size", "Transfer-Encoding: xchunked") + b"0\r\n\r\n",
        head("POST", "/egrul/size", "Transfer-Encoding : chunked") + b"0\r\n\r\n",
        head("POST", "/egrul/size", "Transfer-Encoding: chunked, identity") + b"0\r\n\r\n",
        head("POST", "/egrul/size", "Transfer-Encoding: chunked") + b"fffffffffffffffff\r\n",
        b"POST /egrul/size HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\nHost: a\n\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n",
        head("GET", "/healthz", "X: a\0b"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0" * 1000,
    ],
)  # fmt: skip
def test_what_smuggles_requests_is_refused(data: bytes) -> None:
    with small() as (_, server):
        assert refused(server, data) == (400, "bad-request")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", (400, "bad-host")),
        (head("GET", "/healthz", "Host: other"), (400, "bad-host")),
        (b"GET /healthz\r\n\r\n", (505, "http-version")),
    ],
)
def test_host_and_version_are_demanded(data: bytes, told: tuple[int, str]) -> None:
    with small() as (_, server):
        assert refused(server, data) == told


@pytest.mark.parametrize("path", ["/egrul/name/%zz", "/egrul/name/%", "/egrul/name/%D0", "/%ff/"])
def test_broken_percent_escape_is_refused_and_the_connection_goes_on(path: str) -> None:
    with small() as (_, server), RawClient(server) as client:
        seen = client.get(path).answer()
        assert (seen.status, json.loads(seen.body)["error"]) == (400, "bad-path")
        escaped = "/egrul/name/%D0%90%2B?q=%D0%90"
        assert json.loads(client.get(escaped).answer().body) == {"name": "А+", "query": "q=%D0%90"}


def test_body_in_a_wrong_encoding_is_refused_by_the_service() -> None:
    service = Service("egrul")

    @service.post("/json")
    def read(call: Call) -> Answer:
        return json_answer(call.request.json())

    with serving(Country([service])) as server, RawClient(server) as client:
        seen = client.post("/egrul/json", '{"имя": "а"}'.encode("cp1251")).answer()
        assert (seen.status, json.loads(seen.body)["error"]) == (400, "bad-encoding")


# --- slow and many


@pytest.mark.parametrize("begun", [b"G", b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: "])
def test_head_that_does_not_come_is_refused(begun: bytes) -> None:
    with small(QUICK) as (_, server):
        assert refused(server, begun) == (408, "too-slow")


@pytest.mark.parametrize("length", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_body_that_does_not_come_is_refused(length: str) -> None:
    with small(QUICK) as (it, server):
        assert refused(server, head("POST", "/egrul/size", length) + b"1\r\n") == (408, "too-slow")
        assert [entry.status for entry in it.tenant().journal] == [408]


def test_connection_that_says_nothing_is_closed_without_a_word() -> None:
    with small(QUICK) as (_, server), RawClient(server) as client:
        assert client.rest() == b""
        with RawClient(server) as blank:
            assert blank.send(b"\r\n\r\n").rest() == b""


def test_connection_kept_alive_is_closed_when_nothing_more_comes() -> None:
    with small(QUICK) as (_, server), RawClient(server) as client:
        assert client.get("/healthz").answer().status == 200
        assert client.rest() == b""


def test_answer_nobody_reads_is_thrown_away() -> None:
    limits = Limits(idle_s=0, unread_s=0.05, grace_s=30.0)
    it = country()
    with serving(it, limits=limits) as server, RawClient(server) as client:
        client.get("/egrul/large")
        wait_until(lambda: len(it.tenant().journal) == 1, "it was not asked")
        server.stop()  # would wait for the client but for the limit
        assert 0 < len(client.rest()) < LARGE


def test_client_that_reads_none_of_its_answers_is_cut_off() -> None:
    limits = Limits(connections=1, unread_s=0.05)
    with small(limits) as (_, server), RawClient(server) as client:
        client.send(2 * head("GET", "/egrul/large"))
        assert client.socket.recv(12) == b"HTTP/1.1 200"

        def has_left() -> bool:
            with RawClient(server) as newcomer:
                return newcomer.get("/healthz").answer().status == 200

        wait_until(has_left, "it keeps its place")
        assert len(client.rest()) < LARGE


def test_newcomer_takes_the_place_of_who_has_been_idle_longest() -> None:
    with small(Limits(connections=3)) as (_, server), ExitStack() as stack:
        first, second, third = (stack.enter_context(RawClient(server)) for _ in range(3))
        for client in (first, second, third):
            assert client.get("/healthz").answer().status == 200
        assert first.get("/healthz").answer().status == 200
        with RawClient(server) as newcomer:
            assert newcomer.get("/healthz").answer().status == 200
        assert second.rest() == b""
        assert first.get("/healthz").answer().status == 200
        assert third.get("/healthz").answer().status == 200


def test_newcomer_is_refused_when_all_others_are_being_served() -> None:
    it = country({"id": "late", "kind": "delay", "delay": {"constant": "1h"}})
    with serving(it, limits=Limits(connections=1)) as server, RawClient(server) as served:
        served.post("/egrul/count", b"")
        wait_until(lambda: it.tenant().slots("egrul").busy == 1, "nobody is served")
        with RawClient(server) as newcomer:
            seen = newcomer.answer()
        assert (seen.status, seen.headers["retry-after"]) == (503, "1")
        it.tenant().advance(3_600_000_000)
        assert served.answer().status == 200


def test_five_hundred_idle_connections_keep_nobody_from_being_served() -> None:
    with small(Limits(connections=50)) as (_, server), ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(RawClient(server))
        with RawClient(server) as client:
            assert client.get("/egrul/name/a").answer().status == 200


# --- pipelining


def test_pipelined_requests_are_answered_in_their_order() -> None:
    with small() as (_, server), RawClient(server) as client:
        requests = [head("GET", f"/egrul/name/{n}") for n in range(100)]
        client.send(b"".join(requests[:-1]))
        client.send(head("GET", "/egrul/name/99", "Connection: close"))
        came = client.rest()
    bodies = [part.partition(b"\r\n\r\n")[2] for part in came.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert [json.loads(body)["name"] for body in bodies] == [str(n) for n in range(100)]


def test_garbage_after_a_request_is_refused_after_its_answer() -> None:
    with small() as (_, server), RawClient(server) as client:
        came = client.send(head("GET", "/egrul/name/a") + b"garbage\r\n\r\n").rest()
    first, second = came.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 OK")
    assert second.startswith(b"400 Bad Request")


def test_endless_pipeline_is_refused_after_the_answers_that_are_due() -> None:
    limits = Limits(pipelined=3)
    with small(limits) as (_, server), RawClient(server) as client:
        came = client.send(10 * head("GET", "/egrul/name/a")).rest()
    statuses = [part[:3] for part in came.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200"] * 4 + [b"429"]


@pytest.mark.parametrize(("length", "statuses"), [(10, [b"200", b"200"]), (11, [b"200", b"429"])])
def test_bodies_that_wait_for_earlier_answers_are_bounded(
    length: int, statuses: list[bytes]
) -> None:
    with small(Limits(pipelined_bytes=10)) as (_, server), RawClient(server) as client:
        size = head("POST", "/egrul/size", f"Content-Length: {length}", "Connection: close")
        came = client.send(head("GET", "/egrul/name/a") + size + b"x" * length).rest()
    assert [part[:3] for part in came.split(b"HTTP/1.1 ")[1:]] == statuses


def test_broken_body_is_refused_after_the_answer_before_it() -> None:
    limits = Limits(body_s=3600.0)
    with small(limits) as (_, server), RawClient(server) as client:
        broken = head("POST", "/egrul/size", "Transfer-Encoding: chunked") + b"none\r\n"
        came = client.send(head("GET", "/egrul/name/a") + broken).rest()
    assert [part[:3] for part in came.split(b"HTTP/1.1 ")[1:]] == [b"200", b"400"]


def test_client_of_http_1_0_is_not_told_to_continue() -> None:
    with small() as (_, server), RawClient(server) as client:
        asked = b"POST /egrul/size HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na"
        assert client.send(asked).rest().startswith(b"HTTP/1.1 200 OK\r\n")


def test_upgrade_is_not_taken_up() -> None:
    with small() as (_, server), RawClient(server) as client:
        asked = head("GET", "/egrul/name/a", "Connection: Upgrade", "Upgrade: websocket")
        came = client.send(asked + b"\x81\x05hello").rest()
    assert came.startswith(b"HTTP/1.1 200 OK\r\n")
    assert came.endswith(b'{"name":"a","query":""}')


# --- anything


@pytest.fixture(scope="module")
def impatient() -> Iterator[Server]:
    limits = Limits(head_s=0.02, body_s=0.02, idle_s=0, linger_s=0.02)
    with small(limits) as (_, server):
        yield server


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from([
            b"GET /egrul/name/a HTTP/1.1\r\n", b"POST /egrul/size HTTP/1.1\r\n", b"Host: a\r\n",
            b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n",
            b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"\r\n", b"abc",
            b"3\r\nabc\r\n", b"0\r\n\r\n", b"\0", b"\xff",
        ]),
        max_size=12,
    )
)  # fmt: skip
def test_any_bytes_end_in_answers_and_an_end_and_the_server_lives(
    impatient: Server, parts: list[bytes]
) -> None:
    with RawClient(impatient) as client:
        try:
            came = client.send(b"".join(parts)).rest()
        except ConnectionError:
            came = b""
    assert came == b"" or came.startswith(b"HTTP/1.1 ")
    assert b"500 Internal" not in came


def test_handler_that_breaks_down_is_500_and_the_others_are_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = desk()

    @service.get("/broken")
    def broken(_: Call) -> Answer:
        raise ZeroDivisionError

    it = Country([service])
    with serving(it) as server:
        with RawClient(server) as client:
            assert client.get("/egrul/broken").answer().status == 500
        with RawClient(server) as client:
            assert client.post("/egrul/count", b"").answer().status == 200
    assert it.tenant().slots("egrul").busy == 0
    assert "ZeroDivisionError" in caplog.text

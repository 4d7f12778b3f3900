"""Each kind of fault on a real socket, as a client sees it that knows nothing but bytes."""

import json
import ssl

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.server.serving import serving
from mocks.server.tls import Authority
from tests.mocks.desk import DOCUMENT, country, worked
from tests.mocks.raw_client import RawClient, head, wait_until

SECOND_US = 1_000_000
HOUR = {"delay": {"constant": "1h"}}
HOUR_US = 3600 * SECOND_US


def outcomes(of: Country) -> list[str]:
    tenant = of.tenant()
    with tenant.lock:
        return [entry.outcome for entry in tenant.journal]


def plan(of: Country, **fault: object) -> None:
    of.tenant().plan_fault(Fault.model_validate({"service": "egrul", **fault}))


def test_answer_without_faults_is_these_bytes() -> None:
    with serving(country()) as server, RawClient(server) as client:
        client.send(head("GET", "/egrul/name/a?b=c", "Connection: close"))
        assert client.rest() == (
            b"HTTP/1.1 200 OK\r\n"
            b"content-type: application/json; charset=utf-8\r\n"
            b"content-length: 26\r\n"
            b"connection: close\r\n\r\n"
            b'{"name":"a","query":"b=c"}'
        )


def test_outage_keeps_a_new_request_waiting_until_it_ends() -> None:
    it = country({"id": "down", "kind": "outage", "for": "2h"})
    with serving(it) as server, RawClient(server) as client, RawClient(server) as other:
        client.post("/egrul/count", b"")
        wait_until(lambda: it.tenant().slots("egrul").waiting == 1, "nobody waits")
        it.tenant().advance(2 * HOUR_US - 1)
        assert other.get("/healthz").answer().status == 200
        assert not client.has_something
        it.tenant().advance(1)
        assert json.loads(client.answer().body)["count"] == 1


def test_outage_that_begins_resets_who_is_being_served() -> None:
    it = country({"id": "slow", "kind": "delay", **HOUR})
    with serving(it) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        wait_until(lambda: it.tenant().slots("egrul").busy == 1, "nobody is served")
        plan(it, id="down", kind="outage")
        with pytest.raises(ConnectionResetError):
            client.rest()
    assert outcomes(it) == ["reset"]
    assert worked(it) == 0


def test_outage_planned_ahead_begins_and_ends_by_itself_on_a_running_clock() -> None:
    it = country(
        {"id": "slow", "kind": "delay", "delay": {"constant": "30d"}, "times": 1},
        {"id": "down", "kind": "outage", "from": "2026-02-02T10:30", "for": "1h"},
    )
    with serving(it) as server, RawClient(server) as served, RawClient(server) as late:
        served.post("/egrul/count", b"")
        wait_until(lambda: it.tenant().slots("egrul").busy == 1, "nobody is served")
        it.tenant().run(36_000)  # ten hours in a second
        with pytest.raises(ConnectionResetError):
            served.rest()
        late.post("/egrul/count", b"")
        assert json.loads(late.answer().body)["count"] == 1
    first, second = it.tenant().journal
    assert (first.outcome, second.outcome) == ("reset", "answered")
    assert it.tenant().now_us >= 3 * HOUR_US // 2


def test_timeout_is_silence_while_others_are_answered() -> None:
    it = country({"id": "mute", "kind": "timeout", "times": 1})
    with serving(it) as server, RawClient(server) as client, RawClient(server) as other:
        client.post("/egrul/count", b"")
        wait_until(lambda: outcomes(it) == ["silent"], "it is not silent yet")
        assert other.post("/egrul/count", b"").answer().status == 200
        assert not client.has_something
        server.stop()
        assert client.rest() == b""
    assert worked(it) == 1


def test_timeout_after_the_work_leaves_the_work_done() -> None:
    it = country({"id": "mute", "kind": "timeout", "processed": True})
    with serving(it) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        wait_until(lambda: outcomes(it) == ["silent"], "it is not silent yet")
        assert worked(it) == 1


@pytest.mark.parametrize(("processed", "done"), [(False, 0), (True, 1)])
def test_reset_is_a_tcp_reset_before_or_after_the_work(processed: bool, done: int) -> None:
    it = country({"id": "torn", "kind": "reset", "processed": processed})
    with serving(it) as server, RawClient(server) as client:
        client.post("/egrul/count", b"")
        with pytest.raises(ConnectionResetError):
            client.rest()
    assert (outcomes(it), worked(it)) == (["reset"], done)


def test_truncated_answer_promises_the_whole_and_ends_in_the_middle() -> None:
    it = country({"id": "cut", "kind": "truncated"})
    with serving(it) as server, RawClient(server) as client:
        came = client.get("/egrul/document").rest()
    top, _, body = came.partition(b"\r\n\r\n")
    whole = DOCUMENT.encode()
    assert f"content-length: {len(whole)}".encode() in top.split(b"\r\n")
    assert body == whole[: len(whole) // 2]
    assert outcomes(it) == ["truncated"]


def test_malformed_xml_is_whole_but_cannot_be_parsed() -> None:
    it = country({"id": "bad", "kind": "malformed"})
    with serving(it) as server, RawClient(server) as client:
        seen = client.get("/egrul/document").answer()
    assert seen.status == 200
    assert seen.body == DOCUMENT.encode().removesuffix("</Ответ>".encode())
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(seen.body)


def test_malformed_json_is_whole_but_cannot_be_parsed() -> None:
    it = country({"id": "bad", "kind": "malformed"})
    with serving(it) as server, RawClient(server) as client:
        seen = client.get("/egrul/name/a").answer()
    assert seen.body == b'{"name":"a","query":""'
    with pytest.raises(json.JSONDecodeError):
        json.loads(seen.body)


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"), [(429, "30s", 30), (503, "1500ms", 2)]
)
def test_error_has_its_status_and_says_when_to_retry(
    status: int, retry_after: str, seconds: int
) -> None:
    it = country({"id": "no", "kind": "error", "status": status, "retry_after": retry_after})
    with serving(it) as server, RawClient(server) as client:
        seen = client.post("/egrul/count", b"").answer()
    assert (seen.status, seen.headers["retry-after"]) == (status, str(seconds))
    assert json.loads(seen.body)["error"] == "fault"
    assert worked(it) == 0


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        ("duplicate", "ab", [[1, "a"], [2, "a"], [3, "b"]]),
        ("reorder", "ab", [[1, "b"], [2, "a"]]),
        ("loss", "ab", [[1, "b"]]),
    ],
)
def test_message_comes_twice_or_late_or_never(
    kind: str, sent: str, read: list[list[object]]
) -> None:
    it = country({"id": "mail", "kind": kind, "times": 1})
    with serving(it) as server, RawClient(server) as client:
        for message in sent:
            assert client.post(f"/egrul/messages/{message}", b"").answer("POST").status == 204
        assert json.loads(client.get("/egrul/messages?after=0").answer().body) == read


def test_answer_to_head_is_gets_without_a_body() -> None:
    with serving(country()) as server, RawClient(server) as client:
        seen = client.get("/egrul/name/a", method="HEAD").answer("HEAD")
        assert (seen.status, seen.body) == (200, b"")
        assert "content-length" not in seen.headers
        assert client.get("/egrul/name/b").answer().body == b'{"name":"b","query":""}'


def test_reset_through_tls_is_a_tcp_reset() -> None:
    authority = Authority()
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    it = country({"id": "wire", "kind": "reset"})
    with serving(it, authority) as server, RawClient(server, trust) as client:
        client.get("/egrul/document")
        with pytest.raises(ConnectionResetError):
            client.rest_below_tls()


def test_truncated_answer_through_tls_ends_in_the_middle() -> None:
    authority = Authority()
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    it = country({"id": "wire", "kind": "truncated"})
    with serving(it, authority) as server, RawClient(server, trust) as client:
        came = client.get("/egrul/document").rest()
    whole = DOCUMENT.encode()
    assert came.partition(b"\r\n\r\n")[2] == whole[: len(whole) // 2]

"""Calls of this process reach a country, several countries, and no trace is left."""

import asyncio
import http.server
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter

import mocks
from tests.mocks.calling import country_of, until, work
from tests.mocks.probe import HOST, probe


def test_call_is_answered_by_the_handler_of_the_tenant_in_the_path() -> None:
    with country_of() as country:
        country.tenant("b")
        first = requests.post(f"{country.url}/b/egrul/task/%D1%8F")
        assert (first.status_code, first.json()) == (201, {"name": "я", "count": 1})
        assert dict(first.headers) == {
            "content-type": "application/json; charset=utf-8",
            "content-length": "23",
        }
        assert work(country).json() == {"name": "a", "count": 1}
        assert [entry.path for entry in country.tenant("b").journal] == ["/task/я"]


def test_request_reaches_the_handler_as_it_was_written() -> None:
    with country_of() as country:
        answer = requests.get(f"{country.url}/egrul/request/a%20b", params={"q": "я", "z": ""})
    assert answer.json() == {
        "path": "/request/a b",
        "query": "q=%D1%8F&z=",
        "host": "country.poligon.test",
        "local_time": "2026-02-02T10:00:00+03:00",
    }
    assert answer.cookies["session"] == "42"


def test_production_host_leads_to_its_service_of_the_tenant_main() -> None:
    with country_of() as country:
        answer = requests.get(f"https://{HOST}/request/x", proxies={"https": "http://proxy:1"})
        assert (answer.status_code, answer.json()["host"]) == (200, HOST)
        assert [entry.service for entry in country.journal] == ["egrul"]


def test_body_may_have_any_form_that_requests_takes() -> None:
    parts = iter([b"\xd1", b"\x8f"])
    bodies: list[Any] = ["я", "я".encode(), io.BytesIO("я".encode()), parts]
    with country_of() as country:
        for body in bodies:
            requests.post(f"{country.url}/egrul/messages/1", data=body)
        assert [message.text for message in country.inbox("1")] == ["я"] * 4


def test_body_beyond_the_bound_is_refused_and_not_kept() -> None:
    with country_of() as country:
        assert requests.post(f"{country.url}/egrul/messages/1", data=b"x" * 1000).ok
        refused = requests.post(f"{country.url}/egrul/messages/1", data=b"x" * 1001)
        assert (refused.status_code, refused.json()) == (
            413,
            {"error": "too-large", "message": "Тело запроса больше 1000 байт"},
        )
        assert [(e.outcome, e.body_size) for e in country.journal] == [
            ("answered", 1000),
            ("refused", 0),
        ]


def test_path_that_leads_nowhere_is_refused_as_by_the_server() -> None:
    with country_of() as country:
        unknown = requests.get(f"{country.url}/nobody/egrul/x")
        broken = requests.get(f"{country.url}/egrul/request/%FF")
    assert (unknown.status_code, unknown.json()["error"]) == (404, "no-such-tenant")
    assert (broken.status_code, broken.json()["error"]) == (400, "bad-path")


def test_unknown_host_is_refused_and_the_message_names_the_known_ones() -> None:
    with country_of(), pytest.raises(requests.ConnectionError) as refused:
        requests.get("https://example.org/x")
    assert str(refused.value) == (
        "example.org: no service answers for this host, and nothing leaves this machine while a "
        "country runs; hosts: country.poligon.test, egrul.nalog.ru"
    )


@contextmanager
def own_server() -> Iterator[str]:
    """A server of this machine that knows nothing of a country."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_this_machine_itself_is_reached_only_if_that_was_asked_for() -> None:
    with own_server() as url:
        with country_of(), pytest.raises(requests.ConnectionError, match="nothing leaves"):
            requests.get(url)
        with country_of(loopback=True):
            assert requests.get(url).status_code == 204


# --- several countries, and none


def test_countries_at_once_have_hosts_of_their_own_and_share_nothing() -> None:
    with country_of(seed=1) as outer, country_of(seed=2) as inner:
        assert (outer.url, inner.url) == (
            "http://country.poligon.test",
            "http://country-2.poligon.test",
        )
        work(outer)
        outer.clock.advance("1d")
        assert work(inner).json() == {"name": "a", "count": 1}
        assert inner.clock.now.isoformat() == "2026-02-02T10:00:00+03:00"
        assert outer.world.person(1) != inner.world.person(1)


def test_production_host_belongs_to_the_country_entered_last() -> None:
    with country_of() as outer:
        with country_of() as inner:
            requests.get(f"https://{HOST}/request/x")
        requests.get(f"https://{HOST}/request/y")
        assert [entry.path for entry in inner.journal] == ["/request/x"]
        assert [entry.path for entry in outer.journal] == ["/request/y"]


def test_thread_that_entered_no_country_must_say_which_of_several_it_means() -> None:
    with country_of() as country, ThreadPoolExecutor() as pool:
        url = f"https://{HOST}/request/x"
        assert pool.submit(requests.get, url).result().status_code == 200
        with country_of(), pytest.raises(requests.ConnectionError, match="2 countries run"):
            pool.submit(requests.get, url).result()
        assert len(country.journal) == 1


def test_requests_are_as_they_were_once_the_last_country_is_left() -> None:
    send = HTTPAdapter.send
    with country_of():
        assert HTTPAdapter.send is not send
    with pytest.raises(ZeroDivisionError), country_of(), country_of():
        raise ZeroDivisionError
    assert HTTPAdapter.send is send
    with country_of() as country:
        assert country.url == "http://country.poligon.test", "the hosts are free again"


def test_countries_may_be_left_in_any_order() -> None:
    send = HTTPAdapter.send
    first, second = country_of(), country_of()
    one, two = first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    assert work(two).status_code == 201
    with pytest.raises(requests.ConnectionError, match="no service answers"):
        work(one)
    second.__exit__(None, None, None)
    assert HTTPAdapter.send is send


def test_countries_start_and_end_in_threads_side_by_side() -> None:
    send = HTTPAdapter.send

    def live(seed: int) -> list[int]:
        with country_of(seed=seed) as country:
            return [work(country, str(n)).json()["count"] for n in range(5)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(live, range(16))) == [[1, 2, 3, 4, 5]] * 16
    assert HTTPAdapter.send is send


def test_country_inside_another_mock_of_requests_leaves_that_as_it_was() -> None:
    with responses.RequestsMock() as other:
        other.get("https://example.org/x", body="other")
        with country_of() as country:
            assert work(country).status_code == 201
        assert requests.get("https://example.org/x").text == "other"


def test_administration_is_reached_from_inside_an_event_loop() -> None:
    async def ask(url: str) -> int:
        return requests.get(f"{url}/_admin/tenants/main/clock").status_code

    with country_of() as country:
        assert asyncio.run(ask(country.url)) == 200


def test_another_mock_that_puts_the_patch_back_leaves_the_network_open() -> None:
    other = responses.RequestsMock()
    with country_of():
        other.start()
    other.stop()  # it found the patch of the country, and puts it back
    try:
        with own_server() as url:
            assert requests.get(url).status_code == 204
    finally:
        with country_of():  # takes the patch away for good
            pass


def test_services_may_be_named_by_their_ids() -> None:
    with mocks.running(services=["mvd", probe()]) as country:
        assert list(country.core.services) == ["mvd", "egrul"]
    with pytest.raises(ValueError, match="services: egrull is none of antivirus, bank"):
        mocks.running(services=["egrull"]).__enter__()


def test_unknown_way_of_waiting_is_refused() -> None:
    with pytest.raises(ValueError, match="waiting: 'skp' is none of skip, real"):
        mocks.running(services=[probe()], waiting="skp").__enter__()  # type: ignore[arg-type]


def test_who_waits_in_a_deleted_tenant_is_sent_away_with_the_country() -> None:
    with ThreadPoolExecutor(1) as pool:
        with country_of(waiting="real") as country:
            own = country.tenant("b")
            own.faults.add(id="f", service="egrul", kind="timeout")
            call = pool.submit(requests.post, f"{own.url}/egrul/task/a")
            until(lambda: bool(own.journal.find(outcome="silent")))
            country.core.delete_tenant("b")
        with pytest.raises(requests.RequestException):
            call.result(timeout=10)


@pytest.mark.parametrize("headers", [{"X-Client": "Анна"}, {"Клиент": "Anna"}])
def test_a_header_that_no_socket_takes_is_refused_by_http_client(headers: dict[str, str]) -> None:
    with country_of() as country, pytest.raises(UnicodeEncodeError):
        requests.get(f"{country.url}/egrul/request/x", headers=headers)
    assert list(country.journal) == []


@pytest.mark.parametrize(
    ("query", "header", "status"),
    [
        ("a" * 16_000, "a", 200),
        ("a" * 17_000, "a", 414),
        ("a", "a" * 60_000, 200),
        ("a", "a" * 66_000, 431),
    ],
)
def test_a_head_that_the_server_refuses_is_refused_here(
    query: str, header: str, status: int
) -> None:
    with country_of() as country:
        url = f"{country.url}/egrul/request/x?q={query}"
        assert requests.get(url, headers={"X-Long": header}).status_code == status
        assert len(list(country.journal)) == (status == 200)


def test_the_request_of_an_answer_has_the_body_that_was_given() -> None:
    file, parts = io.BytesIO(b"text"), iter([b"te", b"xt"])
    with country_of() as country:
        for body in ("text", b"text", file, parts):
            answer = requests.post(f"{country.url}/egrul/messages/1", data=body)
            assert answer.request.body is body
        form = requests.post(f"{country.url}/egrul/messages/1", data={"a": "b"})
        assert form.request.body == "a=b"
    assert (file.read(), list(parts)) == (b"", [])
    file.seek(0)
    assert file.read() == b"text"

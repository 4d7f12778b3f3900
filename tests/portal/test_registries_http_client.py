"""The client of services: pauses, breakers, Retry-After, and every way in which a service fails."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from portal.ports.unavailable import Unavailable
from portal.registries.http_client import Breaker, HttpClient, Retries, retry_after_s
from tests.portal.country_ports import CountryPorts, country_ports

OGRN = "1257708239920"  # of organization 0
RECORD = f"/v1/organizations/{OGRN}"


@pytest.fixture
def here() -> Iterator[CountryPorts]:
    with country_ports("egrul") as found:
        yield found


@pytest.fixture
def client(here: CountryPorts) -> HttpClient:
    return HttpClient("egrul", f"{here.tenant.url}/egrul", here.conditions)


def asked(here: CountryPorts) -> int:
    return len(here.tenant.journal)


# --- parts


@pytest.mark.parametrize(
    ("failures", "chance", "expected"),
    [(1, 0.0, 0.2), (2, 0.0, 0.4), (3, 0.0, 0.8), (9, 0.0, 2.0), (2, 0.5, 0.3), (1, 0.99, 0.101)],
)
def test_pauses_grow_to_the_longest_and_are_spread(
    failures: int, chance: float, expected: float
) -> None:
    assert Retries().pause_s(failures, chance) == pytest.approx(expected)


class TestBreaker:
    def breaker(self) -> Breaker:
        self.now_s = 100.0
        return Breaker(lambda: self.now_s, limit=2, rest_s=30.0)

    def test_lets_through_until_the_limit_of_failures_in_a_row(self) -> None:
        breaker = self.breaker()
        breaker.failed()
        breaker.answered()
        breaker.failed()
        assert breaker.wait_s() == 0
        breaker.failed()
        assert breaker.wait_s() == 30.0

    def test_lets_one_try_when_the_rest_is_over(self) -> None:
        breaker = self.breaker()
        breaker.failed()
        breaker.failed()
        self.now_s = 129.0
        assert breaker.wait_s() == 1.0
        self.now_s = 130.0
        assert [breaker.wait_s(), breaker.wait_s()] == [0.0, 30.0]

    def test_is_whole_again_after_an_answer(self) -> None:
        breaker = self.breaker()
        breaker.failed()
        breaker.failed()
        self.now_s = 130.0
        breaker.wait_s()
        breaker.answered()
        assert breaker.wait_s() == 0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "9999999999999"}, 86_400),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "١٢"}, None),
        (
            {
                "Retry-After": "Mon, 02 Feb 2026 07:02:00 GMT",
                "Date": "Mon, 02 Feb 2026 07:00:00 GMT",
            },
            120,
        ),
        (
            {
                "Retry-After": "Mon, 02 Feb 2026 06:00:00 GMT",
                "Date": "Mon, 02 Feb 2026 07:00:00 GMT",
            },
            0,
        ),
        ({"Retry-After": "Mon, 02 Feb 2026 07:02:00 GMT"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], expected: int | None) -> None:
    reply = requests.Response()
    reply.headers.update(headers)
    assert retry_after_s(reply) == expected


# --- against a registry


def test_an_answer_is_asked_for_once(here: CountryPorts, client: HttpClient) -> None:
    answer = client.json("GET", RECORD)
    assert (answer.status, answer.content["ogrn"]) == (200, OGRN)
    assert (asked(here), here.pauses) == (1, [])


@pytest.mark.parametrize("kind", ["timeout", "reset", "truncated", "malformed", "error", "outage"])
def test_every_failure_is_tried_three_times_and_then_unavailable(
    here: CountryPorts, client: HttpClient, kind: str
) -> None:
    here.fails("egrul", kind)
    with pytest.raises(Unavailable) as failure:
        client.json("GET", RECORD)
    assert (failure.value.system, failure.value.retry_after_s) == ("egrul", None)
    assert (asked(here), here.pauses) == (3, [0.2, 0.4])


@pytest.mark.parametrize("kind", ["timeout", "reset", "truncated", "malformed", "error"])
def test_a_failure_that_passes_is_not_told(
    here: CountryPorts, client: HttpClient, kind: str
) -> None:
    here.fails("egrul", kind, times=2)
    assert client.json("GET", RECORD).content["ogrn"] == OGRN
    assert asked(here) == 3


@pytest.mark.parametrize(("delay", "answered"), [("9s", True), ("11s", False)])
def test_an_answer_that_comes_too_late_is_none(
    here: CountryPorts, client: HttpClient, delay: str, answered: bool
) -> None:
    here.fails("egrul", "delay", delay={"constant": delay})
    try:
        client.json("GET", RECORD)
        got = True
    except Unavailable:
        got = False
    assert got is answered


@pytest.mark.parametrize(
    ("asks_for", "attempts", "pauses"),
    [("1s", 3, [1, 1]), ("2s", 3, [2, 2]), ("3s", 1, []), ("120s", 1, [])],
)
def test_a_short_wait_that_is_asked_for_is_made_and_a_long_one_told(
    here: CountryPorts, client: HttpClient, asks_for: str, attempts: int, pauses: list[float]
) -> None:
    here.fails("egrul", "error", status=503, retry_after=asks_for)
    with pytest.raises(Unavailable) as failure:
        client.json("GET", RECORD)
    assert failure.value.retry_after_s == int(asks_for[:-1])
    assert (asked(here), here.pauses) == (attempts, pauses)


@pytest.mark.parametrize("status", [403, 429, 500, 502, 504])
def test_a_status_that_is_not_known_is_no_answer(
    here: CountryPorts, client: HttpClient, status: int
) -> None:
    here.fails("egrul", "error", status=status)
    with pytest.raises(Unavailable, match=f"status {status}"):
        client.json("GET", RECORD)


def test_a_known_status_is_an_answer(here: CountryPorts, client: HttpClient) -> None:
    answer = client.json("GET", "/v1/organizations/1", known=(404, 422))
    assert (answer.status, answer.content["error"]) == (422, "bad-number")
    assert asked(here) == 1


def test_what_may_not_be_repeated_is_sent_once(here: CountryPorts, client: HttpClient) -> None:
    here.fails("egrul", "reset")
    with pytest.raises(Unavailable):
        client.json("GET", RECORD, repeatable=False)
    assert asked(here) == 1


def test_a_service_that_goes_on_failing_is_left_alone_for_a_while(
    here: CountryPorts, client: HttpClient
) -> None:
    here.fails("egrul", "outage", **{"for": "10m"})
    for _ in range(5):
        with pytest.raises(Unavailable):
            client.json("GET", RECORD)
    before = asked(here)
    with pytest.raises(Unavailable) as failure:
        client.json("GET", RECORD)
    assert (asked(here), failure.value.retry_after_s) == (before, 30)
    here.tenant.clock.advance("11m")
    assert client.json("GET", RECORD).content["ogrn"] == OGRN


def test_a_body_that_is_not_json_is_no_answer_of_json_and_one_of_bytes(
    here: CountryPorts, client: HttpClient
) -> None:
    assert client.bytes("GET", "/index.html").content.startswith(b"<!DOCTYPE html>")
    with pytest.raises(Unavailable, match="JSONDecodeError"):
        client.json("GET", "/index.html")


def test_proxies_of_the_environment_are_not_used(
    here: CountryPorts, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert client.json("GET", RECORD).status == 200


def test_an_address_where_nobody_is_is_unavailable(here: CountryPorts) -> None:
    conditions: Any = replace(here.conditions, retries=Retries(attempts=1))
    with pytest.raises(Unavailable, match="ConnectionError"):
        HttpClient("mvd", "http://mvd.nowhere.test", conditions).json("GET", "/")

"""The portal over HTTP: to how many it answers (OPS-05), and what operators see of that."""

import datetime as dt
import json
import logging
from contextlib import AbstractContextManager, closing

import pytest
import requests

from portal.http.admission import Gate, Limits, RateLimiter
from portal.http.problems import Refused
from portal.use_case import Context, Outcome, UseCase
from rulebook import load
from tests.portal.http_client import Client
from tests.portal.http_site import Site, rules, site_client, site_of_acts
from tests.portal.probe_acts import Nothing

__all__ = ["site_client", "site_of_acts"]

POLICY = load().policy()


# --- how many


def test_one_client_too_many_times_is_told_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with closing(Site(monkeypatch, Limits(burst=2, per_second=0.001))) as site:
        client = site.client()
        answers = [client.post("/v1/write", json={"name": "a"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "1000"
    assert rules(answers[2]) == [("OPS-05", "через 1000 с")]


def test_a_bucket_fills_again_with_time_and_no_further_than_its_size() -> None:
    now, waits = [0.0], list[str]()
    rates = RateLimiter(Limits(burst=2, per_second=4.0), lambda: now[0])

    def admitted() -> int:
        """How many are let in one after the other."""
        for count in range(10):
            try:
                rates.admit("a", POLICY)
            except Refused as refused:
                waits.append(refused.headers["Retry-After"])
                return count
        return 10

    assert admitted() == 2
    now[0] = 0.24
    assert admitted() == 0
    now[0] = 0.25
    assert admitted() == 1
    now[0] = 100.0
    assert admitted() == 2
    rates.admit("b", POLICY)
    assert waits == ["1"] * 4


def test_who_would_wait_too_long_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inner: list[requests.Response] = []

    def ask_inside(context: Context, form: Nothing) -> Outcome:
        with closing(Client(client.address)) as other:
            inner.append(other.post("/v1/write", json={"name": "a"}))
        return Outcome(state="asked")

    with closing(Site(monkeypatch, Limits(threads=1, waiting=0))) as site:
        site.add(UseCase("ask_inside", Nothing, ask_inside, signed_in=False))
        client = site.client()
        assert client.post("/v1/ask-inside").status_code == 200
        assert (inner[0].status_code, inner[0].json()["code"]) == (503, "busy")
        assert inner[0].headers["retry-after"] == "1"
        assert rules(inner[0]) == [("OPS-05", "запросов слишком много")]
        assert client.post("/v1/write", json={"name": "a"}).status_code == 200


class Doorway:
    """A gate whose clock and visitors are in a test's hands."""

    def __init__(self, limits: Limits) -> None:
        self.now_s = 0.0
        self.gate = Gate(limits, lambda: self.now_s)
        self.inside: list[AbstractContextManager[None]] = []

    def come(self, count: int) -> str | None:
        """So many come; what Retry-After the first of them got that was refused."""
        for _ in range(count):
            visit = self.gate.passed(POLICY)
            try:
                visit.__enter__()
            except Refused as refused:
                return refused.headers["Retry-After"]
            self.inside.append(visit)
        return None

    def leave(self, count: int, every_s: float) -> None:
        for _ in range(count):
            self.now_s += every_s
            self.inside.pop().__exit__(None, None, None)


def test_slow_requests_leave_places_only_for_those_whose_turn_comes_in_time() -> None:
    door = Doorway(Limits(threads=4, waiting=100, longest_wait_s=5.0))
    assert door.come(60) is None
    door.leave(40, every_s=0.5)  # two a second
    # Ten can be served in five seconds, beside the four that are being served.
    assert (len(door.inside), door.gate.most) == (20, 14)
    assert door.come(1) == "8"  # sixteen wait, half a second each
    door.leave(7, every_s=0.5)
    assert door.come(2) == "5"
    assert len(door.inside) == 14


def test_quick_requests_leave_all_places() -> None:
    door = Doorway(Limits(threads=4, waiting=100, longest_wait_s=5.0))
    door.come(104)
    door.leave(40, every_s=0.001)
    assert door.gate.most == 104
    assert door.come(41) == "1"


def test_once_nobody_waits_any_more_slowness_is_forgotten() -> None:
    door = Doorway(Limits(threads=4, waiting=100, longest_wait_s=5.0))
    door.come(8)
    door.leave(3, every_s=60.0)
    assert door.gate.most == 4
    door.leave(2, every_s=0.1)  # three are inside: a thread is free
    assert door.gate.most == 104


# --- what operators see


def test_a_line_of_the_log_has_the_request_and_nothing_of_what_was_sent(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "portal"):
        headers = {"Authorization": "Bearer p", "X-Request-Id": "q-1"}
        client.post("/v1/whisper", json={"word": "сезам"}, headers=headers)
        client.get("/v1/look", params={"name": "сезам"}, headers=headers)
    lines = [json.loads(r.getMessage()) for r in caplog.records if r.name == "portal.requests"]
    assert all(dt.datetime.fromisoformat(line["at"]).tzinfo for line in lines)
    assert [{**line, "ms": 0, "at": ""} for line in lines] == [
        {"at": "", "request_id": "q-1", "act": "whisper", "status": 200, "ms": 0, "account": "p"},
        {"at": "", "request_id": "q-1", "act": "look", "status": 200, "ms": 0, "account": "p"},
    ]
    assert "сезам" not in caplog.text


def test_a_request_without_an_id_of_its_own_is_given_one(client: Client) -> None:
    ids = {client.get("/v1/many").headers["x-request-id"] for _ in range(2)}
    odd = client.get("/v1/many", headers={"X-Request-Id": "a b"}).headers["x-request-id"]
    assert len(ids | {odd}) == 3
    assert odd != "a b"


def test_figures_count_requests_and_broken_rules(client: Client) -> None:
    client.post("/v1/break-two", json={"name": "a"})
    client.post("/v1/write", json={"name": "a"})
    client.get("/v1/fly")
    text = client.get("/metrics").text
    assert 'portal_requests_total{act="break_two",status="422"} 1.0' in text
    assert 'portal_requests_total{act="write",status="200"} 1.0' in text
    assert 'portal_requests_total{act="-",status="404"} 1.0' in text
    assert 'portal_violations_total{rule="ID-02"} 1.0' in text
    assert 'portal_request_seconds_count{act="write"} 1.0' in text


def test_it_is_ready_as_long_as_the_store_answers(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("ok", "ok")

    def fail(kind: str, document_id: str) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(site.stand.store, "get", fail)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200

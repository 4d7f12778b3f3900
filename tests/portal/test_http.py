"""The portal over HTTP: what is read, what is answered, in which words, and to how many."""

import datetime as dt
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import requests

import portal.portal
from portal.accounts.session import SignedIn
from portal.http.admission import Limits, RateLimiter
from portal.http.app import portal_app
from portal.http.language import language_of
from portal.http.problems import Refused
from portal.http.served import Caller, ServedPortal
from portal.portal import Portal
from portal.ports.store import Conflict
from portal.rules.rule import Violation
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome, UseCase, View
from rulebook import Text, load
from tests.portal.http_client import Client, served
from tests.portal.probe_acts import Note, Nothing, Runs, Writing, install
from tests.portal.wiring import Stand, portal_with

POLICY = load().policy()
KERNEL: Any = portal.portal  # where `install` has put the acts


def rules(answer: requests.Response) -> list[tuple[str, str | None]]:
    """The rules that a problem names, each with what exactly is wrong."""
    return [(each["rule"], each["reason"]) for each in answer.json()["violations"]]


def who(portal: Portal, caller: Caller) -> SignedIn:
    """Somebody by the bearer's token: an account, or `staff`."""
    token = caller.headers.get("authorization", "").removeprefix("Bearer ")
    if token == "staff":
        return SignedIn(actor=Actor(operator="Ольга"))
    if token == "closed":
        return SignedIn(actor=Actor(), violations=(Violation("AUTH-13", "device"),))
    return SignedIn(actor=Actor(account=token or None, ip=caller.ip))


class Site:
    """A portal of made-up acts and a client of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, limits: Limits | None = None) -> None:
        self.runs: Runs = install(monkeypatch)
        self._open = ExitStack()
        self._monkeypatch = monkeypatch
        self._limits = limits or Limits()
        self.stand: Stand = portal_with()
        self.settled = 0
        self.add(UseCase("fail", Nothing, _fail, signed_in=False))
        self.add(UseCase("lose", Nothing, _lose, signed_in=False))
        self.add(UseCase("break_two", Writing, _break_two, signed_in=False))
        views = {"many": View("many", Nothing, _many, signed_in=False)}
        monkeypatch.setattr("portal.portal.VIEWS", {**KERNEL.VIEWS, **views})

    def add(self, case: UseCase[Any]) -> None:
        known = {**KERNEL.USE_CASES, case.name: case}
        self._monkeypatch.setattr("portal.portal.USE_CASES", known)

    def client(self) -> Client:
        for module in ("app", "exchange"):
            name = f"portal.http.{module}.USE_CASES"
            self._monkeypatch.setattr(name, KERNEL.USE_CASES)
            self._monkeypatch.setattr(f"portal.http.{module}.VIEWS", KERNEL.VIEWS)
        one = ServedPortal(
            portal=self.stand.portal, who=who, after_act=self._settle, limits=self._limits
        )
        return self._open.enter_context(served(portal_app(one)))

    def close(self) -> None:
        self._open.close()

    def _settle(self) -> None:
        self.settled += 1


def _fail(context: Context, form: Nothing) -> Outcome:
    raise ValueError("a secret that nobody is told")


def _lose(context: Context, form: Nothing) -> Outcome:
    raise Conflict("note a")


def _break_two(context: Context, form: Writing) -> Outcome:
    broken = (
        Violation("ID-01", "inn", Text("последние цифры 00", "the last digits are 00")),
        Violation("ID-02", "ogrn"),
    )
    return Outcome(state="refused", violations=broken, refusal="wrong", data={"attempts": 2})


def _many(context: Context, query: Nothing) -> Outcome:
    return Outcome(
        state="shown", data={"items": [{"id": number} for number in range(7)], "of": "x"}
    )


@pytest.fixture(name="site")
def _site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with closing(Site(monkeypatch)) as site:
        yield site


@pytest.fixture(name="client")
def _client(site: Site) -> Client:
    return site.client()


# --- what is done and shown


def test_a_use_case_is_a_post_of_its_form(client: Client, site: Site) -> None:
    answer = client.post("/v1/write", json={"name": "a", "text": "б"})
    assert (answer.status_code, answer.json()) == (200, {"state": "written", "data": {"name": "a"}})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert site.settled == 1


def test_a_view_is_a_get_with_a_query(client: Client) -> None:
    client.post("/v1/write", json={"name": "a", "text": "б"})
    answer = client.get("/v1/look", params={"name": "a"})
    assert (answer.status_code, answer.json()) == (200, {"state": "shown", "data": {"text": "б"}})


def test_a_name_with_several_words_has_dashes_in_its_path(client: Client) -> None:
    headers = {"Authorization": "Bearer staff"}
    assert client.post("/v1/write-staff", json={"name": "a"}, headers=headers).status_code == 200


# --- refusals


def test_every_broken_rule_comes_at_once_with_its_field_and_words(client: Client) -> None:
    answer = client.post("/v1/break-two", json={"name": "a"}, headers={"X-Request-Id": "q-1"})
    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {key: value for key, value in problem.items() if key != "violations"} == {
        "type": "about:blank",
        "title": "Присланное нарушает правила",
        "status": 422,
        "code": "wrong",
        "request_id": "q-1",
        "state": "refused",
        "data": {"attempts": 2},
    }
    assert [(each["rule"], each["field"], each["reason"]) for each in problem["violations"]] == [
        ("ID-01", "inn", "последние цифры 00"),
        ("ID-02", "ogrn", None),
    ]


def test_messages_are_the_rule_books_in_the_language_asked_for(client: Client, site: Site) -> None:
    message = site.stand.portal.book.rule("ID-01").message
    for accepted, language, text, reason in (
        ("", "ru", message.ru, "последние цифры 00"),
        ("en-GB, ru;q=0.5", "en", message.en, "the last digits are 00"),
    ):
        headers = {"Accept-Language": accepted}
        answer = client.post("/v1/break-two", json={"name": "a"}, headers=headers)
        first = answer.json()["violations"][0]
        assert (first["message"], first["reason"]) == (text, reason)
        assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ru"),
        ("*", "ru"),
        ("en", "en"),
        ("EN-us", "en"),
        ("de", "ru"),
        ("ru, en", "ru"),
        ("en, ru;q=0.9", "en"),
        ("en;q=0.4, ru;q=0.5", "ru"),
        ("en;q=0", "ru"),
        ("ru;q=0, *;q=0.5", "en"),
        ("en;q=much", "ru"),
    ],
)
def test_russian_is_spoken_unless_english_is_preferred(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_nobody_signed_in_is_told_to_sign_in(client: Client, site: Site) -> None:
    answer = client.post("/v1/write-own", json={"name": "a"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get("/v1/look-own", params={"name": "a"}).status_code == 401
    headers = {"Authorization": "Bearer p"}
    assert client.post("/v1/write-own", json={"name": "a"}, headers=headers).status_code == 200
    assert site.runs.names == ["write"]


def test_a_session_that_was_closed_is_told_why(client: Client) -> None:
    headers = {"Authorization": "Bearer closed"}
    answer = client.post("/v1/write-own", json={"name": "a"}, headers=headers)
    assert [each["rule"] for each in answer.json()["violations"]] == ["AUTH-13"]


def test_what_is_for_staff_is_forbidden_to_others(client: Client) -> None:
    headers = {"Authorization": "Bearer p"}
    answer = client.post("/v1/write-staff", json={"name": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert client.get("/v1/look-staff", params={"name": "a"}).status_code == 403


def test_a_silent_register_is_no_refusal_but_later(client: Client, site: Site) -> None:
    site.runs.down = True
    answer = client.post("/v1/ask")
    assert (answer.status_code, answer.json()["code"]) == (503, "later")
    assert answer.headers["retry-after"] == "30"
    assert rules(answer) == [("OPS-02", None)]


def test_who_is_overtaken_again_and_again_may_try_anew(client: Client) -> None:
    answer = client.post("/v1/lose")
    assert (answer.status_code, answer.json()["code"]) == (503, "overtaken")
    assert answer.headers["retry-after"] == "1"


def test_a_failure_of_ours_says_nothing_of_its_cause(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/v1/fail", headers={"X-Request-Id": "q-7"})
    assert (answer.status_code, answer.json()["code"]) == (500, "failure")
    assert "secret" not in answer.text
    assert "request q-7 has failed" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/fly", 404, "no-such-path"),
        ("GET", "/", 404, "no-such-path"),
        ("GET", "/v1/write", 405, "method"),
        ("DELETE", "/v1/look", 405, "method"),
    ],
)
def test_paths_and_methods_that_there_are_not_are_problems_too(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("allow" in answer.headers) == (status == 405)
    told = [{"field": "path", "expected": "one of /openapi.json"}]
    assert answer.json().get("errors") == (told if status == 404 else None)


# --- bodies and queries


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"{", "not-json", 400),
        (b"[]", "not-json", 400),
        (b'"a"', "not-json", 400),
        (b'{"name": NaN}', "not-json", 400),
        (b'{"name": "\xff"}', "not-json", 400),
        (b"[" * 100_000, "not-json", 400),
        (b'{"name": ' + b"9" * 5000 + b"}", "not-json", 400),
        (b"{}", "unreadable", 422),
        (b'{"name": 5}', "unreadable", 422),
        (b'{"name": "a\\u0000"}', "unreadable", 422),
        (b'{"name": "\\ud800"}', "unreadable", 422),
    ],
)
def test_a_body_of_another_form_is_a_documented_refusal(
    client: Client, site: Site, body: bytes, code: str, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/write", data=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert site.runs.names == []


def test_every_unreadable_field_is_named(client: Client) -> None:
    answer = client.post("/v1/write", json={"text": 1, "day": "завтра"})
    assert [each["field"] for each in answer.json()["errors"]] == ["name", "text", "day"]


def test_a_body_that_is_no_json_by_its_type_is_refused(client: Client) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = client.post("/v1/write", data=b'{"name": "a"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    good = {"Content-Type": "application/merge-patch+json; charset=utf-8"}
    assert client.post("/v1/write", data=b'{"name": "a"}', headers=good).status_code == 200


@pytest.mark.parametrize("query", ["name=a&name=b", "name=a&other=1", "name=%00", "name=%ff", ""])
def test_a_query_of_another_form_is_unreadable(client: Client, query: str) -> None:
    answer = client.get(f"/v1/look?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


def test_a_body_as_large_as_may_be_is_read_and_one_byte_more_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = json.dumps({"name": "a"}).encode()
    headers = {"Content-Type": "application/json"}
    with closing(Site(monkeypatch, Limits(body_bytes=len(body)))) as site:
        client = site.client()
        assert client.post("/v1/write", data=body, headers=headers).status_code == 200
        answer = client.post("/v1/write", data=body + b" ", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
        parts = iter([body, b" "])  # no length is told before
        assert client.post("/v1/write", data=parts, headers=headers).status_code == 413


# --- keys, versions, pages


def test_the_same_under_the_same_key_is_done_once(client: Client, site: Site) -> None:
    headers = {"Idempotency-Key": "k"}
    first = client.post("/v1/write", json={"name": "a"}, headers=headers)
    again = client.post("/v1/write", json={"name": "a"}, headers={"Idempotency-Key": '"k"'})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    other = client.post("/v1/write", json={"name": "b"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key-taken")
    assert rules(other) == [("OPS-01", "этот ключ уже дан другому содержанию")]
    assert site.runs.names == ["write"]


def test_who_has_lost_the_answer_sends_it_again_and_it_is_done_once(
    client: Client, site: Site
) -> None:
    body = b'{"name": "a"}'
    head = (
        "POST /v1/write HTTP/1.1\r\nHost: portal.test\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: k\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    host, port = client.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + body)
    again = client.post("/v1/write", json={"name": "a"}, headers={"Idempotency-Key": "k"})
    assert again.json() == {"state": "written", "data": {"name": "a"}}
    note = Unit(site.stand.store).get(Note, "a")
    assert note is not None
    assert note.version == 1  # whichever of the two was worked on first


@pytest.mark.parametrize("key", ["", "a b", "а" * 3, "k" * 201, 'k"'])
def test_a_key_of_another_form_is_refused(client: Client, site: Site, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    answer = client.post("/v1/write", json={"name": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-header")
    assert site.runs.names == []


def test_a_precondition_that_a_use_case_does_not_know_is_not_passed_over(
    client: Client,
) -> None:
    for tag in ('"3"', "*", "3"):
        answer = client.post("/v1/write", json={"name": "a"}, headers={"If-Match": tag})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad-header")


def test_a_list_comes_page_by_page(client: Client) -> None:
    shown: list[int] = []
    path = "/v1/many?limit=3"
    sizes = []
    while path:
        answer = client.get(path)
        items = [each["id"] for each in answer.json()["data"]["items"]]
        shown += items
        sizes.append(len(items))
        link = answer.headers.get("link", "")
        assert (link == "") == ("next" not in answer.json())
        path = link.removeprefix("<").partition(">")[0]
    assert (shown, sizes) == (list(range(7)), [3, 3, 1])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=", "cursor=AAAA", "cursor=é", "limit=²"]
)
def test_a_page_that_cannot_be_is_unreadable(client: Client, query: str) -> None:
    answer = client.get(f"/v1/many?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


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

"""The portal over HTTP: what is read, what is answered, and in which words."""

import json
import socket
from contextlib import closing

import pytest

from portal.http.admission import Limits
from portal.http.language import language_of
from portal.store.unit import Unit
from tests.portal.http_client import Client
from tests.portal.http_site import Site, rules, site_client, site_of_acts
from tests.portal.probe_acts import Note

__all__ = ["site_client", "site_of_acts"]


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
    told = [{"field": "path", "expected": "один из /openapi.json"}]
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


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ["обязательное поле", "текст", "дата вида ГГГГ-ММ-ДД"]),
        ("en", ["a required field", "a text", "a date like YYYY-MM-DD"]),
    ],
)
def test_every_unreadable_field_is_named_with_what_was_expected_in_the_language_that_is_asked_for(
    client: Client, language: str, expected: list[str]
) -> None:
    body = {"text": 1, "day": "завтра"}
    answer = client.post("/v1/write", json=body, headers={"Accept-Language": language})
    told = answer.json()["errors"]
    assert [each["field"] for each in told] == ["name", "text", "day"]
    assert [each["expected"] for each in told] == expected


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

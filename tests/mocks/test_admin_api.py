"""What the admin API does, in process and over a socket: the same code, the same answers."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

import mocks
from mocks.core.country import MAIN, Country
from mocks.server.serving import serving
from tests.mocks.probe import HOST, probe
from tests.sim.tracing import scenario

KINDS = "outage, slow, delay, error, timeout, reset, truncated, malformed, duplicate, reorder, loss"
FIELDS = (
    "id, service, kind, from, for, p, times, match, factor, delay, status, retry_after, processed"
)
STATION = """
stations:
  egrul:
    servers: {shifts: [{days: working, from: "10:00", to: "11:00", count: 4}]}
    service: {exponential: {mean: 2s}}
    queue_limit: 5
    timeout: 30s
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: ask, nodes: {ask: {serve: egrul, next: done}, done: {end: completed}}}}
"""


@pytest.fixture(scope="module", params=["in process", "over HTTP"])
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Country, str]]:
    """A country and where it is, however it runs."""
    if request.param == "in process":
        with mocks.running(services=[probe()]) as country:
            yield country.core, country.url
    else:
        core = Country([probe()])
        with serving(core) as server:
            yield core, server.url


@pytest.fixture
def url(running: tuple[Country, str]) -> str:
    """Where the country is, with nothing but `main` as it was made."""
    country, url = running
    country.reset_tenant(MAIN)
    for tenant in country.tenants:
        if tenant.name != MAIN:
            country.delete_tenant(tenant.name)
    return url


def get(url: str, path: str) -> Any:
    answer = requests.get(f"{url}/_admin{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def send(method: str, url: str, path: str, json: Any = None, status: int = 200) -> Any:
    answer = requests.request(method, f"{url}/_admin{path}", json=json)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def problem(method: str, url: str, path: str, json: Any) -> list[tuple[str, str]]:
    """The fields that are wrong, with what was expected."""
    refused = send(method, url, path, json, 422)
    assert (refused["status"], refused["code"]) == (422, "invalid")
    return [(error["field"], error["expected"]) for error in refused["errors"]]


def test_tenant_is_made_used_reset_and_deleted(url: str) -> None:
    new = {
        "name": "team-b",
        "seed": 7,
        "now": "2026-02-02T10:00:00+03:00",
        "speed": 0.0,
        "faults": 0,
        "calls": 0,
    }
    assert send("PUT", url, "/tenants/team-b", {"seed": 7}, 201) == new
    assert send("PUT", url, "/tenants/team-b", {"seed": 7}, 200) == new
    assert [tenant["name"] for tenant in get(url, "/tenants")] == ["main", "team-b"]
    send("POST", url, "/tenants/team-b/clock/advance", {"by": "1d"})
    assert requests.post(f"{url}/team-b/egrul/task/a").json()["count"] == 1
    assert get(url, "/tenants/team-b") == {**new, "now": "2026-02-03T10:00:00+03:00", "calls": 1}
    assert get(url, "/tenants/main") == {**new, "name": "main", "seed": 1}
    assert send("POST", url, "/tenants/team-b/reset") == new
    assert requests.post(f"{url}/team-b/egrul/task/a").json()["count"] == 1
    send("DELETE", url, "/tenants/team-b", status=204)
    assert requests.post(f"{url}/team-b/egrul/task/a").status_code == 404


@pytest.mark.parametrize(
    ("by", "now"),
    [
        ("90s", "2026-02-02T10:01:30+03:00"),
        ("1.5h", "2026-02-02T11:30:00+03:00"),
        ("1us", "2026-02-02T10:00:00.000001+03:00"),
        ("1wd", "2026-02-03T23:59:59.999999+03:00"),
        ("5wd", "2026-02-09T23:59:59.999999+03:00"),
    ],
)
def test_clock_advances_by_durations_and_working_days(url: str, by: str, now: str) -> None:
    clock = send("POST", url, "/tenants/main/clock/advance", {"by": by})
    assert (clock["now"], clock["timezone"], clock["speed"]) == (now, "Europe/Moscow", 0.0)
    assert get(url, "/tenants/main/clock") == clock
    seen = requests.get(f"{url}/egrul/request/x").json()["local_time"]
    assert seen == now


def test_clock_is_set_to_a_local_time_and_runs_at_a_speed(url: str) -> None:
    path = "/tenants/main/clock"
    clock = send("PUT", url, path, {"now": "2026-02-02T10:00:01"})
    assert (clock["now"], clock["now_us"]) == ("2026-02-02T10:00:01+03:00", 1_000_000)
    back = send("PUT", url, path, {"now": "2026-02-02T10:00"}, 409)
    assert back["code"] == "clock-goes-back"
    assert send("PUT", url, path, {"speed": 3600})["speed"] == 3600.0
    running = get(url, path)["now_us"]
    assert running >= 1_000_000
    stopped = send("PUT", url, path, {"speed": 0})["now_us"]
    assert stopped >= running
    assert get(url, path)["now_us"] == stopped


@pytest.mark.parametrize(
    ("method", "path", "body", "wrong"),
    [
        (
            "POST", "advance", {"by": "5w"},
            [("by", "'5w': expected a duration like 90s, 2h, 3d or 5wd")],
        ),
        ("POST", "advance", {}, [("by", "a required key is missing")]),
        (
            "PUT",
            "",
            {"now": "10:00"},
            [
                (
                    "now",
                    "expected a local time like 2026-04-20T09:00 without an offset, got \"10:00\"",
                )
            ],
        ),
        ("PUT", "", {"speed": -1}, [("speed", "expected a number from 0 up, got -1")]),
    ],
)  # fmt: skip
def test_wrong_time_is_refused_with_what_was_expected(
    url: str, method: str, path: str, body: Any, wrong: list[tuple[str, str]]
) -> None:
    place = "/tenants/main/clock" + (f"/{path}" if path else "")
    assert problem(method, url, place, body) == wrong


def test_fault_is_planned_hits_and_is_removed(url: str) -> None:
    path = "/tenants/main/faults"
    fault = {
        "id": "f",
        "service": "egrul",
        "kind": "error",
        "from": "2026-02-02T11:00",
        "for": "1h",
        "match": {"path": "/task/*"},
        "status": 429,
        "retry_after": "30s",
    }
    planned = {
        "id": "f",
        "service": "egrul",
        "kind": "error",
        "from": "2026-02-02T11:00:00+03:00",
        "until": "2026-02-02T12:00:00+03:00",
        "p": 1.0,
        "times": None,
        "match": {"method": "*", "path": "/task/*"},
        "factor": None,
        "delay_mean": None,
        "status": 429,
        "retry_after": "30s",
        "processed": False,
        "holds": False,
        "hits": 0,
    }
    assert send("POST", url, path, fault, 201) == planned
    assert requests.post(f"{url}/egrul/task/a").status_code == 201
    send("POST", url, "/tenants/main/clock/advance", {"by": "1h"})
    refused = requests.post(f"{url}/egrul/task/a")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert requests.get(f"{url}/egrul/refusal").status_code == 422
    assert get(url, path) == [{**planned, "holds": True, "hits": 1}]
    send("DELETE", url, f"{path}/f", status=204)
    assert (get(url, path), requests.post(f"{url}/egrul/task/a").status_code) == ([], 201)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kind": "slow"}, [("factor", "kind slow needs it")]),
        ({"factor": 2}, [("factor", "not for kind reset")]),
        (
            {"kind": "outage", "p": 0.5},
            [("p, times, match", "an outage hits everything; kind timeout may choose")],
        ),
        ({"service": "ufo"}, [("service", "ufo is none of egrul")]),
        ({"service": "*", "kind": "stale"}, [("kind", f"stale is none of {KINDS}")]),
        ({"p": 2}, [("p", "expected a number from 0 to 1, got 2")]),
        (
            {"kind": "delay", "delay": {"constant": "x"}},
            [("delay.constant", 'expected a duration like 250ms, 90s, 15m, 2h, 3d, got "x"')],
        ),
        (
            {"color": 1, "times": 0},
            [
                ("times", "expected a whole number from 1 up, got 0"),
                ("color", f"unknown key; allowed: {FIELDS}"),
            ],
        ),
    ],
)  # fmt: skip
def test_wrong_fault_is_refused_with_field_and_expectation(
    url: str, change: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    fault = {"id": "f", "service": "egrul", "kind": "reset", **change}
    assert problem("POST", url, "/tenants/main/faults", fault) == wrong
    assert get(url, "/tenants/main/faults") == []


def test_journal_is_read_page_by_page_and_cleared(url: str) -> None:
    for name in "abc":
        requests.post(f"{url}/egrul/task/{name}?q=1", json={"inn": "1"})
    path = "/tenants/main/journal"
    page = get(url, f"{path}?limit=2")
    assert ([e["path"] for e in page["entries"]], page["next_after"], page["forgotten"]) == (
        ["/task/a", "/task/b"],
        2,
        0,
    )
    entry = page["entries"][0]
    assert entry["headers"]["content-type"] == "application/json"
    del entry["headers"]
    assert entry == {
        "number": 1,
        "at": "2026-02-02T10:00:00+03:00",
        "at_us": 0,
        "service": "egrul",
        "method": "POST",
        "path": "/task/a",
        "query": "q=1",
        "body": {"size": 12, "text": '{"inn": "1"}', "base64": None},
        "draw": entry["draw"],
        "planned_us": 0,
        "faults": [],
        "outcome": "answered",
        "status": 201,
        "answer_headers": [["Content-Type", "application/json; charset=utf-8"]],
        "answer_body": {"size": 22, "text": '{"name":"a","count":1}', "base64": None},
        "answer_sha256": hashlib.sha256(b'{"name":"a","count":1}').hexdigest(),
    }
    last = get(url, f"{path}?after=2&limit=2")
    assert ([e["path"] for e in last["entries"]], last["next_after"]) == (["/task/c"], None)
    send("DELETE", url, path, status=204)
    requests.post(f"{url}/egrul/task/d")
    assert [e["number"] for e in get(url, path)["entries"]] == [4]


def test_journal_is_queried_by_pattern(url: str) -> None:
    requests.post(f"{url}/egrul/task/a", json={"inn": "1", "parts": [{"kpp": "2"}]})
    requests.post(f"{url}/egrul/task/b", json={"inn": "2"})
    requests.get(f"{url}/egrul/refusal")

    def found(**pattern: Any) -> list[int]:
        query = {"pattern": pattern, "limit": 10}
        page = send("POST", url, "/tenants/main/journal/query", query)
        return [entry["number"] for entry in page["entries"]]

    assert found() == [1, 2, 3]
    assert found(path="/task/*", method="post") == [1, 2]
    assert found(json_body={"parts": [{"kpp": "2"}]}) == [1]
    assert found(status=422) == [3]
    assert found(after=1, service="egrul", status=201) == [2]


def test_verification_tells_what_came_instead(url: str) -> None:
    requests.post(f"{url}/egrul/task/a")
    requests.post(f"{url}/egrul/task/b")
    path = "/tenants/main/journal"
    task = {"path": "/task/*"}
    assert send("POST", url, f"{path}/verify", {"pattern": task, "times": 2}) == {"entries": [1, 2]}
    wrong = send("POST", url, f"{path}/verify", {"pattern": task, "at_most": 1}, 409)
    assert (wrong["code"], wrong["detail"].splitlines()) == (
        "not-called-so",
        [
            "expected at most 1 calls of (path='/task/*'), found 2; the journal has:",
            "  1. egrul POST /task/a -> 201",
            "  2. egrul POST /task/b -> 201",
        ],
    )
    calls = [{"path": "/task/a"}, {"path": "/task/b"}]
    exactly = f"{path}/verify-exactly"
    assert send("POST", url, exactly, {"calls": calls}) == {"entries": [1, 2]}
    assert send("POST", url, exactly, {"calls": [], "services": ["mvd"]}) == {"entries": []}
    swapped = send("POST", url, exactly, {"calls": calls[::-1]}, 409)
    assert swapped["detail"].startswith("calls differ from number 1 on; expected exactly:")


def test_inbox_is_read_by_contact_and_folder(url: str) -> None:
    phone = "/tenants/main/inboxes/+79001234567"
    requests.post(f"{url}/egrul/messages/+79001234567", data="код 1234".encode())
    requests.post(f"{url}/egrul/messages/a@example.org", data="привет".encode())
    (message,) = get(url, phone)
    assert {**message, "id": ""} == {
        "id": "",
        "channel": "sms",
        "to": "+79001234567",
        "text": "код 1234",
        "subject": "",
        "sender": "",
        "folder": "inbox",
        "fields": {},
        "sent": "2026-02-02T10:00:00+03:00",
        "delivered": "2026-02-02T10:00:00+03:00",
    }
    assert get(url, f"{phone}?folder=spam") == []
    assert get(url, "/tenants/main/inboxes") == [
        {"contact": "+79001234567", "messages": 1},
        {"contact": "a@example.org", "messages": 1},
    ]
    send("DELETE", url, phone, status=204)
    assert (get(url, phone), len(get(url, "/tenants/main/inboxes/a@example.org"))) == ([], 1)
    send("DELETE", url, "/tenants/main/inboxes", status=204)
    assert get(url, "/tenants/main/inboxes") == []


def test_record_is_changed_for_its_tenant_alone_and_restored(url: str) -> None:
    send("PUT", url, "/tenants/b", status=201)
    path = "/tenants/main/records/organizations"
    before = get(url, f"{path}?index=3")
    changes = {"standing": "liquidated", "closed": "2026-01-30", "address": {"house": "д. 5"}}
    changed = send("PATCH", url, f"{path}/3", changes)
    assert changed == {
        **before,
        "standing": "liquidated",
        "closed": "2026-01-30",
        "address": {**before["address"], "house": "д. 5"},
    }
    assert get(url, f"{path}?inn={before['inn']}") == changed
    assert get(url, "/tenants/main/records") == {"organizations": [changed], "people": []}
    assert get(url, "/tenants/b/records/organizations?index=3") == before
    send("DELETE", url, "/tenants/main/records", status=204)
    assert get(url, f"{path}?ogrn={before['ogrn']}") == before


def test_added_person_is_found_by_every_number(url: str) -> None:
    numbers = {"inn": "770000000000", "snils": "00000000000", "phone": "+79000000000"}
    changes = {**numbers, "passport": {"series": "0000", "number": "000000"}}
    path = "/tenants/main/records/people"
    added = send("POST", url, path, {"like": 0, "changes": changes}, 201)
    assert added["index"] == -1
    for name, value in numbers.items():
        answer = requests.get(f"{url}/_admin{path}", params={name: value})
        assert answer.json() == added, name
    again = problem("POST", url, path, {"like": 0, "changes": changes})
    assert again == [
        (
            "changes.inn, snils, phone, passport",
            "an added person needs numbers that nobody has",
        )
    ]


def test_services_are_told_with_rules_and_own_faults(url: str) -> None:
    told = get(url, "/services")
    (service,) = told["services"]
    assert (service["id"], service["name"], service["hosts"]) == ("egrul", "ЕГРЮЛ", [HOST])
    assert "REG-02" in service["rules"]
    assert (service["works"], service["station"]) == (False, None)
    assert told["fault_kinds"]["reset"] == "обрывает соединение (RST)"


def test_station_of_a_scenario_is_told_with_the_servers_on_duty() -> None:
    with mocks.running(services=[probe()], scenario=scenario(STATION, horizon="10d")) as country:
        (before,) = get(country.url, "/services")["services"]
        country.clock.set("2026-04-20T10:00")
        (after,) = get(country.url, "/services")["services"]
    assert before["station"] == {"servers": 0, "mean_service": "2s", "queue_limit": 5}
    assert after["station"] == {"servers": 4, "mean_service": "2s", "queue_limit": 5}


def test_half_of_a_character_is_refused_and_changes_nothing(url: str) -> None:
    path = "/_admin/tenants/main/records"
    half = requests.patch(f"{url}{path}/people/0", data=r'{"email": "\uD800"}')
    assert (half.status_code, half.json()["detail"]) == (
        422,
        "expected whole characters, got half of a surrogate pair",
    )
    assert get(url, "/tenants/main/records") == {"organizations": [], "people": []}
    pair = requests.patch(
        f"{url}{path}/people/0",
        data=r'{"email": "\ud83d\ude00"}',
        headers={"Content-Type": "application/json"},
    )
    assert pair.json()["email"] == "😀"


def test_unknown_service_in_a_pattern_is_refused(url: str) -> None:
    path = "/tenants/main/journal"
    for operation in ("query", "verify"):
        ((field, expected),) = problem(
            "POST", url, f"{path}/{operation}", {"pattern": {"service": "egrull"}}
        )
        assert (field, expected[:26]) == ("pattern.service", "egrull is none of antiviru")
    exactly = {"calls": [], "services": ["egrull"]}
    ((field, _),) = problem("POST", url, f"{path}/verify-exactly", exactly)
    assert field == "service"


def test_server_answers_others_while_a_clock_is_moved() -> None:
    core = Country([probe()])
    begun, answered = threading.Event(), threading.Event()

    def long_work(_: int) -> None:
        begun.set()
        assert answered.wait(30)

    core.tenant().agenda.at(1, long_work)
    with serving(core) as server, ThreadPoolExecutor(1) as pool:
        send("PUT", server.url, "/tenants/b", status=201)
        advance = f"{server.url}/_admin/tenants/main/clock/advance"
        moved = pool.submit(requests.post, advance, json={"by": "1s"})
        assert begun.wait(30)
        assert get(server.url, "/tenants/b/clock")["now_us"] == 0
        assert requests.post(f"{server.url}/b/egrul/task/a", timeout=30).status_code == 201
        answered.set()
        assert moved.result().json()["now_us"] == 1_000_000


def test_the_administrations_own_address_leads_to_its_document(url: str) -> None:
    for path in ("/_admin", "/_admin/"):
        answer = requests.get(f"{url}{path}")
        assert answer.status_code == 200
        assert answer.json()["info"]["title"] == "Poligon: administration of the country"


@pytest.mark.parametrize(
    ("content_type", "body", "field", "expected"),
    [
        (
            "application/x-www-form-urlencoded",
            '{"by": "2h"}',
            "Content-Type",
            "application/json, got application/x-www-form-urlencoded",
        ),
        ("application/json", '{"by": ', "", "JSON; character 7: Expecting value"),
    ],
)
def test_a_body_that_is_no_json_is_told_so(
    url: str, content_type: str, body: str, field: str, expected: str
) -> None:
    answer = requests.post(
        f"{url}/_admin/tenants/main/clock/advance",
        data=body,
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "expected": expected}]

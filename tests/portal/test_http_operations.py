"""Maintenance over HTTP: what is answered meanwhile, and what goes on."""

from collections.abc import Iterator

import pytest

from portal.accounts.session import SignedIn
from portal.http.app import portal_app
from portal.http.served import Caller, ServedPortal
from portal.portal import Portal
from portal.use_case import Actor
from tests.portal.http_client import Client, served
from tests.portal.wiring import Stand, portal_with

STAFF = {"Authorization": "staff"}
ANNA = {"Authorization": "anna"}
FORM = {"kind": "legal", "inn": "7707083893"}
WORKS = {
    "start": "2026-02-02T12:00:00+03:00",
    "end": "2026-02-02T14:00:00+03:00",
    "reason": "Обновление",
}


def who(portal: Portal, caller: Caller) -> SignedIn:
    """The staff, or an account of that name."""
    name = caller.headers.get("authorization")
    return SignedIn(actor=Actor(operator="Ольга") if name == "staff" else Actor(account=name))


@pytest.fixture(name="stand")
def _stand() -> Stand:
    return portal_with()


@pytest.fixture(name="client")
def _client(stand: Stand) -> Iterator[Client]:
    with served(portal_app(ServedPortal(portal=stand.portal, who=who))) as client:
        yield client


def test_during_works_a_problem_tells_rule_end_and_when_to_come_again(
    client: Client, stand: Stand
) -> None:
    assert client.post("/v1/plan-maintenance", json=WORKS, headers=STAFF).status_code == 200
    assert client.post("/v1/check-form", json=FORM).status_code == 200
    stand.after(hours=2, minutes=30)
    closed = client.post("/v1/check-form", json=FORM)
    assert (closed.status_code, closed.headers["retry-after"]) == (503, "5400")
    body = closed.json()
    del body["request_id"]
    assert body == {
        "type": "about:blank",
        "title": "Сервис недоступен, повторите позже",
        "status": 503,
        "code": "later",
        "state": "maintenance",
        "data": {"until": WORKS["end"], "retry_after_s": 5400},
        "violations": [
            {
                "rule": "OPS-03",
                "field": "",
                "message": stand.portal.book.rule("OPS-03").message.ru,
                "reason": "до 02.02.2026 14:00",
            }
        ],
    }


def test_during_works_the_status_of_services_and_of_applications_is_read(
    client: Client, stand: Stand
) -> None:
    client.post("/v1/plan-maintenance", json=WORKS, headers=STAFF)
    stand.after(hours=2)
    status = client.get("/v1/service-status")
    (works,) = status.json()["data"]["maintenance"]
    assert (status.status_code, status.json()["state"], works["end"]) == (
        200,
        "maintenance",
        WORKS["end"],
    )
    assert client.get("/v1/registrations", headers=ANNA).status_code == 200
    assert client.get("/v1/list-documents", headers=ANNA).status_code == 503
    assert client.get("/healthz").status_code == 200


def test_the_staff_ends_works_and_the_portal_is_open_again(client: Client, stand: Stand) -> None:
    planned = client.post("/v1/plan-maintenance", json=WORKS, headers=STAFF)
    stand.after(hours=2)
    ended = {"maintenance": planned.json()["data"]["maintenance"]}
    assert client.post("/v1/end-maintenance", json=ended, headers=STAFF).status_code == 200
    assert client.post("/v1/check-form", json=FORM).status_code == 200


def test_a_report_of_a_failure_lacks_everything(client: Client) -> None:
    answer = client.post("/v1/report-incident", json={}, headers=ANNA)
    named = [(each["rule"], each["field"]) for each in answer.json()["violations"]]
    assert (answer.status_code, named) == (
        422,
        [("OPS-06", "happened_at"), ("OPS-06", "error_code"), ("OPS-06", "screenshot")],
    )

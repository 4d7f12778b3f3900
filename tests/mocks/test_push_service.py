"""Push: tokens, lifetimes, collapse keys, errors in FCM's form."""

from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.push_service.service import service
from scenarios.loader import loads
from tests.mocks.asking import ask, ask_json

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
SEND = "/push_service/v1/projects/portal/messages:send"
DEVICES = "/push_service/v1/devices"
SCENARIO = """
version: 1
name: one carrier
seed: 1
calendar: {start: 2026-02-02T10:00, horizon: 1d}
population: {organizations: 1000}
stations: {push_service: {servers: 1, service: {constant: 1h}, queue_limit: 0}}
arrivals: [{journey: j, rate: {per_day: 1}}]
journeys: {j: {start: a, nodes: {a: {serve: push_service, next: b}, b: {end: completed}}}}
"""


@pytest.fixture
def mocks() -> Country:
    return Country([service])


def installed(mocks: Country, project: str = "portal") -> str:
    phone = mocks.world.person(0).phone
    body = {"project": project, "phone": phone, "platform": "android"}
    return str(ask_json(mocks, "POST", DEVICES, body)["token"])


def message(token: str, title: str = "Заявка", **android: str) -> dict[str, Any]:
    notification = {"title": title, "body": "Статус изменён"}
    return {"message": {"token": token, "notification": notification, "android": android}}


def sent(mocks: Country, token: str, title: str = "Заявка", **android: str) -> str:
    name = str(ask_json(mocks, "POST", SEND, message(token, title, **android))["name"])
    assert name.startswith("projects/portal/messages/")
    return name.rpartition("/")[2]


def seen(mocks: Country, message_id: str) -> Any:
    return ask_json(mocks, "GET", f"/push_service/v1/messages/{message_id}")


def put(mocks: Country, token: str, online: bool) -> None:
    ask_json(mocks, "PUT", f"{DEVICES}/{token}", {"online": online})


def titles(mocks: Country, token: str) -> list[str]:
    return [m.subject for m in mocks.tenant().inboxes.of(token)]


def plan(mocks: Country, kind: str) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "push_service", "kind": kind}
    mocks.tenant().plan_fault(Fault.model_validate(fault))


UNREGISTERED = (
    '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND",'
    '"details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError",'
    '"errorCode":"UNREGISTERED"}]}}'
)


def test_message_reaches_the_device_at_once(mocks: Country) -> None:
    token = installed(mocks)
    assert seen(mocks, sent(mocks, token))["status"] == "delivered"
    (push,) = mocks.tenant().inboxes.of(token)
    assert (push.channel, push.subject, push.text) == ("push", "Заявка", "Статус изменён")


def test_two_installations_have_two_tokens(mocks: Country) -> None:
    first, second = installed(mocks), installed(mocks)
    assert first != second
    instance, _, secret = first.partition(":")
    assert (len(instance), secret[:6]) == (22, "APA91b")


def test_unknown_token_is_answered_as_fcm_does(mocks: Country) -> None:
    answer = ask(mocks, "POST", SEND, message("nobody"))
    assert (answer.status, answer.body.decode()) == (404, UNREGISTERED)


def test_removed_application_is_unregistered_and_loses_what_waited(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    waiting = sent(mocks, token)
    assert ask(mocks, "DELETE", f"{DEVICES}/{token}").status == 204
    assert ask(mocks, "POST", SEND, message(token)).body.decode() == UNREGISTERED
    lost = seen(mocks, waiting)
    assert (lost["status"], lost["error"]["code"]) == ("failed", "UNREGISTERED")


def test_token_of_another_project_is_refused(mocks: Country) -> None:
    answer = ask(mocks, "POST", SEND, message(installed(mocks, "another-app")))
    assert answer.status == 403
    assert b'"errorCode":"SENDER_ID_MISMATCH"' in answer.body


def test_offline_device_gets_its_messages_when_it_comes_online(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    first, second = sent(mocks, token, "1"), sent(mocks, token, "2")
    assert (seen(mocks, first)["status"], titles(mocks, token)) == ("sent", [])
    put(mocks, token, online=True)
    assert titles(mocks, token) == ["1", "2"]
    assert seen(mocks, second)["status"] == "delivered"


def test_message_for_an_offline_device_lives_as_long_as_its_ttl(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    waiting = sent(mocks, token, ttl="60s")
    mocks.tenant().advance(60 * SECOND_US - 1)
    assert seen(mocks, waiting)["status"] == "sent"
    mocks.tenant().advance(1)
    assert seen(mocks, waiting)["status"] == "expired"
    put(mocks, token, online=True)
    assert titles(mocks, token) == []


def test_default_ttl_is_four_weeks(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    waiting = sent(mocks, token)
    mocks.tenant().advance(28 * DAY_US - 1)
    assert seen(mocks, waiting)["status"] == "sent"
    mocks.tenant().advance(1)
    assert seen(mocks, waiting)["status"] == "expired"


def test_ttl_of_zero_is_now_or_never(mocks: Country) -> None:
    token = installed(mocks)
    assert seen(mocks, sent(mocks, token, ttl="0s"))["status"] == "delivered"
    put(mocks, token, online=False)
    missed = seen(mocks, sent(mocks, token, ttl="0s"))
    assert (missed["status"], missed["error"]["code"]) == ("failed", "DEVICE_OFFLINE")


def test_newer_message_replaces_the_waiting_one_of_its_collapse_key(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    old = sent(mocks, token, "old", collapse_key="status")
    sent(mocks, token, "other", collapse_key="news")
    sent(mocks, token, "plain")
    sent(mocks, token, "new", collapse_key="status")
    put(mocks, token, online=True)
    assert titles(mocks, token) == ["other", "plain", "new"]
    assert seen(mocks, old)["error"]["code"] == "COLLAPSED"


def test_message_that_the_carrier_refuses_replaces_nothing() -> None:
    mocks = Country([service], scenario=loads(SCENARIO))
    token = installed(mocks)
    put(mocks, token, online=False)
    old = sent(mocks, token, "old", collapse_key="status")
    mocks.tenant().advance(3_600 * SECOND_US)
    sent(mocks, token, "busy")
    assert ask(mocks, "POST", SEND, message(token, "new", collapse_key="status")).status == 503
    assert seen(mocks, old)["status"] == "sent"
    put(mocks, token, online=True)
    assert titles(mocks, token) == ["old"]


def test_device_that_was_offline_for_270_days_is_unregistered(mocks: Country) -> None:
    token = installed(mocks)
    put(mocks, token, online=False)
    mocks.tenant().advance(270 * DAY_US - 1)
    assert ask(mocks, "POST", SEND, message(token)).status == 200
    mocks.tenant().advance(1)
    assert ask(mocks, "POST", SEND, message(token)).body.decode() == UNREGISTERED


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"from": "x"}},
        {"data": {"google.x": "x"}},
        {"data": {"text": "ж" * 2_100}},
        {"android": {"ttl": "2419201s"}},
        {"android": {"ttl": "60"}},
        {"topic": "news"},
        {"notification": None},
    ],
    ids=str,
)
def test_wrong_message_is_refused_as_fcm_does(mocks: Country, change: dict[str, Any]) -> None:
    body = message(installed(mocks))
    body["message"] |= change
    answer = ask(mocks, "POST", SEND, body)
    assert answer.status == 400
    assert b'"status":"INVALID_ARGUMENT"' in answer.body


def test_validation_alone_sends_nothing(mocks: Country) -> None:
    token = installed(mocks)
    answer = ask_json(mocks, "POST", SEND, {**message(token), "validate_only": True})
    assert answer == {"name": "projects/portal/messages/fake_message_id"}
    assert titles(mocks, token) == []


def test_repeated_idempotency_key_sends_nothing_more(mocks: Country) -> None:
    token = installed(mocks)
    headers = {"Idempotency-Key": "k-1"}
    first = ask(mocks, "POST", SEND, message(token), headers)
    assert ask(mocks, "POST", SEND, message(token), headers).body == first.body
    assert titles(mocks, token) == ["Заявка"]
    other = ask(mocks, "POST", SEND, message(token, "other"), headers)
    assert other.status == 400


def test_forgotten_token_is_answered_as_unregistered(mocks: Country) -> None:
    token = installed(mocks)
    plan(mocks, "token_lost")
    assert ask(mocks, "POST", SEND, message(token)).body.decode() == UNREGISTERED


def test_exceeded_quota_is_429_with_retry_after(mocks: Country) -> None:
    token = installed(mocks)
    plan(mocks, "quota")
    answer = ask(mocks, "POST", SEND, message(token))
    assert (answer.status, answer.header("Retry-After")) == (429, "60")
    assert b'"errorCode":"QUOTA_EXCEEDED"' in answer.body


def test_application_is_installed_only_by_people_of_the_country(mocks: Country) -> None:
    body = {"project": "portal", "phone": "+79161234567", "platform": "ios"}
    assert ask(mocks, "POST", DEVICES, body).status == 400

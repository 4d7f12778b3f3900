"""A message on its way with the stations of a scenario, seen through the SMS gateway."""

from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.draw_keys import HEADER, DrawKey
from mocks.core.faults import Fault
from mocks.delivery.delivery import Backoff
from mocks.sms_gateway.service import service
from scenarios.loader import loads
from tests.mocks.asking import ask, ask_json

SECOND_US = 1_000_000
HOUR_US = 3_600 * SECOND_US

SCENARIO = """
version: 1
name: messages
seed: 1
calendar: {start: 2026-02-02T10:00, horizon: 1d}
population: {organizations: 1000}
stations:
  sms_gateway:
    servers: 1
    service: {constant: 5s}
    queue_limit: 1
    timeout: 60s
journeys:
  j: {start: ask, nodes: {ask: {serve: sms_gateway, next: done}, done: {end: completed}}}
arrivals: [{journey: j, rate: {per_day: 24}}]
"""


def country(text: str = SCENARIO) -> Country:
    return Country([service], scenario=loads(text))


def phone(country: Country, person: int = 0) -> str:
    return country.world.person(person).phone


def sent(country: Country, text: str = "Code 1234", **more: Any) -> Any:
    body = {"to": phone(country), "from": "GOSUSLUGI", "text": text, **more}
    return ask_json(country, "POST", "/sms_gateway/v1/messages", body)


def status(country: Country, message: Any) -> str:
    url = f"/sms_gateway/v1/messages/{message['message_id']}"
    return str(ask_json(country, "GET", url)["status"])


def reports(country: Country) -> list[Any]:
    page = ask_json(country, "GET", "/sms_gateway/v1/reports?after=0")
    return list(page["events"])


def plan(country: Country, kind: str, **more: Any) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "sms_gateway", "kind": kind, **more}
    country.tenant().plan_fault(Fault.model_validate(fault))


def inbox(country: Country) -> list[str]:
    return [message.text for message in country.tenant().inboxes.of(phone(country))]


def test_message_is_sent_while_the_carrier_has_it_and_delivered_when_its_time_is_over() -> None:
    mocks = country()
    message = sent(mocks)
    assert message["status"] == "sent"
    mocks.tenant().advance(5 * SECOND_US - 1)
    assert (status(mocks, message), inbox(mocks)) == ("sent", [])
    mocks.tenant().advance(1)
    assert (status(mocks, message), inbox(mocks)) == ("delivered", ["Code 1234"])


def test_message_is_queued_until_a_server_of_the_station_is_free() -> None:
    mocks = country()
    sent(mocks, "first")
    second = sent(mocks, "second")
    assert second["status"] == "queued"
    mocks.tenant().advance(5 * SECOND_US)
    assert (status(mocks, second), inbox(mocks)) == ("sent", ["first"])
    mocks.tenant().advance(5 * SECOND_US)
    assert inbox(mocks) == ["first", "second"]


def test_message_that_finds_the_waiting_places_full_is_refused_and_may_be_sent_again() -> None:
    mocks = country()
    sent(mocks, "first")
    sent(mocks, "second")
    body = {"id": "3", "to": phone(mocks), "from": "GOSUSLUGI", "text": "third"}
    refused = ask(mocks, "POST", "/sms_gateway/v1/messages", body)
    assert (refused.status, refused.header("Retry-After")) == (503, "60")
    mocks.tenant().advance(5 * SECOND_US)
    assert ask_json(mocks, "POST", "/sms_gateway/v1/messages", body)["status"] == "queued"


def test_message_with_a_draw_of_the_model_takes_the_time_that_the_model_draws() -> None:
    mocks = country(SCENARIO.replace("{constant: 5s}", "{lognormal: {mean: 5s, cv: 1}}"))
    key = DrawKey(7, 11, 0, 0)
    station = mocks.tenant().stations.answering("sms_gateway")
    assert station is not None
    drawn_us = key.duration_us(station.service)
    body = {"to": phone(mocks), "from": "GOSUSLUGI", "text": "x"}
    url = "/sms_gateway/v1/messages"
    message = ask_json(mocks, "POST", url, body, {HEADER: str(key)})
    mocks.tenant().advance(drawn_us - 1)
    assert status(mocks, message) == "sent"
    mocks.tenant().advance(1)
    assert status(mocks, message) == "delivered"


def test_message_expires_exactly_when_its_validity_is_over() -> None:
    mocks = country(SCENARIO.replace("5s}", "10m}").replace("timeout: 60s", "timeout: 1h"))
    message = sent(mocks, validity_s=60)
    mocks.tenant().advance(60 * SECOND_US - 1)
    assert status(mocks, message) == "sent"
    mocks.tenant().advance(1)
    assert status(mocks, message) == "expired"
    mocks.tenant().advance(HOUR_US)
    assert (status(mocks, message), inbox(mocks)) == ("expired", [])
    assert [report["status"] for report in reports(mocks)] == ["expired"]


def test_outage_fails_the_message_that_is_with_the_carrier() -> None:
    mocks = country()
    message = sent(mocks)
    plan(mocks, "outage", **{"for": "1m"})
    mocks.tenant().advance(60 * SECOND_US)
    seen = ask_json(mocks, "GET", f"/sms_gateway/v1/messages/{message['message_id']}")
    assert seen["status"] == "failed"
    assert seen["error"] == {"code": "carrier_failure", "message": "Сбой у оператора доставки"}


def test_without_a_scenario_a_message_arrives_at_once() -> None:
    mocks = Country([service])
    assert sent(mocks)["status"] == "delivered"
    assert inbox(mocks) == ["Code 1234"]


def test_without_a_scenario_a_delay_of_the_plan_still_holds() -> None:
    mocks = Country([service])
    plan(mocks, "delay", delay={"constant": "90s"})
    message = sent(mocks)
    mocks.tenant().advance(90 * SECOND_US - 1)
    assert status(mocks, message) == "sent"
    mocks.tenant().advance(1)
    assert status(mocks, message) == "delivered"


def test_repeated_client_id_with_the_same_content_sends_nothing_more() -> None:
    mocks = Country([service])
    first = sent(mocks, id="order-1")
    second = sent(mocks, id="order-1")
    assert second == first
    assert inbox(mocks) == ["Code 1234"]


def test_repeated_client_id_with_other_content_is_refused() -> None:
    mocks = Country([service])
    sent(mocks, id="order-1")
    body = {"id": "order-1", "to": phone(mocks), "from": "GOSUSLUGI", "text": "other"}
    answer = ask(mocks, "POST", "/sms_gateway/v1/messages", body)
    assert answer.status == 409
    assert answer.body.decode() == (
        '{"error":"id-taken","message":"С этим номером уже отправлено другое сообщение",'
        '"field":"id"}'
    )


def test_reports_are_read_from_a_cursor() -> None:
    mocks = Country([service])
    messages = [sent(mocks, f"n{n}", id=f"c{n}") for n in range(3)]
    url = "/sms_gateway/v1/reports"
    page = ask_json(mocks, "GET", f"{url}?after=1&limit=1")
    assert page == {
        "events": [
            {
                "number": 2,
                "id": f"{messages[1]['message_id']}/report",
                "at": "2026-02-02T10:00:00.000+03:00",
                "message_id": messages[1]["message_id"],
                "client_id": "c1",
                "to": phone(mocks),
                "status": "delivered",
            }
        ],
        "next": 2,
        "oldest": 1,
    }
    assert ask_json(mocks, "GET", f"{url}?after=3") == {"events": [], "next": 3, "oldest": 1}


@pytest.mark.parametrize("cursor", ["-1", "x", "", "1.0", "٣", "9" * 40])
def test_cursor_that_is_no_number_is_refused(cursor: str) -> None:
    mocks = Country([service])
    answer = ask(mocks, "GET", f"/sms_gateway/v1/reports?after={cursor}")
    assert answer.status == 400


def test_duplicated_report_comes_twice_with_one_id() -> None:
    mocks = Country([service])
    plan(mocks, "duplicate")
    message = sent(mocks)
    assert [(r["number"], r["message_id"]) for r in reports(mocks)] == [
        (1, message["message_id"]),
        (2, message["message_id"]),
    ]
    assert inbox(mocks) == ["Code 1234"]


def test_lost_report_leaves_the_state_to_be_asked_for() -> None:
    mocks = Country([service])
    plan(mocks, "loss")
    message = sent(mocks)
    assert reports(mocks) == []
    assert status(mocks, message) == "delivered"


def test_reordered_report_comes_after_the_next_one() -> None:
    mocks = Country([service])
    plan(mocks, "reorder", times=1)
    first, second = sent(mocks, "a"), sent(mocks, "b")
    ids = [report["message_id"] for report in reports(mocks)]
    assert ids == [second["message_id"], first["message_id"]]


def test_lost_message_has_no_report_until_it_expires() -> None:
    mocks = Country([service])
    plan(mocks, "lost")
    message = sent(mocks, validity_s=3600)
    mocks.tenant().advance(HOUR_US - 1)
    assert (status(mocks, message), reports(mocks), inbox(mocks)) == ("sent", [], [])
    mocks.tenant().advance(1)
    assert status(mocks, message) == "expired"


def test_falsely_delivered_message_is_in_no_inbox() -> None:
    mocks = Country([service])
    plan(mocks, "false_delivery")
    assert sent(mocks)["status"] == "delivered"
    assert inbox(mocks) == []


def test_doubled_message_is_in_the_inbox_twice() -> None:
    mocks = Country([service])
    plan(mocks, "doubled")
    sent(mocks)
    assert inbox(mocks) == ["Code 1234", "Code 1234"]


def test_late_report_comes_an_hour_after_the_message() -> None:
    mocks = Country([service])
    plan(mocks, "late_report")
    message = sent(mocks)
    assert inbox(mocks) == ["Code 1234"]
    mocks.tenant().advance(HOUR_US - 1)
    assert (status(mocks, message), reports(mocks)) == ("sent", [])
    mocks.tenant().advance(1)
    assert status(mocks, message) == "delivered"
    assert [report["status"] for report in reports(mocks)] == ["delivered"]


def test_unknown_message_is_not_found() -> None:
    answer = ask(Country([service]), "GET", "/sms_gateway/v1/messages/0")
    assert answer.status == 404
    assert answer.body.decode() == '{"error":"no-such-message","message":"Нет сообщения 0"}'


def test_pauses_between_attempts_double_up_to_the_longest() -> None:
    backoff = Backoff(300, 4_000)
    assert [backoff.pause_us(n) for n in range(1, 7)] == [300, 600, 1200, 2400, 4000, 4000]
    assert backoff.pause_us(10_000) == 4_000


def test_same_seed_and_requests_give_the_same_bytes() -> None:
    def run() -> list[bytes]:
        mocks = Country([service], seed=5)
        body = {"to": phone(mocks), "from": "GOSUSLUGI", "text": "Код 1"}
        return [
            ask(mocks, "POST", "/sms_gateway/v1/messages", body).body,
            ask(mocks, "POST", "/sms_gateway/v1/messages", body).body,
            ask(mocks, "GET", "/sms_gateway/v1/reports").body,
        ]

    first, again = run(), run()
    assert first == again
    assert first[0] != first[1]


def test_oldest_finished_message_is_forgotten_and_those_under_way_never_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mocks.delivery.delivery._MOST_PARCELS", 2)
    mocks = Country([service])
    off = f"/sms_gateway/v1/subscribers/{phone(mocks)}"
    finished = sent(mocks, "finished", id="c")
    ask_json(mocks, "PUT", off, {"state": "off"})
    waiting = [sent(mocks, "first"), sent(mocks, "second")]
    url = f"/sms_gateway/v1/messages/{finished['message_id']}"
    assert ask(mocks, "GET", url).status == 404
    body = {"id": "c", "to": phone(mocks), "from": "GOSUSLUGI", "text": "third"}
    assert ask(mocks, "POST", "/sms_gateway/v1/messages", body).status == 503
    assert [status(mocks, message) for message in waiting] == ["sent", "sent"]


def test_messages_are_kept_up_to_so_many_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mocks.delivery.delivery._MOST_CHARS", 100)
    mocks = Country([service])
    first, second, third = (sent(mocks, str(n) * 50) for n in range(3))
    url = "/sms_gateway/v1/messages"
    assert ask(mocks, "GET", f"{url}/{first['message_id']}").status == 404
    assert [status(mocks, message) for message in (second, third)] == ["delivered", "delivered"]

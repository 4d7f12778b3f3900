"""SMS: segments, sender names, subscribers who cannot receive."""

from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.sms_gateway.segments import Segments, segments_of
from mocks.sms_gateway.service import service
from tests.mocks.asking import ask, ask_json

MINUTE_US = 60_000_000
MESSAGES = "/sms_gateway/v1/messages"


@pytest.fixture
def mocks() -> Country:
    return Country([service])


def submission(mocks: Country, **changes: Any) -> dict[str, Any]:
    phone = mocks.world.person(0).phone
    return {"to": phone, "from": "GOSUSLUGI", "text": "Код 1234", **changes}


def sent(mocks: Country, **changes: Any) -> Any:
    return ask_json(mocks, "POST", MESSAGES, submission(mocks, **changes))


def seen(mocks: Country, message: Any) -> Any:
    return ask_json(mocks, "GET", f"{MESSAGES}/{message['message_id']}")


@pytest.mark.parametrize(
    ("text", "encoding", "count"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),  # two codes each
        ("€" * 81, "GSM-7", 2),
        ("€" * 153, "GSM-7", 3),  # 76 pairs a part: a pair is not torn apart
        ("ж" * 70, "UCS-2", 1),
        ("ж" * 71, "UCS-2", 2),
        ("ж" * 134, "UCS-2", 2),
        ("ж" * 135, "UCS-2", 3),
        ("a" * 69 + "ж", "UCS-2", 1),
        ("😀" * 35, "UCS-2", 1),  # a surrogate pair is two codes
        ("😀" * 36, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),  # 33 pairs a part
        ("`", "UCS-2", 1),  # the one printable of ASCII that GSM-7 lacks
    ],
)
def test_text_takes_as_many_segments_as_its_alphabet_allows(
    text: str, encoding: Any, count: int
) -> None:
    assert segments_of(text) == Segments(encoding, count)


def test_accepted_message_is_answered_in_full(mocks: Country) -> None:
    answer = ask(mocks, "POST", MESSAGES, submission(mocks, id="c-1"))
    assert answer.status == 202
    message = sent(mocks, id="c-1")
    assert message == {
        "message_id": message["message_id"],
        "client_id": "c-1",
        "to": mocks.world.person(0).phone,
        "status": "delivered",
        "submitted_at": "2026-02-02T10:00:00.000+03:00",
        "expires_at": "2026-02-03T10:00:00.000+03:00",
        "ended_at": "2026-02-02T10:00:00.000+03:00",
        "attempts": 1,
        "encoding": "UCS-2",
        "segments": 1,
    }


def test_delivered_message_is_in_the_inbox_with_its_sender(mocks: Country) -> None:
    sent(mocks)
    (message,) = mocks.tenant().inboxes.of(mocks.world.person(0).phone)
    assert (message.channel, message.sender, message.text) == ("sms", "GOSUSLUGI", "Код 1234")


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "89161234567"},
        {"to": "+7916123456"},
        {"from": ""},
        {"from": "ГОСУСЛУГИ"},
        {"from": "TWELVESIGNS1"},
        {"from": "12"},
        {"text": ""},
        {"text": "ж" * 671},
        {"validity_s": 59},
        {"validity_s": 259_201},
        {"flash": True},
    ],
    ids=lambda changes: str(changes)[:30],
)
def test_wrong_submission_is_refused(mocks: Country, changes: dict[str, Any]) -> None:
    assert ask(mocks, "POST", MESSAGES, submission(mocks, **changes)).status == 422


@pytest.mark.parametrize("sender", ["A", "ELEVENSIGN1", "0919", "123456789012345"])
def test_names_of_eleven_characters_and_short_numbers_may_send(mocks: Country, sender: str) -> None:
    assert sent(mocks, **{"from": sender})["status"] == "delivered"


def test_ten_segments_are_the_most(mocks: Country) -> None:
    assert sent(mocks, text="ж" * 670)["segments"] == 10
    refused = ask(mocks, "POST", MESSAGES, submission(mocks, text="ж" * 671))
    assert b'"error":"too-long"' in refused.body


def test_number_of_nobody_is_out_of_service_until_a_test_puts_it_in(mocks: Country) -> None:
    nobody = "+79161234567"
    assert mocks.tenant().records.person_by_phone(nobody) is None
    message = sent(mocks, to=nobody)
    assert message["status"] == "failed"
    assert message["error"] == {"code": "unknown_subscriber", "message": "Номер не обслуживается"}
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{nobody}", {"state": "reachable"})
    assert sent(mocks, to=nobody)["status"] == "delivered"


def test_landline_gets_no_message(mocks: Country) -> None:
    message = sent(mocks, to="+74957142016")
    assert (message["status"], message["error"]["code"]) == ("failed", "not_mobile")


def test_subscriber_who_forbids_messages_gets_none(mocks: Country) -> None:
    phone = mocks.world.person(0).phone
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{phone}", {"state": "blocked"})
    message = sent(mocks)
    assert (message["status"], message["error"]["code"]) == ("failed", "blocked")


def test_phone_that_is_off_gets_the_message_when_it_is_on_again(mocks: Country) -> None:
    phone = mocks.world.person(0).phone
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{phone}", {"state": "off"})
    message = sent(mocks)
    assert (message["status"], message["error"]["code"]) == ("sent", "absent_subscriber")
    mocks.tenant().advance(MINUTE_US - 1)
    assert seen(mocks, message)["attempts"] == 1
    mocks.tenant().advance(1)
    assert seen(mocks, message)["attempts"] == 2
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{phone}", {"state": "reachable"})
    assert seen(mocks, message)["status"] == "delivered"
    assert len(mocks.tenant().inboxes.of(phone)) == 1


def test_phone_that_stays_off_lets_the_message_expire(mocks: Country) -> None:
    phone = mocks.world.person(0).phone
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{phone}", {"state": "off"})
    message = sent(mocks, validity_s=600)
    mocks.tenant().advance(10 * MINUTE_US)
    assert seen(mocks, message)["status"] == "expired"
    ask_json(mocks, "PUT", f"/sms_gateway/v1/subscribers/{phone}", {"state": "reachable"})
    assert mocks.tenant().inboxes.of(phone) == ()


def test_bulk_answers_each_message_on_its_own(mocks: Country) -> None:
    first = submission(mocks, id="b-1")
    long = submission(mocks, text="ж" * 671)
    body = {"messages": [first, long, first, submission(mocks, to="+79161234567")]}
    answers = ask_json(mocks, "POST", f"{MESSAGES}/bulk", body)["messages"]
    statuses = [answer["status"] for answer in answers]
    assert statuses == ["delivered", "rejected", "delivered", "failed"]
    assert answers[0] == answers[2]
    assert answers[1] == {
        "to": mocks.world.person(0).phone,
        "status": "rejected",
        "error": {"code": "too-long", "message": "Сообщение длиннее 10 частей"},
    }
    assert len(mocks.tenant().inboxes.of(mocks.world.person(0).phone)) == 1


def test_client_is_charged_by_the_segment(mocks: Country) -> None:
    sent(mocks, text="ж" * 71)
    sent(mocks, text="x")
    assert ask_json(mocks, "GET", "/sms_gateway/v1/account") == {"segments": 3}


def test_exhausted_balance_refuses_and_sends_nothing(mocks: Country) -> None:
    fault = {"id": "poor", "service": "sms_gateway", "kind": "balance"}
    mocks.tenant().plan_fault(Fault.model_validate(fault))
    answer = ask(mocks, "POST", MESSAGES, submission(mocks))
    assert answer.status == 402
    assert mocks.tenant().inboxes.of(mocks.world.person(0).phone) == ()
    assert ask_json(mocks, "GET", "/sms_gateway/v1/account") == {"segments": 0}


def test_operator_that_blocks_the_sender_fails_the_message(mocks: Country) -> None:
    fault = {"id": "blocked", "service": "sms_gateway", "kind": "sender_blocked"}
    mocks.tenant().plan_fault(Fault.model_validate(fault))
    assert sent(mocks)["error"]["code"] == "sender_blocked"


def test_changed_phone_of_a_person_is_reachable_and_the_old_one_is_not(mocks: Country) -> None:
    old = mocks.world.person(0).phone
    mocks.tenant().records.change_person(0, {"phone": "+79161234567"})
    assert sent(mocks, to="+79161234567")["status"] == "delivered"
    assert sent(mocks, to=old)["error"]["code"] == "unknown_subscriber"

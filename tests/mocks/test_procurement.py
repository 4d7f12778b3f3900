"""Procurement: signed documents, accreditation, notices."""

import base64
import hashlib
import json
from typing import Any

import pytest

from mocks.case_work.signed_documents import is_signed_data
from mocks.core.country import Country
from mocks.procurement.service import service
from tests.mocks.agencies import DAY_US, active_legal, end_of, go_to, organization, plan
from tests.mocks.asking import ask, ask_json
from world.records import Organization

DOCUMENTS = "/procurement/v1/documents"
ACCREDITATIONS = "/procurement/v1/accreditations"
CONTENT = "Заявка на участие".encode()
# A short container: SEQUENCE, identifier of signed data, empty content.
CONTAINER = bytes.fromhex("300d06092a864886f70d010702a000")


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def document(one: Organization, text: bytes = CONTENT, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": "doc-1",
        "kind": "registration",
        "inn": one.inn,
        "file_name": "заявка.pdf",
        "content": base64.b64encode(text).decode(),
        "sha256": hashlib.sha256(text).hexdigest(),
        "signature": base64.b64encode(CONTAINER).decode(),
        **changes,
    }


def application(one: Organization, **changes: Any) -> dict[str, Any]:
    body = {"request_id": "a-1", "inn": one.inn, "ogrn": one.ogrn, "e_mail": "zakupki@firma.test"}
    return {**body, **changes}


def accredited(country: Country) -> Organization:
    one = active_legal(country)
    ask_json(country, "POST", ACCREDITATIONS, application(one))
    country.tenant().advance(2 * DAY_US)
    return one


def notices(country: Country, query: str = "") -> Any:
    return ask_json(country, "GET", f"/procurement/v1/notices{query}")


def latest_notice(country: Country) -> dict[str, Any]:
    notice: dict[str, Any] = notices(country)["events"][-1]["notice"]
    return notice


# --- signed documents


def test_signed_document_gets_a_receipt(country: Country) -> None:
    one = active_legal(country)
    receipt = ask_json(country, "POST", DOCUMENTS, document(one))
    assert receipt == {
        "receipt": "RCV-00000001",
        "document_id": "doc-1",
        "kind": "registration",
        "inn": one.inn,
        "notice": None,
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "signature_sha256": hashlib.sha256(CONTAINER).hexdigest(),
        "received": "2026-02-02T10:00:00.000+03:00",
        "status": "accepted",
    }
    url = f"{DOCUMENTS}/doc-1/receipt?inn={one.inn}"
    assert ask_json(country, "GET", url) == receipt
    assert ask_json(country, "GET", f"{DOCUMENTS}?inn={one.inn}") == {"documents": [receipt]}


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"signature": ""}, "unsigned", "signature"),
        ({"signature": "c2lnbmVk"}, "bad-signature-container", "signature"),
        ({"signature": "подпись"}, "bad-base64", "signature"),
        ({"content": "***"}, "bad-base64", "content"),
        ({"content": ""}, "empty-document", "content"),
        ({"sha256": "0" * 64}, "digest-mismatch", "sha256"),
        ({"sha256": "A" * 64}, "invalid", "sha256"),
        ({"kind": "letter"}, "invalid", "kind"),
        ({"inn": "7715970400"}, "bad-inn", "inn"),
        ({"note": ""}, "invalid", "note"),
        ({"notice": "1" * 20}, "invalid", "notice"),
    ],
)
def test_document_without_a_fitting_digest_or_container_is_refused(
    country: Country, changes: dict[str, Any], error: str, field: str
) -> None:
    one = active_legal(country)
    answer = ask(country, "POST", DOCUMENTS, document(one, **changes))
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"], problem["field"]) == (422, error, field)
    assert ask_json(country, "GET", f"{DOCUMENTS}?inn={one.inn}") == {"documents": []}


def test_same_document_again_gets_the_same_receipt_and_another_one_is_refused(
    country: Country,
) -> None:
    one = active_legal(country)
    first = ask(country, "POST", DOCUMENTS, document(one))
    country.tenant().advance(DAY_US)
    second = ask(country, "POST", DOCUMENTS, document(one))
    assert (first.status, second.status, second.body) == (201, 200, first.body)
    other = ask(country, "POST", DOCUMENTS, document(one, b"something else"))
    assert (other.status, json.loads(other.body)["error"]) == (409, "document-id-taken")


def test_same_id_of_another_sender_is_another_document(country: Country) -> None:
    one = active_legal(country)
    other = organization(country, lambda two: two.inn != one.inn)
    receipts = [ask_json(country, "POST", DOCUMENTS, document(who)) for who in (one, other)]
    assert [receipt["receipt"] for receipt in receipts] == ["RCV-00000001", "RCV-00000002"]


# openssl cms -sign -binary -nocerts -noattr -outform DER, with a key of P-256.
OPENSSL = base64.b64decode(
    "MIHCBgkqhkiG9w0BBwKggbQwgbECAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYGPMIGMAgEBMCQwDDEK"
    "MAgGA1UEAwwBVAIUES5tXVZZAkKEM1Tv47yFS0GdEBAwCwYJYIZIAWUDBAIBMAoGCCqGSM49BAMCBEgwRgIhAJtM"
    "ElICix36oqqq5HCSjl77r3Y0ANu5r110Hp+YqdilAiEAzJZ7IA59lyGY19ggfPkayZLVNzjdKdjlhoFqJoh7BuM="
)


def test_container_made_by_another_program_is_signed_data_and_no_part_of_it_is() -> None:
    assert is_signed_data(OPENSSL)
    assert not is_signed_data(OPENSSL[:-1])
    assert not is_signed_data(OPENSSL + b"\0")
    assert not is_signed_data(b"")
    assert not is_signed_data(b"\x30")


@pytest.mark.parametrize(
    "container",
    [
        "310d06092a864886f70d010702a000",  # a SET
        "300d06092a864886f70d010701a000",  # the identifier of data, not of signed data
        "30810d06092a864886f70d010702a000",  # a length that is not written as shortly as it can be
        "308006092a864886f70d010702a0000000",  # BER of indefinite length
        "3082",
    ],
)
def test_what_is_not_der_of_signed_data_is_no_container(container: str) -> None:
    assert not is_signed_data(bytes.fromhex(container))


# --- accreditation


def test_accreditation_lasts_three_years(country: Country) -> None:
    one = active_legal(country)
    case = ask_json(country, "POST", ACCREDITATIONS, application(one))
    assert (case["status"], case["due"]) == ("in_examination", "2026-02-03T23:59:59.999+03:00")
    country.tenant().advance(DAY_US)
    done = ask_json(country, "GET", f"{ACCREDITATIONS}/{case['number']}")
    assert (done["status"], done["participant"]) == ("accredited", "26000001")
    url = f"/procurement/v1/participants?inn={one.inn}"
    (entry,) = ask_json(country, "GET", url)["participants"]
    assert (entry["valid_from"], entry["valid_until"]) == ("2026-02-02", "2029-02-01")
    go_to(country, 2029, 2, 2, past_us=-1)
    assert ask_json(country, "GET", url)["participants"][0]["status"] == "active"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["participants"][0]["status"] == "expired"


def test_second_accreditation_and_that_of_an_ended_organization_are_refused(
    country: Country,
) -> None:
    one = accredited(country)
    closed = organization(country, lambda two: two.standing == "liquidated")
    numbers = [
        ask_json(country, "POST", ACCREDITATIONS, application(who, request_id="a-2"))["number"]
        for who in (one, closed)
    ]
    country.tenant().advance(3 * DAY_US)
    comments = [
        ask_json(country, "GET", f"{ACCREDITATIONS}/{number}")["history"][-1]["comment"]
        for number in numbers
    ]
    assert comments == [
        "Уже аккредитована под номером 26000001",
        "Организация: прекратила деятельность",
    ]


def test_liquidated_participant_leaves_the_registry(country: Country) -> None:
    one = accredited(country)
    end_of(country, one)
    url = f"/procurement/v1/participants?inn={one.inn}"
    assert ask_json(country, "GET", url)["participants"][0]["status"] == "terminated"


# --- notices and bids


def test_notices_of_five_working_days_are_there_and_three_more_come_every_working_day(
    country: Country,
) -> None:
    body = notices(country)
    days = [event["notice"]["published"] for event in body["events"]]
    expected = ["01-26", "01-27", "01-28", "01-29", "01-30", "02-02"]
    assert days == [f"2026-{day}T09:00:00.000+03:00" for day in expected for _ in range(3)]
    go_to(country, 2026, 2, 7, 12)  # Saturday
    friday = notices(country, f"?after={body['next']}")
    assert (len(friday["events"]), friday["next"]) == (12, 30)
    go_to(country, 2026, 2, 9, 9, past_us=-1)
    assert notices(country, "?after=30")["events"] == []
    country.tenant().advance(1)
    assert len(notices(country, "?after=30")["events"]) == 3


def test_numbers_of_notices_have_19_digits_and_differ(country: Country) -> None:
    go_to(country, 2026, 6, 1)
    numbers = [event["notice"]["number"] for event in notices(country, "?limit=1000")["events"]]
    assert len(set(numbers)) == len(numbers)
    assert {(len(number), number.isdigit()) for number in numbers} == {(19, True)}


def test_bid_is_taken_from_an_accredited_participant_until_its_last_moment(
    country: Country,
) -> None:
    one = accredited(country)
    notice = latest_notice(country)
    year, month, day = (int(part) for part in notice["bids_until"][:10].split("-"))

    def bid(document_id: str) -> int:
        changes = {"kind": "bid", "notice": notice["number"], "document_id": document_id}
        return ask(country, "POST", DOCUMENTS, document(one, **changes)).status

    go_to(country, year, month, day)
    country.tenant().advance(DAY_US - 1)
    assert bid("bid-1") == 201
    country.tenant().advance(1)
    assert bid("bid-2") == 422


def test_bid_is_refused_in_the_last_ninety_days_of_an_accreditation(country: Country) -> None:
    one = accredited(country)

    def bid(document_id: str) -> int:
        notice = latest_notice(country)["number"]
        changes = {"kind": "bid", "notice": notice, "document_id": document_id}
        return ask(country, "POST", DOCUMENTS, document(one, **changes)).status

    go_to(country, 2028, 11, 4, past_us=-1)  # the term ends on 1 February 2029, 90 days after 3 Nov
    assert bid("bid-1") == 201
    country.tenant().advance(1)
    assert bid("bid-2") == 403


@pytest.mark.parametrize(
    ("notice", "error"), [(None, "no-such-notice"), ("0" * 19, "no-such-notice")]
)
def test_bid_names_a_tender(country: Country, notice: str | None, error: str) -> None:
    one = accredited(country)
    answer = ask(country, "POST", DOCUMENTS, document(one, kind="bid", notice=notice))
    assert (answer.status, json.loads(answer.body)["error"]) == (422, error)


def test_bid_of_somebody_not_accredited_is_refused(country: Country) -> None:
    body = document(active_legal(country), kind="bid", notice=latest_notice(country)["number"])
    answer = ask(country, "POST", DOCUMENTS, body)
    assert (answer.status, json.loads(answer.body)["error"]) == (403, "not-accredited")


# --- faults


def test_lost_receipt_is_got_by_sending_the_document_again(country: Country) -> None:
    plan(country, "procurement", "receipt_lost", times=1)
    body = document(active_legal(country))
    answers = [ask(country, "POST", DOCUMENTS, body) for _ in range(2)]
    assert [answer.status for answer in answers] == [500, 200]
    assert json.loads(answers[1].body)["receipt"] == "RCV-00000001"


def test_right_container_is_refused_falsely_once(country: Country) -> None:
    plan(country, "procurement", "false_refusal", times=1)
    body = document(active_legal(country))
    assert [ask(country, "POST", DOCUMENTS, body).status for _ in range(2)] == [422, 201]


def test_stale_accreditation_refuses_a_bid(country: Country) -> None:
    one = accredited(country)
    plan(country, "procurement", "stale_accreditation", times=1)
    body = document(one, kind="bid", notice=latest_notice(country)["number"])
    assert [ask(country, "POST", DOCUMENTS, body).status for _ in range(2)] == [403, 201]

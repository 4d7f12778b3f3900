"""СМЭВ broken by plan: doubled, late, lost messages; faults of its own; what it keeps at most."""

import base64
import json
from contextlib import suppress

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.smev import hub, letters
from mocks.smev.rest import SIGNATURE_HEADER
from mocks.smev.service import service
from signatures import cms, xmldsig
from signatures.refusals import SignatureRefused
from tests.mocks.agencies import plan
from tests.mocks.asking import ask
from tests.mocks.registers import legal_request
from tests.mocks.smev_client import (
    PERMIT,
    VISIBILITY_US,
    WS,
    SoapSystem,
    System,
    message_id,
    new_country,
    permit,
    refused,
    register,
)
from tests.mocks.smev_envelopes import Refused, envelope, target_of

NOBODY = legal_request("<ИННЮЛ>9901123452</ИННЮЛ>")


@pytest.fixture
def country() -> Country:
    country = new_country()
    register(country, "PERMITS", PERMIT)
    return country


def received(country: Country, times: int) -> list[str | None]:
    """What the provider is handed in so many turns."""
    provider = System(country, "PERMITS")
    messages = [provider.get("GetRequest") for _ in range(times)]
    return [None if message is None else message["message_id"] for message in messages]


# --- the plan reaches messages --------------------------------------------------------------------


def test_doubled_message_comes_twice_and_never_after_its_acknowledgement(country: Country) -> None:
    plan(country, "smev", "duplicate", times=1)
    System(country).request(1)
    assert received(country, 3) == [message_id(1), message_id(1), None]
    provider = System(country, "PERMITS")
    provider.acknowledge(message_id(1))
    assert refused(lambda: provider.acknowledge(message_id(1)))[0] == "TargetMessageIsNotFound"
    country.tenant().advance(VISIBILITY_US)
    assert received(country, 1) == [None]


def test_late_message_lets_the_next_one_overtake_it(country: Country) -> None:
    plan(country, "smev", "reorder", times=1)
    for number in (1, 2, 3):
        System(country).request(number)
    assert received(country, 4) == [message_id(2), message_id(1), message_id(3), None]


def test_lost_message_never_comes_though_it_was_taken(country: Country) -> None:
    plan(country, "smev", "loss", times=1)
    assert System(country).request(1)["status"] == "requestIsQueued"
    System(country).request(2)
    assert received(country, 2) == [message_id(2), None]
    country.tenant().advance(VISIBILITY_US)
    assert received(country, 2) == [message_id(2), None]
    assert refused(lambda: System(country).request(1))[0] == "MessageIsAlreadySent"


def test_faults_reach_responses_of_registries_as_well(country: Country) -> None:
    plan(country, "smev", "duplicate", times=1)
    System(country).request(1, NOBODY)
    first = System(country).get("GetResponse")
    second = System(country).get("GetResponse")
    assert first is not None
    assert second is not None
    assert first["message_id"] == second["message_id"]


# --- its own faults -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("access_denied", "AccessDenied"),
        ("already_sent", "MessageIsAlreadySent"),
        ("overflow", "DestinationOverflow"),
        ("signature_refused", "SignatureVerificationFault"),
        ("smev_failure", "SMEVFailure"),
    ],
)
@pytest.mark.parametrize("face", [System, SoapSystem])
def test_good_request_is_refused_once(
    country: Country, face: type[System], kind: str, fault: str
) -> None:
    plan(country, "smev", kind, times=1)
    assert refused(lambda: face(country).request(1))[0] == fault
    assert face(country).request(1)["status"] == "requestIsQueued"
    assert received(country, 2) == [message_id(1), None]


def test_good_request_is_rejected_asynchronously(country: Country) -> None:
    plan(country, "smev", "reject", times=1)
    consumer = System(country)
    assert consumer.request(1)["status"] == "requestIsQueued"
    assert received(country, 1) == [None]
    processing = consumer.take("GetResponse", PERMIT)["processing"]
    assert processing["category"] == "requestIsRejectedBySmev"
    assert processing["errors"] == ["сбой проверки"]
    assert consumer.statuses() == [(message_id(1), "requestIsRejectedBySmev")]


def test_acknowledgement_that_is_lost_lets_the_message_come_again(country: Country) -> None:
    System(country).request(1)
    assert received(country, 1) == [message_id(1)]
    plan(country, "smev", "lost_ack", times=1)
    System(country, "PERMITS").acknowledge(message_id(1))
    assert received(country, 1) == [None]
    country.tenant().advance(VISIBILITY_US)
    assert received(country, 1) == [message_id(1)]


def test_message_that_is_lost_on_the_way_comes_again_after_its_visibility_time(
    country: Country,
) -> None:
    System(country).request(1)
    plan(country, "smev", "lost_delivery", times=1)
    assert received(country, 2) == [None, None]
    country.tenant().advance(VISIBILITY_US)
    assert received(country, 1) == [message_id(1)]


def test_lost_status_leaves_the_others(country: Country) -> None:
    plan(country, "smev", "lost_status", times=1)
    consumer = System(country)
    consumer.request(1)
    System(country, "PERMITS").take("GetRequest")
    assert consumer.statuses() == [(message_id(1), "messageIsDelivered")]


def test_wrong_signature_of_smev_does_not_fit_what_it_signs(country: Country) -> None:
    plan(country, "smev", "wrong_signature", times=2)
    sender = SoapSystem(country)
    asked = {"message_id": message_id(1), "content": permit("1")}
    body = envelope(sender.identity, "SendRequest", target_of("SendRequest", asked))
    answer = etree.fromstring(ask(country, "POST", WS, body).body)[0][0]
    with pytest.raises(SignatureRefused):
        xmldsig.signed(answer[1][0], answer[0], xmldsig.SMEV)
    told = ask(country, "POST", "/smev/v1/statuses/next", b"{}", System(country).headers(b"{}"))
    assert json.loads(told.body)["status"]["category"] == "requestIsAcceptedBySmev"
    with pytest.raises(SignatureRefused):
        cms.signed(base64.b64decode(told.header(SIGNATURE_HEADER) or ""), told.body)


@pytest.mark.parametrize("kind", ["signature_refused", "smev_failure", "overflow", "reject"])
def test_journal_names_the_faults_that_hit(country: Country, kind: str) -> None:
    plan(country, "smev", kind)
    with suppress(Refused):
        System(country).request(1)
    assert list(country.tenant().journal)[-1].faults == (f"smev-{kind}",)


def test_every_fault_is_told_in_russian() -> None:
    assert all("а" <= text[0] <= "я" for text in service.own_faults.values())


# --- bounds ---------------------------------------------------------------------------------------


def test_messages_beyond_the_bound_are_refused_until_others_are_done(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "MOST_LETTERS", 2)
    consumer, provider = System(country), System(country, "PERMITS")
    consumer.request(1)
    consumer.request(2)
    assert refused(lambda: consumer.request(3))[0] == "DestinationOverflow"
    provider.take("GetRequest")
    assert consumer.request(3)["status"] == "requestIsQueued"
    assert received(country, 3) == [message_id(2), message_id(3), None]


def test_bytes_beyond_the_bound_are_refused_until_others_are_done(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "MOST_BYTES", 2_000)
    consumer, provider = System(country), System(country, "PERMITS")
    consumer.request(1, permit("x" * 1_000))
    assert refused(lambda: consumer.request(2, permit("x" * 1_000)))[0] == "QuoteLimitExceeded"
    provider.take("GetRequest")
    assert consumer.request(2, permit("x" * 1_000))["status"] == "requestIsQueued"


def test_statuses_that_nobody_reads_are_kept_to_a_bound(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_NOTICES", 2)
    consumer = System(country)
    for number in (1, 2, 3):
        consumer.request(number)
    accepted = "requestIsAcceptedBySmev"
    assert consumer.statuses() == [(message_id(2), accepted), (message_id(3), accepted)]


def test_end_of_a_message_calls_its_expiry_off(country: Country) -> None:
    planned = len(country.tenant().agenda)
    System(country).request(1, eol="2026-03-01T00:00:00+03:00")
    assert len(country.tenant().agenda) == planned + 1
    System(country, "PERMITS").take("GetRequest")
    assert len(country.tenant().agenda) == planned

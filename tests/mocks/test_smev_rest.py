"""The REST face: XML without an envelope, JSON that is out of form, statuses of faults."""

import json
from typing import Any

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.core.xml import parsed
from mocks.smev.errors import FAULTS
from mocks.smev.namespaces import types
from mocks.smev.rest import PATHS
from mocks.smev.schema import validate
from mocks.smev.service import service as smev
from tests.mocks.asking import ask
from tests.mocks.registers import legal_request
from tests.mocks.smev_client import (
    PERMIT,
    SoapSystem,
    System,
    message_id,
    new_country,
    permit,
    refused,
    register,
)
from tests.mocks.smev_envelopes import envelope, signer_of, target_of

XML = "application/xml; charset=utf-8"


@pytest.fixture
def country() -> Country:
    country = new_country()
    register(country, "PERMITS", PERMIT)
    return country


def post(
    country: Country, operation: str, asked: dict[str, Any], at: str = "", mnemonic: str = "POLIGON"
) -> Answer:
    """An operation in the XML of the exchange, at its own path or at that of another."""
    identity = SoapSystem(country, mnemonic).identity
    signed = etree.fromstring(envelope(identity, operation, target_of(operation, asked)))
    body = etree.tostring(signed[1][0], encoding="utf-8")
    return ask(country, "POST", f"/smev{PATHS[at or operation]}", body, {"Content-Type": XML})


def opened(answer: Answer) -> etree._Element:
    """The element of an answer, signed by СМЭВ where it has something to say."""
    assert (answer.status, answer.media_type) == (200, XML)
    element = parsed(answer.body)
    validate(element)
    for signature in element.iter(types("SMEVSignature")):
        signed = signature.getparent()
        assert signed is not None
        assert signer_of(signature[0], signed[0]) == "SMEV"
    return element


def test_exchange_goes_in_xml_without_envelopes(country: Country) -> None:
    asked = {"message_id": message_id(1), "content": permit()}
    assert opened(post(country, "SendRequest", asked)).tag == types("SendRequestResponse")
    request = opened(post(country, "GetRequest", {}, mnemonic="PERMITS"))
    reply_to = request.findtext(f".//{types('ReplyTo')}")
    acknowledged = {"message_id": message_id(1), "accepted": True}
    assert len(opened(post(country, "Ack", acknowledged, mnemonic="PERMITS"))) == 0
    response = {"message_id": message_id(2), "to": reply_to, "content": permit(root="Answer")}
    opened(post(country, "SendResponse", response, mnemonic="PERMITS"))
    received = opened(post(country, "GetResponse", {}))
    assert received.findtext(f".//{types('OriginalMessageId')}") == message_id(1)
    status = opened(post(country, "GetStatus", {}))
    assert status.findtext(f".//{types('StatusCategory')}") == "requestIsAcceptedBySmev"


def test_fault_in_xml_is_its_element_with_the_status_of_the_table(country: Country) -> None:
    asked = {"message_id": message_id(1), "content": '<a xmlns="urn://nobody"/>'}
    answer = post(country, "SendRequest", asked)
    fault = parsed(answer.body)
    assert (answer.status, etree.QName(fault).localname) == (422, "BusinessDataTypeIsNotSupported")
    assert [field.text for field in fault][1:] == ["a", "urn://nobody"]
    answer = post(country, "Ack", {"message_id": message_id(9), "accepted": False})
    assert (answer.status, parsed(answer.body).findtext("{*}Description")) == (
        404,
        f"SMEV-501:Сообщение {message_id(9)} не найдено среди неподтверждённых.",
    )


def test_operation_has_its_own_path(country: Country) -> None:
    answer = post(country, "GetStatus", {}, at="GetRequest")
    error = parsed(answer.body).findtext("{*}ValidationError")
    assert (answer.status, error) == (400, "Здесь ожидается GetRequestRequest")


@pytest.mark.parametrize("body", [b"", b"<a", b"<a/>", b"\xff", b"<!DOCTYPE a><a/>"])
def test_what_is_no_message_in_xml_is_refused(country: Country, body: bytes) -> None:
    answer = ask(country, "POST", "/smev/v1/requests", body, {"Content-Type": "text/xml"})
    fault = parsed(answer.body)
    assert (answer.status, etree.QName(fault).localname) == (400, "InvalidContent")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"{", 400, "bad-json"),
        (b"{}", 422, "invalid"),
        (b'{"message_id": 1, "content": "<a/>"}', 422, "invalid"),
        (b'{"message_id": "1", "content": "<a/>", "x": 1}', 422, "invalid"),
        (b'{"message_id": "1", "content": "<a/>"}', 400, "InvalidContent"),
        (b'{"message_id": "\\u0000", "content": "<a/>"}', 400, "InvalidContent"),
        (b'{"message_id": "1", "content": "a"}', 400, "InvalidContent"),
    ],
)
def test_json_out_of_form_is_refused_though_it_is_signed(
    country: Country, body: bytes, status: int, error: str
) -> None:
    headers = System(country).headers(body)
    answer = ask(country, "POST", "/smev/v1/requests", body, headers)
    assert (answer.status, json.loads(answer.body)["error"]) == (status, error)


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("GetResponse", {"namespace": "urn://a"}),
        ("GetResponse", {"root": "a"}),
        ("SendResponse", {"message_id": message_id(1), "to": "x"}),
        ("SendResponse", {"message_id": message_id(1), "to": "x", "rejections": []}),
    ],
)
def test_half_a_message_is_refused(country: Country, operation: str, asked: dict[str, Any]) -> None:
    assert refused(lambda: System(country).ask(operation, **asked))[0] == "InvalidContent"


def test_request_may_say_that_it_is_a_test(country: Country) -> None:
    System(country).request(1, test=True, node_id="1")
    assert System(country, "PERMITS").take("GetRequest")["test"] is True


def test_message_in_json_has_no_xml_signature_of_its_sender(country: Country) -> None:
    System(country).request(1)
    received = opened(post(country, "GetRequest", {}, mnemonic="PERMITS"))
    assert received.find(f".//{types('SenderInformationSystemSignature')}") is None


def test_statuses_of_faults_are_those_of_clients_errors_or_of_try_later() -> None:
    assert {kind.status for kind in FAULTS.values()} == {400, 403, 404, 409, 413, 422, 503}


def test_registry_answers_where_it_has_no_service_of_its_own() -> None:
    country = Country([smev], seed=1)
    System(country).request(1, legal_request("<ИННЮЛ>9901123452</ИННЮЛ>"))
    assert System(country).take("GetResponse")["sender"] == "FNS001"

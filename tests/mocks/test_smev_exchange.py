"""Exchanges between two systems through СМЭВ, alike through both of its faces."""

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.server.serving import serving
from mocks.smev.namespaces import MessageType, types
from tests.mocks.asking import ask
from tests.mocks.registers import legal_request
from tests.mocks.smev_client import (
    PERMIT,
    PERMIT_RESPONSE,
    SECOND_US,
    VISIBILITY_US,
    Send,
    SoapSystem,
    System,
    message_id,
    new_country,
    permit,
    refused,
    register,
    sending,
    sending_to,
)
from tests.mocks.smev_envelopes import envelope, opened, signer_of, target_of

NOON = "2026-02-02T12:00:00+03:00"  # two hours after the clock begins
HOUR_US = 3_600 * SECOND_US


@pytest.fixture(params=[System, SoapSystem], ids=["json", "soap"])
def face(request: pytest.FixtureRequest) -> type[System]:
    kind: type[System] = request.param
    return kind


@pytest.fixture
def country() -> Country:
    country = new_country()
    register(country, "PERMITS", PERMIT, response_root=PERMIT_RESPONSE.root)
    return country


def test_request_and_response_go_their_way_and_are_acknowledged(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    sent = {
        "message_id": message_id(1),
        "sender": "POLIGON",
        "recipient": "PERMITS",
        "sent_at": "2026-02-02T10:00:00.000+03:00",
    }
    fields = {"reference_message_id": message_id(7), "transaction_code": "T-1"}
    assert consumer.request(1, **fields) == {**sent, "status": "requestIsQueued"}
    country.tenant().advance(SECOND_US)
    asked = provider.take("GetRequest", PERMIT)
    reply_to = asked.pop("reply_to")
    assert asked == {
        **sent,
        **fields,
        "delivered_at": "2026-02-02T10:00:01.000+03:00",
        "eol": None,
        "test": False,
        "content": permit("1"),
        "attachments": [],
    }
    answered = {
        "message_id": message_id(2),
        "sender": "PERMITS",
        "recipient": "POLIGON",
        "sent_at": "2026-02-02T10:00:01.000+03:00",
    }
    content = permit("да", PERMIT_RESPONSE.root)
    receipt = provider.respond(2, reply_to, content=content)
    assert receipt == {**answered, "status": "responseIsAcceptedBySmev"}
    assert consumer.take("GetResponse", PERMIT_RESPONSE) == {
        **answered,
        "delivered_at": "2026-02-02T10:00:01.000+03:00",
        "original_message_id": message_id(1),
        "original_transaction_code": "T-1",
        "reference_message_id": message_id(7),
        "content": content,
        "attachments": [],
    }
    country.tenant().advance(VISIBILITY_US)
    assert consumer.get("GetResponse") is None
    assert provider.get("GetRequest") is None


def test_sender_is_told_what_becomes_of_its_message_once(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1)
    assert consumer.statuses() == [(message_id(1), "requestIsAcceptedBySmev")]
    provider.respond(2, provider.take("GetRequest")["reply_to"], content=permit("2", "Answer"))
    assert consumer.statuses() == [(message_id(1), "messageIsDelivered")]
    assert provider.statuses() == [(message_id(2), "responseIsAcceptedBySmev")]
    consumer.take("GetResponse")
    assert provider.statuses() == [(message_id(2), "messageIsDelivered")]
    assert consumer.statuses() == []


@pytest.mark.parametrize(
    "said",
    [
        {"rejections": [{"code": "NO_DATA", "description": "Сведений нет"}]},
        {
            "rejections": [
                {"code": "FAILURE", "description": "Сбой"},
                {"code": "ACCESS_DENIED", "description": "Нельзя"},
            ]
        },
        {"status": {"code": 3, "description": "В работе", "parameters": []}},
        {
            "status": {
                "code": -1,
                "description": "Ждём",
                "parameters": [{"key": "до", "value": "завтра"}],
            }
        },
    ],
)
def test_provider_may_reject_or_tell_how_far_it_is(
    country: Country, face: type[System], said: dict[str, object]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1)
    provider.respond(2, provider.take("GetRequest")["reply_to"], **said)
    response = consumer.take("GetResponse", PERMIT)
    assert {key: response[key] for key in said} == said


def test_request_may_have_several_responses(country: Country, face: type[System]) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1)
    reply_to = provider.take("GetRequest")["reply_to"]
    status = {"code": 1, "description": "Принято", "parameters": []}
    provider.respond(2, reply_to, status=status)
    provider.respond(3, reply_to, content=permit("3", "Answer"))
    received = [consumer.take("GetResponse")["message_id"] for _ in range(2)]
    assert received == [message_id(2), message_id(3)]


def test_response_is_found_by_the_type_of_the_request_or_its_own(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    for number in (1, 2):
        consumer.request(number)
        reply_to = provider.take("GetRequest")["reply_to"]
        provider.respond(10 + number, reply_to, content=permit("1", PERMIT_RESPONSE.root))
    assert consumer.take("GetResponse", PERMIT)["message_id"] == message_id(11)
    assert consumer.take("GetResponse", PERMIT_RESPONSE)["message_id"] == message_id(12)


def test_types_are_queues_of_their_own(country: Country, face: type[System]) -> None:
    visa = MessageType("urn://test/visa/1.0", "VisaRequest")
    register(country, "VISAS", visa)
    register(country, "PERMITS", PERMIT)
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1, '<v:VisaRequest xmlns:v="urn://test/visa/1.0"/>')
    consumer.request(2)
    assert provider.take("GetRequest")["message_id"] == message_id(2)
    assert face(country, "VISAS").take("GetRequest", visa)["message_id"] == message_id(1)


def test_message_that_is_not_acknowledged_in_its_time_is_handed_out_again(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1)
    assert provider.get("GetRequest") is not None
    country.tenant().advance(VISIBILITY_US - 1)
    assert provider.get("GetRequest") is None
    country.tenant().advance(1)
    fault, text = refused(lambda: provider.acknowledge(message_id(1)))
    assert fault == "TargetMessageIsNotFound"
    assert text == f"Сообщение {message_id(1)} не найдено среди неподтверждённых."
    assert provider.take("GetRequest")["message_id"] == message_id(1)
    country.tenant().advance(VISIBILITY_US)
    assert provider.get("GetRequest") is None


def test_message_whose_signature_its_recipient_rejects_is_gone_too(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1)
    assert provider.get("GetRequest") is not None
    provider.acknowledge(message_id(1), accepted=False)
    country.tenant().advance(VISIBILITY_US)
    assert provider.get("GetRequest") is None


def test_request_that_nobody_takes_in_its_life_comes_back_rejected(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1, eol=NOON)
    assert provider.get("GetRequest") is not None
    country.tenant().advance(2 * HOUR_US - 1)
    assert consumer.get("GetResponse") is None
    country.tenant().advance(1)
    response = consumer.take("GetResponse", PERMIT)
    assert response["sender"] == "smev"
    assert response["processing"] == {
        "original_message_id": message_id(1),
        "category": "requestIsRejectedBySmev",
        "details": "Превышено время жизни сообщения",
        "errors": [],
    }
    assert provider.get("GetRequest") is None
    assert refused(lambda: provider.acknowledge(message_id(1)))[0] == "TargetMessageIsNotFound"


def test_request_taken_in_its_life_is_answered_after_it(
    country: Country, face: type[System]
) -> None:
    consumer, provider = face(country), face(country, "PERMITS")
    consumer.request(1, eol=NOON)
    reply_to = provider.take("GetRequest")["reply_to"]
    country.tenant().advance(3 * HOUR_US)
    provider.respond(2, reply_to, content=permit("1", "Answer"))
    assert consumer.take("GetResponse")["message_id"] == message_id(2)


def test_both_faces_tell_the_same_of_the_same_messages() -> None:
    def story(face: type[System]) -> list[object]:
        country = new_country()
        register(country, "PERMITS", PERMIT)
        consumer, provider = face(country), face(country, "PERMITS")
        seen: list[object] = [consumer.request(1), refused(lambda: consumer.request(1))]
        asked = provider.take("GetRequest", PERMIT)
        seen += [asked, provider.respond(2, asked["reply_to"], content=permit("2", "Answer"))]
        seen += [consumer.take("GetResponse"), consumer.request(3, eol=NOON)]
        country.tenant().advance(2 * HOUR_US)
        seen += [consumer.take("GetResponse"), consumer.statuses(), provider.statuses()]
        seen += [refused(lambda: provider.respond(4, "никому", content=permit("4", "Answer")))]
        seen += [refused(lambda: consumer.acknowledge(message_id(3)))]
        return seen

    assert story(System) == story(SoapSystem)


def test_in_process_and_over_http_everything_is_the_same_bytes(face: type[System]) -> None:
    def story(country: Country, send: Send) -> list[tuple[int, str, bytes]]:
        seen = []

        def kept(path: str, body: bytes, headers: dict[str, str]) -> Answer:
            answer = send(path, body, headers)
            seen.append((answer.status, answer.media_type, answer.body))
            return answer

        register(country, "PERMITS", PERMIT)
        consumer, provider = (face(country, who, send=kept) for who in ("POLIGON", "PERMITS"))
        consumer.request(1)
        provider.respond(2, provider.take("GetRequest")["reply_to"], content=permit("2", "Answer"))
        consumer.request(3, legal_request("<ИННЮЛ>7715970401</ИННЮЛ>"))
        for _ in range(2):
            consumer.take("GetResponse")
        assert len(consumer.statuses()) == 4
        return seen

    inside, outside = new_country(), new_country()
    with serving(outside) as server:
        assert story(outside, sending_to(server.url)) == story(inside, sending(inside))


def test_what_one_face_takes_the_other_hands_out(country: Country) -> None:
    consumer, provider = System(country), SoapSystem(country, "PERMITS")
    consumer.request(1)
    asked = provider.take("GetRequest")
    assert asked["content"] == permit("1")
    provider.respond(2, asked["reply_to"], content=permit("2", "Answer"))
    assert consumer.take("GetResponse")["content"] == permit("2", "Answer")


def test_signature_of_the_sender_reaches_the_recipient_and_still_fits(country: Country) -> None:
    SoapSystem(country).request(1)
    provider = SoapSystem(country, "PERMITS")
    body = envelope(provider.identity, "GetRequest", target_of("GetRequest", {}))
    request = opened(ask(country, "POST", "/smev/v1.2/ws", body))[0][0]
    signature = request.find(f"{types('SenderInformationSystemSignature')}/*")
    data = request.find(types("SenderProvidedRequestData"))
    assert signature is not None
    assert data is not None
    assert signer_of(signature, data) == "POLIGON"


def test_signed_element_keeps_an_id_of_its_own(country: Country) -> None:
    consumer = SoapSystem(country)
    target = target_of("SendRequest", {"message_id": message_id(1), "content": permit("1")})
    taken = target.replace("SIGNED_BY_CONSUMER", "SIGNED_BY_SMEV")
    opened(ask(country, "POST", "/smev/v1.2/ws", envelope(consumer.identity, "SendRequest", taken)))
    provider = SoapSystem(country, "PERMITS")
    body = envelope(provider.identity, "GetRequest", target_of("GetRequest", {}))
    request = opened(ask(country, "POST", "/smev/v1.2/ws", body))[0][0]
    assert request.get("Id") == "SIGNED_BY_SMEV_2"


def test_document_is_delivered_as_it_was_sent(country: Country) -> None:
    content = (
        f'<PermitRequest xmlns="{PERMIT.namespace}" xmlns:q="urn://q" q:b="2" a="1">'
        f"<!-- слово --><n> текст </n><q:пусто/></PermitRequest>"
    )
    consumer, provider = SoapSystem(country), SoapSystem(country, "PERMITS")
    consumer.request(1, content)
    received = etree.fromstring(provider.take("GetRequest")["content"])
    sent = etree.fromstring(content)
    assert etree.tostring(received, method="c14n") == etree.tostring(sent, method="c14n")

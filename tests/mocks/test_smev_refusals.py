"""What СМЭВ refuses, each with its documented fault."""

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.pki.authorities import Authorities, Identity
from mocks.smev.errors import FAULTS, OPERATIONS
from mocks.smev.namespaces import MessageType
from mocks.smev.rest import SIGNATURE_HEADER
from signatures import xmldsig
from signatures.certificates import Request, SubjectData
from signatures.keys import derived_key
from tests.mocks.asking import ask
from tests.mocks.smev_client import (
    PERMIT,
    SECOND_US,
    WS,
    SoapSystem,
    System,
    message_id,
    new_country,
    permit,
    refused,
    register,
)
from tests.mocks.smev_envelopes import SOAP, Refused, envelope, opened, target_of

DAY_US = 86_400 * SECOND_US
REQUEST = {"message_id": message_id(1), "content": permit("1")}


@pytest.fixture
def country() -> Country:
    country = new_country()
    register(country, "PERMITS", PERMIT)
    return country


def signed(country: Country, target: str | None = None, system: str = "POLIGON") -> bytes:
    """A signed SendRequest."""
    target = target_of("SendRequest", REQUEST) if target is None else target
    return envelope(SoapSystem(country, system).identity, "SendRequest", target)


def problem(country: Country, body: bytes) -> tuple[str, str]:
    """The fault that an envelope is answered with, and what it says of the signature."""
    answer = ask(country, "POST", WS, body)
    assert answer.status == 500
    detail = etree.fromstring(answer.body).find(".//detail")
    assert detail is not None
    reason = detail[0].findtext("{*}SignatureVerificationFault") or ""
    return etree.QName(detail[0]).localname, reason


# --- signatures -----------------------------------------------------------------------------------


def test_message_altered_by_one_byte_is_refused_wherever_that_is(country: Country) -> None:
    body = signed(country)
    start = body.index(b"<t:SenderProvidedRequestData")
    end = body.index(b"<t:CallerInformationSystemSignature")
    seen = set()
    for place in range(start, end):
        other = b"x" if body[place : place + 1] != b"x" else b"y"
        seen.add(problem(country, body[:place] + other + body[place + 1 :]))
    assert seen == {
        ("SignatureVerificationFault", "SignatureIsInvalid"),
        ("SignatureVerificationFault", "IncorrectSignatureTarget"),  # another Id
        ("InvalidContent", ""),  # no XML any more
    }
    assert opened(ask(country, "POST", WS, body)) is not None


def test_altered_digit_of_the_content_is_told_as_smev_100(country: Country) -> None:
    body = signed(country).replace(b"<p:n>1</p:n>", b"<p:n>2</p:n>")
    answer = ask(country, "POST", WS, body)
    assert answer.status == 500
    assert answer.media_type == "text/xml; charset=utf-8"
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        "<soap:Fault><faultcode>soap:Server</faultcode>"
        "<faultstring>Подписанные данные изменены: хеш не совпадает</faultstring><detail>"
        "<ns3:SignatureVerificationFault "
        'xmlns="urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.2" '
        'xmlns:ns2="urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2" '
        'xmlns:ns3="urn://x-artefacts-smev-gov-ru/services/message-exchange/types/faults/1.2" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Code>TR:SYNC:SPS:1</Code>'
        "<Description>SMEV-100:Подписанные данные изменены: хеш не совпадает</Description>"
        "<ns3:SignatureVerificationFault>SignatureIsInvalid</ns3:SignatureVerificationFault>"
        "</ns3:SignatureVerificationFault></detail></soap:Fault></soap:Body></soap:Envelope>"
    )


def test_altered_signature_value_is_refused(country: Country) -> None:
    body = re.sub(
        rb"(<ds:SignatureValue>)(.)",
        lambda m: m[1] + (b"B" if m[2] == b"A" else b"A"),
        signed(country),
    )
    assert problem(country, body) == ("SignatureVerificationFault", "SignatureIsInvalid")


def test_message_without_a_signature_is_refused(country: Country) -> None:
    body = re.sub(rb"<ds:Signature .*</ds:Signature>", b"", signed(country))
    assert problem(country, body) == ("SignatureVerificationFault", "NoSignatureFound")


def test_signature_over_another_element_is_refused(country: Country) -> None:
    root = etree.fromstring(signed(country))
    for reference in root.iter(f"{{{xmldsig.NAMESPACE}}}Reference"):
        reference.set("URI", "#ANOTHER")
    body = etree.tostring(root, encoding="utf-8")
    assert problem(country, body) == ("SignatureVerificationFault", "IncorrectSignatureTarget")


def test_signed_element_moved_aside_does_not_carry_another_one(country: Country) -> None:
    root = etree.fromstring(signed(country))
    operation = root[1][0]
    forged = etree.fromstring(
        etree.tostring(operation[0], encoding="utf-8").replace(b">1<", b">2<")
    )
    operation.insert(0, forged)  # with the Id that the signature refers to
    body = etree.tostring(root, encoding="utf-8")
    assert problem(country, body) == ("SignatureVerificationFault", "SignatureIsInvalid")


@pytest.mark.parametrize(
    "inside", ["<n/>", "<n xmlns='a/b'/>", "<n xmlns='urn:n' xml:lang='ru'/>"], ids=str
)
def test_signature_that_cannot_be_handed_on_is_refused(country: Country, inside: str) -> None:
    """Nobody signs what is in KeyInfo, and СМЭВ could not sign it for the recipient."""
    root = etree.fromstring(signed(country))
    (key_info,) = root.iter(f"{{{xmldsig.NAMESPACE}}}KeyInfo")
    key_info.append(etree.fromstring(inside))
    body = etree.tostring(root, encoding="utf-8")
    assert problem(country, body) == ("InvalidContent", "")
    assert SoapSystem(country, "PERMITS").get("GetRequest") is None


@pytest.mark.parametrize("system", [System, SoapSystem])
def test_certificate_of_no_participant_is_refused(country: Country, system: type[System]) -> None:
    stranger = system(country, "STRANGER")
    assert refused(lambda: stranger.request(1)) == (
        "SenderIsNotRegistered",
        "Отправитель не зарегистрирован в СМЭВ",
    )


@pytest.mark.parametrize("system", [System, SoapSystem])
def test_revoked_certificate_is_refused_from_its_moment_on(
    country: Country, system: type[System]
) -> None:
    sender = system(country)
    sender.request(1)
    authorities = country.tenant().state(Authorities)
    issued = authorities.register.find(("north", "rsa"), sender.identity.certificate.serial_number)
    assert issued is not None
    authorities.end(issued, "key_compromise", country.tenant().now_us)
    country.tenant().advance(DAY_US)  # lists are published by then
    name, text = refused(lambda: sender.request(2))
    assert (name, text) == (
        "SignatureVerificationFault",
        "Сертификат отозван (certificate revoked)",
    )


def test_expired_certificate_is_refused_and_its_successor_accepted(country: Country) -> None:
    before = SoapSystem(country)
    country.tenant().advance(430 * DAY_US)
    body = envelope(before.identity, "SendRequest", target_of("SendRequest", REQUEST))
    assert problem(country, body) == ("SignatureVerificationFault", "CertificateIsExpired")
    assert SoapSystem(country).request(1)["status"] == "requestIsQueued"


def test_certificate_of_a_foreign_authority_is_refused(country: Country) -> None:
    authorities = country.tenant().state(Authorities)
    key = derived_key("rsa", "system/POLIGON", country.seed)
    now = country.tenant().clock.local()
    request = Request(
        serial=7,
        subject=SubjectData(common_name="POLIGON", country="RU"),
        spki=key.spki,
        not_before=now - dt.timedelta(days=1),
        not_after=now + dt.timedelta(days=30),
    )
    certificate = authorities.certify("express", "rsa", request).certificate
    foreign = Identity(key, certificate, ())
    body = envelope(foreign, "SendRequest", target_of("SendRequest", REQUEST))
    assert problem(country, body) == ("SignatureVerificationFault", "CertificateIsNotFound")


def test_certificate_of_another_key_under_a_participants_name_is_refused(country: Country) -> None:
    authorities = country.tenant().state(Authorities)
    key = derived_key("rsa", "somebody else", country.seed)
    now = country.tenant().clock.local()
    request = Request(
        serial=8,
        subject=SubjectData(common_name="POLIGON", country="RU"),
        spki=key.spki,
        not_before=now - dt.timedelta(days=1),
        not_after=now + dt.timedelta(days=30),
    )
    certificate = authorities.certify("north", "rsa", request).certificate
    body = envelope(
        Identity(key, certificate, ()), "SendRequest", target_of("SendRequest", REQUEST)
    )
    assert problem(country, body) == ("SenderIsNotRegistered", "")


@pytest.mark.parametrize("header", ["", "AAAA", "%%%", "x" * 5_000])
def test_json_without_a_good_signature_is_refused(country: Country, header: str) -> None:
    headers = {SIGNATURE_HEADER: header} if header else {}
    answer = ask(country, "POST", "/smev/v1/statuses/next", b"{}", headers)
    told = json.loads(answer.body)
    assert (answer.status, told["error"], told["number"]) == (
        403,
        "SignatureVerificationFault",
        "SMEV-100",
    )
    reason = "SignatureIsInvalid" if header else "NoSignatureFound"
    assert told["details"] == [{"name": "SignatureVerificationFault", "text": reason}]


def test_json_altered_by_one_byte_is_refused(country: Country) -> None:
    system = System(country)
    body = json.dumps(REQUEST).encode()
    headers = system.headers(body)
    for place in range(0, len(body), 7):
        altered = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        answer = ask(country, "POST", "/smev/v1/requests", altered, headers)
        assert (answer.status, json.loads(answer.body)["error"]) == (
            403,
            "SignatureVerificationFault",
        )
    assert ask(country, "POST", "/smev/v1/requests", body, headers).status == 200


# --- messages -------------------------------------------------------------------------------------


def asked(**fields: object) -> Callable[[System], object]:
    return lambda system: system.ask("SendRequest", **{**REQUEST, **fields})


@pytest.mark.parametrize("face", [System, SoapSystem])
@pytest.mark.parametrize(
    ("ask_for", "fault"),
    [
        (asked(message_id="9b3a1f7e-1b1a-4f8e-9a3b-0242ac120002"), "InvalidMessageIdFormat"),
        (asked(message_id="9b3a1f7e-1b1a-11f8-0a3b-0242ac120002"), "InvalidMessageIdFormat"),
        (asked(message_id="1"), "InvalidContent"),
        (asked(message_id=message_id(1).upper()), "InvalidContent"),
        (asked(eol="2026-02-02T10:00:00+03:00"), "EndOfLifeReached"),
        (asked(eol="2026-02-02T06:59:59.9Z"), "EndOfLifeReached"),
        (asked(eol="завтра"), "InvalidContent"),
        (asked(eol="2026-02-02T24:00:00Z"), "InvalidContent"),
        (asked(eol="9999-12-31T23:59:59-14:00"), "InvalidContent"),
        (asked(content='<a xmlns="urn://nobody"/>'), "BusinessDataTypeIsNotSupported"),
        (asked(content=permit(root="Another")), "BusinessDataTypeIsNotSupported"),
        (
            lambda system: system.respond(5, "бог весть кому", content=permit()),
            "RecipientIsNotFound",
        ),
        (lambda system: system.get("GetRequest", PERMIT), "UnknownMessageType"),
        (lambda system: system.get("GetResponse", MessageType("u", "x")), "UnknownMessageType"),
        (lambda system: system.acknowledge(message_id(9)), "TargetMessageIsNotFound"),
    ],
)
def test_wrong_message_is_refused_with_its_fault(
    country: Country, face: type[System], ask_for: Callable[[System], object], fault: str
) -> None:
    assert refused(lambda: ask_for(face(country)))[0] == fault


@pytest.mark.parametrize("face", [System, SoapSystem])
def test_same_identifier_is_refused_and_there_is_no_second_message(
    country: Country, face: type[System]
) -> None:
    register(country, "OTHERS")
    face(country).request(1)
    for sender in ("POLIGON", "OTHERS"):
        assert refused(lambda: face(country, sender).request(1))[0] == "MessageIsAlreadySent"  # noqa: B023
    provider = face(country, "PERMITS")
    provider.take("GetRequest")
    assert provider.get("GetRequest") is None


def test_response_may_come_from_the_provider_alone(country: Country) -> None:
    System(country).request(1)
    reply_to = System(country, "PERMITS").take("GetRequest")["reply_to"]
    name, _ = refused(lambda: System(country).respond(2, reply_to, content=permit("1", "Answer")))
    assert name == "RecipientIsNotFound"


def test_response_that_is_a_request_is_refused(country: Country) -> None:
    System(country).request(1)
    provider = System(country, "PERMITS")
    reply_to = provider.take("GetRequest")["reply_to"]
    name, _ = refused(lambda: provider.respond(2, reply_to, content=permit()))
    assert name == "IncorrectResponseContentType"


def test_who_is_no_consumer_of_a_type_may_not_ask(country: Country) -> None:
    register(country, "PERMITS", PERMIT, consumers=["OTHERS"])
    register(country, "OTHERS")
    assert refused(lambda: System(country).request(1))[0] == "AccessDenied"
    assert System(country, "OTHERS").request(1)["status"] == "requestIsQueued"


@pytest.mark.parametrize("age_s", [60, 172_800])
def test_identifier_grows_stale_where_the_tenant_wants_it(country: Country, age_s: int) -> None:
    settings = {"visibility_s": 900, "stale_s": age_s, "algorithm": "rsa"}
    assert ask(country, "PUT", "/smev/v1/settings", settings).status == 200
    made = dt.datetime(2026, 2, 2, 7, tzinfo=dt.UTC)
    ticks = (made - dt.datetime(1582, 10, 15, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 10
    digits = f"{ticks:015x}"

    def identifier(node: int) -> str:
        return f"{digits[7:]}-{digits[3:7]}-1{digits[:3]}-8000-{node:012x}"

    country.tenant().advance(age_s * SECOND_US - 1)
    assert asked(message_id=identifier(1))(System(country))
    country.tenant().advance(1)
    assert refused(lambda: asked(message_id=identifier(2))(System(country)))[0] == "StaleMessageId"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a",
        b"\xff",
        b"{}",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a>" * 100 + b"</a>" * 100,
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><a/></s:Body></s:Envelope>'.encode(),
    ],
)
def test_what_is_no_message_is_invalid_content(country: Country, body: bytes) -> None:
    assert problem(country, body) == ("InvalidContent", "")


@pytest.mark.parametrize(
    "envelope_text",
    [
        "<a/>",
        '<Envelope xmlns="urn://other"><Body><a/></Body></Envelope>',
        f'<s:Envelope xmlns:s="{SOAP}"/>',
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>',
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><a/><b/></s:Body></s:Envelope>',
    ],
)
def test_what_is_no_envelope_is_told_so(country: Country, envelope_text: str) -> None:
    fault = problem(country, envelope_text.encode())
    assert fault == ("SignatureVerificationFault", "PoorSOAPEnvelopeFormat")


def test_signed_message_that_its_schema_does_not_allow_is_invalid_content(country: Country) -> None:
    extra = target_of("SendRequest", REQUEST).replace("</t:MessageID>", "</t:MessageID><t:X/>")
    with pytest.raises(Refused, match="не соответствует схеме") as refusal:
        opened(ask(country, "POST", WS, signed(country, extra)))
    assert refusal.value.name == "InvalidContent"


def test_json_content_that_cannot_be_signed_for_others_is_refused(country: Country) -> None:
    for inner in ("<n xmlns=''/>", '<p:n xml:lang="ru"/>'):
        content = f'<p:PermitRequest xmlns:p="{PERMIT.namespace}">{inner}</p:PermitRequest>'
        assert refused(lambda: System(country).request(1, content))[0] == "InvalidContent"  # noqa: B023


def test_every_fault_of_an_operation_is_in_the_table() -> None:
    assert {name for names in OPERATIONS.values() for name in names} == set(FAULTS)

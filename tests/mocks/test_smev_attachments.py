"""Files beside messages: inline, in parts (MTOM), signed; and what is wrong with them."""

import base64
import json
from typing import Any

import pytest
from lxml import etree

from mocks.core.country import Country
from mocks.core.http import Answer
from mocks.pki.authorities import Authorities
from mocks.smev.attachments import MOST_ATTACHED, MOST_FILES
from mocks.smev.namespaces import basic, types
from signatures import cms
from tests.mocks.asking import ask
from tests.mocks.smev_client import (
    PERMIT,
    WS,
    SoapSystem,
    System,
    identity_of,
    message_id,
    new_country,
    permit,
    refused,
    register,
)
from tests.mocks.smev_envelopes import (
    Refused,
    contents_of,
    envelope,
    file,
    opened,
    target_of,
)

XOP = "http://www.w3.org/2004/08/xop/include"
FACES = pytest.mark.parametrize("face", [System, SoapSystem])


@pytest.fixture
def country() -> Country:
    country = new_country()
    register(country, "PERMITS", PERMIT)
    return country


def pkcs7(country: Country, content: bytes, signer: str = "POLIGON") -> bytes:
    identity = identity_of(country, signer)
    at = country.tenant().clock.local()
    return cms.sign(content, identity.key, identity.certificate, at=at)


@FACES
def test_files_reach_the_recipient_with_their_signatures(
    country: Country, face: type[System]
) -> None:
    content = bytes(range(256))
    sent = [file("один", content, pkcs7(country, content)), file("a.txt", b"")]
    face(country).request(1, attachments=sent)
    assert face(country, "PERMITS").take("GetRequest")["attachments"] == sent


@FACES
def test_response_has_files_too(country: Country, face: type[System]) -> None:
    face(country).request(1)
    provider = face(country, "PERMITS")
    reply_to = provider.take("GetRequest")["reply_to"]
    sent = [file("extract.txt", b"text")]
    provider.respond(2, reply_to, content=permit("1", "Answer"), attachments=sent)
    assert face(country).take("GetResponse")["attachments"] == sent


@FACES
def test_file_that_its_signature_does_not_fit_is_refused(
    country: Country, face: type[System]
) -> None:
    sent = [file("a", b"text", pkcs7(country, b"test"))]
    name, text = refused(lambda: face(country).request(1, attachments=sent))
    assert name == "SignatureVerificationFault"
    assert text.startswith("Подписанные данные изменены")


@FACES
def test_file_signed_with_a_revoked_certificate_is_refused(
    country: Country, face: type[System]
) -> None:
    sent = [file("a", b"text", pkcs7(country, b"text", "SIGNER"))]
    assert face(country).request(1, attachments=sent)["status"] == "requestIsQueued"
    authorities = country.tenant().state(Authorities)
    serial = identity_of(country, "SIGNER").certificate.serial_number
    (issued,) = authorities.register.by_serial(serial)
    authorities.end(issued, "key_compromise", country.tenant().now_us)
    name, text = refused(lambda: face(country).request(2, attachments=sent))
    assert name == "SignatureVerificationFault"
    assert text.startswith("Сертификат отозван")


def test_files_of_five_megabytes_go_and_a_byte_more_does_not(country: Country) -> None:
    half = MOST_ATTACHED // 2
    sent = [file("a", b"a" * half), file("b", b"b" * half)]
    assert System(country).request(1, attachments=sent)["status"] == "requestIsQueued"
    sent[1] = file("b", b"b" * (half + 1))
    name, _ = refused(lambda: System(country).request(2, attachments=sent))
    assert name == "AttachmentSizeLimitExceeded"


@pytest.mark.parametrize(
    ("headers", "contents"),
    [
        ([file("a", b"")], []),
        ([], [file("a", b"")]),
        ([file("a", b"")], [file("b", b"")]),
        ([file("a", b""), file("a", b"")], [file("a", b"")]),
        ([file("a", b"")], [file("a", b""), file("a", b"")]),
    ],
)
def test_headers_and_contents_must_be_of_the_same_files(
    country: Country, headers: list[dict[str, Any]], contents: list[dict[str, Any]]
) -> None:
    target = asked(attachments=headers)
    files = contents_of({"attachments": contents})
    body = envelope(SoapSystem(country).identity, "SendRequest", target, files)
    with pytest.raises(Refused) as refusal:
        opened(ask(country, "POST", WS, body))
    assert refusal.value.name == "AttachmentContentMiscoordination"


@FACES
@pytest.mark.parametrize("wrong", [{"content": "%"}, {"mime_type": "как есть"}, {"signature": "%"}])
def test_file_that_cannot_be_read_is_refused(
    country: Country, face: type[System], wrong: dict[str, str]
) -> None:
    sent = [{**file("a", b"text"), **wrong}]
    assert refused(lambda: face(country).request(1, attachments=sent))[0] == "InvalidContent"


@FACES
def test_message_has_a_hundred_files_at_most(country: Country, face: type[System]) -> None:
    files = [file(str(number), b"") for number in range(MOST_FILES + 1)]
    name, _ = refused(lambda: face(country).request(1, attachments=files))
    assert name == "InvalidContent"
    assert face(country).request(1, attachments=files[1:])["status"] == "requestIsQueued"


# --- in parts -------------------------------------------------------------------------------------


def asked(**fields: Any) -> str:
    return target_of("SendRequest", {"message_id": message_id(1), "content": permit(), **fields})


def included(href: str) -> str:
    return (
        "<b:AttachmentContentList><b:AttachmentContent><b:Id>a</b:Id><b:Content>"
        f'<x:Include xmlns:x="{XOP}" href="{href}"/></b:Content></b:AttachmentContent>'
        "</b:AttachmentContentList>"
    )


def in_parts(root: bytes, content: bytes, content_id: str = "<file@test>") -> bytes:
    return (
        b"preamble\r\n--edge\r\nContent-Type: application/xop+xml; type=text/xml\r\n"
        b"Content-ID: <root@test>\r\n\r\n" + root + b"\r\n--edge\r\n"
        b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-ID: " + content_id.encode() + b"\r\n\r\n" + content + b"\r\n--edge--\r\n"
    )


def post(country: Country, body: bytes, **parameters: str) -> Answer:
    written = "".join(f'; {name}="{value}"' for name, value in parameters.items())
    headers = {"Content-Type": f"multipart/related{written}"}
    return ask(country, "POST", WS, body, headers)


@pytest.mark.parametrize("start", [{}, {"start": "<root@test>"}, {"start": "root@test"}])
def test_file_may_come_in_a_part_of_its_own(country: Country, start: dict[str, str]) -> None:
    content = b"--edge\r\n" + bytes(range(256)) * 100 + b"\r\n"
    headers = asked(attachments=[file("a", content)])
    identity = SoapSystem(country).identity
    root = envelope(identity, "SendRequest", headers, included("cid:file%40test"))
    body = in_parts(root, content.replace(b"--edge", b"-- edge"))
    opened(post(country, body, boundary="edge", type="application/xop+xml", **start))
    (received,) = SoapSystem(country, "PERMITS").take("GetRequest")["attachments"]
    expected = content.replace(b"--edge", b"-- edge")
    assert base64.b64decode(received["content"]) == expected


def test_megabytes_come_in_parts(country: Country) -> None:
    content = b"x" * MOST_ATTACHED
    headers = asked(attachments=[file("a", b"")])
    root = envelope(SoapSystem(country).identity, "SendRequest", headers, included("cid:file@test"))
    opened(post(country, in_parts(root, content), boundary="edge"))
    (received,) = System(country, "PERMITS").take("GetRequest")["attachments"]
    assert base64.b64decode(received["content"]) == content
    country.reset_tenant("main")
    register(country, "PERMITS", PERMIT)
    answer = post(country, in_parts(root, content + b"x"), boundary="edge")
    with pytest.raises(Refused) as refusal:
        opened(answer)
    assert refusal.value.name == "AttachmentSizeLimitExceeded"
    detail = etree.fromstring(answer.body).find(".//detail")
    assert detail is not None
    assert [field.text for field in detail[0]][-2:] == ["5242880", "5242881"]


def test_part_that_is_not_there_is_refused(country: Country) -> None:
    headers = asked(attachments=[file("a", b"")])
    identity = SoapSystem(country).identity
    root = envelope(identity, "SendRequest", headers, included("cid:other@test"))
    with pytest.raises(Refused) as refusal:
        opened(post(country, in_parts(root, b""), boundary="edge"))
    assert refusal.value.name == "AttachmentContentMiscoordination"


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (b"--edge\r\n\r\n<a/>\r\n--edge--", {}),
        (b"", {"boundary": "edge"}),
        (b"<a/>", {"boundary": "edge"}),
        (b"--edge\r\n\r\n<a/>\r\n--edge\r\n", {"boundary": "edge"}),
        (b"--edge--", {"boundary": "edge"}),
        (b"--edge\r\n<a/>\r\n--edge--", {"boundary": "edge"}),
        (b"--edge\r\n\r\n<a/>\r\n--edge--", {"boundary": "edge", "start": "<other>"}),
        (b"--edge\r\n\r\n<a/>\r\n--edge--", {"boundary": "edge", "start": "\x01"}),
        (b"--edge\r\n\r\n<a/>\r\n--edge--", {"boundary": "edge", "start": "\ud800"}),
        (b"--edge\r\n\r\n<a/>\r\n--edge--", {"boundary*": "idna''edge%ff"}),
        (b"--edge\r\n\r\n<a/>\r\n" * 101 + b"--edge--", {"boundary": "edge"}),
        (b"--edge\r\nX: " + b"x" * 9_000 + b"\r\n\r\n<a/>\r\n--edge--", {"boundary": "edge"}),
        (b"--edge\r\n\r\n\r\n--edge--", {"boundary": "edge"}),
    ],
)
def test_what_is_not_in_parts_is_invalid_content(
    country: Country, body: bytes, parameters: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refusal:
        opened(post(country, body, **parameters))
    assert refusal.value.name == "InvalidContent"


def test_header_of_a_file_by_reference_travels_without_the_file(country: Country) -> None:
    reference = (
        "<b:RefAttachmentHeaderList><b:RefAttachmentHeader><b:uuid>u</b:uuid><b:Hash>h</b:Hash>"
        "<b:MimeType>text/plain</b:MimeType></b:RefAttachmentHeader></b:RefAttachmentHeaderList>"
    )
    target = asked().replace(
        "</t:SenderProvidedRequestData>", f"{reference}</t:SenderProvidedRequestData>"
    )
    opened(ask(country, "POST", WS, envelope(SoapSystem(country).identity, "SendRequest", target)))
    provider = SoapSystem(country, "PERMITS")
    body = envelope(provider.identity, "GetRequest", target_of("GetRequest", {}))
    request = opened(ask(country, "POST", WS, body))[0][0]
    data = request.find(types("SenderProvidedRequestData"))
    assert data is not None
    assert data.findtext(f".//{basic('uuid')}") == "u"
    assert request.find(basic("FSAttachmentsList")) is None


def test_json_body_is_bounded(country: Country) -> None:
    body = json.dumps({"content": "x" * (9 * 2**20)}).encode()
    assert ask(country, "POST", "/smev/v1/requests", body).status == 413

"""What is asked in JSON, as the same elements that XML has."""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field

from mocks.core.service import Call
from mocks.smev.attachments import Contents
from mocks.smev.documents import parsed_root
from mocks.smev.errors import invalid_content
from mocks.smev.namespaces import NSMAP, basic, types
from mocks.smev.operations import Asked
from mocks.smev.provided import octets_of
from mocks.smev.schema import validate
from mocks.smev.signing import check_signable

__all__ = ["acknowledgement", "request", "response", "selection", "status_question"]

MessageId: TypeAlias = Annotated[str, Field(max_length=100)]


class Strict(BaseModel):
    """A body without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class File(Strict):
    """A file beside a message: content and PKCS#7 in base64."""

    content_id: str
    mime_type: str
    content: str
    signature: str | None = None


class Request(Strict):
    """SenderProvidedRequestData; `content` is XML."""

    message_id: MessageId
    content: str
    reference_message_id: MessageId | None = None
    transaction_code: str | None = None
    node_id: str | None = None
    eol: str | None = None
    test: bool = False
    attachments: list[File] = []


class Rejection(Strict):
    """Why a provider rejects a request."""

    code: Literal["ACCESS_DENIED", "NO_DATA", "UNKNOWN_REQUEST_DESCRIPTION", "FAILURE"]
    description: str


class StatusParameter(Strict):
    """One more fact of a status."""

    key: str
    value: str


class BusinessStatus(Strict):
    """How far a provider is with a request."""

    code: Annotated[int, Field(ge=-(2**31), lt=2**31)]
    description: str
    parameters: list[StatusParameter] = []


class Response(Strict):
    """SenderProvidedResponseData: one of `content` (XML), `rejections`, `status`."""

    message_id: MessageId
    to: str
    content: str | None = None
    rejections: list[Rejection] | None = None
    status: BusinessStatus | None = None
    attachments: list[File] = []


class Selection(Strict):
    """MessageTypeSelector: both or none."""

    namespace: str | None = None
    root: str | None = None


class Acknowledgement(Strict):
    """AckTargetMessage."""

    message_id: MessageId
    accepted: bool


def request(call: Call) -> Asked:
    """SendRequest. Refusal as of `Request.read`, SmevError InvalidContent."""
    asked = call.request.read(Request)
    data = _element(types("SenderProvidedRequestData"))
    _add(data, types("MessageID"), asked.message_id)
    _add(data, types("ReferenceMessageID"), asked.reference_message_id)
    _add(data, types("TransactionCode"), asked.transaction_code)
    _add(data, types("NodeID"), asked.node_id)
    _add(data, types("EOL"), asked.eol)
    _add_content(data, asked.content)
    _add_headers(data, asked.attachments)
    if asked.test:
        etree.SubElement(data, types("TestMessage"))
    return _checked(data, asked.attachments)


def response(call: Call) -> Asked:
    """SendResponse, likewise."""
    asked = call.request.read(Response)
    data = _element(types("SenderProvidedResponseData"))
    _add(data, types("MessageID"), asked.message_id)
    _add(data, types("To"), asked.to)
    if asked.content is not None:
        _add_content(data, asked.content)
    _add_headers(data, asked.attachments)
    for rejection in asked.rejections or []:
        rejected = etree.SubElement(data, types("RequestRejected"))
        _add(rejected, types("RejectionReasonCode"), rejection.code)
        _add(rejected, types("RejectionReasonDescription"), rejection.description)
    if asked.status is not None:
        _add_status(data, asked.status)
    return _checked(data, asked.attachments)


def selection(call: Call) -> Asked:
    """GetRequest and GetResponse: of a type, or of any."""
    asked = call.request.read(Selection)
    selector = _element(basic("MessageTypeSelector"))
    _add(selector, basic("NamespaceURI"), asked.namespace)
    _add(selector, basic("RootElementLocalName"), asked.root)
    return Asked(selector)


def status_question(call: Call) -> Asked:
    """GetStatus."""
    call.request.read(Strict)
    return Asked(_element(basic("Timestamp")))


def acknowledgement(call: Call) -> Asked:
    """Ack."""
    asked = call.request.read(Acknowledgement)
    target = _element(basic("AckTargetMessage"))
    _set_text(target, asked.message_id)
    return Asked(target)


def _checked(data: etree._Element, files: Sequence[File]) -> Asked:
    """What has been made of JSON, if the schema allows it and СМЭВ can sign it for others."""
    validate(data)
    check_signable(data)
    contents: Contents = [(file.content_id, octets_of(file.content, "content")) for file in files]
    return Asked(data, None, contents)


def _add_content(data: etree._Element, content: str) -> None:
    root = parsed_root(content.encode())
    etree.SubElement(data, basic("MessagePrimaryContent")).append(root)


def _add_headers(data: etree._Element, files: Sequence[File]) -> None:
    if files:
        headers = etree.SubElement(data, basic("AttachmentHeaderList"))
        for file in files:
            header = etree.SubElement(headers, basic("AttachmentHeader"))
            _add(header, basic("contentId"), file.content_id)
            _add(header, basic("MimeType"), file.mime_type)
            _add(header, basic("SignaturePKCS7"), file.signature)


def _add_status(data: etree._Element, status: BusinessStatus) -> None:
    element = etree.SubElement(data, types("RequestStatus"))
    _add(element, types("StatusCode"), str(status.code))
    for parameter in status.parameters:
        pair = etree.SubElement(element, types("StatusParameter"))
        _add(pair, types("Key"), parameter.key)
        _add(pair, types("Value"), parameter.value)
    _add(element, types("StatusDescription"), status.description)


def _element(name: str) -> etree._Element:
    return etree.Element(name, nsmap=NSMAP)


def _add(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        _set_text(etree.SubElement(parent, name), text)


def _set_text(element: etree._Element, text: str) -> None:
    try:
        element.text = text
    except ValueError:
        name = etree.QName(element).localname
        raise invalid_content(f"{name}: знаки, которых в XML не бывает") from None

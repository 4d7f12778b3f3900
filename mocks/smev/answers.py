"""What СМЭВ answers, as XML of the message exchange: receipts, messages, statuses."""

import base64
from collections.abc import Sequence
from typing import Final

from lxml import etree

from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.smev.letters import Attachment, Letter, Notice
from mocks.smev.namespaces import NSMAP, basic, types
from mocks.smev.replies import add_processing_status
from mocks.smev.signing import sign_answer

__all__ = [
    "SIGNED_ID",
    "acknowledgement",
    "receipt",
    "request_message",
    "response_message",
    "status",
]

SIGNED_ID: Final = "SIGNED_BY_SMEV"
"""The Id of what СМЭВ signs, unless its content has that Id already."""


def receipt(call: Call, letter: Letter) -> etree._Element:
    """SendRequestResponse or SendResponseResponse: the message is taken."""
    name = "SendRequestResponse" if letter.kind == "request" else "SendResponseResponse"
    answer = _root(name)
    status = "requestIsQueued" if letter.kind == "request" else "responseIsAcceptedBySmev"
    _add_metadata(answer, call, letter, status, delivered=False).set("Id", SIGNED_ID)
    _sign_last(call, answer)
    return answer


def request_message(call: Call, letter: Letter | None) -> etree._Element:
    """GetRequestResponse with a request, or empty."""
    answer = _root("GetRequestResponse")
    if letter is not None:
        message = etree.SubElement(answer, types("RequestMessage"))
        request = etree.SubElement(message, types("Request"))
        request.append(etree.fromstring(letter.data))
        _add_metadata(request, call, letter, "requestIsAcceptedBySmev", delivered=True)
        etree.SubElement(request, types("ReplyTo")).text = letter.reply_to
        _add_sender_signature(request, letter)
        _finish(call, message, letter.attachments)
    return answer


def response_message(call: Call, letter: Letter | None) -> etree._Element:
    """GetResponseResponse with a response, or empty."""
    answer = _root("GetResponseResponse")
    if letter is not None:
        message = etree.SubElement(answer, types("ResponseMessage"))
        response = etree.SubElement(message, types("Response"))
        original = letter.original
        assert original is not None  # a response has one
        _add_text(response, "OriginalMessageId", original.id)
        _add_text(response, "OriginalTransactionCode", original.transaction_code)
        _add_text(response, "ReferenceMessageID", original.reference_id)
        response.append(etree.fromstring(letter.data))
        _add_metadata(response, call, letter, "messageIsDelivered", delivered=True)
        _add_sender_signature(response, letter)
        _finish(call, message, letter.attachments)
    return answer


def status(call: Call, notice: Notice | None) -> etree._Element:
    """GetStatusResponse with a status, or empty."""
    answer = _root("GetStatusResponse")
    if notice is not None:
        message = etree.SubElement(answer, types("SmevAsyncProcessingMessage"))
        data = etree.SubElement(message, types("AsyncProcessingStatusData"), Id=SIGNED_ID)
        add_processing_status(
            data, notice.original_id, notice.category, notice.details, notice.fault
        )
        _sign_last(call, message)
    return answer


def acknowledgement(_: Call, __: None) -> etree._Element:
    """AckResponse."""
    return _root("AckResponse")


def _root(name: str) -> etree._Element:
    return etree.Element(types(name), nsmap=NSMAP)


def _add_metadata(
    parent: etree._Element, call: Call, letter: Letter, status: str, *, delivered: bool
) -> etree._Element:
    metadata = etree.SubElement(parent, types("MessageMetadata"))
    _add_text(metadata, "MessageId", letter.id)
    _add_text(metadata, "MessageType", letter.kind.upper())
    _add_text(etree.SubElement(metadata, types("Sender")), "Mnemonic", letter.sender)
    _add_text(metadata, "SendingTimestamp", moment(call.tenant, letter.sent_us))
    _add_text(etree.SubElement(metadata, types("Recipient")), "Mnemonic", letter.recipient)
    if delivered:
        _add_text(metadata, "DeliveryTimestamp", moment(call.tenant, call.now_us))
    _add_text(metadata, "Status", status)
    return metadata


def _add_text(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        etree.SubElement(parent, types(name)).text = text


def _add_sender_signature(parent: etree._Element, letter: Letter) -> None:
    if letter.signature is not None:
        signature = etree.SubElement(parent, types("SenderInformationSystemSignature"))
        signature.append(etree.fromstring(letter.signature))


def _finish(call: Call, message: etree._Element, attachments: Sequence[Attachment]) -> None:
    """Sign the message, which is the first child, and put its files behind it."""
    message[0].set("Id", _free_id(message))
    signature = sign_answer(call, message[0])
    if attachments:
        contents = etree.SubElement(message, basic("AttachmentContentList"))
        for attachment in attachments:
            content = etree.SubElement(contents, basic("AttachmentContent"))
            etree.SubElement(content, basic("Id")).text = attachment.content_id
            encoded = base64.b64encode(attachment.content).decode()
            etree.SubElement(content, basic("Content")).text = encoded
    etree.SubElement(message, types("SMEVSignature")).append(signature)


def _sign_last(call: Call, parent: etree._Element) -> None:
    signature = sign_answer(call, parent[-1])
    etree.SubElement(parent, types("SMEVSignature")).append(signature)


def _free_id(message: etree._Element) -> str:
    taken = {
        value
        for element in message.iter(tag=etree.Element)
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    }
    free, number = SIGNED_ID, 1
    while free in taken:
        number += 1
        free = f"{SIGNED_ID}_{number}"
    return free

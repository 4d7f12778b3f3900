"""What СМЭВ answers, as JSON."""

import base64
from typing import Any

from lxml import etree

from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.smev.letters import Letter, Notice
from mocks.smev.namespaces import basic, fault, types
from mocks.smev.provided import string_of, text_of

__all__ = ["acknowledgement", "receipt", "request_message", "response_message", "status"]


def receipt(call: Call, letter: Letter) -> dict[str, Any]:
    """The message is taken."""
    status = "requestIsQueued" if letter.kind == "request" else "responseIsAcceptedBySmev"
    return {**_metadata(call, letter), "status": status}


def request_message(call: Call, letter: Letter | None) -> dict[str, Any]:
    """A request, or null."""
    if letter is None:
        return {"message": None}
    data = etree.fromstring(letter.data)
    told = {
        **_metadata(call, letter),
        "delivered_at": moment(call.tenant, call.now_us),
        "reply_to": letter.reply_to,
        "reference_message_id": letter.reference_id,
        "transaction_code": letter.transaction_code,
        "eol": text_of(data, types("EOL")),
        "test": data.find(types("TestMessage")) is not None,
        "content": _content(data),
        "attachments": _files(letter),
    }
    return {"message": told}


def response_message(call: Call, letter: Letter | None) -> dict[str, Any]:
    """A response, or null: one of `content`, `rejections`, `status`, `processing` is there."""
    if letter is None:
        return {"message": None}
    original = letter.original
    assert original is not None  # a response has one
    told = {
        **_metadata(call, letter),
        "delivered_at": moment(call.tenant, call.now_us),
        "original_message_id": original.id,
        "original_transaction_code": original.transaction_code,
        "reference_message_id": original.reference_id,
        **_said(etree.fromstring(letter.data)),
        "attachments": _files(letter),
    }
    return {"message": told}


def status(_: Call, notice: Notice | None) -> dict[str, Any]:
    """Word about a message that was sent, or null."""
    if notice is None:
        return {"status": None}
    told: dict[str, Any] = {
        "original_message_id": notice.original_id,
        "category": notice.category,
        "details": notice.details,
    }
    if notice.fault is not None:
        told["fault"] = notice.fault.as_json()
    return {"status": told}


def acknowledgement(_: Call, __: None) -> dict[str, Any]:
    """Nothing is left to say."""
    return {}


def _metadata(call: Call, letter: Letter) -> dict[str, Any]:
    return {
        "message_id": letter.id,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "sent_at": moment(call.tenant, letter.sent_us),
    }


def _said(data: etree._Element) -> dict[str, Any]:
    content = _content(data)
    if content is not None:
        return {"content": content}
    processing = data.find(types("AsyncProcessingStatus"))
    if processing is not None:
        return {"processing": _processing(processing)}
    status = data.find(types("RequestStatus"))
    if status is not None:
        return {"status": _business_status(status)}
    return {"rejections": [_rejection(each) for each in data.iterfind(types("RequestRejected"))]}


def _content(data: etree._Element) -> str | None:
    """In exclusive canonical form, which has no declarations of the elements around it."""
    root = data.find(f"{basic('MessagePrimaryContent')}/*")
    return None if root is None else etree.tostring(root, method="c14n", exclusive=True).decode()


def _processing(element: etree._Element) -> dict[str, Any]:
    return {
        "original_message_id": text_of(element, types("OriginalMessageId")),
        "category": text_of(element, types("StatusCategory")),
        "details": text_of(element, types("StatusDetails")),
        "errors": [string_of(error) for error in element.iter(fault("ValidationError"))],
    }


def _business_status(element: etree._Element) -> dict[str, Any]:
    parameters = element.iterfind(types("StatusParameter"))
    return {
        "code": int(text_of(element, types("StatusCode")) or "0"),
        "description": text_of(element, types("StatusDescription")),
        "parameters": [
            {"key": text_of(each, types("Key")), "value": text_of(each, types("Value"))}
            for each in parameters
        ],
    }


def _rejection(element: etree._Element) -> dict[str, Any]:
    return {
        "code": text_of(element, types("RejectionReasonCode")),
        "description": text_of(element, types("RejectionReasonDescription")),
    }


def _files(letter: Letter) -> list[dict[str, Any]]:
    return [
        {
            "content_id": file.content_id,
            "mime_type": file.mime_type,
            "content": base64.b64encode(file.content).decode(),
            "signature": None
            if file.signature is None
            else base64.b64encode(file.signature).decode(),
        }
        for file in letter.attachments
    ]

"""Envelopes of СМЭВ written by hand from the fields that JSON has, and read back into them.

What is read is held against the schemas, and its signature is checked, each time.
"""

import base64
from typing import Any

from lxml import etree

from mocks.core.http import Answer
from mocks.pki.authorities import Identity
from mocks.smev.namespaces import BASIC, TYPES, basic, fault, types
from mocks.smev.schema import validate
from signatures import xmldsig

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
STAMP = "2026-02-02T10:00:00+03:00"


class Refused(Exception):
    """СМЭВ has answered with a fault."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self.name = name
        self.text = text


def envelope(identity: Identity, operation: str, target: str, files: str = "") -> bytes:
    """An operation in an envelope, signed by a system."""
    root = etree.fromstring(
        f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body>'
        f'<t:{operation}Request xmlns:t="{TYPES}" xmlns:b="{BASIC}">{target}{files}'
        f"<t:CallerInformationSystemSignature/></t:{operation}Request></s:Body></s:Envelope>"
    )
    element = root[1][0]
    signature = xmldsig.sign(element[0], identity.key, identity.certificate, xmldsig.SMEV)
    element[-1].append(signature)
    return etree.tostring(root, encoding="utf-8")


def opened(answer: Answer) -> etree._Element:
    """The element in an envelope that answers; Refused for a fault."""
    root = etree.fromstring(answer.body)
    (element,) = root[0]
    if element.tag == f"{{{SOAP}}}Fault":
        assert (answer.status, element.findtext("faultcode")) == (500, "soap:Server")
        detail = element.find("detail")
        assert detail is not None
        raise Refused(etree.QName(detail[0]).localname, element.findtext("faultstring") or "")
    assert answer.status == 200
    validate(element)
    for signature in element.iter(types("SMEVSignature")):
        signed = signature.getparent()
        assert signed is not None
        assert signer_of(signature[0], signed[0]) == "SMEV"
    return element


def signer_of(signature: etree._Element, target: etree._Element) -> str:
    """Whose signature it is; SignatureRefused if it does not fit."""
    certificate = xmldsig.signed(signature, target, xmldsig.SMEV).certificate
    return str(certificate.subject.native["common_name"])


# --- what is asked --------------------------------------------------------------------------------


def target_of(operation: str, asked: dict[str, Any]) -> str:
    """The element that is signed."""
    match operation:
        case "SendRequest":
            return request_data(asked)
        case "SendResponse":
            return _response_data(asked)
        case "Ack":
            accepted = str(asked["accepted"]).lower()
            number = asked["message_id"]
            return (
                f'<b:AckTargetMessage Id="ACK" accepted="{accepted}">{number}</b:AckTargetMessage>'
            )
        case "GetStatus":
            return f'<b:Timestamp Id="STAMP">{STAMP}</b:Timestamp>'
    chosen = ""
    if asked:
        chosen = (
            f"<b:NamespaceURI>{asked['namespace']}</b:NamespaceURI>"
            f"<b:RootElementLocalName>{asked['root']}</b:RootElementLocalName>"
        )
    stamp = f"<b:Timestamp>{STAMP}</b:Timestamp>"
    return f'<b:MessageTypeSelector Id="SELECTOR">{chosen}{stamp}</b:MessageTypeSelector>'


def request_data(asked: dict[str, Any]) -> str:
    """SenderProvidedRequestData."""
    names = {
        "message_id": "MessageID",
        "reference_message_id": "ReferenceMessageID",
        "transaction_code": "TransactionCode",
        "eol": "EOL",
    }
    fields = "".join(
        f"<t:{name}>{asked[key]}</t:{name}>" for key, name in names.items() if key in asked
    )
    return (
        f'<t:SenderProvidedRequestData Id="SIGNED_BY_CONSUMER">{fields}{_content(asked)}'
        f"</t:SenderProvidedRequestData>"
    )


def _response_data(asked: dict[str, Any]) -> str:
    rejections = "".join(
        f"<t:RequestRejected><t:RejectionReasonCode>{each['code']}</t:RejectionReasonCode>"
        f"<t:RejectionReasonDescription>{each['description']}</t:RejectionReasonDescription>"
        f"</t:RequestRejected>"
        for each in asked.get("rejections", [])
    )
    said = _content(asked) if "content" in asked else rejections + _status(asked.get("status"))
    return (
        f'<t:SenderProvidedResponseData Id="SIGNED_BY_PROVIDER">'
        f"<t:MessageID>{asked['message_id']}</t:MessageID><t:To>{asked['to']}</t:To>{said}"
        f"</t:SenderProvidedResponseData>"
    )


def _status(status: dict[str, Any] | None) -> str:
    if status is None:
        return ""
    parameters = "".join(
        f"<t:StatusParameter><t:Key>{each['key']}</t:Key><t:Value>{each['value']}</t:Value>"
        f"</t:StatusParameter>"
        for each in status["parameters"]
    )
    return (
        f"<t:RequestStatus><t:StatusCode>{status['code']}</t:StatusCode>{parameters}"
        f"<t:StatusDescription>{status['description']}</t:StatusDescription></t:RequestStatus>"
    )


def _content(asked: dict[str, Any]) -> str:
    primary = f"<b:MessagePrimaryContent>{asked['content']}</b:MessagePrimaryContent>"
    if not asked.get("attachments"):
        return primary
    headers = "".join(
        f"<b:AttachmentHeader><b:contentId>{file['content_id']}</b:contentId>"
        f"<b:MimeType>{file['mime_type']}</b:MimeType>"
        + (f"<b:SignaturePKCS7>{file['signature']}</b:SignaturePKCS7>" if file["signature"] else "")
        + "</b:AttachmentHeader>"
        for file in asked["attachments"]
    )
    return f"{primary}<b:AttachmentHeaderList>{headers}</b:AttachmentHeaderList>"


def contents_of(asked: dict[str, Any]) -> str:
    """AttachmentContentList, if there are files."""
    contents = "".join(
        f"<b:AttachmentContent><b:Id>{file['content_id']}</b:Id>"
        f"<b:Content>{file['content']}</b:Content></b:AttachmentContent>"
        for file in asked.get("attachments", [])
    )
    return f"<b:AttachmentContentList>{contents}</b:AttachmentContentList>" if contents else ""


# --- what is answered -----------------------------------------------------------------------------


def told(operation: str, element: etree._Element) -> dict[str, Any]:
    """The same as JSON would tell."""
    match operation:
        case "SendRequest" | "SendResponse":
            return {**_metadata(element[0]), "status": element[0].findtext(types("Status"))}
        case "Ack":
            assert not len(element)
            return {}
        case "GetStatus":
            return {"status": _processing(element.find(f".//{types('AsyncProcessingStatus')}"))}
    return {"message": _message(element[0]) if len(element) else None}


def _message(message: etree._Element) -> dict[str, Any]:
    metadata = message[0].find(types("MessageMetadata"))
    assert metadata is not None
    told = {
        **_metadata(metadata),
        "delivered_at": metadata.findtext(types("DeliveryTimestamp")),
        "attachments": _files(message),
    }
    data = message[0].find(types("SenderProvidedRequestData"))
    if data is not None:
        return {
            **told,
            "reply_to": message[0].findtext(types("ReplyTo")),
            "reference_message_id": data.findtext(types("ReferenceMessageID")),
            "transaction_code": data.findtext(types("TransactionCode")),
            "eol": data.findtext(types("EOL")),
            "test": data.find(types("TestMessage")) is not None,
            "content": _root_of_content(data),
        }
    data = message[0].find(types("SenderProvidedResponseData"))
    assert data is not None
    return {
        **told,
        "original_message_id": message[0].findtext(types("OriginalMessageId")),
        "original_transaction_code": message[0].findtext(types("OriginalTransactionCode")),
        "reference_message_id": message[0].findtext(types("ReferenceMessageID")),
        **_said(data),
    }


def _said(data: etree._Element) -> dict[str, Any]:
    content = _root_of_content(data)
    if content is not None:
        return {"content": content}
    processing = _processing(data.find(types("AsyncProcessingStatus")))
    if processing is not None:
        return {"processing": processing}
    status = data.find(types("RequestStatus"))
    if status is not None:
        code, *parameters, description = status
        return {
            "status": {
                "code": int(code.text or ""),
                "parameters": [{"key": key.text, "value": value.text} for key, value in parameters],
                "description": description.text,
            }
        }
    rejected = data.iterfind(types("RequestRejected"))
    return {"rejections": [{"code": e[0].text, "description": e[1].text} for e in rejected]}


def _root_of_content(data: etree._Element) -> str | None:
    content = data.find(basic("MessagePrimaryContent"))
    if content is None:
        return None
    return etree.tostring(content[0], method="c14n", exclusive=True).decode()


def _processing(status: etree._Element | None) -> dict[str, Any] | None:
    if status is None:
        return None
    return {
        "original_message_id": status.findtext(types("OriginalMessageId")),
        "category": status.findtext(types("StatusCategory")),
        "details": status.findtext(types("StatusDetails")),
        "errors": [error.text for error in status.iter(fault("ValidationError"))],
    }


def _metadata(metadata: etree._Element) -> dict[str, Any]:
    return {
        "message_id": metadata.findtext(types("MessageId")),
        "sender": metadata.findtext(f"{types('Sender')}/{types('Mnemonic')}"),
        "recipient": metadata.findtext(f"{types('Recipient')}/{types('Mnemonic')}"),
        "sent_at": metadata.findtext(types("SendingTimestamp")),
    }


def _files(message: etree._Element) -> list[dict[str, Any]]:
    contents = {
        element[0].text: element[1].text or ""
        for element in message.iterfind(f"{basic('AttachmentContentList')}/*")
    }
    return [
        {
            "content_id": header.findtext(basic("contentId")),
            "mime_type": header.findtext(basic("MimeType")),
            "content": contents[header.findtext(basic("contentId"))],
            "signature": header.findtext(basic("SignaturePKCS7")),
        }
        for header in message.iter(basic("AttachmentHeader"))
    ]


def file(content_id: str, content: bytes, signature: bytes | None = None) -> dict[str, Any]:
    """A file as JSON has it."""
    return {
        "content_id": content_id,
        "mime_type": "text/plain",
        "content": base64.b64encode(content).decode(),
        "signature": None if signature is None else base64.b64encode(signature).decode(),
    }

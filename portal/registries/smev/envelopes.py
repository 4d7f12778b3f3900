"""Envelopes of the message exchange 1.2: SOAP 1.1 around one signed element, and the answers."""

import re
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from signatures import xmldsig
from signatures.certificates import Certificate
from signatures.keys import SigningKey
from signatures.refusals import SignatureRefused

__all__ = [
    "Kind",
    "Received",
    "SmevFault",
    "SmevSystem",
    "acknowledgement",
    "basic",
    "enveloped",
    "opened",
    "received",
    "request_data",
    "selector",
    "types",
    "xml_root",
    "xml_text",
]

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_TYPES: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2"
_BASIC: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.2"
_PREFIXES: Final = {"soap": _SOAP, "ns2": _TYPES, "ns1": _BASIC}
_SIGNED_ID: Final = "SIGNED_BY_CONSUMER"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """What messages are about: a namespace, and the root of requests and of answers in it."""

    namespace: str
    request: str
    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmevSystem:
    """An information system: its mnemonic, with what it signs."""

    mnemonic: str
    key: SigningKey
    certificate: Certificate


class SmevFault(Exception):
    """СМЭВ has refused an operation: `name` is the fault's element."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Received:
    """A response as the queue hands it out: its own identifier, that of the request it answers, and
    its content; or why the request has gone nowhere. `signer` is who has signed it for СМЭВ.

    A `flaw` says (in Russian) what is wrong with its signature or its form: it counts for no answer
    then, and only its identifiers are read."""

    message_id: str
    original_id: str
    content: etree._Element | None = None
    rejection: str = ""
    signer: Certificate | None = None
    flaw: str = ""


def types(name: str) -> str:
    """A name of the messages' namespace."""
    return f"{{{_TYPES}}}{name}"


def basic(name: str) -> str:
    """A name of the basic types' namespace."""
    return f"{{{_BASIC}}}{name}"


def xml_text(text: str) -> str:
    """The text with U+FFFD in place of what XML cannot have."""
    return _NOT_XML.sub("\ufffd", text)


def xml_root(document: bytes) -> etree._Element:
    """The root of a document; ValueError for what is no XML, or has a doctype."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no XML: {error}") from None
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise ValueError("a document with a doctype")
    return root


# --- what is asked --------------------------------------------------------------------------------


def request_data(message_id: str, content: etree._Element) -> etree._Element:
    """What SendRequest sends."""
    data = etree.Element(types("SenderProvidedRequestData"), nsmap=_PREFIXES)
    etree.SubElement(data, types("MessageID")).text = message_id
    etree.SubElement(data, basic("MessagePrimaryContent")).append(content)
    return data


def selector(kind: Kind, timestamp: str) -> etree._Element:
    """What GetResponse is asked for: answers of a kind."""
    chosen = etree.Element(basic("MessageTypeSelector"), nsmap=_PREFIXES)
    etree.SubElement(chosen, basic("NamespaceURI")).text = kind.namespace
    etree.SubElement(chosen, basic("RootElementLocalName")).text = kind.response
    etree.SubElement(chosen, basic("Timestamp")).text = timestamp
    return chosen


def acknowledgement(message_id: str, *, accepted: bool) -> etree._Element:
    """What Ack says of a message: that it was taken, or that it could not be."""
    said = "true" if accepted else "false"
    target = etree.Element(basic("AckTargetMessage"), accepted=said, nsmap=_PREFIXES)
    target.text = message_id
    return target


def enveloped(operation: str, target: etree._Element, system: SmevSystem) -> bytes:
    """An operation about `target`, signed by the system that asks."""
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap=_PREFIXES)
    body = etree.SubElement(envelope, f"{{{_SOAP}}}Body")
    request = etree.SubElement(body, types(f"{operation}Request"))
    target.set("Id", _SIGNED_ID)
    request.append(target)
    signature = xmldsig.sign(target, system.key, system.certificate, xmldsig.SMEV)
    etree.SubElement(request, types("CallerInformationSystemSignature")).append(signature)
    return etree.tostring(envelope, encoding="utf-8", xml_declaration=True)


# --- what is answered -----------------------------------------------------------------------------


def opened(document: bytes) -> etree._Element:
    """The element in an envelope. SmevFault; ValueError for what is no envelope."""
    body = xml_root(document).find(f"{{{_SOAP}}}Body")
    if body is None or len(body) != 1:
        raise ValueError("no SOAP envelope with one element")
    content = body[0]
    if content.tag == f"{{{_SOAP}}}Fault":
        detail = content.find("detail")
        name = "" if detail is None or not len(detail) else etree.QName(detail[0]).localname
        raise SmevFault(name, content.findtext("faultstring") or "")
    return content


def received(answer: etree._Element) -> Received | None:
    """The message of a GetResponseResponse, None from an empty queue; one that can be acknowledged
    but not taken has a flaw. ValueError for another answer."""
    if answer.tag != types("GetResponseResponse"):
        raise ValueError(f"an answer to another question: {answer.tag}")
    message = answer.find(types("ResponseMessage"))
    if message is None:
        return None
    response = _there(message, types("Response"))
    message_id = _there(response, f"{types('MessageMetadata')}/{types('MessageId')}").text or ""
    original_id = response.findtext(types("OriginalMessageId")) or ""
    data = types("SenderProvidedResponseData")
    provided = response.findall(f"{data}/*")
    try:
        signature = _signature_in(message)
        signer = xmldsig.signed(signature, response, xmldsig.SMEV).certificate
    except SignatureRefused as refused:
        return Received(message_id, original_id, flaw=refused.message)
    if not original_id or not provided:
        lacking = "SenderProvidedResponseData" if original_id else "OriginalMessageId"
        return Received(message_id, original_id, signer=signer, flaw=f"В ответе нет {lacking}")
    content = response.find(f"{data}/{basic('MessagePrimaryContent')}/*")
    return Received(
        message_id=message_id,
        original_id=original_id,
        content=content,
        rejection="" if content is not None else _words(provided[-1]),
        signer=signer,
    )


def _signature_in(message: etree._Element) -> etree._Element:
    found = message.find(f"{types('SMEVSignature')}/*")
    if found is None:
        raise SignatureRefused("malformed", "подписи СМЭВ нет")
    return found


def _words(element: etree._Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


def _there(parent: etree._Element, path: str) -> etree._Element:
    found = parent.find(path)
    if found is None:
        raise ValueError(f"no {path} in {parent.tag}")
    return found

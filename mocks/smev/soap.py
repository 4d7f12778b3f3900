"""The SOAP 1.1 face: an envelope in, an envelope out, a fault with HTTP 500 as SOAP has it (6.2).

СМЭВ's own faults all come with the faultcode soap:Server; so do ours.
"""

from typing import Final

from lxml import etree

from mocks.core.http import Answer, Refusal
from mocks.core.own_address import own_address
from mocks.core.service import Call
from mocks.core.xml import XML, serialized, xml_answer
from mocks.smev.documents import answer_element, parsed_root
from mocks.smev.errors import SmevError, unsigned
from mocks.smev.multipart import parts_of
from mocks.smev.schema import SCHEMAS
from mocks.smev.wsdl import wsdl

__all__ = ["HOSTS", "answer_envelope", "describe", "show_schema"]

HOSTS: Final = ("smev3-n0.test.gosuslugi.ru",)
"""Hosts of the real test circuit."""

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_MEDIA_TYPE: Final = "text/xml; charset=utf-8"
_FAULT_STATUS: Final = 500


def answer_envelope(call: Call) -> Answer:
    """The answer to an envelope; its operation is that of its element, whatever SOAPAction says."""
    try:
        parts = parts_of(call.request)
        element = _content(parsed_root(parts.root))
        return _enveloped(answer_element(call, element, parts.by_id))
    except SmevError as error:
        return _enveloped(_fault(error), _FAULT_STATUS)


def _content(root: etree._Element) -> etree._Element:
    body = root.find(f"{{{_SOAP}}}Body") if root.tag == f"{{{_SOAP}}}Envelope" else None
    children = [] if body is None else list(body.iterchildren(tag=etree.Element))
    if len(children) != 1:
        message = "Недопустимый формат SOAP-конверта: ожидается один элемент в soap:Body"
        raise unsigned("PoorSOAPEnvelopeFormat", message)
    return children[0]


def _enveloped(content: etree._Element, status: int = 200) -> Answer:
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soap": _SOAP})
    etree.SubElement(envelope, f"{{{_SOAP}}}Body").append(content)
    return Answer(status, serialized(envelope), _MEDIA_TYPE)


def _fault(error: SmevError) -> etree._Element:
    fault = etree.Element(f"{{{_SOAP}}}Fault", nsmap={"soap": _SOAP})
    etree.SubElement(fault, "faultcode").text = "soap:Server"
    etree.SubElement(fault, "faultstring").text = error.text
    etree.SubElement(fault, "detail").append(error.element())
    return fault


def describe(call: Call) -> Answer:
    """The service description; Refusal 400 unless it is asked for (`?wsdl`)."""
    if call.request.query.lower() != "wsdl":
        message = "Описание сервиса — GET с ?wsdl, сообщения — POST"
        raise Refusal(400, "wsdl-or-post", message)
    return xml_answer(wsdl(own_address(call, HOSTS) + call.request.path))


def show_schema(call: Call) -> Answer:
    """A schema that the description imports; Refusal 404."""
    schema = SCHEMAS.get(call.values["schema"])
    if schema is None:
        raise Refusal(404, "no-such-schema", f"Есть схемы: {', '.join(SCHEMAS)}")
    return Answer(200, schema, XML)

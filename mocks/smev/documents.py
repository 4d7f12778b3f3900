"""Messages of the exchange as XML documents: what an operation's element asks, and its answer."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from mocks.core.http import Refusal
from mocks.core.service import Call
from mocks.core.xml import parsed
from mocks.smev import answers
from mocks.smev.attachments import Contents
from mocks.smev.errors import OPERATIONS, SmevError, invalid_content
from mocks.smev.namespaces import basic, types
from mocks.smev.operations import Asked, perform
from mocks.smev.provided import octets_of, text_of
from mocks.smev.schema import validate
from mocks.smev.signing import check_signable, signer_of_element

__all__ = ["answer_element", "operation_of", "parsed_root"]

_XOP_INCLUDE: Final = "{http://www.w3.org/2004/08/xop/include}Include"
_FILES: Final = f"{basic('AttachmentContentList')}/{basic('AttachmentContent')}"
_SIGNATURE: Final = f"{types('CallerInformationSystemSignature')}/*"

_BY_ELEMENT: Final = {types(f"{operation}Request"): operation for operation in OPERATIONS}
_ANSWERS: Final[Mapping[str, Callable[[Call, Any], etree._Element]]] = {
    "SendRequest": answers.receipt,
    "SendResponse": answers.receipt,
    "GetRequest": answers.request_message,
    "GetResponse": answers.response_message,
    "GetStatus": answers.status,
    "Ack": answers.acknowledgement,
}


def parsed_root(document: bytes) -> etree._Element:
    """The root of a document; SmevError InvalidContent for what is no XML, or too much of it."""
    try:
        return parsed(document)
    except Refusal as refusal:
        raise invalid_content(f"{refusal.code}: {refusal.message}") from None


def operation_of(element: etree._Element) -> str | None:
    """Which of OPERATIONS an element asks for."""
    return _BY_ELEMENT.get(str(element.tag))


def answer_element(
    call: Call, element: etree._Element, parts: Mapping[str, bytes]
) -> etree._Element:
    """The answer to an operation's element, whose files may be among the `parts` of a multipart
    body. SmevError of OPERATIONS."""
    operation = operation_of(element)
    if operation is None:
        raise invalid_content(f"{element.tag}: такой операции нет")
    target = next(element.iterchildren(tag=etree.Element), None)
    if target is None:
        raise invalid_content(f"{operation}Request: пусто")
    signature = element.find(_SIGNATURE)
    caller = signer_of_element(call, target, signature).mnemonic
    contents = _contents(element, parts)
    validate(element)  # after the signature, which tells what was altered on the way
    if signature is not None:
        check_signable(signature)  # it travels with the message
    outcome = perform(call, operation, caller, Asked(target, signature, contents))
    return _ANSWERS[operation](call, outcome)


def _contents(element: etree._Element, parts: Mapping[str, bytes]) -> Contents:
    """Take the files out of the message, so that its schema is asked about the rest."""
    return [_file(each, parts) for each in element.iterfind(_FILES)]


def _file(element: etree._Element, parts: Mapping[str, bytes]) -> tuple[str, bytes]:
    content_id = text_of(element, basic("Id")) or ""
    content = element.find(basic("Content"))
    if content is None:
        return content_id, b""  # the schema refuses it
    include = content.find(_XOP_INCLUDE)
    if include is None:
        octets = octets_of(text_of(element, basic("Content")) or "", "Content")
    else:
        found = parts.get(unquote(include.get("href", "")).removeprefix("cid:"))
        if found is None:
            raise SmevError("AttachmentContentMiscoordination")
        octets = found
        content.remove(include)
    content.text = None
    return content_id, octets

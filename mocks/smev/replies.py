"""Responses that come from СМЭВ itself or from a registry behind it."""

from typing import Final

from lxml import etree

from mocks.smev.errors import SmevError
from mocks.smev.letters import Category
from mocks.smev.namespaces import NSMAP, basic, types

__all__ = ["add_processing_status", "registry_reply", "rejection"]

_BY_SENDER: Final = "SIGNED_BY_CALLER"
_BY_SMEV: Final = "SIGNED_ASYNC_BY_SMEV"
_LONGEST_DETAILS: Final = 500  # characters, by the schema


def registry_reply(message_id: str, to: str, document: etree._Element) -> etree._Element:
    """A registry's answer: its document as content, or RequestRejected if that is what it says."""
    data = _response_data(message_id, to, _BY_SENDER)
    if document.tag != types("RequestRejected"):
        etree.SubElement(data, basic("MessagePrimaryContent")).append(document)
    else:
        data.append(document)
    return data


def rejection(message_id: str, to: str, original_id: str, error: SmevError) -> etree._Element:
    """Word to the sender of a request that it goes nowhere."""
    data = _response_data(message_id, to, _BY_SMEV)
    add_processing_status(data, original_id, "requestIsRejectedBySmev", error.text, error)
    return data


def add_processing_status(
    parent: etree._Element,
    original_id: str,
    category: Category,
    details: str,
    error: SmevError | None,
) -> None:
    """AsyncProcessingStatus of a message as the last child of `parent`."""
    status = etree.SubElement(parent, types("AsyncProcessingStatus"))
    etree.SubElement(status, types("OriginalMessageId")).text = original_id
    etree.SubElement(status, types("StatusCategory")).text = category
    etree.SubElement(status, types("StatusDetails")).text = details[:_LONGEST_DETAILS]
    if error is not None:
        error.add_to(status, types("SmevFault"))


def _response_data(message_id: str, to: str, element_id: str) -> etree._Element:
    data = etree.Element(types("SenderProvidedResponseData"), Id=element_id, nsmap=NSMAP)
    etree.SubElement(data, types("MessageID")).text = message_id
    etree.SubElement(data, types("To")).text = to
    return data

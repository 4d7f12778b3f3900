"""The six operations, whatever face they are asked through: who asks, and what the hub does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from mocks.core.service import Call
from mocks.smev.attachments import Contents, attached
from mocks.smev.errors import SmevError, invalid_content
from mocks.smev.hub import Hub
from mocks.smev.letters import Letter, Notice
from mocks.smev.namespaces import MessageType, basic
from mocks.smev.provided import provided, string_of, text_of

__all__ = ["Asked", "Outcome", "perform"]

Outcome: TypeAlias = Letter | Notice | None
"""What an operation ends with: the message sent or handed out, a status, or nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: `target` is the element that is signed in XML, `signature` the ds:Signature
    over it (None: it was signed in another manner), `contents` the files beside it."""

    target: etree._Element
    signature: etree._Element | None = None
    contents: Contents = ()


def perform(call: Call, operation: str, caller: str, asked: Asked) -> Outcome:
    """Do `operation` of OPERATIONS for the participant `caller`; SmevError as listed there."""
    hub = call.tenant.state(Hub)
    if call.hit("smev_failure"):
        raise SmevError("SMEVFailure")
    return _BY_NAME[operation](call, hub, caller, asked)


def _send_request(call: Call, hub: Hub, caller: str, asked: Asked) -> Letter:
    sent = provided(asked.target, asked.signature)
    files = attached(call.tenant, sent.headers, asked.contents)
    return hub.send_request(call, caller, sent, files)


def _send_response(call: Call, hub: Hub, caller: str, asked: Asked) -> Letter:
    sent = provided(asked.target, asked.signature)
    files = attached(call.tenant, sent.headers, asked.contents)
    return hub.send_response(call, caller, sent, files)


def _get_request(call: Call, hub: Hub, caller: str, asked: Asked) -> Letter | None:
    return hub.get_request(call, caller, _selected(asked.target))


def _get_response(call: Call, hub: Hub, caller: str, asked: Asked) -> Letter | None:
    return hub.get_response(call, caller, _selected(asked.target))


def _get_status(_: Call, hub: Hub, caller: str, __: Asked) -> Notice | None:
    return hub.get_status(caller)


def _acknowledge(call: Call, hub: Hub, caller: str, asked: Asked) -> None:
    """Accepted or not, the message is gone: СМЭВ does not send anew what a client ignored."""
    hub.acknowledge(call, caller, string_of(asked.target))


_BY_NAME: Final[Mapping[str, Callable[[Call, Hub, str, Asked], Outcome]]] = {
    "SendRequest": _send_request,
    "SendResponse": _send_response,
    "GetRequest": _get_request,
    "GetResponse": _get_response,
    "GetStatus": _get_status,
    "Ack": _acknowledge,
}


def _selected(selector: etree._Element) -> MessageType | None:
    """Which type is wanted; None: any. SmevError InvalidContent for half of a type."""
    namespace = text_of(selector, basic("NamespaceURI"))
    root = text_of(selector, basic("RootElementLocalName"))
    if namespace is None and root is None:
        return None
    if namespace is None or root is None:
        raise invalid_content("MessageTypeSelector: NamespaceURI и RootElementLocalName — вместе")
    return MessageType(namespace, root)

"""Namespaces of the message exchange 1.2, and names in them."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lxml import etree

__all__ = [
    "BASIC",
    "FAULTS",
    "NSMAP",
    "SERVICE",
    "TYPES",
    "MessageType",
    "basic",
    "fault",
    "type_of",
    "types",
]

SERVICE: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/1.2"
TYPES: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2"
BASIC: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.2"
FAULTS: Final = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/faults/1.2"

NSMAP: Final[Mapping[Any, str]] = {None: BASIC, "ns2": TYPES, "ns3": FAULTS}
"""Prefixes as СМЭВ itself writes them."""


class MessageType(NamedTuple):
    """What a message is about: the qualified name of its content's root."""

    namespace: str
    root: str

    def __str__(self) -> str:
        return f"{{{self.namespace}}}{self.root}"


def types(name: str) -> str:
    """A name of the messages' namespace."""
    return f"{{{TYPES}}}{name}"


def basic(name: str) -> str:
    """A name of the basic types' namespace."""
    return f"{{{BASIC}}}{name}"


def fault(name: str) -> str:
    """A name of the faults' namespace."""
    return f"{{{FAULTS}}}{name}"


def type_of(content: etree._Element) -> MessageType:
    """The type of a message with that content."""
    name = etree.QName(content)
    return MessageType(name.namespace or "", name.localname)

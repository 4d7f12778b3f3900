"""XML of strangers made safe to read, and XML answers that are the same bytes every time.

A document is looked through by expat first, which builds nothing and stops at the first thing that
is refused; only then does lxml make a tree of it, by now known to be small.
"""

import re
from typing import Final
from xml.parsers import expat

from lxml import etree

from mocks.core.http import Answer, Refusal

__all__ = [
    "DEEPEST",
    "LARGEST",
    "MOST_ATTRIBUTES",
    "MOST_ELEMENTS",
    "XML",
    "parsed",
    "serialized",
    "xml_answer",
]

# Far above the messages of any service: СМЭВ envelopes are twenty levels deep.
LARGEST: Final = 2**20  # bytes
DEEPEST: Final = 64  # levels
MOST_ELEMENTS: Final = 20_000
MOST_ATTRIBUTES: Final = 256  # of one element, declarations of namespaces included

XML: Final = "application/xml; charset=utf-8"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def parsed(document: bytes) -> etree._Element:
    """The root of `document`, which must be UTF-8; comments and processing instructions stay.

    Refusal 413 `xml-too-large` above LARGEST bytes, otherwise 400: `xml-bad-encoding`,
    `xml-doctype` (entities of one's own need one, so there are none), `xml-too-deep`,
    `xml-too-many` elements or attributes, `xml-malformed`. Nothing outside is ever read.
    """
    _check_size(document)
    _check_encoding(document)
    _Guard().look_through(document)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
    )
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _malformed(line, column) from None


def serialized(element: etree._Element) -> bytes:
    """A document with `element` as its root: XML declaration, UTF-8, nothing added."""
    return _DECLARATION + etree.tostring(element, encoding="utf-8", xml_declaration=False)


def xml_answer(element: etree._Element, status: int = 200) -> Answer:
    """`element` as an answer."""
    return Answer(status, serialized(element), XML)


class _Guard:
    """Looks through a document in constant memory; its handlers stop expat by an exception."""

    def __init__(self) -> None:
        self._depth = 0
        self._elements = 0

    def look_through(self, document: bytes) -> None:
        """Refusal if the document is malformed, or more than a service's message can be."""
        parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        try:
            parser.Parse(document, True)
        except expat.ExpatError as error:
            raise _malformed(error.lineno, error.offset + 1) from None

    def _refuse_doctype(self, *_: object) -> None:
        raise Refusal(400, "xml-doctype", "DOCTYPE и собственные сущности в XML не принимаются")

    def _enter(self, _: str, attributes: list[str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST:
            raise Refusal(400, "xml-too-deep", f"Вложенность XML больше {DEEPEST}")
        if self._elements > MOST_ELEMENTS:
            raise Refusal(400, "xml-too-many", f"В XML больше {MOST_ELEMENTS} элементов")
        if len(attributes) > 2 * MOST_ATTRIBUTES:  # names and values
            message = f"У элемента XML больше {MOST_ATTRIBUTES} атрибутов"
            raise Refusal(400, "xml-too-many", message)

    def _leave(self, _: str) -> None:
        self._depth -= 1


def _check_size(document: bytes) -> None:
    if len(document) > LARGEST:
        raise Refusal(413, "xml-too-large", f"Документ XML больше {LARGEST} байт")


def _check_encoding(document: bytes) -> None:
    """UTF-8 alone: what other tables make of the same bytes is not agreed on by parsers."""
    declared = _ENCODING.match(document.removeprefix(_BYTE_ORDER_MARK))
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8"):
        name = declared[1].decode("ascii", "replace")[:40]
        raise Refusal(400, "xml-bad-encoding", f"Кодировка XML {name!r}: принимается UTF-8")
    try:
        document.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"Документ XML — не UTF-8: байт {error.start}"
        raise Refusal(400, "xml-bad-encoding", message) from None


def _malformed(line: int, column: int) -> Refusal:
    return Refusal(400, "xml-malformed", f"XML не разбирается: строка {line}, знак {column}")

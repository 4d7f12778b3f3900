"""The transform `urn://smev-gov-ru/xmldsig/transform`: XML in the one form that СМЭВ 3 signs.

It takes what exclusive C14N (without comments) made of the signed element, so that comments are
gone and text is whole, and writes it anew. The rules, in the order of the method guide of СМЭВ:

1.  Processing instructions go. Text on either side of one stays apart for the next rule.
2.  Text of nothing but characters up to U+0020 goes; other text stays with the spaces it has.
3.  An element has a start tag and an end tag even if nothing is between them.
4.  Of the namespaces only those are declared that an element or an attribute has.
5.  A namespace is declared at the first element, looking down the tree, that has it or whose
    attribute has it. Where that declaration is out of scope again, it is declared again.
6.  Prefixes are ns1, ns2, … in the order of declarations over the whole fragment. A declaration
    made again takes the next number, not the number its namespace had before.
7.  Attributes are sorted by namespace, then by local name, both by code points; those without a
    namespace come last.
8.  Declarations stand before attributes: the element's own namespace first, then those of the
    attributes in their order.
9.  Escaped are `<`, `&` and U+000D (as `&#xd;`) everywhere, in attributes and declarations also
    `"`, U+0009 (`&#x9;`) and U+000A (`&#xa;`). `>` is escaped in text alone, where it comes first
    or stands after `]`; in text of 12 UTF-16 units or more also where it stands after an escaped
    character or is the first of a piece of 512 units.

Rules 1 to 8 are published vectors and a dozen implementations at one; rule 6 is in the guide's own
example. Rule 9, in the guide since its version 3.5, is what the XML writer of СМЭВ (Woodstox) does,
and a client with another writer is refused there as here. What that writer can't write, elements
without a namespace and attributes with the prefix `xml`, has no form to be signed in.
"""

import re
from typing import Final
from xml.parsers import expat

__all__ = ["ALGORITHM", "Untransformable", "transformed"]

ALGORITHM: Final = "urn://smev-gov-ru/xmldsig/transform"

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_SEPARATOR: Final = "\x01"  # of a namespace and a local name; no XML has this character
_BLANK: Final = " \t\r\n"

_IN_TEXT: Final = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;", "\r": "&#xd;"})
_IN_ATTRIBUTE: Final = str.maketrans(
    {"<": "&lt;", "&": "&amp;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xa;", "\r": "&#xd;"}
)
_LONG: Final = 12  # UTF-16 units from which text is written in pieces
_PIECE: Final = 512  # UTF-16 units of a piece
_UTF16: Final = "utf-16-le"
_TO_ESCAPE: Final = re.compile(r"[<>&\r]")
_TO_ESCAPE_IN_ATTRIBUTE: Final = re.compile(r'[<&"\t\n\r]')
_TO_ESCAPE_IN_SHORT: Final = re.compile(r"\A>|\]>|[<&\r]")
_TO_ESCAPE_IN_PIECE: Final = re.compile(r"\A>+|\]>+|[<&\r]>*")


class Untransformable(ValueError):
    """XML that СМЭВ has no signed form of, or no XML."""


def transformed(canonical: bytes) -> bytes:
    """The signed form of an element, from its canonical XML; UTF-8 both.

    The time it takes is linear. Untransformable if `canonical` is not well-formed, or has elements
    without a namespace or `xml:` attributes.
    """
    writer = _Writer()
    parser = expat.ParserCreate("utf-8", _SEPARATOR)
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.buffer_size = len(canonical) or 1
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.ProcessingInstructionHandler = lambda *_: None  # without one, text would be joined
    try:
        parser.Parse(canonical, True)
    except expat.ExpatError as error:
        raise Untransformable(f"not well-formed XML: {error}") from None
    return "".join(writer.written).encode()


class _Writer:
    """Writes what expat reads."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._declared = 0
        self._prefixes: dict[str, str] = {}  # in scope, by namespace
        self._open: list[tuple[str, list[str]]] = []  # name, namespaces it declares

    def start(self, expanded: str, ordered: list[str]) -> None:
        """The start tag of an element; `ordered` has names and values of attributes in turn."""
        namespace, _, local = expanded.rpartition(_SEPARATOR)
        if not namespace:
            raise Untransformable(f"element {local} has no namespace")
        declared: list[str] = []
        prefix = self._prefix(namespace, declared)
        written = []
        for unqualified, space, attribute, value in sorted(
            map(_split, ordered[::2], ordered[1::2])
        ):
            qualified = attribute if unqualified else f"{self._prefix(space, declared)}:{attribute}"
            written.append(f' {qualified}="{_quoted(value)}"')
        self._open.append((f"{prefix}:{local}", declared))
        self.written.append(f"<{prefix}:{local}")
        for each in declared:
            self.written.append(f' xmlns:{self._prefixes[each]}="{_quoted(each)}"')
        self.written += written
        self.written.append(">")

    def end(self, _: str) -> None:
        """The end tag of the element that is open."""
        name, declared = self._open.pop()
        self.written.append(f"</{name}>")
        for namespace in declared:
            del self._prefixes[namespace]

    def text(self, text: str) -> None:
        """Text between tags and instructions."""
        if text.strip(_BLANK):
            self.written.append(_escaped(text))

    def _prefix(self, namespace: str, declared: list[str]) -> str:
        """The prefix of a namespace, which is `declared` now if none is in scope."""
        prefix = self._prefixes.get(namespace)
        if prefix is None:
            self._declared += 1
            prefix = self._prefixes[namespace] = f"ns{self._declared}"
            declared.append(namespace)
        return prefix


def _split(expanded: str, value: str) -> tuple[bool, str, str, str]:
    """An attribute as it is sorted: whether it has no namespace, that namespace, name, value."""
    namespace, _, local = expanded.rpartition(_SEPARATOR)
    if namespace == _XML:
        raise Untransformable(f"attribute xml:{local} cannot have another prefix")
    return not namespace, namespace, local, value


def _quoted(value: str) -> str:
    # Looking first is faster: to translate a text takes time by each letter that isn't Latin.
    return value.translate(_IN_ATTRIBUTE) if _TO_ESCAPE_IN_ATTRIBUTE.search(value) else value


def _escaped(text: str) -> str:
    if not _TO_ESCAPE.search(text):
        return text
    units = text.encode(_UTF16)
    width = len("x".encode(_UTF16))
    if len(units) < _LONG * width:
        return _TO_ESCAPE_IN_SHORT.sub(lambda found: found[0].translate(_IN_TEXT), text)
    starts = range(0, len(units), _PIECE * width)
    # A piece may begin or end in the middle of a character.
    pieces = (units[at : at + _PIECE * width].decode(_UTF16, "surrogatepass") for at in starts)
    written = "".join(
        _TO_ESCAPE_IN_PIECE.sub(lambda found: found[0].translate(_IN_TEXT), piece)
        for piece in pieces
    )
    return written.encode(_UTF16, "surrogatepass").decode(_UTF16)

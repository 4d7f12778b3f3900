"""Elements of the tax service's documents: two namespaces, entries, texts of a limited length."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from mocks.extracts.entries import Entry

__all__ = ["NOT_FOUND", "WITHHELD", "Attributes", "Form", "fit", "roubles"]

NOT_FOUND: Final = "01"
"""КодОбр: there is no such record."""

WITHHELD: Final = "53"
"""КодОбр: the data of this record cannot be given."""

_KOPECKS: Final = 100

Attributes = Mapping[str, str | None]
"""Attributes of an element in their order; those that are None are left out."""


def fit(text: str, most: int) -> str:
    """`text` as a document can hold it: `most` characters at most, none that XML forbids."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return text[:most]


def roubles(kopecks: int) -> str:
    """An amount as documents have it: «10000.00»."""
    return f"{kopecks // _KOPECKS}.{kopecks % _KOPECKS:02}"


class Form:
    """The documents of one register.

    `message` is the namespace of a document's own elements, `types` that of elements inside the
    common types; `root` names the response; `entry` and `number` are the names of a reference to an
    entry and of its number.
    """

    def __init__(self, message: str, types: str, root: str, entry: str, number: str) -> None:
        self.message = message
        self.root = root
        self.number = number
        self._own = f"{{{message}}}"
        self._typed = f"{{{types}}}"
        self._nsmap = {"ns1": message, "fnst": types}
        self._entry = entry

    def response(self, request_id: str) -> etree._Element:
        """An empty response to the request `request_id`."""
        return etree.Element(f"{self._own}{self.root}", {"ИдДок": request_id}, self._nsmap)

    def refusal(self, request_id: str, code: str) -> etree._Element:
        """A response that has no extract, but КодОбр."""
        response = self.response(request_id)
        self.add(response, "КодОбр").text = code
        return response

    def add(
        self,
        parent: etree._Element,
        name: str,
        attributes: Attributes | None = None,
        *,
        typed: bool = False,
    ) -> etree._Element:
        """A new last child of `parent`; `typed` if the parent is of one of the common types."""
        given = {key: value for key, value in (attributes or {}).items() if value is not None}
        return etree.SubElement(parent, f"{self._typed if typed else self._own}{name}", given)

    def add_entry(
        self, parent: etree._Element, entry: Entry, suffix: str = "", *, typed: bool = False
    ) -> None:
        """Which entry wrote what `parent` says; the suffix Перв is of who was named first."""
        attributes = {self.number: entry.number, "ДатаЗаписи": entry.on.isoformat()}
        self.add(parent, self._entry + suffix, attributes, typed=typed)

"""Requests for extracts, read as strictly as their schema says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from mocks.core.http import Refusal

__all__ = ["ExtractRequest", "RequestForm"]

_ID, _CASE = "ИдДок", "НомерДела"
_LONGEST: Final = {_ID: 36, _CASE: 50}
_SCHEMA_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class ExtractRequest:
    """A request `id` about the owner of `number`, an ОГРН or an ИНН."""

    id: str
    number: str


@dataclass(frozen=True)
class RequestForm:
    """How a register is asked: the document's root, its child, and by which numbers, each with its
    test."""

    namespace: str
    root: str
    choice: str
    numbers: Mapping[str, Callable[[str], bool]]

    def read(self, request: etree._Element) -> ExtractRequest:
        """What is asked; Refusal 400 `xml-wrong-root`, `xml-invalid` or `bad-check-digit` with the
        path of what is wrong."""
        own = f"{{{self.namespace}}}"
        if request.tag != f"{own}{self.root}":
            expected = f"{self.root} из {self.namespace}"
            raise Refusal(400, "xml-wrong-root", f"Ожидается {expected}", field=self.root)
        attributes = _attributes(request, self.root)
        asked = _only_child(request, self.root, [f"{own}{self.choice}"])
        place = f"{self.root}/{self.choice}"
        if asked.attrib:
            raise _invalid(place, "атрибутов здесь не бывает")
        number = _only_child(asked, place, [f"{own}{name}" for name in self.numbers])
        name = etree.QName(number).localname
        place = f"{place}/{name}"
        if len(number) or number.attrib:
            raise _invalid(place, "ожидается только номер")
        text = number.text or ""
        if not self.numbers[name](text):
            message = f"{place}: неверная длина, знаки или контрольное число"
            raise Refusal(400, "bad-check-digit", message, field=place)
        return ExtractRequest(attributes[_ID], text)


def _attributes(request: etree._Element, place: str) -> dict[str, str]:
    given = {
        str(name): str(value)
        for name, value in request.attrib.items()
        if not str(name).startswith(_SCHEMA_INSTANCE)
    }
    unknown = given.keys() - _LONGEST
    if unknown:
        raise _invalid(f"{place}/@{min(unknown)}", "такого атрибута нет")
    if _ID not in given:
        raise _invalid(f"{place}/@{_ID}", "обязательный атрибут")
    for name, value in given.items():
        if not 0 < len(value) <= _LONGEST[name]:
            raise _invalid(f"{place}/@{name}", f"ожидается от 1 до {_LONGEST[name]} знаков")
    return given


def _only_child(parent: etree._Element, place: str, names: list[str]) -> etree._Element:
    children = [child for child in parent if isinstance(child.tag, str)]
    texts = [parent.text, *(child.tail for child in parent)]
    if any(text and text.strip() for text in texts):
        raise _invalid(place, "текста здесь не бывает")
    if len(children) != 1 or children[0].tag not in names:
        expected = " или ".join(etree.QName(name).localname for name in names)
        raise _invalid(place, f"ожидается один элемент: {expected}")
    return children[0]


def _invalid(place: str, message: str) -> Refusal:
    return Refusal(400, "xml-invalid", f"{place}: {message}", field=place)

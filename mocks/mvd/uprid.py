"""Simplified identification: `ESIADataVerifyRequest` and its answer, as СМЭВ carries them.

The XML is the primary content of a message; the envelope and its signature are СМЭВ's business.
Clients of later versions differ in the number at the end of the namespace alone, so each is
answered in its own.
"""

import re
from typing import Final

from lxml import etree

from mocks.core.http import Refusal
from mocks.core.person_match import same_text
from mocks.core.xml import parsed
from world.identifiers import is_valid_person_inn, is_valid_snils
from world.records import Person

__all__ = ["VerifyRequest", "verify_response"]

NAMESPACE: Final = re.compile(r"urn://mincomsvyaz/esia/uprid/1\.[0-9]\.[0-9]")

_FIELDS: Final = {
    "RoutingCode": re.compile(r"[A-Z0-9]{1,20}"),
    "passportSeries": re.compile(r"[0-9]{4}"),
    "passportNumber": re.compile(r"[0-9]{6}"),
    "lastName": re.compile(r".{1,100}"),
    "firstName": re.compile(r".{1,100}"),
    "middleName": re.compile(r".{0,100}"),
    "snils": re.compile(r"[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}"),
    "inn": re.compile(r"[0-9]{12}"),
}
_REQUIRED: Final = ("RoutingCode", "passportSeries", "passportNumber", "lastName", "firstName")


class VerifyRequest:
    """A request whose fields have the form that they must have.

    `snils` or `inn` must be there: the identification is by one of them (115-ФЗ, art. 7, 1.12).
    Refusal 400 as of `parsed`, 422 with the wrong field.
    """

    def __init__(self, document: bytes) -> None:
        root = parsed(document)
        name = etree.QName(root)
        if name.localname != "ESIADataVerifyRequest" or not NAMESPACE.fullmatch(
            name.namespace or ""
        ):
            message = "Ожидается ESIADataVerifyRequest из urn://mincomsvyaz/esia/uprid"
            raise Refusal(422, "wrong-root", message)
        self.namespace = name.namespace or ""
        self._values: dict[str, str] = {}
        for child in root.iterchildren(tag=etree.Element):
            self._take(child)
        self._check()

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def differing(self, holder: Person) -> list[str]:
        """Names of the fields that are not the holder's."""
        same = {
            "lastName": same_text(self["lastName"], holder.name.last),
            "firstName": same_text(self["firstName"], holder.name.first),
            "middleName": same_text(self["middleName"], holder.name.patronymic or ""),
            "snils": _digits(self["snils"]) in ("", holder.snils),
            "inn": self["inn"] in ("", holder.inn),
        }
        return [name for name, agrees in same.items() if not agrees]

    def _take(self, child: etree._Element) -> None:
        name = etree.QName(child)
        form = _FIELDS.get(name.localname)
        if name.namespace != self.namespace or form is None or name.localname in self._values:
            message = f"Лишний элемент {name.localname}"
            raise Refusal(422, "unexpected-element", message, field=name.localname)
        text = (child.text or "").strip()
        if len(child) or not form.fullmatch(text):
            message = f"{name.localname}: значение не по форме"
            raise Refusal(422, "bad-value", message, field=name.localname)
        self._values[name.localname] = text

    def _check(self) -> None:
        missing = [name for name in _REQUIRED if name not in self._values]
        if missing or not (self["snils"] or self["inn"]):
            name = missing[0] if missing else "snils"
            raise Refusal(422, "missing-element", f"Нет элемента {name}", field=name)
        if self["snils"] and not is_valid_snils(_digits(self["snils"])):
            raise Refusal(422, "bad-value", "snils: неверное контрольное число", field="snils")
        if self["inn"] and not is_valid_person_inn(self["inn"]):
            raise Refusal(422, "bad-value", "inn: неверное контрольное число", field="inn")


def verify_response(namespace: str, valid: bool, request_id: int) -> etree._Element:
    """`ESIADataVerifyResponse` with VALID or INVALID and the number of the request."""
    root = etree.Element(f"{{{namespace}}}ESIADataVerifyResponse", nsmap={"tns": namespace})
    etree.SubElement(root, f"{{{namespace}}}status").text = "VALID" if valid else "INVALID"
    etree.SubElement(root, f"{{{namespace}}}requestId").text = str(request_id)
    return root


def _digits(snils: str) -> str:
    return snils.replace("-", "").replace(" ", "")

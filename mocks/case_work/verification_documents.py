"""Verification cases as СМЭВ carries them: documents that ask what the JSON face asks (VER-01).

What goes through СМЭВ in life is not published; elements are named as the fields of the JSON face.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final, Literal, TypeAlias, get_args

from lxml import etree
from pydantic import BaseModel

from mocks.core.http import Answer, Refusal
from mocks.core.service import Call
from mocks.core.xml import parsed, xml_answer

__all__ = ["REQUEST", "RESPONSE", "Asked", "Operation", "answer_document", "namespace_of"]

Operation: TypeAlias = Literal["submit", "show", "change", "answer", "hurry"]

REQUEST: Final = "VerificationRequest"
RESPONSE: Final = "VerificationResponse"
_OPERATIONS: Final = frozenset(get_args(Operation))
_PARTS: Final = frozenset({"number", "text", "data"})
_NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "submit": frozenset({"data"}),
    "show": frozenset({"number"}),
    "change": frozenset({"number", "data"}),
    "answer": _PARTS,
    "hurry": frozenset({"number"}),
}
_FAILURE: Final = 500  # from here on it is no answer: СМЭВ asks again


def namespace_of(service: str) -> str:
    """The namespace of an agency's documents."""
    return f"urn://poligon/verification/{service}/1.0.0"


class Asked:
    """A request to `service` whose form is right: `operation`, and the parts that it needs.

    Refusal 400 as of `parsed`, or `xml-wrong-root`, `xml-invalid`; data are looked at by whoever
    answers.
    """

    def __init__(self, service: str, document: bytes) -> None:
        root = parsed(document)
        self._space = f"{{{namespace_of(service)}}}"
        if root.tag != self._space + REQUEST:
            raise Refusal(400, "xml-wrong-root", f"Ожидается {REQUEST} из {namespace_of(service)}")
        self.operation = root.get("operation", "")
        parts = {self._name(each): each for each in root.iterchildren(tag=etree.Element)}
        if self.operation not in _OPERATIONS or set(parts) != _NEEDED[self.operation]:
            raise _invalid(f"operation {self.operation!r} с {', '.join(parts) or 'пустым телом'}")
        self.number = _text(parts.get("number"))
        self.text = _text(parts.get("text"))
        data = parts.get("data")
        fields = () if data is None else data.iterchildren(tag=etree.Element)
        self.data = {self._name(each): _text(each) for each in fields}

    def _name(self, element: etree._Element) -> str:
        name = str(element.tag)
        if not name.startswith(self._space):
            raise _invalid(f"лишний элемент {name}")
        return name.removeprefix(self._space)


def answer_document(
    call: Call,
    model: type[BaseModel],
    handlers: Mapping[Operation, Callable[[Call], Answer]],
) -> Answer:
    """What `handlers` of the JSON face answer, as a document: the case, or why it is refused.

    A Refusal of the document itself, and one for now (503), stay refusals.
    """
    asked = Asked(call.service, call.request.body)
    numbers = _numbers(model)
    data = {
        name: int(text) if name in numbers and _is_number(text) else text
        for name, text in asked.data.items()
    }
    body = {"text": asked.text, "data": data} if asked.operation == "answer" else data
    request = replace(call.request, body=json.dumps(body).encode())
    handler = next(each for name, each in handlers.items() if name == asked.operation)
    root = etree.Element(_in(call, RESPONSE), nsmap={"ns1": namespace_of(call.service)})
    try:
        answer = handler(replace(call, request=request, values={"number": asked.number}))
    except Refusal as refusal:
        if refusal.status >= _FAILURE:
            raise
        refused = etree.SubElement(root, _in(call, "refusal"))
        _add(call, refused, {"error": refusal.code, "message": refusal.message})
    else:
        _add_case(call, root, json.loads(answer.body))
    return xml_answer(root)


def _add_case(call: Call, root: etree._Element, shown: Mapping[str, Any]) -> None:
    case = etree.SubElement(root, _in(call, "case"))
    _add(call, case, {name: shown[name] for name in ("number", "inn", "status", "stage")})
    for remark in shown["remarks"]:
        told = {name: remark[name] for name in ("field", "code", "message")}
        _add(call, etree.SubElement(case, _in(call, "remark")), told)


def _add(call: Call, parent: etree._Element, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, _in(call, name)).text = text


def _in(call: Call, name: str) -> str:
    return f"{{{namespace_of(call.service)}}}{name}"


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    if len(element):
        raise _invalid(f"{element.tag}: ожидается текст")
    return element.text or ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20  # longer ones are refused as text


def _invalid(why: str) -> Refusal:
    return Refusal(400, "xml-invalid", f"Документ не по схеме: {why}")


@cache
def _numbers(model: type[BaseModel]) -> frozenset[str]:
    """The fields that are whole numbers, by the schema."""
    properties = model.model_json_schema()["properties"]
    return frozenset(
        name
        for name, schema in properties.items()
        if any(each.get("type") == "integer" for each in (schema, *schema.get("anyOf", ())))
    )

"""The faces that both registers have: documents as through СМЭВ, JSON, changes (REG-15)."""

from functools import partial
from typing import Final

from lxml import etree

from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.records import Change
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.core.xml import parsed, xml_answer
from mocks.extracts.history import History
from mocks.extracts.register import Register, WithheldError
from mocks.extracts.summary import summary
from mocks.smev.namespaces import TYPES

__all__ = ["add_routes"]

_UNKNOWN_REQUEST: Final = "UNKNOWN_REQUEST_DESCRIPTION"
_FAILURE: Final = "FAILURE"


def add_routes(service: Service, register: Register) -> None:
    """Let `service` answer for `register`, and tell of its changes."""
    service.post("/smev")(partial(_answer_document, register))
    service.get("/v1/organizations/{number}")(partial(_answer_json, register))
    service.get("/v1/changes")(feed_page)
    service.begin = partial(_begin, service.id, register)


# --- documents ------------------------------------------------------------------------------------


def _answer_document(register: Register, call: Call) -> Answer:
    """FNSVip…Response, or RequestRejected in the form of СМЭВ with HTTP status 400 or 413."""
    try:
        return xml_answer(register.answer(call, parsed(call.request.body)))
    except Refusal as refusal:
        return _rejection(refusal)


def _rejection(refusal: Refusal) -> Answer:
    def add(name: str, text: str) -> None:
        etree.SubElement(rejected, f"{{{TYPES}}}{name}").text = text

    rejected = etree.Element(f"{{{TYPES}}}RequestRejected", nsmap={"ns1": TYPES})
    unknown = refusal.code == "xml-wrong-root"
    add("RejectionReasonCode", _UNKNOWN_REQUEST if unknown else _FAILURE)
    add("RejectionReasonDescription", f"{refusal.code}: {refusal.message}")
    return xml_answer(rejected, refusal.status)


# --- JSON -----------------------------------------------------------------------------------------


def _answer_json(register: Register, call: Call) -> Answer:
    number = call.values["number"]
    if not any(is_valid(number) for is_valid in register.request.numbers.values()):
        expected = " или ".join(register.request.numbers)
        message = f"{number[:20]!r}: ожидается {expected} с верным контрольным числом"
        raise Refusal(422, "bad-number", message, field="number")
    try:
        found = register.find(call, number)
    except WithheldError:
        message = f"Сведения {register.title} не могут быть предоставлены"
        raise Refusal(403, "withheld", message) from None
    if found is None:
        message = f"Записи с номером {number} в {register.title} нет"
        raise Refusal(404, "no-such-organization", message)
    on = call.tenant.clock.calendar.local(call.now_us).date()
    return json_answer(summary(found, call.tenant.records.identity, on))


# --- changes --------------------------------------------------------------------------------------


def _begin(service: str, register: Register, tenant: Tenant) -> None:
    tenant.state(History)
    tenant.records.on_change.append(partial(_publish, service, register, tenant))


def _publish(service: str, register: Register, tenant: Tenant, change: Change) -> None:
    if change.after.kind != register.kind:
        return
    ogrn = change.after.ogrn
    key = tenant.keys.made(service, f"change {ogrn}")
    payload = {
        "ogrn": ogrn,
        "inn": change.after.inn,
        "fields": list(change.fields),
    }
    tenant.feed(service).publish(f"{ogrn}-{key.visit + 1}", payload, key, change.at_us)

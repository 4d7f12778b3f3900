"""Extracts from the registry: ordered, paid for, prepared, downloaded as XML or PDF (APP-06)."""

from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from mocks.case_work.cases import Case, Docket, StateTable
from mocks.case_work.terms import day_after, last_moment
from mocks.case_work.work import Works
from mocks.core.tenant import Tenant
from mocks.core.xml import serialized
from mocks.rosreestr.registry import SERVICE, RightsRegistry, object_view
from world.documents import printed_date
from world.file_formats import file_content

__all__ = ["FEE_KOPECKS", "Extract", "Extracts", "extract_pdf", "extract_xml"]

PAYMENT_DAYS: Final = 7
"""So many calendar days is a payment awaited, then the request is void (приказ Росреестра от
08.04.2021 № П/0149)."""

READY_WORKING_DAYS: Final = 3
"""218-ФЗ, art. 62, part 9."""

FEE_KOPECKS: Final = 82_000
"""Assumption: the fee of an electronic extract for an organization."""

STATES: Final = StateTable(
    titles={
        "awaiting_payment": "Ожидает оплаты",
        "in_work": "Готовится",
        "ready": "Готова",
        "void": "Аннулирована: не оплачена в срок",
        "refused": "Отказано в выдаче",
    },
    follows={
        "awaiting_payment": frozenset({"in_work", "void"}),
        "in_work": frozenset({"ready", "refused"}),
    },
)


@dataclass
class Extract:
    """What is ordered; `uin` identifies the charge, `payment` is the payment's id, `content` the
    object as it was when the extract was made."""

    cadastral_number: str
    purpose: str
    uin: str
    stale: bool = False
    payment: str | None = None
    content: dict[str, Any] | None = None


class Extracts:
    """A tenant's orders."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._registry = tenant.state(RightsRegistry)
        self._works = Works(tenant, SERVICE)
        self.docket: Docket[Extract] = Docket("EXTRACT", STATES, on_drop=self._works.drop)

    def payment_due_us(self, now_us: int) -> int:
        """The last moment in which an order of now can be paid."""
        calendar = self._tenant.clock.calendar
        return last_moment(calendar, day_after(calendar, now_us, PAYMENT_DAYS))

    def await_payment(self, case: Case[Extract]) -> None:
        """Let an order that is not paid in time become void."""
        if case.due_us is not None:
            self.docket.plan(self._tenant.agenda, case.due_us + 1, case, self._lapse)

    def paid(self, case: Case[Extract], payment: str, now_us: int) -> None:
        """The payment has come: the extract is prepared."""
        calendar = self._tenant.clock.calendar
        case.subject.payment = payment
        due_us = calendar.deadline_working_days(now_us, READY_WORKING_DAYS)
        case.move("in_work", now_us, "Плата поступила", due_us)
        self._works.on(case, self._prepare).begin_surely(now_us)

    def _lapse(self, case: Case[Extract], now_us: int) -> None:
        if case.state == "awaiting_payment":
            case.move("void", now_us, "Плата в срок не поступила")

    def _prepare(self, case: Case[Extract], now_us: int) -> None:
        estate = self._registry.by_number(case.subject.cadastral_number)
        if estate is None:
            case.move("refused", now_us, "Объекта с таким кадастровым номером нет")
            return
        if case.subject.stale:
            estate = self._registry.before_last_transfer(estate)
        case.subject.content = object_view(self._tenant.records, estate)
        case.move("ready", now_us, "Выписка подписана и доступна")


def extract_xml(case: Case[Extract], formed: str) -> bytes:
    """The extract as XML: element names after those of extract_base_params of ЕГРН."""
    content = case.subject.content or {}
    right = content["right"]
    root = etree.Element("extract_base_params")
    details = etree.SubElement(root, "details_statement")
    _texts(details, registration_number=case.number, date_formation=formed)
    record = etree.SubElement(root, "base_record")
    _texts(
        record,
        cad_number=content["cadastral_number"],
        type=content["kind_title"],
        address=content["address"],
        area=str(content["area_m2"]),
        cost=f"{content['cadastral_value_kopecks'] / 100:.2f}",
    )
    rights = etree.SubElement(etree.SubElement(root, "right_records"), "right_record")
    _texts(
        rights,
        right_type=right["type"],
        right_number=right["number"],
        registration_date=right["registered"],
        holder_name=right["holder"]["name"],
        holder_inn=right["holder"]["inn"] or "",
    )
    restrictions = etree.SubElement(root, "restrict_records")
    for encumbrance in content["encumbrances"]:
        one = etree.SubElement(restrictions, "restrict_record")
        _texts(one, restriction_type=encumbrance["type"], holder_inn=encumbrance["inn"])
    return serialized(root)


def extract_pdf(case: Case[Extract], tenant: Tenant) -> bytes:
    """The extract as a page to print."""
    content = case.subject.content or {}
    right = content["right"]
    formed = tenant.clock.calendar.date(case.history[-1].at_us)
    lines = (
        f"Выписка из ЕГРН № {case.number}",
        f"{content['kind_title']} {content['cadastral_number']}",
        content["address"],
        f"Площадь: {content['area_m2']} кв. м",
        f"{right['type']} № {right['number']} от {right['registered']}",
        f"Правообладатель: {right['holder']['name']}",
        f"Обременения: {', '.join(e['type'] for e in content['encumbrances']) or 'нет'}",
        f"Дата: {printed_date(formed)}",
    )
    return file_content("pdf", lines)


def _texts(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, name).text = text

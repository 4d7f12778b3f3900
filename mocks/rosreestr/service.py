"""Росреестр: objects and rights, the check of a legal address, extracts, transfers of rights.

Cadastral numbers, terms and the elements of an extract are the real ones; real requests come
through СМЭВ or the FGIS of ЕГРН, these paths are ours.
"""

from functools import partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission, asked_organization, organization_of
from mocks.case_work.cases import Case
from mocks.case_work.filing import filed
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call, Service
from mocks.rosreestr.extracts import FEE_KOPECKS, Extract, Extracts, extract_pdf, extract_xml
from mocks.rosreestr.objects import Holder, RealEstate, place_of
from mocks.rosreestr.registry import SERVICE, RightsRegistry, holder_view, object_view
from mocks.rosreestr.transfers import REGISTRATION_WORKING_DAYS, Transfer, Transfers

__all__ = ["service"]

service: Final = Service(
    SERVICE,
    works=True,
    own_faults={
        "payment_lost": "поступившая плата не связывается с заявлением: оно ждёт оплаты дальше",
        "stale_extract": "выписка называет прежнего правообладателя",
        "false_refusal": "объект, который есть, объявляется отсутствующим (OPS-07)",
    },
)

CadastralNumber = Annotated[str, Field(max_length=21)]


class AddressCheck(BaseModel):
    """Whose premises are those at an organization's legal address."""

    model_config = ConfigDict(extra="forbid")

    inn: str
    ogrn: str


class ExtractOrder(Submission):
    """An extract about an object and what it is for (APP-06)."""

    cadastral_number: CadastralNumber
    purpose: Annotated[str, Field(min_length=1, max_length=300)]


class Payment(BaseModel):
    """A confirmed payment of a charge (PAY-01)."""

    model_config = ConfigDict(extra="forbid")

    payment_id: Annotated[str, Field(min_length=1, max_length=64)]
    uin: str
    amount_kopecks: int


class TransferApplication(Submission):
    """An organization passes its right to another one; `basis` names the deed."""

    cadastral_number: CadastralNumber
    to_inn: str
    basis: Annotated[str, Field(min_length=1, max_length=300)]


# --- objects


@service.get("/v1/objects")
def objects(call: Call) -> Answer:
    """What the organization of parameter `inn` owns."""
    found = call.tenant.state(RightsRegistry).of_organization(asked_organization(call))
    records = call.tenant.records
    return json_answer({"objects": [object_view(records, estate) for estate in found]})


@service.get("/v1/objects/{cadastral_number}")
def one_object(call: Call) -> Answer:
    """One object with its right."""
    estate = _estate(call, call.values["cadastral_number"])
    return json_answer(object_view(call.tenant.records, estate))


@service.post("/v1/address-checks")
def check_address(call: Call) -> Answer:
    """Whether an organization owns the premises at its legal address, rents them, or neither is
    known."""
    asked = call.request.read(AddressCheck)
    organization = organization_of(call, asked.inn, asked.ogrn)
    estate = call.tenant.state(RightsRegistry).at_legal_address(organization)
    if estate is None or call.hit("false_refusal"):
        result: dict[str, Any] = {"result": "not_found", "cadastral_number": None, "holder": None}
    else:
        if estate.right.holder == Holder("organization", organization.index):
            verdict = "owned"
        elif estate.tenant_organization == organization.index:
            verdict = "rented"
        else:
            verdict = "foreign"
        result = {
            "result": verdict,
            "cadastral_number": estate.cadastral_number,
            "holder": holder_view(call.tenant.records, estate.right.holder),
        }
    return json_answer({"address": str(organization.address), **result})


def _estate(call: Call, cadastral_number: str) -> RealEstate:
    if place_of(cadastral_number) is None:
        message = "Кадастровый номер: ожидается NN:NN:NNNNNNN:N"
        raise Refusal(422, "bad-cadastral-number", message, field="cadastral_number")
    estate = call.tenant.state(RightsRegistry).by_number(cadastral_number)
    if estate is None or call.hit("false_refusal"):
        message = f"Объекта {cadastral_number} в реестре нет"
        raise Refusal(404, "no-such-object", message, field="cadastral_number")
    return estate


# --- extracts


@service.post("/v1/extracts")
def order_extract(call: Call) -> Answer:
    """Order an extract: 201 with the charge to be paid, 200 with the same case for a
    repetition."""
    asked = call.request.read(ExtractOrder)
    docket = call.tenant.state(Extracts).docket
    return filed(docket, asked, lambda: _ordered(call, asked), partial(_extract_view, call))


def _ordered(call: Call, asked: ExtractOrder) -> Case[Extract]:
    state = call.tenant.state(Extracts)
    organization_of(call, asked.inn, asked.ogrn)
    _estate(call, asked.cadastral_number)
    extract = Extract(
        cadastral_number=asked.cadastral_number,
        purpose=asked.purpose,
        uin=f"321{call.key.word('uin') % 10**17:017}",  # 321 is the agency's code of the budget
        stale=call.hit("stale_extract"),
    )
    due_us = state.payment_due_us(call.now_us)
    case = state.docket.open(call, asked, extract, "Заявление принято", due_us)
    state.await_payment(case)
    return case


@service.post("/v1/extracts/{number}/payment")
def pay(call: Call) -> Answer:
    """A payment for an extract; the same payment again changes nothing, another one is refused."""
    asked = call.request.read(Payment)
    state = call.tenant.state(Extracts)
    case = state.docket.case(call.values["number"])
    extract = case.subject
    if extract.payment == asked.payment_id:
        return json_answer(_extract_view(call, case))
    case.require("awaiting_payment")
    if asked.uin != extract.uin:
        raise Refusal(422, "wrong-uin", "УИН не этого начисления", field="uin")
    if asked.amount_kopecks != FEE_KOPECKS:
        message = f"Ожидается {FEE_KOPECKS} коп."
        raise Refusal(422, "wrong-amount", message, field="amount_kopecks")
    if not call.hit("payment_lost"):
        state.paid(case, asked.payment_id, call.now_us)
    return json_answer(_extract_view(call, case))


@service.get("/v1/extracts/{number}")
def extract(call: Call) -> Answer:
    """Where an order stands."""
    case = call.tenant.state(Extracts).docket.case(call.values["number"])
    return json_answer(_extract_view(call, case))


@service.get("/v1/extracts/{number}/document")
def document(call: Call) -> Answer:
    """The extract in the `format` xml or pdf (the default); Refusal 409 before it is ready."""
    case = call.tenant.state(Extracts).docket.case(call.values["number"])
    case.require("ready")
    match call.request.parameter("format") or "pdf":
        case "pdf":
            return Answer(200, extract_pdf(case, call.tenant), "application/pdf")
        case "xml":
            formed = moment(call.tenant, case.history[-1].at_us)
            return Answer(200, extract_xml(case, formed), "application/xml; charset=utf-8")
        case _:
            raise Refusal(400, "bad-format", "format: ожидается xml или pdf", field="format")


def _extract_view(call: Call, case: Case[Extract]) -> dict[str, Any]:
    return {
        **case.view(call.tenant, call.now_us),
        "cadastral_number": case.subject.cadastral_number,
        "purpose": case.subject.purpose,
        "charge": {"uin": case.subject.uin, "amount_kopecks": FEE_KOPECKS},
        "paid": case.subject.payment is not None,
    }


# --- transfers of rights


@service.post("/v1/transfers")
def apply_for_transfer(call: Call) -> Answer:
    """Apply for the registration of a transfer: 201 with a case, 200 for a repetition."""
    asked = call.request.read(TransferApplication)
    docket = call.tenant.state(Transfers).docket
    return filed(docket, asked, lambda: _applied(call, asked), partial(_transfer_view, call))


def _applied(call: Call, asked: TransferApplication) -> Case[Transfer]:
    state = call.tenant.state(Transfers)
    organization_of(call, asked.inn, asked.ogrn)
    if asked.to_inn == asked.inn:
        raise Refusal(422, "same-holder", "Стороны перехода права совпадают", field="to_inn")
    organization_of(call, asked.to_inn)
    _estate(call, asked.cadastral_number)
    calendar = call.tenant.clock.calendar
    due_us = calendar.deadline_working_days(call.now_us, REGISTRATION_WORKING_DAYS)
    transfer = Transfer(asked.cadastral_number, asked.to_inn, asked.basis)
    case = state.docket.open(call, asked, transfer, "Документы приняты", due_us)
    state.examine(case, call.now_us)
    return case


@service.get("/v1/transfers/{number}")
def transfer(call: Call) -> Answer:
    """Where a transfer stands."""
    case = call.tenant.state(Transfers).docket.case(call.values["number"])
    return json_answer(_transfer_view(call, case))


def _transfer_view(call: Call, case: Case[Transfer]) -> dict[str, Any]:
    return {
        **case.view(call.tenant, call.now_us),
        "cadastral_number": case.subject.cadastral_number,
        "to_inn": case.subject.to_inn,
        "basis": case.subject.basis,
    }

"""Routes of the personal cabinet: consents, an employee's data, checks, employers' reports."""

import datetime as dt
from typing import Annotated, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import organization_of
from mocks.citizen_portal.consents import (
    CONSENT_LOST,
    SERVICE,
    TITLES,
    Consent,
    ConsentRequest,
    Consents,
    Decision,
    Scope,
)
from mocks.citizen_portal.contracts import Contract, Contracts, LabourEvent, contract_view
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.person_match import same_text
from mocks.core.register import Register
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from world.identifiers import is_valid_snils
from world.microseconds import DAY_US
from world.records import Person

__all__ = ["service"]

STALE_EMPLOYMENT, FALSE_MISMATCH = "stale_employment", "false_mismatch"

service: Final = Service(
    SERVICE,
    own_faults={
        STALE_EMPLOYMENT: "трудовой договор показан по состоянию на сутки раньше",
        CONSENT_LOST: "данное гражданином согласие не доходит до организации",
        FALSE_MISMATCH: "совпадающие сведения объявляются расходящимися (OPS-07)",
    },
)

STALE_US: Final = DAY_US
"""Assumption: data that lag are a day old."""

DATA_US: Final = DAY_US
"""Assumption: data once given may be relied on for a day, and not longer than the consent."""

_MOST_REPORTS: Final = 10_000  # of employers, whose numbers are remembered

Text = Annotated[str, Field(min_length=1, max_length=300)]


class EmployeeCheck(BaseModel):
    """What is typed about an employee (ROLE-06), to be compared with the cabinet."""

    model_config = ConfigDict(extra="forbid")

    consent_id: str
    full_name: Text
    inn: Text
    position: Text
    department: Text


class Reports:
    """Employers' reports of one tenant by their numbers."""

    def __init__(self, tenant: Tenant) -> None:
        self.register: Register[Contract] = Register(_MOST_REPORTS)


# --- the organization's side


@service.post("/v1/consent-requests")
def request_consent(call: Call) -> Answer:
    """Ask a person: 201; 200 for the same request again. Refusal 404 if nobody has the СНИЛС."""
    asked = call.request.read(ConsentRequest)
    consents = call.tenant.state(Consents)
    repeated = consents.repeated(asked)
    if repeated is not None:
        return json_answer(consents.view(repeated))
    organization = organization_of(call, asked.inn)
    person = _person(call, asked.snils)
    consent = consents.ask(asked, person, organization, call.key, call.now_us)
    return json_answer(consents.view(consent), 201)


@service.get("/v1/consents/{consent_id}")
def show_consent(call: Call) -> Answer:
    """What became of a request."""
    consents = call.tenant.state(Consents)
    return json_answer(consents.view(consents.find(call.values["consent_id"])))


@service.get("/v1/consents/{consent_id}/data")
def show_data(call: Call) -> Answer:
    """The data of the consent's scopes, and until when they may be relied on."""
    consent = _approved(call, call.values["consent_id"])
    person = call.tenant.records.person(consent.person)
    parts: dict[Scope, Any] = {
        "fullname": {
            "last_name": person.name.last,
            "first_name": person.name.first,
            "patronymic": person.name.patronymic,
        },
        "birthdate": person.birth_date.isoformat(),
        "inn": person.inn,
        "snils": person.snils,
        "contacts": {"phone": person.phone, "email": person.email},
        "employment": None,
    }
    if "employment" in consent.scopes:
        parts["employment"] = contract_view(_contract(call, consent), _today(call))
    return json_answer(
        {
            "consent_id": consent.id,
            "as_of": moment(call.tenant, call.now_us),
            "valid_until": moment(call.tenant, min(call.now_us + DATA_US, consent.ends_us)),
            **{scope: parts[scope] for scope in get_args(Scope) if scope in consent.scopes},
        }
    )


@service.post("/v1/employee-checks")
def check_employee(call: Call) -> Answer:
    """Whether what was typed about an employee agrees; only `fields` that differ are told.

    Refusal 403 without a consent to name, ИНН and employment.
    """
    asked = call.request.read(EmployeeCheck)
    consent = _approved(call, asked.consent_id)
    lacking = [one for one in ("fullname", "inn", "employment") if one not in consent.scopes]
    if lacking:
        message = f"Согласие не даёт сведений: {', '.join(lacking)}"
        raise Refusal(403, "scope-missing", message, field="consent_id")
    person = call.tenant.records.person(consent.person)
    contract = _contract(call, consent)
    differing = _differing(asked, person, contract, _today(call))
    if not differing and call.hit(FALSE_MISMATCH):
        differing = ["full_name"]
    return json_answer({"result": "mismatch" if differing else "match", "fields": differing})


@service.post("/v1/labour-events")
def report_labour_event(call: Call) -> Answer:
    """An employer reports a hiring, a transfer or a dismissal: 201; 200 for a repetition."""
    asked = call.request.read(LabourEvent)
    register = call.tenant.state(Reports).register
    contract = register.repeated(asked)
    repeated = contract is not None
    if contract is None:
        organization = organization_of(call, asked.inn)
        person = _person(call, asked.snils)
        call.tenant.state(Consents)  # listens to what the contracts become
        contracts = call.tenant.state(Contracts)
        contract = contracts.report(asked, person, organization, call.now_us)
        register.keep(asked.request_id, contract, asked)
    view = {"request_id": asked.request_id, **contract_view(contract, _today(call))}
    return json_answer(view, 200 if repeated else 201)


service.get("/v1/events")(feed_page)


# --- the person's side


@service.get("/v1/cabinet/{snils}/consents")
def show_cabinet(call: Call) -> Answer:
    """What organizations ask of the person."""
    person = _person(call, call.values["snils"])
    consents = call.tenant.state(Consents)
    asked = [consents.view(consent, by_person=True) for consent in consents.of(person)]
    return json_answer({"snils": person.snils, "consents": asked})


@service.post("/v1/cabinet/{snils}/consents/{consent_id}/{decision}")
def decide(call: Call) -> Answer:
    """The person approves, declines or withdraws; of one's own alone."""
    consents = call.tenant.state(Consents)
    consent = consents.find(call.values["consent_id"])
    person = _person(call, call.values["snils"])
    decision = next((one for one in get_args(Decision) if one == call.values["decision"]), None)
    if decision is None or consent.person != person.index:
        raise Refusal(404, "no-such-consent", f"Нет согласия {consent.id} или такого решения")
    lost = decision == "approve" and call.hit(CONSENT_LOST)
    consents.decide(consent, decision, lost, call.now_us)
    return json_answer(consents.view(consent, by_person=True))


def _approved(call: Call, consent_id: str) -> Consent:
    consent = call.tenant.state(Consents).find(consent_id)
    if consent.status != "approved":
        message = f"Сведения не даются: {TITLES[consent.status].lower()}"
        raise Refusal(403, f"consent-{consent.status}", message)
    return consent


def _person(call: Call, snils: str) -> Person:
    if not is_valid_snils(snils):
        message = "СНИЛС: ожидается 11 цифр с верным контрольным числом"
        raise Refusal(422, "bad-snils", message, field="snils")
    person = call.tenant.records.person_by_snils(snils)
    if person is None:
        raise Refusal(404, "no-such-person", f"Гражданина со СНИЛС {snils} нет", field="snils")
    return person


def _contract(call: Call, consent: Consent) -> Contract | None:
    records = call.tenant.records
    person, organization = (
        records.person(consent.person),
        records.organization(consent.organization),
    )
    as_of_us = call.now_us - STALE_US if call.hit(STALE_EMPLOYMENT) else call.now_us
    return call.tenant.state(Contracts).of(person, organization, as_of_us)


def _differing(
    asked: EmployeeCheck, person: Person, contract: Contract | None, today: dt.date
) -> list[str]:
    works = contract is not None and contract.is_in_force(today)
    same = {
        "full_name": same_text(asked.full_name, str(person.name)),
        "inn": asked.inn == person.inn,
        "employment": works,
    }
    if contract is not None and works:
        same["position"] = same_text(asked.position, contract.position)
        same["department"] = same_text(asked.department, contract.department)
    return [name for name, agrees in same.items() if not agrees]


def _today(call: Call) -> dt.date:
    return call.tenant.clock.calendar.date(call.now_us)

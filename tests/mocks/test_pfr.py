"""ПФР: verification of insurers, certificates of registration, checks of СНИЛС."""

import datetime as dt
import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.extracts.offices import insurer_number
from mocks.pfr.service import service
from tests.mocks.asking import ask, ask_json
from tests.mocks.verification_cases import (
    DAY_US,
    HOUR_US,
    Agency,
    country_of,
    plan,
    remarked,
    stage,
)
from world.identifiers import snils
from world.records import Organization

COUNTRY = country_of(service)  # its clock starts on Monday 20 April 2026 at midnight
AGREED = ("Завершено", "agreed", "agreed")
REMARKED = ("Завершено", "remarks", "remarks")


@pytest.fixture
def pfr() -> Agency:
    COUNTRY.reset_tenant("main")
    return Agency(COUNTRY, "pfr")


def of_kind(country: Country, kind: str, standing: str = "active") -> Organization:
    records = country.tenant().records
    organizations = (records.organization(index) for index in range(500))
    return next(o for o in organizations if (o.kind, o.standing) == (kind, standing))


def data_of(country: Country, organization: Organization, **changes: Any) -> dict[str, Any]:
    contracts = country.world.employees_of(organization.index)
    head = 1 if organization.kind == "legal" else 0  # a proprietor is not employed
    data = {
        "request_id": "r1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "full_name": organization.full_name,
        "insurer_number": insurer_number(organization),
        "employees": len(contracts) + head,
    }
    return {**data, **changes}


@pytest.mark.parametrize("kind", ["legal", "sole_proprietor"])
def test_an_insurer_of_the_register_agrees_a_day_later(pfr: Agency, kind: str) -> None:
    case = pfr.submit(data_of(pfr.country, of_kind(pfr.country, kind)))
    pfr.advance(DAY_US - 1)
    assert stage(pfr.show(case["number"])) == ("В процессе", "checking", None)
    pfr.advance(1)
    assert stage(pfr.show(case["number"])) == AGREED
    assert pfr.events() == [("PFR-2026-000001/1/agreed", "2026-04-21T00:00:00.000+03:00")]


@pytest.mark.parametrize("more", [-1, 1])
def test_one_employee_more_or_less_is_a_remark(pfr: Agency, more: int) -> None:
    organization = of_kind(pfr.country, "legal")
    right = data_of(pfr.country, organization)
    number = pfr.submit({**right, "employees": right["employees"] + more})["number"]
    pfr.advance(DAY_US)
    done = pfr.show(number)
    assert (stage(done), done["remarks"]) == (
        REMARKED,
        [
            {
                "field": "employees",
                "code": "mismatch",
                "message": "Число застрахованных лиц не совпадает с представленными сведениями",
            }
        ],
    )
    pfr.change(number, {**right, "request_id": "r2"})
    pfr.advance(DAY_US)
    assert stage(pfr.show(number)) == AGREED


@pytest.mark.parametrize("left_out", ["insurer_number", "employees"])
def test_what_an_insurer_leaves_out_is_not_compared(pfr: Agency, left_out: str) -> None:
    data = data_of(pfr.country, of_kind(pfr.country, "legal"))
    del data[left_out]
    number = pfr.submit(data)["number"]
    pfr.advance(DAY_US)
    assert stage(pfr.show(number)) == AGREED


def test_a_wrong_number_is_a_remark_and_a_wrong_name_a_query(pfr: Agency) -> None:
    right = data_of(pfr.country, of_kind(pfr.country, "legal"))
    number = pfr.submit({**right, "insurer_number": "099-001-000001", "full_name": "Иное"})
    name = pfr.submit({**right, "request_id": "r2", "full_name": "Иное"})
    pfr.advance(DAY_US + HOUR_US)
    assert remarked(pfr.show(number["number"])) == [
        ("full_name", "mismatch"),
        ("insurer_number", "mismatch"),
    ]
    assert stage(pfr.show(number["number"])) == REMARKED
    assert stage(pfr.show(name["number"])) == ("В процессе", "clarification", None)


def test_a_closed_insurer_is_told_to_be_gone(pfr: Agency) -> None:
    gone = of_kind(pfr.country, "legal", "liquidated")
    number = pfr.submit(data_of(pfr.country, gone))["number"]
    pfr.advance(DAY_US)
    assert remarked(pfr.show(number)) == [("standing", "liquidated")]


# --- certificates

ORDERS = "/pfr/v1/registration-certificates"


def order(organization: Organization) -> dict[str, str]:
    return {
        "request_id": "c1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "purpose": "для банка",
    }


def test_a_certificate_is_issued_at_the_end_of_the_third_working_day(pfr: Agency) -> None:
    organization, tenant = of_kind(pfr.country, "legal"), pfr.country.tenant()
    ordered = ask_json(pfr.country, "POST", ORDERS, order(organization))
    assert ordered == ask_json(pfr.country, "POST", ORDERS, order(organization))
    assert (ordered["status"], ordered["due"]) == ("ordered", "2026-04-23T23:59:59.999+03:00")
    document = f"{ORDERS}/{ordered['number']}/document"
    end_us = tenant.clock.calendar.midnight(dt.date(2026, 4, 24)) - 1
    tenant.set_time(end_us - 1)
    early = ask(pfr.country, "GET", document)
    assert (early.status, json.loads(early.body)["error"]) == (409, "wrong-state")
    tenant.advance(1)
    issued = ask(pfr.country, "GET", document)
    assert (issued.status, issued.media_type) == (200, "application/pdf")
    number = insurer_number(organization).encode("cp1251").hex().encode()
    assert number in issued.body  # the text of the page is written in hexadecimal digits
    (event,) = ask_json(pfr.country, "GET", "/pfr/v1/events")["events"]
    assert (event["kind"], event["case"]["status"]) == ("certificate", "issued")


def test_a_late_certificate_takes_a_second_term(pfr: Agency) -> None:
    plan(pfr.country, "pfr", "late_certificate")
    organization, tenant = of_kind(pfr.country, "legal"), pfr.country.tenant()
    number = ask_json(pfr.country, "POST", ORDERS, order(organization))["number"]
    # Thursday 23 April, then Friday, Monday and Tuesday.
    end_us = tenant.clock.calendar.midnight(dt.date(2026, 4, 29)) - 1
    tenant.set_time(end_us - 1)
    late = ask_json(pfr.country, "GET", f"{ORDERS}/{number}")
    assert (late["status"], late["overdue"]) == ("ordered", True)
    tenant.advance(1)
    assert ask_json(pfr.country, "GET", f"{ORDERS}/{number}")["status"] == "issued"


def test_a_closed_insurer_gets_no_certificate(pfr: Agency) -> None:
    gone = of_kind(pfr.country, "legal", "liquidated")
    number = ask_json(pfr.country, "POST", ORDERS, order(gone))["number"]
    pfr.advance(10 * DAY_US)
    refused = ask_json(pfr.country, "GET", f"{ORDERS}/{number}")
    assert (refused["status"], refused["history"][-1]["comment"]) == (
        "refused",
        "Страхователь снят с учёта",
    )
    assert ask(pfr.country, "GET", f"{ORDERS}/{number}/document").status == 409


# --- СНИЛС


def snils_check(pfr: Agency, **changes: object) -> Any:
    someone = pfr.country.tenant().records.person(7)
    asked = {
        "last_name": someone.name.last,
        "first_name": someone.name.first,
        "patronymic": someone.name.patronymic,
        "birth_date": someone.birth_date.isoformat(),
        "snils": someone.snils,
    }
    return json.loads(ask(pfr.country, "POST", "/pfr/v1/snils-checks", {**asked, **changes}).body)


def test_a_snils_is_of_this_person_of_another_of_nobody_or_no_snils(pfr: Agency) -> None:
    assert snils_check(pfr) == {"result": "match", "message": "СНИЛС принадлежит этому лицу"}
    assert snils_check(pfr, birth_date="1901-01-01") == {
        "result": "mismatch",
        "message": "Сведения о лице не совпадают",
        "fields": ["birth_date"],
    }
    nobody = snils("998999999")
    assert snils_check(pfr, snils=nobody)["result"] == "not_found"
    typo = nobody[:-1] + str((int(nobody[-1]) + 1) % 10)
    assert snils_check(pfr, snils=typo)["error"] == "bad-snils"


def test_a_true_snils_is_falsely_refused_once(pfr: Agency) -> None:
    plan(pfr.country, "pfr", "false_refusal", times=1)
    assert [snils_check(pfr)["result"] for _ in range(2)] == ["not_found", "match"]

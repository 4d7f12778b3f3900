"""Росреестр: objects, legal addresses, paid extracts, transfers of rights."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mocks.core.country import Country
from mocks.rosreestr.objects import objects_near, place_of
from mocks.rosreestr.service import service
from tests.mocks.agencies import DAY_US, active_legal, end_of, go_to, organization, plan
from tests.mocks.asking import ask, ask_json
from world.country import World
from world.identifiers import legal_inn, ogrn
from world.records import Organization

WORLD = World(1)
EXTRACTS = "/rosreestr/v1/extracts"
TRANSFERS = "/rosreestr/v1/transfers"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def owned(country: Country, one: Organization) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask_json(country, "GET", f"/rosreestr/v1/objects?inn={one.inn}")[
        "objects"
    ]
    return found


def owner(country: Country) -> tuple[Organization, dict[str, Any]]:
    """An active legal entity and an object of its own."""
    one = organization(
        country,
        lambda one: one.kind == "legal" and one.standing == "active" and bool(owned(country, one)),
    )
    return one, owned(country, one)[0]


def order(one: Organization, number: str, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "portal-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "cadastral_number": number,
        "purpose": "Проверка адреса",
        **changes,
    }


def payment(case: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"payment_id": "pay-1", **case["charge"], **changes}


def deed(giver: Organization, taker: Organization, number: str, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "deed-1",
        "inn": giver.inn,
        "ogrn": giver.ogrn,
        "cadastral_number": number,
        "to_inn": taker.inn,
        "basis": "Договор купли-продажи № 7",
        **changes,
    }


def transferred(country: Country) -> tuple[Organization, Organization, dict[str, Any]]:
    """Giver, taker and the object that has passed from one to the other."""
    giver, estate = owner(country)
    taker = organization(country, lambda one: one.standing == "active" and one.inn != giver.inn)
    body = deed(giver, taker, estate["cadastral_number"])
    ask_json(country, "POST", TRANSFERS, body)
    country.tenant().advance(10 * DAY_US)
    return giver, taker, estate


# --- objects


@given(index=st.integers(0, 9_999_999))
def test_every_object_has_a_number_of_its_region_that_leads_back_to_it(index: int) -> None:
    one = WORLD.organization(index)
    objects = objects_near(1, one)
    numbers = [estate.cadastral_number for estate in objects]
    assert len(set(numbers)) == len(numbers) >= 1
    for number in numbers:
        assert re.fullmatch(r"\d{2}:\d{2}:\d{7}:\d{1,6}", number)
        assert number[:2] == one.address.region
        assert place_of(number) == index


@pytest.mark.parametrize(
    "number", ["77:01:0001:1", "77:01:0000001:0", "77-01-0000001-1", "77:01:0000001:1 ", ""]
)
def test_what_is_no_cadastral_number_has_no_place(number: str) -> None:
    assert place_of(number) is None


def test_object_is_found_by_its_number(country: Country) -> None:
    one, estate = owner(country)
    url = f"/rosreestr/v1/objects/{estate['cadastral_number']}"
    assert ask_json(country, "GET", url) == estate
    assert estate["right"]["holder"] == {
        "sort": "organization",
        "inn": one.inn,
        "name": one.short_name,
    }
    assert ask(country, "GET", f"{url.rpartition(':')[0]}:999").status == 404
    assert ask(country, "GET", "/rosreestr/v1/objects/1").status == 422


@pytest.mark.parametrize("verdict", ["owned", "rented"])
def test_premises_at_the_legal_address_are_owned_or_rented(country: Country, verdict: str) -> None:
    url = "/rosreestr/v1/address-checks"

    def check(one: Organization) -> Any:
        return ask_json(country, "POST", url, {"inn": one.inn, "ogrn": one.ogrn})

    one = organization(country, lambda one: bool(check(one)["result"] == verdict))
    body = check(one)
    numbers = [estate["cadastral_number"] for estate in owned(country, one)]
    assert body["address"] == str(one.address)
    assert (body["cadastral_number"] in numbers) is (verdict == "owned")
    assert (body["holder"]["inn"] == one.inn) is (verdict == "owned")


def test_nobody_knows_what_stands_at_an_address_that_was_changed(country: Country) -> None:
    one = active_legal(country)
    tenant = country.tenant()
    tenant.records.change_organization(one.index, {"address": {"house": "д. 999"}}, tenant.now_us)
    body = {"inn": one.inn, "ogrn": one.ogrn}
    answer = ask_json(country, "POST", "/rosreestr/v1/address-checks", body)
    assert (answer["result"], answer["cadastral_number"]) == ("not_found", None)


def test_person_who_owns_premises_is_not_named(country: Country) -> None:
    one = organization(country, lambda one: one.kind == "sole_proprietor")
    body = {"inn": one.inn, "ogrn": one.ogrn}
    answer = ask_json(country, "POST", "/rosreestr/v1/address-checks", body)
    assert answer["holder"] == {"sort": "person", "inn": None, "name": "Физическое лицо"}


# --- extracts


def test_extract_waits_for_its_payment_and_is_ready_after_the_work(country: Country) -> None:
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    assert (case["number"], case["status"], case["paid"]) == (
        "EXTRACT-2026-000001",
        "awaiting_payment",
        False,
    )
    assert case["due"] == "2026-02-09T23:59:59.999+03:00"  # seven days
    assert case["charge"]["amount_kopecks"] == 82_000
    assert re.fullmatch(r"321\d{17}", case["charge"]["uin"])
    url = f"{EXTRACTS}/{case['number']}"
    assert ask(country, "GET", f"{url}/document").status == 409
    paid = ask_json(country, "POST", f"{url}/payment", payment(case))
    assert (paid["status"], paid["paid"]) == ("in_work", True)
    assert paid["due"] == "2026-02-05T23:59:59.999+03:00"  # three working days
    country.tenant().advance(3 * DAY_US)
    assert ask_json(country, "GET", url)["status"] == "ready"
    assert ask(country, "GET", f"{url}/document").body.startswith(b"%PDF-")


def test_extract_as_xml_tells_object_right_and_holder(country: Country) -> None:
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    url = f"{EXTRACTS}/{case['number']}"
    ask_json(country, "POST", f"{url}/payment", payment(case))
    country.tenant().advance(3 * DAY_US)
    answer = ask(country, "GET", f"{url}/document?format=xml")
    assert answer.media_type == "application/xml; charset=utf-8"
    root = etree.fromstring(answer.body)
    texts = {element.tag: element.text for element in root.iter() if element.text}
    ready = ask_json(country, "GET", url)["history"][-1]["at"]
    kopecks = estate["cadastral_value_kopecks"]
    assert texts == {
        "registration_number": case["number"],
        "date_formation": ready,
        "cad_number": estate["cadastral_number"],
        "type": estate["kind_title"],
        "address": estate["address"],
        "area": str(estate["area_m2"]),
        "cost": f"{kopecks // 100}.{kopecks % 100:02}",
        "right_type": "Собственность",
        "right_number": estate["right"]["number"],
        "registration_date": estate["right"]["registered"],
        "holder_name": one.short_name,
        "holder_inn": one.inn,
    }
    assert ask(country, "GET", f"{url}/document?format=docx").status == 400


@pytest.mark.parametrize(("past_us", "code", "status"), [(-1, 200, "in_work"), (0, 409, "void")])
def test_payment_is_taken_until_the_end_of_the_seventh_day(
    country: Country, past_us: int, code: int, status: str
) -> None:
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    url = f"{EXTRACTS}/{case['number']}"
    go_to(country, 2026, 2, 10, past_us=past_us)
    assert ask(country, "POST", f"{url}/payment", payment(case)).status == code
    assert ask_json(country, "GET", url)["status"] == status


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"amount_kopecks": 81_999}, "wrong-amount"), ({"uin": "3" * 20}, "wrong-uin")],
)
def test_payment_of_another_charge_is_refused(
    country: Country, changes: dict[str, Any], error: str
) -> None:
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    answer = ask(country, "POST", f"{EXTRACTS}/{case['number']}/payment", payment(case, **changes))
    assert (answer.status, json.loads(answer.body)["error"]) == (422, error)


def test_payment_told_twice_is_one_payment_and_a_second_one_is_refused(country: Country) -> None:
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    url = f"{EXTRACTS}/{case['number']}/payment"
    first, second = (ask(country, "POST", url, payment(case)) for _ in range(2))
    assert (second.status, second.body) == (200, first.body)
    assert ask(country, "POST", url, payment(case, payment_id="pay-2")).status == 409


def test_repeated_order_is_the_same_charge(country: Country) -> None:
    one, estate = owner(country)
    body = order(one, estate["cadastral_number"])
    first, second = (ask(country, "POST", EXTRACTS, body) for _ in range(2))
    assert (first.status, second.status, second.body) == (201, 200, first.body)
    assert ask(country, "POST", EXTRACTS, {**body, "purpose": "Иная"}).status == 409


# --- transfers


def test_transfer_passes_the_object_on(country: Country) -> None:
    giver, taker, estate = transferred(country)
    case = ask_json(country, "GET", f"{TRANSFERS}/RIGHT-2026-000001")
    assert case["status"] == "registered"
    number = estate["cadastral_number"]
    after = ask_json(country, "GET", f"/rosreestr/v1/objects/{number}")
    assert after["right"]["holder"]["inn"] == taker.inn
    assert after["right"]["registered"] == case["history"][-1]["at"][:10]
    assert after["right"]["number"] == f"{number}-{number[:2]}/001/2026-2"
    assert number not in [one["cadastral_number"] for one in owned(country, giver)]
    assert number in [one["cadastral_number"] for one in owned(country, taker)]


def test_premises_that_were_passed_on_are_foreign_at_the_legal_address(country: Country) -> None:
    url = "/rosreestr/v1/address-checks"

    def check(one: Organization) -> Any:
        return ask_json(country, "POST", url, {"inn": one.inn, "ogrn": one.ogrn})

    giver = organization(
        country, lambda one: one.standing == "active" and bool(check(one)["result"] == "owned")
    )
    taker = organization(country, lambda one: one.standing == "active" and one.inn != giver.inn)
    body = deed(giver, taker, check(giver)["cadastral_number"])
    ask_json(country, "POST", TRANSFERS, body)
    country.tenant().advance(10 * DAY_US)
    after = check(giver)
    assert (after["result"], after["holder"]["inn"]) == ("foreign", taker.inn)


def test_transfer_of_what_one_has_passed_on_already_is_refused(country: Country) -> None:
    giver, taker, estate = transferred(country)
    body = deed(giver, taker, estate["cadastral_number"], request_id="deed-2")
    number = ask_json(country, "POST", TRANSFERS, body)["number"]
    country.tenant().advance(10 * DAY_US)
    case = ask_json(country, "GET", f"{TRANSFERS}/{number}")
    assert (case["status"], case["history"][-1]["comment"]) == (
        "refused",
        "Право заявителя на объект не зарегистрировано",
    )


def test_transfer_to_an_organization_that_ends_meanwhile_is_refused(country: Country) -> None:
    giver, estate = owner(country)
    taker = organization(country, lambda one: one.standing == "active" and one.inn != giver.inn)
    body = deed(giver, taker, estate["cadastral_number"])
    number = ask_json(country, "POST", TRANSFERS, body)["number"]
    end_of(country, taker)
    country.tenant().advance(10 * DAY_US)
    case = ask_json(country, "GET", f"{TRANSFERS}/{number}")
    assert case["history"][-1]["comment"] == (
        f"Организация с ИНН {taker.inn} прекратила деятельность"
    )


def test_transfer_to_oneself_is_refused_and_a_repeated_one_is_the_same_case(
    country: Country,
) -> None:
    giver, estate = owner(country)
    number = estate["cadastral_number"]
    answer = ask(country, "POST", TRANSFERS, deed(giver, giver, number))
    assert (answer.status, json.loads(answer.body)["error"]) == (422, "same-holder")
    taker = organization(country, lambda one: one.inn != giver.inn)
    first, second = (ask(country, "POST", TRANSFERS, deed(giver, taker, number)) for _ in range(2))
    assert (first.status, second.status, second.body) == (201, 200, first.body)


# --- faults


def test_lost_payment_leaves_the_order_unpaid_until_it_is_told_again(country: Country) -> None:
    plan(country, "rosreestr", "payment_lost", times=1)
    one, estate = owner(country)
    case = ask_json(country, "POST", EXTRACTS, order(one, estate["cadastral_number"]))
    url = f"{EXTRACTS}/{case['number']}/payment"
    told = [ask_json(country, "POST", url, payment(case))["status"] for _ in range(2)]
    assert told == ["awaiting_payment", "in_work"]


def test_stale_extract_names_the_holder_before_the_transfer(country: Country) -> None:
    giver, taker, estate = transferred(country)
    plan(country, "rosreestr", "stale_extract", times=1)
    names = []
    for request_id in ("portal-1", "portal-2"):
        body = order(taker, estate["cadastral_number"], request_id=request_id)
        case = ask_json(country, "POST", EXTRACTS, body)
        url = f"{EXTRACTS}/{case['number']}"
        ask_json(country, "POST", f"{url}/payment", payment(case, payment_id=request_id))
        country.tenant().advance(5 * DAY_US)
        root = etree.fromstring(ask(country, "GET", f"{url}/document?format=xml").body)
        names.append(root.findtext("right_records/right_record/holder_inn"))
    assert names == [giver.inn, taker.inn]


def test_object_that_exists_is_denied_falsely_once(country: Country) -> None:
    _, estate = owner(country)
    plan(country, "rosreestr", "false_refusal", times=1)
    url = f"/rosreestr/v1/objects/{estate['cadastral_number']}"
    assert [ask(country, "GET", url).status for _ in range(2)] == [404, 200]


def test_object_whose_holder_a_test_has_taken_back_names_nobody(country: Country) -> None:
    giver, estate = owner(country)
    records = country.tenant().records
    numbers = {"inn": legal_inn("772999999"), "ogrn": ogrn("125772999999")}
    added = records.add_organization(giver.index, numbers)
    number = estate["cadastral_number"]
    body = order(giver, number, to_inn=added.inn, basis="Договор") | {"request_id": "t"}
    del body["purpose"]
    ask_json(country, "POST", TRANSFERS, body)
    country.tenant().advance(30 * DAY_US)
    url = f"/rosreestr/v1/objects/{number}"
    assert ask_json(country, "GET", url)["right"]["holder"]["inn"] == added.inn
    records.restore()
    assert ask_json(country, "GET", url)["right"]["holder"] == {
        "sort": "organization",
        "inn": None,
        "name": "Сведений в реестрах нет",
    }

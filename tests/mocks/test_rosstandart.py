"""Росстандарт: expertise, the registry of conformity, declarations."""

import datetime as dt
import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.rosstandart.service import service
from tests.mocks.agencies import (
    DAY_US,
    active_legal,
    end_of,
    go_to,
    organization,
    plan,
)
from tests.mocks.asking import ask, ask_json
from world.records import Organization

EXPERTISES = "/rosstandart/v1/expertises"
CERTIFICATES = "/rosstandart/v1/certificates"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def form(one: Organization, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "portal-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "product": "Чайник электрический",
        "regulation": "ТР ТС 004/2011",
        "years": 1,
        **changes,
    }


def examined(country: Country, wanted: str, one: Organization | None = None) -> Any:
    """The case of the first expertise that ends so."""
    one = active_legal(country) if one is None else one
    for attempt in range(40):
        body = form(one, request_id=f"portal-{attempt}")
        number = ask_json(country, "POST", EXPERTISES, body)["number"]
        country.tenant().advance(30 * DAY_US)
        case = ask_json(country, "GET", f"{EXPERTISES}/{number}")
        if case["status"] == wanted:
            return case
    raise AssertionError(f"no expertise ended as {wanted}")


def certified(country: Country) -> tuple[Organization, dict[str, Any]]:
    """An organization with a certificate of the country that is valid in February 2026."""
    found: list[dict[str, Any]] = []

    def fits(one: Organization) -> bool:
        answer = ask_json(country, "GET", f"{CERTIFICATES}?inn={one.inn}")
        found[:] = [entry for entry in answer["certificates"] if entry["status"] == "active"]
        return one.standing == "active" and bool(found)

    return organization(country, fits), found[0]


def test_expertise_is_a_case_with_a_term_of_20_working_days(country: Country) -> None:
    one = active_legal(country)
    # 23 February and 9 March are days off: the 20th working day after 2 February is 3 March.
    assert ask_json(country, "POST", EXPERTISES, form(one)) == {
        "number": "EXP-2026-000001",
        "request_id": "portal-1",
        "inn": one.inn,
        "status": "in_examination",
        "status_title": "Образцы на экспертизе",
        "due": "2026-03-03T23:59:59.999+03:00",
        "overdue": False,
        "history": [
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "status": "in_examination",
                "comment": "Образцы приняты",
                "due": "2026-03-03T23:59:59.999+03:00",
            }
        ],
        "product": "Чайник электрический",
        "regulation": "ТР ТС 004/2011",
        "certificate": None,
        "declaration": None,
    }


def test_conforming_product_gets_a_certificate_that_ends_with_its_last_day(
    country: Country,
) -> None:
    case = examined(country, "conforming")
    url = f"{CERTIFICATES}/{case['certificate']}"
    certificate = ask_json(country, "GET", url)
    assert certificate["number"] == "ЕАЭС RU С-RU.РА00.В.00000/26"
    assert (certificate["kind"], certificate["status"]) == ("certificate", "active")
    assert certificate["basis"] == case["number"]
    begins = dt.date.fromisoformat(certificate["valid_from"])
    ends = begins.replace(year=begins.year + 1) - dt.timedelta(days=1)
    assert certificate["valid_until"] == ends.isoformat()
    after = ends + dt.timedelta(days=1)
    go_to(country, after.year, after.month, after.day, past_us=-1)
    assert ask_json(country, "GET", url)["status"] == "active"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["status"] == "expired"


def test_product_that_does_not_conform_gets_a_protocol_and_no_certificate(
    country: Country,
) -> None:
    case = examined(country, "non_conforming")
    assert case["certificate"] is None
    assert case["history"][-1]["comment"] == "Не выполнены требования ТР ТС 004/2011"
    protocol = ask(country, "GET", f"{EXPERTISES}/{case['number']}/protocol")
    assert protocol.body.startswith(b"%PDF-")
    assert "Не соответствует требованиям".encode("cp1251").hex().encode() in protocol.body


def test_protocol_is_refused_before_there_is_a_result(country: Country) -> None:
    number = ask_json(country, "POST", EXPERTISES, form(active_legal(country)))["number"]
    answer = ask(country, "GET", f"{EXPERTISES}/{number}/protocol")
    assert (answer.status, json.loads(answer.body)["error"]) == (409, "wrong-state")


def test_samples_of_an_organization_that_has_ended_meanwhile_are_rejected(
    country: Country,
) -> None:
    one = active_legal(country)
    number = ask_json(country, "POST", EXPERTISES, form(one))["number"]
    end_of(country, one)
    country.tenant().advance(30 * DAY_US)
    case = ask_json(country, "GET", f"{EXPERTISES}/{number}")
    assert case["history"][-1]["comment"] == "Заявитель: прекратила деятельность"
    assert case["status"] == "rejected"


def test_repeated_expertise_opens_no_second_case(country: Country) -> None:
    body = form(active_legal(country))
    first, second = (ask(country, "POST", EXPERTISES, body) for _ in range(2))
    assert (first.status, second.status, second.body) == (201, 200, first.body)
    assert ask(country, "POST", EXPERTISES, {**body, "years": 2}).status == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"years": 0}, "years"),
        ({"years": 6}, "years"),
        ({"regulation": "ГОСТ 1"}, "regulation"),
        ({"product": ""}, "product"),
        ({"inn": "123"}, "inn"),
    ],
)
def test_wrong_expertise_is_refused_by_field(
    country: Country, changes: dict[str, Any], field: str
) -> None:
    answer = ask(country, "POST", EXPERTISES, form(active_legal(country), **changes))
    assert (answer.status, json.loads(answer.body)["field"]) == (422, field)


@pytest.mark.parametrize(("years", "status"), [(1, 201), (5, 201), (6, 422)])
def test_declaration_rests_on_ones_own_expertise_and_lasts_five_years_at_most(
    country: Country, years: int, status: int
) -> None:
    one = active_legal(country)
    case = examined(country, "conforming", one)
    body = {
        "request_id": "declaration-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "expertise": case["number"],
        "years": years,
    }
    answer = ask(country, "POST", "/rosstandart/v1/declarations", body)
    assert answer.status == status
    if status == 201:
        declaration = json.loads(answer.body)
        assert declaration["number"].startswith("ЕАЭС N RU Д-RU.РА00.В.0000")
        again = ask(country, "POST", "/rosstandart/v1/declarations", body)
        assert (again.status, again.body) == (200, answer.body)


def test_declaration_on_a_foreign_expertise_is_refused(country: Country) -> None:
    case = examined(country, "conforming")
    other = organization(country, lambda one: one.standing == "active" and one.inn != case["inn"])
    body = {
        "request_id": "declaration-1",
        "inn": other.inn,
        "ogrn": other.ogrn,
        "expertise": case["number"],
        "years": 1,
    }
    answer = ask(country, "POST", "/rosstandart/v1/declarations", body)
    assert (answer.status, json.loads(answer.body)["error"]) == (403, "foreign-expertise")


def test_certificate_of_the_country_is_found_by_number_and_id(country: Country) -> None:
    _, entry = certified(country)
    assert ask_json(country, "GET", f"{CERTIFICATES}/{entry['id']}") == entry
    url = f"{CERTIFICATES}?number={entry['number'].replace(' ', '%20')}"
    assert ask_json(country, "GET", url) == {"certificates": [entry]}
    assert ask(country, "GET", f"{CERTIFICATES}/99999999").status == 404
    assert ask(country, "GET", f"{CERTIFICATES}/abc").status == 404


def test_certificate_of_the_country_expires_on_the_clock(country: Country) -> None:
    _, entry = certified(country)
    after = dt.date.fromisoformat(entry["valid_until"]) + dt.timedelta(days=1)
    url = f"{CERTIFICATES}/{entry['id']}"
    go_to(country, after.year, after.month, after.day, past_us=-1)
    assert ask_json(country, "GET", url)["status"] == "active"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["status"] == "expired"


def test_uploaded_certificate_is_compared_with_the_registry(country: Country) -> None:
    one, entry = certified(country)
    upload = {
        "number": entry["number"],
        "inn": one.inn,
        "product": entry["product"],
        "valid_until": entry["valid_until"],
    }
    url = "/rosstandart/v1/certificate-checks"
    actual = {"result": "actual", "differs": [], "status": "active"}
    assert ask_json(country, "POST", url, upload) == actual
    assert ask_json(country, "POST", url, {**upload, "product": "Утюг"}) == {
        "result": "outdated",
        "differs": ["product"],
        "status": "active",
    }
    reason = {"reason": "Предписание"}
    ask_json(country, "POST", f"{CERTIFICATES}/{entry['id']}/suspension", reason)
    assert ask_json(country, "POST", url, upload) == {
        "result": "outdated",
        "differs": [],
        "status": "suspended",
    }
    assert ask_json(country, "POST", url, {**upload, "number": "ЕАЭС 1"}) == {
        "result": "not_found",
        "differs": [],
        "status": None,
    }


def test_suspended_certificate_of_the_country_expires_all_the_same(country: Country) -> None:
    _, entry = certified(country)
    url = f"{CERTIFICATES}/{entry['id']}"
    acts = ("resumption", "suspension", "resumption", "suspension")
    statuses = [ask(country, "POST", f"{url}/{act}", {"reason": "Надзор"}).status for act in acts]
    assert statuses == [409, 200, 200, 200]
    after = dt.date.fromisoformat(entry["valid_until"]) + dt.timedelta(days=1)
    go_to(country, after.year, after.month, after.day)
    assert ask_json(country, "GET", url)["status"] == "expired"
    assert ask(country, "POST", f"{url}/resumption", {"reason": "Надзор"}).status == 409


# --- faults


def test_lost_expertise_is_overdue_and_has_no_result(country: Country) -> None:
    plan(country, "rosstandart", "lost_case")
    number = ask_json(country, "POST", EXPERTISES, form(active_legal(country)))["number"]
    go_to(country, 2026, 3, 4, past_us=-1)
    assert ask_json(country, "GET", f"{EXPERTISES}/{number}")["overdue"] is False
    go_to(country, 2027, 1, 1)
    case = ask_json(country, "GET", f"{EXPERTISES}/{number}")
    assert (case["status"], case["overdue"]) == ("in_examination", True)


def test_false_refusal_fails_every_sample(country: Country) -> None:
    plan(country, "rosstandart", "false_refusal")
    one = active_legal(country)
    for attempt in range(10):
        ask_json(country, "POST", EXPERTISES, form(one, request_id=f"portal-{attempt}"))
    country.tenant().advance(30 * DAY_US)
    cases = ask_json(country, "GET", f"{EXPERTISES}?inn={one.inn}")["expertises"]
    assert [case["status"] for case in cases] == ["non_conforming"] * 10


def test_stale_registry_shows_a_suspended_certificate_as_active_for_a_day(
    country: Country,
) -> None:
    one, entry = certified(country)
    reason = {"reason": "Предписание"}
    ask_json(country, "POST", f"{CERTIFICATES}/{entry['id']}/suspension", reason)
    plan(country, "rosstandart", "stale_registry")
    url = f"{CERTIFICATES}?inn={one.inn}"

    def state() -> str:
        entries = ask_json(country, "GET", url)["certificates"]
        return next(str(one["status"]) for one in entries if one["id"] == entry["id"])

    country.tenant().advance(DAY_US - 1)
    assert state() == "active"
    country.tenant().advance(1)
    assert state() == "suspended"


def test_end_of_a_certificate_that_is_kept_no_longer_is_planned_no_longer(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mocks.rosstandart.certificates.MOST_CERTIFICATES", 1)
    planned = []
    for index in range(60):
        inn = country.world.organization(index).inn
        for entry in ask_json(country, "GET", f"{CERTIFICATES}?inn={inn}")["certificates"]:
            if entry["status"] == "active":
                order = {"reason": "Проверка"}
                ask_json(country, "POST", f"{CERTIFICATES}/{entry['id']}/suspension", order)
                planned.append(len(country.tenant().agenda))
    assert len(planned) > 1
    assert set(planned) == {1}

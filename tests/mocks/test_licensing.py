"""Licensing bodies: sets of documents, decisions, the registry, all on the tenant's clock."""

import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.licensing.service import service
from tests.mocks.agencies import (
    DAY_US,
    PDF,
    active_legal,
    end_of,
    go_to,
    head_of,
    organization,
    plan,
)
from tests.mocks.asking import ask, ask_json
from world.identifiers import legal_inn
from world.identifiers import ogrn as ogrn_of
from world.records import Organization

PRODUCTION = ("charter", "premises_right", "staff_qualification", "state_duty")
BUILDING = ("charter", "land_right", "land_plan", "project", "expertise_results")
APPLICATIONS = "/licensing/v1/applications"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def unlicensed(country: Country) -> Organization:
    """A legal entity in good standing that has had no licence yet."""
    url = "/licensing/v1/licences?inn="
    return organization(
        country,
        lambda one: (
            one.kind == "legal"
            and one.standing == "active"
            and not ask_json(country, "GET", url + one.inn)["licences"]
        ),
    )


def attached(codes: tuple[str, ...], content: str = PDF) -> list[dict[str, str]]:
    return [{"kind": code, "file_name": f"{code}.pdf", "content": content} for code in codes]


def form(country: Country, one: Organization, **changes: Any) -> dict[str, Any]:
    return {
        "request_id": "portal-1",
        "inn": one.inn,
        "ogrn": one.ogrn,
        "kind": "производство",
        "head_name": head_of(country, one),
        "activity": one.okved[0],
        "documents": attached(PRODUCTION),
        **changes,
    }


def building(country: Country, one: Organization, until: str, **changes: Any) -> dict[str, Any]:
    return form(
        country,
        one,
        kind="строительство и реконструкция",
        valid_until=until,
        documents=attached(BUILDING),
        **changes,
    )


def decided(country: Country, body: dict[str, Any]) -> Any:
    """The case of an application ten days later."""
    number = ask_json(country, "POST", APPLICATIONS, body)["number"]
    country.tenant().advance(10 * DAY_US)
    return ask_json(country, "GET", f"{APPLICATIONS}/{number}")


# --- the set of documents


def test_complete_set_is_accepted_with_a_decision_due_in_45_working_days(country: Country) -> None:
    one = unlicensed(country)
    # 23 February and 9 March 2026 are days off: the 45th working day after 2 February is 8 April.
    assert ask_json(country, "POST", APPLICATIONS, form(country, one)) == {
        "number": "LIC-2026-000001",
        "request_id": "portal-1",
        "inn": one.inn,
        "status": "in_examination",
        "status_title": "На рассмотрении",
        "due": "2026-04-08T23:59:59.999+03:00",
        "overdue": False,
        "history": [
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "status": "registered",
                "comment": "Заявление поступило",
                "due": None,
            },
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "status": "in_examination",
                "comment": "Заявление и документы приняты",
                "due": "2026-04-08T23:59:59.999+03:00",
            },
        ],
        "kind": "производство",
        "missing": [],
        "reasons": [],
        "licence": None,
    }


def test_incomplete_set_is_answered_with_what_is_missing_and_a_term_of_30_days(
    country: Country,
) -> None:
    word = "0M8R4KGxGuE="  # how a file of an old word processor begins
    documents = [*attached(PRODUCTION[:2]), *attached(("staff_qualification",), word)]
    case = ask_json(
        country, "POST", APPLICATIONS, form(country, unlicensed(country), documents=documents)
    )
    assert case["status"] == "awaiting_documents"
    assert case["due"] == "2026-03-04T23:59:59.999+03:00"
    assert case["missing"] == [
        {
            "kind": "staff_qualification",
            "title": "Документы о квалификации работников",
            "problem": "wrong_format",
        },
        {
            "kind": "state_duty",
            "title": "Документ об уплате государственной пошлины",
            "problem": "absent",
        },
    ]


@pytest.mark.parametrize(
    ("past_us", "status", "code"), [(-1, "in_examination", 200), (0, "returned", 409)]
)
def test_missing_documents_are_taken_until_the_end_of_the_thirtieth_day(
    country: Country, past_us: int, status: str, code: int
) -> None:
    body = form(country, unlicensed(country), documents=attached(PRODUCTION[:3]))
    number = ask_json(country, "POST", APPLICATIONS, body)["number"]
    go_to(country, 2026, 3, 5, past_us=past_us)
    supplement = {"request_id": "portal-2", "documents": attached(("state_duty",))}
    url = f"{APPLICATIONS}/{number}"
    assert ask(country, "POST", f"{url}/documents", supplement).status == code
    assert ask_json(country, "GET", url)["status"] == status


def test_supplement_that_still_lacks_something_does_not_make_the_term_longer(
    country: Country,
) -> None:
    body = form(country, unlicensed(country), documents=[])
    number = ask_json(country, "POST", APPLICATIONS, body)["number"]
    country.tenant().advance(10 * DAY_US)
    supplement = {"request_id": "portal-2", "documents": attached(PRODUCTION[:3])}
    case = ask_json(country, "POST", f"{APPLICATIONS}/{number}/documents", supplement)
    assert [missing["kind"] for missing in case["missing"]] == ["state_duty"]
    assert case["due"] == "2026-03-04T23:59:59.999+03:00"
    again = ask_json(country, "POST", f"{APPLICATIONS}/{number}/documents", supplement)
    assert again == case
    other = {**supplement, "documents": attached(PRODUCTION)}
    answer = ask(country, "POST", f"{APPLICATIONS}/{number}/documents", other)
    assert (answer.status, json.loads(answer.body)["error"]) == (409, "request-id-taken")


# --- decisions


def test_application_that_agrees_with_the_registries_gets_a_licence(country: Country) -> None:
    one = unlicensed(country)
    case = decided(country, form(country, one))
    assert (case["status"], case["reasons"], case["licence"]) == ("granted", [], "90000000")
    granted = case["history"][-1]
    number = f"Л035-00110-{one.address.region}/90000000"
    assert granted["comment"] == f"Лицензия {number}"
    assert ask_json(country, "GET", f"/licensing/v1/licences?inn={one.inn}") == {
        "licences": [
            {
                "serial": "90000000",
                "kind": "производство",
                "activity": one.okved[0],
                "number": number,
                "inn": one.inn,
                "valid_from": granted["at"][:10],
                "valid_until": None,
                "status": "active",
                "status_title": "Действует",
                "history": [
                    {
                        "at": granted["at"],
                        "status": "active",
                        "comment": "Лицензия предоставлена",
                    }
                ],
                "basis": "LIC-2026-000001",
            }
        ]
    }


def test_examination_goes_on_in_working_time_alone(country: Country) -> None:
    go_to(country, 2026, 2, 6, 18)  # Friday evening
    body = form(country, unlicensed(country))
    number = ask_json(country, "POST", APPLICATIONS, body)["number"]
    go_to(country, 2026, 2, 9, 9)
    assert ask_json(country, "GET", f"{APPLICATIONS}/{number}")["status"] == "in_examination"
    go_to(country, 2026, 2, 10, 18)
    assert ask_json(country, "GET", f"{APPLICATIONS}/{number}")["status"] == "granted"


def test_every_disagreement_with_the_registries_is_a_reason_to_refuse(country: Country) -> None:
    one = organization(country, lambda one: one.kind == "legal" and one.standing == "liquidating")
    case = decided(country, form(country, one, head_name="Иванов Иван", activity="99.99"))
    assert (case["status"], case["licence"]) == ("refused", None)
    assert case["reasons"] == [
        {
            "code": "organization_not_active",
            "text": "Организация находится в стадии ликвидации",
        },
        {"code": "head_mismatch", "text": "Руководитель в заявлении не тот, что в реестре"},
        {
            "code": "activity_not_registered",
            "text": "Вид деятельности 99.99 за организацией не зарегистрирован",
        },
    ]


def test_unreliable_address_is_a_reason_to_refuse(country: Country) -> None:
    one = organization(country, lambda one: one.standing == "unreliable")
    case = decided(country, form(country, one, kind="опасные вещества", valid_until="2027-01-01"))
    assert case["status"] == "awaiting_documents"  # the papers come first
    case = decided(country, form(country, one, request_id="portal-2"))
    text = "Сведения об адресе в реестре недостоверны"
    assert {"code": "address_unreliable", "text": text} in case["reasons"]


def test_registries_are_asked_on_the_day_of_the_decision(country: Country) -> None:
    go_to(country, 2026, 2, 6, 19)  # nobody works before Monday
    one = unlicensed(country)
    number = ask_json(country, "POST", APPLICATIONS, form(country, one))["number"]
    end_of(country, one)
    go_to(country, 2026, 2, 11)
    case = ask_json(country, "GET", f"{APPLICATIONS}/{number}")
    assert case["history"][-1]["comment"] == "Организация прекратила деятельность"


def test_second_licence_for_the_same_activity_is_refused(country: Country) -> None:
    one = unlicensed(country)
    decided(country, form(country, one))
    case = decided(country, form(country, one, request_id="portal-2"))
    number = f"Л035-00110-{one.address.region}/90000000"
    assert case["reasons"] == [{"code": "already_licensed", "text": f"Уже есть лицензия {number}"}]


@pytest.mark.parametrize(
    ("changes", "status", "error", "field"),
    [
        ({"inn": "7715970400"}, 422, "bad-inn", "inn"),
        ({"ogrn": "1027700132196"}, 422, "bad-ogrn", "ogrn"),
        ({"ogrn": "1027700132195"}, 422, "ogrn-mismatch", "ogrn"),
        ({"kind": "перевозка"}, 422, "no-such-kind", "kind"),
        ({"valid_until": "2027-01-01"}, 422, "no-term", "valid_until"),
        ({"activity": "первая"}, 422, "invalid", "activity"),
        ({"comment": "срочно"}, 422, "invalid", "comment"),
        ({"documents": attached(("charter",), "не base64")}, 422, "bad-base64", "documents"),
    ],
)
def test_wrong_application_is_refused_by_field(
    country: Country, changes: dict[str, Any], status: int, error: str, field: str
) -> None:
    answer = ask(country, "POST", APPLICATIONS, form(country, active_legal(country), **changes))
    problem = json.loads(answer.body)
    assert (answer.status, problem["error"], problem["field"]) == (status, error, field)


@pytest.mark.parametrize(
    ("until", "status"),
    [("2026-02-02", 422), ("2026-02-03", 201), ("2036-02-01", 201), ("2036-02-02", 422)],
)
def test_permit_has_a_term_from_tomorrow_to_ten_years(
    country: Country, until: str, status: int
) -> None:
    body = building(country, active_legal(country), until)
    assert ask(country, "POST", APPLICATIONS, body).status == status


def test_repeated_request_opens_no_second_case(country: Country) -> None:
    body = form(country, unlicensed(country))
    first = ask(country, "POST", APPLICATIONS, body)
    second = ask(country, "POST", APPLICATIONS, body)
    assert (first.status, second.status, second.body) == (201, 200, first.body)
    other = ask(country, "POST", APPLICATIONS, {**body, "head_name": "Другой Человек"})
    assert (other.status, json.loads(other.body)["error"]) == (409, "request-id-taken")


# --- the registry


def test_permit_expires_with_the_last_moment_of_its_last_day(country: Country) -> None:
    case = decided(country, building(country, unlicensed(country), "2026-05-31"))
    url = f"/licensing/v1/licences/{case['licence']}"
    go_to(country, 2026, 6, 1, past_us=-1)
    assert ask_json(country, "GET", url)["status"] == "active"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["status"] == "expired"


def test_renewal_moves_the_end_of_the_term(country: Country) -> None:
    one = unlicensed(country)
    serial = decided(country, building(country, one, "2026-05-31"))["licence"]
    renewal = building(country, one, "2026-08-31", request_id="portal-2", renews=serial)
    case = decided(country, renewal)
    assert (case["status"], case["licence"]) == ("granted", serial)
    go_to(country, 2026, 6, 1)
    url = f"/licensing/v1/licences/{serial}"
    assert ask_json(country, "GET", url)["status"] == "active"
    go_to(country, 2026, 9, 1)
    assert ask_json(country, "GET", url)["status"] == "expired"


@pytest.mark.parametrize(
    ("until", "status"), [("2026-05-31", "refused"), ("2026-06-01", "granted")]
)
def test_renewal_is_to_a_later_day(country: Country, until: str, status: str) -> None:
    one = unlicensed(country)
    serial = decided(country, building(country, one, "2026-05-31"))["licence"]
    case = decided(country, building(country, one, until, request_id="portal-2", renews=serial))
    assert case["status"] == status
    if status == "refused":
        text = "Новый срок действия не позже прежнего"
        assert case["reasons"] == [{"code": "term_not_longer", "text": text}]


def test_renewal_of_somebody_elses_or_a_suspended_licence_is_refused(country: Country) -> None:
    one = unlicensed(country)
    serial = decided(country, building(country, one, "2026-05-31"))["licence"]
    ask_json(country, "POST", f"/licensing/v1/licences/{serial}/suspension", {"reason": "Суд"})
    codes = []
    for request_id, renews in (("portal-2", serial), ("portal-3", "00000000")):
        body = building(country, one, "2026-08-31", request_id=request_id, renews=renews)
        codes += [reason["code"] for reason in decided(country, body)["reasons"]]
    assert codes == ["licence_not_active", "no_such_licence"]


def test_suspended_licence_acts_again_after_resumption_and_never_after_termination(
    country: Country,
) -> None:
    serial = decided(country, form(country, unlicensed(country)))["licence"]
    url = f"/licensing/v1/licences/{serial}"
    acts = ("suspension", "suspension", "resumption", "termination", "resumption")
    answers = [ask(country, "POST", f"{url}/{act}", {"reason": "Решение суда"}) for act in acts]
    assert [answer.status for answer in answers] == [200, 409, 200, 200, 409]
    states = [json.loads(answer.body).get("status") for answer in answers]
    assert states == ["suspended", None, "active", "terminated", None]


def test_liquidation_ends_every_licence_of_the_organization(country: Country) -> None:
    one = unlicensed(country)
    serial = decided(country, form(country, one))["licence"]
    end_of(country, one)
    licence = ask_json(country, "GET", f"/licensing/v1/licences/{serial}")
    assert licence["history"][-1] == {
        "at": "2026-02-12T10:00:00.000+03:00",
        "status": "terminated",
        "comment": "Лицензиат прекратил деятельность",
    }


def test_licence_whose_holder_a_test_has_taken_back_has_no_document(country: Country) -> None:
    records = country.tenant().records
    inn, ogrn = legal_inn("772999999"), ogrn_of("125772999999")
    added = records.add_organization(unlicensed(country).index, {"inn": inn, "ogrn": ogrn})
    url = f"/licensing/v1/licences/{decided(country, form(country, added))['licence']}"
    assert ask(country, "GET", f"{url}/document").status == 200
    records.restore()
    answer = ask(country, "GET", f"{url}/document")
    assert (answer.status, json.loads(answer.body)["error"]) == (404, "no-such-organization")
    assert ask_json(country, "GET", url)["inn"] == inn


def test_licence_of_the_country_is_found_by_number_serial_and_inn(country: Country) -> None:
    url = "/licensing/v1/licences"
    one = organization(
        country,
        lambda one: (
            one.kind == "legal"
            and bool(ask_json(country, "GET", f"{url}?inn={one.inn}")["licences"])
        ),
    )
    (licence,) = ask_json(country, "GET", f"{url}?inn={one.inn}")["licences"]
    assert licence["serial"] == f"{one.index:08}"
    assert ask_json(country, "GET", f"{url}/{licence['serial']}") == licence
    assert ask_json(country, "GET", f"{url}?number={licence['number']}") == {"licences": [licence]}
    wrong = licence["number"].replace("035", "036")
    assert ask_json(country, "GET", f"{url}?number={wrong}") == {"licences": []}


def test_document_is_a_pdf_that_tells_the_present_state(country: Country) -> None:
    serial = decided(country, form(country, unlicensed(country)))["licence"]
    url = f"/licensing/v1/licences/{serial}"
    answer = ask(country, "GET", f"{url}/document")
    assert (answer.status, answer.media_type) == (200, "application/pdf")
    assert answer.body.startswith(b"%PDF-")
    assert answer.body.endswith(b"%%EOF\n")
    assert "Статус: Действует".encode("cp1251").hex().encode() in answer.body
    ask_json(country, "POST", f"{url}/suspension", {"reason": "Проверка"})
    suspended = ask(country, "GET", f"{url}/document").body
    assert "приостановлено".encode("cp1251").hex().encode() in suspended


def test_kinds_are_those_of_the_rule_book(country: Country) -> None:
    kinds = ask_json(country, "GET", "/licensing/v1/kinds")["kinds"]
    assert [kind["kind"] for kind in kinds] == [
        "производство",
        "строительство и реконструкция",
        "соответствие и экология",
        "опасные вещества",
    ]
    assert [kind["longest_years"] for kind in kinds] == [None, 10, 7, 5]


# --- faults


def test_lost_case_is_overdue_after_its_term_and_never_decided(country: Country) -> None:
    plan(country, "licensing", "lost_case")
    number = ask_json(country, "POST", APPLICATIONS, form(country, unlicensed(country)))["number"]
    go_to(country, 2026, 4, 9, past_us=-1)
    assert ask_json(country, "GET", f"{APPLICATIONS}/{number}")["overdue"] is False
    country.tenant().advance(1)
    case = ask_json(country, "GET", f"{APPLICATIONS}/{number}")
    assert (case["status"], case["overdue"]) == ("in_examination", True)


def test_false_refusal_refuses_a_faultless_application(country: Country) -> None:
    plan(country, "licensing", "false_refusal")
    case = decided(country, form(country, unlicensed(country)))
    assert case["reasons"] == [
        {"code": "untrue_data", "text": "Представленные сведения недостоверны"}
    ]


def test_stale_registry_is_a_day_behind(country: Country) -> None:
    one = unlicensed(country)
    serial = decided(country, form(country, one))["licence"]
    ask_json(country, "POST", f"/licensing/v1/licences/{serial}/suspension", {"reason": "Суд"})
    plan(country, "licensing", "stale_registry")
    url = f"/licensing/v1/licences?inn={one.inn}"
    country.tenant().advance(DAY_US - 1)
    assert ask_json(country, "GET", url)["licences"][0]["status"] == "active"
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["licences"][0]["status"] == "suspended"


def test_outage_during_examination_delays_the_decision_and_loses_nothing(country: Country) -> None:
    body = form(country, unlicensed(country))
    number = ask_json(country, "POST", APPLICATIONS, body)["number"]
    outage = {"id": "down", "service": "licensing", "kind": "outage", "for": "3d"}
    country.tenant().plan_fault(Fault.model_validate(outage))
    country.tenant().advance(10 * DAY_US)
    case = ask_json(country, "GET", f"{APPLICATIONS}/{number}")
    assert case["status"] == "granted"
    assert case["history"][-1]["at"] > "2026-02-05T10:00:00.000+03:00"


def test_same_seed_and_same_requests_give_the_same_bytes() -> None:
    def bytes_of(country: Country) -> list[bytes]:
        body = form(country, unlicensed(country))
        first = ask(country, "POST", APPLICATIONS, body).body
        country.tenant().advance(5 * DAY_US)
        second = ask(country, "GET", f"{APPLICATIONS}?inn={body['inn']}").body
        return [first, second]

    assert bytes_of(Country([service], seed=1)) == bytes_of(Country([service], seed=1))

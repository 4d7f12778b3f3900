"""The personal cabinet: an employee's data with consent, and contracts that employers change."""

import json
from typing import Any

import pytest

from mocks.citizen_portal.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from tests.mocks.asking import ask, ask_json
from world.records import Employment, Organization, Person

DAY_US = 86_400_000_000
COUNTRY = Country([service])
EMPLOYEE = 2
SCOPES = ["fullname", "inn", "employment"]


def contract() -> Employment:
    found = COUNTRY.world.employer_of(EMPLOYEE)
    assert found is not None
    return found


PERSON: Person = COUNTRY.world.person(EMPLOYEE)
EMPLOYER: Organization = COUNTRY.world.organization(contract().organization)


def country(*kinds: str) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        plan(kind)
    return COUNTRY


def plan(kind: str) -> None:
    fault = {"id": kind, "service": "citizen_portal", "kind": kind}
    COUNTRY.tenant().plan_fault(Fault.model_validate(fault))


def request(request_id: str = "c-1", **changes: Any) -> dict[str, Any]:
    body = {
        "request_id": request_id,
        "inn": EMPLOYER.inn,
        "snils": PERSON.snils,
        "scopes": SCOPES,
        "purpose": "добавление сотрудника в кабинет организации",
        "days": 30,
    }
    return {**body, **changes}


def asked(of: Country, **changes: Any) -> str:
    path = "/citizen_portal/v1/consent-requests"
    consent: str = ask_json(of, "POST", path, request(**changes))["consent_id"]
    return consent


def decided(of: Country, consent: str, decision: str, person: Person = PERSON) -> Any:
    path = f"/citizen_portal/v1/cabinet/{person.snils}/consents/{consent}/{decision}"
    return ask_json(of, "POST", path)


def approved(of: Country, **changes: Any) -> str:
    consent = asked(of, **changes)
    decided(of, consent, "approve")
    return consent


def data(of: Country, consent: str) -> Any:
    return ask_json(of, "GET", f"/citizen_portal/v1/consents/{consent}/data")


def denied(of: Country, consent: str) -> tuple[int, str]:
    answer = ask(of, "GET", f"/citizen_portal/v1/consents/{consent}/data")
    return answer.status, json.loads(answer.body)["error"]


def event(request_id: str, kind: str, date: str, **changes: Any) -> dict[str, Any]:
    body = {"inn": EMPLOYER.inn, "snils": PERSON.snils, "event": kind, "date": date}
    return {"request_id": request_id, **body, **changes}


def reported(of: Country, body: dict[str, Any]) -> Any:
    return ask_json(of, "POST", "/citizen_portal/v1/labour-events", body)


def refused(of: Country, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = ask(of, "POST", f"/citizen_portal/v1/{path}", body)
    return answer.status, json.loads(answer.body)["error"]


# --- consents


def test_data_are_given_after_the_persons_approval_and_no_other_than_asked_for() -> None:
    of = country()
    consent = asked(of)
    assert denied(of, consent) == (403, "consent-requested")
    assert decided(of, consent, "approve")["status"] == "approved"
    assert data(of, consent) == {
        "consent_id": consent,
        "as_of": "2026-02-02T10:00:00.000+03:00",
        "valid_until": "2026-02-03T10:00:00.000+03:00",
        "fullname": {
            "last_name": PERSON.name.last,
            "first_name": PERSON.name.first,
            "patronymic": PERSON.name.patronymic,
        },
        "inn": PERSON.inn,
        "employment": {
            "status": "employed",
            "status_title": "Трудовой договор действует",
            "position": contract().position,
            "department": contract().department,
            "since": contract().since.isoformat(),
            "until": None,
        },
    }


def test_the_person_sees_the_request_in_the_cabinet() -> None:
    of = country()
    consent = asked(of)
    shown = ask_json(of, "GET", f"/citizen_portal/v1/cabinet/{PERSON.snils}/consents")
    assert [(one["consent_id"], one["status"]) for one in shown["consents"]] == [
        (consent, "requested")
    ]
    (message,) = of.tenant().inboxes.of(PERSON.snils)
    assert message.text == (
        f"{EMPLOYER.short_name} запрашивает сведения: добавление сотрудника в кабинет организации"
    )


def test_an_approved_consent_ends_with_its_term_and_data_do_not_outlive_it() -> None:
    of = country()
    consent = approved(of, days=1)
    of.tenant().advance(DAY_US // 2)
    assert data(of, consent)["valid_until"] == "2026-02-03T10:00:00.000+03:00"
    of.tenant().advance(DAY_US // 2 - 1)
    assert data(of, consent)["inn"] == PERSON.inn
    of.tenant().advance(1)
    assert denied(of, consent) == (403, "consent-expired")


def test_a_request_that_nobody_answers_lapses_in_a_week() -> None:
    of = country()
    consent = asked(of)
    of.tenant().advance(7 * DAY_US - 1)
    assert denied(of, consent) == (403, "consent-requested")
    of.tenant().advance(1)
    assert denied(of, consent) == (403, "consent-lapsed")
    path = f"cabinet/{PERSON.snils}/consents/{consent}/approve"
    assert refused(of, path, {}) == (409, "wrong-state")


@pytest.mark.parametrize(
    ("decisions", "error"),
    [
        (["decline"], "consent-declined"),
        (["approve", "withdraw"], "consent-withdrawn"),
        (["approve", "withdraw", "withdraw"], "consent-withdrawn"),
    ],
)
def test_declined_and_withdrawn_consents_give_nothing(decisions: list[str], error: str) -> None:
    of = country()
    consent = asked(of)
    for decision in decisions:
        decided(of, consent, decision)
    assert denied(of, consent) == (403, error)
    of.tenant().advance(400 * DAY_US)  # neither lapses nor expires any more
    assert denied(of, consent) == (403, error)


def test_nobody_else_decides_for_a_person() -> None:
    of = country()
    consent = asked(of)
    other = COUNTRY.world.person(3)
    path = f"cabinet/{other.snils}/consents/{consent}/approve"
    assert refused(of, path, {}) == (404, "no-such-consent")


def test_a_repeated_request_asks_once() -> None:
    of = country()
    path = "/citizen_portal/v1/consent-requests"
    first, again = (ask(of, "POST", path, request()) for _ in range(2))
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    assert len(of.tenant().inboxes.of(PERSON.snils)) == 1
    assert refused(of, "consent-requests", request(days=31)) == (409, "request-id-taken")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"snils": "72559357433"}, (422, "bad-snils")),
        ({"snils": "11223344595"}, (404, "no-such-person")),
        ({"inn": "7707083894"}, (422, "bad-inn")),
        ({"inn": "7707083893"}, (404, "no-such-organization")),
        ({"scopes": []}, (422, "invalid")),
        ({"scopes": ["passport"]}, (422, "invalid")),
        ({"days": 0}, (422, "invalid")),
        ({"days": 366}, (422, "invalid")),
    ],
)
def test_wrong_requests_are_refused(changes: dict[str, Any], refusal: tuple[int, str]) -> None:
    assert refused(country(), "consent-requests", request(**changes)) == refusal


# --- checks of what was typed (ROLE-06)


def check(consent: str, **changes: str) -> dict[str, Any]:
    body = {
        "consent_id": consent,
        "full_name": str(PERSON.name).upper(),
        "inn": PERSON.inn,
        "position": contract().position,
        "department": contract().department,
    }
    return {**body, **changes}


def checked(of: Country, body: dict[str, Any]) -> Any:
    return ask_json(of, "POST", "/citizen_portal/v1/employee-checks", body)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"full_name": "Иванов Иван Иванович"}, ["full_name"]),
        ({"inn": "500100732259", "department": "Склад"}, ["inn", "department"]),
        ({"position": "Директор"}, ["position"]),
    ],
)
def test_what_was_typed_is_compared_field_by_field(
    changes: dict[str, str], fields: list[str]
) -> None:
    of = country()
    answer = checked(of, check(approved(of), **changes))
    assert answer == {"result": "mismatch" if fields else "match", "fields": fields}


def test_a_check_needs_a_consent_to_all_that_it_tells() -> None:
    of = country()
    consent = approved(of, scopes=["fullname", "inn"])
    assert refused(of, "employee-checks", check(consent)) == (403, "scope-missing")


def test_other_employers_are_not_told_about() -> None:
    of = country()
    other = COUNTRY.world.organization(EMPLOYER.index + 1)
    consent = approved(of, inn=other.inn)
    assert data(of, consent)["employment"] == {
        "status": "none",
        "status_title": "Трудового договора нет",
    }
    assert checked(of, check(consent))["fields"] == ["employment"]


def test_a_head_has_a_contract_with_the_legal_entity() -> None:
    of = country()
    head = COUNTRY.world.person(EMPLOYER.head.person)
    consent = asked(of, snils=head.snils)
    decided(of, consent, "approve", head)
    employment = data(of, consent)["employment"]
    assert (employment["status"], employment["position"]) == ("employed", EMPLOYER.head.position)


# --- contracts change (ROLE-12)


def test_a_dismissed_employee_works_through_the_last_day() -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-04"))
    midnight_us = of.tenant().clock.calendar.midnight
    of.tenant().set_time(midnight_us(contract().since.replace(2026, 2, 5)) - 1)
    assert data(of, consent)["employment"]["status"] == "employed"
    of.tenant().advance(1)
    employment = data(of, consent)["employment"]
    assert (employment["status"], employment["until"]) == ("dismissed", "2026-02-04")
    assert checked(of, check(consent))["fields"] == ["employment"]


def test_the_feed_tells_consents_and_dismissals_to_whom_the_person_has_consented() -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-01"))
    events = ask_json(of, "GET", "/citizen_portal/v1/events")["events"]
    assert [(one["id"], one["kind"]) for one in events] == [
        (f"{consent}/1", "consent"),
        (f"{consent}/2", "employment"),
    ]
    assert events[1]["employment"]["status"] == "dismissed"
    decided(of, consent, "withdraw")
    reported(of, event("l-2", "ПРИЕМ", "2026-02-02", position="Оператор", department="Склад"))
    events = ask_json(of, "GET", "/citizen_portal/v1/events?after=2")["events"]
    assert [one["kind"] for one in events] == ["consent"]


def test_hired_transferred_dismissed_and_hired_again() -> None:
    of = country()
    consent = approved(of)
    seen = []
    for number, body in enumerate(
        [
            {"kind": "ПЕРЕВОД", "date": "2026-02-01", "position": "Директор"},
            {"kind": "УВОЛЬНЕНИЕ", "date": "2026-02-01"},
            {"kind": "ПРИЕМ", "date": "2026-02-02", "position": "Сторож", "department": "Склад"},
        ]
    ):
        reported(of, event(f"l-{number}", **body))
        employment = data(of, consent)["employment"]
        seen.append((employment["status"], employment["position"]))
    assert seen == [("employed", "Директор"), ("dismissed", "Директор"), ("employed", "Сторож")]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (event("l", "ПРИЕМ", "2026-02-02", position="a", department="b"), "already-employed"),
        (event("l", "УВОЛЬНЕНИЕ", "1990-01-01"), "bad-date"),
        (event("l", "УВОЛЬНЕНИЕ", "2027-02-04"), "bad-date"),
        (event("l", "УВОЛЬНЕНИЕ", "9999-12-31"), "bad-date"),
        (event("l", "ОТПУСК", "2026-02-02"), "invalid"),
        (
            event("l", "УВОЛЬНЕНИЕ", "2026-02-02", snils=COUNTRY.world.person(1).snils),
            "not-employed",
        ),
    ],
)
def test_reports_that_do_not_follow_from_the_contract_are_refused(
    body: dict[str, Any], refusal: str
) -> None:
    assert refused(country(), "labour-events", body)[1] == refusal


def test_who_is_dismissed_may_be_hired_from_the_next_day_on() -> None:
    of = country()
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-01"))
    on_the_day = event("l-2", "ПРИЕМ", "2026-02-01", **HIRED)
    assert refused(of, "labour-events", on_the_day) == (422, "bad-date")
    reported(of, event("l-3", "ПРИЕМ", "2026-02-02", **HIRED))


def test_a_report_is_taken_once() -> None:
    of = country()
    body = event("l-1", "УВОЛЬНЕНИЕ", "2026-02-01")
    path = "/citizen_portal/v1/labour-events"
    first, again = (ask(of, "POST", path, body) for _ in range(2))
    assert (first.status, again.status, first.body) == (201, 200, again.body)


# --- own faults


def test_stale_employment_shows_a_dismissed_employee_for_a_day() -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-01"))
    plan("stale_employment")
    assert data(of, consent)["employment"]["status"] == "employed"
    of.tenant().advance(DAY_US - 1)
    assert data(of, consent)["employment"]["status"] == "employed"
    of.tenant().advance(1)
    assert data(of, consent)["employment"]["status"] == "dismissed"


def test_a_lost_approval_is_seen_by_the_person_alone_and_lapses() -> None:
    of = country("consent_lost")
    consent = asked(of)
    assert decided(of, consent, "approve")["status"] == "approved"
    assert denied(of, consent) == (403, "consent-requested")
    of.tenant().advance(7 * DAY_US)
    assert denied(of, consent) == (403, "consent-lapsed")


def test_a_false_mismatch_is_told_of_data_that_agree() -> None:
    of = country("false_mismatch")
    assert checked(of, check(approved(of))) == {"result": "mismatch", "fields": ["full_name"]}


# --- reports about days to come


HIRED = {"position": "Сторож", "department": "Склад"}


def employment(of: Country, consent: str) -> tuple[str, str, str | None]:
    found = data(of, consent)["employment"]
    return found["status"], found["position"], found["until"]


def test_reports_take_effect_in_the_order_of_their_days() -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-12"))
    reported(of, event("l-2", "ПЕРЕВОД", "2026-02-05", **HIRED))
    of.tenant().advance(5 * DAY_US)
    assert employment(of, consent) == ("employed", "Сторож", None)
    of.tenant().advance(6 * DAY_US)
    assert employment(of, consent) == ("dismissed", "Сторож", "2026-02-12")


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (event("l-2", "ПЕРЕВОД", "2026-02-11", **HIRED), "not-employed"),
        (event("l-2", "УВОЛЬНЕНИЕ", "2026-02-11"), "not-employed"),
        (event("l-2", "УВОЛЬНЕНИЕ", "2026-02-05"), "not-employed"),  # then nobody is dismissed
        (event("l-2", "ПРИЕМ", "2026-02-10", **HIRED), "already-employed"),
    ],
)
def test_report_that_does_not_fit_those_about_other_days_is_refused(
    second: dict[str, Any], error: str
) -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-10"))
    assert refused(of, "labour-events", second) == (409, error)
    of.tenant().advance(20 * DAY_US)
    assert employment(of, consent) == ("dismissed", contract().position, "2026-02-10")


def test_dismissal_and_a_new_contract_may_be_reported_together() -> None:
    of = country()
    consent = approved(of)
    reported(of, event("l-1", "УВОЛЬНЕНИЕ", "2026-02-10"))
    reported(of, event("l-2", "ПРИЕМ", "2026-02-11", **HIRED))
    again = event("l-3", "ПРИЕМ", "2026-02-12", **HIRED)
    assert refused(of, "labour-events", again) == (409, "already-employed")
    of.tenant().advance(10 * DAY_US)
    assert employment(of, consent) == ("employed", "Сторож", None)


# --- records that a test takes back


def test_consent_of_somebody_taken_back_is_nobodys() -> None:
    of = country()
    records = of.tenant().records
    records.add_organization(0, {"inn": "7707083893", "ogrn": "1027700132195"})
    consent = approved(of, inn="7707083893")
    records.restore()
    assert denied(of, consent) == (404, "no-such-consent")
    assert refused(of, "consent-requests", request(inn="7707083893"))[0] == 404
    shown = ask_json(of, "GET", f"/citizen_portal/v1/cabinet/{PERSON.snils}/consents")
    assert shown["consents"] == []
    of.tenant().advance(31 * DAY_US)  # its end, of which nobody is told
    feed = ask_json(of, "GET", "/citizen_portal/v1/events")
    assert [one["consent"]["status"] for one in feed["events"]] == ["approved"]

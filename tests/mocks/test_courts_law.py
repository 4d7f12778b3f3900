"""Courts, legislation, inspections and deadlines: what is told, to whom and when."""

import datetime as dt
import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.courts_law.audits import audit_of
from mocks.courts_law.cases import Case, Cases
from mocks.courts_law.course import course_of
from mocks.courts_law.courts import court_of
from mocks.courts_law.deadlines import deadlines_of
from mocks.courts_law.legislation import acts_of, effective_from
from mocks.courts_law.service import service
from mocks.courts_law.terms import months_later, on_working_day, working_days_later
from tests.mocks.asking import ask, ask_json
from world.calendar import Calendar
from world.records import Organization
from world.regions import REGIONS

DAY_US = 86_400_000_000
COUNTRY = Country([service])  # 2 February 2026, 10:00
CALENDAR = COUNTRY.calendar


def country(*kinds: str) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        plan(kind)
    return COUNTRY


def plan(kind: str) -> None:
    fault = {"id": kind, "service": "courts_law", "kind": kind}
    COUNTRY.tenant().plan_fault(Fault.model_validate(fault))


def at(of: Country, *moment: int) -> None:
    of.tenant().set_time(CALENDAR.instant(dt.datetime(*moment)))  # type: ignore[arg-type]


def organization(index: int) -> Organization:
    return COUNTRY.world.organization(index)


def first_of(kind: str, tier: str) -> Organization:
    return next(
        one
        for index in range(500)
        if (one := organization(index)).kind == kind
        and one.tier == tier
        and one.standing == "active"
    )


def refused(of: Country, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = ask(of, "POST", f"/courts_law/{path}", body)
    return answer.status, json.loads(answer.body)["error"]


# --- terms


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2027, 12, 31), 2, (2028, 2, 29)),
        ((2026, 7, 15), 6, (2027, 1, 15)),
        ((2026, 3, 30), 11, (2027, 2, 28)),
    ],
)
def test_a_term_in_months_ends_on_the_same_day_or_the_last(
    day: tuple[int, int, int], months: int, expected: tuple[int, int, int]
) -> None:
    assert months_later(dt.date(*day), months) == dt.date(*expected)


def test_days_off_are_passed_over() -> None:
    assert on_working_day(CALENDAR, dt.date(2026, 5, 9)) == dt.date(2026, 5, 12)
    assert on_working_day(CALENDAR, dt.date(2026, 5, 12)) == dt.date(2026, 5, 12)
    assert working_days_later(CALENDAR, dt.date(2026, 5, 8), 1) == dt.date(2026, 5, 12)
    assert working_days_later(CALENDAR, dt.date(2026, 5, 12), -1) == dt.date(2026, 5, 8)


# --- cases


@given(
    st.dates(dt.date(2023, 1, 9), dt.date(2026, 12, 20)),
    st.lists(st.floats(0.0, 1.0, exclude_min=True, exclude_max=True), min_size=9, max_size=9),
)
def test_a_case_goes_its_course_within_the_terms_of_the_code(
    day: dt.date, units: list[float]
) -> None:
    filed = on_working_day(CALENDAR, day)
    drawn = iter(units)
    steps = course_of(filed, CALENDAR, lambda _: next(drawn))
    by_state = {step.state: step.day for step in steps}
    assert [step.state for step in steps[:3]] == ["filed", "accepted", "hearing"]
    assert all(one.day <= next_one.day for one, next_one in pairwise(steps))
    assert by_state["accepted"] <= working_days_later(CALENDAR, filed, 5)
    decided = steps[3].day
    assert by_state["hearing"] <= decided <= months_later(filed, 6)
    sessions = [step.day for step in steps if step.state != "in_force"]
    assert all(CALENDAR.is_working_day(one) for one in sessions)
    if "appealed" in by_state:
        assert by_state["appealed"] <= on_working_day(CALENDAR, months_later(decided, 1))
    elif "in_force" in by_state:
        over = on_working_day(CALENDAR, months_later(decided, 1))
        assert by_state["in_force"] == over + dt.timedelta(days=1)


def test_every_region_has_a_court_and_codes_are_the_real_ones() -> None:
    assert all(re.fullmatch(r"А\d\d", court_of(code).code) for code in REGIONS)
    real = {
        "77": "А40",
        "50": "А41",
        "78": "А56",
        "47": "А56",
        "66": "А60",
        "16": "А65",
        "01": "А01",
    }
    assert {region: court_of(region).code for region in real} == real
    assert court_of("77").name == "АС города Москвы"


def sued(of: Country, year: int) -> Case:
    """The first case of the country in a year."""
    cases = of.tenant().state(Cases)
    return next(case for i in range(500) for case in cases.natural_of(organization(i), year))


def search(of: Country, **asked: Any) -> Any:
    return ask_json(of, "POST", "/courts_law/Kad/SearchInstances", asked)["Result"]


def side(inn: str, role: int = -1) -> list[dict[str, Any]]:
    return [{"Name": inn, "Type": role, "ExactMatch": False}]


def test_a_case_is_found_by_either_party_in_its_role_and_by_its_number() -> None:
    of = country()
    case = sued(of, 2025)
    plaintiff, defendant = organization(case.plaintiff), organization(case.defendant)
    assert re.fullmatch(r"А\d\d-[1-9]\d{0,7}/2025", case.number)
    expected = {
        "CaseId": case.id,
        "CaseNumber": case.number,
        "CaseType": "Г",
        "CourtName": court_of(defendant.address.region).name,
        "Judge": case.judge,
        "Date": f"{case.steps[0].day}T00:00:00",
        "Plaintiffs": {
            "Count": 1,
            "Participants": [
                {
                    "Name": plaintiff.short_name,
                    "Inn": plaintiff.inn,
                    "Address": str(plaintiff.address),
                }
            ],
        },
        "Respondents": {
            "Count": 1,
            "Participants": [
                {
                    "Name": defendant.short_name,
                    "Inn": defendant.inn,
                    "Address": str(defendant.address),
                }
            ],
        },
        "IsSimpleJustice": False,
    }
    latin = case.number.replace("А", "A")
    finding: tuple[dict[str, Any], ...] = (
        {"Sides": side(defendant.inn)},
        {"Sides": side(defendant.ogrn, 1)},
        {"Sides": side(plaintiff.inn)},
        {"Sides": side(plaintiff.inn, 0)},
        {"CaseNumbers": [case.number]},
        {"CaseNumbers": [latin], "Sides": side(plaintiff.inn)},
    )
    for asked in finding:
        assert expected in search(of, **asked)["Items"], asked
    missing: tuple[dict[str, Any], ...] = (
        {"Sides": side(plaintiff.inn, 1)},
        {"Sides": side(defendant.inn, 0)},
        {"Sides": side(defendant.inn, 2)},
        {"Sides": side(defendant.inn), "DateTo": "2024-12-31T23:59:59"},
        {"Sides": side(defendant.inn), "CaseType": "B"},
        {"CaseNumbers": [case.number.replace("/2025", "/2024")]},
        {"CaseNumbers": ["А40-1/26"]},
    )
    for asked in missing:
        assert expected not in search(of, **asked)["Items"], asked


def test_cases_of_a_year_have_numbers_of_their_own() -> None:
    cases = country().tenant().state(Cases)
    found = {
        case.number: case.id for i in range(300) for case in cases.natural_of(organization(i), 2025)
    }
    assert len(found) == len(set(found.values())) > 20
    day = dt.date(2026, 2, 2)
    for number, case_id in found.items():
        by_number, by_id = cases.by_number(number, day), cases.by_id(case_id, day)
        assert by_number is not None
        assert by_number == by_id


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "nothing-asked"),
        ({"Sides": side("ООО «Ромашка»")}, "bad-inn"),
        ({"Sides": side("7707083894")}, "bad-inn"),
        ({"CaseNumbers": ["А40-1/2025"], "Page": 0}, "invalid"),
        ({"CaseNumbers": ["А40-1/2025"], "Count": 26}, "invalid"),
        ({"CaseNumbers": ["А40-1/2025"], "Courts": ["MSK"]}, "invalid"),
        ({"CaseNumbers": ["А40-1/2025"], "extra": 1}, "invalid"),
    ],
)
def test_wrong_searches_are_refused(body: dict[str, Any], error: str) -> None:
    assert refused(country(), "Kad/SearchInstances", body) == (422, error)


CLAIM = {
    "request_id": "s-1",
    "plaintiff_inn": organization(26).inn,
    "defendant_inn": organization(27).inn,
    "kopecks": 100_000_00,
}


def filed(of: Country) -> Any:
    return ask_json(of, "POST", "/courts_law/v1/cases", CLAIM)


def card(of: Country, case_id: str) -> Any:
    return ask_json(of, "GET", f"/courts_law/v1/cases/{case_id}")


def test_a_filed_case_has_a_number_of_its_court_and_goes_on_by_itself() -> None:
    of = country()
    case = filed(of)
    code = court_of(organization(27).address.region).code
    assert case["number"] == f"{code}-10000001/2026"
    assert (case["state"], case["history"]) == (
        "filed",
        [{"day": "2026-02-02", "state": "filed", "title": "Исковое заявление поступило"}],
    )
    assert filed(of) == case
    of.tenant().advance(8 * DAY_US)  # five working days at most
    assert card(of, case["case_id"])["state"] == "accepted"
    of.tenant().advance(200 * DAY_US)  # six months are over
    decided = card(of, case["case_id"])
    assert decided["state"] not in ("filed", "accepted", "hearing")
    (found,) = search(of, CaseNumbers=[case["number"]])["Items"]
    assert found["CaseId"] == case["case_id"]


def test_nobody_sues_themselves() -> None:
    same = {**CLAIM, "defendant_inn": CLAIM["plaintiff_inn"]}
    assert refused(country(), "v1/cases", same) == (422, "same-party")


def test_stale_cases_are_those_of_yesterday() -> None:
    of = country()
    case = filed(of)
    plan("stale_cases")
    assert ask(of, "GET", f"/courts_law/v1/cases/{case['case_id']}").status == 404
    assert search(of, CaseNumbers=[case["number"]])["TotalCount"] == 0
    of.tenant().advance(DAY_US)
    assert card(of, case["case_id"])["state"] == "filed"


@pytest.mark.parametrize("case_id", ["nonsense", "0" * 32, "-" * 36, "00000000-2025-8000-8000-1"])
def test_ids_of_no_case_are_not_found(case_id: str) -> None:
    assert ask(country(), "GET", f"/courts_law/v1/cases/{case_id}").status == 404


# --- deadlines (NTF-05)


def due(of: Organization, year: int = 2026) -> set[tuple[str, str, str]]:
    return {
        (one.obligation.code, one.period, one.due.isoformat())
        for one in deadlines_of(of, year, CALENDAR)
    }


def test_reports_and_payments_of_2026_fall_on_the_days_of_the_law() -> None:
    large = due(first_of("legal", "large"))
    assert {
        ("vat_return", "IV квартал", "2026-01-26"),  # 25 January is a Sunday
        ("vat_return", "I квартал", "2026-04-27"),  # 25 April is a Saturday
        ("vat_return", "II квартал", "2026-07-27"),
        ("vat_return", "III квартал", "2026-10-26"),
        ("vat", "IV квартал", "2026-03-30"),
        ("profit_return", "год", "2026-03-25"),
        ("income_return", "год", "2026-02-25"),
        ("accounts", "год", "2026-03-31"),
        ("contributions", "декабрь", "2026-01-28"),
    } <= large
    assert not {code for code, _, _ in large} & {"simplified_return", "own_contributions"}


def test_the_simplified_regime_is_due_in_march_for_entities_and_in_april_for_proprietors() -> None:
    small, proprietor = first_of("legal", "small"), first_of("sole_proprietor", "small")
    assert ("simplified_return", "год", "2026-03-25") in due(small)
    assert ("simplified_return", "год", "2026-04-27") in due(proprietor)
    assert ("own_contributions", "год", "2026-12-28") in due(proprietor)
    assert "contributions_return" not in {code for code, _, _ in due(proprietor)}


def shown_deadlines(of: Country, inn: str) -> Any:
    path = f"/courts_law/v1/deadlines?inn={inn}&year=2026"
    return ask_json(of, "GET", path)["deadlines"]


def test_deadlines_name_the_day_of_the_law_and_the_day_after_the_transfer() -> None:
    large = first_of("legal", "large").inn
    asked = [one for one in shown_deadlines(country(), large) if one["code"] == "vat_return"]
    assert asked[0] == {
        "code": "vat_return",
        "kind": "report",
        "title": "Декларация по НДС",
        "form": "НДС",
        "period": "IV квартал 2025 года",
        "set_for": "2026-01-25",
        "due": "2026-01-26",
        "law": "НК РФ, ст. 174, п. 5",
    }
    wrong = shown_deadlines(country("no_transfer"), large)
    assert all(one["due"] == one["set_for"] for one in wrong)


@pytest.mark.parametrize(
    ("year", "status"), [("2022", 400), ("2023", 200), ("2027", 200), ("2028", 400), ("x", 400)]
)
def test_deadlines_are_known_from_2023_to_the_next_year(year: str, status: int) -> None:
    inn = first_of("legal", "large").inn
    path = f"/courts_law/v1/deadlines?inn={inn}&year={year}"
    assert ask(country(), "GET", path).status == status


# --- legislation and inspections


@pytest.mark.parametrize(
    ("sort", "published", "effective"),
    [
        ("tax_law", (2025, 11, 28), (2026, 1, 1)),
        ("tax_law", (2025, 12, 1), (2026, 1, 1)),
        ("tax_law", (2025, 12, 2), (2026, 4, 1)),
        ("requirements", (2026, 6, 3), (2026, 9, 1)),
        ("requirements", (2026, 6, 4), (2027, 3, 1)),
        ("order", (2026, 2, 2), (2026, 2, 13)),
    ],
)
def test_acts_come_into_force_by_the_rules_of_their_sort(
    sort: Any, published: tuple[int, int, int], effective: tuple[int, int, int]
) -> None:
    assert effective_from(sort, dt.date(*published)) == dt.date(*effective)


def test_acts_of_a_month_have_days_of_that_month_and_growing_numbers() -> None:
    acts = [act for month in range(1, 13) for act in acts_of(1, 2026, month)]
    assert len(acts) == 36
    assert [act.day for act in acts] == sorted(act.day for act in acts)
    assert len({act.name for act in acts}) == 36
    about_trade = [act for act in acts if act.okved == "46"]
    assert all(act.concerns(("46.90",)) and not act.concerns(("47.11",)) for act in about_trade)


def inspected(year: int) -> Organization:
    return next(
        one for i in range(2_000) if audit_of(1, one := organization(i), year, CALENDAR) is not None
    )


def test_an_inspection_is_public_from_15_december_and_ends_after_ten_working_days() -> None:
    of = country()
    one = inspected(2027)
    path = f"/courts_law/v1/audits?inn={one.inn}&year=2027"
    at(of, 2026, 12, 14, 23, 59, 59)
    assert ask_json(of, "GET", path)["audits"] == []
    of.tenant().advance(1_000_000)
    (audit,) = ask_json(of, "GET", path)["audits"]
    assert (len(audit["number"]), audit["state"]) == (20, "planned")
    begins, ends = dt.date.fromisoformat(audit["begins"]), dt.date.fromisoformat(audit["ends"])
    days = (begins + dt.timedelta(days=n) for n in range((ends - begins).days + 1))
    assert sum(map(CALENDAR.is_working_day, days)) == 10
    at(of, ends.year, ends.month, ends.day)
    (audit,) = ask_json(of, "GET", path)["audits"]
    assert audit["state"] == "completed"


# --- subscriptions and the feed (NTF-01)


def subscribed(of: Country, *topics: str, inn: str | None = None, request_id: str = "p") -> str:
    body = {"request_id": request_id, "inn": inn, "topics": list(topics)}
    found: str = ask_json(of, "POST", "/courts_law/v1/subscriptions", body)["subscription_id"]
    return found


def events(of: Country, after: int = 0) -> list[dict[str, Any]]:
    page = ask_json(of, "GET", f"/courts_law/v1/events?after={after}&limit=1000")
    found: list[dict[str, Any]] = page["events"]
    return found


def test_reminders_come_two_weeks_before_each_deadline() -> None:
    of = country()
    large = first_of("legal", "large")
    subscribed(of, "deadline", inn=large.inn)
    at(of, 2026, 4, 30)
    told = [(one["at"], one["details"]["code"]) for one in events(of)]
    assert ("2026-02-11T09:00:00.000+03:00", "income_return") in told  # due on 25 February
    assert ("2026-04-13T09:00:00.000+03:00", "vat_return") in told  # due on 27 April
    codes = [code for _, code in told]
    assert (codes.count("vat_return"), codes.count("vat")) == (1, 3)


def test_the_parties_of_a_case_are_told_of_each_of_its_steps_once() -> None:
    of = country()
    subscribed(of, "court", inn=CLAIM["plaintiff_inn"])  # type: ignore[arg-type]
    case = filed(of)
    at(of, 2027, 6, 1)
    steps = [
        one["details"]["state"] for one in events(of) if one["details"]["number"] == case["number"]
    ]
    assert steps == [step["state"] for step in card(of, case["case_id"])["history"]]


def test_a_case_of_the_country_is_told_to_its_defendant_as_it_goes_on() -> None:
    of = country()
    cases = of.tenant().state(Cases)
    case = next(
        case
        for i in range(2_000)
        for case in cases.natural_of(organization(i), 2026)
        if case.steps[0].day > dt.date(2026, 2, 3)
    )
    subscribed(of, "court", inn=organization(case.defendant).inn)
    at(of, 2027, 12, 1)
    told = [one for one in events(of) if one["details"]["number"] == case.number]
    assert [one["details"]["state"] for one in told] == [step.state for step in case.steps]
    assert [one["details"]["day"] for one in told] == [str(step.day) for step in case.steps]
    assert told[0]["at"] == f"{case.steps[0].day}T12:00:00.000+03:00"


def test_inspections_are_announced_a_working_day_before() -> None:
    of = country()
    one = inspected(2027)
    subscribed(of, "audit", inn=one.inn)
    at(of, 2028, 1, 1)
    of_2027 = [event for event in events(of) if event["details"]["begins"].startswith("2027")]
    assert [event["details"]["state"] for event in of_2027] == ["planned", "notified", "completed"]
    begins = dt.date.fromisoformat(of_2027[0]["details"]["begins"])
    assert of_2027[1]["at"][:10] == str(working_days_later(CALENDAR, begins, -1))


def test_legislation_is_told_whole_without_an_inn_and_by_activities_with_one() -> None:
    of = country()
    whole = subscribed(of, "legislation", request_id="a")
    one = first_of("legal", "large")
    own = subscribed(of, "legislation", inn=one.inn, request_id="b")
    at(of, 2026, 12, 31, 23)
    told = events(of)
    all_names = [e["details"]["name"] for e in told if e["subscription_id"] == whole]
    own_names = [e["details"]["name"] for e in told if e["subscription_id"] == own]
    acts = [act for month in range(2, 13) for act in acts_of(1, 2026, month)]
    later = [act for act in acts if act.day > dt.date(2026, 2, 2)]
    assert all_names == [act.name for act in later]
    assert own_names == [act.name for act in later if act.concerns(one.okved)]
    assert len(own_names) < len(all_names)


def test_an_event_filed_by_a_test_reaches_those_who_are_subscribed() -> None:
    of = country()
    subscription = subscribed(of, "audit", inn=CLAIM["plaintiff_inn"])  # type: ignore[arg-type]
    body = {
        "request_id": "e-1",
        "topic": "audit",
        "inn": CLAIM["plaintiff_inn"],
        "title": "Внеплановая проверка",
        "details": {"authority": "МЧС России"},
    }
    path = "/courts_law/v1/events"
    assert ask_json(of, "POST", path, body) == {"event_id": "e-1", "told": 1}
    assert ask_json(of, "POST", path, body) == {"event_id": "e-1", "told": 1}
    other = {**body, "request_id": "e-2", "inn": CLAIM["defendant_inn"]}
    assert ask_json(of, "POST", path, other)["told"] == 0
    (event,) = events(of)
    assert event == {
        "number": 1,
        "id": f"{subscription}/e-1",
        "at": "2026-02-02T10:00:00.000+03:00",
        "subscription_id": subscription,
        "topic": "audit",
        "inn": CLAIM["plaintiff_inn"],
        "title": "Внеплановая проверка",
        "details": {"authority": "МЧС России"},
    }


def test_legislation_filed_without_an_inn_reaches_every_subscriber_of_it() -> None:
    of = country()
    subscribed(of, "legislation", request_id="a")
    subscribed(of, "legislation", inn=organization(26).inn, request_id="b")
    subscribed(of, "court", inn=organization(26).inn, request_id="c")
    body = {"request_id": "e-1", "topic": "legislation", "title": "Новые формы отчётности"}
    assert ask_json(of, "POST", "/courts_law/v1/events", body)["told"] == 2
    refusal = refused(of, "v1/events", {**body, "request_id": "e-2", "topic": "court"})
    assert refusal == (422, "inn-missing")


def test_after_the_end_of_a_subscription_nothing_is_told() -> None:
    of = country()
    subscription = subscribed(of, "legislation")
    path = f"/courts_law/v1/subscriptions/{subscription}"
    assert ask_json(of, "GET", path)["topics"] == ["legislation"]
    assert ask(of, "DELETE", path).status == 204
    assert ask(of, "DELETE", path).status == 404
    of.tenant().advance(100 * DAY_US)
    assert events(of) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"topics": ["court"]}, "inn-missing"),
        ({"topics": ["legislation", "audit"]}, "inn-missing"),
        ({"topics": []}, "invalid"),
        ({"topics": ["court"], "inn": "7707083894"}, "bad-inn"),
        ({"topics": ["weather"], "inn": "7707083893"}, "invalid"),
    ],
)
def test_wrong_subscriptions_are_refused(body: dict[str, Any], error: str) -> None:
    assert refused(country(), "v1/subscriptions", {"request_id": "p", **body}) == (422, error)


def acts_told(*kinds: str) -> list[dict[str, Any]]:
    of = country(*kinds)
    subscribed(of, "legislation", inn=first_of("legal", "large").inn)
    of.tenant().advance(90 * DAY_US)
    return events(of)


def test_lost_doubled_and_overtaken_events_are_those_of_the_plan_of_faults() -> None:
    ids = [event["id"] for event in acts_told()]
    assert acts_told("loss") == []
    assert [event["id"] for event in acts_told("duplicate")] == [i for i in ids for _ in range(2)]
    assert sorted(event["id"] for event in acts_told("reorder")) == sorted(ids)


def test_late_events_come_a_day_later() -> None:
    days = [dt.datetime.fromisoformat(event["at"]) for event in acts_told()]
    late = [dt.datetime.fromisoformat(event["at"]) for event in acts_told("late_event")]
    assert late == [day + dt.timedelta(days=1) for day in days][: len(late)]
    assert len(late) >= len(days) - 1


def test_misaddressed_events_name_the_next_organization() -> None:
    wrong = organization(first_of("legal", "large").index + 1).inn
    assert {event["inn"] for event in acts_told("misaddressed")} == {wrong}


def test_deadlines_do_not_depend_on_where_the_clock_began() -> None:
    other = Calendar(start=dt.datetime(2025, 6, 1))
    one = first_of("legal", "large")
    assert list(deadlines_of(one, 2026, other)) == list(deadlines_of(one, 2026, CALENDAR))


# --- records that a test takes back, and what is kept


ADDED = {"inn": "7707083893", "ogrn": "1027700132195"}


def test_case_of_an_organization_taken_back_is_found_no_more() -> None:
    of = country()
    records = of.tenant().records
    records.add_organization(0, ADDED)
    claim = {**CLAIM, "defendant_inn": ADDED["inn"]}
    case = ask_json(of, "POST", "/courts_law/v1/cases", claim)
    plaintiff = {"Sides": [{"Name": CLAIM["plaintiff_inn"], "Type": 0}]}
    found = ask_json(of, "POST", "/courts_law/Kad/SearchInstances", plaintiff)["Result"]
    assert case["case_id"] in [item["CaseId"] for item in found["Items"]]
    records.restore()
    assert ask(of, "GET", f"/courts_law/v1/cases/{case['case_id']}").status == 404
    assert ask(of, "POST", "/courts_law/v1/cases", claim).status == 404
    left = ask_json(of, "POST", "/courts_law/Kad/SearchInstances", plaintiff)["Result"]
    assert left["TotalCount"] == found["TotalCount"] - 1


def test_nothing_comes_to_an_organization_taken_back_and_time_goes_on() -> None:
    of = country()
    of.tenant().records.add_organization(first_of("legal", "large").index, ADDED)
    subscribed(of, "deadline", "legislation", inn=ADDED["inn"])
    of.tenant().records.restore()
    at(of, 2026, 3, 1)
    february = events(of)
    at(of, 2026, 6, 1)
    assert february
    assert events(of) == february


def test_ended_subscriptions_leave_nothing_planned() -> None:
    of = country()
    planned = len(of.tenant().agenda)
    for number in range(3):
        inn = first_of("legal", "large").inn
        found = subscribed(of, "deadline", "court", inn=inn, request_id=f"p-{number}")
        assert len(of.tenant().agenda) > planned
        ask(of, "DELETE", f"/courts_law/v1/subscriptions/{found}")
        assert len(of.tenant().agenda) == planned


def test_cases_beyond_the_bound_are_followed_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mocks.courts_law.subscriptions.MOST_FILED", 1)
    of = country()
    filed(of)
    ask_json(of, "POST", "/courts_law/v1/cases", {**CLAIM, "request_id": "another"})
    ask_json(of, "POST", "/courts_law/v1/cases", {**CLAIM, "request_id": "third"})
    of.tenant().settle()
    assert len(of.tenant().agenda) < 9  # steps of the latest case alone, eight at most


def test_texts_of_a_filed_event_are_bounded() -> None:
    of = country()
    body = {"request_id": "e", "topic": "legislation", "title": "t"}
    longest = {**body, "details": {"a": "x" * 1_000}}
    assert ask(of, "POST", "/courts_law/v1/events", longest).status == 202
    longer = {**body, "request_id": "f", "details": {"a": "x" * 1_001}}
    assert ask(of, "POST", "/courts_law/v1/events", longer).status == 422

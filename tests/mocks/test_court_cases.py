"""Court cases: their course, how they are found, filed and shown."""

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.core.country import Country
from mocks.courts_law.cases import Case, Cases
from mocks.courts_law.course import course_of
from mocks.courts_law.courts import court_of
from mocks.courts_law.terms import months_later, on_working_day, working_days_later
from tests.mocks.asking import ask, ask_json
from tests.mocks.suing import (
    ADDED,
    CALENDAR,
    CLAIM,
    DAY_US,
    card,
    country,
    filed,
    organization,
    plan,
    refused,
)
from world.regions import REGIONS


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

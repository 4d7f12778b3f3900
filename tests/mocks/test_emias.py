"""ЕМИАС: examinations, conclusions, sick leaves and reports, of one's own employees alone."""

import datetime as dt
import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.emias.service import service
from tests.mocks.agencies import DAY_US, go_to, organization, plan
from tests.mocks.asking import ask, ask_json
from world.records import Organization

EXAMINATIONS = "/emias/v1/examinations"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def employer(country: Country, at_least: int = 3) -> Organization:
    """The first active organization with so many employees."""
    return organization(
        country,
        lambda one: (
            one.standing == "active" and len(country.world.employees_of(one.index)) >= at_least
        ),
    )


def staff(country: Country, one: Organization) -> list[str]:
    contracts = country.world.employees_of(one.index)
    return [country.world.person(contract.person).snils for contract in contracts]


def order(one: Organization, numbers: list[str], request_id: str = "hr-1") -> dict[str, Any]:
    return {
        "request_id": request_id,
        "inn": one.inn,
        "ogrn": one.ogrn,
        "employees": [{"snils": snils, "factors": ["4.2.5"]} for snils in numbers],
    }


def test_examination_waits_for_everybody_of_the_list(country: Country) -> None:
    one = employer(country)
    numbers = staff(country, one)[:3]
    case = ask_json(country, "POST", EXAMINATIONS, order(one, numbers))
    assert (case["number"], case["status"]) == ("MED-2026-000001", "in_progress")
    assert (case["waiting"], case["results"]) == (numbers, [])
    country.tenant().advance(5 * DAY_US)
    url = f"{EXAMINATIONS}/{case['number']}?inn={one.inn}"
    done = ask_json(country, "GET", url)
    assert (done["status"], done["waiting"]) == ("completed", [])
    assert sorted(result["snils"] for result in done["results"]) == sorted(numbers)
    first = done["results"][0]
    assert first["factors"] == ["4.2.5"]
    assert set(first) == {
        "snils",
        "factors",
        "conclusion",
        "conclusion_title",
        "examined",
        "valid_until",
        "valid",
    }


def test_conclusion_holds_for_a_year_from_the_examination(country: Country) -> None:
    one = employer(country)
    (snils, *_) = staff(country, one)
    ask_json(country, "POST", EXAMINATIONS, order(one, [snils]))
    url = f"/emias/v1/employees/{snils}/conclusion?inn={one.inn}"
    assert ask(country, "GET", url).status == 404
    country.tenant().advance(3 * DAY_US)
    result = ask_json(country, "GET", url)
    examined = dt.date.fromisoformat(result["examined"])
    after = examined.replace(year=examined.year + 1)
    assert result["valid_until"] == (after - dt.timedelta(days=1)).isoformat()
    go_to(country, after.year, after.month, after.day, past_us=-1)
    assert ask_json(country, "GET", url)["valid"] is True
    country.tenant().advance(1)
    assert ask_json(country, "GET", url)["valid"] is False


def test_list_with_strangers_is_refused_as_a_whole_and_names_them(country: Country) -> None:
    one = employer(country)
    other = organization(
        country,
        lambda two: two.index != one.index and bool(country.world.employees_of(two.index)),
    )
    own, foreign = staff(country, one)[0], staff(country, other)[0]
    answer = ask(country, "POST", EXAMINATIONS, order(one, [own, foreign]))
    assert (answer.status, json.loads(answer.body)) == (
        403,
        {
            "error": "not-employees",
            "message": f"Не работают в организации: {foreign}",
            "field": "employees",
        },
    )
    assert ask_json(country, "GET", f"{EXAMINATIONS}?inn={one.inn}") == {"examinations": []}


def test_somebody_unknown_is_refused_like_somebody_elses_employee(country: Country) -> None:
    one = employer(country)
    nobody = "00000000100"  # a СНИЛС below 001-001-998, which has no check number
    answer = ask(country, "POST", EXAMINATIONS, order(one, [nobody]))
    assert (answer.status, json.loads(answer.body)["error"]) == (403, "not-employees")


def test_employer_sees_neither_foreign_examinations_nor_foreign_conclusions(
    country: Country,
) -> None:
    one = employer(country)
    (snils, *_) = staff(country, one)
    number = ask_json(country, "POST", EXAMINATIONS, order(one, [snils]))["number"]
    country.tenant().advance(3 * DAY_US)
    other = organization(country, lambda two: two.index != one.index)
    for path in (
        f"examinations/{number}",
        f"examinations/{number}/act",
        f"employees/{snils}/conclusion",
    ):
        answer = ask(country, "GET", f"/emias/v1/{path}?inn={other.inn}")
        assert answer.status == 403, path
    assert ask(country, "GET", f"{EXAMINATIONS}/{number}").status == 400


@pytest.mark.parametrize(
    ("employees", "error"),
    [
        ([], "invalid"),
        ([{"snils": "12345678901", "factors": ["4.2.5"]}], "bad-snils"),
        ([{"snils": "00000000100", "factors": []}], "invalid"),
        ([{"snils": "00000000100", "factors": ["шум"]}], "invalid"),
        ([{"snils": "00000000100", "factors": ["1.1"]}] * 2, "listed-twice"),
        ([{"snils": "00000000100", "factors": ["1.1"], "diagnosis": "J00"}], "invalid"),
    ],
)
def test_wrong_list_is_refused(country: Country, employees: list[Any], error: str) -> None:
    body = {**order(employer(country), []), "employees": employees}
    answer = ask(country, "POST", EXAMINATIONS, body)
    assert (answer.status, json.loads(answer.body)["error"]) == (422, error)


def test_repeated_list_opens_no_second_case(country: Country) -> None:
    one = employer(country)
    body = order(one, staff(country, one)[:2])
    first, second = (ask(country, "POST", EXAMINATIONS, body) for _ in range(2))
    assert (first.status, second.status, second.body) == (201, 200, first.body)
    assert ask(country, "POST", EXAMINATIONS, order(one, staff(country, one)[:1])).status == 409


def test_final_act_is_a_pdf_once_everybody_is_examined(country: Country) -> None:
    one = employer(country)
    number = ask_json(country, "POST", EXAMINATIONS, order(one, staff(country, one)))["number"]
    url = f"{EXAMINATIONS}/{number}/act?inn={one.inn}"
    assert ask(country, "GET", url).status == 409
    country.tenant().advance(5 * DAY_US)
    act = ask(country, "GET", url)
    assert (act.status, act.media_type, act.body[:5]) == (200, "application/pdf", b"%PDF-")
    examined = f"Осмотрено работников: {len(staff(country, one))}"
    assert examined.encode("cp1251").hex().encode() in act.body


# --- sick leaves and reports


def leave(country: Country) -> tuple[Organization, dict[str, Any]]:
    """An employer with a sick leave that began in February 2026, seen after it all."""
    found: list[dict[str, Any]] = []

    def fits(one: Organization) -> bool:
        if len(country.world.employees_of(one.index)) < 5:
            return False
        url = f"/emias/v1/sick-leaves?inn={one.inn}&month=2026-02"
        found[:] = ask_json(country, "GET", url)["sick_leaves"]
        return bool(found)

    return organization(country, fits), found[0]


def test_sick_leave_opens_with_its_first_day_and_closes_after_its_last(country: Country) -> None:
    later = Country([service], seed=1)
    go_to(later, 2026, 4, 1)
    one, known = leave(later)
    assert known["status"] == "030"
    begins, ends = (dt.date.fromisoformat(known[name]) for name in ("begins", "ends"))
    assert 3 <= (ends - begins).days + 1 <= 15
    url = f"/emias/v1/sick-leaves?inn={one.inn}&month=2026-02"

    def states() -> list[str]:
        leaves = ask_json(country, "GET", url)["sick_leaves"]
        return [one["status"] for one in leaves if one["number"] == known["number"]]

    go_to(country, begins.year, begins.month, begins.day, past_us=-1)
    assert states() == []
    country.tenant().advance(1)
    assert states() == ["010"]
    after = ends + dt.timedelta(days=1)
    go_to(country, after.year, after.month, after.day, past_us=-1)
    assert states() == ["010"]
    country.tenant().advance(1)
    assert states() == ["030"]


def test_sick_leaves_come_twice_under_their_fault(country: Country) -> None:
    go_to(country, 2026, 3, 1)
    one, known = leave(country)
    plan(country, "emias", "duplicate_leaves")
    url = f"/emias/v1/sick-leaves?inn={one.inn}&month=2026-02"
    leaves = ask_json(country, "GET", url)["sick_leaves"]
    assert [each for each in leaves if each["number"] == known["number"]] == [known, known]


def test_report_is_formed_when_its_month_is_over(country: Country) -> None:
    one = employer(country)
    url = f"/emias/v1/reports?inn={one.inn}&month=2026-02"
    ask_json(country, "POST", EXAMINATIONS, order(one, staff(country, one)))
    go_to(country, 2026, 3, 1, past_us=-1)
    early = ask(country, "GET", url)
    assert (early.status, json.loads(early.body)["error"]) == (409, "report-not-formed")
    country.tenant().advance(1)
    report = ask_json(country, "GET", url)
    assert list(report) == [
        "inn",
        "month",
        "employees",
        "conclusions",
        "sick_leaves",
        "days_of_leave",
    ]
    assert report["employees"] == len(staff(country, one))
    assert sum(report["conclusions"].values()) == len(staff(country, one))


@pytest.mark.parametrize(
    "month", ["", "2026", "2026-13", "2026-00", "1999-12", "9999-12", "02.2026"]
)
def test_month_has_year_and_number(country: Country, month: str) -> None:
    answer = ask(country, "GET", f"/emias/v1/reports?inn={employer(country).inn}&month={month}")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "bad-month")


def test_late_report_is_not_there_after_its_month(country: Country) -> None:
    plan(country, "emias", "report_late", times=1)
    go_to(country, 2026, 3, 2)
    url = f"/emias/v1/reports?inn={employer(country).inn}&month=2026-02"
    assert [ask(country, "GET", url).status for _ in range(2)] == [409, 200]


def test_lost_result_keeps_the_examination_open(country: Country) -> None:
    plan(country, "emias", "lost_result")
    one = employer(country)
    numbers = staff(country, one)[:3]
    number = ask_json(country, "POST", EXAMINATIONS, order(one, numbers))["number"]
    country.tenant().advance(100 * DAY_US)
    case = ask_json(country, "GET", f"{EXAMINATIONS}/{number}?inn={one.inn}")
    assert (case["status"], case["waiting"]) == ("in_progress", [numbers[0]])
    assert (len(case["results"]), case["overdue"]) == (2, True)

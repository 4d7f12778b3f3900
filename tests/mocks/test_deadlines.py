"""Terms and deadlines of reports and payments: on which day each falls (NTF-05)."""

import datetime as dt
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.courts_law.deadlines import deadlines_of
from mocks.courts_law.terms import months_later, on_working_day, working_days_later
from tests.mocks.asking import ask, ask_json
from tests.mocks.suing import CALENDAR, country, first_of
from world.calendar import Calendar
from world.records import Organization

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


def test_deadlines_do_not_depend_on_where_the_clock_began() -> None:
    other = Calendar(start=dt.datetime(2025, 6, 1))
    one = first_of("legal", "large")
    assert list(deadlines_of(one, 2026, other)) == list(deadlines_of(one, 2026, CALENDAR))

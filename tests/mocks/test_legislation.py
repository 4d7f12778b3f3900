"""Legislation and inspections: from when acts are in force and inspections are public."""

import datetime as dt
from typing import Any

import pytest

from mocks.courts_law.legislation import acts_of, effective_from
from tests.mocks.asking import ask_json
from tests.mocks.suing import CALENDAR, at, country, inspected


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

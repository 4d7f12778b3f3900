"""ЕГРЮЛ: how it tells of changes."""

from typing import Any

import pytest

from mocks.core.country import Country
from tests.mocks.asking import ask, ask_json
from tests.mocks.registers import change, new_country, one, plan

DAY_US = 86_400_000_000


@pytest.fixture
def country() -> Country:
    return new_country()


def changes(country: Country, query: str = "") -> Any:
    return ask_json(country, "GET", f"/egrul/v1/changes{query}")


def test_a_change_is_told_with_its_fields_and_time(country: Country) -> None:
    record = one(country, "legal")
    assert changes(country) == {"events": [], "next": 0, "oldest": 1}
    country.tenant().advance(DAY_US)
    change(country, record, full_name="НОВОЕ", address={"house": "д. 1000"})
    assert changes(country) == {
        "events": [
            {
                "number": 1,
                "id": f"{record.ogrn}-1",
                "at": "2026-02-03T10:00:00.000+03:00",
                "ogrn": record.ogrn,
                "inn": record.inn,
                "fields": ["full_name", "address"],
            }
        ],
        "next": 1,
        "oldest": 1,
    }


def test_changes_are_read_on_from_where_one_stopped(country: Country) -> None:
    record = one(country, "legal")
    for name in ("А", "Б", "В"):
        change(country, record, full_name=name)
    first = changes(country, "?limit=2")
    assert [event["number"] for event in first["events"]] == [1, 2]
    rest = changes(country, f"?after={first['next']}&limit=2")
    assert [event["number"] for event in rest["events"]] == [3]
    assert changes(country, "?after=3") == {"events": [], "next": 3, "oldest": 1}


def test_what_changes_nothing_and_proprietors_are_not_told(country: Country) -> None:
    record = one(country, "legal")
    change(country, record, full_name=record.full_name)
    change(country, one(country, "sole_proprietor"), email="new@mail.test")
    assert changes(country)["events"] == []


@pytest.mark.parametrize(
    ("kind", "ids"), [("loss", []), ("duplicate", ["1", "1", "2", "2"]), ("reorder", ["1", "2"])]
)
def test_faults_of_messages_reach_the_changes(country: Country, kind: str, ids: list[str]) -> None:
    record = one(country, "legal")
    plan(country, "egrul", kind)
    for name in ("А", "Б"):
        change(country, record, full_name=name)
    told = [event["id"].partition("-")[2] for event in changes(country)["events"]]
    assert told == ids


def test_a_change_that_is_overtaken_comes_second(country: Country) -> None:
    record = one(country, "legal")
    plan(country, "egrul", "reorder", times=1)
    for name in ("А", "Б"):
        change(country, record, full_name=name)
    told = [event["id"].partition("-")[2] for event in changes(country)["events"]]
    assert told == ["2", "1"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=", "limit=0", "limit=1001"])
def test_wrong_places_in_the_changes_are_refused(country: Country, query: str) -> None:
    answer = ask(country, "GET", f"/egrul/v1/changes?{query}")
    assert (answer.status, b'"error":"bad-cursor"' in answer.body) == (400, True)


def test_another_tenant_knows_nothing_of_a_change(country: Country) -> None:
    other = country.create_tenant("other")
    record = one(country, "legal")
    change(country, record, full_name="НОВОЕ")
    assert ask_json(country, "GET", "/other/egrul/v1/changes")["events"] == []
    found = ask_json(country, "GET", f"/other/egrul/v1/organizations/{record.inn}")
    assert found["full_name"] == record.full_name
    assert other.records.organization(record.index) == record

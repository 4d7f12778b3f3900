"""The report of monitoring: what is done and overdue, how many, of which kind, for how much."""

import base64
import csv
import io
from typing import Any

import pytest

from portal.ports.store import Store
from tests.portal.applying import Applying
from tests.portal.wiring import broken, portal_with

MANAGER = "500100732260"
DUPLICATE: dict[str, Any] = {"kind": "duplicate_certificate", "fields": {"reason": "Утеря"}}


@pytest.fixture
def firm(store: Store) -> Applying:
    """With an approved appeal and an open duplicate of 2 February, and an open appeal of 12
    February; the duplicate is overdue then."""
    made = Applying(portal_with(store=store))
    made.decide(made.filed())
    made.filed(**DUPLICATE)
    made.stand.after(days=10)
    made.filed()
    return made


def test_the_whole_report(firm: Applying) -> None:
    told = dict(firm.read("applications_report").data)
    items = told.pop("items")
    assert [each["kind"] for each in items] == ["appeal", "duplicate_certificate", "appeal"]
    assert [each["is_overdue"] for each in items] == [False, True, False]
    assert told == {
        "done": 1,
        "overdue": 1,
        "by_status": {"approved": 1, "processing": 2},
        "by_category": {"appeal": 2, "registration": 1},
        "by_kind": {"appeal": 2, "duplicate_certificate": 1},
        "by_responsible": {firm.head.account: 3},
        "price_kopecks": 30_000,
        "price_by_category": {"registration": 30_000},
    }


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"date_from": "2026-02-02", "date_to": "2026-02-02"}, ["appeal", "duplicate_certificate"]),
        ({"date_from": "2026-02-03"}, ["appeal"]),
        ({"date_to": "2026-02-01"}, []),
        ({"category": "registration"}, ["duplicate_certificate"]),
        ({"status": "approved"}, ["appeal"]),
        ({"status": "rejected"}, []),
        ({"responsible": "account 500100732259", "status": "approved"}, ["appeal"]),
    ],
)
def test_a_selection_chooses(firm: Applying, query: dict[str, Any], kinds: list[str]) -> None:
    items = firm.read("applications_report", **query).data["items"]
    assert [each["kind"] for each in items] == kinds


@pytest.mark.parametrize("view", ["applications_report", "applications_report_file"])
@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ({"date_from": "02.02.2026"}, ["APP-05 date_from"]),
        ({"date_from": "2026-02-03", "date_to": "2026-02-02"}, ["APP-05 date_to"]),
        (
            {"category": "none", "status": "none", "responsible": "nobody"},
            ["APP-05 category", "APP-05 status", "APP-05 responsible"],
        ),
    ],
)
def test_a_wrong_selection_is_named(
    firm: Applying, view: str, query: dict[str, Any], rules: list[str]
) -> None:
    outcome = firm.read(view, **query)
    assert (outcome.refusal, broken(outcome)) == ("wrong", rules)


def test_the_report_as_a_file(firm: Applying) -> None:
    file = firm.read("applications_report_file", category="registration").data
    rows = list(csv.reader(io.StringIO(base64.b64decode(file["content"]).decode(), newline="")))
    [row] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert file["file_name"] == f"applications-{firm.cabinet.numbers['ogrn']}.csv"
    assert (row["Вид"], row["Статус"]) == ("Дубликат свидетельства", "В обработке")
    assert (row["Просрочено"], row["Завершено"], row["Стоимость, коп."]) == ("да", "", "30000")


def test_drafts_are_in_no_report(firm: Applying) -> None:
    firm.draft()
    assert len(firm.read("applications_report").data["items"]) == 3


def test_the_report_is_for_who_sees_reports(firm: Applying) -> None:
    assert firm.read("applications_report", firm.cabinet.member("acc", MANAGER)).state == "shown"
    outcome = firm.read("applications_report", firm.cabinet.member("emp", MANAGER))
    assert outcome.refusal == "forbidden"

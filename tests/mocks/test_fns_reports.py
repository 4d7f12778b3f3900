"""ФНС takes reports in, begins audits and knows who owes what."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.core.country import Country
from mocks.fns import settlements
from tests.mocks.asking import ask
from tests.mocks.tax_service import COUNTRY, DAY_US, HOUR_US, fail, fresh, get, legal, post, refused
from world.records import Organization
from world.reporting_periods import last_day_of_term, period_days

SIGNATURE = "MIIB"


@pytest.fixture
def fns() -> Country:
    return fresh()


def report(organization: Organization, **changes: object) -> dict[str, object]:
    return {
        "request_id": "r1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "form": "НДС",
        "period_code": "24",
        "year": 2025,
        "lines": [{"code": "040", "kopecks": 120_000}],
        "operations": [{"date": "2025-12-31", "kopecks": 120_000}],
        "signature": SIGNATURE,
        **changes,
    }


def moments(case: dict[str, Any]) -> dict[str, dt.datetime]:
    return {step["status"]: dt.datetime.fromisoformat(step["at"]) for step in case["history"]}


def test_a_report_gets_its_papers_in_their_terms(fns: Country) -> None:
    filed = post(fns, "/reports", report(legal(fns)))
    assert (filed["number"], filed["status_title"]) == ("REPORT-2026-000001", "Отправлен")
    assert (filed["form_number"], filed["papers"]) == ("1151001", ["sent"])
    assert filed["due"] == "2026-02-02T14:00:00.000+03:00"
    fns.tenant().advance(30 * DAY_US)
    done = get(fns, f"/reports/{filed['number']}")
    assert done["papers"] == ["sent", "delivered", "accepted", "entered"]
    at = moments(done)
    assert done["history"][1]["due"] == "2026-02-03T23:59:59.999+03:00"
    assert at["sent"] < at["delivered"] <= at["sent"] + dt.timedelta(hours=4)
    # Filed on Monday: the receipt comes by the end of Tuesday.
    assert at["delivered"] < at["accepted"] < dt.datetime.fromisoformat("2026-02-04T00:00+03:00")
    assert at["accepted"] < at["entered"] < dt.datetime.fromisoformat("2026-02-06T00:00+03:00")
    for paper in done["papers"]:
        answer = ask(fns, "GET", f"/fns/v1/reports/{filed['number']}/papers/{paper}")
        assert (answer.status, answer.media_type) == (200, "application/pdf")
        assert answer.body.startswith(b"%PDF-1.4")
    assert refused(fns, "GET", f"/reports/{filed['number']}/papers/refused") == (
        404,
        "no-such-paper",
    )
    told = [event["id"].split("/")[1] for event in get(fns, "/events")["events"]]
    assert told == ["delivered", "accepted", "entered"]


def test_reasons_to_refuse_are_all_named_between_six_and_twelve_hours_later(fns: Country) -> None:
    wrong = report(
        legal(fns),
        lines=[{"code": "040", "kopecks": None}],
        operations=[
            {"date": "2025-09-30", "kopecks": 1},
            {"date": "2025-10-01", "kopecks": 1},
            {"date": "2025-12-31", "kopecks": 1},
            {"date": "2026-01-01", "kopecks": 1},
        ],
    )
    number = post(fns, "/reports", wrong)["number"]
    fns.tenant().advance(6 * HOUR_US - 1)
    assert get(fns, f"/reports/{number}")["errors"] == []
    fns.tenant().advance(6 * HOUR_US + 1)
    done = get(fns, f"/reports/{number}")
    assert (done["status"], done["errors"]) == (
        "refused",
        [
            "Строка 040 не заполнена",
            "Операция 30.09.2025 не за отчётный период",
            "Операция 01.01.2026 не за отчётный период",
        ],
    )


@pytest.mark.parametrize(("early_us", "status"), [(1, "refused"), (0, "entered")])
def test_a_period_must_be_over_on_the_day_of_filing(
    fns: Country, early_us: int, status: str
) -> None:
    tenant = fns.tenant()
    tenant.set_time(tenant.clock.calendar.midnight(dt.date(2026, 4, 1)) - early_us)
    first_quarter = report(legal(fns), period_code="21", year=2026, operations=[])
    number = post(fns, "/reports", first_quarter)["number"]
    tenant.advance(10 * DAY_US)
    assert get(fns, f"/reports/{number}")["status"] == status


def test_one_primary_report_is_taken_and_corrections_in_their_order(fns: Country) -> None:
    organization = legal(fns)
    filed = {
        name: post(fns, "/reports", report(organization, request_id=name, correction=correction))
        for name, correction in (("gap", 2), ("first", 0), ("second", 0))
    }
    fns.tenant().advance(10 * DAY_US)
    taken = {n: get(fns, f"/reports/{case['number']}")["status"] for n, case in filed.items()}
    assert sorted(taken[name] for name in ("first", "second")) == ["entered", "refused"]
    assert taken["gap"] == "refused"
    corrected = post(fns, "/reports", report(organization, request_id="c", correction=1))
    fns.tenant().advance(10 * DAY_US)
    assert get(fns, f"/reports/{corrected['number']}")["status"] == "entered"


def test_a_taxpayer_who_is_gone_is_refused(fns: Country) -> None:
    number = post(fns, "/reports", report(legal(fns, "liquidated")))["number"]
    fns.tenant().advance(DAY_US)
    assert get(fns, f"/reports/{number}")["errors"] == [
        "Налогоплательщик снят с учёта: организация прекратила деятельность"
    ]


def test_a_report_sent_twice_is_one_and_forms_and_periods_must_exist(fns: Country) -> None:
    organization = legal(fns)
    first = post(fns, "/reports", report(organization))
    assert post(fns, "/reports", report(organization)) == first
    other = report(organization, year=2024, operations=[])
    assert refused(fns, "POST", "/reports", other) == (409, "request-id-taken")
    poll = report(organization, form="опрос")
    assert refused(fns, "POST", "/reports", poll) == (422, "no-such-form")
    yearly = report(organization, period_code="34")
    assert refused(fns, "POST", "/reports", yearly) == (422, "no-such-period")
    assert refused(fns, "POST", "/reports", report(organization, signature="")) == (422, "invalid")
    wrong = report(organization, inn="7707083894")
    assert refused(fns, "POST", "/reports", wrong) == (422, "bad-inn")


def test_every_form_of_the_rule_book_is_taken_in(fns: Country) -> None:
    codes = {"НДС": "24", "фонды": "24", "статистика": "24", "НПД": "12"}
    for form in fns.policy.texts("APP-07.kinds"):
        body = report(legal(fns), request_id="f", form=form, period_code=codes.get(form, "34"))
        COUNTRY.reset_tenant("main")
        number = post(fns, "/reports", body)["number"]
        fns.tenant().advance(10 * DAY_US)
        assert get(fns, f"/reports/{number}")["status"] == "entered", form


def test_a_late_receipt_comes_a_day_later(fns: Country) -> None:
    organization = legal(fns)
    number = post(fns, "/reports", report(organization))["number"]
    fns.tenant().advance(10 * DAY_US)
    usual = moments(get(fns, f"/reports/{number}"))
    COUNTRY.reset_tenant("main")
    fail(fns, "late_receipt")
    post(fns, "/reports", report(organization))
    fns.tenant().advance(10 * DAY_US)
    late = moments(get(fns, f"/reports/{number}"))
    assert late["delivered"] == usual["delivered"]
    assert late["accepted"] == usual["accepted"] + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "code", "first", "last"),
    [
        ("month", "02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("month", "12", dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
        ("quarter", "21", dt.date(2024, 1, 1), dt.date(2024, 3, 31)),
        ("quarter", "24", dt.date(2024, 10, 1), dt.date(2024, 12, 31)),
        ("year", "34", dt.date(2024, 1, 1), dt.date(2024, 12, 31)),
    ],
)
def test_periods_by_their_codes(kind: Any, code: str, first: dt.date, last: dt.date) -> None:
    assert period_days(kind, code, 2024) == (first, last)


@pytest.mark.parametrize(
    ("begun", "months", "last"),
    [
        (dt.date(2026, 2, 2), 2, dt.date(2026, 4, 2)),
        (dt.date(2025, 12, 31), 2, dt.date(2026, 2, 28)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 9, 15), 3, dt.date(2026, 12, 15)),
    ],
)
def test_a_term_of_months_ends_on_the_same_day_or_the_months_last(
    begun: dt.date, months: int, last: dt.date
) -> None:
    assert last_day_of_term(begun, months) == last


def test_an_accepted_return_begins_a_desk_audit_of_two_months(fns: Country) -> None:
    organization, tenant = legal(fns), fns.tenant()
    number = post(fns, "/reports", report(organization))["number"]
    tenant.advance(3 * DAY_US)
    notices = get(fns, f"/audit-notices?inn={organization.inn}")
    assert notices == {
        "inn": organization.inn,
        "notices": [
            {
                "kind": "camera",
                "kind_title": "Камеральная налоговая проверка",
                "report": number,
                "subject": "НДС, период 24 2025 года",
                "begun": "2026-02-02T10:00:00.000+03:00",
                "ends": "2026-04-02T23:59:59.999+03:00",
                "status": "under_way",
                "status_title": "Проводится",
            }
        ],
    }
    (message,) = tenant.inboxes.of(organization.inn)
    assert message.subject == "Уведомление о налоговой проверке"
    end_us = tenant.clock.calendar.midnight(dt.date(2026, 4, 3))
    tenant.set_time(end_us - 1)
    path = f"/audit-notices?inn={organization.inn}"
    assert get(fns, path)["notices"][0]["status"] == "under_way"
    tenant.advance(1)
    assert get(fns, path)["notices"][0]["status"] == "over"


# --- settlements


def owing(country: Country) -> Organization:
    """The first legal entity that owes VAT."""
    records = country.tenant().records
    for index in range(500):
        organization = records.organization(index)
        if organization.kind == "legal" and settlement(country, organization)["НДС"] > 0:
            return organization
    raise AssertionError


def settlement(country: Country, organization: Organization) -> dict[str, int]:
    status = get(country, f"/settlements?inn={organization.inn}")
    return {tax["tax"]: tax["debt_kopecks"] - tax["overpaid_kopecks"] for tax in status["taxes"]}


def test_payments_reduce_a_debt_to_nothing_and_then_are_overpaid(fns: Country) -> None:
    organization = owing(fns)
    before = settlement(fns, organization)
    debt = before["НДС"]
    for number, kopecks, left in (("p1", debt - 1, 1), ("p2", 1, 0), ("p3", 500, -500)):
        note = {"payment_id": number, "inn": organization.inn, "tax": "НДС", "kopecks": kopecks}
        for _ in range(2):  # the treasury repeats itself: nothing is counted twice
            post(fns, "/payments", note)
        assert settlement(fns, organization) == {**before, "НДС": left}
    other = {"payment_id": "p1", "inn": organization.inn, "tax": "НДС", "kopecks": 1}
    assert refused(fns, "POST", "/payments", other) == (409, "payment-id-taken")
    unknown = {**other, "payment_id": "p4", "tax": "УСН"}
    assert refused(fns, "POST", "/payments", unknown) == (422, "no-such-tax")


def test_a_payment_beyond_the_most_is_refused(
    fns: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlements, "_MOST_PAYMENTS", 1)
    note = {"payment_id": "p1", "inn": legal(fns).inn, "tax": "НДС", "kopecks": 1}
    post(fns, "/payments", note)
    post(fns, "/payments", note)
    second = {**note, "payment_id": "p2"}
    assert refused(fns, "POST", "/payments", second) == (507, "too-many")


def test_a_stale_settlement_shows_a_payment_a_day_later(fns: Country) -> None:
    organization, tenant = owing(fns), fns.tenant()
    debt = settlement(fns, organization)["НДС"]
    note = {"payment_id": "p", "inn": organization.inn, "tax": "НДС", "kopecks": debt}
    post(fns, "/payments", note)
    fail(fns, "stale_settlement")
    tenant.advance(DAY_US - 1)
    assert settlement(fns, organization)["НДС"] == debt
    tenant.advance(1)
    assert settlement(fns, organization)["НДС"] == 0


@given(st.integers(0, 5_000))
def test_totals_are_the_sums_of_the_taxes_and_the_same_each_time(index: int) -> None:
    organization = COUNTRY.tenant().records.organization(index)
    status = get(COUNTRY, f"/settlements?inn={organization.inn}")
    assert status == get(COUNTRY, f"/settlements?inn={organization.inn}")
    assert status["debt_kopecks"] == sum(tax["debt_kopecks"] for tax in status["taxes"])
    assert all(0 <= tax["debt_kopecks"] < 50_000_000 for tax in status["taxes"])

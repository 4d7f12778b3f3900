"""The taxpayer's cabinet: consents to access, messages, an organization's card."""

import datetime as dt
import json
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.fns.service import service as fns_service
from mocks.tax_cabinet.service import service
from tests.mocks.asking import ask, ask_json
from world.records import Organization

COUNTRY = Country([service, fns_service])  # its clock starts on Monday 2 February 2026 at 10:00
MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
REQUESTS = "/tax_cabinet/v1/access-requests"


@pytest.fixture
def cabinet() -> Country:
    COUNTRY.reset_tenant("main")
    return COUNTRY


def fail(country: Country, kind: str, **fields: object) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "tax_cabinet", "kind": kind, **fields}
    country.tenant().plan_fault(Fault.model_validate(fault))


def legal(country: Country, standing: str = "active") -> Organization:
    records = country.tenant().records
    organizations = (records.organization(index) for index in range(500))
    return next(o for o in organizations if (o.kind, o.standing) == ("legal", standing))


def request_of(organization: Organization, **changes: object) -> dict[str, object]:
    return {
        "request_id": "c1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "scopes": ["registration", "reporting"],
        "days": 30,
        "purpose": "подача отчётности",
        **changes,
    }


class Taxpayer:
    """The head of an organization in the cabinet."""

    def __init__(self, country: Country, organization: Organization) -> None:
        self.country = country
        self.head = country.tenant().records.person(organization.head.person)
        self.base = f"/tax_cabinet/lk/{self.head.inn}"
        self.requests = f"{self.base}/organizations/{organization.inn}/access-requests"

    def decides(self, number: str, decision: str) -> tuple[int, str]:
        answer = ask(self.country, "POST", f"{self.requests}/{number}/{decision}")
        body = json.loads(answer.body)
        return answer.status, body.get("status") or body["error"]

    def sees(self) -> list[tuple[str, str]]:
        listed = ask_json(self.country, "GET", self.requests)["access_requests"]
        return [(case["number"], case["status"]) for case in listed]


def status(country: Country, number: str) -> str:
    return str(ask_json(country, "GET", f"{REQUESTS}/{number}")["status"])


def opened(country: Country, organization: Organization, **changes: object) -> str:
    """A consent that the head has confirmed and ФНС has opened."""
    body = request_of(organization, **changes)
    number = str(ask_json(country, "POST", REQUESTS, body)["number"])
    Taxpayer(country, organization).decides(number, "confirmation")
    country.tenant().advance(10 * MINUTE_US)
    return number


def card(country: Country, organization: Organization, number: str) -> tuple[int, Any]:
    path = f"/tax_cabinet/v1/organizations/{organization.inn}?access_request={number}"
    answer = ask(country, "GET", path)
    return answer.status, json.loads(answer.body)


def test_access_is_asked_for_confirmed_by_the_head_and_opened_by_the_tax_service(
    cabinet: Country,
) -> None:
    organization = legal(cabinet)
    taxpayer = Taxpayer(cabinet, organization)
    asked = ask_json(cabinet, "POST", REQUESTS, request_of(organization))
    number = asked["number"]
    assert (number, asked["status_title"], asked["due"]) == (
        "CONSENT-2026-000001",
        "Ожидает подтверждения в кабинете",
        "2026-03-04T23:59:59.999+03:00",
    )
    assert taxpayer.sees() == [(number, "pending")]
    assert taxpayer.decides(number, "confirmation") == (200, "confirmed")
    cabinet.tenant().advance(10 * MINUTE_US - 1)
    assert status(cabinet, number) == "confirmed"
    cabinet.tenant().advance(1)
    done = ask_json(cabinet, "GET", f"{REQUESTS}/{number}")
    assert (done["status_title"], done["due"]) == ("Доступ открыт", "2026-03-04T23:59:59.999+03:00")
    assert taxpayer.decides(number, "confirmation") == (200, "open")
    page = ask_json(cabinet, "GET", "/tax_cabinet/v1/events")
    assert [(event["id"], event["case"]["status"]) for event in page["events"]] == [
        (f"{number}/confirmed", "confirmed"),
        (f"{number}/open", "open"),
    ]


@pytest.mark.parametrize(("us", "expected"), [(-1, "pending"), (0, "lapsed")])
def test_a_request_that_nobody_decides_on_lapses_after_thirty_days(
    cabinet: Country, us: int, expected: str
) -> None:
    organization, tenant = legal(cabinet), cabinet.tenant()
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    tenant.set_time(tenant.clock.calendar.midnight(dt.date(2026, 3, 5)) + us)
    assert status(cabinet, number) == expected


def test_access_is_open_to_the_last_microsecond_of_its_last_day(cabinet: Country) -> None:
    organization, tenant = legal(cabinet), cabinet.tenant()
    number = opened(cabinet, organization, days=1)
    tenant.set_time(tenant.clock.calendar.midnight(dt.date(2026, 2, 4)) - 1)
    assert card(cabinet, organization, number)[0] == 200
    tenant.advance(1)
    assert (status(cabinet, number), card(cabinet, organization, number)[0]) == ("expired", 403)


def test_a_refusal_and_a_revocation_are_final_and_may_be_repeated(cabinet: Country) -> None:
    organization = legal(cabinet)
    taxpayer = Taxpayer(cabinet, organization)
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    assert taxpayer.decides(number, "revocation") == (409, "wrong-state")
    for _ in range(2):
        assert taxpayer.decides(number, "refusal") == (200, "refused")
    assert taxpayer.decides(number, "confirmation") == (409, "wrong-state")
    other = opened(cabinet, organization, request_id="c2")
    assert taxpayer.decides(other, "refusal") == (409, "wrong-state")
    for _ in range(2):
        assert taxpayer.decides(other, "revocation") == (200, "revoked")
    assert card(cabinet, organization, other)[0] == 403
    assert taxpayer.sees() == [(number, "refused"), (other, "revoked")]


def test_what_is_revoked_before_it_opens_does_not_open(cabinet: Country) -> None:
    organization = legal(cabinet)
    taxpayer = Taxpayer(cabinet, organization)
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    taxpayer.decides(number, "confirmation")
    assert taxpayer.decides(number, "revocation") == (200, "revoked")
    cabinet.tenant().advance(400 * DAY_US)
    assert status(cabinet, number) == "revoked"


def test_only_the_head_of_today_decides(cabinet: Country) -> None:
    organization, tenant = legal(cabinet), cabinet.tenant()
    former = Taxpayer(cabinet, organization)
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    changes = {"head": {"person": organization.head.person + 1}}
    changed = tenant.records.change_organization(organization.index, changes, tenant.now_us)
    assert former.decides(number, "confirmation") == (403, "not-head")
    assert Taxpayer(cabinet, changed).decides(number, "confirmation") == (200, "confirmed")
    stranger = ask(cabinet, "GET", former.requests.replace(former.head.inn, "000000000000"))
    assert stranger.status == 404


def test_a_request_sent_twice_is_one_and_closed_organizations_give_no_access(
    cabinet: Country,
) -> None:
    organization, gone = legal(cabinet), legal(cabinet, "liquidated")
    asked = ask_json(cabinet, "POST", REQUESTS, request_of(organization))
    assert ask_json(cabinet, "POST", REQUESTS, request_of(organization)) == asked
    head = Taxpayer(cabinet, organization).head
    assert len(cabinet.tenant().inboxes.of(head.inn)) == 1
    for body, expected in (
        (request_of(organization, days=31), (409, "request-id-taken")),
        (request_of(gone), (422, "organization-not-active")),
        (request_of(organization, request_id="x", days=366), (422, "invalid")),
        (request_of(organization, request_id="x", scopes=[]), (422, "invalid")),
    ):
        answer = ask(cabinet, "POST", REQUESTS, body)
        assert (answer.status, json.loads(answer.body)["error"]) == expected


def test_an_unknown_organization_is_told_what_to_check(cabinet: Country) -> None:
    organization = legal(cabinet)
    body = request_of(organization, inn="9909999996")
    answer = ask(cabinet, "POST", REQUESTS, body)
    assert (answer.status, json.loads(answer.body)) == (
        404,
        {
            "error": "no-such-organization",
            "message": "Организации нет в реестре: сверьте ИНН и ОГРН и посмотрите её статус в ФНС",
            "field": "inn",
        },
    )


def test_the_card_is_of_the_record_today_and_for_its_own_consent_alone(cabinet: Country) -> None:
    organization, tenant = legal(cabinet), cabinet.tenant()
    number = opened(cabinet, organization)
    changes = {"short_name": "ООО «Ромашка»"}
    tenant.records.change_organization(organization.index, changes, tenant.now_us)
    answered, shown = card(cabinet, organization, number)
    head = tenant.records.person(organization.head.person)
    assert (answered, shown["short_name"], shown["standing_title"], shown["head"]["name"]) == (
        200,
        "ООО «Ромашка»",
        "действует",
        str(head.name),
    )
    other = legal(cabinet, "unreliable")
    assert card(cabinet, other, number) == (
        403,
        {"error": "no-access", "message": "Доступ к этим сведениям налогоплательщиком не открыт"},
    )
    narrow = opened(cabinet, organization, request_id="c2", scopes=["audits"])
    assert card(cabinet, organization, narrow)[0] == 403
    nameless = ask(cabinet, "GET", f"/tax_cabinet/v1/organizations/{organization.inn}")
    assert nameless.status == 400


def test_codes_of_the_tax_service_are_read_in_the_heads_cabinet(cabinet: Country) -> None:
    organization = legal(cabinet)
    taxpayer = Taxpayer(cabinet, organization)
    body = {
        "request_id": "a1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "representative_inn": cabinet.tenant().records.person(7).inn,
    }
    sent = ask_json(cabinet, "POST", "/fns/v1/authority-codes", body)
    (message,) = ask_json(cabinet, "GET", f"{taxpayer.base}/messages")["messages"]
    assert message["subject"] == "Подтверждение полномочий представителя"
    code = message["text"].split(": ")[1][:6]
    path = f"/fns/v1/authority-codes/{sent['number']}/confirmation"
    assert ask_json(cabinet, "POST", path, {"code": code})["status"] == "confirmed"


# --- faults


def test_a_status_that_lags_is_right_once_the_fault_is_over(cabinet: Country) -> None:
    organization = legal(cabinet)
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    fail(cabinet, "status_lag")
    Taxpayer(cabinet, organization).decides(number, "confirmation")
    assert status(cabinet, number) == "pending"
    cabinet.tenant().remove_fault("status-lag")
    assert status(cabinet, number) == "confirmed"


def test_a_lost_confirmation_leaves_the_request_waiting_for_another(cabinet: Country) -> None:
    organization = legal(cabinet)
    taxpayer = Taxpayer(cabinet, organization)
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    fail(cabinet, "lost_confirmation", times=1)
    assert taxpayer.decides(number, "confirmation") == (200, "pending")
    assert taxpayer.decides(number, "confirmation") == (200, "confirmed")


def test_an_organization_is_falsely_absent_once(cabinet: Country) -> None:
    organization = legal(cabinet)
    fail(cabinet, "false_absence", times=1)
    answers = [ask(cabinet, "POST", REQUESTS, request_of(organization)) for _ in range(2)]
    assert [answer.status for answer in answers] == [404, 201]


def test_in_maintenance_the_taxpayer_waits_and_the_portal_does_not(cabinet: Country) -> None:
    organization = legal(cabinet)
    fail(cabinet, "maintenance")
    number = ask_json(cabinet, "POST", REQUESTS, request_of(organization))["number"]
    taxpayer = Taxpayer(cabinet, organization)
    assert taxpayer.decides(number, "confirmation") == (503, "maintenance")
    assert status(cabinet, number) == "pending"


def test_a_lost_event_is_made_good_by_asking(cabinet: Country) -> None:
    organization = legal(cabinet)
    fail(cabinet, "loss")
    number = opened(cabinet, organization)
    assert ask_json(cabinet, "GET", "/tax_cabinet/v1/events")["events"] == []
    assert status(cabinet, number) == "open"

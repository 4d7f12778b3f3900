"""ФНС confirms authority by a code and answers inquiries."""

import datetime as dt
import json

import pytest

from mocks.core.country import Country
from tests.mocks.asking import ask
from tests.mocks.tax_service import DAY_US, NOBODY, fail, fresh, get, legal, person, post, refused
from world.records import Organization, Person


@pytest.fixture
def fns() -> Country:
    return fresh()


def authority(organization: Organization, representative: Person) -> dict[str, str]:
    return {
        "request_id": "a1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "representative_inn": representative.inn,
    }


def code_of(country: Country, organization: Organization) -> str:
    tenant = country.tenant()
    head = tenant.records.person(organization.head.person)
    (message,) = tenant.inboxes.of(head.inn)
    assert message.fields["code"] in message.text
    return message.fields["code"]


def confirmation(country: Country, number: str, code: str) -> tuple[int, str]:
    answer = ask(country, "POST", f"/fns/v1/authority-codes/{number}/confirmation", {"code": code})
    body = json.loads(answer.body)
    return answer.status, body.get("status") or body["error"]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_heads_code_confirms_the_representative_until_its_last_microsecond(
    fns: Country,
) -> None:
    organization, tenant = legal(fns), fns.tenant()
    asked = authority(organization, person(fns))
    sent = post(fns, "/authority-codes", asked)
    assert post(fns, "/authority-codes", asked) == sent  # and the head has one message
    code = code_of(fns, organization)
    assert code not in json.dumps(sent)
    tenant.advance(DAY_US - 1)
    assert confirmation(fns, sent["number"], code) == (200, "confirmed")
    tenant.advance(1)
    assert confirmation(fns, sent["number"], code) == (200, "confirmed")


def test_a_code_expires_after_a_day(fns: Country) -> None:
    organization = legal(fns)
    number = post(fns, "/authority-codes", authority(organization, person(fns)))["number"]
    fns.tenant().advance(DAY_US)
    assert get(fns, f"/authority-codes/{number}")["status"] == "expired"
    assert confirmation(fns, number, code_of(fns, organization)) == (409, "wrong-state")


def test_three_wrong_codes_block_the_right_one(fns: Country) -> None:
    organization = legal(fns)
    number = post(fns, "/authority-codes", authority(organization, person(fns)))["number"]
    code = code_of(fns, organization)
    for left in (2, 1, 0):
        assert confirmation(fns, number, wrong(code)) == (422, "wrong-code")
        assert get(fns, f"/authority-codes/{number}")["attempts_left"] == left
    assert confirmation(fns, number, code) == (409, "wrong-state")
    assert get(fns, f"/authority-codes/{number}")["status"] == "blocked"


def test_a_former_heads_code_confirms_nothing(fns: Country) -> None:
    organization, tenant = legal(fns), fns.tenant()
    number = post(fns, "/authority-codes", authority(organization, person(fns)))["number"]
    code = code_of(fns, organization)
    changes = {"head": {"person": organization.head.person + 1}}
    tenant.records.change_organization(organization.index, changes, tenant.now_us)
    assert confirmation(fns, number, code) == (409, "head-changed")


def test_a_code_may_be_lost_on_its_way(fns: Country) -> None:
    organization, tenant = legal(fns), fns.tenant()
    fail(fns, "loss")
    post(fns, "/authority-codes", authority(organization, person(fns)))
    assert tenant.inboxes.of(tenant.records.person(organization.head.person).inn) == ()


def test_nobody_represents_an_organization_under_an_unknown_number(fns: Country) -> None:
    asked = authority(legal(fns), person(fns))
    nobody = {**asked, "representative_inn": NOBODY}
    assert refused(fns, "POST", "/authority-codes", nobody) == (404, "no-such-person")
    foreign = {**asked, "ogrn": legal(fns, "liquidated").ogrn}
    assert refused(fns, "POST", "/authority-codes", foreign) == (422, "ogrn-mismatch")


# --- inquiries


def test_an_inquiry_is_answered_within_thirty_days_from_the_registry(fns: Country) -> None:
    organization, tenant = legal(fns), fns.tenant()
    body = {
        "request_id": "q1",
        "inn": organization.inn,
        "ogrn": organization.ogrn,
        "topic": "kpp",
        "text": "Какой КПП указать?",
        "email": "buh@example.test",
    }
    asked = post(fns, "/inquiries", body)
    assert post(fns, "/inquiries", body) == asked
    assert (asked["status_title"], asked["due"]) == (
        "Зарегистрировано",
        "2026-03-04T23:59:59.999+03:00",
    )
    tenant.records.change_organization(organization.index, {"kpp": "770101001"}, tenant.now_us)
    tenant.set_time(tenant.clock.calendar.midnight(dt.date(2026, 3, 5)) - 1)
    done = get(fns, f"/inquiries/{asked['number']}")
    assert (done["status"], done["answer"]) == (
        "answered",
        "КПП по месту нахождения: 770101001.",
    )
    (letter,) = tenant.inboxes.of("buh@example.test")
    assert (letter.subject, letter.text) == (
        f"Ответ на обращение {asked['number']}",
        "КПП по месту нахождения: 770101001.",
    )
    assert refused(fns, "POST", "/inquiries", {**body, "topic": "vendor"}) == (422, "invalid")

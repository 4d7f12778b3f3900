"""A mistaken binding closes the organization until its numbers and name are the register's."""

import datetime as dt
from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Actor
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import FILED_ON, LEGAL
from tests.portal.wiring import Stand, broken, portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))
STAFF = Actor(operator="Ольга")


@pytest.fixture
def stand(store: Store) -> Stand:
    return portal_with(clock=MovedClock(MORNING), store=store)


@pytest.fixture
def firm(stand: Stand) -> Binder:
    made = binder(stand, LEGAL[0])
    made.put_organization()
    assert made.bind_signed().state == "bound"
    return made


def right(firm: Binder, **changes: Any) -> dict[str, Any]:
    record = firm.record
    known = {"inn": record.inn, "ogrn": record.ogrn, "full_name": record.full_name}
    return {"organization": firm.organization, **known, **changes}


def report(stand: Stand, firm: Binder, *fields: str) -> None:
    outcome = stand.act(
        "report_mistaken_binding", STAFF, organization=firm.organization, fields=list(fields)
    )
    assert outcome.state == "mistaken"


def test_a_mistake_is_told_until_the_change_form_corrects_it(stand: Stand, firm: Binder) -> None:
    report(stand, firm, "inn", "full_name")
    mine = stand.read("my_organizations", firm.actor)
    assert broken(mine) == ["BND-19 inn", "BND-19 full_name"]
    assert stand.act("correct_binding", firm.actor, **right(firm)).state == "corrected"
    assert broken(stand.read("my_organizations", firm.actor)) == []
    assert firm.kept().mistaken == ()


def test_what_the_register_has_otherwise_stays_mistaken(stand: Stand, firm: Binder) -> None:
    report(stand, firm, "full_name")
    wrong = stand.act("correct_binding", firm.actor, **right(firm, full_name="ООО «Не то»"))
    assert broken(wrong) == ["BND-19 full_name"]
    nobody = stand.act("correct_binding", firm.actor, **right(firm, ogrn="1027700132195"))
    assert broken(nobody) == ["BND-13 ogrn"]
    assert firm.kept().mistaken == ("full_name",)


def test_numbers_of_another_organization_here_are_not_taken(stand: Stand, firm: Binder) -> None:
    other = binder(stand, LEGAL[1])
    other.put_organization()
    report(stand, firm, "inn")
    theirs = {"inn": other.record.inn, "ogrn": other.record.ogrn}
    taken = stand.act("correct_binding", firm.actor, **right(firm, **theirs))
    assert broken(taken) == ["BND-01 ogrn"]


def test_support_corrects_too_and_a_silent_register_is_waited_for(
    stand: Stand, firm: Binder
) -> None:
    report(stand, firm, "ogrn")
    stand.registers.down = True
    assert stand.act("correct_binding_by_support", STAFF, **right(firm)).refusal == "later"
    stand.registers.down = False
    assert stand.act("correct_binding_by_support", STAFF, **right(firm)).state == "corrected"


def test_strangers_and_people_without_the_right_correct_nothing(stand: Stand, firm: Binder) -> None:
    report(stand, firm, "inn")
    other = binder(stand, LEGAL[1])
    assert stand.act("correct_binding", other.actor, **right(firm)).refusal == "absent"
    assert "another's" in stand.store.journal(firm.organization)[-1].body.decode()
    assert stand.act("correct_binding_by_support", firm.actor, **right(firm)).refusal == "forbidden"


def test_where_nothing_is_mistaken_there_is_nothing_to_correct(stand: Stand, firm: Binder) -> None:
    assert stand.act("correct_binding", firm.actor, **right(firm)).refusal == "state"


def test_nobody_comes_in_for_a_mistaken_organization(stand: Stand, firm: Binder) -> None:
    credentials = firm.with_password()
    assert "sign_in" in stand.act("sign_in", **credentials).data
    report(stand, firm, "ogrn")
    closed = stand.act("sign_in", **credentials)
    assert (closed.refusal, broken(closed)) == ("forbidden", ["BND-19 ogrn"])
    stand.act("correct_binding", firm.actor, **right(firm))
    stand.after(minutes=1)
    assert "sign_in" in stand.act("sign_in", **credentials).data

"""Employees are added by the head or an administrator, and belong to the organization once they
have accepted the invitation (ROLE-04 to ROLE-06)."""

import datetime as dt
from typing import Any

import pytest

from portal.employees.employee import employee_id
from portal.ports.employment import Consent
from portal.ports.store import Store
from portal.use_case import Actor
from tests.portal.applicants import open_account
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.people import change
from tests.portal.staff import ISAEV, OTHER, Staff, put_staff
from tests.portal.wiring import CHEAP_PASSWORDS as PASSWORDS
from tests.portal.wiring import broken, journal, portal_with

DAYS = dt.timedelta(days=7)  # ROLE-05.invite_ttl_h


@pytest.fixture
def staff(store: Store) -> Staff:
    return Staff(portal_with(store=store))


# --- from the first word to the entry


def test_an_employee_belongs_to_the_organization_once_they_have_accepted(staff: Staff) -> None:
    invitation = staff.invited()
    person = staff.person()
    assert staff.kept().state == "invited"
    assert staff.entry(person) is None
    accepted = staff.accept(invitation)
    assert (accepted.state, broken(accepted)) == ("active", [])
    assert accepted.data["role"] == "acc"
    entry = staff.entry(person)
    assert entry is not None
    assert (entry.role, entry.documents, entry.applications) == ("acc", "manage", "manage")


def test_the_invitation_and_the_role_come_by_mail(staff: Staff) -> None:
    staff.employed()
    invitation, role = staff.stand.messenger.sent_to(ISAEV.email)
    assert "приглашает вас в свой кабинет" in invitation
    assert "до 09.02.2026 10:00" in invitation
    book = staff.stand.portal.book
    functions = "; ".join(sorted(book.rights[each].name.ru for each in book.rights_of("acc")))
    assert role == (
        f"ООО «Ромашка»: ваша роль — Бухгалтер. Функции: {functions}. Инструкция: /help/roles."
    )


@pytest.mark.parametrize(
    ("role", "refusal", "rules"),
    [
        ("head", None, []),
        ("admin", None, []),
        ("tech", "forbidden", ["ROLE-04 organization"]),
        ("mgr", "forbidden", ["ROLE-04 organization"]),
        ("emp", "forbidden", ["ROLE-04 organization"]),
    ],
)
def test_who_adds_employees(staff: Staff, role: str, refusal: str | None, rules: list[str]) -> None:
    actor = staff.cabinet.member(role, "500100732260")
    outcome = staff.add(actor)
    assert (outcome.refusal, broken(outcome)) == (refusal, rules)


def test_nobody_adds_employees_to_anothers_organization(staff: Staff) -> None:
    outcome = staff.add(staff.person(OTHER))
    assert (outcome.refusal, broken(outcome)) == ("absent", [])
    assert journal(staff.stand, staff.organization)[-1] == ("add_employee", "another's")


def test_a_wrong_code_adds_nobody(staff: Staff) -> None:
    staff.add()
    outcome = staff.confirm(code="000000")
    assert broken(outcome) == ["ROLE-05 code"]
    assert staff.kept().state == "adding"
    assert staff.stand.messenger.sent_to(ISAEV.email) == []


def test_a_person_is_added_once(staff: Staff) -> None:
    staff.employed()
    again = staff.add()
    assert (again.state, again.refusal) == ("active", "state")
    assert staff.add(inn="500100732259").refusal == "state"  # the head, whom nobody has added


@pytest.mark.parametrize(
    ("act", "field", "more"),
    [
        ("employee_code", "employee", {}),
        ("confirm_employee", "employee", {"code": "1"}),
        ("repeat_invitation", "employee", {}),
        ("withdraw_invitation", "employee", {}),
        ("confirm_employee_import", "source", {"code": "1"}),
        ("change_role", "role", {"title": "Курьер", "rights": ["view_applications"]}),
    ],
)
def test_what_is_another_organizations_is_absent_and_the_attempt_is_noted(
    staff: Staff, act: str, field: str, more: dict[str, Any]
) -> None:
    there = put_staff(staff.cabinet, staff.head.account or "")[field]
    other = Cabinet(staff.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732260")
    asked: dict[str, Any] = {"organization": other.id, field: there, **more}
    assert staff.stand.act(act, stranger, **asked).refusal == "absent"
    assert journal(staff.stand, staff.organization)[-1] == (act, "another's")


def test_another_code_is_sent_for_the_same_employee(staff: Staff) -> None:
    staff.add()
    staff.stand.after(minutes=2)
    asked = {
        "organization": staff.organization,
        "employee": employee_id(staff.organization, ISAEV.inn),
    }
    assert staff.stand.act("employee_code", staff.head, **asked).state == "code_sent"
    assert staff.confirm().state == "invited"


# --- the invitation


@pytest.mark.parametrize(
    ("passed", "state", "rules"),
    [
        (DAYS - dt.timedelta(seconds=1), "active", []),
        (DAYS, "lapsed", ["ROLE-05 invitation"]),
    ],
)
def test_an_invitation_is_good_for_a_week(
    staff: Staff, passed: dt.timedelta, state: str, rules: list[str]
) -> None:
    invitation = staff.invited()
    staff.stand.after(seconds=passed.total_seconds())
    outcome = staff.accept(invitation)
    assert (outcome.state, broken(outcome)) == (state, rules)


def test_a_lapsed_invitation_is_repeated_and_the_earlier_is_void(staff: Staff) -> None:
    earlier = staff.invited()
    staff.stand.after(days=7)
    asked = {"organization": staff.organization, "employee": staff.kept().id}
    assert staff.stand.act("repeat_invitation", staff.head, **asked).state == "invited"
    assert broken(staff.accept(earlier)) == ["ROLE-05 invitation"]
    later = staff.stand.messenger.sent_to(ISAEV.email)[-1].rpartition("/")[2]
    assert staff.accept(later).state == "active"


def test_an_invitation_is_accepted_once_and_by_whom_it_is_for(staff: Staff) -> None:
    invitation = staff.invited()
    anothers = staff.accept(invitation, OTHER)
    assert (anothers.refusal, broken(anothers)) == ("absent", ["ROLE-05 invitation"])
    assert journal(staff.stand, staff.organization)[-1] == ("accept_invitation", "another's")
    assert staff.accept(invitation).state == "active"
    again = staff.accept(invitation)
    assert (again.refusal, broken(again)) == ("state", ["ROLE-05 invitation"])


def test_a_withdrawn_invitation_is_good_for_nothing(staff: Staff) -> None:
    invitation = staff.invited()
    asked = {"organization": staff.organization, "employee": staff.kept().id}
    assert staff.stand.act("withdraw_invitation", staff.head, **asked).state == "dismissed"
    assert staff.accept(invitation).refusal == "absent"
    staff.stand.after(minutes=2)
    assert staff.invited() != invitation  # they may be added again


def test_who_is_not_confirmed_accepts_nothing(staff: Staff) -> None:
    invitation = staff.invited()
    unconfirmed = open_account(staff.stand, ISAEV, confirmed=False)
    outcome = staff.stand.act("accept_invitation", unconfirmed, invitation=invitation)
    assert broken(outcome) == ["ACC-07 account"]


# --- what is said of them


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"full_name": ""}, ["ROLE-06 full_name"]),
        ({"inn": ""}, ["ROLE-06 inn"]),
        ({"position": " "}, ["ROLE-06 position"]),
        ({"phone": ""}, ["ROLE-06 phone"]),
        ({"email": ""}, ["ROLE-06 email"]),
        ({"department_code": "11"}, ["ROLE-06 department_code"]),
        ({"department": "Склад"}, ["ROLE-06 department_code"]),
        ({"inn": "720126715627"}, ["ID-02 inn"]),
        ({"email": "a@", "phone": "1"}, ["ID-09 phone", "ID-10 email"]),
        ({"role": "boss"}, ["ROLE-01 role"]),
        ({"role": "head"}, ["ROLE-01 role"]),
        ({"position": "Директор"}, ["ROLE-06 position"]),
        ({"full_name": "Иванов Иван Петрович"}, ["ROLE-06 full_name"]),
    ],
)
def test_everything_that_is_wrong_is_named(
    staff: Staff, changes: dict[str, Any], rules: list[str]
) -> None:
    outcome = staff.add(**changes)
    assert broken(outcome) == rules
    assert staff.stand.messenger.sent_to("+70100732259") == []


def test_who_has_no_contract_is_not_added(staff: Staff) -> None:
    form = staff.form()
    staff.stand.employment.contracts.clear()
    outcome = staff.stand.act("add_employee", staff.head, **form)
    assert broken(outcome) == ["ROLE-06 employment"]


def test_nobody_has_such_a_snils(staff: Staff) -> None:
    staff.stand.employment.strangers.add(ISAEV.snils)
    assert broken(staff.add()) == ["ROLE-06 snils"]


def test_without_consent_the_data_are_compared_when_the_invitation_is_accepted(
    staff: Staff,
) -> None:
    consents = staff.stand.employment.consents
    consents[ISAEV.snils] = Consent(number="1", state="requested")
    invitation = staff.invited(position="Директор")
    assert broken(staff.accept(invitation)) == ["ROLE-06 consent"]
    consents.clear()
    assert broken(staff.accept(invitation)) == ["ROLE-06 position"]
    head = staff.stand.messenger.sent_to("500100732259@mail.test")
    assert head == [f"{ISAEV.name}: не совпадает с документами — position."]
    assert staff.entry(staff.person()) is None


def test_a_silent_register_adds_nobody(staff: Staff) -> None:
    staff.stand.employment.down = True
    outcome = staff.add()
    assert (outcome.refusal, broken(outcome)) == ("later", ["OPS-02"])


def test_departments_are_named_by_who_manages_people(staff: Staff) -> None:
    names = staff.departments({"10": "Бухгалтерия", "20": "Склад"})
    clerk = staff.cabinet.member("emp", "500100732260")
    refused = staff.stand.act("set_departments", clerk, **names)
    assert (refused.refusal, broken(refused)) == ("forbidden", ["ROLE-01 organization"])
    assert staff.stand.act("set_departments", staff.head, **names).data == {"departments": 2}
    shown = staff.stand.read("departments", clerk, organization=staff.organization)
    assert [each["name"] for each in shown.data["items"]] == ["Бухгалтерия", "Склад"]


def test_the_list_shows_everybody_to_who_manages_and_oneself_to_others(staff: Staff) -> None:
    employee = staff.employed()
    asked = {"organization": staff.organization}
    listed = staff.stand.read("employees", staff.head, **asked).data["items"]
    assert {each["inn"]: each["role"] for each in listed} == {
        "500100732259": "head",
        ISAEV.inn: "acc",
    }
    own = staff.stand.read("employees", employee, **asked).data["items"]
    assert [each["inn"] for each in own] == [ISAEV.inn]


def test_a_stranger_sees_no_list(staff: Staff) -> None:
    stranger = Actor(account=staff.person(OTHER).account)
    asked = staff.stand.read("employees", stranger, organization=staff.organization)
    assert asked.refusal == "absent"


def test_of_an_unbound_organization_nobody_is_employed_or_invited(staff: Staff) -> None:
    invitation = staff.invited()
    staff.stand.after(minutes=1)
    other = staff.employed(OTHER)
    change(staff.stand, staff.head.account or "", password=PASSWORDS.hash("Старый пароль"))
    asked = {"organization": staff.organization, "channel": "sms"}
    assert staff.stand.act("request_unbinding_code", staff.head, **asked).state == "code_sent"
    unbound = staff.stand.act(
        "unbind_organization",
        staff.head,
        organization=staff.organization,
        password="Старый пароль",
        second="sms",
        code=staff.code(),
    )
    assert unbound.state == "unbound"
    assert (staff.kept().state, staff.kept(OTHER).state) == ("dismissed", "dismissed")
    assert staff.accept(invitation).refusal == "absent"
    assert staff.entry(other) is None

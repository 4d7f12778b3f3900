"""Roles, levels, administrators, dismissal and the review of access (ROLE-01 to ROLE-03, ROLE-08 to
ROLE-16)."""

import base64
import dataclasses
import datetime as dt
import hashlib
from typing import Any

import pytest

from portal.accounts.session import Session, actor_of
from portal.organizations.rights import rights_of
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Context, Outcome
from tests.portal.cabinets import OTHER_LEGAL, Cabinet
from tests.portal.people import change
from tests.portal.staff import ISAEV, OTHER, Staff
from tests.portal.told_events import events_of
from tests.portal.wiring import broken, journal, portal_with

pytestmark = pytest.mark.usefixtures("kept_events")


@pytest.fixture
def staff(store: Store) -> Staff:
    return Staff(portal_with(store=store))


def about(staff: Staff, actor: Actor, **more: Any) -> dict[str, Any]:
    return {"organization": staff.organization, "account": actor.account, **more}


def report(staff: Staff, actor: Actor) -> Outcome:
    return staff.stand.read("access_report", actor, organization=staff.organization)


def rights(staff: Staff, actor: Actor) -> frozenset[str]:
    context = Context(
        portal=staff.stand.portal,
        unit=Unit(staff.stand.store),
        actor=actor,
        now=staff.stand.clock.now(),
    )
    return rights_of(context, staff.entry(actor))


def own_role(staff: Staff, *names: str, title: str = "Курьер") -> Outcome:
    return staff.stand.act(
        "create_role",
        staff.head,
        organization=staff.organization,
        title=title,
        rights=list(names),
    )


# --- roles of one's own


def test_a_role_of_ones_own_gives_the_rights_it_was_made_of(staff: Staff) -> None:
    role = own_role(staff, "access_settings", "view_reports").data["role"]
    person = staff.employed(role=role)
    assert rights(staff, person) == {"access_settings", "view_reports"}
    assert report(staff, person).refusal is None


def test_a_changed_role_holds_at_once_and_its_people_are_told(staff: Staff) -> None:
    role = own_role(staff, "access_settings").data["role"]
    person = staff.employed(role=role)
    changed = staff.stand.act(
        "change_role",
        staff.head,
        organization=staff.organization,
        role=role,
        title="Архивариус",
        rights=["view_reports"],
    )
    assert changed.state == "changed"
    assert rights(staff, person) == {"view_reports"}
    assert "ваша роль — Архивариус" in staff.stand.messenger.sent_to(ISAEV.email)[-1]
    listed = staff.stand.read("list_roles", person, organization=staff.organization)
    assert listed.data["items"][-1] == {
        "id": role,
        "title": "Архивариус",
        "own": True,
        "rights": ["view_reports"],
    }


def test_a_role_is_its_organizations(staff: Staff) -> None:
    other = Cabinet(staff.stand, numbers=dict(OTHER_LEGAL))
    head = other.member("head", "500100732260")
    role = own_role(staff, "view_reports").data["role"]
    form = {"organization": other.id, "role": role, "title": "Их", "rights": ["view_reports"]}
    assert staff.stand.act("change_role", head, **form).refusal == "absent"


@pytest.mark.parametrize("names", [(), ("fly",), ("sign_and_submit",)])
def test_no_role_of_what_there_is_not(staff: Staff, names: tuple[str, ...]) -> None:
    assert broken(own_role(staff, *names)) == ["ROLE-02 rights"]


# --- levels


@pytest.mark.parametrize(
    ("levels", "kept", "lost"),
    [
        (("view", "manage"), {"submit_applications"}, {"upload_documents"}),
        (("edit", "edit"), {"upload_documents", "prepare_applications"}, {"submit_applications"}),
        (("manage", "view"), {"manage_all_documents"}, {"prepare_applications"}),
    ],
)
def test_levels_cut_the_rights_of_a_role(
    staff: Staff, levels: tuple[str, str], kept: set[str], lost: set[str]
) -> None:
    person = staff.employed(role="mgr")
    form = about(staff, person, role="mgr", documents=levels[0], applications=levels[1])
    assert staff.stand.act("change_employee_access", staff.head, **form).state == "changed"
    assert kept <= rights(staff, person)
    assert not lost & rights(staff, person)
    assert "view_applications" in rights(staff, person)


def test_a_level_that_is_too_low_is_named(staff: Staff) -> None:
    person = staff.employed(role="mgr", documents="view")
    outcome = staff.stand.act(
        "upload_document",
        person,
        context="library",
        document_type="charter",
        file_name="Устав.pdf",
        content=base64.b64encode(b"%PDF-1.4\n%%EOF").decode(),
    )
    assert (outcome.refusal, broken(outcome)) == ("forbidden", ["ROLE-13 documents"])


def test_who_has_the_right_elsewhere_is_told_so(staff: Staff) -> None:
    other = Cabinet(staff.stand, numbers=dict(OTHER_LEGAL))
    clerk = staff.cabinet.member("emp", "500100732260")
    assert broken(report(staff, clerk)) == ["ROLE-01 organization"]
    other.member("head", "500100732260")
    assert broken(report(staff, clerk)) == ["ROLE-14 organization"]
    assert journal(staff.stand, staff.organization)[-1] == ("access_report", "forbidden")


@pytest.mark.parametrize("role", ["head", "admin", "rep", "boss"])
def test_some_roles_are_given_otherwise(staff: Staff, role: str) -> None:
    person = staff.employed()
    outcome = staff.stand.act(
        "change_employee_access", staff.head, **about(staff, person, role=role)
    )
    assert broken(outcome) == ["ROLE-01 role"]


def test_a_new_role_is_an_event(staff: Staff) -> None:
    person = staff.employed()
    staff.stand.act("change_employee_access", staff.head, **about(staff, person, role="tech"))
    told = events_of(staff.stand.store, staff.organization)
    assert [each.details["role"] for each in told] == ["acc", "tech"]


# --- administrators


def code(staff: Staff) -> str:
    asked = staff.stand.act("request_admin_code", staff.head, organization=staff.organization)
    assert asked.state == "code_sent"
    return staff.code()


def appoint(staff: Staff, person: Actor, **more: Any) -> Outcome:
    form = {"code": code(staff), **about(staff, person), **more}
    outcome = staff.stand.act("appoint_admin", staff.head, **form)
    staff.stand.after(minutes=1)
    return outcome


def test_the_head_appoints_by_a_code(staff: Staff) -> None:
    person = staff.employed()
    assert broken(appoint(staff, person, code="000000")) == ["ROLE-15 code"]
    assert appoint(staff, person).state == "appointed"
    assert "manage_users" in rights(staff, person)
    assert "Администратор" in staff.stand.messenger.sent_to(ISAEV.email)[-1]


def test_the_head_appoints_by_a_token(staff: Staff) -> None:
    person = staff.employed()
    text = staff.stand.read("admin_act_to_sign", staff.head, **about(staff, person)).data["text"]
    for inn, rules in [(ISAEV.inn, ["ROLE-15 signature"]), ("500100732259", [])]:
        facts = staff.cabinet.certificate(inn=inn)
        signature = staff.cabinet.signed(text, facts, at=staff.stand.clock.now())
        form = about(staff, person, code="", second="token", signature=signature)
        outcome = staff.stand.act("appoint_admin", staff.head, **form)
        assert broken(outcome) == rules
    assert outcome.state == "appointed"


def test_what_was_signed_for_one_change_of_an_administrator_is_good_for_no_other(
    staff: Staff,
) -> None:
    person, other = staff.employed(), staff.employed(OTHER)
    text = staff.stand.read("admin_act_to_sign", staff.head, **about(staff, person)).data["text"]
    facts = staff.cabinet.certificate(inn="500100732259")
    signature = staff.cabinet.signed(text, facts, at=staff.stand.clock.now())
    form = about(staff, person, code="", second="token", signature=signature)
    assert staff.stand.act("appoint_admin", staff.head, **form).state == "appointed"
    assert appoint(staff, other).state == "appointed"
    assert broken(staff.stand.act("remove_admin", staff.head, **form)) == ["SIG-06 signature"]
    nobody = {"organization": staff.organization, "account": "nobody"}
    assert staff.stand.read("admin_act_to_sign", staff.head, **nobody).refusal == "absent"


def test_an_administrator_appoints_nobody_but_replaces_and_removes(staff: Staff) -> None:
    first, second = staff.employed(), staff.employed(OTHER)
    assert appoint(staff, first).state == "appointed"
    refused = staff.stand.act("appoint_admin", first, code="", **about(staff, second))
    assert "ROLE-15 organization" in broken(refused)
    staff.stand.act("request_admin_code", first, organization=staff.organization)
    form = about(staff, second, former=first.account, code=staff.code(ISAEV.phone))
    assert staff.stand.act("replace_admin", first, **form).state == "appointed"
    found = staff.entry(first), staff.entry(second)
    assert [each.role for each in found if each] == ["emp", "admin"]


def test_the_last_administrator_is_neither_removed_nor_dismissed(staff: Staff) -> None:
    person = staff.employed()
    appoint(staff, person)
    form = about(staff, person, code=code(staff))
    assert broken(staff.stand.act("remove_admin", staff.head, **form)) == ["ROLE-09 employee"]
    gone = staff.stand.act("dismiss_employee", staff.head, **about(staff, person))
    assert broken(gone) == ["ROLE-09 employee"]
    staff.stand.after(minutes=1)
    other = staff.employed(OTHER)
    assert appoint(staff, other).state == "appointed"
    form = about(staff, person, code=code(staff))
    assert staff.stand.act("remove_admin", staff.head, **form).state == "removed"


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        ("inn", ["ROLE-08 inn"]),
        ("phone", ["ROLE-08 phone"]),
        ("blocked", ["ROLE-08 account"]),
    ],
)
def test_who_cannot_be_an_administrator(staff: Staff, fault: str, rules: list[str]) -> None:
    person = staff.employed()
    if fault == "inn":
        staff.stand.fns.people[ISAEV.inn] = ("not_found", ())
    elif fault == "phone":
        change(staff.stand, person.account or "", phone_confirmed=False)
    else:
        change(staff.stand, person.account or "", blocked_at=staff.stand.clock.now())
    assert broken(appoint(staff, person)) == rules


# --- dismissal


def test_the_dismissed_have_no_session_and_no_entry(staff: Staff) -> None:
    person = staff.employed()
    unit = Unit(staff.stand.store)
    session = Session(
        id=hashlib.sha256(b"token").hexdigest(),
        account=person.account or "",
        organization=staff.organization,
        method="password",
        device="d",
        ip="",
        region="",
        opened=staff.stand.clock.now(),
    )
    unit.put(session)
    unit.put(dataclasses.replace(session, id="personal", organization=None))
    unit.commit()
    assert staff.stand.act("dismiss_employee", staff.head, **about(staff, person)).state == (
        "dismissed"
    )
    closed = actor_of(staff.stand.portal, "token", ip="", device="", region="")
    assert closed.actor.account is None
    assert [each.rule for each in closed.violations] == ["ROLE-12"]
    kept = Unit(staff.stand.store).get(Session, "personal")
    assert kept is not None
    assert kept.closed_for is None
    assert staff.entry(person) is None
    assert staff.kept().state == "dismissed"
    told = events_of(staff.stand.store, staff.organization)
    assert "Доступ сотрудника к кабинету закрыт" in [each.text for each in told]
    shown = staff.stand.read("employees", person, organization=staff.organization)
    assert shown.refusal == "absent"


def test_the_head_is_not_dismissed(staff: Staff) -> None:
    admin = staff.cabinet.member("admin", "500100732260")
    outcome = staff.stand.act("dismiss_employee", admin, **about(staff, staff.head))
    assert (outcome.state, outcome.refusal) == ("head", "state")


# --- the review


@pytest.mark.parametrize(("days", "rules"), [(89, 0), (90, 1)])
def test_an_entry_that_nobody_uses_is_a_deviation(staff: Staff, days: int, rules: int) -> None:
    person = staff.employed()
    staff.stand.after(days=days)
    asked = {"organization": staff.organization}
    done = staff.stand.act("complete_access_review", staff.head, **asked)
    assert broken(done) == [f"ROLE-10 entries.{person.account}"] * rules


def test_a_deviation_is_mended_and_recorded(staff: Staff) -> None:
    role = own_role(staff, "manage_users", "view_reports").data["role"]
    person = staff.employed(role=role)
    named = report(staff, staff.head).violations
    assert [each.reason and each.reason.ru for each in named] == ["лишние права: manage_users"]
    form = about(staff, person, remedy="reduce")
    assert staff.stand.act("fix_access_deviation", staff.head, **form).state == "fixed"
    again = staff.stand.act("fix_access_deviation", staff.head, **form)
    assert (again.state, again.refusal) == ("in_order", "state")
    fixes = report(staff, staff.head).data["fixes"]
    assert [(each["remedy"], each["found"]) for each in fixes] == [
        ("reduce", "лишние права: manage_users")
    ]
    entry = staff.entry(person)
    assert entry is not None
    assert entry.role == "emp"


def test_an_unused_entry_is_closed(staff: Staff) -> None:
    person = staff.employed()
    staff.stand.after(days=90)
    form = about(staff, person, remedy="close")
    assert staff.stand.act("fix_access_deviation", staff.head, **form).state == "fixed"
    assert staff.entry(person) is None
    done = staff.stand.act("complete_access_review", staff.head, organization=staff.organization)
    assert done.state == "reviewed"


@pytest.mark.parametrize(("risk", "days"), [("high", 30), ("normal", 90)])
def test_a_review_is_due_as_the_risk_says(staff: Staff, risk: str, days: int) -> None:
    staff.employed()
    admin = staff.cabinet.member("admin", "500100732260")
    asked = {"organization": staff.organization}
    staff.stand.act("set_access_risk", admin, **asked, risk=risk)
    staff.stand.after(days=days, seconds=-1)
    assert report(staff, admin).state == "reviewed"
    assert reminders(staff) == []
    staff.stand.after(seconds=1)
    assert report(staff, admin).state == "due"
    assert "ROLE-10 review" in broken(report(staff, admin))
    assert len(reminders(staff)) == 1


def reminders(staff: Staff) -> list[str]:
    letters = staff.stand.messenger.letters.values()
    return [each.to for each in letters if each.subject == "Пора провести ревизию прав"]


def test_after_a_review_the_next_is_due_later(staff: Staff) -> None:
    staff.employed()
    staff.stand.after(days=80)
    asked = {"organization": staff.organization}
    done = staff.stand.act("complete_access_review", staff.head, **asked)
    due = staff.stand.clock.now() + dt.timedelta(days=90)
    assert done.data == {"next": due.isoformat()}
    staff.stand.after(days=89)
    assert report(staff, staff.head).state == "reviewed"

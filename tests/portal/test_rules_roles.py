"""Rules of chapter ROLE, each on both sides."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.rules import rights, roles
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import (
    AccessReview,
    AdminAct,
    AdminCandidate,
    AdminsLeft,
    ChosenRole,
    Dismissed,
    EmployeeData,
    EmployeeFile,
    EntryLevel,
    HeldElsewhere,
    HeldRight,
    Invitation,
    OwnedThing,
    OwnRoleDraft,
    RoleNotice,
    SignedRequest,
)
from portal.rules.rule import Violation
from rulebook import Text, load

POLICY = load().policy()
NOON = dt.datetime(2026, 2, 2, 12, tzinfo=dt.UTC)
WRONG = Text("код неверен", "the code is wrong")


def places(found: tuple[Violation, ...]) -> list[str]:
    return [f"{each.rule} {each.field}" for each in found]


def test_rights_have_a_name_in_the_code_each() -> None:
    assert {getattr(rights, name) for name in rights.__all__} == set(load().rights)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (HeldRight(right="a", rights={"a", "b"}), []),
        (HeldRight(right="a", rights={"b"}), ["ROLE-01 organization"]),
        (ChosenRole(role="emp", known={"emp", "head"}, given_otherwise={"head"}), []),
        (ChosenRole(role="x", known={"emp"}), ["ROLE-01 role"]),
        (ChosenRole(role="head", known={"head"}, given_otherwise={"head"}), ["ROLE-01 role"]),
    ],
)
def test_a_role_is_there_and_gives_its_rights_alone(claim: Any, expected: list[str]) -> None:
    assert places(roles.role_gives_right(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("title", "rights", "expected"),
    [
        ("Курьер", ("a",), []),
        (" ", ("a",), ["ROLE-02 title"]),
        ("Курьер", (), ["ROLE-02 rights"]),
        ("Курьер", ("a", "x", "y"), ["ROLE-02 rights", "ROLE-02 rights"]),
    ],
)
def test_an_own_role_is_put_together_of_rights_there_are(
    title: str, rights: tuple[str, ...], expected: list[str]
) -> None:
    claim = OwnRoleDraft(title=title, rights=rights, known={"a", "b"})
    assert places(roles.own_role_of_rights(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("has_right", "is_own", "expected"),
    [
        (True, True, []),
        (False, True, ["ROLE-03 organization"]),
        (True, False, ["ROLE-03 signature"]),
    ],
)
def test_right_and_signature_go_together(
    has_right: bool, is_own: bool, expected: list[str]
) -> None:
    claim = SignedRequest(has_right=has_right, is_own_signature=is_own)
    assert places(roles.right_with_signature(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("rights", "expected"),
    [({"manage_users"}, []), ({"view_audit"}, ["ROLE-04 organization"])],
)
def test_who_manages_users_adds_them(rights: set[str], expected: list[str]) -> None:
    claim = HeldRight(right=MANAGE_USERS, rights=rights)
    assert places(roles.adder_may(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"wrong_code": WRONG}, ["ROLE-05 code"]),
        ({"sent": None}, ["ROLE-05 invitation"]),
        ({"sent": None, "wants_access": False}, []),
        ({"is_addressee": False}, ["ROLE-05 invitation"]),
        ({"used": True}, ["ROLE-05 invitation"]),
        ({"sent": NOON - dt.timedelta(hours=168, seconds=-1)}, []),
        ({"sent": NOON - dt.timedelta(hours=168)}, ["ROLE-05 invitation"]),
    ],
)
def test_an_invitation_is_accepted_in_time_by_whom_it_is_for(
    changes: dict[str, Any], expected: list[str]
) -> None:
    claim = replace(Invitation(now=NOON, sent=NOON), **changes)
    assert places(roles.invitation_is_accepted(claim, POLICY)) == expected


GOOD = EmployeeData(
    full_name="Иванов Иван",
    inn="500100732259",
    position="Ткач",
    department="Цех",
    department_code="7",
    phone="+79161234567",
    email="i@example.org",
    departments={"7": "Цех", "8": "Склад"},
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"full_name": " "}, ["ROLE-06 full_name"]),
        ({"inn": "", "phone": ""}, ["ROLE-06 inn", "ROLE-06 phone"]),
        ({"department_code": "9"}, ["ROLE-06 department_code"]),
        ({"department_code": "8"}, ["ROLE-06 department_code"]),
        ({"department": ""}, ["ROLE-06 department", "ROLE-06 department_code"]),
        ({"known": False}, ["ROLE-06 snils"]),
        ({"consent": WRONG}, ["ROLE-06 consent"]),
        ({"differing": ("position", "employment")}, ["ROLE-06 position", "ROLE-06 employment"]),
    ],
)
def test_an_employee_is_as_the_documents_say(changes: dict[str, Any], expected: list[str]) -> None:
    assert places(roles.employee_data(replace(GOOD, **changes), POLICY)) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (EmployeeFile(), []),
        (EmployeeFile(unreadable=WRONG), ["ROLE-07 content"]),
        (EmployeeFile(rows={2: WRONG, 9: WRONG}), ["ROLE-07 lines.2", "ROLE-07 lines.9"]),
    ],
)
def test_every_wrong_row_is_named(claim: EmployeeFile, expected: list[str]) -> None:
    assert places(roles.imported_rows(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"inn_is_valid": False}, ["ROLE-08 inn"]),
        ({"phone_confirmed": False}, ["ROLE-08 phone"]),
        ({"is_restricted": True}, ["ROLE-08 account"]),
    ],
)
def test_what_an_administrator_has(changes: dict[str, Any], expected: list[str]) -> None:
    good = AdminCandidate(inn_is_valid=True, phone_confirmed=True, is_restricted=False)
    assert places(roles.admin_candidate(replace(good, **changes), POLICY)) == expected


@pytest.mark.parametrize(
    ("left", "removes", "expected"),
    [(1, True, []), (0, False, []), (0, True, ["ROLE-09 employee"])],
)
def test_the_last_administrator_stays(left: int, removes: bool, expected: list[str]) -> None:
    claim = AdminsLeft(left=left, removes=removes)
    assert places(roles.last_admin_stays(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unused_days": {"a": 89, "b": 0}, "excessive": {"a": ()}}, []),
        ({"unused_days": {"a": 90}}, ["ROLE-10 entries.a"]),
        ({"excessive": {"a": {"x"}}}, ["ROLE-10 entries.a"]),
        ({"since": NOON - dt.timedelta(days=90, seconds=-1)}, []),
        ({"since": NOON - dt.timedelta(days=90)}, ["ROLE-10 review"]),
        ({"since": NOON - dt.timedelta(days=30, seconds=-1), "risk": "high"}, []),
        ({"since": NOON - dt.timedelta(days=30), "risk": "high"}, ["ROLE-10 review"]),
    ],
)
def test_access_is_reviewed_in_time(changes: dict[str, Any], expected: list[str]) -> None:
    claim = replace(AccessReview(now=NOON, since=NOON, risk="normal"), **changes)
    assert places(roles.access_is_reviewed(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("is_own", "rights", "expected"),
    [
        (True, set(), []),
        (False, {"manage_all_documents"}, []),
        (False, {"manage_users"}, ["ROLE-11 document"]),
    ],
)
def test_an_employee_has_their_own(is_own: bool, rights: set[str], expected: list[str]) -> None:
    claim = OwnedThing(area="documents", is_own=is_own, rights=rights)
    assert places(roles.own_things_only(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Dismissed(dismissed=True), []),
        (Dismissed(dismissed=False, sessions=2, wants_access=True), []),
        (Dismissed(dismissed=True, sessions=1), ["ROLE-12 session"]),
        (Dismissed(dismissed=True, wants_access=True), ["ROLE-12 session"]),
    ],
)
def test_the_dismissed_have_no_access(claim: Dismissed, expected: list[str]) -> None:
    assert places(roles.dismissed_has_no_access(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("right", "documents", "applications", "expected"),
    [
        ("upload_documents", "view", "manage", ["ROLE-13 documents"]),
        ("upload_documents", "edit", "view", []),
        ("manage_all_documents", "edit", "manage", ["ROLE-13 documents"]),
        ("manage_all_documents", "manage", "view", []),
        ("prepare_applications", "manage", "view", ["ROLE-13 applications"]),
        ("submit_applications", "manage", "edit", ["ROLE-13 applications"]),
        ("submit_applications", "view", "manage", []),
        ("view_applications", "view", "view", []),
    ],
)
def test_levels_are_apart_for_documents_and_applications(
    right: str, documents: Any, applications: Any, expected: list[str]
) -> None:
    claim = EntryLevel(right=right, documents=documents, applications=applications)
    assert places(roles.level_is_enough(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("here", "elsewhere", "expected"),
    [
        ({"a"}, {"a"}, []),
        (set(), set(), []),
        (set(), {"a"}, ["ROLE-14 organization"]),
    ],
)
def test_a_role_is_of_one_organization(
    here: set[str], elsewhere: set[str], expected: list[str]
) -> None:
    claim = HeldElsewhere(right="a", here=here, elsewhere=elsewhere)
    assert places(roles.role_is_of_one_inn(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (AdminAct(wish="appoint", by_role="head"), []),
        (AdminAct(wish="appoint", by_role="admin"), ["ROLE-15 organization"]),
        (AdminAct(wish="replace", by_role="admin"), []),
        (AdminAct(wish="remove", by_role="admin"), []),
        (AdminAct(wish="remove", by_role="tech"), ["ROLE-15 organization"]),
        (AdminAct(wish="appoint", by_role="head", wrong=WRONG), ["ROLE-15 code"]),
    ],
)
def test_who_changes_administrators(claim: AdminAct, expected: list[str]) -> None:
    assert places(roles.admin_is_appointed(claim, POLICY)) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (RoleNotice(functions=("a",), instruction="/help"), []),
        (RoleNotice(functions=(), instruction="/help"), ["ROLE-16 notice"]),
        (RoleNotice(functions=("a",), instruction=""), ["ROLE-16 notice"]),
        (RoleNotice(functions=("a",), instruction="/help", was_sent=False), ["ROLE-16 notice"]),
    ],
)
def test_a_notice_of_a_role_says_what_it_gives(claim: RoleNotice, expected: list[str]) -> None:
    assert places(roles.role_is_told(claim, POLICY)) == expected

"""Keys of the open API: issued, used within their rights, revoked, out of date (INT-04)."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.account import Account
from portal.accounts.session import actor_of
from portal.organizations.organization import Membership, membership_id
from portal.ports.store import Store
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.applying import APPEAL, Applying
from tests.portal.cabinets import OTHER_LEGAL, SOLE, Cabinet
from tests.portal.wiring import Stand, broken, journal, portal_with

RIGHTS = ["prepare_applications", "submit_applications", "view_applications", "view_audit"]


@pytest.fixture(name="office")
def _office(store: Store) -> Applying:
    return Applying(portal_with(store=store))


def issue(office: Applying, actor: Actor | None = None, **changes: Any) -> Outcome:
    form = {"title": "1С", "rights": RIGHTS, "days": 365, **changes}
    return office.act("issue_api_key", actor, **form)


def program(stand: Stand, token: str) -> Actor:
    """Whoever comes with a key."""
    return actor_of(stand.portal, token, ip="192.0.2.9", device="1C", region="").actor


def test_a_program_submits_asks_how_it_goes_and_exports_with_its_key(office: Applying) -> None:
    issued = issue(office)
    assert (issued.state, issued.data["rights"], issued.data["in_force"]) == (
        "issued",
        RIGHTS,
        True,
    )
    erp = program(office.stand, issued.data["token"])
    application = office.filed(erp)
    card = office.read("application_card", erp, application=application)
    assert card.state == "processing"
    assert office.read("audit_report", erp).refusal is None
    lines = [json.loads(each.body) for each in office.stand.store.journal(office.organization)]
    by_key = {(each["account"], each["api_key"]) for each in lines if "api_key" in each}
    assert by_key == {(office.head.account, issued.data["api_key"])}


def test_a_sole_proprietor_has_keys_too(store: Store) -> None:
    cabinet = Cabinet(portal_with(store=store), kind="sole_proprietor", numbers=dict(SOLE))
    head = cabinet.member("head")
    form: dict[str, Any] = {"title": "Контур", "rights": ["view_applications"]}
    issued = cabinet.stand.act("issue_api_key", head, organization=cabinet.id, **form)
    token = issued.data["token"]
    erp = program(cabinet.stand, token)
    assert cabinet.stand.read("applications", erp, organization=cabinet.id).state == "shown"


def test_the_key_is_shown_once_and_not_kept(office: Applying) -> None:
    token = issue(office).data["token"]
    assert token.startswith("poligon_")
    seen = office.read("api_keys").data["items"]
    assert [(each["title"], each["in_force"], "token" in each) for each in seen] == [
        ("1С", True, False)
    ]
    assert token not in json.dumps(seen)
    kept = office.stand.store.find("api_key", "organization", office.organization)
    assert [token.encode() in bytes(each.body) for each in kept] == [False]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, ["INT-04 title"]),
        ({"rights": []}, ["INT-04 rights"]),
        ({"rights": ["no_such_right"]}, ["INT-04 rights"]),
        ({"rights": ["sign_and_submit"]}, ["INT-04 rights"]),
        ({"rights": ["access_settings"]}, ["INT-04 rights"]),
        ({"days": 0}, ["INT-04 days"]),
        ({"days": 366}, ["INT-04 days"]),
    ],
)
def test_a_key_that_nobody_may_issue(
    office: Applying, changes: dict[str, Any], expected: list[str]
) -> None:
    assert broken(issue(office, **changes)) == expected
    assert office.read("api_keys").data["items"] == []
    assert journal(office.stand, office.organization)[-1] == ("issue_api_key", "refused")


def test_an_administrator_gives_a_key_no_right_that_they_have_not(office: Applying) -> None:
    admin = office.cabinet.member("admin", "500100732260")
    assert broken(issue(office, admin, rights=["submit_applications"])) == ["INT-04 rights"]
    assert issue(office, admin, rights=["prepare_applications"]).state == "issued"


def test_a_key_does_nothing_beyond_its_rights(office: Applying) -> None:
    erp = program(office.stand, issue(office, rights=["view_applications"]).data["token"])
    form = {"kind": "appeal", "fields": APPEAL}
    refused = office.act("draft_application", erp, **form)
    assert (refused.refusal, broken(refused)) == ("forbidden", ["INT-04 key"])
    assert journal(office.stand, office.organization)[-1] == ("draft_application", "forbidden")
    assert broken(office.read("payments", erp)) == ["INT-04 key"]


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("change_password", {"old": "a", "password": "b"}),
        ("sign_out", {}),
    ],
)
def test_a_key_does_nothing_in_the_name_of_the_person(
    office: Applying, act: str, form: dict[str, Any]
) -> None:
    erp = program(office.stand, issue(office).data["token"])
    refused = office.stand.act(act, erp, **form)
    assert (refused.refusal, broken(refused)) == ("forbidden", ["INT-04 key"])
    assert broken(office.stand.read("my_sessions", erp)) == ["INT-04 key"]
    assert office.stand.read("service_status", erp).refusal is None


def test_another_organization_of_the_same_person_is_absent_for_the_key(office: Applying) -> None:
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    assert other.member("head").account == office.head.account
    erp = program(office.stand, issue(office).data["token"])
    seen = office.stand.read("applications", erp, organization=other.id)
    assert (seen.state, seen.refusal) == ("absent", "absent")
    assert journal(office.stand, other.id)[-1] == ("applications", "another's")


def test_a_key_works_to_its_last_moment(office: Applying) -> None:
    token = issue(office, days=2).data["token"]
    office.stand.clock.move(dt.timedelta(days=2) - dt.timedelta(microseconds=1))
    assert program(office.stand, token).account == office.head.account
    office.stand.clock.move(dt.timedelta(microseconds=1))
    assert program(office.stand, token) == Actor(ip="192.0.2.9", device="1C")


def test_a_revoked_key_opens_nothing_and_says_so(office: Applying) -> None:
    issued = issue(office)
    for _ in range(2):
        revoked = office.act("revoke_api_key", api_key=issued.data["api_key"])
        assert (revoked.state, revoked.data["in_force"]) == ("revoked", False)
    came = actor_of(office.stand.portal, issued.data["token"], ip="::1", device="", region="")
    assert came.actor.account is None
    assert [(each.rule, each.field) for each in came.violations] == [("INT-04", "key")]
    lines = journal(office.stand, office.organization)
    assert lines.count(("revoke_api_key", "revoked")) == 1


def test_a_key_of_a_blocked_account_opens_nothing_until_it_is_let_in_again(
    office: Applying,
) -> None:
    token = issue(office).data["token"]
    for blocked_at, expected in ((office.stand.clock.now(), ["INT-04"]), (None, [])):
        unit = Unit(office.stand.store)
        issuer = unit.get(Account, office.head.account or "")
        assert issuer is not None
        unit.put(replace(issuer, blocked_at=blocked_at))
        unit.commit()
        came = actor_of(office.stand.portal, token, ip="::1", device="", region="")
        assert [each.rule for each in came.violations] == expected
        assert came.actor.account == (None if expected else office.head.account)


def test_a_key_of_a_mistaken_organization_opens_nothing(office: Applying) -> None:
    token = issue(office).data["token"]
    form: dict[str, Any] = {"organization": office.organization, "fields": ["inn"]}
    staff = Actor(operator="Поддержка")
    assert office.stand.act("report_mistaken_binding", staff, **form).state == "mistaken"
    came = actor_of(office.stand.portal, token, ip="::1", device="", region="")
    assert [(each.rule, each.field) for each in came.violations] == [("BND-19", "inn")]
    assert came.actor.account is None


def test_an_unknown_key_is_nobodys(office: Applying) -> None:
    came = actor_of(office.stand.portal, "poligon_1", ip="::1", device="", region="")
    assert [each.rule for each in came.violations] == ["INT-04"]
    assert came.actor.account is None


def test_a_key_of_another_organization_is_not_there_to_revoke(office: Applying) -> None:
    key = issue(office).data["api_key"]
    other = Cabinet(office.stand, numbers=dict(OTHER_LEGAL))
    stranger = other.member("head", "500100732260")
    form = {"organization": other.id, "api_key": key}
    assert office.stand.act("revoke_api_key", stranger, **form).refusal == "absent"
    assert journal(office.stand, office.organization)[-1] == ("revoke_api_key", "another's")
    assert office.read("api_keys").data["items"][0]["in_force"]


def test_a_key_may_no_more_than_who_has_issued_it(office: Applying) -> None:
    erp = program(office.stand, issue(office).data["token"])
    unit = Unit(office.stand.store)
    entry = unit.get(Membership, membership_id(office.head.account or "", office.organization))
    assert entry is not None
    unit.delete(entry)
    unit.commit()
    assert broken(office.read("applications", erp)) == ["INT-04 key"]


def test_nothing_is_signed_with_a_key_alone(office: Applying) -> None:
    erp = program(office.stand, issue(office).data["token"])
    form = {"application": "a", "version": 1, "signature": "AA=="}
    assert broken(office.act("sign_application", erp, **form)) == ["INT-04 key"]

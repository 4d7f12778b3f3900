"""Cabinets, sessions and devices of whoever is signed in (AUTH-11 to AUTH-13, AUTH-15)."""

import json
from typing import Any

import pytest

from portal.accounts.session import Session, actor_of
from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.people import (
    COUNTRY,
    HOME,
    KIM,
    OTHER,
    actor_with,
    known,
    organization_of,
    signed_in,
)
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


# --- cabinets


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("registered", ["AUTH-15 organization"]),
        ("verifying", ["AUTH-15 organization"]),
        ("remarks", ["AUTH-15 organization"]),
        ("unbound", ["AUTH-15 organization"]),
        ("verified", []),
        ("active", []),
    ],
)
def test_a_cabinet_opens_with_confirmed_data_alone(
    stand: Stand, state: Any, expected: list[str]
) -> None:
    made = organization_of(stand, known(stand), state=state)
    outcome = signed_in(stand, KIM.phone, organization=made.requisites.ogrn)
    assert broken(outcome) == expected
    assert signed_in(stand, KIM.phone).state == "signed_in"  # the personal account is open


def test_anothers_cabinet_is_as_if_it_were_not_there_and_leaves_a_line(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    stranger = known(stand, OTHER)
    for ogrn in (made.requisites.ogrn, COUNTRY.organization(1).ogrn):
        outcome = signed_in(stand, OTHER.phone, organization=ogrn)
        assert (outcome.refusal, outcome.violations) == ("absent", ())
    lines = [json.loads(line.body) for line in stand.store.journal(stranger)]
    assert [line["result"] for line in lines] == ["absent", "absent"]


@pytest.mark.parametrize("most", [1, 5])
def test_an_organization_has_so_many_sessions_at_a_time(store: Store, most: int) -> None:
    stand = portal_with(store=store, overrides={"AUTH-11.max_sessions_per_org": most})
    made = organization_of(stand, known(stand), known(stand, OTHER))
    ogrn = made.requisites.ogrn
    inside = [signed_in(stand, KIM.phone, organization=ogrn) for _ in range(most)]
    assert {outcome.state for outcome in inside} == {"signed_in"}
    over = signed_in(stand, OTHER.phone, organization=ogrn)
    assert broken(over) == ["AUTH-11 organization"]
    stand.act("sign_out", actor_with(stand, inside[0]))
    assert signed_in(stand, OTHER.phone, organization=ogrn).state == "signed_in"


def test_a_session_ends_after_twelve_hours_and_leaves_its_place(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    inside = [signed_in(stand, KIM.phone, organization=made.requisites.ogrn) for _ in range(5)]
    stand.after(hours=11, minutes=59)
    assert actor_with(stand, inside[0]).account == "account-of-0"
    stand.after(minutes=1)
    assert actor_with(stand, inside[0]).account is None
    assert signed_in(stand, KIM.phone, organization=made.requisites.ogrn).state == "signed_in"


# --- sessions and devices


def test_every_sign_in_records_when_from_where_and_how(stand: Stand) -> None:
    account = known(stand)
    outcome = signed_in(stand, KIM.phone)
    line = json.loads(stand.store.journal(account)[-1].body)
    assert [line[name] for name in ("at", "ip", "account", "action", "method")] == [
        "2026-02-02T10:00:00+03:00",
        "10.0.0.1",
        account,
        "sign_in",
        "password",
    ]
    (session,) = stand.read("my_sessions", actor_with(stand, outcome)).data["sessions"]
    assert (session["method"], session["ip"], session["region"]) == ("password", "10.0.0.1", "54")


@pytest.mark.parametrize(
    ("device", "region", "expected"),
    [
        ("Firefox", "54", []),
        ("Firefox", "", []),  # nobody can tell the region
        ("Chrome", "54", ["AUTH-12 device"]),
        ("Firefox", "77", ["AUTH-12 region"]),
        ("Chrome", "77", ["AUTH-12 device", "AUTH-12 region"]),
    ],
)
def test_a_strange_device_or_region_is_told_by_mail_and_phone(
    stand: Stand, device: str, region: str, expected: list[str]
) -> None:
    known(stand)
    outcome = signed_in(stand, KIM.phone, Actor(device=device, region=region))
    assert (outcome.state, broken(outcome)) == ("signed_in", expected)
    alert = stand.portal.book.rule("AUTH-12").message.ru
    for contact in (KIM.phone, KIM.email):
        assert stand.messenger.sent_to(contact) == ([alert] if expected else [])


def test_a_device_is_strange_once(stand: Stand) -> None:
    known(stand)
    chrome = Actor(device="Chrome", region="77")
    assert broken(signed_in(stand, KIM.phone, chrome)) == ["AUTH-12 device", "AUTH-12 region"]
    assert broken(signed_in(stand, KIM.phone, chrome)) == []


def test_a_removed_device_loses_its_sessions_and_is_told_why(stand: Stand) -> None:
    known(stand)
    chrome = Actor(device="Chrome", region="54")
    here, there = signed_in(stand, KIM.phone), signed_in(stand, KIM.phone, chrome)
    actor = actor_with(stand, here)
    devices = stand.read("my_devices", actor).data["devices"]
    assert sorted(device["name"] for device in devices) == ["Chrome", "Firefox"]
    chosen = next(device["device"] for device in devices if device["name"] == "Chrome")
    assert stand.act("remove_device", actor, device=chosen).data == {"sessions_closed": 1}
    token = there.data["token"]
    outside = actor_of(stand.portal, token, ip="10.0.0.1", device="Chrome", region="54")
    assert outside.actor.account is None
    assert [each.rule for each in outside.violations] == ["AUTH-13"]
    assert actor_with(stand, here).account == "account-of-0"
    left = stand.read("my_devices", actor).data["devices"]
    assert [device["name"] for device in left] == ["Firefox"]
    assert broken(signed_in(stand, KIM.phone, chrome)) == ["AUTH-12 device"]


def test_anothers_device_and_session_cannot_be_ended(stand: Stand) -> None:
    known(stand)
    stranger = Actor(account=known(stand, OTHER))
    mine = actor_with(stand, signed_in(stand, KIM.phone))
    (device,) = stand.read("my_devices", mine).data["devices"]
    assert stand.act("remove_device", stranger, device=device["device"]).refusal == "absent"
    assert stand.act("end_session_of_mine", stranger, session=mine.session).refusal == "absent"


def test_a_session_elsewhere_can_be_ended(stand: Stand) -> None:
    known(stand)
    here, there = signed_in(stand, KIM.phone), signed_in(stand, KIM.phone)
    ended = stand.act("end_session_of_mine", actor_with(stand, here), session=there.data["session"])
    assert ended.state == "signed_out"
    assert actor_with(stand, there).account is None


def test_a_token_that_was_never_given_is_nobodys(stand: Stand) -> None:
    outcome = Outcome(state="signed_in", data={"token": "0" * 32})
    assert actor_with(stand, outcome) == HOME


def test_the_token_is_not_in_the_store(stand: Stand) -> None:
    known(stand)
    outcome = signed_in(stand, KIM.phone)
    (session,) = stand.store.find(Session.KIND, "account", "account-of-0")
    assert outcome.data["token"].encode() not in bytes(session.body)
    assert session.id != outcome.data["token"]

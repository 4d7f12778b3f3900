"""Settings of notices: chosen, confirmed by a code, in the journal, each person's own."""

import json
from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import Cabinet
from tests.portal.subscribers import (
    MAIL,
    PAYMENTS,
    PHONE,
    change,
    happen,
    reachable,
    states,
    subscribed,
)
from tests.portal.wiring import Stand, broken, journal, portal_with

WANTED = {"channels": ["email"], "subscriptions": PAYMENTS, "frequency": "daily"}


@pytest.fixture(name="cabinet")
def _cabinet(store: Store) -> Cabinet:
    return Cabinet(portal_with(store=store))


@pytest.fixture(name="head")
def _head(cabinet: Cabinet) -> Actor:
    actor = cabinet.member("head")
    reachable(cabinet, actor)
    return actor


def shown(cabinet: Cabinet, actor: Actor) -> Outcome:
    return cabinet.stand.read("notification_settings", actor, organization=cabinet.id)


def unconfirmed(cabinet: Cabinet, actor: Actor, **wanted: Any) -> Outcome:
    return cabinet.stand.act(
        "change_notifications", actor, organization=cabinet.id, **{**WANTED, **wanted}
    )


def test_settings_are_what_was_chosen_with_the_code(cabinet: Cabinet, head: Actor) -> None:
    assert shown(cabinet, head).state == "unset"
    changed = change(cabinet, head, **WANTED)
    assert (changed.state, changed.data) == ("changed", shown(cabinet, head).data)
    assert shown(cabinet, head).data == {
        "channels": ["email"],
        "subscriptions": PAYMENTS,
        "frequency": "daily",
        "frequency_title": "раз в сутки",
        "paused": False,
        "contacts": {},
    }


@pytest.mark.parametrize("code", [{}, {"code": ""}, {"code": "999999"}])
def test_without_the_code_nothing_changes(
    cabinet: Cabinet, head: Actor, code: dict[str, str]
) -> None:
    cabinet.stand.act("request_notification_code", head, organization=cabinet.id)
    assert broken(unconfirmed(cabinet, head, **code)) == ["NTF-02 code"]
    assert shown(cabinet, head).state == "unset"


def test_a_code_is_for_one_change(cabinet: Cabinet, head: Actor) -> None:
    change(cabinet, head, **WANTED)
    code = cabinet.stand.messenger.sent_to(PHONE)[-1].split(": ")[1][:6]
    assert broken(unconfirmed(cabinet, head, code=code)) == ["NTF-02 code"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"channels": []}, ["NTF-01 channels", "NTF-02 code"]),
        ({"channels": ["fax"]}, ["NTF-01 channels.0", "NTF-02 code"]),
        ({"subscriptions": []}, ["NTF-01 subscriptions", "NTF-02 code"]),
        ({"frequency": "hourly"}, ["NTF-03 frequency", "NTF-02 code"]),
        (
            {"subscriptions": [{"agency": "", "kind": ""}]},
            ["NTF-06 subscriptions.0.agency", "NTF-06 subscriptions.0.kind", "NTF-02 code"],
        ),
        (
            {"channels": [], "subscriptions": [], "frequency": ""},
            ["NTF-01 channels", "NTF-01 subscriptions", "NTF-03 frequency", "NTF-02 code"],
        ),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    cabinet: Cabinet, head: Actor, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert broken(unconfirmed(cabinet, head, **wanted)) == expected


def test_a_code_is_not_used_up_by_settings_that_are_wrong(cabinet: Cabinet, head: Actor) -> None:
    wrong = change(cabinet, head, **{**WANTED, "channels": []})
    assert broken(wrong) == ["NTF-01 channels"]
    code = cabinet.stand.messenger.sent_to(PHONE)[-1].split(": ")[1][:6]
    assert unconfirmed(cabinet, head, code=code).state == "changed"


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ({"app": None}, ["NTF-06 channels"]),
        ({"email_confirmed": False}, ["NTF-06 channels"]),
        ({"app": None, "email_confirmed": False}, ["NTF-06 channels"] * 2),
        ({}, []),
    ],
)
def test_a_channel_needs_a_contact(
    cabinet: Cabinet, head: Actor, contacts: dict[str, Any], expected: list[str]
) -> None:
    reachable(cabinet, head, **contacts)
    assert broken(change(cabinet, head, **{**WANTED, "channels": ["email", "push"]})) == expected


def test_an_added_contact_gets_the_notices_once_it_is_confirmed(
    cabinet: Cabinet, head: Actor
) -> None:
    stand = cabinet.stand
    subscribed(cabinet, head)
    about = {"organization": cabinet.id, "channel": "email"}
    asked = stand.act("request_notification_contact", head, **about, value="new@mail.test")
    assert asked.state == "code_sent"
    happen(cabinet, "До")
    assert [text[:3] for text in stand.messenger.sent_to(MAIL)] == ["До."]
    code = stand.messenger.sent_to("new@mail.test")[-1].split(": ")[1][:6]
    wrong = stand.act("confirm_notification_contact", head, **about, code="999999")
    assert broken(wrong) == ["AUTH-05 code"]
    assert stand.act("confirm_notification_contact", head, **about, code=code).state == "added"
    happen(cabinet, "После")
    assert stand.messenger.sent_to("new@mail.test")[-1] == "После. подробности"
    assert len(stand.messenger.sent_to(MAIL)) == 1


@pytest.mark.parametrize(
    ("channel", "value", "expected"),
    [
        ("email", "", ["NTF-06 channels"]),
        ("sms", " ", ["NTF-06 channels"]),
        ("email", "кто-то", ["ID-10 value"]),
        ("sms", "12", ["ID-09 value"]),
    ],
)
def test_a_contact_that_cannot_be_is_not_added(
    cabinet: Cabinet, head: Actor, channel: str, value: str, expected: list[str]
) -> None:
    asked = cabinet.stand.act(
        "request_notification_contact",
        head,
        organization=cabinet.id,
        channel=channel,
        value=value,
    )
    assert broken(asked) == expected


def test_every_change_is_in_the_journal_without_contacts(cabinet: Cabinet, head: Actor) -> None:
    change(cabinet, head, **WANTED)
    change(cabinet, head, channels=["sms"])
    change(cabinet, head, paused=True)
    change(cabinet, head, paused=False)
    lines = [json.loads(line.body) for line in cabinet.stand.store.journal(cabinet.id)]
    told = [
        {name: line[name] for name in ("channels", "paused", "frequency") if name in line}
        for line in lines
        if line["action"] == "change_notifications"
    ]
    assert told == [
        {"channels": ["email"], "frequency": "daily"},
        {"channels": ["sms"]},
        {"paused": True},
        {"paused": False},
    ]
    assert PHONE not in str(lines)


def test_settings_are_each_persons_own(cabinet: Cabinet, head: Actor) -> None:
    subscribed(cabinet, head)
    other = cabinet.member("acc", "500100732260")
    assert shown(cabinet, other).state == "unset"
    happen(cabinet, "Платёж")
    assert states(cabinet, head) == {"Платёж": "delivered"}
    assert states(cabinet, other) == {}


def test_a_stranger_has_no_settings_here(cabinet: Cabinet) -> None:
    stranger = Actor(account="account of nobody")
    found = [
        shown(cabinet, stranger),
        unconfirmed(cabinet, stranger),
        cabinet.stand.read("notifications", stranger, organization=cabinet.id),
        cabinet.stand.read("terms", stranger, organization=cabinet.id),
    ]
    assert [each.refusal for each in found] == ["absent"] * 4
    assert journal(cabinet.stand, cabinet.id) == [
        ("notification_settings", "another's"),
        ("change_notifications", "another's"),
        ("notifications", "another's"),
        ("terms", "another's"),
    ]


def test_another_message_of_the_code_comes_after_a_minute() -> None:
    cabinet = Cabinet(portal_with())
    head = cabinet.member("head")
    stand: Stand = cabinet.stand
    asked = [stand.act("request_notification_code", head, organization=cabinet.id)]
    stand.after(seconds=59)
    asked.append(stand.act("request_notification_code", head, organization=cabinet.id))
    stand.after(seconds=1)
    asked.append(stand.act("request_notification_code", head, organization=cabinet.id))
    assert [(each.state, broken(each)) for each in asked] == [
        ("code_sent", []),
        ("refused", ["AUTH-06 channel"]),
        ("code_sent", []),
    ]
